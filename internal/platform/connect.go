package platform

import (
	"context"
	"net/url"
)

// Consent is one person's way through a platform's consent page and back.
type Consent struct {
	BaseURL  string
	App      App
	Redirect string // our address that the platform sends the person back to
	State    string // unguessable; the caller compares it
	Verifier string // PKCE (RFC 7636); the challenge is its S256
}

// Granted is one account that a consent opened.
type Granted struct {
	Profile Profile
	Token   Token
	Missing []string // scopes that we need and were not given
}

// Authorizer connects accounts by OAuth in the browser.
type Authorizer interface {
	// ConsentURL is the platform's page where a person lets us in.
	ConsentURL(c Consent) (string, error)
	// Redeem trades what the platform sent back for credentials, one for each
	// account that the person may speak for. A *Refusal says why not.
	Redeem(ctx context.Context, c Consent, back url.Values) ([]Granted, error)
}

// Registrar registers our app at a server by itself (Mastodon).
type Registrar interface {
	Register(ctx context.Context, baseURL, redirect string) (App, error)
}

// Form is what a person typed to connect an account without a consent page.
type Form struct {
	BaseURL  string
	Account  string // "account": Telegram's @channel, WhatsApp's phone number id, a handle
	Password string // "password": Bluesky's app password
	App      App    // "client_id", "client_secret", "verify_token"
	Token    Token  // "access", "secret", "refresh"
}

// Signer signs in with what was typed, where the token itself is not typed or
// does not say which account is meant.
type Signer interface {
	SignIn(ctx context.Context, f Form) (Granted, error)
}
