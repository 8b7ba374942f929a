package webhook_test

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

	"kentongan/cmd/kentongan/webhook"
	"kentongan/configs"
	"kentongan/inbox"
	"kentongan/internal/audit"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/identity"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
	"kentongan/internal/platform/facebook"
	"kentongan/internal/platform/x"
	"kentongan/internal/safehttp"
	"kentongan/internal/sandbox"
	"kentongan/internal/vault"
)

// house is an office with a channel on each platform that pushes, and a door
// that is reached over HTTP. The process behind the door can be ended and
// started anew.
type house struct {
	db        *db.DB
	key       string // the vault's file: it outlives the process
	inbox     *inbox.Inbox
	channels  *channel.Desk
	door      atomic.Pointer[http.Handler]
	url       string
	box       *sandbox.Sandbox
	platforms string
	clock     *atomic.Int64
	agency    identity.AgencyID
	other     identity.AgencyID // of the same city
	moderator identity.Actor
	x, page   channel.Channel
	post      string // ours, on the page
}

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	h := &house{db: d, key: filepath.Join(t.TempDir(), "key"), clock: &atomic.Int64{}}
	h.clock.Store(time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC).UnixMicro())
	var err error
	h.box, err = sandbox.New(sandbox.Options{Seed: 7, Now: h.now})
	must(t, err)
	platforms := httptest.NewServer(h.box.Handler())
	t.Cleanup(func() { platforms.Close(); h.box.Close() })
	h.platforms = platforms.URL
	h.restart(t)
	pages := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*h.door.Load()).ServeHTTP(w, r) }))
	t.Cleanup(pages.Close)
	h.url = pages.URL
	h.people(t)
	h.x, h.page = h.connect(t, x.Name), h.connect(t, facebook.Name)
	account, err := h.channels.Account(t.Context(), h.page)
	must(t, err)
	connector, err := h.channels.Connector(facebook.Name)
	must(t, err)
	receipt, err := connector.Publish(t.Context(), account, platform.Outgoing{Text: "Pasar Melati buka sampai malam."}, forgetful{})
	must(t, err)
	h.post = receipt.RemoteID
	for _, ch := range []channel.Channel{h.x, h.page} {
		must(t, h.box.Register(t.Context(), sandbox.Hook{Platform: string(ch.Platform), URL: h.url + webhook.Path(ch.App)}))
	}
	return h
}

func (h *house) now() time.Time { return time.UnixMicro(h.clock.Load()).UTC() }

// restart ends the process behind the door, with all it holds in memory, and
// starts another on the same data.
func (h *house) restart(t *testing.T) {
	t.Helper()
	v, err := vault.Open(h.key)
	must(t, err)
	out, log := safehttp.New(safehttp.Options{AllowLoopback: true}), slog.New(slog.DiscardHandler)
	years, err := configs.Calendars()
	must(t, err)
	calendar, err := inbox.NewCalendar(years)
	must(t, err)
	h.channels = &channel.Desk{DB: h.db, Vault: v, Now: h.now, Connectors: listeners(out)}
	h.inbox = &inbox.Inbox{DB: h.db, Vault: v, Channels: h.channels, Log: log, Now: h.now, Every: 30 * time.Second, Near: 15 * time.Minute, Calendar: calendar}
	h.channels.Connected = h.inbox.Connected
	door := (&webhook.Door{DB: h.db, Channels: h.channels, Inbox: h.inbox, Log: log}).Handler()
	h.door.Store(&door)
}

func (h *house) people(t *testing.T) {
	t.Helper()
	desk := identity.NewDesk(h.db, h.channels.Vault, h.now, func(ctx context.Context, tx *db.Tx, by identity.Actor, at time.Time, d identity.Deed) error {
		return audit.Note(ctx, tx, by, at, audit.Deed{Name: d.Name, Subject: d.Subject, Detail: d.Detail})
	})
	a, err := desk.CreateAgency(t.Context(), identity.Operator(), identity.Agency{Slug: "diskominfo", Name: "Dinas Komunikasi dan Informatika"})
	must(t, err)
	p, err := desk.AddPerson(t.Context(), identity.Operator(), identity.Appointment{
		Agency: a.ID, Username: "siti", Name: "Siti Nurjanah", Password: "perahu kertas biru", Role: identity.Moderator})
	must(t, err)
	b, err := desk.CreateAgency(t.Context(), identity.Operator(), identity.Agency{Slug: "protokol", Name: "Bagian Protokol"})
	must(t, err)
	h.agency, h.other = a.ID, b.ID
	h.moderator = identity.NewActor(p.ID, p.Name, a.ID, identity.Web, map[identity.AgencyID][]identity.Role{a.ID: {identity.Moderator}})
}

