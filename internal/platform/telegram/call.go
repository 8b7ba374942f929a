package telegram

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// fields are a method's parameters.
type fields map[string]any

// reply is every answer's outer shape
// (core.telegram.org/bots/api#making-requests).
type reply struct {
	OK          *bool           `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		Migrate    int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// method is a method's address. The Bot API knows no other place for the token
// than the path; nothing we say or log holds addresses.
func method(a platform.Account, name string) string {
	return wire.Path(a.BaseURL, "bot"+a.Token.Access, name)
}

// ask calls a method with JSON and reads its result.
func (c *Connector) ask(ctx context.Context, a platform.Account, name string, in fields, into any) error {
	if in == nil {
		in = fields{}
	}
	req, err := wire.JSON(ctx, http.MethodPost, method(a, name), in)
	if err != nil {
		return err
	}
	return c.call(a, req, into)
}

// call sends one request; its error is one of the contract's.
func (c *Connector) call(a platform.Account, req *http.Request, into any) error {
	answer, err := c.client.Fetch(req)
	if err != nil {
		return wire.Failed(err)
	}
	return read(answer, a, into, time.Now())
}

// read takes an answer apart.
func read(answer safehttp.Answer, a platform.Account, into any, now time.Time) error {
	var r reply
	own := wire.Whole(answer.Body, &r) == nil && r.OK != nil
	switch {
	case answer.OK() && own && *r.OK:
		if err := json.Unmarshal(r.Result, into); err != nil {
			return &platform.Unclear{Status: answer.Status, Said: "unreadable result", Err: err}
		}
		return nil
	case answer.OK() && own && r.Code >= 400:
		// Telegram's status is the error_code; some servers keep 200 for both.
		answer.Status = r.Code
	case answer.OK():
		return &platform.Unclear{Status: answer.Status, Said: "unreadable answer"}
	}
	said := safehttp.Said(answer.Body, a.Token.Access)
	if own {
		said = safehttp.Said([]byte(r.Description), a.Token.Access)
	}
	if answer.Status == http.StatusTooManyRequests {
		until, ok := wire.RetryAfter(answer.Header, now)
		if r.Parameters.RetryAfter > 0 {
			until, ok = now.Add(time.Duration(min(r.Parameters.RetryAfter, 24*3600))*time.Second), true
		}
		if !ok {
			until = now.Add(time.Minute)
		}
		return &platform.Throttle{Until: until, Said: said}
	}
	if !own || *r.OK {
		// Not Telegram's own words: somebody in between spoke.
		return &platform.Unclear{Status: answer.Status, Said: said}
	}
	return refused(answer.Status, r, said)
}

// refused reads Telegram's own refusal. Its descriptions are not documented,
// but clients everywhere rely on them; what is not known here is refused as
// invalid, because a 400 of Telegram's own did nothing.
func refused(status int, r reply, said string) error {
	no := func(code, fix string) error { return &platform.Refusal{Code: code, Said: said, Fix: fix} }
	lower := strings.ToLower(r.Description)
	has := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(lower, p) {
				return true
			}
		}
		return false
	}
	switch {
	case status >= http.StatusInternalServerError:
		return &platform.Unclear{Status: status, Said: said}
	case status == http.StatusUnauthorized, status == http.StatusNotFound:
		// A token that has not the form of one is no path of the API: 404.
		return &platform.Refusal{Code: "platform.auth_lost", Said: said, Fix: platform.FixAdmin, Auth: true}
	case status == http.StatusConflict:
		return no("platform.webhook_elsewhere", platform.FixAdmin)
	case status == http.StatusRequestEntityTooLarge:
		return no("platform.media_too_large", platform.FixAuthor)
	case r.Parameters.Migrate != 0:
		return no("platform.chat_moved", platform.FixAdmin)
	case has("blocked by the user", "user is deactivated", "can't initiate", "can't send messages to bots"):
		return no("platform.person_unreachable", platform.FixNobody)
	case has("chat not found", "not enough rights", "need administrator rights", "have no rights", "chat_admin_required", "chat_write_forbidden", "can't post") || status == http.StatusForbidden:
		return no("platform.forbidden", platform.FixAdmin)
	case has("replied not found"):
		return no("platform.parent_gone", platform.FixNobody)
	case has("message to delete not found", "message to edit not found", "message_id_invalid", "participant_id_invalid"):
		return no("platform.not_found", platform.FixNobody)
	case has("can't be deleted"):
		return no("platform.delete_too_late", platform.FixNobody)
	case has("too long"):
		return no("platform.text_too_long", platform.FixAuthor)
	case has("file is too big", "too large"):
		return no("platform.media_too_large", platform.FixAuthor)
	case has("photo_invalid", "image_process_failed", "wrong file", "media_invalid", "failed to get http url"):
		return no("platform.media_refused", platform.FixAuthor)
	}
	return no("platform.invalid", platform.FixAuthor)
}

// says tells whether an error is a refusal in these words.
func says(err error, words string) bool {
	r := platform.AsRefusal(err)
	return r != nil && strings.Contains(strings.ToLower(r.Said), words)
}

func gone(err error) bool {
	r := platform.AsRefusal(err)
	return r != nil && r.Code == "platform.not_found"
}
