package graph

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// Error is Graph's error object.
// https://developers.facebook.com/docs/graph-api/guides/error-handling
type Error struct {
	Message     string `json:"message"`
	Type        string `json:"type"`
	Code        int    `json:"code"`
	Subcode     int    `json:"error_subcode"`
	UserTitle   string `json:"error_user_title"`
	UserMessage string `json:"error_user_msg"`
	Transient   bool   `json:"is_transient"`
}

func (e Error) words() string { return e.Message + " " + e.UserTitle + " " + e.UserMessage }

// Parse says whether a body is Graph's own well-formed error.
func Parse(body []byte) (Error, bool) {
	var e struct {
		Error *Error `json:"error"`
	}
	if wire.Whole(body, &e) != nil || e.Error == nil || e.Error.Code == 0 {
		return Error{}, false
	}
	return *e.Error, true
}

// restricted are subcodes of an account that Meta has restricted: policy,
// security check, page publishing authorisation, identity, too fast; and
// Instagram's "restricted" and "action blocked".
func restricted() []int {
	return []int{1404006, 1404102, 1404078, 1404112, 1346003, 1390008, 4854002, 2207050, 2207051}
}

// unclear are subcodes after which a post may or may not be there, or which
// pass by themselves: Instagram's own server errors, a container that ran out
// or broke while it was published, Facebook's service errors. The state of the
// container, or the list of posts, tells.
func unclear() []int {
	return []int{2207001, 2207003, 2207006, 2207008, 2207020, 2207032, 2207053, 2207082, 1363047, 1609010}
}

type verdict struct{ code, fix string }

// bySubcode are the definite refusals that a subcode names.
func bySubcode() map[int]verdict {
	return map[int]verdict{
		1609005: {"platform.link_refused", platform.FixAuthor},
		1609008: {"platform.link_refused", platform.FixAuthor},
		1366046: {"platform.media_too_large", platform.FixAuthor},
		1366051: {"platform.media_refused", platform.FixAuthor}, // photos already posted
		2207004: {"platform.media_too_large", platform.FixAuthor},
		2207005: {"platform.media_unsupported", platform.FixAuthor},
		2207009: {"platform.media_shape", platform.FixAuthor},
		2207010: {"platform.text_too_long", platform.FixAuthor},
		2207023: {"platform.media_unsupported", platform.FixAuthor},
		2207026: {"platform.media_unsupported", platform.FixAuthor},
		2207028: {"platform.media_too_many", platform.FixAuthor},
		2207052: {"platform.media_unreachable", platform.FixAdmin},
		2534022: {wire.WindowClosed, platform.FixNobody}, // outside of the allowed window
		2018278: {wire.WindowClosed, platform.FixNobody},
		2018065: {wire.WindowClosed, platform.FixNobody},
		2018001: {"platform.parent_gone", platform.FixNobody}, // no matching user
	}
}

// byCode are the definite refusals that a code names.
func byCode() map[int]verdict {
	return map[int]verdict{
		3:       {"platform.forbidden", platform.FixAdmin},
		10:      {"platform.forbidden", platform.FixAdmin},
		100:     {"platform.invalid", platform.FixAuthor},
		803:     {"platform.not_found", platform.FixNobody},
		324:     {"platform.media_refused", platform.FixAuthor},
		6000:    {"platform.media_refused", platform.FixAuthor},
		352:     {"platform.media_refused", platform.FixAuthor},
		551:     {"platform.forbidden", platform.FixNobody}, // the person does not want messages
		10900:   {"platform.private_reply_used", platform.FixNobody},
		10903:   {wire.WindowClosed, platform.FixNobody}, // older than seven days
		1609005: {"platform.link_refused", platform.FixAuthor},
		36000:   {"platform.media_too_large", platform.FixAuthor},
		36001:   {"platform.media_unsupported", platform.FixAuthor},
		36003:   {"platform.media_shape", platform.FixAuthor},
		36004:   {"platform.text_too_long", platform.FixAuthor},
		9004:    {"platform.media_unreachable", platform.FixAdmin},
	}
}

// throttling are the codes for too many calls: of the app, a user, a page, and
// 80000-80014 of business use cases.
func throttling(code int) bool {
	return slices.Contains([]int{4, 17, 32, 341, 613}, code) || code >= 80000 && code <= 80014
}

