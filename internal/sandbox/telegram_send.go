package sandbox

import (
	"bytes"
	"encoding/json"
	"image"
	_ "image/jpeg" // sizes of pictures
	_ "image/png"
	"net/http"
	"strconv"
	"strings"
)

// tgObject is a nested object, also where a form carries it as JSON text.
func tgObject(c *call, name string) object {
	if o := c.object(name); o != nil {
		return o
	}
	var o object
	d := json.NewDecoder(strings.NewReader(c.str(name)))
	d.UseNumber()
	if d.Decode(&o) != nil {
		return nil
	}
	return o
}

// tgAim is where a message goes.
type tgAim struct {
	chat string // id
	post *Post  // as far as the address makes it
	kind string // of chat: channel, supergroup, private
}

// tgTarget reads chat_id: an id, or a channel's @name.
func (s *Sandbox) tgTarget(c *call) (t tgAim, no *answer) {
	id := c.str("chat_id")
	refuse := func(a answer) (tgAim, *answer) { return tgAim{}, &a }
	if id == "" {
		return refuse(tgBad("chat_id is empty"))
	}
	if name, ok := strings.CutPrefix(id, "@"); ok {
		if a := s.world.account(Telegram, name); a != nil && name != "" {
			id = a.ID
		}
	}
	for _, a := range s.world.accounts {
		if a.Platform != Telegram {
			continue
		}
		group := id == tgGroup(a.ID) && !s.rules.WithoutDiscussion
		if id != a.ID && !group {
			continue
		}
		if a != c.account {
			return refuse(tgError(http.StatusForbidden, "Forbidden: bot is not a member of the "+map[bool]string{true: "supergroup", false: "channel"}[group]+" chat"))
		}
		t = tgAim{chat: id, kind: "channel", post: s.tgOwn(c, kindPost)}
		if group {
			t.kind, t.post.Kind = "supergroup", kindMention
		}
		return t, nil
	}
	if id == tgBot(c.account.ID) {
		return refuse(tgError(http.StatusForbidden, "Forbidden: bots can't send messages to bots"))
	}
	for _, p := range s.world.order { // a bot may write only to who wrote to it
		if p.Platform == Telegram && p.Kind == kindDirect && p.Account == c.account.ID && p.AuthorID == id {
			t = tgAim{chat: id, kind: "private", post: s.tgOwn(c, kindDirect)}
			t.post.Thread = id
			return t, nil
		}
	}
	return refuse(tgBad("chat not found"))
}

func (s *Sandbox) tgOwn(c *call, kind string) *Post {
	return &Post{
		Platform: Telegram, Kind: kind, Account: c.account.ID, AuthorID: c.account.ID, Author: c.account.Handle, Ours: true,
		Face: map[string]string{tgByBot: "1"},
	}
}

// tgMay says whether the bot may post into a chat.
func (s *Sandbox) tgMay(t tgAim, what string) *answer {
	if !s.rules.BotDemoted {
		return nil
	}
	no := tgBad("need administrator rights in the channel chat")
	switch t.kind {
	case "supergroup":
		no = tgBad("not enough rights to send " + what + " to the chat")
	case "private":
		return nil
	}
	return &no
}

// tgReply reads reply_parameters, and the older reply_to_message_id.
func (s *Sandbox) tgReply(c *call, t tgAim) *answer {
	params := tgObject(c, "reply_parameters")
	number := asText(params["message_id"])
	if params == nil {
		number = c.str("reply_to_message_id")
	}
	if number == "" {
		return nil
	}
	n, err := strconv.ParseInt(number, 10, 64)
	to := s.tgFind(c.account, t.chat, n)
	if err != nil || to == nil {
		if asText(params["allow_sending_without_reply"]) == "true" || c.flag("allow_sending_without_reply") {
			return nil
		}
		no := tgBad("message to be replied not found")
		return &no
	}
	t.post.InReplyTo = to.ID
	if t.post.Kind == kindMention {
		t.post.Kind = kindComment
	}
	return nil
}

// tgSend publishes what was put together and answers with the message.
func (s *Sandbox) tgSend(c *call, t tgAim, what string) answer {
	if no := s.tgMay(t, what); no != nil {
		return *no
	}
	if no := s.tgReply(c, t); no != nil {
		return *no
	}
	if err := s.publish(t.post, c.now); err != nil {
		return tgError(http.StatusInternalServerError, "Internal Server Error")
	}
	if what == "media group" {
		all := []object{}
		for i := range t.post.Media {
			all = append(all, s.tgMessage(t.post, i))
		}
		return tgOK(all)
	}
	return tgOK(s.tgMessage(t.post, 0))
}

