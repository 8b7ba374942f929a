package publisher

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"kentongan/internal/channel"
)

// Payload is exactly what one channel will get: what a signature covers,
// beside the channel and the window.
type Payload struct {
	Text      string         `json:"text"`
	Link      string         `json:"link,omitempty"`
	Media     []PayloadMedia `json:"media,omitempty"`
	InReplyTo string         `json:"in_reply_to,omitempty"`
	Thread    string         `json:"thread,omitempty"`
	Private   bool           `json:"private,omitempty"` // answers a public comment by a private message
	Template  *Template      `json:"template,omitempty"`
}

// Template is a text that the platform approved beforehand; Text is what it
// will say.
type Template struct {
	Name     string   `json:"name"`
	Language string   `json:"language"`
	Values   []string `json:"values,omitempty"`
}

// PayloadMedia is one rendition, named by the hash of its bytes.
type PayloadMedia struct {
	SHA256 string `json:"sha256"`
	Type   string `json:"type"`
	Size   int64  `json:"size"`
	Alt    string `json:"alt"`
}

// Window is when a thing may leave: not before, not after.
type Window struct {
	NotBefore, NotAfter time.Time
}

// Digest is the SHA-256 of what was signed, in hex.
type Digest string

// DigestOf fingerprints what one channel will get. Every field is preceded by
// its length, so that no two different contents give the same bytes. The
// instant itself is not covered: it may move freely inside the window.
func DigestOf(to channel.ID, p Payload, w Window) Digest {
	h := sha256.New()
	var n [8]byte
	num := func(v int64) {
		binary.BigEndian.PutUint64(n[:], uint64(v))
		h.Write(n[:])
	}
	put := func(s string) {
		num(int64(len(s)))
		h.Write([]byte(s))
	}
	put("kentongan.delivery.v2")
	for _, s := range []string{string(to), p.Text, p.Link, p.InReplyTo, p.Thread} {
		put(s)
	}
	num(int64(len(p.Media)))
	for _, m := range p.Media {
		for _, s := range []string{m.SHA256, m.Type, m.Alt} {
			put(s)
		}
		num(m.Size)
	}
	put(p.reach())
	num(w.NotBefore.UnixMicro())
	num(w.NotAfter.UnixMicro())
	return Digest(hex.EncodeToString(h.Sum(nil)))
}

// reach is whom the payload reaches, and as what.
func (p Payload) reach() string {
	words := []string{"public"}
	if p.Private {
		words[0] = "private"
	}
	if p.Template != nil {
		words = append(append(words, p.Template.Name, p.Template.Language), p.Template.Values...)
	}
	var b strings.Builder
	for _, w := range words {
		fmt.Fprintf(&b, "%d:%s", len(w), w)
	}
	return b.String()
}

// DigestOfPage is the hash of a page's digests, in the order shown: what the
// approver's form sends back.
func DigestOfPage(digests []Digest) Digest {
	h := sha256.New()
	for _, d := range digests {
		h.Write([]byte(d))
	}
	return Digest(hex.EncodeToString(h.Sum(nil)))
}