func (h *house) connect(t *testing.T, name platform.Name) channel.Channel {
	t.Helper()
	ch, err := h.channels.ConnectSandbox(t.Context(), h.agency, h.credential(t, name, 0))
	must(t, err)
	return ch
}

// credential is that of the sandbox's n-th account on a platform.
func (h *house) credential(t *testing.T, name platform.Name, n int) channel.Credential {
	t.Helper()
	for _, c := range h.box.Credentials(h.platforms) {
		if c.Platform != string(name) || c.Mode != "" {
			continue
		}
		if n--; n < 0 {
			return channel.Credential{
				Platform: name, BaseURL: c.BaseURL,
				App:   platform.App{ClientID: c.App.ClientID, ClientSecret: c.App.ClientSecret, VerifyToken: c.App.VerifyToken},
				Token: platform.Token{Access: c.Token.Access, Secret: c.Token.Secret, Refresh: c.Token.Refresh, Expires: c.Token.Expires},
				Of:    platform.Profile{RemoteID: c.AccountID, Handle: c.Handle},
			}
		}
	}
	t.Fatalf("no such account on %s", name)
	return channel.Credential{}
}

// forgetful are notes of a publish call that needs none.
type forgetful struct{}

func (forgetful) Value(string) string                        { return "" }
func (forgetful) Save(context.Context, string, string) error { return nil }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// say lets a citizen comment below our page's post, or mention us on X.
func (h *house) say(t *testing.T, name platform.Name, text string) string {
	t.Helper()
	h.clock.Add(time.Second.Microseconds())
	what := sandbox.Saying{Platform: string(name), Text: text, Author: "bu_sri"}
	if name == facebook.Name {
		what.InReplyTo = h.post
	}
	id, err := h.box.Say(what)
	must(t, err)
	return id
}

// control asks the sandbox's control page.
func (h *house) control(t *testing.T, path string, body map[string]any) {
	t.Helper()
	h.clock.Add(time.Second.Microseconds())
	raw, err := json.Marshal(body)
	must(t, err)
	res, err := http.Post(h.platforms+path, "application/json", bytes.NewReader(raw))
	must(t, err)
	defer res.Body.Close()
	if said, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %s", path, res.Status, said)
	}
}

// pushes is how many bodies lie unread.
func (h *house) pushes(t *testing.T) (n int64) {
	t.Helper()
	must(t, h.db.View(t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.One(t.Context(), tx, "push.not_found", db.Value[int64], `SELECT count(*) FROM push`)
		return err
	}))
	return n
}

// parse keeps every promise to read a push.
func (h *house) parse(t *testing.T) {
	t.Helper()
	var due []outbox.Row
	must(t, h.db.View(t.Context(), func(tx *db.Tx) (err error) {
		due, err = outbox.Ringable(t.Context(), tx, h.now(), h.now(), 0, 1000)
		return err
	}))
	for _, p := range due {
		if p.Kind == inbox.KindParse {
			must(t, h.inbox.Parse(t.Context(), outbox.Ring{Kind: p.Kind, Key: p.Key, Epoch: p.Epoch}))
		}
	}
}

// messages is everything that citizens said, as the office has it, by platform id.
func (h *house) messages(t *testing.T) []inbox.Message {
	t.Helper()
	var all []inbox.Message
	for _, view := range []inbox.View{inbox.Unanswered, inbox.Done} {
		conversations, err := h.inbox.List(t.Context(), h.moderator, inbox.Query{View: view, Limit: 200})
		must(t, err)
		for _, c := range conversations {
			k, err := h.inbox.Load(t.Context(), h.moderator, c.ID)
			must(t, err)
			all = append(all, k.Messages...)
		}
	}
	return all
}

// ids are the platform's ids of messages, sorted.
func ids(all []inbox.Message) []string {
	var out []string
	for _, m := range all {
		out = append(out, m.RemoteID)
	}
	slices.Sort(out)
	return out
}

func sorted(all []string) []string { return slices.Sorted(slices.Values(all)) }
