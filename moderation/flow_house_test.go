package moderation_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"kentongan/configs"
	"kentongan/inbox"
	"kentongan/internal/audit"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/identity"
	"kentongan/internal/insight"
	"kentongan/internal/media"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
	"kentongan/internal/platform/facebook"
	"kentongan/internal/platform/linkedin"
	"kentongan/internal/platform/mastodon"
	"kentongan/internal/platform/telegram"
	"kentongan/internal/platform/whatsapp"
	"kentongan/internal/platform/x"
	"kentongan/internal/safehttp"
	"kentongan/internal/sandbox"
	"kentongan/internal/vault"
	"kentongan/moderation"
	"kentongan/publisher"
)

// house is an office with every room of the citizen's journey, real channels
// of a sandbox, and a clock that the test moves.
type house struct {
	*moderation.Moderation
	inbox               *inbox.Inbox
	insight             *insight.Insight
	clock               *atomic.Int64
	desk                *identity.Desk
	sandbox             *sandbox.Sandbox
	url                 string
	info, protokol      identity.Agency
	moderator, stranger identity.Actor
	mastodon, x         channel.Channel
	post                string // ours, on X
}

// monday is 09.00 in Jakarta on a working day.
var monday = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	clock := &atomic.Int64{}
	clock.Store(monday.UnixMicro())
	h := newRooms(t, d, func() time.Time { return time.UnixMicro(clock.Load()).UTC() })
	h.clock = clock
	var err error
	h.sandbox, err = sandbox.New(sandbox.Options{Seed: 7, Now: h.Now})
	must(t, err)
	srv := httptest.NewServer(h.sandbox.Handler())
	t.Cleanup(func() { srv.Close(); _ = h.sandbox.Close() })
	h.url = srv.URL
	h.mastodon, h.x = h.connect(t, "mastodon"), h.connect(t, "x")
	account, err := h.Channels.Account(t.Context(), h.x)
	must(t, err)
	connector, err := h.Channels.Connector(x.Name)
	must(t, err)
	r, err := connector.Publish(t.Context(), account, platform.Outgoing{Text: "Pasar Melati buka sampai malam"}, notes{})
	must(t, err)
	h.post = r.RemoteID
	return h
}

// newRooms is the office without a platform.
func newRooms(t *testing.T, d *db.DB, now func() time.Time) *house {
	t.Helper()
	v, err := vault.Open(filepath.Join(t.TempDir(), "key"))
	must(t, err)
	pictures, err := media.OpenStore(filepath.Join(t.TempDir(), "media"))
	must(t, err)
	h := &house{}
	client, log := safehttp.New(safehttp.Options{AllowLoopback: true}), slog.New(slog.DiscardHandler)
	channels := &channel.Desk{DB: d, Vault: v, Now: now, Connectors: map[platform.Name]platform.Connector{
		mastodon.Name: mastodon.New(client), x.Name: x.New(client), facebook.Name: facebook.New(client), telegram.Name: telegram.New(client),
		linkedin.Name: linkedin.New(client), whatsapp.Name: whatsapp.Keep(whatsapp.New(client), v),
	}}
	h.inbox = &inbox.Inbox{DB: d, Vault: v, Channels: channels, Log: log, Now: now, Every: 30 * time.Second, Near: 15 * time.Minute,
		LifeSafety: 15 * time.Minute, Calendar: calendar(t)}
	channels.Connected = h.inbox.Connected
	h.Moderation = &moderation.Moderation{
		DB: d, Vault: v, Channels: channels, Inbox: h.inbox, Classifier: moderation.NewClassifier(), Policy: samplePolicy(t), Log: log, Now: now,
		Publisher: &publisher.Publisher{DB: d, Channels: channels, Media: pictures, Log: log, Now: now, Lateness: 15 * time.Minute, MeasureAfter: time.Minute,
			Timing: func(platform.Name) publisher.Timing {
				return publisher.Timing{Lease: time.Minute, CallTimeout: 10 * time.Second, Settle: 5 * time.Second}
			}},
	}
	h.Publisher.Recipient, h.Publisher.MayRelease = h.Recipient, h.MayRelease
	h.insight = &insight.Insight{DB: d, Channels: channels, Log: log, Now: now, Cadence: insight.DemoCadence(), Near: 15 * time.Minute}
	h.desk = identity.NewDesk(d, v, now, func(ctx context.Context, tx *db.Tx, by identity.Actor, at time.Time, deed identity.Deed) error {
		return audit.Note(ctx, tx, by, at, audit.Deed{Name: deed.Name, Subject: deed.Subject, Detail: deed.Detail})
	})
	h.info, h.protokol = h.agency(t, "diskominfo"), h.agency(t, "protokol")
	h.moderator = h.person(t, h.info, "ratih", identity.Moderator)
	h.stranger = h.person(t, h.protokol, "seno", identity.Moderator)
	return h
}

