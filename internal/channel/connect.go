package channel

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"strings"
	"time"

	"kentongan/internal/audit"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/live"
	"kentongan/internal/platform"
)

// answerIn is how long a person waits for a platform at most.
const answerIn = 45 * time.Second

// Credential is what an administrator types, or the sandbox hands out.
type Credential struct {
	Platform platform.Name
	Mode     string
	BaseURL  string
	App      platform.App
	Token    platform.Token
	Sandbox  bool
	// Of is the account that the token speaks for, where a token alone does
	// not say it: a person's token on LinkedIn opens several organisations.
	Of platform.Profile
	// Missing are permissions that the platform did not give.
	Missing []string
}

// Connect verifies a credential with the platform and stores the channel.
func (d *Desk) Connect(ctx context.Context, by identity.Actor, cred Credential) (Channel, error) {
	if err := mayConnect(by); err != nil {
		return Channel{}, err
	}
	return d.connect(ctx, by, cred)
}

// ConnectSandbox is the demo's own deed: it connects sandbox channels only.
func (d *Desk) ConnectSandbox(ctx context.Context, agency identity.AgencyID, cred Credential) (Channel, error) {
	cred.Sandbox = true
	return d.connect(ctx, identity.TheSystem("demo", agency), cred)
}

func mayConnect(by identity.Actor) error {
	if !by.May(identity.Connect, by.Agency) {
		return fault.New(fault.Denied, "channel.connect.no_power")
	}
	return nil
}

// base is the address to ask: what was typed, else the platform's API as the
// settings name it. What was typed is looked at before anything is sent.
func (d *Desk) base(connector platform.Connector, mode, typed string) (string, error) {
	typed = strings.TrimRight(strings.TrimSpace(typed), "/")
	name := connector.Name()
	usual := connector.Capabilities(platform.Account{Platform: name}).Connect.Home
	own := connector.Capabilities(platform.Account{Platform: name, Mode: mode}).Connect.Home
	switch {
	case own != usual: // a variant with an address of its own (TikTok's Business API)
		usual = own
	case d.Home != nil && d.Home(name) != "":
		usual = d.Home(name)
	}
	switch {
	case typed == "" && usual == "":
		return "", fault.New(fault.Invalid, "channel.connect.no_address", fault.Field("base_url"))
	case typed == "" || typed == usual:
		return usual, nil
	case d.Allowed != nil:
		return typed, d.Allowed(typed)
	}
	return typed, nil
}

func (d *Desk) connect(ctx context.Context, by identity.Actor, cred Credential) (Channel, error) {
	connector, err := d.Connector(cred.Platform)
	if err != nil {
		return Channel{}, err
	}
	if cred.BaseURL, err = d.base(connector, cred.Mode, cred.BaseURL); err != nil {
		return Channel{}, err
	}
	if cred.Token.Access == "" {
		return Channel{}, fault.New(fault.Invalid, "channel.connect.no_token", fault.Field("access"))
	}
	cred.App = named(cred.Platform, cred.App, cred.Token)
	c, err := d.verified(ctx, by, connector, cred)
	if err != nil {
		return Channel{}, err
	}
	err = d.DB.Update(ctx, func(tx *db.Tx) (err error) {
		c, err = d.keep(ctx, tx, by, c, cred, connector)
		return err
	})
	return c, err
}

// verified asks the platform whose credential it is.
func (d *Desk) verified(ctx context.Context, by identity.Actor, connector platform.Connector, cred Credential) (Channel, error) {
	ctx, stop := context.WithTimeout(ctx, answerIn)
	defer stop()
	who, err := connector.Verify(ctx, platform.Account{Platform: cred.Platform, BaseURL: cred.BaseURL, Mode: cred.Mode, Version: d.version(cred.Platform),
		RemoteID: cred.Of.RemoteID, Also: cred.Of.Also, Handle: cred.Of.Handle, App: cred.App, Token: cred.Token})
	if err != nil {
		return Channel{}, refused(err, "access")
	}
	if cred.Of.RemoteID != "" && who.RemoteID != cred.Of.RemoteID {
		return Channel{}, fault.New(fault.Conflict, "channel.connect.other_account", fault.Arg("wanted", cred.Of.Handle), fault.Arg("got", who.Handle))
	}
	if len(who.Also) == 0 {
		who.Also = cred.Of.Also
	}
	return Channel{
		ID: ID(db.NewID()), Agency: by.Agency, Platform: cred.Platform, Mode: cred.Mode, BaseURL: cred.BaseURL,
		RemoteID: who.RemoteID, Handle: who.Handle, Name: who.Name, URL: who.URL, Also: who.Also, Missing: cred.Missing,
		Sandbox: cred.Sandbox || d.Pretended != nil && d.Pretended(cred.BaseURL), TokenExpires: cred.Token.Expires,
	}, nil
}

