package facebook

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	fb "github.com/huandu/facebook/v2"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// spoken says that a body is Graph's own well-formed error, which the library
// reads correctly.
func spoken(body []byte) bool {
	var e struct {
		Error *struct {
			Message string `json:"message"`
			Code    int    `json:"code"`
		} `json:"error"`
	}
	return wire.Whole(body, &e) == nil && e.Error != nil && e.Error.Code != 0
}

// refused reads the library's error in the contract's words.
func refused(err error, seen safehttp.Answer, a platform.Account, now time.Time) error {
	if e, ok := errors.AsType[*fb.Error](err); ok {
		said := safehttp.Said([]byte(e.Message+" "+e.UserMessage), a.Token.Access, a.App.ClientSecret)
		return meaning(e, said, seen, now)
	}
	if s, ok := errors.AsType[*safehttp.StatusError](err); ok {
		said := safehttp.Said(s.Body, a.Token.Access, a.App.ClientSecret)
		if s.Status == http.StatusTooManyRequests {
			return &platform.Throttle{Until: again(s.Header, now), Said: said}
		}
		return &platform.Unclear{Status: s.Status, Said: said}
	}
	if _, ok := errors.AsType[*fb.UnmarshalError](err); ok {
		return &platform.Unclear{Status: seen.Status, Said: "unreadable answer"}
	}
	return wire.Failed(err)
}

// Subcodes of a token that only a new sign-in mends, and of an account that
// Facebook has restricted.
// https://developers.facebook.com/docs/graph-api/guides/error-handling
func restricted() []int { return []int{1404006, 1404102, 1404078, 1404112, 1346003, 1390008, 4854002} }

// meaning is the table of Graph's error codes.
func meaning(e *fb.Error, said string, seen safehttp.Answer, now time.Time) error {
	no := func(code, fix string) error { return &platform.Refusal{Code: code, Said: said, Fix: fix} }
	switch code := e.Code; {
	case code == 506:
		return &platform.Unclear{Status: seen.Status, Said: said, Duplicate: true}
	case slices.Contains([]int{4, 17, 32, 341, 613}, code), code >= 80000 && code <= 80014:
		return &platform.Throttle{Until: again(seen.Header, now), Said: said}
	case seen.Status >= http.StatusInternalServerError:
		// Whatever it says: a server that broke down may have done it first.
		return &platform.Unclear{Status: seen.Status, Said: said}
	case code == 190 || code == 102:
		return &platform.Refusal{Code: "platform.auth_lost", Said: said, Fix: platform.FixAdmin, Auth: true}
	case code == 368 || slices.Contains(restricted(), e.ErrorSubcode):
		return &platform.Refusal{Code: "platform.account_blocked", Said: said, Fix: platform.FixAdmin, Block: true}
	case code == 1 || code == 2 || e.IsTransient:
		return &platform.Unclear{Status: seen.Status, Said: said}
	case code == 3 || code == 10 || code >= 200 && code <= 299:
		return no("platform.forbidden", platform.FixAdmin)
	case code == 1609005 || e.ErrorSubcode == 1609005 || e.ErrorSubcode == 1609008:
		return no("platform.link_refused", platform.FixAuthor)
	case e.ErrorSubcode == 1366046:
		return no("platform.media_too_large", platform.FixAuthor)
	case code == 100 && e.ErrorSubcode == 33 || code == 803:
		return no("platform.not_found", platform.FixNobody)
	case code == 100:
		return no("platform.invalid", platform.FixAuthor)
	case code == 324 || code == 6000 || code == 352:
		return no("platform.media_refused", platform.FixAuthor)
	}
	// A code we do not know is not a definite no.
	return &platform.Unclear{Status: seen.Status, Said: said}
}

// usageHeader is one entry of the rate headers, in percent and minutes.
type usageHeader struct {
	Calls  float64 `json:"call_count"`
	CPU    float64 `json:"total_cputime"`
	Time   float64 `json:"total_time"`
	Regain float64 `json:"estimated_time_to_regain_access"`
}

func (u usageHeader) percent() float64 { return max(u.Calls, u.CPU, u.Time) }

// usages reads X-App-Usage, X-Page-Usage and X-Business-Use-Case-Usage.
func usages(h http.Header) []usageHeader {
	var all []usageHeader
	for _, name := range []string{"X-App-Usage", "X-Page-Usage"} {
		var one usageHeader
		if json.Unmarshal([]byte(h.Get(name)), &one) == nil {
			all = append(all, one)
		}
	}
	var business map[string][]usageHeader
	if json.Unmarshal([]byte(h.Get("X-Business-Use-Case-Usage")), &business) == nil {
		for _, list := range business {
			all = append(all, list...)
		}
	}
	return all
}

// usage reports how many percent are left, and until when to wait at the end.
func usage(ctx context.Context, h http.Header) {
	all := usages(h)
	if len(all) == 0 {
		return
	}
	worst := 0.0
	for _, u := range all {
		worst = max(worst, u.percent())
	}
	platform.SawQuota(ctx, platform.Quota{Remaining: max(0, 100-int(min(worst, 1e6))), Reset: again(h, time.Now())})
}

// again is when calls are accepted again: as Facebook estimates, else soon.
func again(h http.Header, now time.Time) time.Time {
	minutes := 0.0
	for _, u := range usages(h) {
		minutes = max(minutes, u.Regain)
	}
	if minutes > 0 {
		return now.Add(time.Duration(min(minutes, 24*60) * float64(time.Minute)))
	}
	if t, ok := wire.RetryAfter(h, now); ok {
		return t
	}
	return now.Add(5 * time.Minute)
}
