package sandbox

import (
	"net/http"
	"slices"
	"strings"
)

// xConversation is the id of a two-person conversation: the smaller id first.
func xConversation(a, b string) string {
	if compareIDs(a, b) > 0 {
		a, b = b, a
	}
	return a + "-" + b
}

// xDMEvents: GET /2/dm_events, newest first.
func (s *Sandbox) xDMEvents(c *call) answer {
	return s.xDMPage(c, func(*Post) bool { return true })
}

// xDMWith: GET /2/dm_conversations/with/:id/dm_events.
func (s *Sandbox) xDMWith(c *call) answer {
	with := xConversation(c.account.ID, c.r.PathValue("id"))
	return s.xDMPage(c, func(p *Post) bool { return p.Thread == with })
}

const xDMToken = "18LAA581J5II7LA00000"

func (s *Sandbox) xDMPage(c *call, keep func(*Post) bool) answer {
	size, until := c.number("max_results", 100, 1, 100), ""
	if t := c.str("pagination_token"); t != "" {
		id, ok := strings.CutPrefix(t, xDMToken)
		if !ok {
			return xInvalid("pagination_token", t, "The `pagination_token` query parameter value is not valid")
		}
		until = id
	}
	data, next := []object{}, ""
	var page []*Post
	for _, p := range slices.Backward(s.world.order) {
		if p.Platform != X || p.Kind != kindDirect || p.Account != c.account.ID || p.Deleted || !keep(p) || until != "" && compareIDs(p.ID, until) >= 0 {
			continue
		}
		if len(page) == size {
			next = xDMToken + page[size-1].ID
			break
		}
		page = append(page, p)
		data = append(data, xDMEvent(c, p))
	}
	meta := object{"result_count": len(data)}
	if next != "" {
		meta["next_token"] = next
	}
	out := object{"meta": meta}
	if len(data) > 0 {
		out["data"] = data
		if inc := s.xDMIncludes(c, page); len(inc) > 0 {
			out["includes"] = inc
		}
	}
	return jsonAnswer(http.StatusOK, out)
}

func xDMEvent(c *call, p *Post) object {
	e := object{"id": p.ID, "event_type": "MessageCreate", "text": xEscape(p.Text)}
	// What is expanded is also told.
	for _, f := range append(c.asked("dm_event.fields"), c.asked("expansions")...) {
		switch f {
		case "created_at":
			e[f] = xTime(p.At)
		case "sender_id":
			e[f] = p.AuthorID
		case "dm_conversation_id":
			e[f] = p.Thread
		case "attachments", "attachments.media_keys":
			var keys []string
			for i := range p.Media {
				keys = append(keys, mediaKey(&p.Media[i]))
			}
			if keys != nil {
				e["attachments"] = object{"media_keys": keys}
			}
		}
	}
	return e
}

func (s *Sandbox) xDMIncludes(c *call, page []*Post) object {
	out := object{}
	var users []string
	for _, p := range page {
		if slices.Contains(c.asked("expansions"), "sender_id") && !slices.Contains(users, p.AuthorID) {
			users = append(users, p.AuthorID)
			list, _ := out["users"].([]object)
			out["users"] = append(list, s.xUser(c, p.AuthorID))
		}
		for i := range p.Media {
			if slices.Contains(c.asked("expansions"), "attachments.media_keys") {
				list, _ := out["media"].([]object)
				out["media"] = append(list, xMediaObject(c, &p.Media[i]))
			}
		}
	}
	return out
}

// xDMSend: POST /2/dm_conversations/with/:id/messages.
func (s *Sandbox) xDMSend(c *call) answer {
	to := c.r.PathValue("id")
	if s.world.people[at(X, to)] == nil {
		return xForbidden("You cannot send messages to this user.")
	}
	p := &Post{
		Platform: X, Kind: kindDirect, Account: c.account.ID, AuthorID: c.account.ID, Author: c.account.Handle, Ours: true,
		Text: c.str("text"), Thread: xConversation(c.account.ID, to),
	}
	for _, v := range asList(c.json["attachments"]) {
		one, _ := v.(map[string]any)
		m := s.world.media[at(X, asText(one["media_id"]))]
		if m == nil || m.Account != c.account.ID || !m.Ready {
			return xInvalid("attachments", asText(one["media_id"]), "Your media IDs are invalid.")
		}
		p.Media = append(p.Media, *m)
	}
	switch {
	case strings.TrimSpace(p.Text) == "" && len(p.Media) == 0:
		return xInvalid("text", "", "text must not be empty")
	case len(p.Media) > 1:
		return xInvalid("attachments", "", "attachments must have at most 1 item")
	case len([]rune(p.Text)) > 10000:
		return xForbidden("The text of your direct message is over the max character limit.")
	}
	if err := s.publish(p, c.now); err != nil {
		return xBroken()
	}
	return jsonAnswer(http.StatusCreated, object{"data": object{"dm_conversation_id": p.Thread, "dm_event_id": p.ID}})
}