// notes forgets: one publish call needs no memory.
type notes struct{}

func (notes) Value(string) string                        { return "" }
func (notes) Save(context.Context, string, string) error { return nil }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func calendar(t *testing.T) inbox.Calendar {
	t.Helper()
	years, err := configs.Calendars()
	must(t, err)
	c, err := inbox.NewCalendar(years)
	must(t, err)
	return c
}

func samplePolicy(t *testing.T) moderation.Policy {
	t.Helper()
	all, err := configs.Policies()
	must(t, err)
	p, err := moderation.NewPolicy(all[0])
	must(t, err)
	return p
}

func (h *house) agency(t *testing.T, slug string) identity.Agency {
	t.Helper()
	a, err := h.desk.CreateAgency(t.Context(), identity.Operator(), identity.Agency{Slug: slug, Name: slug})
	must(t, err)
	return a
}

func (h *house) person(t *testing.T, a identity.Agency, name string, r identity.Role) identity.Actor {
	t.Helper()
	p, err := h.desk.AddPerson(t.Context(), identity.Operator(), identity.Appointment{Agency: a.ID, Username: name, Name: name, Password: "perahu kertas biru", Role: r})
	must(t, err)
	return identity.NewActor(p.ID, name, a.ID, identity.Web, map[identity.AgencyID][]identity.Role{a.ID: {r}})
}

func (h *house) connect(t *testing.T, name string) channel.Channel {
	t.Helper()
	for _, c := range h.sandbox.Credentials(h.url) {
		if c.Platform != name || c.Mode != "" {
			continue
		}
		ch, err := h.Channels.ConnectSandbox(t.Context(), h.info.ID, channel.Credential{
			Platform: platform.Name(name), BaseURL: c.BaseURL,
			App:   platform.App{ClientID: c.App.ClientID, ClientSecret: c.App.ClientSecret, VerifyToken: c.App.VerifyToken},
			Token: platform.Token{Access: c.Token.Access, Secret: c.Token.Secret, Refresh: c.Token.Refresh},
			Of:    platform.Profile{RemoteID: c.AccountID, Handle: c.Handle},
		})
		must(t, err)
		return ch
	}
	t.Fatalf("the sandbox has no account on %s", name)
	return channel.Channel{}
}

func (h *house) pass(d time.Duration) { h.clock.Add(d.Microseconds()) }

// verbs are what the program wires to each kind of promise.
func (h *house) verb(kind string) func(context.Context, outbox.Ring) error {
	switch kind {
	case inbox.KindPoll:
		return h.inbox.Poll
	case inbox.KindTriage:
		return h.Triage
	case moderation.KindEnforce:
		return h.Enforce
	case moderation.KindTakeBack:
		return h.KeepTakeBack
	case moderation.KindNotice:
		return h.Notify
	case publisher.KindDeliver:
		return h.Publisher.Deliver
	case publisher.KindAnswered:
		return h.Answered
	case publisher.KindUndelivered:
		return h.Undelivered
	case publisher.KindWatch:
		return h.Publisher.Watch
	case inbox.KindParse:
		return h.inbox.Parse
	case insight.KindMeasure:
		return h.insight.Measure
	}
	return nil
}

