package graph

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"strconv"
	"time"

	"kentongan/internal/fault"
	"kentongan/internal/platform"
)

// Challenge answers Meta's check of a webhook's address.
// https://developers.facebook.com/docs/graph-api/webhooks/getting-started
func Challenge(app platform.App, query map[string][]string) (string, bool) {
	first := func(name string) string {
		if v := query[name]; len(v) == 1 {
			return v[0]
		}
		return ""
	}
	known := app.VerifyToken != "" && subtle.ConstantTimeCompare([]byte(first("hub.verify_token")), []byte(app.VerifyToken)) == 1
	if first("hub.mode") != "subscribe" || !known || first("hub.challenge") == "" {
		return "", false
	}
	return first("hub.challenge"), true
}

// Signed verifies X-Hub-Signature-256 over the raw bytes: Meta writes Unicode
// as escapes that a decoder would lose.
func Signed(app platform.App, header map[string][]string, body []byte) error {
	h := hmac.New(sha256.New, []byte(app.ClientSecret))
	h.Write(body)
	want := "sha256=" + hex.EncodeToString(h.Sum(nil))
	if app.ClientSecret == "" || !hmac.Equal([]byte(http.Header(header).Get("X-Hub-Signature-256")), []byte(want)) {
		return fault.New(fault.Denied, "platform.signature_invalid")
	}
	return nil
}

// Attachment is a file that came with a message.
type Attachment struct {
	Type string `json:"type"` // image, video, audio, file, template, fallback, share, story_mention, …
}

// Kinds are the files of a message in the contract's words.
func Kinds(all []Attachment) []string {
	var kinds []string
	for _, a := range all {
		switch a.Type {
		case "image", "video", "audio", "file", "location", "sticker":
			kinds = append(kinds, a.Type)
		case "ig_reel", "reel", "story_mention":
			kinds = append(kinds, "video")
		default:
			kinds = append(kinds, "file")
		}
	}
	return kinds
}

// Messaging is one private message as Messenger and Instagram push it.
type Messaging struct {
	Sender struct {
		ID Text `json:"id"`
	} `json:"sender"`
	Recipient struct {
		ID Text `json:"id"`
	} `json:"recipient"`
	Timestamp int64 `json:"timestamp"`
	Message   *struct {
		ID          string       `json:"mid"`
		Text        string       `json:"text"`
		Echo        bool         `json:"is_echo"`
		Deleted     bool         `json:"is_deleted"`
		Attachments []Attachment `json:"attachments"`
	} `json:"message"`
	Edit *struct {
		ID   string `json:"mid"`
		Text string `json:"text"`
		Num  int    `json:"num_edit"`
	} `json:"message_edit"`
}

// Item is a message to us; what we wrote ourselves is none.
func (m Messaging) Item(us string) (platform.Item, bool) {
	them := string(m.Sender.ID)
	i := platform.Item{Kind: platform.Direct, Thread: them, AuthorID: them, At: time.UnixMilli(m.Timestamp).UTC()}
	if them == us || them == "" {
		return i, false
	}
	switch {
	case m.Message != nil && m.Message.ID != "" && !m.Message.Echo:
		i.RemoteID, i.Text, i.Deleted, i.Files = m.Message.ID, m.Message.Text, m.Message.Deleted, Kinds(m.Message.Attachments)
		i.Seq = i.RemoteID
		if i.Deleted {
			i.Seq += ":remove"
		}
		return i, true
	case m.Edit != nil && m.Edit.ID != "":
		i.RemoteID, i.Text, i.Edited = m.Edit.ID, m.Edit.Text, i.At
		i.Seq = i.RemoteID + ":edit:" + strconv.Itoa(m.Edit.Num)
		return i, true
	}
	return i, false
}
