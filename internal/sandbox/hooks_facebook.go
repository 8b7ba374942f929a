package sandbox

import (
	"encoding/json"
	"time"
)

// facebookPush is a Page webhook's body: object page, one entry, one change.
// nil where Meta would not push.
func (s *Sandbox) facebookPush(p *Post, verb string, now time.Time) []byte {
	entry := object{"id": p.Account, "time": now.Unix()}
	switch {
	case p.Kind == kindDirect:
		if verb != "add" && verb != "remove" {
			return nil
		}
		from, to := p.AuthorID, p.Account
		message := object{"mid": p.ID, "text": p.Text}
		if p.Ours {
			to = p.Thread[len("t_"):]
			message["is_echo"] = true
		}
		if verb == "remove" {
			message = object{"mid": p.ID, "is_deleted": true}
		}
		entry["messaging"] = []object{{"sender": object{"id": from}, "recipient": object{"id": to}, "timestamp": p.At.UnixMilli(), "message": message}}
	case p.Kind == kindMention:
		entry["changes"] = []object{{"field": "mention", "value": s.facebookChange(p, verb)}}
	default:
		entry["changes"] = []object{{"field": "feed", "value": s.facebookChange(p, verb)}}
	}
	b, err := json.Marshal(object{"object": "page", "entry": []object{entry}})
	if err != nil {
		return nil
	}
	return escapeUnicode(b)
}

func (s *Sandbox) facebookChange(p *Post, verb string) object {
	value := object{"from": object{"id": p.AuthorID, "name": s.displayOf(Facebook, p.AuthorID)}, "verb": verb, "created_time": p.At.Unix()}
	if verb != "remove" {
		value["message"] = p.Text
	}
	if verb == "hide" || verb == "unhide" {
		value["is_hidden"] = p.Hidden
	}
	if p.Kind != kindComment {
		value["item"], value["post_id"], value["published"] = "status", p.ID, 1
		if len(p.Media) > 0 {
			value["item"] = "photo"
		}
		if p.Kind == kindMention {
			value["item"] = "post"
		}
		return value
	}
	value["item"], value["comment_id"], value["post_id"], value["parent_id"] = "comment", p.ID, p.Thread, p.InReplyTo
	if root := s.world.post(Facebook, p.Thread); root != nil {
		value["post"] = object{
			"id": root.ID, "status_type": "mobile_status_update", "is_published": !root.Draft, "permalink_url": graphPermalink(root),
			"promotion_status": "inactive", "updated_time": root.At.UTC().Format("2006-01-02T15:04:05-0700"),
		}
	}
	return value
}
