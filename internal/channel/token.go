package channel

import (
	"context"
	"strconv"
	"time"

	"kentongan/internal/audit"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/live"
	"kentongan/internal/platform"
)

// refreshLease is how long one worker may take to change a token. A refresh
// token is good once: two that use it at the same time lose the channel.
const refreshLease = 30 * time.Second

// refreshFeed is the cursor row that holds the lease.
const refreshFeed = "token.refresh"

// fresh refreshes a token that runs out, and stores the new one before use.
func (d *Desk) fresh(ctx context.Context, c Channel, a platform.Account) (platform.Account, error) {
	connector, err := d.Connector(c.Platform)
	if err != nil {
		return a, err
	}
	r, ok := connector.(platform.Refresher)
	if !ok || !r.Expired(a, d.Now()) {
		return a, nil
	}
	mine, err := d.leaseRefresh(ctx, c, &a, r)
	if err != nil || !mine {
		return a, err
	}
	token, err := r.Refresh(ctx, a)
	if err != nil {
		if refusal := platform.AsRefusal(err); refusal != nil {
			return a, d.lost(ctx, c, refusal, err)
		}
		return a, err
	}
	if token.Refresh == "" { // Google gives it once, with the first token
		token.Refresh = a.Token.Refresh
	}
	if token.Secret == "" {
		token.Secret = a.Token.Secret
	}
	sealed, err := d.sealToken(c.ID, token)
	if err != nil {
		return a, err
	}
	a.Token = token
	return a, d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := saveToken(ctx, tx, c.ID, sealed, token.Expires); err != nil {
			return err
		}
		return MoveCursor(ctx, tx, c.ID, refreshFeed, "0", d.Now())
	})
}

// leaseRefresh takes the right to refresh. mine is false when another worker
// has refreshed already: then a holds its token.
func (d *Desk) leaseRefresh(ctx context.Context, c Channel, a *platform.Account, r platform.Refresher) (mine bool, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := lock(ctx, tx, c.ID); err != nil {
			return err
		}
		now, err := ByID(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		if err := d.openToken(now, a); err != nil || !r.Expired(*a, d.Now()) {
			return err
		}
		held, err := Cursor(ctx, tx, c.ID, refreshFeed)
		if err != nil {
			return err
		}
		if until, _ := strconv.ParseInt(held, 10, 64); until > db.Micros(d.Now()) {
			return fault.New(fault.Transient, "channel.token_being_refreshed", fault.RetryAt(time.UnixMicro(until)))
		}
		mine = true
		return MoveCursor(ctx, tx, c.ID, refreshFeed, strconv.FormatInt(db.Micros(d.Now().Add(refreshLease)), 10), d.Now())
	})
	return mine, err
}

// lost writes that the credential is gone, and says so.
func (d *Desk) lost(ctx context.Context, c Channel, r *platform.Refusal, cause error) error {
	err := d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := SetHealth(ctx, tx, c.ID, AuthLost, r.Code, time.Time{}); err != nil {
			return err
		}
		if err := live.Tell(ctx, tx, c.Agency, "channel", string(c.ID)); err != nil {
			return err
		}
		return audit.Note(ctx, tx, identity.TheSystem("channel", c.Agency), d.Now(), audit.Deed{
			Name: "channel.auth_lost", Subject: "channel/" + string(c.ID), Detail: string(c.Platform) + " " + r.Code})
	})
	if err != nil {
		return err
	}
	return cause
}
