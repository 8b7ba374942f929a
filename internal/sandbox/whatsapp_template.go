package sandbox

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// waTemplateKind marks a template among an account's files.
const waTemplateKind = "template"

// waReview is how long the sandbox's reviewers look at a template.
const waReview = time.Minute

// waFirst are the templates that every WABA here has, of every state.
func waFirst(a *Account) []*Media {
	made := func(n, name, category, state, body string) *Media {
		return &Media{ID: waWABA(a.ID) + n, Platform: WhatsApp, Account: a.ID, Category: waTemplateKind, Face: map[string]string{
			"name": name, "language": "id", "category": category, "state": state, "body": body,
		}}
	}
	return []*Media{
		made("1", "jawaban_aduan", "UTILITY", "APPROVED", "Halo {{1}}, laporan Anda nomor {{2}} sudah ditindaklanjuti. Balas pesan ini bila masih ada kendala."),
		made("2", "minta_balasan", "UTILITY", "APPROVED", "Halo, jawaban atas pertanyaan Anda sudah siap. Balas YA untuk menerimanya."),
		made("3", "undangan_musrenbang", "MARKETING", "PENDING", "Warga {{1}} diundang ke musyawarah pada {{2}}."),
		made("4", "info_pajak", "MARKETING", "PAUSED", "Pajak bumi dan bangunan jatuh tempo {{1}}."),
		made("5", "undian_hadiah", "MARKETING", "REJECTED", "Selamat {{1}}, Anda memenangkan hadiah."),
	}
}

// waState is where a template stands: a new one is approved after its review.
func waState(t *Media, now time.Time) string {
	if t.Face["state"] == "PENDING" && !t.At.IsZero() && now.Sub(t.At) >= waReview {
		return "APPROVED"
	}
	return t.Face["state"]
}

func (s *Sandbox) waAllTemplates(a *Account) []*Media {
	all := waFirst(a)
	for _, m := range s.world.media {
		if m.Platform == WhatsApp && m.Account == a.ID && m.Category == waTemplateKind {
			all = append(all, m)
		}
	}
	return all
}

func (s *Sandbox) waTemplate(a *Account, name, language string) *Media {
	for _, t := range s.waAllTemplates(a) {
		if t.Face["name"] == name && t.Face["language"] == language {
			return t
		}
	}
	return nil
}

// waTemplates: GET /{waba}/message_templates.
func (s *Sandbox) waTemplates(c *call, waba string) answer {
	provider := c.r.Header.Get("D360-API-KEY") != ""
	if waba != waWABA(c.account.ID) && !provider {
		return waMissing(waba)
	}
	data := []object{}
	for _, t := range s.waAllTemplates(c.account) {
		state := waState(t, c.now)
		if name := c.str("name"); name != "" && t.Face["name"] != name || c.has("status") && state != c.str("status") {
			continue
		}
		body := object{"type": "BODY", "text": t.Face["body"]}
		if n := strings.Count(t.Face["body"], "{{"); n > 0 {
			var values []string
			for i := range n {
				values = append(values, "contoh "+strconv.Itoa(i+1))
			}
			body["example"] = object{"body_text": [][]string{values}}
		}
		data = append(data, object{
			"id": t.ID, "name": t.Face["name"], "language": t.Face["language"], "category": t.Face["category"], "status": state,
			"components": []object{body},
		})
	}
	field := "data"
	if provider {
		field = "waba_templates"
	}
	return jsonAnswer(http.StatusOK, object{field: data, "paging": object{"cursors": object{"before": "MA", "after": "MA"}}})
}

var waName = regexp.MustCompile(`^[a-z0-9_]{1,512}$`)

// waTemplateNew: POST /{waba}/message_templates.
func (s *Sandbox) waTemplateNew(c *call, waba string) answer {
	if waba != waWABA(c.account.ID) && c.r.Header.Get("D360-API-KEY") == "" {
		return waMissing(waba)
	}
	name, language, category := c.str("name"), c.str("language"), strings.ToUpper(c.str("category"))
	body := ""
	for _, v := range c.list("components") {
		part, _ := v.(object)
		if strings.EqualFold(asText(part["type"]), "body") {
			body = asText(part["text"])
		}
	}
	switch {
	case !waName.MatchString(name) || language == "" || body == "":
		return waBad("name, language and a body component are required.")
	case category != "MARKETING" && category != "UTILITY" && category != "AUTHENTICATION":
		return waBad("Param category must be one of {UTILITY, MARKETING, AUTHENTICATION}.")
	case s.waTemplate(c.account, name, language) != nil:
		return graphError(http.StatusBadRequest, 100, 2388024, "OAuthException", "Invalid parameter")
	}
	t := &Media{
		ID: s.world.nextID(WhatsApp, c.now), Platform: WhatsApp, Account: c.account.ID, Category: waTemplateKind, At: c.now,
		Face: map[string]string{"name": name, "language": language, "category": category, "state": "PENDING", "body": body},
	}
	if err := s.world.putMedia(t); err != nil {
		return graphError(http.StatusInternalServerError, 2, 0, "OAuthException", "An unexpected error has occurred.")
	}
	return jsonAnswer(http.StatusOK, object{"id": t.ID, "status": "PENDING", "category": category})
}
