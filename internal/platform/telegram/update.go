package telegram

import (
	"encoding/json"
	"strings"
	"time"

	"kentongan/internal/platform"
)

// update is one thing that happened (core.telegram.org/bots/api#update).
type update struct {
	ID         int64 `json:"update_id"`
	Message    *said `json:"message"`
	Edited     *said `json:"edited_message"`
	Post       *said `json:"channel_post"`
	EditedPost *said `json:"edited_channel_post"`
}

// UnmarshalJSON implements json.Unmarshaler. One update in a shape that we do
// not know must not hold up all that come after it: it is passed over.
func (u *update) UnmarshalJSON(raw []byte) error {
	type plain update
	var all plain
	if json.Unmarshal(raw, &all) == nil {
		*u = update(all)
		return nil
	}
	var bare struct {
		ID int64 `json:"update_id"`
	}
	_ = json.Unmarshal(raw, &bare) // without an id it cannot even be confirmed
	*u = update{ID: bare.ID}
	return nil
}

// wanted are the kinds of update that we ask for.
func wanted() []string {
	return []string{"message", "edited_message", "channel_post", "edited_channel_post"}
}

type user struct {
	ID       int64  `json:"id"`
	Username string `json:"username"`
	First    string `json:"first_name"`
	Last     string `json:"last_name"`
}

// said is a Message as somebody wrote it.
type said struct {
	ID         int64  `json:"message_id"`
	Date       int64  `json:"date"`
	EditDate   int64  `json:"edit_date"`
	Chat       chat   `json:"chat"`
	From       *user  `json:"from"`
	SenderChat *chat  `json:"sender_chat"`
	ThreadID   int64  `json:"message_thread_id"`
	Automatic  bool   `json:"is_automatic_forward"`
	Album      string `json:"media_group_id"`
	Origin     *struct {
		Type string `json:"type"`
		Date int64  `json:"date"`
		Chat chat   `json:"chat"`
		ID   int64  `json:"message_id"`
	} `json:"forward_origin"`
	ReplyTo *said  `json:"reply_to_message"`
	Text    string `json:"text"`
	Caption string `json:"caption"`
	Poll    *struct {
		Question string `json:"question"`
	} `json:"poll"`

	Photo     []struct{} `json:"photo"`
	Video     *struct{}  `json:"video"`
	VideoNote *struct{}  `json:"video_note"`
	Animation *struct{}  `json:"animation"`
	Voice     *struct{}  `json:"voice"`
	Audio     *struct{}  `json:"audio"`
	Document  *struct{}  `json:"document"`
	Sticker   *struct{}  `json:"sticker"`
	Location  *struct{}  `json:"location"`
	Venue     *struct{}  `json:"venue"`
	Contact   *struct{}  `json:"contact"`
}

func (m *said) words() string {
	switch {
	case m.Text != "":
		return m.Text
	case m.Poll != nil:
		return m.Poll.Question
	}
	return m.Caption
}

// files are the kinds of what came along.
func (m *said) files() []string {
	var all []string
	add := func(has bool, kind string) {
		if has {
			all = append(all, kind)
		}
	}
	add(len(m.Photo) > 0, "image")
	add(m.Video != nil || m.VideoNote != nil || m.Animation != nil, "video")
	add(m.Voice != nil || m.Audio != nil, "audio")
	// An animation also calls itself a document, for older clients.
	add(m.Document != nil && m.Animation == nil || m.Contact != nil, "file")
	add(m.Sticker != nil, "sticker")
	add(m.Location != nil, "location")
	add(m.Venue != nil && m.Location == nil, "location")
	return all
}

// heard is an update's message and whether it was edited; nil when it is
// nothing that anybody wrote.
func (u update) heard() (m *said, edited bool) {
	for _, c := range []struct {
		m      *said
		edited bool
	}{{u.Message, false}, {u.Post, false}, {u.Edited, true}, {u.EditedPost, true}} {
		if c.m != nil {
			return c.m, c.edited
		}
	}
	return nil, false
}

// copied is the channel post that a message is Telegram's own copy of.
func (m *said) copied() (post string, ok bool) {
	if m == nil || !m.Automatic || m.Origin == nil || m.Origin.Type != "channel" || m.Origin.ID <= 0 {
		return "", false
	}
	return join(m.Origin.Chat.ID, m.Origin.ID), true
}

