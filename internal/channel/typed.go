package channel

import (
	"context"
	"net/url"
	"strings"

	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/platform"
)

// Typed is an account that is connected with what a person typed: a token, an
// app password, a bot's token and the channel it writes to.
type Typed struct {
	Platform platform.Name
	Mode     string
	Form     platform.Form
}

// SignIn connects an account without a consent page.
func (d *Desk) SignIn(ctx context.Context, by identity.Actor, t Typed) (Channel, error) {
	if err := mayConnect(by); err != nil {
		return Channel{}, err
	}
	connector, err := d.Connector(t.Platform)
	if err != nil {
		return Channel{}, err
	}
	if t.Form.BaseURL, err = d.base(connector, t.Mode, t.Form.BaseURL); err != nil {
		return Channel{}, err
	}
	t.Form.App = named(t.Platform, t.Form.App, t.Form.Token)
	err = d.DB.View(ctx, func(tx *db.Tx) error {
		_, known, err := d.knownApp(ctx, tx, by.Agency, t.Platform, t.Form.BaseURL, t.Form.App.ClientID)
		t.Form.App = complete(t.Form.App, known.App)
		return err
	})
	if err != nil {
		return Channel{}, err
	}
	cred := Credential{Platform: t.Platform, Mode: t.Mode, BaseURL: t.Form.BaseURL, App: t.Form.App, Token: t.Form.Token}
	if signer, ok := connector.(platform.Signer); ok && t.Mode == "" {
		ask, stop := context.WithTimeout(ctx, answerIn)
		defer stop()
		granted, err := signer.SignIn(ask, t.Form)
		if err != nil {
			return Channel{}, refused(err, "")
		}
		cred.Token, cred.Of, cred.Missing = granted.Token, granted.Profile, granted.Missing
	}
	return d.connect(ctx, by, cred)
}

// Manual is an account that is written by hand: the platform has no interface,
// or has not admitted the office's app yet.
type Manual struct {
	Platform platform.Name
	Handle   string
	URL      string // of the page that citizens see
}

// ConnectManual keeps an account whose posts a person publishes. Nothing is
// asked of the platform and no secret is stored.
func (d *Desk) ConnectManual(ctx context.Context, by identity.Actor, m Manual) (c Channel, err error) {
	if err := mayConnect(by); err != nil {
		return Channel{}, err
	}
	if err := d.mayByHand(m.Platform); err != nil {
		return Channel{}, err
	}
	m.Handle, m.URL = strings.TrimSpace(m.Handle), strings.TrimSpace(m.URL)
	if err := m.check(); err != nil {
		return Channel{}, err
	}
	c = Channel{ID: ID(db.NewID()), Agency: by.Agency, Platform: m.Platform, Mode: platform.Manual,
		RemoteID: strings.ToLower(strings.TrimRight(m.URL, "/")), Handle: m.Handle, Name: m.Handle, URL: m.URL}
	err = d.DB.Update(ctx, func(tx *db.Tx) (err error) {
		c, err = d.keep(ctx, tx, by, c, Credential{Platform: m.Platform, Mode: platform.Manual}, nil)
		return err
	})
	return c, err
}

// mayByHand knows the platforms with a connector and the two that have none.
func (d *Desk) mayByHand(name platform.Name) error {
	if name == platform.WhatsAppChannel || name == platform.YouTubeCommunity {
		return nil
	}
	_, err := d.Connector(name)
	return err
}

func (m Manual) check() error {
	var wrong fault.List
	if m.Handle == "" || len([]rune(m.Handle)) > 100 {
		wrong.Add(fault.New(fault.Invalid, "channel.manual.no_name", fault.Field("handle")))
	}
	u, err := url.Parse(m.URL)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		wrong.Add(fault.New(fault.Invalid, "channel.manual.no_url", fault.Field("url")))
	}
	return wrong.Err()
}
