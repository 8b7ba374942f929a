package channel

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"slices"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/platform"
)

// consentLife is how long a person may take on a platform's consent page, and
// afterwards to choose among the accounts it opened.
const consentLife = 15 * time.Minute

// ConsentID is the hash of a consent's state: what the database knows cannot
// be sent back by anybody.
type ConsentID string

// Beginning is what a consent needs to be begun.
type Beginning struct {
	Platform platform.Name
	Mode     string
	BaseURL  string
	App      platform.App
	Session  identity.SessionID // of the browser that must come back
}

// Offer is what a consent opened: the accounts to choose from.
type Offer struct {
	ID       ConsentID
	Platform platform.Name
	Accounts []Candidate
}

// Candidate is one account of an offer.
type Candidate struct {
	platform.Profile
	Missing []string
}

// consent is a person on the way through a consent page.
type consent struct {
	ID        ConsentID
	Agency    identity.AgencyID
	Person    identity.PersonID
	Session   identity.SessionID
	Platform  platform.Name
	Mode      string
	BaseURL   string
	Redirect  string
	CreatedAt time.Time
	UsedAt    time.Time
	secrets   []byte
	result    []byte
}

// way is what is sealed of a consent: whoever reads the database can neither
// redeem a code nor use what came of one.
type way struct {
	App      platform.App
	Verifier string
}

func consentID(state string) ConsentID {
	sum := sha256.Sum256([]byte(state))
	return ConsentID(hex.EncodeToString(sum[:]))
}

func wayPurpose(id ConsentID) string    { return "consent/" + string(id) }
func resultPurpose(id ConsentID) string { return "consent.result/" + string(id) }

// Begin opens a consent and returns the platform's page to go to. The state is
// 256 bits that only this browser's way and the platform know; the verifier
// (PKCE, RFC 7636) never leaves us before the code is redeemed.
func (d *Desk) Begin(ctx context.Context, by identity.Actor, b Beginning) (address string, err error) {
	if err := mayConnect(by); err != nil {
		return "", err
	}
	connector, err := d.Connector(b.Platform)
	if err != nil {
		return "", err
	}
	authorizer, ok := connector.(platform.Authorizer)
	if !ok {
		return "", fault.New(fault.Invalid, "channel.consent.not_offered", fault.Field("platform"))
	}
	if b.BaseURL, err = d.base(connector, b.Mode, b.BaseURL); err != nil {
		return "", err
	}
	if b.App, err = d.appFor(ctx, by.Agency, b, connector); err != nil {
		return "", err
	}
	state, verifier := secret(), secret()
	address, err = authorizer.ConsentURL(platform.Consent{BaseURL: b.BaseURL, App: b.App, Redirect: d.Redirect, State: state, Verifier: verifier})
	if err != nil {
		return "", refused(err, "")
	}
	c := consent{ID: consentID(state), Agency: by.Agency, Person: by.ID, Session: b.Session, Platform: b.Platform, Mode: b.Mode,
		BaseURL: b.BaseURL, Redirect: d.Redirect, CreatedAt: d.Now()}
	sealed, err := json.Marshal(way{App: b.App, Verifier: verifier})
	if err != nil {
		return "", err
	}
	c.secrets = d.Vault.Seal(wayPurpose(c.ID), sealed)
	return address, d.DB.Update(ctx, func(tx *db.Tx) error {
		if err := forgetConsents(ctx, tx, d.Now().Add(-consentLife)); err != nil {
			return err
		}
		return insertConsent(ctx, tx, c)
	})
}

// secret is 256 random bits in the letters that RFC 7636 allows a verifier.
func secret() string { return rand.Text() + rand.Text() }

