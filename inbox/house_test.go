package inbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"kentongan/configs"
	"kentongan/inbox"
	"kentongan/internal/audit"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/identity"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
	"kentongan/internal/platform/facebook"
	"kentongan/internal/platform/mastodon"
	"kentongan/internal/platform/x"
	"kentongan/internal/safehttp"
	"kentongan/internal/sandbox"
	"kentongan/internal/vault"
)

const password = "perahu kertas biru"

// house is two agencies of one city, with channels of a sandbox, on a clock
// that the test moves.
type house struct {
	*inbox.Inbox
	clock             *atomic.Int64
	desk              *identity.Desk
	sandbox           *sandbox.Sandbox
	url               string
	info, protokol    identity.Agency
	officer, stranger identity.Actor
	admin             identity.Actor
	mastodon, x       channel.Channel
}

// monday is 09.00 in Jakarta on a working day.
var monday = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	v, err := vault.Open(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	h := &house{clock: &atomic.Int64{}}
	h.clock.Store(monday.UnixMicro())
	now := func() time.Time { return time.UnixMicro(h.clock.Load()).UTC() }
	h.sandbox, err = sandbox.New(sandbox.Options{Seed: 7, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(h.sandbox.Handler())
	t.Cleanup(func() { srv.Close(); _ = h.sandbox.Close() })
	h.url = srv.URL
	client := safehttp.New(safehttp.Options{AllowLoopback: true})
	years, err := configs.Calendars()
	if err != nil {
		t.Fatal(err)
	}
	calendar, err := inbox.NewCalendar(years)
	if err != nil {
		t.Fatal(err)
	}
	channels := &channel.Desk{DB: d, Vault: v, Now: now, Connectors: map[platform.Name]platform.Connector{
		mastodon.Name: mastodon.New(client), x.Name: x.New(client), facebook.Name: facebook.New(client),
	}}
	h.Inbox = &inbox.Inbox{
		DB: d, Vault: v, Channels: channels, Log: slog.New(slog.DiscardHandler), Now: now,
		Every: 30 * time.Second, Near: 15 * time.Minute, LifeSafety: 15 * time.Minute, Calendar: calendar,
	}
	channels.Connected = h.Connected
	h.desk = identity.NewDesk(d, v, now, func(ctx context.Context, tx *db.Tx, by identity.Actor, at time.Time, deed identity.Deed) error {
		return audit.Note(ctx, tx, by, at, audit.Deed{Name: deed.Name, Subject: deed.Subject, Detail: deed.Detail})
	})
	h.info = h.agency(t, "diskominfo")
	h.protokol = h.agency(t, "protokol")
	h.officer = h.person(t, h.info, "ratih", identity.Officer)
	h.stranger = h.person(t, h.protokol, "seno", identity.Moderator)
	h.admin = h.person(t, h.info, "bayu", identity.Admin)
	h.mastodon = h.connect(t, "mastodon")
	h.x = h.connect(t, "x")
	return h
}

func (h *house) agency(t *testing.T, slug string) identity.Agency {
	t.Helper()
	a, err := h.desk.CreateAgency(t.Context(), identity.Operator(), identity.Agency{Slug: slug, Name: slug})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (h *house) person(t *testing.T, a identity.Agency, name string, r identity.Role) identity.Actor {
	t.Helper()
	p, err := h.desk.AddPerson(t.Context(), identity.Operator(), identity.Appointment{Agency: a.ID, Username: name, Name: name, Password: password, Role: r})
	if err != nil {
		t.Fatal(err)
	}
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
			Token: platform.Token{Access: c.Token.Access, Secret: c.Token.Secret},
		})
		if err != nil {
			t.Fatal(err)
		}
		return ch
	}
	t.Fatalf("the sandbox has no account on %s", name)
	return channel.Channel{}
}

func (h *house) pass(d time.Duration) { h.clock.Add(d.Microseconds()) }

func (h *house) update(t *testing.T, f func(*db.Tx) error) {
	t.Helper()
	if err := h.DB.Update(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// receive gives items to the one door, as if they had been pushed.
func (h *house) receive(t *testing.T, ch channel.Channel, items ...platform.Item) (got inbox.Received) {
	t.Helper()
	h.update(t, func(tx *db.Tx) (err error) {
		got, err = h.Receive(t.Context(), tx, ch, items, time.Time{})
		return err
	})
	return got
}

// promise returns a promise as it stands.
func (h *house) promise(t *testing.T, kind, key string) (row outbox.Row) {
	t.Helper()
	h.update(t, func(tx *db.Tx) (err error) {
		row, err = outbox.One(t.Context(), tx, kind, key)
		return err
	})
	return row
}

// poll moves the clock to the next poll of a channel and rings it.
func (h *house) poll(t *testing.T, ch channel.Channel) outbox.Row {
	t.Helper()
	p := h.promise(t, inbox.KindPoll, string(ch.ID))
	if p.Due.After(h.Now()) {
		h.clock.Store(p.Due.UnixMicro())
	}
	if err := h.Poll(t.Context(), outbox.Ring{Kind: p.Kind, Key: p.Key, Epoch: p.Epoch}); err != nil {
		t.Fatal(err)
	}
	return h.promise(t, inbox.KindPoll, string(ch.ID))
}

func (h *house) list(t *testing.T, v inbox.View) []inbox.Conversation {
	t.Helper()
	all, err := h.List(t.Context(), h.officer, inbox.Query{View: v})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (h *house) load(t *testing.T, id inbox.ConversationID) inbox.Case {
	t.Helper()
	k, err := h.Load(t.Context(), h.officer, id)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// control posts to the sandbox's control page.
func (h *house) control(t *testing.T, path string, body any) map[string]any {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.Post(h.url+path, "application/json", bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 300 {
		t.Fatalf("%s: %d %s %v", path, res.StatusCode, text, err)
	}
	var out map[string]any
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func (h *house) say(t *testing.T, platform, text string) string {
	t.Helper()
	h.pass(time.Second)
	id, _ := h.control(t, "/sandbox/say", map[string]any{"platform": platform, "text": text, "kind": "mention"})["id"].(string)
	if id == "" {
		t.Fatal("the sandbox gave no id")
	}
	return id
}
