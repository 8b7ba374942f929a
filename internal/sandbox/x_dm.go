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
	data := []object{}
	size := c.number("max_results", 100, 1, 100)
	for _, p := range slices.Backward(s.world.order) {
		if p.Platform != X || p.Kind != kindDirect || p.Account != c.account.ID || p.Deleted || len(data) == size {
			continue
		}
		e := object{"id": p.ID, "event_type": "MessageCreate", "text": p.Text}
		for _, f := range c.asked("dm_event.fields") {
			switch f {
			case "created_at":
				e[f] = xTime(p.At)
			case "sender_id":
				e[f] = p.AuthorID
			case "dm_conversation_id":
				e[f] = p.Thread
			}
		}
		data = append(data, e)
	}
	out := object{"meta": object{"result_count": len(data)}}
	if len(data) > 0 {
		out["data"] = data
	}
	return jsonAnswer(http.StatusOK, out)
}

// xDMSend: POST /2/dm_conversations/with/:id/messages.
func (s *Sandbox) xDMSend(c *call) answer {
	to := c.r.PathValue("id")
	if s.world.people[at(X, to)] == nil {
		return xForbidden("You cannot send messages to this user.")
	}
	if strings.TrimSpace(c.str("text")) == "" {
		return xInvalid("text", "", "text must not be empty")
	}
	p := &Post{
		Platform: X, Kind: kindDirect, Account: c.account.ID, AuthorID: c.account.ID, Author: c.account.Handle, Ours: true,
		Text: c.str("text"), Thread: xConversation(c.account.ID, to),
	}
	if err := s.publish(p, c.now); err != nil {
		return xBroken()
	}
	return jsonAnswer(http.StatusCreated, object{"data": object{"dm_conversation_id": p.Thread, "dm_event_id": p.ID}})
}