// appFor is the registration to ask with: what was typed, completed from what
// is known; else one that the server gives us now.
func (d *Desk) appFor(ctx context.Context, agency identity.AgencyID, b Beginning, connector platform.Connector) (platform.App, error) {
	registrar, selfService := connector.(platform.Registrar)
	var app App
	var known registration
	err := d.DB.View(ctx, func(tx *db.Tx) (err error) {
		app, known, err = d.knownApp(ctx, tx, agency, b.Platform, b.BaseURL, b.App.ClientID)
		return err
	})
	if err != nil {
		return platform.App{}, err
	}
	typed := complete(b.App, known.App)
	switch {
	case typed.ClientID == "" && !selfService:
		return typed, fault.New(fault.Invalid, "channel.consent.no_app", fault.Field("client_id"))
	case typed.ClientID == "", selfService && b.App.ClientID == "" && known.Redirect != d.Redirect:
		// It has never seen us, or our address has changed since: a server
		// sends nobody to an address that it has not written down.
		ctx, stop := context.WithTimeout(ctx, answerIn)
		defer stop()
		fresh, err := registrar.Register(ctx, b.BaseURL, d.Redirect)
		if err != nil {
			return typed, refused(err, "base_url")
		}
		fresh = complete(fresh, platform.App{VerifyToken: known.VerifyToken})
		return fresh, d.DB.Update(ctx, func(tx *db.Tx) error {
			if app.ID == "" {
				app = App{ID: AppID(db.NewID()), Agency: agency, Platform: b.Platform, Name: string(b.Platform), BaseURL: b.BaseURL}
			}
			_, err := d.saveRegistration(ctx, tx, app, registration{App: fresh, Redirect: d.Redirect})
			return err
		})
	}
	return typed, nil
}

// Return takes what the platform sent back with the browser, once, and trades
// it at once: a code lives for seconds on some platforms.
func (d *Desk) Return(ctx context.Context, by identity.Actor, session identity.SessionID, back url.Values) (Offer, error) {
	if err := mayConnect(by); err != nil {
		return Offer{}, err
	}
	c, err := d.takeConsent(ctx, by, session, consentID(back.Get("state")))
	if err != nil {
		return Offer{}, err
	}
	none := Offer{Platform: c.Platform} // where to begin anew
	connector, err := d.Connector(c.Platform)
	if err != nil {
		return none, err
	}
	authorizer, ok := connector.(platform.Authorizer)
	if !ok {
		return none, fault.New(fault.Invalid, "channel.consent.not_offered")
	}
	w, err := d.openWay(c)
	if err != nil {
		return none, err
	}
	ask, stop := context.WithTimeout(ctx, answerIn)
	defer stop()
	granted, err := authorizer.Redeem(ask, platform.Consent{BaseURL: c.BaseURL, App: w.App, Redirect: c.Redirect, State: back.Get("state"), Verifier: w.Verifier}, back)
	if err != nil {
		return none, refused(err, "")
	}
	if len(granted) == 0 {
		return none, fault.New(fault.Invalid, "channel.consent.no_account")
	}
	sealed, err := json.Marshal(granted)
	if err != nil {
		return none, err
	}
	c.result = d.Vault.Seal(resultPurpose(c.ID), sealed)
	// What was traded must be kept even when the browser hangs up now.
	keep := context.WithoutCancel(ctx)
	err = d.DB.Update(keep, func(tx *db.Tx) error { return saveConsentResult(keep, tx, c) })
	return offer(c, granted), err
}

// takeConsent finds the consent that this browser began, and uses it up.
func (d *Desk) takeConsent(ctx context.Context, by identity.Actor, session identity.SessionID, id ConsentID) (c consent, err error) {
	err = d.DB.Update(ctx, func(tx *db.Tx) error {
		if c, err = d.ownConsent(ctx, tx, by, session, id); err != nil {
			return err
		}
		mine, err := useConsent(ctx, tx, c.ID, d.Now())
		if err == nil && !mine {
			err = fault.New(fault.Conflict, "channel.consent.used")
		}
		return err
	})
	return c, err
}

