package whatsapp

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/graph"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// get reads a JSON document.
func (c *Connector) get(ctx context.Context, a platform.Account, into any, query url.Values, address string) error {
	req, err := wire.Request(ctx, http.MethodGet, address, query)
	if err != nil {
		return err
	}
	return c.call(ctx, a, req, into)
}

// post sends JSON and reads the answer.
func (c *Connector) post(ctx context.Context, a platform.Account, into any, body any, address string) error {
	req, err := wire.JSON(ctx, http.MethodPost, address, body)
	if err != nil {
		return err
	}
	return c.call(ctx, a, req, into)
}

// call sends one authorised request; its error is one of the contract's.
func (c *Connector) call(ctx context.Context, a platform.Account, req *http.Request, into any) error {
	if provider(a) {
		req.Header.Set("D360-API-KEY", a.Token.Access)
	} else {
		req.Header.Set("Authorization", "Bearer "+a.Token.Access)
		if a.App.ClientSecret != "" {
			q := req.URL.Query()
			q.Set("appsecret_proof", graph.Prove(a.Token.Access, a.App.ClientSecret))
			req.URL.RawQuery = q.Encode()
		}
	}
	answer, err := c.client.Fetch(req)
	if err != nil {
		return wire.Failed(err)
	}
	graph.Usage(ctx, answer.Header)
	if answer.OK() {
		if err := wire.Whole(answer.Body, into); err != nil {
			return &platform.Unclear{Status: answer.Status, Said: "unreadable answer"}
		}
		return nil
	}
	return refused(answer, a, time.Now())
}

// private finds message ids, user ids and telephone numbers.
var private = regexp.MustCompile(`wamid\.[A-Za-z0-9+/=_-]+|\b[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{6,}|\+?\d[\d -]{6,}\d`)

// said is what the platform said, without secrets and without people.
func said(words string, a platform.Account) string {
	return private.ReplaceAllString(safehttp.Said([]byte(words), a.Token.Access, a.App.ClientSecret, a.App.VerifyToken), "…")
}

// refused reads a status that is not 2xx.
func refused(answer safehttp.Answer, a platform.Account, now time.Time) error {
	e, own := graph.Parse(answer.Body)
	if !own {
		words := said(string(answer.Body), a)
		if answer.Status == http.StatusTooManyRequests {
			return &platform.Throttle{Until: graph.Again(answer.Header, now), Said: words}
		}
		if answer.Status == http.StatusUnauthorized {
			return &platform.Refusal{Code: "platform.auth_lost", Said: words, Fix: platform.FixAdmin, Auth: true}
		}
		return &platform.Unclear{Status: answer.Status, Said: words}
	}
	words := said(e.Message+" "+e.UserMessage, a)
	switch no, until := verdict(e.Code, words, now); {
	case until != nil:
		if at := graph.Again(answer.Header, now); e.Code != pairRate && answer.Header.Get("Retry-After") != "" {
			until.Until = at
		}
		return until
	case answer.Status >= http.StatusInternalServerError:
		return &platform.Unclear{Status: answer.Status, Said: words} // it may have gone out first
	case no != nil:
		return no
	}
	return graph.Meaning(e, words, answer, now)
}

// pairRate: too many messages from one number to one person.
const pairRate = 131056

// verdict is the table of WhatsApp's own codes, which come with a refusal or
// later with a status "failed". Titles will be dropped by Meta; the numbers stay.
// https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
func verdict(code int, words string, now time.Time) (*platform.Refusal, *platform.Throttle) {
	no := func(code, fix string) (*platform.Refusal, *platform.Throttle) {
		return &platform.Refusal{Code: code, Said: words, Fix: fix}, nil
	}
	is := func(codes ...int) bool { return slices.Contains(codes, code) }
	switch {
	case is(4, 80007, 130429):
		return nil, &platform.Throttle{Until: now.Add(time.Minute), Said: words}
	case is(pairRate):
		return nil, &platform.Throttle{Until: now.Add(10 * time.Second), Said: words}
	case is(131057):
		return nil, &platform.Throttle{Until: now.Add(5 * time.Minute), Said: words}
	case is(0, 190):
		return &platform.Refusal{Code: "platform.auth_lost", Said: words, Fix: platform.FixAdmin, Auth: true}, nil
	case is(368, 131031, 131048):
		return &platform.Refusal{Code: "platform.account_blocked", Said: words, Fix: platform.FixAdmin, Block: true}, nil
	case is(131042):
		return no("platform.credits_exhausted", platform.FixAdmin)
	case is(131047, 470):
		return no(wire.WindowClosed, platform.FixNobody)
	case is(131026, 131049, 130472, 131050, 131021, 131030, 131062):
		return no("platform.undeliverable", platform.FixNobody)
	case is(133010, 131005, 3, 10), code >= 200 && code <= 299:
		return no("platform.forbidden", platform.FixAdmin)
	case is(131052, 131053):
		return no("platform.media_refused", platform.FixAuthor)
	case is(132000, 132001, 132012, 132015, 132016, 132068, 132069):
		return no("platform.template_unusable", platform.FixAdmin)
	case is(132005):
		return no("platform.text_too_long", platform.FixAuthor)
	case is(131008, 131009, 131051, 132007):
		return no("platform.invalid", platform.FixAuthor)
	}
	return nil, nil
}
