package sandbox

import (
	"encoding/json"
	"time"
)

// instagramPush is a webhook's body: object instagram. Comments and mentions
// are told when they are made, messages also when they are taken back; of our
// own posts and of deleted comments Instagram tells nothing.
func (s *Sandbox) instagramPush(p *Post, verb string, now time.Time) []byte {
	entry := object{"id": p.Account, "time": now.Unix()}
	switch {
	case p.Kind == kindDirect && (verb == "add" || verb == "remove"):
		message := object{"mid": p.ID}
		from, to := p.AuthorID, p.Account
		if verb == "remove" {
			message["is_deleted"] = true
		} else {
			message["text"] = p.Text
		}
		if p.Ours {
			to = p.Thread[len("t_"):]
			message["is_echo"] = true
		}
		entry["time"] = now.UnixMilli()
		entry["messaging"] = []object{{"sender": object{"id": from}, "recipient": object{"id": to}, "timestamp": p.At.UnixMilli(), "message": message}}
	case verb != "add" || p.Ours && p.Kind != kindComment || p.Kind == kindDirect:
		return nil
	default:
		field := "comments"
		value := object{"id": p.ID, "text": p.Text, "from": object{"id": p.AuthorID, "username": p.Author}, "media": object{"id": p.Thread, "media_product_type": "FEED"}}
		if top := s.instagramTop(p); top != nil && top != p && p.Kind == kindComment {
			value["parent_id"] = top.ID
		}
		if p.Kind == kindMention {
			field = "mentions"
		}
		entry["changes"] = []object{{"field": field, "value": value}}
	}
	b, err := json.Marshal(object{"object": "instagram", "entry": []object{entry}})
	if err != nil {
		return nil
	}
	return escapeUnicode(b)
}
