package tiktok

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// path is a call's address: TikTok's paths end in a slash.
func path(a platform.Account, elements ...string) string {
	return wire.Path(a.BaseURL, elements...) + "/"
}

func (c *Connector) get(ctx context.Context, a platform.Account, into any, query url.Values, elements ...string) error {
	req, err := wire.Request(ctx, http.MethodGet, path(a, elements...), query)
	if err != nil {
		return err
	}
	_, err = c.call(ctx, a, req, into)
	return err
}

func (c *Connector) post(ctx context.Context, a platform.Account, body, into any, elements ...string) (safehttp.Answer, error) {
	req, err := wire.JSON(ctx, http.MethodPost, path(a, elements...), body)
	if err != nil {
		return safehttp.Answer{}, err
	}
	return c.call(ctx, a, req, into)
}

// envelope is around every answer of the v2 API; code "ok" is a success.
type envelope struct {
	Data  json.RawMessage `json:"data"`
	Error struct {
		Code    string `json:"code"`
		Message string `json:"message"`
		LogID   string `json:"log_id"`
	} `json:"error"`
}

// call sends one authorised request and opens the envelope.
func (c *Connector) call(ctx context.Context, a platform.Account, req *http.Request, into any) (safehttp.Answer, error) {
	req.Header.Set("Authorization", "Bearer "+a.Token.Access)
	answer, err := c.client.Fetch(req)
	if err != nil {
		return answer, wire.Failed(err)
	}
	return answer, unwrap(answer, a, into, time.Now())
}

// unwrap opens an answer's envelope; its error is one of the contract's.
func unwrap(answer safehttp.Answer, a platform.Account, into any, now time.Time) error {
	var e envelope
	unread := wire.Whole(answer.Body, &e)
	if answer.OK() && unread == nil && e.Error.Code == "ok" {
		if err := wire.Decode(e.Data, into); err != nil {
			return &platform.Unclear{Status: answer.Status, Said: "unreadable answer", Err: err}
		}
		return nil
	}
	if unread != nil {
		e = envelope{}
		e.Error.Message = string(answer.Body)
	}
	return refused(answer, e, a, now)
}

// refused reads an answer that is no success. Only TikTok's own codes are a
// definite no (developers.tiktok.com/doc/tiktok-api-v2-error-handling).
func refused(answer safehttp.Answer, e envelope, a platform.Account, now time.Time) error {
	words := e.Error.Message
	if e.Error.Code != "" { // whatever stands there: it is a stranger's word, too
		words = e.Error.Code + ": " + words
	}
	said := safehttp.Said([]byte(words), a.Token.Access, a.Token.Refresh)
	if wait, ok := patience(e.Error.Code); ok || answer.Status == http.StatusTooManyRequests {
		until, told := wire.RetryAfter(answer.Header, now)
		if !told {
			until = now.Add(max(wait, time.Minute))
		}
		return &platform.Throttle{Until: until, Said: said}
	}
	if r := refusal(e.Error.Code); r != nil {
		r.Said = said
		return r
	}
	if answer.Status == http.StatusUnauthorized {
		return &platform.Refusal{Code: "platform.auth_lost", Said: said, Fix: platform.FixAdmin, Auth: true}
	}
	return &platform.Unclear{Status: answer.Status, Said: said}
}

// patience is how long TikTok's limits last. It counts posts over 24 hours and
// does not say when the next one is allowed.
func patience(code string) (time.Duration, bool) {
	switch code {
	case "rate_limit_exceeded":
		return time.Minute, true
	case "spam_risk_too_many_pending_share":
		return time.Hour, true
	case "spam_risk_too_many_posts":
		return 6 * time.Hour, true
	}
	return 0, false
}

// refusal is the table of TikTok's definite answers, for calls and for posts
// that failed after they were accepted.
func refusal(code string) *platform.Refusal {
	no := func(code, fix string) *platform.Refusal { return &platform.Refusal{Code: code, Fix: fix} }
	switch code {
	case "access_token_invalid", "auth_removed":
		return &platform.Refusal{Code: "platform.auth_lost", Fix: platform.FixAdmin, Auth: true}
	case "scope_not_authorized", "scope_permission_missed":
		return no("platform.consent.missing_permission", platform.FixAdmin)
	case "spam_risk_user_banned_from_posting":
		return &platform.Refusal{Code: "platform.account_blocked", Fix: platform.FixAdmin, Block: true}
	case "reached_active_user_cap":
		return no("platform.app_forbidden", platform.FixAdmin)
	case "unaudited_client_can_only_post_to_private_accounts":
		return no("platform.tiktok.unaudited", platform.FixAdmin)
	case "privacy_level_option_mismatch":
		return no("platform.tiktok.not_public", platform.FixAdmin)
	case "url_ownership_unverified":
		return no("platform.tiktok.domain", platform.FixAdmin)
	case "token_not_authorized_for_specified_publish_id", "app_version_check_failed":
		return no("platform.forbidden", platform.FixAdmin)
	case "invalid_publish_id":
		return no("platform.not_found", platform.FixNobody)
	case "file_format_check_failed", "frame_rate_check_failed", "picture_size_check_failed", "invalid_file_upload":
		return no("platform.media_refused", platform.FixAuthor)
	case "duration_check_failed":
		return no("platform.video_too_long", platform.FixAuthor)
	case "photo_pull_failed", "video_pull_failed":
		return no("platform.tiktok.pull_failed", platform.FixAdmin)
	case "invalid_param", "invalid_params", "spam_risk_text", "spam_risk":
		return no("platform.invalid", platform.FixAuthor)
	}
	return nil
}

func gone(err error) bool {
	r, ok := errors.AsType[*platform.Refusal](err)
	return ok && r.Code == "platform.not_found"
}

// landed says of an error after the visible call that it decides nothing: the
// post may be there, whatever a later question was answered.
func landed(err error) error {
	if u, ok := errors.AsType[*platform.Unclear](err); ok {
		return u
	}
	return &platform.Unclear{Said: "asked what became of it: " + err.Error()}
}
