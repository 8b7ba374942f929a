package sandbox

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

func waPhoneJSON(a *Account) object {
	return object{
		"id": a.ID, "display_phone_number": "+" + waNumber(a.ID), "verified_name": a.Name, "quality_rating": "GREEN",
		"code_verification_status": "VERIFIED",
	}
}

// waPhone: GET /{phone}?fields=.
func (s *Sandbox) waPhone(c *call) answer {
	all := waPhoneJSON(c.account)
	all["name_status"], all["platform_type"] = "APPROVED", "CLOUD_API"
	all["throughput"] = object{"level": "STANDARD"}
	all["whatsapp_business_manager_messaging_limit"], all["messaging_limit_tier"] = "TIER_2K", "TIER_2K"
	if !c.has("fields") {
		return jsonAnswer(http.StatusOK, waPhoneJSON(c.account))
	}
	out := object{"id": c.account.ID}
	for _, f := range c.texts("fields") {
		v, ok := all[f]
		if !ok {
			return graphError(http.StatusBadRequest, 100, 0, "OAuthException", "(#100) Tried accessing nonexisting field ("+f+")")
		}
		out[f] = v
	}
	return jsonAnswer(http.StatusOK, out)
}

// waNumbers: GET /{waba}/phone_numbers.
func (s *Sandbox) waNumbers(c *call, waba string) answer {
	if waba != waWABA(c.account.ID) {
		return waMissing(waba)
	}
	number := waPhoneJSON(c.account)
	number["status"] = "LINKED"
	return jsonAnswer(http.StatusOK, object{"data": []object{number}, "paging": object{"cursors": object{"before": "MA", "after": "MA"}}})
}

// waHealth: a solution provider's key says which number it is for.
func (s *Sandbox) waHealth(c *call, _ string) answer {
	entity := func(kind, id string) object {
		return object{"entity_type": kind, "id": id, "can_send_message": "AVAILABLE"}
	}
	return jsonAnswer(http.StatusOK, object{"id": c.account.ID, "health_status": object{
		"can_send_message": "AVAILABLE",
		"entities":         []object{entity("PHONE_NUMBER", c.account.ID), entity("WABA", waWABA(c.account.ID)), entity("BUSINESS", "304500000000700"), entity("APP", "404500000000700")},
	}})
}

// waScopes are what a system user's token needs.
func waScopes() []string {
	return []string{"whatsapp_business_management", "whatsapp_business_messaging"}
}

// waDebug: GET /debug_token. The quick-start token of the developers' page
// lives less than a day; a system user's never ends.
func (s *Sandbox) waDebug(c *call) answer {
	t := s.world.tokens[c.str("input_token")]
	if t == nil || !strings.HasPrefix(t.Account, WhatsApp+"/") {
		return jsonAnswer(http.StatusOK, object{"data": object{
			"is_valid": false, "scopes": []string{}, "error": object{"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"},
		}})
	}
	expires, kind := int64(0), "SYSTEM_USER"
	switch {
	case s.rules.ShortTokens:
		expires, kind = c.now.Add(23*time.Hour).Unix(), "USER"
	case !t.Expires.IsZero():
		expires = t.Expires.Unix()
	}
	scopes := t.Scopes
	if scopes == nil {
		scopes = waScopes()
	}
	waba := waWABA(s.world.owner(t).ID)
	granular := []object{}
	for _, scope := range scopes {
		granular = append(granular, object{"scope": scope, "target_ids": []string{waba}})
	}
	return jsonAnswer(http.StatusOK, object{"data": object{
		"app_id": "404500000000700", "type": kind, "application": "Kentongan", "expires_at": expires, "is_valid": !t.dead(c.now),
		"scopes": scopes, "granular_scopes": granular, "user_id": "504500000000700",
	}})
}

// waProbeNumber is what a callback must echo.
func waProbeNumber(c *call) string {
	return strconv.FormatUint(uint64(spread(c.str("override_callback_uri")+c.str("verify_token"))), 10)
}

// waProbe: an address of an account's own is checked like an app's.
func waProbe(c *call) []string {
	address := c.str("override_callback_uri")
	if address == "" || c.r.Method != http.MethodPost {
		return nil
	}
	mark := "?"
	if strings.Contains(address, "?") {
		mark = "&"
	}
	return []string{address + mark + url.Values{"hub.mode": {"subscribe"}, "hub.challenge": {waProbeNumber(c)}, "hub.verify_token": {c.str("verify_token")}}.Encode()}
}

