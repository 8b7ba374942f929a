// Package telegram speaks the Bot API (core.telegram.org/bots/api, 10.1): a
// bot that administers a channel and the discussion group linked to it. Bots
// cannot read history, so what was published is never looked up: the proof is
// the copy of a channel's post that Telegram itself puts into the discussion
// group, which arrives like a citizen's message.
package telegram

import (
	"context"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"kentongan/internal/platform"
	"kentongan/internal/safehttp"
)

// Name of the platform as stored.
const Name = platform.Telegram

// home is where the platform's own API lives.
const home = "https://api.telegram.org"

// Connector speaks to Telegram.
type Connector struct {
	client *safehttp.Client
	memory *memory
}

// New returns a connector that calls through client.
func New(client *safehttp.Client) *Connector {
	return &Connector{client: client, memory: newMemory()}
}

// Name implements platform.Connector.
func (c *Connector) Name() platform.Name { return Name }

// Limits of messages and of what a bot may upload
// (core.telegram.org/bots/api#sendmessage, #sendphoto, #sending-files).
const (
	maxText    = 4096
	maxCaption = 1024
	maxAlbum   = 10
	maxPhoto   = 10 << 20
	maxVideo   = 50 << 20
	maxSides   = 10000 // width and height together
	maxRatio   = 20
)

// Capabilities implements platform.Connector.
func (c *Connector) Capabilities(platform.Account) platform.Capabilities {
	return platform.Capabilities{
		Platform: Name, MaxText: maxText, TextUnit: "characters",
		MaxMedia: maxAlbum, MediaTypes: []string{"image/jpeg", "image/png"}, MaxMediaBytes: maxPhoto,
		VideoTypes: []string{"video/mp4"}, MaxVideoBytes: maxVideo,
		Idempotency: "sighting", Thread: true, Edit: true,
		Hears: []platform.ItemKind{platform.Mention, platform.Comment, platform.Direct}, Edits: true,
		Reply: true, ReplyDirect: true, ReplyNote: "cap.telegram.discussion",
		HideNote: "cap.telegram.delete_instead", Remove: true, Block: true, Delete: true,
		Push: true, Settle: 10 * time.Second,
		Connect: platform.Connect{Home: home, Fields: []string{"account", "access"}, App: []string{"verify_token"}},
	}
}

// Count implements platform.Connector. Telegram counts "characters after
// entities parsing"; we count UTF-16 units as its entities are counted, which
// is never less. A text with media is a caption.
func (c *Connector) Count(_ platform.Account, out platform.Outgoing) platform.Length {
	l := platform.Length{Used: len(utf16.Encode([]rune(strings.TrimSpace(platform.Compose(out))))), Limit: maxText}
	if len(out.Media) > 0 {
		l.Limit = maxCaption
	}
	return l
}

// Check implements platform.Checker.
func (c *Connector) Check(a platform.Account, out platform.Outgoing) (all []*platform.Refusal) {
	no := func(code, said string) {
		all = append(all, &platform.Refusal{Code: code, Said: said, Fix: platform.FixAuthor})
	}
	if l := c.Count(a, out); l.Used > l.Limit {
		no("platform.text_too_long", strconv.Itoa(l.Used)+" > "+strconv.Itoa(l.Limit))
	}
	if platform.Compose(out) == "" && len(out.Media) == 0 {
		no("platform.invalid", "no text")
	}
	if out.Template != nil {
		no("platform.invalid", "no templates")
	}
	if len(out.Media) > maxAlbum {
		no("platform.media_too_many", strconv.Itoa(len(out.Media)))
	}
	for _, m := range out.Media {
		switch limit := int64(maxPhoto); {
		case m.Video() && m.Type != "video/mp4", !m.Video() && m.Type != "image/jpeg" && m.Type != "image/png":
			no("platform.media_unsupported", m.Type)
		case m.Video() && m.Size > maxVideo, !m.Video() && m.Size > limit:
			no("platform.media_too_large", strconv.FormatInt(m.Size, 10))
		case !m.Video() && (m.Width+m.Height > maxSides || m.Width > maxRatio*m.Height || m.Height > maxRatio*m.Width):
			no("platform.media_refused", strconv.Itoa(m.Width)+" x "+strconv.Itoa(m.Height))
		}
	}
	return all
}

// chat is a Chat or ChatFullInfo, as far as it concerns us.
type chat struct {
	ID       int64  `json:"id"`
	Type     string `json:"type"`
	Title    string `json:"title"`
	Username string `json:"username"`
	First    string `json:"first_name"`
	Last     string `json:"last_name"`
	Linked   int64  `json:"linked_chat_id"`
}

