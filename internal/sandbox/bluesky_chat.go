package sandbox

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rivo/uniseg"
)

// skyConversation is the id of the conversation of two.
func skyConversation(a, b string) string { return skyDigest(a, b) }

// skyChat serves what the chat service does, behind the PDS: the request must
// say whom it is for, and the app password must be allowed to.
func skyChat(run func(*Sandbox, *call) answer) func(*Sandbox, *call) answer {
	return func(s *Sandbox, c *call) answer {
		if len(c.token.Scopes) > 0 && c.token.Scopes[0] == skyScopeLimited {
			return skyError(http.StatusBadRequest, "InvalidToken", "Bad token method")
		}
		if c.r.Header.Get("atproto-proxy") != skyChatHeader {
			// The AppView, where everything else goes, does not have it.
			return skyError(http.StatusNotFound, "XRPCNotSupported", "XRPCNotSupported")
		}
		return run(s, c)
	}
}

// skyMessageJSON is chat.bsky.convo.defs#messageView, or what is left of one.
func skyMessageJSON(p *Post) object {
	out := object{"$type": "chat.bsky.convo.defs#messageView", "id": p.ID, "rev": p.ID, "text": p.Text, "sender": object{"did": p.AuthorID}, "sentAt": skyTime(p.At)}
	if p.Deleted {
		delete(out, "text")
		out["$type"] = "chat.bsky.convo.defs#deletedMessageView"
		return out
	}
	if to := p.Face["replyTo"]; to != "" {
		out["replyTo"] = object{"$type": "chat.bsky.convo.defs#messageView", "id": to, "rev": to, "text": p.Face["replyText"], "sender": object{"did": p.Face["replyDid"]}, "sentAt": skyTime(p.At)}
	}
	return out
}

// skyMember is chat.bsky.actor.defs#profileViewBasic.
func (s *Sandbox) skyMember(c *call, id string) object {
	out := s.skyAuthor(c, id)
	out["chatDisabled"] = false
	return out
}

// skyTalks are the account's messages by conversation, in the order of arrival.
func (s *Sandbox) skyTalks(a *Account) (ids []string, talks map[string][]*Post) {
	talks = map[string][]*Post{}
	for _, p := range s.world.order {
		if p.Platform != Bluesky || p.Kind != kindDirect || p.Account != a.ID {
			continue
		}
		if talks[p.Thread] == nil {
			ids = append(ids, p.Thread)
		}
		talks[p.Thread] = append(talks[p.Thread], p)
	}
	return ids, talks
}

func (s *Sandbox) skyConvoJSON(c *call, id string, talk []*Post) object {
	other := ""
	unread := 0
	for _, p := range talk {
		if !p.Ours {
			other = p.AuthorID
			unread++
		} else {
			unread = 0
			if p.Face["to"] != "" {
				other = p.Face["to"]
			}
		}
	}
	out := object{
		"id": id, "members": []object{s.skyMember(c, c.account.ID), s.skyMember(c, other)}, "muted": false, "status": "accepted", "unreadCount": unread,
		"kind": object{"$type": "chat.bsky.convo.defs#directConvo"}, "rev": id,
	}
	if len(talk) > 0 {
		last := talk[len(talk)-1]
		out["lastMessage"] = skyMessageJSON(last)
		out["rev"] = s.skyRev(talk)
	}
	return out
}

// skyRev is the newest event of a conversation.
func (s *Sandbox) skyRev(talk []*Post) string {
	rev := ""
	for _, p := range talk {
		rev = max(rev, p.ID, s.skyGone(p))
	}
	return rev
}

// skyRemoved gives a message's deletion its place among the events.
func skyRemoved(w *world, p *Post, now time.Time) {
	if p.Kind == kindDirect {
		p.Face = maps.Clone(p.Face)
		if p.Face == nil {
			p.Face = map[string]string{}
		}
		p.Face["gone"] = w.nextTID(now)
	}
}

// skyGone is the revision of a message's deletion, "" for one that is there.
func (s *Sandbox) skyGone(p *Post) string {
	if !p.Deleted {
		return ""
	}
	return p.Face["gone"]
}

// skyConvos: chat.bsky.convo.listConvos.
func (s *Sandbox) skyConvos(c *call) answer {
	ids, talks := s.skyTalks(c.account)
	slices.SortFunc(ids, func(a, b string) int { return strings.Compare(s.skyRev(talks[b]), s.skyRev(talks[a])) })
	if before := c.str("cursor"); before != "" {
		ids = slices.DeleteFunc(ids, func(id string) bool { return s.skyRev(talks[id]) >= before })
	}
	out := object{}
	convos := []object{}
	limit := c.number("limit", 50, 1, 100)
	for i, id := range ids {
		if i == limit {
			break
		}
		convos = append(convos, s.skyConvoJSON(c, id, talks[id]))
		out["cursor"] = s.skyRev(talks[id])
	}
	out["convos"] = convos
	return jsonAnswer(http.StatusOK, out)
}

