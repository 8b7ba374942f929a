package sandbox

import (
	"encoding/hex"
	"encoding/json"
	"strconv"
	"time"
)

// activityPush is an X Activity API body: {data:{event_uuid, filter,
// event_type, tag, payload, includes}}. A post is told to every account of
// ours that it concerns; the sandbox has one subscription per account and
// sends the first that fits.
func (s *Sandbox) activityPush(h Hook, p *Post, verb string) []byte {
	kind, user := s.activityKind(p, verb)
	if kind == "" || !xWants(h, user, kind) {
		return nil
	}
	data := object{
		"event_uuid": eventID(p, verb), "filter": object{"user_id": user}, "event_type": kind, "tag": "kentongan " + s.world.handle(X, user),
	}
	if verb == "remove" {
		data["payload"] = object{"id": p.ID, "author_id": p.AuthorID}
	} else if p.Kind == kindDirect {
		data["payload"] = object{
			"id": p.ID, "event_type": "MessageCreate", "text": xEscape(p.Text), "sender_id": p.AuthorID, "created_at": xTime(p.At), "dm_conversation_id": p.Thread,
			"participant_ids": []string{p.AuthorID, p.Account},
		}
	} else {
		data["payload"] = s.activityPayload(p)
	}
	data["includes"] = object{"users": []object{{"id": p.AuthorID, "name": s.displayOf(X, p.AuthorID), "username": p.Author}}}
	b, err := json.Marshal(object{"data": data})
	if err != nil {
		return nil
	}
	return b
}

// activityKind is the event type and whose subscription it meets. Mentions
// fire for names written out only, replies for direct ones only.
func (s *Sandbox) activityKind(p *Post, verb string) (kind, user string) {
	switch {
	case verb == "remove" && p.Kind != kindDirect:
		return "post.delete", p.Account
	case verb != "add":
		return "", ""
	case p.Kind == kindDirect && !p.Ours:
		return "dm.received", p.Account
	case p.Kind == kindDirect:
		return "dm.sent", p.Account
	}
	if parent := s.world.post(X, p.InReplyTo); parent != nil && parent.Ours && !p.Ours {
		return "post.reply.create", parent.AuthorID
	}
	if a := s.world.account(X, p.Account); a != nil && !p.Ours && names(p.Text, a.Handle) {
		return "post.mention.create", a.ID
	}
	if p.Ours {
		return "post.create", p.AuthorID
	}
	return "", ""
}

func (s *Sandbox) activityPayload(p *Post) object {
	text, _ := s.xText(p)
	out := object{
		"id": p.ID, "text": text, "author_id": p.AuthorID, "conversation_id": p.Thread, "created_at": xTime(p.At),
		"edit_history_tweet_ids": []string{p.ID}, "lang": "in",
	}
	if parent := s.world.post(X, p.InReplyTo); parent != nil {
		out["in_reply_to_user_id"] = parent.AuthorID
		out["referenced_tweets"] = []object{{"type": "replied_to", "id": parent.ID}}
	}
	if e := s.xEntities(p); e != nil {
		out["entities"] = e
	}
	return out
}

// eventID is the same for the same event: a repeated delivery is known by it.
func eventID(p *Post, verb string) string {
	h := hex.EncodeToString(sign(p.ID, []byte(verb)))
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-8" + h[17:20] + "-" + h[20:32]
}

// accountPush is an Account Activity body, which is v1.1-shaped.
func (s *Sandbox) accountPush(p *Post, verb string, now time.Time) []byte {
	out := object{"for_user_id": p.Account}
	if parent := s.world.post(X, p.InReplyTo); parent != nil && parent.Ours {
		out["for_user_id"] = parent.AuthorID
	}
	c := &call{query: map[string][]string{}, now: now}
	switch {
	case verb == "remove" && p.Kind != kindDirect:
		out["tweet_delete_events"] = []object{{"status": object{"id": p.ID, "user_id": p.AuthorID}, "timestamp_ms": strconv.FormatInt(now.UnixMilli(), 10)}}
	case verb != "add":
		return nil
	case p.Kind == kindDirect:
		target := p.Account
		if p.Ours {
			target = otherEnd(p)
		}
		out["direct_message_events"] = []object{{
			"type": "message_create", "id": p.ID, "created_timestamp": strconv.FormatInt(p.At.UnixMilli(), 10),
			"message_create": object{"target": object{"recipient_id": target}, "sender_id": p.AuthorID, "message_data": object{"text": xEscape(p.Text), "entities": object{}}},
		}}
		out["users"] = object{p.AuthorID: object{"id": p.AuthorID, "name": s.displayOf(X, p.AuthorID), "screen_name": p.Author}}
	default:
		tweet := s.x1Tweet(c, p)
		tweet["timestamp_ms"] = strconv.FormatInt(p.At.UnixMilli(), 10)
		out["tweet_create_events"] = []object{tweet}
		out["user_has_blocked"] = false
	}
	b, err := json.Marshal(out)
	if err != nil {
		return nil
	}
	return b
}

// otherEnd is the other person of a two-person conversation.
func otherEnd(p *Post) string {
	rest := p.Thread
	if len(rest) > len(p.AuthorID) && rest[:len(p.AuthorID)] == p.AuthorID {
		return rest[len(p.AuthorID)+1:]
	}
	return rest[:max(len(rest)-len(p.AuthorID)-1, 0)]
}
