package whatsapp

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"kentongan/internal/fault"
	"kentongan/internal/platform"
	"kentongan/internal/platform/graph"
	"kentongan/internal/platform/wire"
)

// Challenge implements platform.Listener.
func (c *Connector) Challenge(app platform.App, query map[string][]string) (string, bool) {
	return graph.Challenge(app, query)
}

// Signed implements platform.Listener.
func (c *Connector) Signed(app platform.App, header map[string][]string, body []byte) error {
	return graph.Signed(app, header, body)
}

type push struct {
	Object string `json:"object"`
	Entry  []struct {
		Changes []struct {
			Field string `json:"field"`
			Value value  `json:"value"`
		} `json:"changes"`
	} `json:"entry"`
}

type value struct {
	Metadata struct {
		Phone string `json:"phone_number_id"`
	} `json:"metadata"`
	Contacts []contact         `json:"contacts"`
	Messages []json.RawMessage `json:"messages"`
	Statuses []status          `json:"statuses"`
}

type contact struct {
	Number  string `json:"wa_id"`
	UserID  string `json:"user_id"`
	Profile struct {
		Name     string `json:"name"`
		Username string `json:"username"`
	} `json:"profile"`
}

// file is any kind of file in a message.
type file struct {
	Caption string `json:"caption"`
}

type words struct {
	Text  string `json:"text"`
	Title string `json:"title"`
	Body  string `json:"body"`
	Name  string `json:"name"`
}

// message is what a citizen sent. Kinds that are not known are kept, too.
type message struct {
	From       string `json:"from"`
	FromUserID string `json:"from_user_id"`
	ID         string `json:"id"`
	Timestamp  string `json:"timestamp"`
	Type       string `json:"type"`
	Text       words  `json:"text"`
	Button     words  `json:"button"`
	Image      *file  `json:"image"`
	Video      *file  `json:"video"`
	Audio      *file  `json:"audio"`
	Document   *file  `json:"document"`
	Sticker    *file  `json:"sticker"`
	Location   *words `json:"location"`
	Reaction   struct {
		Message string `json:"message_id"`
		Emoji   string `json:"emoji"`
	} `json:"reaction"`
	Interactive struct {
		Button words `json:"button_reply"`
		List   words `json:"list_reply"`
		Form   words `json:"nfm_reply"`
	} `json:"interactive"`
	Context struct {
		ID string `json:"id"`
	} `json:"context"`
}

// status is what became of a message of ours.
type status struct {
	ID        string `json:"id"`
	Status    string `json:"status"`
	Timestamp string `json:"timestamp"`
	Opaque    string `json:"biz_opaque_callback_data"`
	Errors    []struct {
		Code int `json:"code"`
	} `json:"errors"`
}

// Parse implements platform.Listener: what citizens wrote, and what became of
// our answers, by the number's id.
func (c *Connector) Parse(body []byte) (map[string][]platform.Item, error) {
	var p push
	if err := wire.Whole(body, &p); err != nil {
		return nil, fault.Wrap(fault.Invalid, "platform.body_unreadable", err)
	}
	all := map[string][]platform.Item{}
	if p.Object != "whatsapp_business_account" {
		return all, nil
	}
	for _, e := range p.Entry {
		for _, ch := range e.Changes {
			us := ch.Value.Metadata.Phone
			if ch.Field != "messages" || us == "" {
				continue // templates, numbers, accounts: nobody wrote anything
			}
			for n, raw := range ch.Value.Messages {
				if i, ok := heard(raw, ch.Value.Contacts, n); ok {
					all[us] = append(all[us], i)
				}
			}
			for _, s := range ch.Value.Statuses {
				if i, ok := s.item(); ok {
					all[us] = append(all[us], i)
				}
			}
		}
	}
	return all, nil
}

