package linkedin

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// path is the address of a resource; its URNs are already percent-encoded.
func (c *Connector) path(a platform.Account, resource string) string {
	return strings.TrimRight(a.BaseURL, "/") + "/rest/" + resource
}

// call sends one authorised request; its error is one of the contract's.
func (c *Connector) call(ctx context.Context, a platform.Account, req *http.Request) (safehttp.Answer, error) {
	req.Header.Set("Authorization", "Bearer "+a.Token.Access)
	req.Header.Set("X-Restli-Protocol-Version", "2.0.0")
	req.Header.Set("LinkedIn-Version", version)
	if a.Version != "" {
		req.Header.Set("LinkedIn-Version", a.Version)
	}
	answer, err := c.client.Fetch(req)
	if err != nil {
		return answer, wire.Failed(err)
	}
	if answer.OK() {
		return answer, nil
	}
	return answer, refused(answer, a, time.Now())
}

// get reads a JSON document. query is written out: Rest.li's own signs must
// stay as they are.
func (c *Connector) get(ctx context.Context, a platform.Account, into any, resource, query string) error {
	_, err := c.fetch(ctx, a, into, resource, query)
	return err
}

func (c *Connector) fetch(ctx context.Context, a platform.Account, into any, resource, query string) (safehttp.Answer, error) {
	req, err := wire.Request(ctx, http.MethodGet, c.path(a, resource), nil)
	if err != nil {
		return safehttp.Answer{}, err
	}
	req.URL.RawQuery = query
	if strings.HasPrefix(query, "q=") {
		req.Header.Set("X-RestLi-Method", "FINDER") // the Posts API asks for it
	}
	answer, err := c.call(ctx, a, req)
	if err != nil {
		return answer, err
	}
	if err := wire.Decode(answer.Body, into); err != nil {
		return answer, &platform.Unclear{Status: answer.Status, Said: "unreadable answer", Err: err}
	}
	return answer, nil
}

// paging is what a list says of its pages. A page may have fewer entries than
// asked for while more follow: LinkedIn leaves out what we may not see.
type paging struct {
	Links []struct {
		Rel string `json:"rel"`
	} `json:"links"`
}

// last says that no page follows one of n entries.
func (p paging) last(n int) bool {
	for _, l := range p.Links {
		if l.Rel == "next" {
			return false
		}
	}
	return n < pageSize
}

// list is fetch for a list: its elements must be there, if only none.
func (c *Connector) list(ctx context.Context, a platform.Account, into any, resource, query string) (safehttp.Answer, error) {
	answer, err := c.fetch(ctx, a, into, resource, query)
	if err == nil {
		err = wire.Listed(answer, "elements")
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

// send posts a JSON document.
func (c *Connector) send(ctx context.Context, a platform.Account, resource, method string, body any) (safehttp.Answer, error) {
	req, err := wire.JSON(ctx, http.MethodPost, c.path(a, resource), body)
	if err != nil {
		return safehttp.Answer{}, err
	}
	if method != "" {
		req.Header.Set("X-RestLi-Method", method)
	}
	return c.call(ctx, a, req)
}

// problem is LinkedIn's error body.
type problem struct {
	Status  int    `json:"status"`
	Service int    `json:"serviceErrorCode"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Details struct {
		Input []struct {
			Code        string `json:"code"`
			Description string `json:"description"`
		} `json:"inputErrors"`
	} `json:"errorDetails"`
}

func (p problem) has(code string) bool {
	for _, e := range p.Details.Input {
		if e.Code == code {
			return true
		}
	}
	return p.Code == code
}

// refused reads an answer that is not 2xx. What is not LinkedIn's own error
// leaves the outcome unknown.
func refused(answer safehttp.Answer, a platform.Account, now time.Time) error {
	var p problem
	own := wire.Whole(answer.Body, &p) == nil && p.Message != "" && p.Status != 0
	words := p.Message
	for _, e := range p.Details.Input {
		if !strings.Contains(words, e.Description) {
			words += ": " + e.Description
		}
	}
	said := safehttp.Said([]byte(words), a.Token.Access)
	switch {
	case answer.Status == http.StatusTooManyRequests:
		return &platform.Throttle{Until: reset(p.Message, answer.Header, now), Said: said}
	case answer.Status == http.StatusUnauthorized:
		return &platform.Refusal{Code: "platform.auth_lost", Said: said, Fix: platform.FixAdmin, Auth: true}
	case answer.Status >= 500 || !own:
		return &platform.Unclear{Status: answer.Status, Said: said}
	}
	return p.refusal(answer.Status, said)
}

// refusal is the table of LinkedIn's definite answers.
func (p problem) refusal(status int, said string) error {
	lower := strings.ToLower(said)
	no := func(code, fix string) error { return &platform.Refusal{Code: code, Said: said, Fix: fix} }
	switch {
	case p.has("DUPLICATE_POST") || strings.Contains(lower, "duplicate of urn:li:"):
		return &platform.Unclear{Status: status, Said: said, Duplicate: true}
	case status == http.StatusUpgradeRequired || p.Code == "NONEXISTENT_VERSION":
		return no("platform.linkedin.version_ended", platform.FixAdmin)
	case status == http.StatusForbidden:
		if strings.Contains(lower, "not enough permissions") {
			return no(wire.ConsentPermission, platform.FixAdmin)
		}
		return no("platform.forbidden", platform.FixAdmin)
	case status == http.StatusNotFound || status == http.StatusGone:
		return no("platform.not_found", platform.FixNobody)
	case p.has("MEDIA_ASSET_PROCESSING") || p.has("INVALID_URN"):
		return no(codeMediaGone, platform.FixAuthor)
	case p.has("FIELD_LENGTH_TOO_LONG"):
		return no("platform.text_too_long", platform.FixAuthor)
	case status == http.StatusRequestEntityTooLarge:
		return no("platform.media_too_large", platform.FixAuthor)
	case status == http.StatusBadRequest || status == http.StatusUnprocessableEntity:
		return no("platform.invalid", platform.FixAuthor)
	}
	return &platform.Unclear{Status: status, Said: said}
}

// codeMediaGone is a refused file: Publish turns it into "upload it again".
const codeMediaGone = "platform.media_refused"

// reset is when to try again. LinkedIn has no headers for it: its daily limits
// end at 00:00 UTC, and after anything else a quarter of an hour is waited.
func reset(message string, h http.Header, now time.Time) time.Time {
	if t, ok := wire.RetryAfter(h, now); ok {
		return t
	}
	if strings.Contains(strings.ToUpper(message), "DAY") {
		return now.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour)
	}
	return now.Add(15 * time.Minute)
}

func gone(err error) bool {
	r, ok := errors.AsType[*platform.Refusal](err)
	return ok && r.Code == "platform.not_found"
}

// same says whether an address belongs to LinkedIn or to the account's own
// base: only there may the credential go.
func same(address, base string) bool {
	u, err := url.Parse(address)
	b, bad := url.Parse(base)
	if err != nil || bad != nil {
		return false
	}
	return u.Host == b.Host || u.Scheme == "https" && (u.Hostname() == "www.linkedin.com" || strings.HasSuffix(u.Hostname(), ".linkedin.com"))
}
