package sandbox

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// xAppFace answers calls that an app makes for itself, with its bearer token.
type xAppFace struct{ xFace }

// xBearer is the app's own token; it does not end and is always the same.
func (s *Sandbox) xBearer() string { return "AAAAAAAAAAAAAAAAAAAAA" + derive(s.opt.Seed, "bearer", X) }

func (f xAppFace) authenticate(s *Sandbox, c *call) *answer {
	if c.r.Header.Get("Authorization") == "Bearer "+s.xBearer() {
		return nil
	}
	if s.xCredential(c) {
		// X says so to a user's token where only an app may ask.
		return ptr(xProblem(http.StatusForbidden, "Unsupported Authentication", "Authenticating with OAuth 2.0 User Context is forbidden for this endpoint.", xProblems+"unsupported-authentication"))
	}
	return ptr(f.revoked())
}

// xEitherFace answers an app's token and a user's.
type xEitherFace struct{ xFace }

func (xEitherFace) authenticate(s *Sandbox, c *call) *answer {
	if c.r.Header.Get("Authorization") == "Bearer "+s.xBearer() {
		return nil
	}
	return xFace{}.authenticate(s, c)
}

func (s *Sandbox) xAppRoutes(m *http.ServeMux) {
	m.HandleFunc("POST /x/oauth2/token", s.xAppToken)
	add := func(f face, pattern string, rt route) {
		method, path, _ := strings.Cut(pattern, " ")
		m.HandleFunc(method+" /x"+path, s.serve(f, pattern, rt))
	}
	check := func(c *call) []string { return []string{xCheck(c)} }
	add(xAppFace{}, "GET /2/webhooks", route{op: opVerify, run: (*Sandbox).xHooks})
	add(xAppFace{}, "POST /2/webhooks", route{op: opWebhookNew, fetch: check, run: (*Sandbox).xHook})
	add(xAppFace{}, "PUT /2/webhooks/{id}", route{op: opWebhookNew, run: (*Sandbox).xHookAgain})
	add(xAppFace{}, "DELETE /2/webhooks/{id}", route{op: opDelete, run: (*Sandbox).xUnhook})
	add(xAppFace{}, "DELETE /2/activity/subscriptions/{id}", route{op: opDelete, run: (*Sandbox).xUnsubscribe})
	add(xEitherFace{}, "GET /2/activity/subscriptions", route{op: opVerify, run: (*Sandbox).xSubscriptions})
	add(xEitherFace{}, "POST /2/activity/subscriptions", route{op: opWebhookNew, run: (*Sandbox).xSubscribe})
}

// opWebhookNew is a registration; no fault is named for it but "any".
const opWebhookNew = "subscribe"

// xAppToken: POST /oauth2/token, Basic auth with key and secret, form.
func (s *Sandbox) xAppToken(w http.ResponseWriter, r *http.Request) {
	key, secret, ok := r.BasicAuth()
	key, _ = url.QueryUnescape(key)
	secret, _ = url.QueryUnescape(secret)
	s.mu.Lock()
	app := *s.app(X)
	s.mu.Unlock()
	switch {
	case !ok || key != app.ClientID || secret != app.ClientSecret:
		jsonAnswer(http.StatusForbidden, object{"errors": []object{{"code": 99, "message": "Unable to verify your credentials", "label": "authenticity_token_error"}}}).write(w)
	case r.PostFormValue("grant_type") != "client_credentials":
		jsonAnswer(http.StatusForbidden, object{"errors": []object{{"code": 170, "message": "Missing required parameter: grant_type", "label": "forbidden_missing_parameter"}}}).write(w)
	default:
		jsonAnswer(http.StatusOK, object{"token_type": "bearer", "access_token": s.xBearer()}).write(w)
	}
}

// xCheck is the address with the challenge that X asks before it pushes there.
func xCheck(c *call) string {
	address := c.str("url")
	if address == "" {
		return ""
	}
	mark := "?"
	if strings.Contains(address, "?") {
		mark = "&"
	}
	return address + mark + url.Values{"crc_token": {xCheckToken(address)}}.Encode()
}

func xCheckToken(address string) string { return derive(0, "crc", address) }

func xHookID(h Hook) string {
	n := int64(0)
	for _, b := range sign("hook", []byte(h.URL))[:7] {
		n = n<<8 | int64(b)
	}
	return xNumber(n)
}

func (s *Sandbox) xHookJSON(h Hook) object {
	return object{"id": xHookID(h), "url": h.URL, "valid": true, "created_at": "2026-01-05T03:00:00.000Z"}
}

// xHooks: GET /2/webhooks.
func (s *Sandbox) xHooks(*call) answer {
	list := []object{}
	for _, h := range s.world.hooks {
		if h.Platform == X && !xDeleted(h) {
			list = append(list, s.xHookJSON(h))
		}
	}
	return jsonAnswer(http.StatusOK, object{"data": list, "meta": object{"result_count": len(list)}})
}

// xHook: POST /2/webhooks. The address was asked its challenge before.
func (s *Sandbox) xHook(c *call) answer {
	address := c.str("url")
	if len(address) == 0 || len(address) > 200 {
		return xInvalid("url", address, "url must have 1 to 200 characters")
	}
	want := `"sha256=` + base64.StdEncoding.EncodeToString(sign(s.app(X).ClientSecret, []byte(xCheckToken(address)))) + `"`
	if f := c.fetched[xCheck(c)]; !strings.Contains(strings.ReplaceAll(string(f.data), `\/`, `/`), want) {
		return xInvalid("url", address, "CrcValidationFailed: the URL did not answer the challenge")
	}
	h := Hook{Platform: X, URL: address, Shape: shapeActivity, Allowed: []string{xNothing}}
	if slices.ContainsFunc(s.world.hooks, func(o Hook) bool { return o.Platform == X && o.URL == address && !xDeleted(o) }) {
		return xInvalid("url", address, "DuplicateUrlFailed: a webhook with this URL exists")
	}
	if err := s.keepHook(h); err != nil {
		return xBroken()
	}
	return jsonAnswer(http.StatusOK, object{"data": s.xHookJSON(h)})
}