var errNotReady = errors.New("the container is not ready yet")

// Meaning is the table of Graph's error codes.
func Meaning(e Error, said string, seen safehttp.Answer, now time.Time) error {
	unknown := &platform.Unclear{Status: seen.Status, Said: said, Duplicate: e.Code == 506}
	code, sub := e.Code, e.Subcode
	switch {
	case code == 506:
		return unknown
	case code == 368 || slices.Contains(restricted(), sub):
		if seen.Status >= http.StatusInternalServerError {
			return unknown
		}
		return &platform.Refusal{Code: "platform.account_blocked", Said: said, Fix: platform.FixAdmin, Block: true}
	case code == 9 && sub == 2207042, sub == 2207042:
		// Of a moving day: one post may be free again within the hour.
		return &platform.Throttle{Until: now.Add(time.Hour), Said: said}
	case sub == 2207027 && seen.Status < http.StatusInternalServerError:
		return &platform.NotSent{Err: errNotReady}
	case throttling(code):
		return &platform.Throttle{Until: Again(seen.Header, now), Said: said}
	case seen.Status >= http.StatusInternalServerError:
		// Whatever it says: a server that broke down may have done it first.
		return unknown
	case code == 190 || code == 102 || code == 104:
		return &platform.Refusal{Code: "platform.auth_lost", Said: said, Fix: platform.FixAdmin, Auth: true}
	case code == 1 || code == 2 || code == -1 || code == -2 || e.Transient || slices.Contains(unclear(), sub):
		return unknown
	case strings.Contains(said, "LINK_LIMIT_EXCEEDED"):
		return &platform.Refusal{Code: "platform.too_many_links", Said: said, Fix: platform.FixAuthor}
	}
	if v, ok := bySubcode()[sub]; ok {
		return &platform.Refusal{Code: v.code, Said: said, Fix: v.fix}
	}
	switch {
	case code == 100 && sub == 33:
		return &platform.Refusal{Code: "platform.not_found", Said: said, Fix: platform.FixNobody}
	case code >= 200 && code <= 299:
		return &platform.Refusal{Code: "platform.forbidden", Said: said, Fix: platform.FixAdmin}
	}
	if v, ok := byCode()[code]; ok {
		return &platform.Refusal{Code: v.code, Said: said, Fix: v.fix}
	}
	return unknown // a code we do not know is not a definite no
}

// usage is one entry of the rate headers, in percent and minutes.
type usage struct {
	Calls  float64 `json:"call_count"`
	CPU    float64 `json:"total_cputime"`
	Time   float64 `json:"total_time"`
	Regain float64 `json:"estimated_time_to_regain_access"`
}

func (u usage) percent() float64 { return max(u.Calls, u.CPU, u.Time) }

// usages reads X-App-Usage, X-Page-Usage and X-Business-Use-Case-Usage.
// https://developers.facebook.com/docs/graph-api/overview/rate-limiting
func usages(h http.Header) []usage {
	var all []usage
	for _, name := range []string{"X-App-Usage", "X-Page-Usage"} {
		var one usage
		if json.Unmarshal([]byte(h.Get(name)), &one) == nil {
			all = append(all, one)
		}
	}
	var business map[string][]usage
	if json.Unmarshal([]byte(h.Get("X-Business-Use-Case-Usage")), &business) == nil {
		for _, list := range business {
			all = append(all, list...)
		}
	}
	return all
}

// Used is the fullest of the limits in percent; ok is false where the headers
// say nothing.
func Used(h http.Header) (percent float64, ok bool) {
	all := usages(h)
	for _, u := range all {
		percent = max(percent, u.percent())
	}
	return min(percent, 1e6), len(all) > 0
}

// Usage reports how many percent are left, and until when to wait at the end.
func Usage(ctx context.Context, h http.Header) {
	if worst, ok := Used(h); ok {
		platform.SawQuota(ctx, platform.Quota{Remaining: max(0, 100-int(worst)), Reset: Again(h, time.Now())})
	}
}

// Again is when calls are accepted again: as Meta estimates, else soon.
func Again(h http.Header, now time.Time) time.Time {
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
