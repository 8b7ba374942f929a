package sandbox

import (
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Windows of private messages.
// https://developers.facebook.com/docs/messenger-platform/policy/policy-overview
const (
	messageWindow = 24 * time.Hour
	privateWindow = 7 * 24 * time.Hour
	maxMessage    = 2000 // characters on Messenger
	maxMessageIG  = 1000 // bytes on Instagram
)

// graphConversations: the account's private inbox, newest first.
func (s *Sandbox) graphConversations(c *call, id string) answer {
	byThread := map[string][]*Post{}
	var threads []string
	for _, p := range slices.Backward(s.world.order) {
		if p.Platform != c.account.Platform || p.Kind != kindDirect || p.Account != id || p.Deleted {
			continue
		}
		if c.has("user_id") && p.Thread != "t_"+c.str("user_id") {
			continue
		}
		if byThread[p.Thread] == nil {
			threads = append(threads, p.Thread)
		}
		byThread[p.Thread] = append(byThread[p.Thread], p)
	}
	limit, start := c.number("limit", 25, 1, 100), 0
	if i := slices.Index(threads, c.str("after")); i >= 0 {
		start = i + 1
	}
	end := min(start+limit, len(threads))
	data := []object{}
	for _, t := range threads[start:end] {
		data = append(data, s.graphThread(c, t, id, byThread[t]))
	}
	out := object{"data": data}
	if len(data) > 0 {
		paging := object{"cursors": object{"before": threads[start], "after": threads[end-1]}}
		if end < len(threads) {
			paging["next"] = c.pageLink("after", threads[end-1])
		}
		out["paging"] = paging
	}
	return jsonAnswer(http.StatusOK, out)
}

// graphThread is one conversation with the selected fields; all is newest first.
func (s *Sandbox) graphThread(c *call, thread, us string, all []*Post) object {
	out := object{"id": thread}
	who := strings.TrimPrefix(thread, "t_")
	people := object{"data": []object{s.graphPerson(c, who), s.graphPerson(c, us)}}
	for _, f := range c.fieldsOr("id,updated_time") {
		switch f.name {
		case "updated_time":
			out["updated_time"] = graphTime(c, all[0].At)
		case "snippet":
			out["snippet"] = all[0].Text
		case "participants", "senders":
			out[f.name] = people
		case "unread_count":
			out["unread_count"] = 0
		case "message_count":
			out["message_count"] = len(all)
		case "can_reply":
			out["can_reply"] = s.mayWrite(c, who)
		case "messages":
			out["messages"] = s.graphMessages(c, f, all)
		}
	}
	return out
}

func (s *Sandbox) graphPerson(c *call, id string) object {
	if c.account.Platform == Instagram {
		return object{"id": id, "username": s.world.handle(Instagram, id)}
	}
	return object{"id": id, "name": s.displayOf(Facebook, id)}
}

func (s *Sandbox) graphMessages(c *call, f field, all []*Post) object {
	fields := f.children
	if len(fields) == 0 {
		fields = parseFields("id,created_time")
	}
	list := []object{}
	limit := 25
	if n := graphNumber(f.mods["limit"]); n > 0 {
		limit = n
	}
	for _, p := range all[:min(limit, len(all))] {
		list = append(list, s.graphOneMessage(c, p, fields))
	}
	out := object{"data": list}
	if len(all) > limit {
		last := cursor(all[limit-1])
		out["paging"] = object{"cursors": object{"after": last}, "next": c.base + habitOf(c.account.Platform).mount + "/v25.0/" + all[0].Thread + "/messages?after=" + last}
	}
	return out
}

func (s *Sandbox) graphOneMessage(c *call, p *Post, fields []field) object {
	o := object{"id": p.ID}
	for _, x := range fields {
		switch x.name {
		case "created_time":
			o["created_time"] = graphTime(c, p.At)
		case "message":
			o["message"] = p.Text
		case "from":
			o["from"] = s.graphPerson(c, p.AuthorID)
		case "to":
			to := p.Account
			if p.Ours {
				to = strings.TrimPrefix(p.Thread, "t_")
			}
			o["to"] = object{"data": []object{s.graphPerson(c, to)}}
		}
	}
	return o
}

// graphThreadMessages: GET /{conversation}/messages, newest first.
func (s *Sandbox) graphThreadMessages(c *call, id string) answer {
	var all []*Post
	for _, p := range s.world.order {
		if p.Platform == c.account.Platform && p.Kind == kindDirect && p.Account == c.account.ID && p.Thread == id && !p.Deleted {
			all = append(all, p)
		}
	}
	if len(all) == 0 {
		return graphMissing("get", id)
	}
	return s.metaList(c, all, true, "id,created_time", s.graphOneMessage)
}

func graphNumber(text string) int {
	n := 0
	for _, r := range text {
		if r < '0' || r > '9' || n > 1e6 {
			return 0
		}
		n = n*10 + int(r-'0')
	}
	return n
}

// mayWrite: a person who wrote within a day can be written to.
func (s *Sandbox) mayWrite(c *call, who string) bool {
	for _, p := range slices.Backward(s.world.byAuthor[at(c.account.Platform, who)]) {
		if p.Kind == kindDirect && p.Account == c.account.ID && c.now.Sub(p.At) <= messageWindow {
			return true
		}
	}
	return false
}

// graphMessage: POST /{page or ig}/messages answers a person who wrote, or, once
// and within seven days, somebody who commented.
func (s *Sandbox) graphMessage(c *call, id string) answer {
	if no := metaOwn(c, id); no != nil {
		return *no
	}
	to := asObject(c, "recipient")
	text := asText(asObject(c, "message")["text"])
	p := &Post{Platform: c.account.Platform, Kind: kindDirect, Account: c.account.ID, AuthorID: c.account.ID, Author: c.account.Handle, Ours: true, Text: text}
	who, no := asText(to["id"]), (*answer)(nil)
	if comment := asText(to["comment_id"]); comment != "" {
		p.Private = comment
		who, no = s.privately(c, comment)
	} else {
		no = s.writable(c, who)
	}
	if no != nil {
		return *no
	}
	switch {
	case strings.TrimSpace(text) == "":
		return graphError(http.StatusBadRequest, 100, 2018006, "OAuthException", "(#100) Empty text")
	case c.account.Platform == Instagram && len(text) > maxMessageIG, utf8.RuneCountInString(text) > maxMessage:
		return graphError(http.StatusBadRequest, 100, 2018109, "OAuthException", "(#100) Length of param message[text] must be less than or equal to 2000")
	}
	p.Thread = "t_" + who
	if err := s.publish(p, c.now); err != nil {
		return graphBroken()
	}
	return jsonAnswer(http.StatusOK, object{"recipient_id": who, "message_id": p.ID})
}

// writable refuses a person who is unknown, blocked, or silent for a day.
func (s *Sandbox) writable(c *call, who string) *answer {
	var no answer
	switch {
	case s.world.people[at(c.account.Platform, who)] == nil:
		no = graphError(http.StatusBadRequest, 100, 2018001, "OAuthException", "(#100) No matching user found")
	case s.world.isBlocked(c.account.Platform, c.account.ID, who):
		no = graphError(http.StatusBadRequest, 551, 1545041, "OAuthException", "(#551) This person isn't available right now.")
	case !s.mayWrite(c, who) && c.account.Platform == Instagram:
		no = graphError(http.StatusForbidden, 10, 2534022, "OAuthException", "(#10) This message is sent outside of allowed window.")
	case !s.mayWrite(c, who):
		no = graphError(http.StatusForbidden, 10, 2018278, "OAuthException", "(#10) This message is sent outside of allowed window.")
	default:
		return nil
	}
	return &no
}

// privately is who gets a private reply to a comment.
func (s *Sandbox) privately(c *call, id string) (string, *answer) {
	comment := s.world.visible(c.account.Platform, id)
	var no answer
	switch {
	case comment == nil || comment.Kind != kindComment || comment.Ours || comment.Account != c.account.ID:
		no = graphMissing("post", id)
		return "", &no
	case c.now.Sub(comment.At) > privateWindow:
		no = graphError(http.StatusBadRequest, 10903, 0, "OAuthException", "(#10903) This user cant reply to this activity")
		return "", &no
	}
	for _, p := range s.world.byAuthor[at(c.account.Platform, c.account.ID)] {
		if p.Private == id {
			no = graphError(http.StatusBadRequest, 10900, 0, "OAuthException", "(#10900) Activity already replied to")
			return "", &no
		}
	}
	return comment.AuthorID, nil
}

// graphBlock: POST and DELETE /{page}/blocked.
func (s *Sandbox) graphBlock(c *call, id string, blocked bool) answer {
	if no := s.graphOwnPage(c, id); no != nil {
		return *no
	}
	out := object{}
	for _, name := range []string{"psid", "user", "uid", "asid"} {
		for _, who := range c.texts(name) {
			if s.world.people[at(Facebook, who)] == nil {
				return graphBad("No matching user found")
			}
			if err := s.block(Facebook, c.account.ID, who, blocked); err != nil {
				return graphBroken()
			}
			out[who] = true
		}
	}
	switch {
	case len(out) == 0:
		return graphBad("The parameter user is required")
	case !blocked:
		return graphSuccess()
	}
	return jsonAnswer(http.StatusOK, out)
}

// graphSubscribe: POST /{page}/subscribed_apps.
func (s *Sandbox) graphSubscribe(c *call, id string) answer {
	if no := s.graphOwnPage(c, id); no != nil {
		return *no
	}
	return metaSubscribed(c, "feed", "mention", "messages", "message_echoes", "message_edits", "message_reads", "messaging_postbacks", "conversations", "name", "picture", "videos", "ratings")
}
