package publisher

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"log/slog"
	"math/rand/v2"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"kentongan/internal/audit"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/media"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
	"kentongan/internal/platform/mastodon"
	"kentongan/internal/platform/x"
	"kentongan/internal/safehttp"
	"kentongan/internal/sandbox"
	"kentongan/internal/vault"
)

// office is two agencies of one city, with two channels of a sandbox, on a
// clock that the test moves.
type office struct {
	*Publisher
	t        *testing.T
	mu       sync.Mutex
	clock    time.Time
	sandbox  *sandbox.Sandbox
	url      string
	folder   string // of the pictures
	home     identity.AgencyID
	officer  identity.Actor // writes
	both     identity.Actor // officer and approver
	approver identity.Actor
	leader   identity.Actor
	auditor  identity.Actor
	stranger identity.Actor // officer, approver and moderator of another agency
	masto, x channel.Channel
	foreign  channel.Channel // the other agency's
}

// dawn is 07.00 in Jakarta on Monday, 23 November 2026.
var dawn = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

func newOffice(t *testing.T, d *db.DB) *office {
	t.Helper()
	o := &office{t: t, clock: dawn, folder: filepath.Join(t.TempDir(), "media")}
	v := must(vault.Open(filepath.Join(t.TempDir(), "key")))(t)
	o.sandbox = must(sandbox.New(sandbox.Options{Seed: 7, Now: o.time}))(t)
	srv := httptest.NewServer(o.sandbox.Handler())
	t.Cleanup(func() { srv.Close(); o.sandbox.Close() })
	o.url = srv.URL
	client := safehttp.New(safehttp.Options{AllowLoopback: true})
	o.Publisher = &Publisher{
		DB: d, Log: slog.New(slog.DiscardHandler), Now: o.time, Lateness: 15 * time.Minute, MeasureAfter: time.Hour,
		Channels: &channel.Desk{DB: d, Vault: v, Now: o.time, Connectors: map[platform.Name]platform.Connector{
			mastodon.Name: mastodon.New(client), x.Name: x.New(client),
		}},
		Media: must(media.OpenStore(o.folder))(t),
		Timing: func(platform.Name) Timing {
			return Timing{Lease: time.Minute, CallTimeout: 10 * time.Second, Settle: 5 * time.Second}
		},
	}
	desk := identity.NewDesk(d, v, o.time, func(ctx context.Context, tx *db.Tx, by identity.Actor, at time.Time, deed identity.Deed) error {
		return audit.Note(ctx, tx, by, at, audit.Deed{Name: deed.Name, Subject: deed.Subject, Detail: deed.Detail})
	})
	agency := func(slug string) identity.AgencyID {
		a := must(desk.CreateAgency(t.Context(), identity.Operator(), identity.Agency{Slug: slug, Name: slug}))(t)
		return a.ID
	}
	person := func(at identity.AgencyID, name string, roles ...identity.Role) identity.Actor {
		p := must(desk.AddPerson(t.Context(), identity.Operator(), identity.Appointment{
			Agency: at, Username: name, Name: name, Password: "perahu kertas biru", Role: roles[0]}))(t)
		return identity.NewActor(p.ID, name, at, identity.Web, map[identity.AgencyID][]identity.Role{at: roles})
	}
	o.home = agency("diskominfo")
	other := agency("protokol")
	o.officer = person(o.home, "ratih", identity.Officer)
	o.both = person(o.home, "damar", identity.Officer, identity.Approver)
	o.approver = person(o.home, "sekar", identity.Approver)
	o.leader = person(o.home, "wira", identity.Leader)
	o.auditor = person(o.home, "laras", identity.Auditor)
	o.stranger = person(other, "seno", identity.Officer, identity.Approver, identity.Moderator)
	o.masto, o.x = o.connect(o.home, "mastodon", 0), o.connect(o.home, "x", 0)
	o.foreign = o.connect(other, "mastodon", 1)
	return o
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func (o *office) connect(agency identity.AgencyID, name string, nth int) channel.Channel {
	o.t.Helper()
	for _, c := range o.sandbox.Credentials(o.url) {
		if c.Platform != name || c.Mode != "" {
			continue
		}
		if nth > 0 {
			nth--
			continue
		}
		return must(o.Channels.ConnectSandbox(o.t.Context(), agency, channel.Credential{
			Platform: platform.Name(name), BaseURL: c.BaseURL,
			App:   platform.App{ClientID: c.App.ClientID, ClientSecret: c.App.ClientSecret, VerifyToken: c.App.VerifyToken},
			Token: platform.Token{Access: c.Token.Access, Secret: c.Token.Secret},
		}))(o.t)
	}
	o.t.Fatalf("the sandbox has no account on %s", name)
	return channel.Channel{}
}

func (o *office) time() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.clock
}

func (o *office) wait(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.clock = o.clock.Add(d)
}