// waSubscribe: GET, POST, DELETE /{waba}/subscribed_apps.
func (s *Sandbox) waSubscribe(c *call, waba string) answer {
	if waba != waWABA(c.account.ID) && c.r.Header.Get("D360-API-KEY") == "" {
		return waMissing(waba)
	}
	app := object{"whatsapp_business_api_data": object{"id": "404500000000700", "name": "Kentongan", "link": "https://www.facebook.com/games/?app_id=404500000000700"}}
	h := Hook{Platform: WhatsApp, Account: c.account.ID, URL: c.str("override_callback_uri")}
	if c.r.Header.Get("D360-API-KEY") != "" {
		h.URL = c.str("url") // a provider does not check addresses
	}
	switch c.r.Method {
	case http.MethodGet:
		for _, known := range s.world.hooks {
			if known.Platform == WhatsApp && known.Account == c.account.ID {
				app["override_callback_uri"] = known.URL
			}
		}
		return jsonAnswer(http.StatusOK, object{"data": []object{app}})
	case http.MethodPost:
		if h.URL == "" {
			return graphSuccess() // the app's own address gets it all
		}
		probes := waProbe(c)
		if len(probes) == 1 && strings.TrimSpace(string(c.fetched[probes[0]].data)) != waProbeNumber(c) {
			return graphError(http.StatusBadRequest, 2200, 0, "OAuthException", "(#2200) Callback verification failed with the following errors: curl_errno = 0; HTTP Status Code = 403")
		}
		app["override_callback_uri"] = h.URL
	}
	if err := s.world.journal.write(entry{Hook: &h}); err != nil {
		return graphError(http.StatusInternalServerError, 2, 0, "OAuthException", "An unexpected error has occurred.")
	}
	s.world.setHook(h)
	if h.URL == "" || c.r.Header.Get("D360-API-KEY") != "" {
		return graphSuccess()
	}
	return jsonAnswer(http.StatusOK, object{"success": true, "data": []object{app}})
}

// waBlock: GET, POST, DELETE /{phone}/block_users; only people who wrote in
// the last 24 hours can be blocked.
func (s *Sandbox) waBlock(c *call, phone string) answer {
	if phone != c.account.ID {
		return waMissing(phone)
	}
	if c.r.Method == http.MethodGet {
		data := []object{}
		for _, p := range s.world.people {
			if p.Platform == WhatsApp && s.world.isBlocked(WhatsApp, c.account.ID, p.ID) {
				data = append(data, object{"messaging_product": "whatsapp", "wa_id": p.ID})
			}
		}
		return jsonAnswer(http.StatusOK, object{"data": data, "paging": object{"cursors": object{"before": "MA", "after": "MA"}}})
	}
	done := []object{}
	block := c.r.Method == http.MethodPost
	for _, v := range c.list("block_users") {
		user, _ := v.(object)
		given := asText(user["user"])
		who := s.waKnown(c.account, strings.TrimPrefix(given, "+"))
		if who == "" {
			return waError(http.StatusBadRequest, 139103, "Failed to block/unblock some users", "The user has not messaged the business in the last 24 hours.")
		}
		if err := s.block(WhatsApp, c.account.ID, who, block); err != nil {
			return graphError(http.StatusInternalServerError, 2, 0, "OAuthException", "An unexpected error has occurred.")
		}
		done = append(done, object{"input": given, "wa_id": who})
	}
	field := map[bool]string{true: "added_users", false: "removed_users"}[block]
	return jsonAnswer(http.StatusOK, object{"messaging_product": "whatsapp", "block_users": object{field: done}})
}

// waKnown is a person who wrote to an account, by number or user id.
func (s *Sandbox) waKnown(a *Account, id string) string {
	for _, p := range s.world.order {
		if p.Platform == WhatsApp && !p.Ours && p.Account == a.ID && (p.AuthorID == id || waBSUID(p.AuthorID) == id) {
			return p.AuthorID
		}
	}
	return ""
}

// waHistory: GET /{phone}/message_history: what became of what was sent, and
// whether the webhook was taken. It tells neither recipient nor text.
func (s *Sandbox) waHistory(c *call, phone string) answer {
	if phone != c.account.ID {
		return waMissing(phone)
	}
	data := []object{}
	for i, p := range s.world.order {
		if p.Platform != WhatsApp || !p.Ours || p.Account != phone || c.has("message_id") && p.ID != c.str("message_id") {
			continue
		}
		events := []object{}
		for n, status := range waStatuses(p) {
			events = append(events, object{
				"id": strconv.Itoa(7_000_000 + i*4 + n), "delivery_status": strings.ToUpper(status), "timestamp": p.At.Unix() + int64(n),
				"webhook_update_state": "DELIVERED", "application": object{"id": "404500000000700"},
			})
		}
		data = append(data, object{"id": strconv.Itoa(8_000_000 + i), "message_id": p.ID, "events": object{"data": events}})
	}
	return jsonAnswer(http.StatusOK, object{"data": data[:min(len(data), c.number("limit", 25, 1, 100))], "paging": object{"cursors": object{"before": "MA", "after": "MA"}}})
}
