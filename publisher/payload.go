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
	Part      string         `json:"part,omitempty"`  // PartThread, PartComment; "" for what stands by itself
	Below     int            `json:"below,omitempty"` // a part goes below this one of its post: 0 is the post itself
}

// Parts of a post go below it on its channel. Where exactly is not known when
// people sign: the place is named by its number, and the id is taken from the
// receipt of the part before.
const (
	PartThread  = "thread"  // continues it
	PartComment = "comment" // the office's own first comment
)

// number is the part's own place in its post; 0 is the post itself.
func (p Payload) number() int {
	if p.Part == "" {
		return 0
	}
	return p.Below + 1
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

	Width  int           `json:"width,omitempty"`
	Height int           `json:"height,omitempty"`
	Length time.Duration `json:"length,omitempty"` // of a film
}

// Window is when a thing may leave: not before, not after.
type Window struct {
	NotBefore, NotAfter time.Time
}

// Digest is the SHA-256 of what was signed, in hex.
type Digest string

// DigestOf fingerprints what one channel will get. Every field is preceded by
// its length, so that no two different contents give the same bytes. The
// instant itself is not covered: it may move freely inside the window. What was
// signed by the first version stays signed.
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
	first := p.first()
	if first {
		put("kentongan.delivery.v1")
	} else {
		put("kentongan.delivery.v2")
	}
	for _, s := range []string{string(to), p.Text, p.Link, p.InReplyTo, p.Thread} {
		put(s)
	}
	num(int64(len(p.Media)))
	for _, m := range p.Media {
		for _, s := range []string{m.SHA256, m.Type, m.Alt} {
			put(s)
		}
		num(m.Size)
		if !first {
			num(int64(m.Width))
			num(int64(m.Height))
			num(int64(m.Length))
		}
	}
	if !first {
		put(p.reach())
		put(p.Part)
		num(int64(p.Below))
	}
	num(w.NotBefore.UnixMicro())
	num(w.NotAfter.UnixMicro())
	return Digest(hex.EncodeToString(h.Sum(nil)))
}

// first says that the payload holds nothing but what the first version knew.
func (p Payload) first() bool {
	for _, m := range p.Media {
		if m.Width != 0 || m.Height != 0 || m.Length != 0 {
			return false
		}
	}
	return !p.Private && p.Template == nil && p.Part == "" && p.Below == 0
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
