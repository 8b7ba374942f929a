package channel

import (
	"context"
	"encoding/json"
	"time"

	"kentongan/internal/audit"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/live"
	"kentongan/internal/platform"
	"kentongan/internal/vault"
)

// Desk connects channels and opens their credentials for a call.
type Desk struct {
	DB         *db.DB
	Vault      *vault.Vault
	Connectors map[platform.Name]platform.Connector
	Now        func() time.Time
	// Version is the version of a platform's API that the settings name; ""
	// is the connector's own.
	Version func(platform.Name) string
	// Home is the address at which the settings want a platform's API to be
	// asked; "" is the platform's own.
	Home func(platform.Name) string
	// Allowed says whether a person may type an address as a server's.
	Allowed func(address string) error
	// Redirect is our address that consent pages send people back to.
	Redirect string
	// Hook is where a channel's platform pushes to; "" when it cannot reach us.
	Hook func(Channel) string
	// Pretended says that an address is the demo's own sandbox.
	Pretended func(baseURL string) bool
	// Connected runs in the transaction that connects a channel: it puts the
	// promises that read it.
	Connected func(context.Context, *db.Tx, Channel) error
}

func tokenPurpose(id ID) string  { return "channel.token/" + string(id) }
func appPurpose(id AppID) string { return "app.secrets/" + string(id) }

// Connector returns the connector of a platform.
func (d *Desk) Connector(name platform.Name) (platform.Connector, error) {
	c, ok := d.Connectors[name]
	if !ok {
		return nil, fault.New(fault.Invalid, "channel.unknown_platform", fault.Field("platform"), fault.Arg("platform", string(name)))
	}
	return c, nil
}

func (d *Desk) sealToken(id ID, t platform.Token) ([]byte, error) {
	plain, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	return d.Vault.Seal(tokenPurpose(id), plain), nil
}

// Secrets opens an app's secrets.
func (d *Desk) Secrets(a App) (platform.App, error) {
	r, err := d.registration(a)
	return r.App, err
}

func (d *Desk) registration(a App) (r registration, err error) {
	plain, err := d.Vault.Open(appPurpose(a.ID), a.secrets)
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(plain, &r)
}

// Account opens what a connector needs to speak for a channel. A token that
// is about to expire is refreshed first.
func (d *Desk) Account(ctx context.Context, c Channel) (platform.Account, error) {
	a := platform.Account{Platform: c.Platform, BaseURL: c.BaseURL, Mode: c.Mode, Version: d.version(c.Platform), RemoteID: c.RemoteID, Also: c.Also, Handle: c.Handle}
	if c.Manual() {
		return a, nil
	}
	var app App
	err := d.DB.View(ctx, func(tx *db.Tx) (err error) {
		app, err = AppByID(ctx, tx, c.App)
		return err
	})
	if err != nil {
		return a, err
	}
	if a.App, err = d.Secrets(app); err != nil {
		return a, err
	}
	if err := d.openToken(c, &a); err != nil {
		return a, err
	}
	return d.fresh(ctx, c, a)
}

func (d *Desk) version(name platform.Name) string {
	if d.Version == nil {
		return ""
	}
	return d.Version(name)
}

func (d *Desk) openToken(c Channel, a *platform.Account) error {
	plain, err := d.Vault.Open(tokenPurpose(c.ID), c.token)
	if err != nil {
		return err
	}
	return json.Unmarshal(plain, &a.Token)
}

// Repair puts a channel that was frozen back to work, after a person looked.
func (d *Desk) Repair(ctx context.Context, by identity.Actor, id ID) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error {
		c, err := Load(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		if !by.May(identity.Approve, c.Agency) {
			return fault.New(fault.Denied, "channel.repair.no_power")
		}
		if c.Health != Frozen {
			return fault.New(fault.Conflict, "channel.repair.not_frozen")
		}
		foreign, err := Sightings(ctx, tx, id, SightingForeign)
		if err != nil {
			return err
		}
		for _, s := range foreign {
			if err := Judge(ctx, tx, s, SightingKnown); err != nil {
				return err
			}
		}
		if err := SetHealth(ctx, tx, id, OK, "", time.Time{}); err != nil {
			return err
		}
		if err := live.Tell(ctx, tx, c.Agency, "channel", string(id)); err != nil {
			return err
		}
		return audit.Note(ctx, tx, by, d.Now(), audit.Deed{Name: "channel.repair", Subject: "channel/" + string(id)})
	})
}

// Disconnect takes a channel out of use and throws its credential away. What
// was said and published there stays; connecting it again takes it up anew.
func (d *Desk) Disconnect(ctx context.Context, by identity.Actor, id ID) (c Channel, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if c, err = Load(ctx, tx, by.Agency, id); err != nil {
			return err
		}
		if err := mayConnect(by); err != nil {
			return err
		}
		if c.Health == Frozen {
			return fault.New(fault.Conflict, "channel.disconnect.frozen")
		}
		empty, err := d.sealToken(id, platform.Token{})
		if err != nil {
			return err
		}
		if err := switchOff(ctx, tx, id, empty); err != nil {
			return err
		}
		if err := live.Tell(ctx, tx, c.Agency, "channel", string(id)); err != nil {
			return err
		}
		return audit.Note(ctx, tx, by, d.Now(), audit.Deed{Name: "channel.disconnect", Subject: "channel/" + string(id), Detail: string(c.Platform) + " " + c.Handle})
	})
	return c, err
}

// Probe asks the platform whether a channel's credential still holds.
func (d *Desk) Probe(ctx context.Context, c Channel) error {
	if c.Manual() {
		return nil // there is nobody to ask
	}
	account, err := d.Account(ctx, c)
	if err != nil {
		return err
	}
	connector, err := d.Connector(c.Platform)
	if err != nil {
		return err
	}
	if _, err := connector.Verify(ctx, account); err != nil {
		return refused(err, "")
	}
	return nil
}
