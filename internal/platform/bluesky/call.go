package bluesky

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// chatService is whom the account's server hands chat.bsky.* on to.
const chatService = "did:web:api.bsky.chat#bsky_chat"

// get asks (an XRPC query).
func (c *Connector) get(ctx context.Context, a platform.Account, nsid string, query url.Values, into any) error {
	req, err := wire.Request(ctx, http.MethodGet, wire.Path(a.BaseURL, "xrpc", nsid), query)
	if err != nil {
		return err
	}
	_, err = c.call(ctx, a, req, into)
	return err
}

// list is get for a list of that name, which must be there, if only empty.
func (c *Connector) list(ctx context.Context, a platform.Account, nsid, name string, query url.Values, into any) error {
	req, err := wire.Request(ctx, http.MethodGet, wire.Path(a.BaseURL, "xrpc", nsid), query)
	if err != nil {
		return err
	}
	answer, err := c.call(ctx, a, req, into)
	if err != nil {
		return err
	}
	return wire.Listed(answer, name)
}

// post does (an XRPC procedure); into may be nil.
func (c *Connector) post(ctx context.Context, a platform.Account, nsid string, in, into any) error {
	req, err := wire.JSON(ctx, http.MethodPost, wire.Path(a.BaseURL, "xrpc", nsid), in)
	if err != nil {
		return err
	}
	_, err = c.call(ctx, a, req, into)
	return err
}

// call sends one authorised request; its error is one of the contract's.
func (c *Connector) call(ctx context.Context, a platform.Account, req *http.Request, into any) (safehttp.Answer, error) {
	if strings.Contains(req.URL.Path, "/xrpc/chat.bsky.") {
		req.Header.Set("Atproto-Proxy", chatService)
	}
	return c.bearing(ctx, a, a.Token.Access, req, into)
}

// bearing is call with another token than the access token.
func (c *Connector) bearing(ctx context.Context, a platform.Account, token string, req *http.Request, into any) (safehttp.Answer, error) {
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := c.client.Fetch(req)
	if err != nil {
		return answer, wire.Failed(err)
	}
	now := time.Now()
	if left, err := strconv.Atoi(answer.Header.Get("RateLimit-Remaining")); err == nil {
		platform.SawQuota(ctx, platform.Quota{Remaining: left, Reset: reset(answer.Header, now)})
	}
	if !answer.OK() {
		return answer, refused(answer, now, token, a.Token.Access, a.Token.Refresh)
	}
	if into == nil {
		return answer, nil
	}
	if err := wire.Decode(answer.Body, into); err != nil {
		return answer, &platform.Unclear{Status: answer.Status, Said: "unreadable answer", Err: err}
	}
	return answer, nil
}

// complaint is an XRPC error body.
type complaint struct {
	Name    string `json:"error"`
	Message string `json:"message"`
}

func complaintOf(body []byte) complaint {
	var e complaint
	_ = wire.Whole(body, &e) // somebody else's words: no name
	return e
}

// refused reads a status that is not 2xx. The names are the protocol's: a bad
// token is 400, not 401; a key that exists is 500 on createRecord.
func refused(answer safehttp.Answer, now time.Time, secrets ...string) error {
	e, status := complaintOf(answer.Body), answer.Status
	said := safehttp.Said([]byte(strings.TrimSpace(e.Name+": "+e.Message)), secrets...)
	if e.Name == "" {
		said = safehttp.Said(answer.Body, secrets...)
	}
	if status == http.StatusTooManyRequests || e.Name == "RateLimitExceeded" {
		return &platform.Throttle{Until: reset(answer.Header, now), Said: said}
	}
	if e.Name == "" || status/100 != 4 && status != http.StatusNotImplemented {
		// Not a sentence of this protocol, or the server does not know itself.
		return &platform.Unclear{Status: status, Said: said}
	}
	no := func(code, fix string) error { return &platform.Refusal{Code: code, Said: said, Fix: fix} }
	switch e.Name {
	case "InvalidToken":
		if strings.HasPrefix(e.Message, "Bad token") { // an app password without access to messages
			return no("platform.consent.missing_permission", platform.FixAdmin)
		}
		return &platform.Refusal{Code: "platform.auth_lost", Said: said, Fix: platform.FixAdmin, Auth: true}
	case "ExpiredToken", "AuthMissing", "AuthenticationRequired", "AccountNotFound":
		return &platform.Refusal{Code: "platform.auth_lost", Said: said, Fix: platform.FixAdmin, Auth: true}
	case "AccountTakedown", "AccountSuspended", "AccountDeactivated", "AccountInactive", "RepoTakendown", "RepoDeactivated", "RepoSuspended":
		return &platform.Refusal{Code: "platform.account_blocked", Said: said, Fix: platform.FixAdmin, Block: true}
	case "RecordNotFound", "NotFound", "RepoNotFound", "InvalidConvo", "ReplyTargetNotFound":
		return no("platform.not_found", platform.FixNobody)
	case "BlobTooLarge", "PayloadTooLarge":
		return no("platform.media_too_large", platform.FixAuthor)
	case "InvalidMimeType":
		return no("platform.media_unsupported", platform.FixAuthor)
	case "InvalidSwap":
		return &platform.Unclear{Status: status, Said: said, Err: errSwap}
	}
	switch {
	case status == http.StatusRequestEntityTooLarge:
		return no("platform.media_too_large", platform.FixAuthor)
	case status == http.StatusForbidden || status == http.StatusNotImplemented:
		return no("platform.forbidden", platform.FixAdmin)
	case status == http.StatusNotFound:
		return no("platform.not_found", platform.FixNobody)
	case status == http.StatusUnauthorized:
		return &platform.Refusal{Code: "platform.auth_lost", Said: said, Fix: platform.FixAdmin, Auth: true}
	case strings.Contains(e.Message, "grapheme too big") || strings.Contains(e.Message, "string too big") || strings.Contains(e.Message, "must not be longer"):
		return no("platform.text_too_long", platform.FixAuthor)
	}
	return no("platform.invalid", platform.FixAuthor)
}

// errSwap: somebody else changed the record between our look and our write.
var errSwap = errors.New("the record has changed")

// reset is the moment the server accepts calls again, in Unix seconds.
func reset(h http.Header, now time.Time) time.Time {
	if s, err := strconv.ParseInt(h.Get("RateLimit-Reset"), 10, 64); err == nil && s > 1e9 && s < 1e11 {
		return wire.Within(time.Unix(s, 0).UTC(), now)
	}
	if t, ok := wire.RetryAfter(h, now); ok {
		return t
	}
	return now.Add(5 * time.Minute)
}

func gone(err error) bool {
	r := platform.AsRefusal(err)
	return r != nil && r.Code == "platform.not_found"
}

// found is a record as its server tells it.
type found struct {
	URI   string         `json:"uri"`
	CID   string         `json:"cid"`
	Value map[string]any `json:"value"`
}

// record reads one record, anybody's: the server fetches what is not its own.
func (c *Connector) record(ctx context.Context, a platform.Account, at address, into any) error {
	return c.get(ctx, a, "com.atproto.repo.getRecord", url.Values{"repo": {at.did}, "collection": {at.collection}, "rkey": {at.rkey}}, into)
}
