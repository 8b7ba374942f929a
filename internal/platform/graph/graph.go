// Package graph is what Meta's three interfaces have in common: the Graph API
// of Facebook Pages, of Instagram and of Threads speak with the same errors,
// rate headers, lists, webhooks and kinds of token.
package graph

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// API is one of the interfaces.
type API struct {
	Client  *safehttp.Client
	Version string // path element of an account without a setting: "v25.0"
	Proof   bool   // send appsecret_proof, where the office has its secret
}

// Root is the address below which an account's calls are made.
func (g API) Root(a platform.Account) string {
	version := a.Version
	if version == "" {
		version = g.Version
	}
	return wire.Path(a.BaseURL, version)
}

// Prove is appsecret_proof: it shows that a call with this token comes from us.
// https://developers.facebook.com/docs/graph-api/guides/secure-requests
func Prove(token, secret string) string {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(token))
	return hex.EncodeToString(h.Sum(nil))
}

func (g API) proven(a platform.Account, params url.Values) url.Values {
	if params == nil {
		params = url.Values{}
	}
	if g.Proof && a.App.ClientSecret != "" {
		params.Set("appsecret_proof", Prove(a.Token.Access, a.App.ClientSecret))
	}
	return params
}

// Get reads a node or an edge.
func (g API) Get(ctx context.Context, a platform.Account, into any, params url.Values, path ...string) (safehttp.Answer, error) {
	req, err := wire.Request(ctx, http.MethodGet, wire.Path(g.Root(a), path...), g.proven(a, params))
	return g.decoded(ctx, a, req, err, into)
}

// Post writes to a node or an edge.
func (g API) Post(ctx context.Context, a platform.Account, into any, form url.Values, path ...string) (safehttp.Answer, error) {
	req, err := wire.Form(ctx, http.MethodPost, wire.Path(g.Root(a), path...), g.proven(a, form))
	return g.decoded(ctx, a, req, err, into)
}

// Delete removes a node.
func (g API) Delete(ctx context.Context, a platform.Account, path ...string) error {
	return g.DeleteWith(ctx, a, nil, path...)
}

// DeleteWith takes something off an edge.
func (g API) DeleteWith(ctx context.Context, a platform.Account, params url.Values, path ...string) error {
	req, err := wire.Request(ctx, http.MethodDelete, wire.Path(g.Root(a), path...), g.proven(a, params))
	var done Success
	if _, err = g.decoded(ctx, a, req, err, &done); err != nil {
		return err
	}
	return done.Confirmed()
}

func (g API) decoded(ctx context.Context, a platform.Account, req *http.Request, err error, into any) (safehttp.Answer, error) {
	if err != nil {
		return safehttp.Answer{}, err
	}
	answer, err := g.Send(ctx, a, req)
	if err != nil {
		return answer, err
	}
	if err := wire.Whole(answer.Body, into); err != nil {
		return answer, &platform.Unclear{Status: answer.Status, Said: "unreadable answer", Err: err}
	}
	return answer, nil
}

// Send makes one authorised call; its error is one of the contract's.
func (g API) Send(ctx context.Context, a platform.Account, req *http.Request) (safehttp.Answer, error) {
	if req.Header.Get("Authorization") == "" && a.Token.Access != "" {
		req.Header.Set("Authorization", "Bearer "+a.Token.Access)
	}
	answer, err := g.Client.Fetch(req)
	if err != nil {
		return answer, wire.Failed(err)
	}
	Usage(ctx, answer.Header)
	// An error may come with a good status, too.
	if e, spoken := Parse(answer.Body); spoken {
		return answer, Meaning(e, safehttp.Said([]byte(e.words()), a.Token.Access, a.App.ClientSecret), answer, time.Now())
	}
	if answer.OK() {
		return answer, nil
	}
	said := safehttp.Said(answer.Body, a.Token.Access, a.App.ClientSecret)
	if answer.Status == http.StatusTooManyRequests {
		return answer, &platform.Throttle{Until: Again(answer.Header, time.Now()), Said: said}
	}
	// Somebody in between spoke: what the platform itself did is unknown.
	return answer, &platform.Unclear{Status: answer.Status, Said: said}
}

// Success is the answer to a change.
type Success struct {
	Success bool `json:"success"`
}

// Confirmed wants the platform's own word that something was done.
func (s Success) Confirmed() error {
	if !s.Success {
		return &platform.Unclear{Status: http.StatusOK, Said: "not confirmed"}
	}
	return nil
}

// ID is the answer that names what was made.
type ID struct {
	ID string `json:"id"`
}

// Named wants a name: without one nothing counts as made.
func (i ID) Named() error {
	if i.ID == "" {
		return &platform.Unclear{Status: http.StatusOK, Said: "no id"}
	}
	return nil
}

// Served is the platform's clock in an answer, or ours.
func Served(h http.Header) time.Time {
	if t, err := http.ParseTime(h.Get("Date")); err == nil {
		return t.UTC()
	}
	return time.Now().UTC()
}

// Gone says that something does not exist, or cannot be seen by us.
func Gone(err error) bool {
	r := platform.AsRefusal(err)
	return r != nil && r.Code == "platform.not_found"
}

// Before turns the failure of a question asked before a visible call into
// "nothing was sent": a definite no and a wait keep their meaning.
func Before(err error) error {
	switch err.(type) {
	case *platform.Refusal, *platform.Throttle, *platform.NotSent:
		return err
	}
	return &platform.NotSent{Err: err}
}