// keep stores a channel with its app and its token, and promises what follows.
func (d *Desk) keep(ctx context.Context, tx *db.Tx, by identity.Actor, c Channel, cred Credential, connector platform.Connector) (Channel, error) {
	if old, err := byKey(ctx, tx, c); err == nil {
		c.ID = old.ID
	}
	app, err := d.keepApp(ctx, tx, by.Agency, cred, connector)
	if err != nil {
		return c, err
	}
	c.App = app.ID
	if c.token, err = d.sealToken(c.ID, cred.Token); err != nil {
		return c, err
	}
	if err := insert(ctx, tx, c, d.Now()); err != nil {
		return c, err
	}
	if err := audit.Note(ctx, tx, by, d.Now(), audit.Deed{Name: "channel.connect", Subject: "channel/" + string(c.ID), Detail: strings.TrimSpace(string(c.Platform) + " " + c.Handle + " " + c.Mode)}); err != nil {
		return c, err
	}
	if err := live.Tell(ctx, tx, by.Agency, "channel", string(c.ID)); err != nil {
		return c, err
	}
	if c, err = ByID(ctx, tx, c.ID); err != nil || c.Manual() {
		return c, err
	}
	if err := d.promiseSubscription(ctx, tx, c, connector); err != nil || d.Connected == nil {
		return c, err
	}
	return c, d.Connected(ctx, tx, c)
}

// refused turns a connector's word into a fault that a person can read.
func refused(err error, field string) error {
	if r := platform.AsRefusal(err); r != nil {
		if strings.HasPrefix(r.Code, "platform.consent.") {
			field = ""
		}
		return fault.Wrap(fault.Invalid, r.Code, err, fault.Field(field), fault.Arg("said", r.Said))
	}
	if fault.Find(err) != nil {
		return err
	}
	return fault.Wrap(fault.Transient, "channel.connect.no_answer", err, fault.Field("base_url"))
}

// registration is what is sealed of an app.
type registration struct {
	platform.App
	// Redirect is the address that a server has written down for an app which
	// it registered by itself; "" when a person registered the app.
	Redirect string `json:",omitempty"`
}

// keepApp stores the registration. One with the same client id gets its new
// secrets; what was not typed again stays; another client id is another app.
func (d *Desk) keepApp(ctx context.Context, tx *db.Tx, agency identity.AgencyID, cred Credential, connector platform.Connector) (App, error) {
	a, known, err := d.knownApp(ctx, tx, agency, cred.Platform, cred.BaseURL, cred.App.ClientID)
	if err != nil {
		return App{}, err
	}
	if a.ID == "" {
		a = App{ID: AppID(db.NewID()), Agency: agency, Platform: cred.Platform, Name: string(cred.Platform), BaseURL: cred.BaseURL}
	}
	known.App = complete(cred.App, known.App)
	if _, listens := connector.(platform.Listener); listens && known.VerifyToken == "" {
		known.VerifyToken = rand.Text()
	}
	return d.saveRegistration(ctx, tx, a, known)
}

func (d *Desk) saveRegistration(ctx context.Context, tx *db.Tx, a App, r registration) (App, error) {
	plain, err := json.Marshal(r)
	if err != nil {
		return App{}, err
	}
	a.secrets = d.Vault.Seal(appPurpose(a.ID), plain)
	return a, saveApp(ctx, tx, a, d.Now())
}

// knownApp is the agency's app with that client id at a server; any one of
// them when no client id was typed.
func (d *Desk) knownApp(ctx context.Context, tx *db.Tx, agency identity.AgencyID, name platform.Name, baseURL, clientID string) (App, registration, error) {
	all, err := findApp(ctx, tx, agency, name, baseURL)
	if err != nil {
		return App{}, registration{}, err
	}
	for _, a := range all {
		r, err := d.registration(a)
		if err != nil {
			return App{}, registration{}, err
		}
		if clientID == "" || r.ClientID == "" || r.ClientID == clientID {
			return a, r, nil
		}
	}
	return App{}, registration{}, nil
}

// named gives an app that has no id the one it has by its token: at Telegram
// the bot is the registration (its token is "id:secret"), and each bot has an
// address of its own to push to.
func named(name platform.Name, app platform.App, t platform.Token) platform.App {
	if id, _, ok := strings.Cut(t.Access, ":"); ok && name == platform.Telegram && app.ClientID == "" {
		app.ClientID = id
	}
	return app
}

// complete fills what was not typed from what is known.
func complete(typed, known platform.App) platform.App {
	if typed.ClientID == "" {
		typed.ClientID = known.ClientID
	}
	if typed.ClientSecret == "" {
		typed.ClientSecret = known.ClientSecret
	}
	if typed.VerifyToken == "" {
		typed.VerifyToken = known.VerifyToken
	}
	return typed
}
