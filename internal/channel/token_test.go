package channel_test

import (
	"testing"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
	"kentongan/internal/platform"
)

// Many workers find the token run out at the same moment. The refresh token is
// used once; who comes meanwhile is told when to come again; afterwards all
// have the new token.
func TestARefreshTokenIsUsedOnce(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		c := o.expired(t)
		o.paper.hold = make(chan struct{})
		type result struct {
			a   platform.Account
			err error
		}
		const workers = 8
		done := make(chan result, workers)
		for range workers {
			go func() {
				a, err := o.Account(t.Context(), c)
				done <- result{a, err}
			}()
		}
		<-o.paper.began
		for range workers - 1 { // while one refreshes
			r := <-done
			if f := fault.Find(r.err); f == nil || f.Code != "channel.token_being_refreshed" || f.Kind != fault.Transient || !f.RetryAt.After(noon) {
				t.Errorf("a worker beside it: %v", r.err)
			}
		}
		close(o.paper.hold)
		if r := <-done; r.err != nil || r.a.Token.Access != "access-1" {
			t.Errorf("the one that refreshed: %v", r.err)
		}
		// c is the row as it was read before: even so the new token is found.
		if a, err := o.Account(t.Context(), c); err != nil || a.Token.Access != "access-1" || a.Token.Refresh != "refresh-1" {
			t.Errorf("afterwards: %v", err)
		}
		if n := o.paper.refreshes.Load(); n != 1 {
			t.Errorf("refreshed %d times", n)
		}
		if h := o.load(t, c.ID).Health; h != channel.OK {
			t.Errorf("health %s", h)
		}
	})
}

// expired connects a channel whose token has run out.
func (o *office) expired(t *testing.T) channel.Channel {
	t.Helper()
	cred := credential("access-0")
	cred.Token.Expires = noon
	return o.connect(t, cred)
}

// A control: the same workers without the lease use the refresh token more
// than once, and the channel is lost.
func TestWithoutTheLeaseTheChannelIsLost(t *testing.T) {
	t.Parallel()
	p := newPaper()
	a := platform.Account{Token: platform.Token{Refresh: "refresh-0", Expires: noon}}
	p.hold = make(chan struct{})
	refused := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := p.Refresh(t.Context(), a)
			refused <- err
		}()
	}
	<-p.began
	<-p.began
	close(p.hold)
	if one, two := <-refused, <-refused; (platform.AsRefusal(one) == nil) == (platform.AsRefusal(two) == nil) {
		t.Errorf("the platform takes a refresh token twice: %v, %v", one, two)
	}
}

func TestARefusedRefreshMeansTheCredentialIsLost(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	c := o.expired(t)
	o.paper.valid = nil
	if _, err := o.Account(t.Context(), c); platform.AsRefusal(err) == nil {
		t.Errorf("got %v", err)
	}
	if c := o.load(t, c.ID); c.Health != channel.AuthLost || !c.Broken() {
		t.Errorf("health %s", c.Health)
	}
	o.paper.valid = map[string]bool{"refresh-0": true}
	fresh := credential("access-9")
	if _, err := o.Account(t.Context(), o.connect(t, fresh)); err != nil {
		t.Errorf("connecting again does not mend it: %v", err)
	}
}

// A worker that dies while it refreshes holds the others up for as long as its
// lease, no longer.
func TestALeaseOfADeadWorkerEnds(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		c := o.expired(t)
		o.update(t, func(tx *db.Tx) error {
			return channel.MoveCursor(t.Context(), tx, c.ID, "token.refresh", "1772427630000000", noon) // noon + 30 s
		})
		_, err := o.Account(t.Context(), c)
		f := fault.Find(err)
		if f == nil || f.Code != "channel.token_being_refreshed" || !f.RetryAt.Equal(noon.Add(30*time.Second)) {
			t.Fatalf("beside a lease: %v", err)
		}
		o.Now = func() time.Time { return noon.Add(30 * time.Second) }
		if a, err := o.Account(t.Context(), c); err != nil || a.Token.Access != "access-1" {
			t.Errorf("after it: %v", err)
		}
	})
}
