package channel_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/platform"
	"kentongan/internal/vault"
)

// paper is a platform whose tokens run out. A refresh token is good once, as
// on X: whoever brings a used one has lost the channel.
type paper struct {
	mu        sync.Mutex
	valid     map[string]bool // refresh tokens not used yet
	refreshes atomic.Int64
	hold      chan struct{} // Refresh answers when this is closed
	began     chan struct{}
}

func newPaper() *paper {
	p := &paper{valid: map[string]bool{"refresh-0": true}, hold: make(chan struct{}), began: make(chan struct{}, 100)}
	close(p.hold)
	return p
}

func (p *paper) Name() platform.Name { return "paper" }
func (p *paper) Capabilities(platform.Account) platform.Capabilities {
	return platform.Capabilities{Platform: "paper"}
}

func (p *paper) Verify(_ context.Context, a platform.Account) (platform.Profile, error) {
	switch a.Token.Access {
	case "refused":
		return platform.Profile{}, &platform.Refusal{Code: "platform.auth_lost", Said: "no", Auth: true}
	case "silent":
		return platform.Profile{}, &platform.Unclear{Status: 502}
	}
	var also []string
	if a.Token.Access == "several" {
		also = []string{"-100", "-200"}
	}
	return platform.Profile{Also: also, RemoteID: "77", Handle: "tirtawangikota", Name: "Kota Tirtawangi", URL: a.BaseURL + "/tirtawangikota"}, nil
}

func (p *paper) Count(platform.Account, platform.Outgoing) platform.Length { return platform.Length{} }
func (p *paper) Stage(context.Context, platform.Account, platform.Outgoing, platform.Notes) error {
	return nil
}

func (p *paper) Publish(context.Context, platform.Account, platform.Outgoing, platform.Notes) (platform.Receipt, error) {
	return platform.Receipt{}, &platform.Unclear{}
}

func (p *paper) Find(context.Context, platform.Account, platform.Attempt) (platform.Finding, error) {
	return platform.Finding{}, nil
}
func (p *paper) Delete(context.Context, platform.Account, string) error { return nil }

func (p *paper) Expired(a platform.Account, now time.Time) bool {
	return !now.Before(a.Token.Expires) && !a.Token.Expires.IsZero()
}

func (p *paper) Refresh(_ context.Context, a platform.Account) (platform.Token, error) {
	n := p.refreshes.Add(1)
	p.began <- struct{}{}
	<-p.hold
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.valid[a.Token.Refresh] {
		return platform.Token{}, &platform.Refusal{Code: "platform.auth_lost", Said: "used", Auth: true}
	}
	delete(p.valid, a.Token.Refresh)
	next := fmt.Sprint("refresh-", n)
	p.valid[next] = true
	return platform.Token{Access: fmt.Sprint("access-", n), Refresh: next, Expires: noon.Add(time.Hour)}, nil
}

var noon = time.Date(2026, 3, 2, 5, 0, 0, 0, time.UTC)

type office struct {
	*channel.Desk
	paper       *paper
	info, other identity.AgencyID
	admin       identity.Actor
	approver    identity.Actor
	outsider    identity.Actor // approver and administrator of the other agency
}

func newOffice(t *testing.T, d *db.DB) *office {
	t.Helper()
	v, err := vault.Open(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	o := &office{paper: newPaper(), info: "diskominfo", other: "protokol"}
	o.Desk = &channel.Desk{DB: d, Vault: v, Connectors: map[platform.Name]platform.Connector{"paper": o.paper}, Now: func() time.Time { return noon }}
	err = d.Update(t.Context(), func(tx *db.Tx) error {
		for _, id := range []identity.AgencyID{o.info, o.other} {
			if _, err := tx.Exec(t.Context(), `INSERT INTO agency (id, slug, name, zone, created_at) VALUES ($1, $1, $1, 'Asia/Jakarta', 1)`, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	actor := func(id identity.PersonID, a identity.AgencyID, roles ...identity.Role) identity.Actor {
		return identity.NewActor(id, string(id), a, identity.Web, map[identity.AgencyID][]identity.Role{a: roles})
	}
	o.admin = actor("bayu", o.info, identity.Admin)
	o.approver = actor("seno", o.info, identity.Approver)
	o.outsider = actor("galih", o.other, identity.Approver, identity.Admin)
	return o
}

func credential(access string) channel.Credential {
	return channel.Credential{
		Platform: "paper", BaseURL: "https://paper.example/ ",
		App:   platform.App{ClientID: "client", ClientSecret: "app-secret", VerifyToken: "verify"},
		Token: platform.Token{Access: access, Refresh: "refresh-0", Expires: noon.Add(time.Hour)},
	}
}

func (o *office) connect(t *testing.T, cred channel.Credential) channel.Channel {
	t.Helper()
	c, err := o.Connect(t.Context(), o.admin, cred)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (o *office) load(t *testing.T, id channel.ID) (c channel.Channel) {
	t.Helper()
	o.update(t, func(tx *db.Tx) (err error) {
		c, err = channel.ByID(t.Context(), tx, id)
		return err
	})
	return c
}

func (o *office) update(t *testing.T, f func(tx *db.Tx) error) {
	t.Helper()
	if err := o.DB.Update(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func (o *office) count(t *testing.T, query string, args ...any) (n int64) {
	t.Helper()
	o.update(t, func(tx *db.Tx) (err error) {
		n, err = db.One(t.Context(), tx, "", db.Value[int64], query, args...)
		return err
	})
	return n
}

func code(err error) string { return fault.Code(err) }
