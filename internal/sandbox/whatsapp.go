package sandbox

import (
	"encoding/base64"
	"fmt"
	"hash/fnv"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// whatsappHabit: the Cloud API of the WhatsApp Business Platform. Each office
// has a number (an account's ID is the phone number id) and a WhatsApp
// Business Account (WABA); both belong to one business portfolio.
// https://developers.facebook.com/documentation/business-messaging/whatsapp
func whatsappHabit() habit {
	return habit{
		name: WhatsApp, mount: "/wa", names: true, hears: []string{kindDirect},
		routes:   (*Sandbox).whatsappRoutes,
		accounts: twoOffices(WhatsApp, "104500000000701", "104500000000702"),
		tokens:   plainToken("EAAW"),
		id: func(w *world, p *Post, now time.Time) string {
			return waMID(p.Thread, w.growing("whatsapp message", now.UnixMilli()))
		},
		direct: func(p *Post) string { return p.AuthorID },
		person: waPerson,
		// Messages and statuses are told apart and over time (see waHeard).
		push:      func(*Sandbox, Hook, *Post, string, time.Time) []byte { return nil },
		heard:     (*Sandbox).waHeard,
		challenge: metaChallenge, signed: metaSigned,
	}
}

// waMID is a message's id. Like the true ones it holds the other person's
// number: such an id is personal data.
func waMID(person, n string) string {
	raw := fmt.Sprintf("\x1d\x18%s\x15\x02\x00\x11\x18%s", person, n)
	return "wamid." + base64.StdEncoding.EncodeToString([]byte(raw))
}

// waNameless ends the names of people who are known by a user name only: their
// number does not appear in webhooks (usernames, since 2026).
const waNameless = ".wa"

// waPerson gives a citizen an invented number (0812-000x-xxxx was never given
// out), or none.
func waPerson(name string) (id, handle string) {
	h := fnv.New32a()
	h.Write([]byte(name))
	if strings.HasSuffix(name, waNameless) {
		return fmt.Sprintf("ID.1349%012d", h.Sum32()), name
	}
	return fmt.Sprintf("62812000%05d", h.Sum32()%100000), name
}

// waBSUID is a person's business-scoped user id, which everybody has.
func waBSUID(id string) string {
	if strings.HasPrefix(id, "ID.") {
		return id
	}
	h := fnv.New64a()
	h.Write([]byte("bsuid " + id))
	return fmt.Sprintf("ID.1349%016d", h.Sum64()%1e16)
}

// waWABA and waNumber: the account that a number belongs to, and the number as
// people see it.
func waWABA(phone string) string { return "2" + phone[1:] }

func waNumber(phone string) string { return "62211500" + phone[len(phone)-3:] }

// What only WhatsApp knows of a message.
const (
	waType   = "type"
	waFailed = "failed" // code of the refusal that came after the acceptance
	waFiles  = "files"
)

// waFace answers as graph.facebook.com does for WhatsApp.
type waFace struct{}

func (waFace) platform() string { return WhatsApp }

// waError is Graph's error with WhatsApp's own details.
func waError(status, code int, title, details string) answer {
	e := object{"message": "(#" + strconv.Itoa(code) + ") " + title, "type": "OAuthException", "code": code, "fbtrace_id": "AkEnToNgAnWaX1"}
	if details != "" {
		e["error_data"] = object{"messaging_product": "whatsapp", "details": details}
	}
	return jsonAnswer(status, object{"error": e})
}

func waBad(details string) answer {
	return waError(http.StatusBadRequest, 100, "Invalid parameter", details)
}

func waMissing(id string) answer {
	return graphError(http.StatusBadRequest, 100, 33, "GraphMethodException", "Unsupported request. Object with ID '"+id+"' does not exist, cannot be loaded due to missing permissions, or does not support this operation.")
}

// authenticate: a system user's token as Bearer, or a solution provider's key.
func (waFace) authenticate(s *Sandbox, c *call) *answer {
	given, ok := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer ")
	if key := c.r.Header.Get("D360-API-KEY"); key != "" {
		given, ok = key, true
	}
	if !ok {
		given = c.query.Get("access_token")
	}
	t := s.world.tokens[given]
	if t == nil || t.dead(c.now) || !strings.HasPrefix(t.Account, WhatsApp+"/") {
		no := waFace{}.revoked()
		return &no
	}
	c.token, c.account = t, s.world.owner(t)
	return nil
}

func (waFace) unreadable() answer {
	return graphError(http.StatusBadRequest, 100, 0, "OAuthException", "Invalid parameter")
}

func (waFace) tooMany(*meter) answer {
	return waError(http.StatusTooManyRequests, 130429, "Rate limit hit", "Cloud API message throughput has been reached.")
}

func (waFace) revoked() answer {
	return graphError(http.StatusUnauthorized, 190, 463, "OAuthException", "Error validating access token: Session has expired.")
}

// meterHeaders: the business-use-case header, in percent and minutes.
func (waFace) meterHeaders(a answer, m *meter) answer {
	if m == nil || m.limit == 0 {
		return a
	}
	share, regain := min(100*m.used/m.limit, 100), 0
	if m.spent() {
		share, regain = 100, 1
	}
	return a.with("X-Business-Use-Case-Usage", fmt.Sprintf(`{"204500000000701":[{"type":"whatsapp","call_count":%d,"total_cputime":0,"total_time":0,"estimated_time_to_regain_access":%d}]}`, share, regain))
}
