package moderation_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"net/url"
	"strings"
	"testing"
	"time"

	"kentongan/inbox"
	"kentongan/internal/channel"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/identity"
	"kentongan/internal/insight"
	"kentongan/internal/platform"
	"kentongan/publisher"
	"kentongan/test/real"
)

// toot is a status as a real server gives it.
type toot struct {
	ID      string
	Content string
	ReplyTo string `json:"in_reply_to_id"`
	Media   []struct {
		Description string
	} `json:"media_attachments"`
	Account struct{ Username string }
}

// The whole path on a server that nobody here wrote: an approved post with a
// picture goes out, a citizen answers it, the office reads and answers her,
// and her server shows the answer.
func TestTheWholePathOnSnac2(t *testing.T) {
	t.Parallel()
	town := real.Snac2(t)
	h := newRooms(t, dbtest.New(t), time.Now)
	h.inbox.Every = 100 * time.Millisecond
	ctx := t.Context()
	admin := h.person(t, h.info, "bayu", identity.Admin)
	author, approver := h.person(t, h.info, "tono", identity.Officer), h.person(t, h.info, "wulan", identity.Approver)
	ch, err := h.Channels.Connect(ctx, admin, channel.Credential{
		Platform: "mastodon", BaseURL: town.Base, App: platform.App{ClientID: town.ClientID, ClientSecret: town.ClientSecret}, Token: platform.Token{Access: town.Humas.Token},
	})
	must(t, err)

	picture, err := h.Publisher.Media.Add(ctx, h.DB, author, "peta.png", drawing(t))
	must(t, err)
	post, err := h.Publisher.Draft(ctx, author, publisher.DraftInput{
		Text: "Jembatan Ciliwah ditutup mulai pukul 18.00.", Variants: []publisher.VariantContent{{Channel: ch.ID}},
		Media: []publisher.Attached{{Media: picture.ID, Alt: "Peta jalan pengganti"}},
		When:  publisher.When{Zone: "Asia/Jakarta"},
	})
	must(t, err)
	post, err = h.Publisher.Submit(ctx, author, post.ID, post.Revision)
	must(t, err)
	must(t, h.Publisher.Approve(ctx, approver, post.ID, post.Digest))
	var sent string
	h.until(t, func() bool {
		view, err := h.Publisher.LoadPost(ctx, approver, post.ID)
		must(t, err)
		if d := view.Channels[0].Delivery; d != nil && d.State == publisher.Published {
			sent = d.RemoteID
		}
		return sent != ""
	})
	var there toot
	town.Get(t, town.Warga, "/api/v1/statuses/"+url.PathEscape(sent), &there)
	if !strings.Contains(there.Content, "Ciliwah") || len(there.Media) != 1 || there.Media[0].Description != "Peta jalan pengganti" {
		t.Errorf("on the server: %+v", there)
	}

	asked := town.Say(t, town.Warga, "@humas lewat mana kalau mau ke rumah sakit?", sent)
	var m inbox.Message
	h.until(t, func() bool {
		all, err := h.inbox.List(ctx, h.moderator, inbox.Query{View: inbox.Unanswered})
		must(t, err)
		for _, c := range all {
			if !c.Due.IsZero() {
				m = h.load(t, c.ID).Messages[0]
			}
		}
		return m.ID != ""
	})
	if m.RemoteID != asked || !strings.Contains(m.Masked, "rumah sakit") {
		t.Errorf("the office has %q as %s, the citizen wrote %s", m.Masked, m.RemoteID, asked)
	}
	if c := h.load(t, m.Conversation); c.Origin != string(post.ID) {
		t.Errorf("the conversation is about %q, the post is %q", c.Origin, post.ID)
	}

	_, err = h.Answer(ctx, h.moderator, m.ID, "Lewat Jalan Melati, ada petugas di persimpangan.")
	must(t, err)
	h.until(t, func() bool { return h.load(t, m.Conversation).Status == inbox.Answered })
	// snac2 hands a local answer over through its own queue.
	answers := func() (n int) {
		var around struct{ Descendants []toot }
		town.Get(t, town.Warga, "/api/v1/statuses/"+url.PathEscape(asked)+"/context", &around)
		for _, a := range around.Descendants {
			if a.ReplyTo == asked && a.Account.Username == "humas" && strings.Contains(a.Content, "Lewat Jalan Melati") {
				n++
			}
		}
		return n
	}
	h.until(t, func() bool { return answers() > 0 })
	if n := answers(); n != 1 {
		t.Errorf("the citizen's server shows %d answers", n)
	}
	if got := len(h.list(t)); got != 0 {
		t.Errorf("%d conversations wait; our own words are none", got)
	}
}

func (h *house) list(t *testing.T) []inbox.Conversation {
	t.Helper()
	all, err := h.inbox.List(t.Context(), h.moderator, inbox.Query{View: inbox.Unanswered})
	must(t, err)
	return all
}

// until keeps promises as they fall due, until look says true.
func (h *house) until(t *testing.T, look func() bool) {
	t.Helper()
	limit, tick := time.After(60*time.Second), time.NewTicker(100*time.Millisecond)
	defer tick.Stop()
	for {
		h.turn(t, inbox.KindPoll, inbox.KindTriage, publisher.KindDeliver, publisher.KindAnswered, insight.KindMeasure)
		if look() {
			return
		}
		select {
		case <-tick.C:
		case <-limit:
			t.Fatal("it did not happen")
		}
	}
}

func drawing(t *testing.T) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 320, 180))
	for x := range 320 {
		m.Set(x, x/2, color.RGBA{R: 200, A: 255})
	}
	var b bytes.Buffer
	must(t, png.Encode(&b, m))
	return b.Bytes()
}
