package mastodon

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// call sends one authorised request; its error is one of the contract's.
func (c *Connector) call(ctx context.Context, a platform.Account, req *http.Request) (safehttp.Answer, error) {
	req.Header.Set("Authorization", "Bearer "+a.Token.Access)
	answer, err := c.client.Fetch(req)
	if err != nil {
		return answer, wire.Failed(err)
	}
	now := time.Now()
	if left, err := strconv.Atoi(answer.Header.Get("X-RateLimit-Remaining")); err == nil {
		platform.SawQuota(ctx, platform.Quota{Remaining: left, Reset: reset(answer.Header, now)})
	}
	if answer.OK() {
		return answer, nil
	}
	words, own := said(answer.Body)
	text := safehttp.Said(words, a.Token.Access)
	if strings.Contains(answer.Header.Get("WWW-Authenticate"), "invalid_token") || invalidToken(answer.Body) {
		// RFC 6750, 3.1, whatever the status: some answer 400.
		return answer, &platform.Refusal{Code: "platform.auth_lost", Said: text, Fix: platform.FixAdmin, Auth: true}
	}
	if s := answer.Status; !own && len(answer.Body) > 0 && (s == http.StatusForbidden || s == http.StatusBadRequest || s == http.StatusUnprocessableEntity) {
		// Not a sentence of this API: somebody in between spoke, and what the
		// server itself did is unknown.
		return answer, &platform.Unclear{Status: s, Said: text}
	}
	return answer, refused(answer, text, now)
}

func invalidToken(body []byte) bool {
	var e struct {
		Error string `json:"error"`
	}
	return wire.Whole(body, &e) == nil && e.Error == "invalid_token"
}

// said is the server's own sentence, and whether it is one.
func said(body []byte) ([]byte, bool) {
	var e struct {
		Error string `json:"error"`
		Long  string `json:"error_description"`
	}
	if wire.Whole(body, &e) != nil || e.Error == "" {
		return body, false
	}
	if e.Long != "" {
		return []byte(e.Long), true
	}
	return []byte(e.Error), true
}

// refused reads a status that is not 2xx. A bad token is 401 on Mastodon and
// GoToSocial and an empty 422 on snac2; a text that is too long is 422 on
// Mastodon and 400 on GoToSocial.
func refused(answer safehttp.Answer, words string, now time.Time) error {
	lower := strings.ToLower(words)
	no := func(code, fix string) error { return &platform.Refusal{Code: code, Said: words, Fix: fix} }
	switch s := answer.Status; {
	case s == http.StatusUnauthorized, s == http.StatusUnprocessableEntity && words == "":
		return &platform.Refusal{Code: "platform.auth_lost", Said: words, Fix: platform.FixAdmin, Auth: true}
	case s == http.StatusTooManyRequests:
		return &platform.Throttle{Until: reset(answer.Header, now), Said: words}
	case s == http.StatusForbidden && strings.Contains(lower, "authorized scopes"):
		return no(wire.ConsentPermission, platform.FixAdmin)
	case s == http.StatusForbidden:
		return no("platform.forbidden", platform.FixAdmin)
	case s == http.StatusNotFound || s == http.StatusGone:
		return no("platform.not_found", platform.FixNobody)
	case s == http.StatusRequestEntityTooLarge:
		return no("platform.media_too_large", platform.FixAuthor)
	case s == http.StatusUnsupportedMediaType:
		return no("platform.media_unsupported", platform.FixAuthor)
	case s == http.StatusBadRequest || s == http.StatusUnprocessableEntity:
		switch {
		case strings.Contains(lower, "character limit") || strings.Contains(lower, "max chars") || strings.Contains(lower, "too long"):
			return no("platform.text_too_long", platform.FixAuthor)
		case strings.Contains(lower, "finished processing"):
			return &platform.NotSent{Err: errors.New(words)}
		}
		return no("platform.invalid", platform.FixAuthor)
	}
	return &platform.Unclear{Status: answer.Status, Said: words}
}

// reset is the moment the server accepts calls again: ISO 8601 on Mastodon,
// Unix seconds on some others.
func reset(h http.Header, now time.Time) time.Time {
	v := h.Get("X-RateLimit-Reset")
	if t, err := time.Parse(time.RFC3339, v); err == nil {
		return wire.Within(t, now)
	}
	if s, err := strconv.ParseInt(v, 10, 64); err == nil && s > 1e9 && s < 1e11 {
		return wire.Within(time.Unix(s, 0).UTC(), now)
	}
	if t, ok := wire.RetryAfter(h, now); ok {
		return t
	}
	return now.Add(5 * time.Minute)
}

func gone(err error) bool {
	r, ok := errors.AsType[*platform.Refusal](err)
	return ok && r.Code == "platform.not_found"
}

func lost(err error) bool {
	r, ok := errors.AsType[*platform.Refusal](err)
	return ok && r.Auth
}