// ring keeps every promise of the kinds that is due, until none is left.
func (h *house) ring(t *testing.T, kinds ...string) {
	t.Helper()
	for range 50 {
		if h.turn(t, kinds...) == 0 {
			return
		}
	}
	t.Fatalf("%v never come to rest", kinds)
}

// turn rings each promise of the kinds that is due, once.
func (h *house) turn(t *testing.T, kinds ...string) (rung int) {
	t.Helper()
	var due []outbox.Row
	must(t, h.DB.View(t.Context(), func(tx *db.Tx) (err error) {
		due, err = outbox.Ringable(t.Context(), tx, h.Now(), h.Now(), 0, 1000)
		return err
	}))
	for _, p := range due {
		if slices.Contains(kinds, p.Kind) {
			rung++
			must(t, h.verb(p.Kind)(t.Context(), outbox.Ring{Kind: p.Kind, Key: p.Key, Epoch: p.Epoch}))
		}
	}
	return rung
}

// hear lets the office read and look at what citizens said.
func (h *house) hear(t *testing.T) {
	t.Helper()
	h.pass(40 * time.Second)
	h.ring(t, inbox.KindPoll, inbox.KindTriage)
}

func (h *house) control(t *testing.T, path string, body any) map[string]any {
	t.Helper()
	raw, err := json.Marshal(body)
	must(t, err)
	res, err := http.Post(h.url+path, "application/json", bytes.NewReader(raw))
	must(t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 300 {
		t.Fatalf("%s: %d %s %v", path, res.StatusCode, text, err)
	}
	var out map[string]any
	must(t, json.Unmarshal(text, &out))
	return out
}

// say lets a citizen comment on our post on X.
func (h *house) say(t *testing.T, text string) string {
	t.Helper()
	h.pass(time.Second)
	id, _ := h.control(t, "/sandbox/say", map[string]any{"platform": "x", "text": text, "kind": "comment", "in_reply_to": h.post})["id"].(string)
	if id == "" {
		t.Fatal("the sandbox gave no id")
	}
	return id
}

// seen is a post as the platform shows it.
type seen struct {
	ID, Text  string
	InReplyTo string `json:"in_reply_to"`
	Hidden    bool
	Deleted   bool
	Private   string
	Ours      bool
}

func (h *house) world(t *testing.T) map[string]seen {
	t.Helper()
	res, err := http.Get(h.url + "/sandbox/world")
	must(t, err)
	defer res.Body.Close()
	var w struct{ Posts []seen }
	must(t, json.NewDecoder(res.Body).Decode(&w))
	all := map[string]seen{}
	for _, p := range w.Posts {
		all[p.ID] = p
	}
	return all
}

// message finds what a citizen said as the office has it.
func (h *house) message(t *testing.T, remoteID string) inbox.Message {
	t.Helper()
	for _, v := range []inbox.View{inbox.Unanswered, inbox.Done} {
		all, err := h.inbox.List(t.Context(), h.moderator, inbox.Query{View: v, Limit: 200})
		must(t, err)
		for _, c := range all {
			k, err := h.inbox.Load(t.Context(), h.moderator, c.ID)
			must(t, err)
			for _, m := range k.Messages {
				if m.RemoteID == remoteID {
					return m
				}
			}
		}
	}
	t.Fatalf("no message %s", remoteID)
	return inbox.Message{}
}

func (h *house) load(t *testing.T, id inbox.ConversationID) inbox.Case {
	t.Helper()
	k, err := h.inbox.Load(t.Context(), h.moderator, id)
	must(t, err)
	return k
}
