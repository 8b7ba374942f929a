package channel

import (
	"context"
	"encoding/json"
	"strings"
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
	// Connected runs in the transaction that connects a channel: it puts the
	// promises that read it.
	Connected func(context.Context, *db.Tx, Channel) error
}

// Credential is what an administrator types, or the sandbox hands out.
type Credential struct {
	Platform platform.Name
	Mode     string
	BaseURL  string
	App      platform.App
	Token    platform.Token
	Sandbox  bool
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

// Connect verifies a credential with the platform and stores the channel.
func (d *Desk) Connect(ctx context.Context, by identity.Actor, cred Credential) (Channel, error) {
	if !by.May(identity.Connect, by.Agency) {
		return Channel{}, fault.New(fault.Denied, "channel.connect.no_power")
	}
	return d.connect(ctx, by, cred)
}

// ConnectSandbox is the demo's own deed: it connects sandbox channels only.
func (d *Desk) ConnectSandbox(ctx context.Context, agency identity.AgencyID, cred Credential) (Channel, error) {
	cred.Sandbox = true
	return d.connect(ctx, identity.TheSystem("demo", agency), cred)
}

func (d *Desk) connect(ctx context.Context, by identity.Actor, cred Credential) (Channel, error) {
	cred.BaseURL = strings.TrimRight(strings.TrimSpace(cred.BaseURL), "/")
	connector, err := d.Connector(cred.Platform)
	if err != nil {
		return Channel{}, err
	}
	if cred.Token.Access == "" {
		return Channel{}, fault.New(fault.Invalid, "channel.connect.no_token", fault.Field("token"))
	}
	profile, err := connector.Verify(ctx, platform.Account{Platform: cred.Platform, BaseURL: cred.BaseURL, Mode: cred.Mode, App: cred.App, Token: cred.Token})
	if err != nil {
		return Channel{}, refused(err)
	}
	c := Channel{
		ID: ID(db.NewID()), Agency: by.Agency, Platform: cred.Platform, Mode: cred.Mode, BaseURL: cred.BaseURL,
		RemoteID: profile.RemoteID, Handle: profile.Handle, Name: profile.Name, URL: profile.URL, Also: profile.Also, Sandbox: cred.Sandbox,
		TokenExpires: cred.Token.Expires,
	}
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if old, err := byKey(ctx, tx, c); err == nil {
			c.ID = old.ID
		}
		app, err := d.keepApp(ctx, tx, by.Agency, cred)
		if err != nil {
			return err
		}
		c.App = app.ID
		if c.token, err = d.sealToken(c.ID, cred.Token); err != nil {
			return err
		}
		if err := insert(ctx, tx, c, d.Now()); err != nil {
			return err
		}
		if err := audit.Note(ctx, tx, by, d.Now(), audit.Deed{Name: "channel.connect", Subject: "channel/" + string(c.ID), Detail: string(c.Platform) + " " + c.Handle}); err != nil {
			return err
		}
		if err := live.Tell(ctx, tx, by.Agency, "channel", string(c.ID)); err != nil {
			return err
		}
		if c, err = ByID(ctx, tx, c.ID); err != nil || d.Connected == nil {
			return err
		}
		return d.Connected(ctx, tx, c)
	})
	return c, err
}

// refused turns a connector's word into a fault that a person can read.
func refused(err error) error {
	if r := platform.AsRefusal(err); r != nil {
		return fault.Wrap(fault.Invalid, r.Code, err, fault.Field("token"), fault.Arg("said", r.Said))
	}
	if fault.Find(err) != nil {
		return err
	}
	return fault.Wrap(fault.Transient, "channel.connect.no_answer", err, fault.Field("base_url"))
}

// keepApp stores the registration, or gives the one there is its new secrets.
func (d *Desk) keepApp(ctx context.Context, tx *db.Tx, agency identity.AgencyID, cred Credential) (App, error) {
	known, err := findApp(ctx, tx, agency, cred.Platform, cred.BaseURL)
	if err != nil {
		return App{}, err
	}
	a := App{ID: AppID(db.NewID()), Agency: agency, Platform: cred.Platform, Name: string(cred.Platform), BaseURL: cred.BaseURL}
	if len(known) > 0 {
		a = known[0]
	}
	secrets, err := json.Marshal(cred.App)
	if err != nil {
		return App{}, err
	}
	a.secrets = d.Vault.Seal(appPurpose(a.ID), secrets)
	return a, saveApp(ctx, tx, a, d.Now())
}

func (d *Desk) sealToken(id ID, t platform.Token) ([]byte, error) {
	plain, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	return d.Vault.Seal(tokenPurpose(id), plain), nil
}

// Secrets opens an app's secrets.
func (d *Desk) Secrets(a App) (app platform.App, err error) {
	plain, err := d.Vault.Open(appPurpose(a.ID), a.secrets)
	if err != nil {
		return app, err
	}
	return app, json.Unmarshal(plain, &app)
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

// Probe asks the platform whether a channel's credential still holds.
func (d *Desk) Probe(ctx context.Context, c Channel) error {
	account, err := d.Account(ctx, c)
	if err != nil {
		return err
	}
	connector, err := d.Connector(c.Platform)
	if err != nil {
		return err
	}
	if _, err := connector.Verify(ctx, account); err != nil {
		return refused(err)
	}
	return nil
}
