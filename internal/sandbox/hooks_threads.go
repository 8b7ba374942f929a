package sandbox

import (
	"encoding/json"
	"time"
)

// threadsPush is a webhook's body: one topic, one field.
// https://developers.facebook.com/docs/threads/webhooks
func (s *Sandbox) threadsPush(p *Post, verb string, now time.Time) []byte {
	topic, field := "moderate", "replies"
	c := &call{account: s.world.account(Threads, p.Account), now: now}
	value := s.threadsPost(c, p, parseFields("username,text,media_type,permalink,shortcode,timestamp,replied_to"))
	if root := s.world.post(Threads, p.Thread); root != nil && p.Kind == kindComment {
		value["root_post"] = object{"id": root.ID, "owner_id": root.AuthorID, "username": root.Author}
	}
	switch {
	case verb == "remove" && p.Ours:
		topic, field = "interaction", "delete"
		value = object{"id": p.ID, "owner": object{"owner_id": p.AuthorID}, "deleted_at": graphTime(c, now), "timestamp": graphTime(c, p.At), "username": p.Author}
	case verb != "add":
		return nil
	case p.Ours && p.Kind == kindPost:
		topic, field = "interaction", "publish"
	case p.Kind == kindMention:
		topic, field = "interaction", "mentions"
	case p.Kind != kindComment:
		return nil
	}
	b, err := json.Marshal(object{
		"app_id": s.app(Threads).ClientID, "topic": topic, "target_id": p.Account, "time": now.Unix(), "subscription_id": "1", "has_uid_field": false,
		"values": object{"value": value, "field": field},
	})
	if err != nil {
		return nil
	}
	return escapeUnicode(b)
}