func (o *office) picture(by identity.Actor) media.ID {
	o.t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 40, 30))
	shade := uint8(rand.N(200))
	for i := range 40 * 30 {
		img.Set(i%40, i/40, color.RGBA{shade, uint8(i), 80, 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		o.t.Fatal(err)
	}
	return must(o.Media.Add(o.t.Context(), o.DB, by, "foto.png", b.Bytes()))(o.t).ID
}

// input is a complete post for both channels, due at 08.30, movable until 10.00.
func (o *office) input() DraftInput {
	return DraftInput{
		Text: "Jalan Kenanga ditutup mulai pukul 09.00 karena genangan.", Link: "https://tirtawangi.example/jalan",
		Variants: []VariantContent{{Channel: o.masto.ID}, {Channel: o.x.ID, Own: true, Text: "Jl. Kenanga ditutup pukul 09.00."}},
		When:     When{Wall: "2026-11-23T08:30", Zone: "Asia/Jakarta", MoveUntil: "2026-11-23T10:00"},
	}
}

func (o *office) draft(by identity.Actor, in DraftInput) Post {
	o.t.Helper()
	return must(o.Draft(o.t.Context(), by, in))(o.t)
}

func (o *office) submitted(in DraftInput) Post {
	o.t.Helper()
	p := o.draft(o.officer, in)
	return must(o.Submit(o.t.Context(), o.officer, p.ID, p.Revision))(o.t)
}

func (o *office) approved(in DraftInput) Post {
	o.t.Helper()
	p := o.submitted(in)
	if err := o.Approve(o.t.Context(), o.approver, p.ID, p.Digest); err != nil {
		o.t.Fatal(err)
	}
	return o.view(p.ID).Post
}

func (o *office) view(id PostID) View {
	o.t.Helper()
	return must(o.LoadPost(o.t.Context(), o.auditor, id))(o.t)
}

// editing is the post as its form would send it back.
func (o *office) editing(p Post) DraftInput {
	c := p.content()
	return DraftInput{ID: p.ID, Revision: p.Revision, Title: c.Title, Text: c.Text, Link: c.Link, Parts: c.Parts, Comment: c.Comment, Variants: c.Variants, Media: c.Media, When: c.When}
}

func (o *office) deliveries(id PostID) (all []Delivery) {
	o.t.Helper()
	o.read(func(tx *db.Tx) (err error) {
		all, err = Deliveries(o.t.Context(), tx, o.home, OriginPost, string(id))
		return err
	})
	return all
}

func (o *office) promise(id DeliveryID) (row outbox.Row) {
	o.t.Helper()
	o.read(func(tx *db.Tx) (err error) {
		row, err = outbox.One(o.t.Context(), tx, KindDeliver, string(id))
		return err
	})
	return row
}

// signedNow says whether a valid signature covers the delivery as it is.
func (o *office) signedNow(d Delivery) (ok bool) {
	o.t.Helper()
	o.read(func(tx *db.Tx) (err error) {
		ok, err = signed(o.t.Context(), tx, d, d.Digest)
		return err
	})
	return ok
}

// trail lists the deeds on a subject, oldest first.
func (o *office) trail(subject string) (all []audit.Entry) {
	o.t.Helper()
	o.read(func(tx *db.Tx) (err error) {
		all, err = audit.List(o.t.Context(), tx, audit.Query{Agency: o.home, Subject: subject, Limit: 500})
		return err
	})
	for i, j := 0, len(all)-1; i < j; i, j = i+1, j-1 {
		all[i], all[j] = all[j], all[i]
	}
	return all
}

func (o *office) count(subject, deed string) (n int) {
	o.t.Helper()
	for _, e := range o.trail(subject) {
		if e.Deed == deed {
			n++
		}
	}
	return n
}

func (o *office) read(f func(*db.Tx) error) {
	o.t.Helper()
	if err := o.DB.View(o.t.Context(), f); err != nil {
		o.t.Fatal(err)
	}
}

// setState puts a delivery where a worker would have put it.
func (o *office) setState(d Delivery, s State) Delivery {
	o.t.Helper()
	was := d.State
	d.State = s
	err := o.DB.Update(o.t.Context(), func(tx *db.Tx) error {
		if _, err := saveDelivery(o.t.Context(), tx, was, d, o.time()); err != nil {
			return err
		}
		if s == Sending {
			_, ok, err := outbox.Take(o.t.Context(), tx, KindDeliver, string(d.ID), 0, d.Due, time.Hour)
			if err == nil && !ok {
				o.t.Error("the promise could not be taken")
			}
			return err
		}
		return postProgress(o.t.Context(), tx, d, o.time())
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return d
}

func wantFault(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	if fault.KindOf(err) != kind || fault.Code(err) != code {
		t.Errorf("got %v, want %s %s", err, kind, code)
	}
}