// skyConvo: chat.bsky.convo.getConvo.
func (s *Sandbox) skyConvo(c *call) answer {
	_, talks := s.skyTalks(c.account)
	talk, ok := talks[c.str("convoId")]
	if !ok {
		return skyError(http.StatusBadRequest, "InvalidConvo", "Convo not found")
	}
	return jsonAnswer(http.StatusOK, object{"convo": s.skyConvoJSON(c, c.str("convoId"), talk)})
}

// skyConvoFor: chat.bsky.convo.getConvoForMembers.
func (s *Sandbox) skyConvoFor(c *call) answer {
	members := c.query["members"]
	if len(members) == 0 || s.skyWho(members[0]) == nil {
		return skyError(http.StatusBadRequest, "AccountSuspended", "recipient not found")
	}
	id := skyConversation(c.account.ID, members[0])
	_, talks := s.skyTalks(c.account)
	out := s.skyConvoJSON(c, id, talks[id])
	out["members"] = []object{s.skyMember(c, c.account.ID), s.skyMember(c, members[0])}
	return jsonAnswer(http.StatusOK, object{"convo": out})
}

// skyMessages: chat.bsky.convo.getMessages, newest first.
func (s *Sandbox) skyMessages(c *call) answer {
	_, talks := s.skyTalks(c.account)
	talk, ok := talks[c.str("convoId")]
	if !ok {
		return skyError(http.StatusBadRequest, "InvalidConvo", "Convo not found")
	}
	out := object{}
	list := []object{}
	for _, p := range slices.Backward(talk) {
		if before := c.str("cursor"); before != "" && p.ID >= before {
			continue
		}
		if len(list) == c.number("limit", 50, 1, 100) {
			break
		}
		list = append(list, skyMessageJSON(p))
		out["cursor"] = p.ID
	}
	out["messages"] = list
	return jsonAnswer(http.StatusOK, out)
}

// skyLog: chat.bsky.convo.getLog, oldest first after the cursor.
func (s *Sandbox) skyLog(c *call) answer {
	type event struct {
		rev  string
		body object
	}
	var events []event
	add := func(rev, kind string, p *Post) {
		events = append(events, event{rev, object{
			"$type": "chat.bsky.convo.defs#" + kind, "rev": rev, "convoId": p.Thread, "message": skyMessageJSON(p),
		}})
	}
	_, talks := s.skyTalks(c.account)
	for _, talk := range talks {
		for _, p := range talk {
			add(p.ID, "logCreateMessage", p)
			events[len(events)-1].body["relatedProfiles"] = []object{s.skyMember(c, p.AuthorID)}
			if rev := s.skyGone(p); rev != "" {
				add(rev, "logDeleteMessage", p)
			}
		}
	}
	slices.SortFunc(events, func(a, b event) int { return strings.Compare(a.rev, b.rev) })
	logs := []object{}
	cursor := c.str("cursor")
	for _, e := range events {
		if e.rev > c.str("cursor") && len(logs) < 100 {
			logs = append(logs, e.body)
			cursor = e.rev
		}
	}
	out := object{"logs": logs}
	if cursor != "" {
		out["cursor"] = cursor
	}
	return jsonAnswer(http.StatusOK, out)
}

// skySend: chat.bsky.convo.sendMessage. It has no key against doubles.
func (s *Sandbox) skySend(c *call) answer {
	_, talks := s.skyTalks(c.account)
	talk, ok := talks[c.str("convoId")]
	if !ok {
		return skyError(http.StatusBadRequest, "InvalidConvo", "Convo not found")
	}
	message := c.object("message")
	text, ok := message["text"].(string)
	if !ok {
		return skyInvalid("Input/message must have the property \"text\"")
	}
	if n := uniseg.GraphemeClusterCount(text); n > 1000 || len(text) > 10000 {
		return skyInvalid(fmt.Sprintf("Input/message/text must not be longer than 1000 graphemes (got %d)", n))
	}
	p := &Post{Platform: Bluesky, Kind: kindDirect, Account: c.account.ID, AuthorID: c.account.ID, Author: c.account.Handle, Ours: true,
		Text: text, Thread: c.str("convoId"), Face: map[string]string{}}
	for _, q := range talk {
		if !q.Ours {
			p.Face["to"] = q.AuthorID
		}
	}
	if reply, ok := message["replyTo"].(map[string]any); ok {
		i := slices.IndexFunc(talk, func(q *Post) bool { return q.ID == asText(reply["messageId"]) })
		if i < 0 {
			return skyError(http.StatusBadRequest, "ReplyTargetNotFound", "Reply target not found")
		}
		p.InReplyTo = talk[i].ID
		p.Face["replyTo"], p.Face["replyText"], p.Face["replyDid"] = talk[i].ID, talk[i].Text, talk[i].AuthorID
	}
	if err := s.publish(p, c.now); err != nil {
		return skyBroken()
	}
	return jsonAnswer(http.StatusOK, skyMessageJSON(p))
}
