package inbox

import (
	"strings"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/identity"
	"kentongan/internal/pii"
	"kentongan/internal/platform"
)

// MessageID, ConversationID and ReplyID are UUIDv7 as text.
type (
	MessageID      string
	ConversationID string
	ReplyID        string
)

// Message is one thing a citizen wrote, without what she wanted nobody to see.
type Message struct {
	ID           MessageID
	Agency       identity.AgencyID
	Channel      channel.ID
	Conversation ConversationID
	RemoteID     string
	InReplyTo    string
	Kind         platform.ItemKind
	Citizen      string // key of the author; no name
	HandleMasked string // "b••••"
	Masked       string
	Marks        []Mark   // personal data, in Masked
	Fingerprint  string   // the same for copies of one text; "" when too short
	Files        []string // kinds of what came along: "image", "video"
	URL          string   // "" where the address names the author
	Version      int64
	PostedAt     time.Time
	ReceivedAt   time.Time
	EditedAt     time.Time
	DeletedAt    time.Time
	HiddenAt     time.Time
	TriagedAt    time.Time
	Labels       []string
	Verdict      string // JSON of the moderation room; holds no text
	original     []byte
	content      string
}

// Mark is personal data in a masked text.
type Mark struct {
	Kind  pii.Kind `json:"kind"`
	Start int      `json:"start"`
	End   int      `json:"end"`
}

// Original is what a platform told, opened for one purpose.
type Original struct {
	Text     string `json:"text"`
	Author   string `json:"author"`
	AuthorID string `json:"author_id"`
	URL      string `json:"url"`
}

// Version is an earlier writing of a message, or one that came late.
type Version struct {
	Message   MessageID
	Number    int64
	Masked    string
	WrittenAt time.Time
	SeenAt    time.Time
}

// change is what an item means for a message that is stored already.
type change int

const (
	same  change = iota // nothing new
	newer               // the message now says this
	older               // it said this before: kept as a version
)

// written is when the message's present words were written.
func (m Message) written() time.Time {
	if !m.EditedAt.IsZero() {
		return m.EditedAt
	}
	return m.PostedAt
}

// compare tells what an item with other words means. Pushes come late and out
// of order, so the later writing wins, whichever came first. asked is when the
// platform was asked: what it showed was true then; zero for a push.
// A deleted message takes no new words: they are kept as a version.
func (m Message) compare(it platform.Item, content string, asked time.Time) (change, time.Time) {
	at := it.Edited
	if at.IsZero() {
		at = it.At
		if !asked.IsZero() && asked.After(m.written()) {
			at = asked // the platform tells no time of editing
		}
	}
	switch {
	case content == m.content:
		return same, at
	case !m.DeletedAt.IsZero(), at.Before(m.written()):
		return older, at
	}
	return newer, at // at the same instant, the later to arrive
}

// publicURL keeps an address that may be stored in clear: it must not name
// the author.
func publicURL(url, author string) string {
	name := strings.TrimPrefix(author, "@")
	if local, _, ok := strings.Cut(name, "@"); ok {
		name = local
	}
	if name != "" && strings.Contains(strings.ToLower(url), strings.ToLower(name)) {
		return ""
	}
	return url
}

// summary is a message's line in a list: its words, or the sign that only
// files came.
func (m Message) summary() string {
	if m.Masked == "" && len(m.Files) > 0 {
		return "📎"
	}
	return short(m.Masked, 140)
}

// short is the beginning of a text, for lists.
func short(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	rs := []rune(s)
	if len(rs) <= n {
		return s
	}
	return string(rs[:n-1]) + "…"
}
