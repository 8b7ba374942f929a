// Package e2e walks whole journeys through every room, on the real queue and
// against servers of somebody else.
package e2e

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"net/url"
	"strings"
	"testing"

	"kentongan/inbox"
	"kentongan/internal/audit"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/platform"
	"kentongan/internal/platform/mastodon"
	"kentongan/publisher"
	"kentongan/test/real"
)

const (
	words  = "Jembatan Ciliwah ditutup mulai pukul 18.00 untuk perbaikan."
	asked  = "Kalau mau ke rumah sakit lewat mana?"
	answer = "Lewat Jalan Melati, ada petugas di persimpangan."
	alt    = "Peta jalan pengganti lewat Jalan Melati"
)

// status is a post as snac2 tells it.
type status struct {
	ID      string
	Content string
	ReplyTo string `json:"in_reply_to_id"`
	Media   []struct {
		Type, Description string
	} `json:"media_attachments"`
	Account struct{ Username string }
}

// From draft to answer over the real queue: nothing but the citizen's own
// account on her own server says whether it happened.
func TestFromDraftToAnswerOnSnac2(t *testing.T) {
	t.Parallel()
	t.Run("sqlite and a Redis of our own", func(t *testing.T) {
		t.Parallel()
		_, socket := real.Redis(t)
		walk(t, dbtest.New(t), "unix://"+socket)
	})
	t.Run("postgres and the embedded Redis", func(t *testing.T) {
		t.Parallel()
		walk(t, dbtest.NewPostgres(t), "")
	})
}

func walk(t *testing.T, d *db.DB, redisURL string) {
	town := real.Snac2(t)
	o := openOffice(t, d, redisURL)
	author, approver := o.person(t, "rina", "Rina Wulandari", identity.Officer), o.person(t, "hendra", "Hendra Saputra", identity.Approver)
	admin, moderator := o.person(t, "bayu", "Bayu Pratama", identity.Admin), o.person(t, "siti", "Siti Nurjanah", identity.Moderator)
	ch, err := o.channels.Connect(t.Context(), admin, channel.Credential{
		Platform: mastodon.Name, BaseURL: town.Base,
		App: platform.App{ClientID: town.ClientID, ClientSecret: town.ClientSecret}, Token: platform.Token{Access: town.Humas.Token},
	})
	must(t, err)

	post := o.publish(t, ch, author, approver)
	sent := o.published(t, approver, post)
	var there status
	town.Get(t, town.Warga, "/api/v1/statuses/"+url.PathEscape(sent.RemoteID), &there)
	if !strings.Contains(there.Content, "Jembatan Ciliwah ditutup") || len(there.Media) != 1 || there.Media[0].Type != "image" || there.Media[0].Description != alt {
		t.Errorf("the citizen's server shows %+v", there)
	}

	remote := town.Say(t, town.Warga, "@humas "+asked, sent.RemoteID)
	m := o.heard(t, moderator, remote)
	c := o.load(t, moderator, m.Conversation)
	if c.Name == "" || !strings.Contains(m.Masked, "rumah sakit") || c.Origin != string(post) || c.Status != inbox.Open || !c.AnsweredAt.IsZero() {
		t.Errorf("the office has %q by %q about %q, %s, answered %v", m.Masked, c.Name, c.Origin, c.Status, c.AnsweredAt)
	}

	reply, err := o.moderation.Answer(t.Context(), moderator, m.ID, answer)
	must(t, err)
	if _, err := o.moderation.Answer(t.Context(), moderator, m.ID, answer); fault.KindOf(err) != fault.Conflict {
		t.Errorf("the same answer a second time: %v", err)
	}
	until(t, "the clock stops", func() bool { return !o.load(t, moderator, m.Conversation).AnsweredAt.IsZero() })
	o.stopped(t, moderator, m.Conversation, reply.ID)
	theAnswerIsThere(t, town, sent.RemoteID, remote)
	if rows, broken, err := audit.Verify(t.Context(), d); err != nil || rows == 0 || len(broken) > 0 {
		t.Errorf("trail: %d rows, %d broken, %v", rows, len(broken), err)
	}
}

