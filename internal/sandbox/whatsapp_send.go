package sandbox

import (
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// waWindow is how long a business may answer freely: 24 hours from the
// citizen's last message.
const waWindow = 24 * time.Hour

// waMessages: POST /{phone}/messages.
func (s *Sandbox) waMessages(c *call, phone string) answer {
	switch {
	case phone != c.account.ID:
		return waMissing(phone)
	case c.str("messaging_product") != "whatsapp":
		return waBad("The parameter messaging_product is required.")
	case c.str("status") == "read":
		return s.waRead(c)
	}
	who, no := s.waRecipient(c)
	if no != nil {
		return *no
	}
	kind := c.str("type")
	if kind == "" {
		kind = "text"
	}
	p := &Post{
		Platform: WhatsApp, Kind: kindDirect, Account: c.account.ID, AuthorID: c.account.ID, Author: c.account.Handle, Ours: true,
		Thread: who, Key: c.str("biz_opaque_callback_data"), Face: map[string]string{waType: kind},
	}
	if utf8.RuneCountInString(p.Key) > 512 {
		return waBad("Param biz_opaque_callback_data must be at most 512 characters long.")
	}
	if quoted := asText(c.object("context")["message_id"]); quoted != "" {
		if s.world.visible(WhatsApp, quoted) == nil {
			return waError(http.StatusBadRequest, 131009, "Parameter value is not valid", "The message to be replied to does not exist.")
		}
		p.InReplyTo = quoted
	}
	if no := s.waContent(c, p, kind); no != nil {
		return *no
	}
	if no := s.waMay(c, p, kind); no != nil {
		return *no
	}
	if err := s.publish(p, c.now); err != nil {
		return graphError(http.StatusInternalServerError, 2, 0, "OAuthException", "An unexpected error has occurred. Please retry your request later.")
	}
	contact := object{"input": c.str("to"), "wa_id": who}
	if strings.HasPrefix(who, "ID.") || c.str("to") == "" {
		contact = object{"input": c.str("recipient"), "user_id": waBSUID(who)}
	}
	sent := object{"id": p.ID}
	if kind == "template" {
		sent["message_status"] = "accepted"
	}
	return jsonAnswer(http.StatusOK, object{"messaging_product": "whatsapp", "contacts": []object{contact}, "messages": []object{sent}})
}

// waRecipient reads to, and recipient for people without a number; with both,
// to wins.
func (s *Sandbox) waRecipient(c *call) (string, *answer) {
	refuse := func(a answer) (string, *answer) { return "", &a }
	if group := c.str("recipient_type"); group != "" && group != "individual" {
		return refuse(waError(http.StatusBadRequest, 131051, "Unsupported message type", "Groups are not available for this account."))
	}
	number := strings.NewReplacer("+", "", " ", "", "-", "").Replace(c.str("to"))
	if number == "" {
		for _, p := range s.world.people {
			if p.Platform == WhatsApp && waBSUID(p.ID) == c.str("recipient") && c.has("recipient") {
				return p.ID, nil
			}
		}
		if c.has("recipient") {
			return refuse(waError(http.StatusBadRequest, 131009, "Parameter value is not valid", "Unknown recipient."))
		}
		return refuse(waBad("The parameter to is required."))
	}
	if _, err := strconv.ParseInt(number, 10, 64); err != nil || len(number) < 8 || len(number) > 15 {
		return refuse(waError(http.StatusBadRequest, 131009, "Parameter value is not valid", "The parameter to is not a phone number."))
	}
	if number == waNumber(c.account.ID) {
		return refuse(waError(http.StatusBadRequest, 131021, "Recipient cannot be sender", "Sender and recipient phone number is the same."))
	}
	return number, nil
}

// waContent reads what is said.
func (s *Sandbox) waContent(c *call, p *Post, kind string) *answer {
	refuse := func(a answer) *answer { return &a }
	body := c.object(kind)
	if body == nil {
		return refuse(waError(http.StatusBadRequest, 131008, "Required parameter is missing", "The parameter "+kind+" is required."))
	}
	switch kind {
	case "text":
		p.Text, p.Link = asText(body["body"]), firstURL(asText(body["body"]))
		switch {
		case strings.TrimSpace(p.Text) == "":
			return refuse(waError(http.StatusBadRequest, 131008, "Required parameter is missing", "The parameter text['body'] is required."))
		case utf8.RuneCountInString(p.Text) > 4096:
			return refuse(waBad("Param text['body'] must be at most 4096 characters long."))
		}
	case "image", "video", "audio", "document", "sticker":
		if p.Text = asText(body["caption"]); utf8.RuneCountInString(p.Text) > 1024 {
			return refuse(waBad("Param " + kind + "['caption'] must be at most 1024 characters long."))
		}
		m, no := s.waFile(c, kind, body)
		if no != nil {
			return no
		}
		p.Media = []Media{*m}
	case "reaction":
		if s.world.visible(WhatsApp, asText(body["message_id"])) == nil {
			return refuse(waError(http.StatusBadRequest, 131009, "Parameter value is not valid", "Unknown message_id."))
		}
		p.Text, p.InReplyTo = asText(body["emoji"]), asText(body["message_id"])
	case "template":
		return s.waFill(c, p, body)
	case "interactive":
		text, _ := body["body"].(object)
		p.Text = asText(text["text"])
	case "location":
		p.Text = asText(body["name"]) + " " + asText(body["latitude"]) + "," + asText(body["longitude"])
	default:
		return refuse(waError(http.StatusBadRequest, 131051, "Unsupported message type", "Message type "+kind+" is not supported."))
	}
	return nil
}

// waMay holds a message against the answering window and the pair's pace.
func (s *Sandbox) waMay(c *call, p *Post, kind string) *answer {
	last, sent := time.Time{}, 0
	for _, q := range s.world.order {
		if q.Platform != WhatsApp || q.Account != p.Account || q.Thread != p.Thread {
			continue
		}
		switch {
		case !q.Ours && q.At.After(last):
			last = q.At
		case q.Ours && c.now.Sub(q.At) < 45*6*time.Second:
			sent++
		}
	}
	no := ""
	switch {
	case s.rules.TrueLimits && sent >= 45:
		a := waError(http.StatusBadRequest, 131056, "(Business Account, Consumer Account) pair rate limit hit", "Too many messages sent to the same phone number in a short period of time.")
		return &a
	case kind != "template" && c.now.Sub(last) > waWindow:
		no = "131047"
		if !s.rules.LateRefusals {
			a := waError(http.StatusBadRequest, 131047, "Re-engagement message", "Message failed to send because more than 24 hours have passed since the customer last replied to this number.")
			return &a
		}
	case s.world.people[at(WhatsApp, p.Thread)] == nil:
		no = "131026" // not on WhatsApp: told by the webhook only
	}
	if no != "" { // accepted, and failed later: it never reached anybody
		p.Face[waFailed], p.Deleted = no, true
	}
	return nil
}

// waRead marks a citizen's message as read.
func (s *Sandbox) waRead(c *call) answer {
	p := s.world.visible(WhatsApp, c.str("message_id"))
	if p == nil || p.Ours || p.Account != c.account.ID {
		return waError(http.StatusBadRequest, 131009, "Parameter value is not valid", "Unknown message_id.")
	}
	return graphSuccess()
}

// waFill fills an approved template with its values.
func (s *Sandbox) waFill(c *call, p *Post, body object) *answer {
	refuse := func(code int, title, details string) *answer {
		a := waError(http.StatusBadRequest, code, title, details)
		return &a
	}
	name := asText(body["name"])
	language, _ := body["language"].(object)
	t := s.waTemplate(c.account, name, asText(language["code"]))
	if t == nil {
		a := waError(http.StatusNotFound, 132001, "Template name does not exist in the translation", "template name ("+name+") does not exist in "+asText(language["code"]))
		return &a
	}
	switch waState(t, c.now) {
	case "APPROVED":
	case "PAUSED":
		return refuse(132015, "Template is Paused", "Template "+name+" is paused due to low quality.")
	case "DISABLED":
		return refuse(132016, "Template is Disabled", "Template "+name+" is disabled.")
	default:
		return refuse(132001, "Template name does not exist in the translation", "template name ("+name+") is not approved")
	}
	var values []string
	parts, _ := body["components"].([]any)
	for _, one := range parts {
		part, _ := one.(object)
		if !strings.EqualFold(asText(part["type"]), "body") {
			continue
		}
		given, _ := part["parameters"].([]any)
		for _, g := range given {
			v, _ := g.(object)
			values = append(values, asText(v["text"]))
		}
	}
	want := strings.Count(t.Face["body"], "{{")
	if len(values) != want {
		return refuse(132000, "Number of parameters does not match the expected number of params", "body: number of localizable_params ("+strconv.Itoa(len(values))+") does not match the expected number of params ("+strconv.Itoa(want)+")")
	}
	p.Text = t.Face["body"]
	for i, v := range values {
		p.Text = strings.ReplaceAll(p.Text, "{{"+strconv.Itoa(i+1)+"}}", v)
	}
	p.Face["template"] = name
	return nil
}
