package sandbox

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func (s *stage) wa(t *testing.T, method, path string, in any) reply {
	t.Helper()
	me := s.credential(t, WhatsApp, "")
	return send(t, request{method: method, url: me.BaseURL + "/v25.0/" + path, bearer: me.Token.Access, json: in})
}

func waText(to, text string) map[string]any {
	return map[string]any{"messaging_product": "whatsapp", "to": to, "type": "text", "text": map[string]any{"body": text}}
}

func TestWhatsAppRefuses(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Seed: 1})
	me := s.credential(t, WhatsApp, "")
	if _, err := s.Say(Saying{Platform: WhatsApp, Text: "Halo", Kind: kindDirect, Author: "Sri"}); err != nil {
		t.Fatal(err)
	}
	sri, _ := waPerson("Sri")
	with := func(change func(map[string]any)) map[string]any {
		in := waText(sri, "Halo")
		change(in)
		return in
	}
	phone := me.AccountID + "/messages"
	for name, c := range map[string]struct {
		path string
		in   map[string]any
		code float64 // 0: accepted
	}{
		"words":                    {phone, waText(sri, "Halo"), 0},
		"words to +62 with blanks": {phone, waText("+"+sri[:2]+" "+sri[2:], "Halo"), 0},
		"by user id":               {phone, with(func(m map[string]any) { delete(m, "to"); m["recipient"] = waBSUID(sri) }), 0},
		"a reaction": {phone, with(func(m map[string]any) {
			m["type"], m["reaction"] = "reaction", map[string]any{"message_id": "x", "emoji": "👍"}
		}), 131009},
		"no product":                    {phone, with(func(m map[string]any) { delete(m, "messaging_product") }), 100},
		"nobody":                        {phone, with(func(m map[string]any) { delete(m, "to") }), 100},
		"an unknown user id":            {phone, with(func(m map[string]any) { delete(m, "to"); m["recipient"] = "ID.1" }), 131009},
		"no number":                     {phone, waText("Sri", "Halo"), 131009},
		"ourselves":                     {phone, waText(waNumber(me.AccountID), "Halo"), 131021},
		"nothing to say":                {phone, waText(sri, " "), 131008},
		"4097 signs":                    {phone, waText(sri, strings.Repeat("a", 4097)), 100},
		"a quote of nothing":            {phone, with(func(m map[string]any) { m["context"] = map[string]any{"message_id": "wamid.x"} }), 131009},
		"an unknown file":               {phone, with(func(m map[string]any) { m["type"], m["image"] = "image", map[string]any{"id": "1"} }), 131053},
		"an unknown kind":               {phone, with(func(m map[string]any) { m["type"], m["fax"] = "fax", map[string]any{} }), 131051},
		"a group":                       {phone, with(func(m map[string]any) { m["recipient_type"] = "group" }), 131051},
		"somebody outside their window": {phone, waText("628111111111", "Halo"), 131047},
		"another office's number":       {"104500000000702/messages", waText(sri, "Halo"), 100},
		"a version that has ended":      {"../v19.0/" + phone, waText(sri, "Halo"), 2635},
		"an edge that is not there":     {me.AccountID + "/faxes", waText(sri, "Halo"), 2500},
		"a template without its values": {phone, with(func(m map[string]any) {
			m["type"], m["template"] = "template", map[string]any{"name": "jawaban_aduan", "language": map[string]any{"code": "id"}}
		}), 132000},
		"a template in another language": {phone, with(func(m map[string]any) {
			m["type"], m["template"] = "template", map[string]any{"name": "jawaban_aduan", "language": map[string]any{"code": "en"}}
		}), 132001},
	} {
		r := s.wa(t, "POST", c.path, c.in)
		got, _ := r.get("error.code").(float64)
		if got != c.code || c.code == 0 && !strings.HasPrefix(r.str("messages.0.id"), "wamid.") || c.code != 0 && (r.status < 400 || r.str("error.fbtrace_id") == "") {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	wrong := send(t, request{method: "POST", url: me.BaseURL + "/v25.0/" + phone, bearer: "EAAWx", json: waText(sri, "Halo")})
	want(t, "a wrong token", wrong.get("error.code"), float64(190))
}

func TestWhatsAppFilesAndTemplates(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Seed: 1})
	me := s.credential(t, WhatsApp, "")
	asked, err := s.Say(Saying{Platform: WhatsApp, Files: []string{"image"}, Kind: kindDirect, Author: "Sri"})
	if err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	file := waInbound(s.world.post(WhatsApp, asked))
	s.mu.Unlock()
	address := s.wa(t, "GET", file+"?phone_number_id="+me.AccountID, nil)
	get := func(bearer string) int {
		return send(t, request{method: "GET", url: address.str("url"), bearer: bearer}).status
	}
	want(t, "a citizen's file", get(me.Token.Access), http.StatusOK)
	want(t, "without the token", get(""), http.StatusUnauthorized)
	s.Advance(6 * time.Minute)
	want(t, "after five minutes", get(me.Token.Access), http.StatusNotFound)

	waba := waWABA(me.AccountID) + "/message_templates"
	made := s.wa(t, "POST", waba, map[string]any{"name": "jadwal_posyandu", "language": "id", "category": "UTILITY", "components": []any{map[string]any{"type": "BODY", "text": "Posyandu {{1}}."}}})
	want(t, "a new template", made.str("status"), "PENDING")
	state := func() string { return s.wa(t, "GET", waba+"?name=jadwal_posyandu", nil).str("data.0.status") }
	want(t, "at first", state(), "PENDING")
	s.Advance(waReview)
	want(t, "after the review", state(), "APPROVED")
	want(t, "the same name again", s.wa(t, "POST", waba, map[string]any{"name": "jadwal_posyandu", "language": "id", "category": "UTILITY", "components": []any{map[string]any{"type": "BODY", "text": "x"}}}).status, 400)

	history := s.wa(t, "GET", me.AccountID+"/message_history", nil)
	want(t, "a citizen's message is not in it", history.get("data.0"), nil)
	sri, _ := waPerson("Sri")
	sent := s.wa(t, "POST", me.AccountID+"/messages", waText(sri, "Diterima"))
	history = s.wa(t, "GET", me.AccountID+"/message_history?message_id="+sent.str("messages.0.id"), nil)
	want(t, "ours is", history.str("data.0.events.data.0.delivery_status"), "SENT")
	read := s.wa(t, "POST", me.AccountID+"/messages", map[string]any{"messaging_product": "whatsapp", "status": "read", "message_id": asked})
	want(t, "read", read.get("success"), true)
}