// heard reads one message; a kind whose shape we do not know is kept as a file
// of some sort, so that nothing a citizen sends is lost.
func heard(raw json.RawMessage, contacts []contact, n int) (i platform.Item, ok bool) {
	var m message
	if json.Unmarshal(raw, &m) != nil {
		var bare struct {
			From      string `json:"from"`
			FromUser  string `json:"from_user_id"`
			ID        string `json:"id"`
			Timestamp string `json:"timestamp"`
		}
		if json.Unmarshal(raw, &bare) != nil {
			return i, false
		}
		m = message{From: bare.From, FromUserID: bare.FromUser, ID: bare.ID, Timestamp: bare.Timestamp, Type: "unknown"}
	}
	who, name := m.author(contacts, n)
	if m.ID == "" || who == "" || m.Type == "system" || m.Type == "reaction" && m.Reaction.Emoji == "" {
		return i, false
	}
	i = platform.Item{
		Kind: platform.Direct, RemoteID: m.ID, Thread: who, AuthorID: who, Author: name, InReplyTo: m.Context.ID, At: moment(m.Timestamp), Seq: m.ID,
	}
	i.Text, i.Files = m.content()
	if m.Type == "reaction" {
		i.InReplyTo = m.Reaction.Message
	}
	return i, true
}

// author is the person's id, the business-scoped one where there is one: a
// number may be missing, and may change hands. One contact belongs to each
// message; where there are fewer, the one who is named the same.
func (m message) author(contacts []contact, n int) (id, name string) {
	var of contact
	for _, c := range contacts {
		if c.Number != "" && c.Number == m.From || c.UserID != "" && c.UserID == m.FromUserID {
			of = c
		}
	}
	if of == (contact{}) && len(contacts) > 0 && m.From == "" && m.FromUserID == "" {
		of = contacts[min(n, len(contacts)-1)]
	}
	name = of.Profile.Name
	if name == "" {
		name = of.Profile.Username
	}
	for _, id := range []string{m.FromUserID, of.UserID, m.From, of.Number} {
		if id != "" {
			return id, name
		}
	}
	return "", name
}

// content is what a message says and what came along.
func (m message) content() (text string, files []string) {
	first := func(all ...string) string {
		for _, s := range all {
			if s != "" {
				return s
			}
		}
		return ""
	}
	switch m.Type {
	case "text":
		return m.Text.Body, nil
	case "button":
		return m.Button.Text, nil
	case "interactive":
		in := m.Interactive
		return first(in.Button.Title, in.List.Title, in.Form.Body, in.Form.Name), nil
	case "reaction":
		return m.Reaction.Emoji, nil
	}
	for _, f := range []struct {
		of   *file
		kind string
	}{{m.Image, "image"}, {m.Video, "video"}, {m.Audio, "audio"}, {m.Document, "file"}, {m.Sticker, "sticker"}} {
		if f.of != nil {
			return f.of.Caption, []string{f.kind}
		}
	}
	if m.Location != nil {
		return m.Location.Name, []string{"location"}
	}
	return first(m.Text.Body, m.Button.Text), []string{"file"} // contacts, orders, and what is not known yet
}

// moment reads Unix seconds, which come as text.
func moment(stamp string) time.Time {
	s, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || s <= 0 || s > 1<<40 {
		return time.Time{}
	}
	return time.Unix(s, 0).UTC()
}

// item is a status as an item. They come doubled and out of order: each is an
// event of its own.
func (s status) item() (platform.Item, bool) {
	i := platform.Item{Kind: platform.Status, RemoteID: s.ID, At: moment(s.Timestamp), Seq: s.ID + ":" + s.Status}
	if key, ok := strings.CutPrefix(s.Opaque, opaque); ok {
		i.Key = key
	}
	switch s.Status {
	case "sent", "delivered", "read", "played":
	case "failed":
		i.Failed = "platform.undeliverable"
		for _, e := range s.Errors {
			if no, _ := verdict(e.Code, "", time.Time{}); no != nil {
				i.Failed = no.Code
			}
		}
	default:
		return i, false
	}
	return i, s.ID != ""
}
