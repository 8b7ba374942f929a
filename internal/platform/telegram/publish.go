package telegram

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"kentongan/internal/platform"
)

// Stage implements platform.Connector. Telegram has no invisible preparation:
// files travel with the message itself.
func (c *Connector) Stage(_ context.Context, a platform.Account, out platform.Outgoing, _ platform.Notes) error {
	_, _, err := c.aim(a, out)
	return err
}

// aim is the chat a thing goes to and the message it answers, after everything
// that would be refused anyway.
func (c *Connector) aim(a platform.Account, out platform.Outgoing) (chat, answers int64, err error) {
	if no := c.Check(a, out); len(no) > 0 {
		return 0, 0, no[0]
	}
	invalid := func(code, said string) error {
		return &platform.Refusal{Code: code, Said: said, Fix: platform.FixNobody}
	}
	if out.Private {
		// A bot may not begin a private conversation.
		return 0, 0, invalid("platform.person_unreachable", "private reply")
	}
	if out.InReplyTo == "" {
		if chat, err = strconv.ParseInt(a.RemoteID, 10, 64); err != nil {
			return 0, 0, &platform.Refusal{Code: "platform.not_a_channel", Said: "no channel id", Fix: platform.FixAdmin}
		}
		return chat, 0, nil
	}
	chat, answers, ok := split(out.InReplyTo)
	if !ok {
		return 0, 0, invalid("platform.parent_gone", "no such message")
	}
	return chat, answers, nil
}

// message is a Message, as far as a receipt needs it.
type message struct {
	ID   int64 `json:"message_id"`
	Date int64 `json:"date"`
	Chat chat  `json:"chat"`
}

// Publish implements platform.Connector.
func (c *Connector) Publish(ctx context.Context, a platform.Account, out platform.Outgoing, _ platform.Notes) (platform.Receipt, error) {
	to, answers, err := c.aim(a, out)
	if err != nil {
		return platform.Receipt{}, err
	}
	var m message
	switch len(out.Media) {
	case 0:
		m, err = c.sendText(ctx, a, out, to, answers)
	case 1:
		m, err = c.sendOne(ctx, a, out, to, answers)
	default:
		m, err = c.sendAlbum(ctx, a, out, to, answers)
	}
	if err != nil {
		return platform.Receipt{}, err
	}
	if m.ID <= 0 {
		// 0 is a film that Telegram has put off: published later, id unknown.
		return platform.Receipt{}, &platform.Unclear{Status: 200, Said: "no message id"}
	}
	return platform.Receipt{RemoteID: join(m.Chat.ID, m.ID), URL: address(m.Chat, m.ID), At: moment(m.Date)}, nil
}

func answering(id int64) fields {
	// In one chat the id is enough; without the message nothing goes out.
	return fields{"message_id": id}
}

func (c *Connector) sendText(ctx context.Context, a platform.Account, out platform.Outgoing, to, answers int64) (m message, err error) {
	in := fields{"chat_id": to, "text": platform.Compose(out)}
	if out.Link != "" {
		in["link_preview_options"] = fields{"url": out.Link}
	}
	if answers != 0 {
		in["reply_parameters"] = answering(answers)
	}
	err = c.ask(ctx, a, "sendMessage", in, &m)
	return m, err
}

// common are the fields of every message with files, as text.
func common(to, answers int64) [][2]string {
	values := [][2]string{{"chat_id", number(to)}}
	if answers != 0 {
		raw, _ := json.Marshal(answering(answers)) // a map of one number always marshals
		values = append(values, [2]string{"reply_parameters", string(raw)})
	}
	return values
}

func (c *Connector) sendOne(ctx context.Context, a platform.Account, out platform.Outgoing, to, answers int64) (m message, err error) {
	file, values, name := out.Media[0], common(to, answers), "sendPhoto"
	if text := platform.Compose(out); text != "" {
		values = append(values, [2]string{"caption", text})
	}
	field := "photo"
	if file.Video() {
		name, field = "sendVideo", "video"
		values = append(values, [2]string{"supports_streaming", "true"})
		for key, n := range map[string]int{"width": file.Width, "height": file.Height, "duration": int(file.Length / time.Second)} {
			if n > 0 {
				values = append(values, [2]string{key, strconv.Itoa(n)})
			}
		}
	}
	values = append(values, [2]string{field, "attach://" + attached(0)})
	req, err := upload(ctx, method(a, name), values, out.Media)
	if err != nil {
		return m, err
	}
	err = c.call(a, req, &m)
	return m, err
}

// sendAlbum: an album is one post of several messages; its text stands below
// the first, whose id is the post's.
func (c *Connector) sendAlbum(ctx context.Context, a platform.Account, out platform.Outgoing, to, answers int64) (message, error) {
	var list []fields
	for i, m := range out.Media {
		in := fields{"type": "photo", "media": "attach://" + attached(i)}
		if m.Video() {
			in["type"], in["supports_streaming"] = "video", true
		}
		if text := platform.Compose(out); i == 0 && text != "" {
			in["caption"] = text
		}
		list = append(list, in)
	}
	raw, err := json.Marshal(list)
	if err != nil {
		return message{}, &platform.NotSent{Err: err}
	}
	req, err := upload(ctx, method(a, "sendMediaGroup"), append(common(to, answers), [2]string{"media", string(raw)}), out.Media)
	if err != nil {
		return message{}, err
	}
	var all []message
	if err := c.call(a, req, &all); err != nil || len(all) == 0 {
		return message{}, err
	}
	c.memory.album(all[0].Chat.ID, all[0].ID, len(all))
	return all[0], nil
}

// address is where people read a message; nobody but the two reads a private one.
func address(in chat, id int64) string {
	switch {
	case in.Type == "private":
		return ""
	case in.Username != "":
		return "https://t.me/" + in.Username + "/" + number(id)
	}
	return "https://t.me/c/" + bare(in.ID) + "/" + number(id)
}

// Find implements platform.Connector: a bot cannot read what was said, so a
// look is never complete and finds nothing by itself. What has landed is heard:
// the discussion group's copy arrives through Pull or a push.
func (c *Connector) Find(context.Context, platform.Account, platform.Attempt) (platform.Finding, error) {
	return platform.Finding{}, nil
}

// ByHand implements platform.Guide. Nothing can be hidden in Telegram, by hand
// either: a message is deleted, or stands.
func (c *Connector) ByHand(a platform.Account, deed, remoteID, _ string) string {
	if deed == "hide" {
		return ""
	}
	if in, id, ok := split(remoteID); ok && deed == "reply" {
		if in > 0 {
			return "" // a bot's private conversation has no page
		}
		return address(chat{ID: in, Type: "supergroup"}, id)
	}
	if strings.HasPrefix(a.Handle, "@") || strings.ContainsRune(a.Handle, ' ') || a.Handle == "" {
		return "https://t.me/c/" + strings.TrimPrefix(a.RemoteID, "-100") + "/1"
	}
	return "https://t.me/" + a.Handle
}
