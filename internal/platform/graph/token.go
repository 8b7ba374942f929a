package graph

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// Granted is what a token endpoint gives.
type Granted struct {
	Access      string          `json:"access_token"`
	UserID      Text            `json:"user_id"`
	Expires     int64           `json:"expires_in"`
	Permissions json.RawMessage `json:"permissions"` // a list, or a text with commas
}

// Scopes are the permissions that came with the token; nil when none are told.
func (g Granted) Scopes() []string {
	var list []string
	if json.Unmarshal(g.Permissions, &list) == nil && list != nil {
		return list
	}
	var text string
	if json.Unmarshal(g.Permissions, &text) == nil && text != "" {
		return strings.Split(text, ",")
	}
	return nil
}

// Token is the credential; one that tells no end lives on.
func (g Granted) Token(now time.Time) platform.Token {
	t := platform.Token{Access: g.Access}
	if g.Expires > 0 {
		t.Expires = now.Add(time.Duration(min(g.Expires, 10*365*24*3600)) * time.Second).UTC()
	}
	return t
}

// Trade makes one call of the way from a consent to a token. A refusal says
// which of the steps was wrong.
func Trade(ctx context.Context, client *safehttp.Client, req *http.Request, secrets ...string) (g Granted, err error) {
	answer, err := client.Fetch(req.WithContext(ctx))
	if err != nil {
		return g, wire.Failed(err)
	}
	if answer.OK() {
		if err := wire.Whole(answer.Body, &g); err == nil && g.Access != "" {
			return g, nil
		}
		// Instagram wraps the first answer in a list. (Instagram Login, step 2)
		var wrapped struct {
			Data []Granted `json:"data"`
		}
		if wire.Whole(answer.Body, &wrapped) == nil && len(wrapped.Data) > 0 && wrapped.Data[0].Access != "" {
			return wrapped.Data[0], nil
		}
		return g, &platform.Unclear{Status: answer.Status, Said: "no token"}
	}
	return g, untraded(answer, secrets)
}

// untraded reads why a code or a token was not traded: Graph's error object,
// or the flat one of Instagram's and Threads' first step.
func untraded(answer safehttp.Answer, secrets []string) error {
	e, spoken := Parse(answer.Body)
	var flat struct {
		Type    string `json:"error_type"`
		Code    int    `json:"code"`
		Message string `json:"error_message"`
	}
	if !spoken && wire.Whole(answer.Body, &flat) == nil && flat.Message != "" {
		e, spoken = Error{Message: flat.Message, Type: flat.Type, Code: flat.Code}, true
	}
	said := safehttp.Said([]byte(e.words()), secrets...)
	words := strings.ToLower(said)
	has := func(all ...string) bool {
		for _, w := range all {
			if strings.Contains(words, w) {
				return true
			}
		}
		return false
	}
	switch {
	case answer.Status >= http.StatusInternalServerError || !spoken:
		return &platform.Unclear{Status: answer.Status, Said: safehttp.Said(answer.Body, secrets...)}
	case has("client secret", "client_secret", "invalid app", "validating application", "client id", "invalid client", "invalid platform app"):
		return wire.Consent(wire.ConsentSecret, said)
	case has("redirect_uri", "redirect uri"):
		return wire.Consent("platform.consent.redirect", said)
	case has("code"):
		return wire.Consent(wire.ConsentExpired, said)
	case e.Code == 190:
		return &platform.Refusal{Code: "platform.auth_lost", Said: said, Fix: platform.FixAdmin, Auth: true}
	}
	return Meaning(e, said, answer, time.Now())
}

// Code builds POST {address} with grant_type=authorization_code.
func Code(ctx context.Context, address, code string, c platform.Consent) (*http.Request, error) {
	return wire.Form(ctx, http.MethodPost, address, url.Values{
		"client_id": {c.App.ClientID}, "client_secret": {c.App.ClientSecret}, "grant_type": {"authorization_code"},
		"redirect_uri": {c.Redirect}, "code": {code},
	})
}

// Unopened is why an account could not be read after a consent: most often
// because the very permission for that was not given.
func Unopened(err error, missing []string) error {
	if r := platform.AsRefusal(err); r != nil && r.Code == "platform.forbidden" {
		return wire.Consent(wire.ConsentPermission, strings.Join(missing, ", ")+" "+r.Said)
	}
	return err
}