// publish takes a post with a picture from draft to a second person's signature.
func (o *office) publish(t *testing.T, ch channel.Channel, author, approver identity.Actor) publisher.PostID {
	t.Helper()
	picture, err := o.publisher.Media.Add(t.Context(), o.db, author, "peta.png", drawing(t))
	must(t, err)
	post, err := o.publisher.Draft(t.Context(), author, publisher.DraftInput{
		Title: "Penutupan jembatan", Text: words, Variants: []publisher.VariantContent{{Channel: ch.ID}},
		Media: []publisher.Attached{{Media: picture.ID, Alt: alt}}, When: publisher.When{Zone: "Asia/Jakarta"},
	})
	must(t, err)
	post, err = o.publisher.Submit(t.Context(), author, post.ID, post.Revision)
	must(t, err)
	if err := o.publisher.Approve(t.Context(), author, post.ID, post.Digest); fault.KindOf(err) != fault.Denied {
		t.Fatalf("the author may sign her own post: %v", err)
	}
	must(t, o.publisher.Approve(t.Context(), approver, post.ID, post.Digest))
	return post.ID
}

// published waits for the receipt of the post's only delivery.
func (o *office) published(t *testing.T, by identity.Actor, id publisher.PostID) (d publisher.Delivery) {
	t.Helper()
	until(t, "the post is published", func() bool {
		view, err := o.publisher.LoadPost(t.Context(), by, id)
		must(t, err)
		if got := view.Channels[0].Delivery; got != nil {
			d = *got
		}
		return d.State == publisher.Published
	})
	if d.RemoteID == "" || d.PublishedAt.IsZero() {
		t.Fatalf("a receipt without id or time: %+v", d)
	}
	return d
}

// heard waits until the inbox holds what a citizen said, triaged.
func (o *office) heard(t *testing.T, by identity.Actor, remote string) (m inbox.Message) {
	t.Helper()
	until(t, "the citizen's answer is in the inbox", func() bool {
		all, err := o.inbox.List(t.Context(), by, inbox.Query{View: inbox.Unanswered})
		must(t, err)
		for _, c := range all {
			for _, got := range o.load(t, by, c.ID).Messages {
				if got.RemoteID == remote && !c.Due.IsZero() {
					m = got
				}
			}
		}
		return m.ID != ""
	})
	return m
}

func (o *office) load(t *testing.T, by identity.Actor, id inbox.ConversationID) inbox.Case {
	t.Helper()
	k, err := o.inbox.Load(t.Context(), by, id)
	must(t, err)
	return k
}

// stopped asserts that the clock stopped at the time of the answer's receipt.
func (o *office) stopped(t *testing.T, by identity.Actor, id inbox.ConversationID, reply inbox.ReplyID) {
	t.Helper()
	k := o.load(t, by, id)
	var deliveries []publisher.Delivery
	must(t, o.db.View(t.Context(), func(tx *db.Tx) (err error) {
		deliveries, err = publisher.Deliveries(t.Context(), tx, by.Agency, publisher.OriginReply, string(reply))
		return err
	}))
	if len(deliveries) != 1 || deliveries[0].State != publisher.Published || !k.AnsweredAt.Equal(deliveries[0].PublishedAt) {
		t.Errorf("answered at %v by %+v", k.AnsweredAt, deliveries)
	}
	if k.Status != inbox.Answered || k.Running || len(k.Replies) != 1 || k.Replies[0].State != inbox.ReplyPublished {
		t.Errorf("%s, clock running %v, replies %+v", k.Status, k.Running, k.Replies)
	}
	waiting, err := o.inbox.List(t.Context(), by, inbox.Query{View: inbox.Unanswered})
	if must(t, err); len(waiting) != 0 {
		t.Errorf("%d conversations wait; our own words are none", len(waiting))
	}
}

// theAnswerIsThere reads as the citizen: her server has one post of the office
// and one answer to her, no more.
func theAnswerIsThere(t *testing.T, town real.Fediverse, post, asked string) {
	t.Helper()
	var around struct{ Descendants []status }
	// snac2 hands a local answer over through its own queue.
	until(t, "the citizen sees the answer", func() bool {
		town.Get(t, town.Warga, "/api/v1/statuses/"+url.PathEscape(asked)+"/context", &around)
		return len(around.Descendants) > 0
	})
	if got := around.Descendants; len(got) != 1 || got[0].ReplyTo != asked || got[0].Account.Username != town.Humas.Name || !strings.Contains(got[0].Content, answer) {
		t.Errorf("below her question: %+v", got)
	}
	var ours []status
	town.Get(t, town.Warga, "/api/v1/accounts/"+url.PathEscape(town.Humas.ID)+"/statuses?limit=40", &ours)
	posts, replies := 0, 0
	for _, s := range ours {
		switch {
		case s.ID == post && s.ReplyTo == "":
			posts++
		case s.ReplyTo == asked:
			replies++
		default:
			t.Errorf("something else of ours: %+v", s)
		}
	}
	if posts != 1 || replies != 1 {
		t.Errorf("the office's account shows %d posts and %d replies: %+v", posts, replies, ours)
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