func (s *Sandbox) xHookAgain(c *call) answer {
	if s.xHookOf(c.r.PathValue("id")) == nil {
		return xProblem(http.StatusNotFound, "Not Found Error", "Could not find webhook.", xProblems+"resource-not-found")
	}
	return jsonAnswer(http.StatusOK, object{"data": object{"valid": true}})
}

// xUnhook: DELETE /2/webhooks/:id. What is forgotten hears nothing.
func (s *Sandbox) xUnhook(c *call) answer {
	h := s.xHookOf(c.r.PathValue("id"))
	if h == nil {
		return xProblem(http.StatusNotFound, "Not Found Error", "Could not find webhook.", xProblems+"resource-not-found")
	}
	url := h.URL
	// The journal has no word for it: an address that wants nothing is as good.
	if err := s.keepHook(Hook{Platform: X, URL: url, Shape: shapeActivity, Allowed: []string{xGone}}); err != nil {
		return xBroken()
	}
	return jsonAnswer(http.StatusOK, object{"data": object{"deleted": true}})
}

// xUnsubscribe: DELETE /2/activity/subscriptions/:id.
func (s *Sandbox) xUnsubscribe(c *call) answer {
	for _, h := range s.world.hooks {
		for i, one := range h.Allowed {
			user, event, ok := strings.Cut(one, " ")
			if !ok || h.Platform != X || xHookID(Hook{URL: h.URL + user + event}) != c.r.PathValue("id") {
				continue
			}
			h.Allowed = slices.Delete(slices.Clone(h.Allowed), i, i+1)
			if err := s.keepHook(h); err != nil {
				return xBroken()
			}
			return jsonAnswer(http.StatusOK, object{"data": object{"deleted": true}})
		}
	}
	return xProblem(http.StatusNotFound, "Not Found Error", "Could not find subscription.", xProblems+"resource-not-found")
}

func (s *Sandbox) keepHook(h Hook) error {
	if err := s.world.journal.write(entry{Hook: &h}); err != nil {
		return err
	}
	s.world.setHook(h)
	return nil
}

func (s *Sandbox) xHookOf(id string) *Hook {
	for i, h := range s.world.hooks {
		if h.Platform == X && xHookID(h) == id && !xDeleted(h) {
			return &s.world.hooks[i]
		}
	}
	return nil
}

// xNothing stands where an app's webhook has no subscription yet. An address
// put in by the control page hears everything.
const xNothing = "-"

// xGone marks a webhook that its app deleted.
const xGone = "deleted"

func xDeleted(h Hook) bool { return slices.Contains(h.Allowed, xGone) }

func xWants(h Hook, user, event string) bool {
	return len(h.Allowed) == 0 || slices.Contains(h.Allowed, user+" "+event)
}

func xEvents() []string {
	return []string{
		"profile.update.bio", "follow.follow", "follow.unfollow", "dm.sent", "dm.received", "dm.indicate_typing", "dm.read", "post.create", "post.delete",
		"post.mention.create", "post.reply.create", "post.quote.create", "post.repost.create", "like.create", "mute.mute", "mute.unmute", "block.block", "block.unblock",
	}
}

// xSubscribe: POST /2/activity/subscriptions.
func (s *Sandbox) xSubscribe(c *call) answer {
	event, user := c.str("event_type"), asText(c.object("filter")["user_id"])
	h := s.xHookOf(c.str("webhook_id"))
	switch {
	case !slices.Contains(xEvents(), event):
		return xInvalid("event_type", event, "[$.event_type]: does not have a value in the enumeration")
	case s.world.account(X, user) == nil || user == "":
		return xInvalid("filter.user_id", user, "filter.user_id is required")
	case h == nil:
		return xInvalid("webhook_id", c.str("webhook_id"), "no webhook with this id")
	case strings.HasPrefix(event, "dm.") && (c.account == nil || c.account.ID != user || !c.token.may("dm.read")):
		return xForbidden("You are not authorized to subscribe to private events of this user.")
	}
	if xWants(*h, user, event) {
		return xInvalid("event_type", event, "DuplicateSubscription: this subscription exists")
	}
	next := *h
	next.Allowed = append(slices.Clone(h.Allowed), user+" "+event)
	if err := s.keepHook(next); err != nil {
		return xBroken()
	}
	return jsonAnswer(http.StatusOK, object{"data": object{"subscription": xSubscription(next, user, event)}})
}

func xSubscription(h Hook, user, event string) object {
	return object{
		"subscription_id": xHookID(Hook{URL: h.URL + user + event}), "event_type": event, "filter": object{"user_id": user}, "tag": "kentongan",
		"webhook_id": xHookID(h), "created_at": "2026-01-05T03:00:00.000Z", "updated_at": "2026-01-05T03:00:00.000Z",
	}
}

// xSubscriptions: GET /2/activity/subscriptions.
func (s *Sandbox) xSubscriptions(*call) answer {
	list := []object{}
	for _, h := range s.world.hooks {
		for _, one := range h.Allowed {
			if user, event, ok := strings.Cut(one, " "); ok && h.Platform == X {
				list = append(list, xSubscription(h, user, event))
			}
		}
	}
	return jsonAnswer(http.StatusOK, object{"data": list, "meta": object{"result_count": len(list)}})
}
