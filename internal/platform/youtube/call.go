package youtube

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// address is a resource of the API.
func address(a platform.Account, resource ...string) string {
	return wire.Path(a.BaseURL, append([]string{"youtube", "v3"}, resource...)...)
}

// call sends one authorised request; its error is one of the contract's.
func (c *Connector) call(ctx context.Context, a platform.Account, req *http.Request) (safehttp.Answer, error) {
	req.Header.Set("Authorization", "Bearer "+a.Token.Access)
	answer, err := c.client.Fetch(req)
	if err != nil {
		return answer, wire.Failed(err)
	}
	if answer.OK() {
		return answer, nil
	}
	return answer, refused(answer, a, time.Now())
}

// get reads a JSON document.
func (c *Connector) get(ctx context.Context, a platform.Account, into any, query url.Values, resource ...string) error {
	_, err := c.got(ctx, a, into, query, resource...)
	return err
}

func (c *Connector) got(ctx context.Context, a platform.Account, into any, query url.Values, resource ...string) (safehttp.Answer, error) {
	req, err := wire.Request(ctx, http.MethodGet, address(a, resource...), query)
	if err != nil {
		return safehttp.Answer{}, err
	}
	return c.read(ctx, a, req, into)
}

// read sends req and decodes its answer.
func (c *Connector) read(ctx context.Context, a platform.Account, req *http.Request, into any) (safehttp.Answer, error) {
	answer, err := c.call(ctx, a, req)
	if err != nil {
		return answer, err
	}
	if err := wire.Decode(answer.Body, into); err != nil {
		return answer, &platform.Unclear{Status: answer.Status, Said: "unreadable answer", Err: err}
	}
	return answer, nil
}

// list reads a list: its items must be there, if only none.
func (c *Connector) list(ctx context.Context, a platform.Account, into any, query url.Values, resource ...string) (safehttp.Answer, error) {
	answer, err := c.got(ctx, a, into, query, resource...)
	if err == nil {
		err = wire.Listed(answer, "items")
	}
	return answer, err
}

// change sends a request that promises no content.
func (c *Connector) change(ctx context.Context, a platform.Account, req *http.Request) error {
	answer, err := c.call(ctx, a, req)
	if err != nil {
		return err
	}
	return wire.Done(answer)
}

// problem is Google's error body.
type problem struct {
	Error struct {
		Message string `json:"message"`
		Errors  []struct {
			Reason string `json:"reason"`
		} `json:"errors"`
	} `json:"error"`
}

// readProblem gives the first reason and the words; ok is false when the body
// is not Google's.
func readProblem(body []byte) (reason, words string, ok bool) {
	var p problem
	if wire.Whole(body, &p) != nil || p.Error.Message == "" && len(p.Error.Errors) == 0 {
		return "", string(body), false
	}
	if len(p.Error.Errors) > 0 {
		reason = p.Error.Errors[0].Reason
	}
	return reason, p.Error.Message, true
}

// refused reads a status that is not 2xx. Only Google's own words are a
// definite no (developers.google.com/youtube/v3/docs/errors).
func refused(answer safehttp.Answer, a platform.Account, now time.Time) error {
	reason, words, own := readProblem(answer.Body)
	text := safehttp.Said([]byte(words), a.Token.Access, a.Token.Refresh)
	if reason != "" {
		text = reason + ": " + text
	}
	switch reason {
	case "quotaExceeded", "dailyLimitExceeded":
		return &platform.Throttle{Until: midnight(now), Said: text}
	case "rateLimitExceeded", "userRateLimitExceeded":
		return &platform.Throttle{Until: later(answer.Header, now, time.Minute), Said: text}
	case "uploadLimitExceeded":
		// The channel's own limit within 24 hours; nobody tells when it ends.
		return &platform.Throttle{Until: now.Add(6 * time.Hour), Said: text}
	}
	switch s := answer.Status; {
	case s == http.StatusTooManyRequests:
		return &platform.Throttle{Until: later(answer.Header, now, time.Minute), Said: text}
	case s >= 500 || !own && s != http.StatusUnauthorized, reason == "processingFailure":
		// Not Google's words: somebody in between spoke, and what YouTube itself
		// did is unknown.
		return &platform.Unclear{Status: s, Said: text}
	}
	if r := refusal(answer.Status, reason); r != nil {
		r.Said = text
		return r
	}
	return &platform.Unclear{Status: answer.Status, Said: text}
}

// refusal is the table of YouTube's definite answers.
func refusal(status int, reason string) *platform.Refusal {
	no := func(code, fix string) *platform.Refusal { return &platform.Refusal{Code: code, Fix: fix} }
	switch reason {
	case "youtubeSignupRequired":
		return no("platform.youtube.no_channel", platform.FixAdmin)
	case "insufficientPermissions":
		return no("platform.consent.missing_permission", platform.FixAdmin)
	case "commentsDisabled":
		return no("platform.youtube.comments_off", platform.FixAdmin)
	case "channelClosed", "channelSuspended", "authenticatedUserAccountClosed", "authenticatedUserAccountSuspended":
		return &platform.Refusal{Code: "platform.account_blocked", Fix: platform.FixAdmin, Block: true}
	case "accessNotConfigured":
		return no("platform.app_forbidden", platform.FixAdmin)
	case "commentTextTooLong":
		return no("platform.text_too_long", platform.FixAuthor)
	case "parentCommentNotFound", "parentCommentIsPrivate":
		return no("platform.parent_gone", platform.FixNobody)
	}
	switch status {
	case http.StatusUnauthorized:
		return &platform.Refusal{Code: "platform.auth_lost", Fix: platform.FixAdmin, Auth: true}
	case http.StatusNotFound, http.StatusGone:
		return no("platform.not_found", platform.FixNobody)
	case http.StatusForbidden:
		return no("platform.forbidden", platform.FixAdmin)
	case http.StatusRequestEntityTooLarge:
		return no("platform.media_too_large", platform.FixAuthor)
	case http.StatusBadRequest:
		return no("platform.invalid", platform.FixAuthor)
	}
	return nil
}

func later(h http.Header, now time.Time, fallback time.Duration) time.Time {
	if t, ok := wire.RetryAfter(h, now); ok {
		return t
	}
	return now.Add(fallback)
}

// midnight in California is when a project's daily quota begins anew.
func midnight(now time.Time) time.Time {
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		zone = time.FixedZone("PST", -8*3600)
	}
	y, m, d := now.In(zone).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, zone).UTC()
}

func gone(err error) bool {
	r, ok := errors.AsType[*platform.Refusal](err)
	return ok && r.Code == "platform.not_found"
}

// unsent says of a failed call that only asked something: nothing was changed.
func unsent(err error) error {
	if u, ok := errors.AsType[*platform.Unclear](err); ok {
		return &platform.NotSent{Err: errors.New(u.Error())}
	}
	return err
}