// member is a ChatMember: the bot's own rights.
type member struct {
	Status string `json:"status"`
	Post   bool   `json:"can_post_messages"`
	Delete bool   `json:"can_delete_messages"`
}

// Verify implements platform.Connector.
func (c *Connector) Verify(ctx context.Context, a platform.Account) (platform.Profile, error) {
	name := a.RemoteID
	if name == "" {
		name = "@" + strings.TrimPrefix(a.Handle, "@")
	}
	p, _, err := c.look(ctx, a, name)
	return p, err
}

// SignIn implements platform.Signer: the bot's token and the channel's name
// were typed.
func (c *Connector) SignIn(ctx context.Context, f platform.Form) (platform.Granted, error) {
	a := platform.Account{Platform: Name, BaseURL: f.BaseURL, App: f.App, Token: f.Token}
	p, missing, err := c.look(ctx, a, channelName(f.Account))
	return platform.Granted{Profile: p, Token: f.Token, Missing: missing}, err
}

// channelName reads what people type: @name, name, t.me/name or an id.
func channelName(typed string) string {
	name := strings.TrimSpace(typed)
	for _, prefix := range []string{"https://", "http://", "t.me/", "telegram.me/"} {
		name = strings.TrimPrefix(name, prefix)
	}
	name = strings.Trim(name, "/@ ")
	if _, err := strconv.ParseInt(name, 10, 64); err == nil {
		return name
	}
	return "@" + name
}

// What an account can do without, and what is lost: see docs/platforms.
const (
	noDiscussion = "discussion_group" // no comments, and no proof after an unclear answer
	noGroupRight = "group_admin"      // the bot hears only what is addressed to it and deletes nothing
)

// look asks who the bot is, which channel is meant, and what it may do there.
func (c *Connector) look(ctx context.Context, a platform.Account, name string) (p platform.Profile, missing []string, err error) {
	var bot struct {
		ID int64 `json:"id"`
	}
	if err := c.ask(ctx, a, "getMe", nil, &bot); err != nil {
		return p, nil, err
	}
	var ch chat
	if err := c.ask(ctx, a, "getChat", fields{"chat_id": name}, &ch); err != nil {
		return p, nil, err
	}
	if ch.Type != "channel" {
		return p, nil, &platform.Refusal{Code: "platform.not_a_channel", Said: ch.Type, Fix: platform.FixAdmin}
	}
	rights, err := c.rights(ctx, a, ch.ID, bot.ID)
	if err != nil {
		return p, nil, err
	}
	if rights.Status != "creator" && !(rights.Status == "administrator" && rights.Post) {
		return p, nil, &platform.Refusal{Code: "platform.bot_cannot_post", Said: rights.Status, Fix: platform.FixAdmin}
	}
	p = platform.Profile{RemoteID: number(ch.ID), Handle: ch.Username, Name: ch.Title, URL: "https://t.me/" + ch.Username}
	if ch.Username == "" { // a private channel
		p.Handle, p.URL = ch.Title, "https://t.me/c/"+bare(ch.ID)
	}
	if ch.Linked == 0 {
		return p, []string{noDiscussion}, nil
	}
	p.Also = []string{number(ch.Linked)}
	rights, err = c.rights(ctx, a, ch.Linked, bot.ID)
	switch {
	case platform.AsRefusal(err) != nil && !platform.AsRefusal(err).Auth:
		return p, []string{noGroupRight}, nil // the bot is not even in it
	case err != nil:
		return p, nil, err
	case rights.Status != "creator" && !(rights.Status == "administrator" && rights.Delete):
		missing = []string{noGroupRight}
	}
	return p, missing, nil
}

func (c *Connector) rights(ctx context.Context, a platform.Account, chat, user int64) (m member, err error) {
	err = c.ask(ctx, a, "getChatMember", fields{"chat_id": chat, "user_id": user}, &m)
	return m, err
}

func number(id int64) string { return strconv.FormatInt(id, 10) }

// bare is a supergroup's or channel's id as t.me addresses show it.
func bare(id int64) string { return strings.TrimPrefix(number(id), "-100") }

// join names a message: ids are counted for each chat, so both are needed.
func join(chat, message int64) string { return number(chat) + "_" + number(message) }

// split takes such a name apart.
func split(id string) (chat, message int64, ok bool) {
	a, b, ok := strings.Cut(id, "_")
	chat, err := strconv.ParseInt(a, 10, 64)
	message, err2 := strconv.ParseInt(b, 10, 64)
	return chat, message, ok && err == nil && err2 == nil && message > 0
}