func (s *Sandbox) tgSendMessage(c *call) answer {
	t, no := s.tgTarget(c)
	if no != nil {
		return *no
	}
	text, no := tgWords(c.str("text"), c.str("parse_mode"), tgMaxText, "message is too long")
	if no != nil {
		return *no
	}
	if text == "" {
		return tgBad("message text is empty")
	}
	t.post.Text, t.post.Link = text, firstURL(text)
	preview := tgObject(c, "link_preview_options")
	if address := asText(preview["url"]); address != "" {
		t.post.Link = address
	}
	if asText(preview["is_disabled"]) == "true" {
		t.post.Link = ""
	}
	return s.tgSend(c, t, "text messages")
}

func (s *Sandbox) tgSendPhoto(c *call) answer { return s.tgSendOne(c, "photo", "photos") }

func (s *Sandbox) tgSendVideo(c *call) answer { return s.tgSendOne(c, "video", "videos") }

func (s *Sandbox) tgSendOne(c *call, field, what string) answer {
	t, no := s.tgTarget(c)
	if no != nil {
		return *no
	}
	if t.post.Text, no = tgWords(c.str("caption"), c.str("parse_mode"), tgMaxCaption, "message caption is too long"); no != nil {
		return *no
	}
	name := c.str(field)
	if _, ok := c.files[field]; ok {
		name = "attach://" + field
	}
	m, no := s.tgTake(c, field, name)
	if no != nil {
		return *no
	}
	t.post.Media = []Media{*m}
	return s.tgSend(c, t, what)
}

func (s *Sandbox) tgSendMediaGroup(c *call) answer {
	t, no := s.tgTarget(c)
	if no != nil {
		return *no
	}
	list := c.list("media")
	if len(list) < 2 || len(list) > 10 {
		return tgBad("there must be from 2 to 10 media in the group")
	}
	var caption string
	for _, v := range list {
		in, ok := v.(object)
		if !ok {
			return tgBad("can't parse InputMedia: expected an Object")
		}
		kind := asText(in["type"])
		if kind != "photo" && kind != "video" {
			return tgBad("type of the media \"" + kind + "\" can't be used in the album")
		}
		text, no := tgWords(asText(in["caption"]), asText(in["parse_mode"]), tgMaxCaption, "message caption is too long")
		if no != nil {
			return *no
		}
		if caption == "" {
			caption = text
		}
		m, no := s.tgTake(c, kind, asText(in["media"]))
		if no != nil {
			return *no
		}
		t.post.Media = append(t.post.Media, *m)
	}
	t.post.Text = caption
	return s.tgSend(c, t, "media group")
}

// Telegram's sizes: 10 MB for a photo, 50 MB for a video, of what is uploaded.
const (
	tgMaxPhoto = 10 << 20
	tgMaxVideo = 50 << 20
)

// tgTake finds a file: uploaded under a name, on the web, or known by its id.
func (s *Sandbox) tgTake(c *call, kind, name string) (*Media, *answer) {
	refuse := func(text string) (*Media, *answer) { no := tgBad(text); return nil, &no }
	var data []byte
	switch attached, web := strings.CutPrefix(name, "attach://"); {
	case name == "":
		return refuse("there is no " + kind + " in the request")
	case web:
		data = c.files[attached].data
		if len(data) == 0 {
			return refuse("file must be non-empty")
		}
	case strings.HasPrefix(name, "http://") || strings.HasPrefix(name, "https://"):
		if data = c.fetched[name].data; len(data) == 0 {
			return refuse("failed to get HTTP URL content")
		}
	default:
		if m := s.world.media[at(Telegram, name)]; m != nil && m.Account == c.account.ID {
			return m, nil
		}
		return refuse("wrong file identifier/HTTP URL specified")
	}
	limit := tgMaxPhoto
	if kind == "video" {
		limit = tgMaxVideo
	}
	if len(data) > limit {
		no := tgError(http.StatusRequestEntityTooLarge, "Request Entity Too Large")
		return nil, &no
	}
	m := newMedia(Telegram, c.account, data)
	m.ID, m.At, m.Ready = "AgACAgUAAx0CW"+s.world.growing("telegram file", 1), c.now, true
	if kind == "video" && !strings.HasPrefix(m.Type, "video/") {
		m.Type = "video/mp4" // Telegram takes what a client calls a video
	}
	if kind == "photo" {
		size, _, err := image.DecodeConfig(bytes.NewReader(data))
		switch {
		case err != nil:
			return refuse("IMAGE_PROCESS_FAILED")
		case size.Width+size.Height > 10000 || size.Width > 20*size.Height || size.Height > 20*size.Width:
			return refuse("PHOTO_INVALID_DIMENSIONS")
		}
		m.Category = strconv.Itoa(size.Width) + "x" + strconv.Itoa(size.Height)
	}
	if err := s.world.putMedia(m); err != nil {
		no := tgError(http.StatusInternalServerError, "Internal Server Error")
		return nil, &no
	}
	return m, nil
}

func (s *Sandbox) tgSendChatAction(c *call) answer {
	if _, no := s.tgTarget(c); no != nil {
		return *no
	}
	return tgOK(true)
}