// ownConsent loads a consent of this person, this agency and this browser.
// Anything else does not exist: a foreign address with a state in it must not
// connect an account in our name.
func (d *Desk) ownConsent(ctx context.Context, tx *db.Tx, by identity.Actor, session identity.SessionID, id ConsentID) (consent, error) {
	c, err := consentByID(ctx, tx, id)
	if err != nil {
		return c, err
	}
	if c.Person != by.ID || c.Agency != by.Agency || c.Session != session {
		return consent{}, fault.New(fault.NotFound, "channel.consent.unknown")
	}
	if d.Now().Sub(c.CreatedAt) > consentLife {
		return consent{}, fault.New(fault.Conflict, "channel.consent.too_late")
	}
	return c, nil
}

func (d *Desk) openWay(c consent) (w way, err error) {
	plain, err := d.Vault.Open(wayPurpose(c.ID), c.secrets)
	if err != nil {
		return w, err
	}
	return w, json.Unmarshal(plain, &w)
}

func (d *Desk) openResult(c consent) (all []platform.Granted, err error) {
	if len(c.result) == 0 {
		return nil, fault.New(fault.NotFound, "channel.consent.unknown")
	}
	plain, err := d.Vault.Open(resultPurpose(c.ID), c.result)
	if err != nil {
		return nil, err
	}
	return all, json.Unmarshal(plain, &all)
}

func offer(c consent, granted []platform.Granted) Offer {
	o := Offer{ID: c.ID, Platform: c.Platform}
	for _, g := range granted {
		o.Accounts = append(o.Accounts, Candidate{g.Profile, g.Missing})
	}
	return o
}

// Offered shows again what a consent opened.
func (d *Desk) Offered(ctx context.Context, by identity.Actor, session identity.SessionID, id ConsentID) (o Offer, err error) {
	if err := mayConnect(by); err != nil {
		return o, err
	}
	var c consent
	err = d.DB.View(ctx, func(tx *db.Tx) (err error) {
		c, err = d.ownConsent(ctx, tx, by, session, id)
		return err
	})
	if err != nil {
		return o, err
	}
	granted, err := d.openResult(c)
	return offer(c, granted), err
}

// Choose connects the accounts picked from an offer. Each is verified first,
// as if its token had been typed. The offer is gone when all are connected.
func (d *Desk) Choose(ctx context.Context, by identity.Actor, session identity.SessionID, id ConsentID, remoteIDs []string) (connected []Channel, err error) {
	if err := mayConnect(by); err != nil {
		return nil, err
	}
	var c consent
	err = d.DB.View(ctx, func(tx *db.Tx) (err error) {
		c, err = d.ownConsent(ctx, tx, by, session, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	granted, err := d.openResult(c)
	if err != nil {
		return nil, err
	}
	w, err := d.openWay(c)
	if err != nil {
		return nil, err
	}
	granted = slices.DeleteFunc(granted, func(g platform.Granted) bool { return !slices.Contains(remoteIDs, g.Profile.RemoteID) })
	if len(granted) == 0 {
		return nil, fault.New(fault.Invalid, "channel.consent.none_chosen", fault.Field("account"))
	}
	for _, g := range granted {
		ch, err := d.connect(ctx, by, Credential{Platform: c.Platform, Mode: c.Mode, BaseURL: c.BaseURL, App: w.App, Token: g.Token, Of: g.Profile, Missing: g.Missing})
		if err != nil {
			return connected, err
		}
		connected = append(connected, ch)
	}
	return connected, d.DB.Update(ctx, func(tx *db.Tx) error { return deleteConsent(ctx, tx, c.ID) })
}

// Forget drops consents that nobody can use any more, with the credentials
// they may hold.
func (d *Desk) Forget(ctx context.Context) error {
	return d.DB.Update(ctx, func(tx *db.Tx) error { return forgetConsents(ctx, tx, d.Now().Add(-consentLife)) })
}