// item is an update as an item of ours, and the chat it came from; false where
// nobody wrote anything. The bot in whose private conversation a message
// stands is not named in it: its chat is "".
func (c *Connector) item(u update) (i platform.Item, chat string, ok bool) {
	m, edited := u.heard()
	if m == nil || m.ID <= 0 || m.Chat.ID == 0 {
		return i, "", false
	}
	i = platform.Item{
		RemoteID: join(m.Chat.ID, m.ID), Text: m.words(), Files: m.files(), URL: address(m.Chat, m.ID),
		At: moment(m.Date), Seq: number(u.ID), Thread: join(m.Chat.ID, m.ID),
	}
	if i.Text == "" && len(i.Files) == 0 {
		return i, "", false // somebody joined, a title changed
	}
	if edited {
		if i.Edited = i.At; m.EditDate > 0 {
			i.Edited = moment(m.EditDate)
		}
	}
	m.author(&i)
	switch m.Chat.Type {
	case "private":
		i.Kind, i.Thread = platform.Direct, number(m.Chat.ID)
		c.answers(&i, m)
		return i, "", true
	case "channel":
		i.Kind, i.AuthorID = platform.OwnPost, number(m.Chat.ID)
		c.answers(&i, m)
		i.Thread = i.RemoteID
		return i, number(m.Chat.ID), true
	}
	if post, ok := m.copied(); ok {
		return c.copy(i, m, post), number(m.Origin.Chat.ID), true
	}
	c.place(&i, m)
	if m.SenderChat != nil && m.SenderChat.ID == m.Chat.ID {
		i.Kind = platform.OwnPost // an administrator who does not show the name
	}
	return i, number(m.Chat.ID), true
}

func (m *said) author(i *platform.Item) {
	switch {
	case m.SenderChat != nil:
		i.AuthorID, i.Author = number(m.SenderChat.ID), m.SenderChat.Username
		if i.Author == "" {
			i.Author = m.SenderChat.Title
		}
	case m.From != nil:
		i.AuthorID, i.Author = number(m.From.ID), m.From.Username
		if i.Author == "" {
			i.Author = strings.TrimSpace(m.From.First + " " + m.From.Last)
		}
	}
}

// copy is our channel's post, told by its copy in the discussion group.
func (c *Connector) copy(i platform.Item, m *said, post string) platform.Item {
	c.memory.thread(m.Chat.ID, m.ID, post)
	i.Kind, i.RemoteID, i.Thread = platform.OwnPost, post, post
	i.AuthorID, i.Author = number(m.Origin.Chat.ID), m.Origin.Chat.Username
	i.URL = address(m.Origin.Chat, m.Origin.ID)
	if m.Origin.Date > 0 {
		i.At = moment(m.Origin.Date)
	}
	i.InReplyTo = ""
	if above, ok := m.ReplyTo.copied(); ok {
		i.InReplyTo = above
	}
	return i
}

// answers says what a message answers in its own chat.
func (c *Connector) answers(i *platform.Item, m *said) {
	if m.ReplyTo != nil && m.ReplyTo.ID > 0 && (m.ReplyTo.Chat.ID == 0 || m.ReplyTo.Chat.ID == m.Chat.ID) {
		i.InReplyTo = join(m.Chat.ID, m.ReplyTo.ID)
	}
}

// place puts a message of the group below the channel's post that it belongs to.
func (c *Connector) place(i *platform.Item, m *said) {
	i.Kind = platform.Mention
	c.answers(i, m)
	if i.InReplyTo != "" {
		i.Kind, i.Thread = platform.Comment, i.InReplyTo
	}
	if m.ThreadID > 0 {
		i.Kind, i.Thread = platform.Comment, join(m.Chat.ID, m.ThreadID)
		if post := c.memory.post(m.Chat.ID, m.ThreadID); post != "" {
			i.Thread = post
		}
	}
	if post, ok := m.ReplyTo.copied(); ok {
		c.memory.thread(m.Chat.ID, m.ReplyTo.ID, post)
		i.Kind, i.InReplyTo, i.Thread = platform.Comment, post, post
	}
}

// moment reads a date: Unix seconds. What cannot be seconds in this age is
// milliseconds, as telegram-test-api has them.
func moment(date int64) time.Time {
	if date > 1<<36 {
		return time.UnixMilli(min(date, 1<<46)).UTC()
	}
	return time.Unix(max(date, 0), 0).UTC()
}
