package x

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/dghubble/oauth1"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// canonical is the address a signature is made for.
const canonical = "https://api.x.com"

// call sends one authorised request; its error is one of the contract's.
func (c *Connector) call(ctx context.Context, a platform.Account, req *http.Request) (safehttp.Answer, error) {
	var answer safehttp.Answer
	var err error
	if a.Token.Secret != "" {
		answer, err = safehttp.FetchWith(c.signed(ctx, a, c.client.Transport()), req)
	} else {
		req.Header.Set("Authorization", "Bearer "+a.Token.Access)
		answer, err = c.client.Fetch(req)
	}
	if err != nil {
		return answer, wire.Failed(err)
	}
	quota(ctx, answer.Header)
	if answer.OK() {
		return answer, nil
	}
	return answer, refused(answer, a, time.Now())
}

// signed is a client that signs with OAuth 1.0a and calls through base.
func (c *Connector) signed(ctx context.Context, a platform.Account, base http.RoundTripper) *http.Client {
	under := &http.Client{Transport: &homeward{base: base, home: a.BaseURL}}
	key, secret := consumer(a.App)
	config := oauth1.NewConfig(key, secret)
	signer := config.Client(context.WithValue(ctx, oauth1.HTTPClient, under), oauth1.NewToken(a.Token.Access, a.Token.Secret))
	return c.client.HTTP(signer.Transport)
}

// homeward stands under the signature and leads calls for X's own hosts to the
// account's base address, when that is another one.
type homeward struct {
	base http.RoundTripper
	home string
}

func (h *homeward) RoundTrip(req *http.Request) (*http.Response, error) {
	home, err := url.Parse(h.home)
	if err != nil {
		return nil, &safehttp.Failure{Err: err}
	}
	if home.Host == "api.x.com" || home.Host == "api.twitter.com" {
		return h.base.RoundTrip(req)
	}
	out := req.Clone(req.Context())
	out.Host = home.Host
	out.URL.Scheme, out.URL.Host = home.Scheme, home.Host
	prefix := strings.TrimRight(home.EscapedPath(), "/")
	out.URL, err = out.URL.Parse(prefix + req.URL.EscapedPath())
	if err != nil {
		return nil, &safehttp.Failure{Err: err}
	}
	out.URL.RawQuery = req.URL.RawQuery
	return h.base.RoundTrip(out)
}

// quota reports the rate headers, which X puts on every answer.
func quota(ctx context.Context, h http.Header) {
	left, err := strconv.Atoi(h.Get("x-rate-limit-remaining"))
	if err != nil {
		return
	}
	q := platform.Quota{Remaining: left, Reset: reset(h, time.Now())}
	// The day's allowance, of the app or the account, may end before the window's.
	for _, whose := range []string{"x-app-limit-24hour-", "x-user-limit-24hour-"} {
		if day, err := strconv.Atoi(h.Get(whose + "remaining")); err == nil && day < q.Remaining {
			q = platform.Quota{Remaining: day, Reset: q.Reset}
			if t, ok := unix(h.Get(whose + "reset")); ok {
				q.Reset = t
			}
		}
	}
	platform.SawQuota(ctx, q)
}

func unix(v string) (time.Time, bool) {
	s, err := strconv.ParseInt(v, 10, 64)
	return time.Unix(s, 0).UTC(), err == nil && s > 0 && s < 1<<40
}

// reset is when the limit that was hit ends: a day's, if nothing is left of it.
func reset(h http.Header, now time.Time) time.Time {
	for _, whose := range []string{"x-app-limit-24hour-", "x-user-limit-24hour-"} {
		if t, ok := unix(h.Get(whose + "reset")); ok && h.Get(whose+"remaining") == "0" {
			return wire.Within(t, now)
		}
	}
	if t, ok := unix(h.Get("x-rate-limit-reset")); ok {
		return wire.Within(t, now)
	}
	if t, ok := wire.RetryAfter(h, now); ok {
		return t
	}
	return now.Add(15 * time.Minute)
}
