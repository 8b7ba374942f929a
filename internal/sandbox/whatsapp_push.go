package sandbox

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// waStatuses is what happens to a message of ours, in its order: not everybody
// lets it be known that they read, and who reads at once skips "delivered".
func waStatuses(p *Post) []string {
	switch {
	case p.Face[waFailed] != "":
		return []string{"failed"}
	case p.Face[waType] == "reaction":
		return []string{"sent"}
	case spread(p.ID)%4 == 0:
		return []string{"sent", "read"}
	case spread(p.ID)%4 == 1:
		return []string{"sent", "delivered", "read"}
	}
	return []string{"sent", "delivered"}
}

// waHeard pushes what citizens wrote and what became of our own messages. The
// Cloud API tells of no change and no deletion.
func (s *Sandbox) waHeard(p *Post, verb string, now time.Time) {
	if verb != "add" || p.Kind != kindDirect {
		return
	}
	if !p.Ours {
		s.waPush(p.Account, s.waMessage(p), now)
		return
	}
	if p.Face[waType] == "" {
		return // written in the app by somebody: not told to the API
	}
	for i, status := range waStatuses(p) {
		s.waPush(p.Account, s.waStatus(p, status, int64(i)), now)
	}
}

// waPush sends a value of the field messages to everybody who listens.
func (s *Sandbox) waPush(account string, value object, now time.Time) {
	a := s.world.account(WhatsApp, account)
	value["messaging_product"] = "whatsapp"
	value["metadata"] = object{"display_phone_number": waNumber(a.ID), "phone_number_id": a.ID}
	body, err := json.Marshal(object{"object": "whatsapp_business_account", "entry": []object{{
		"id": waWABA(a.ID), "changes": []object{{"field": "messages", "value": value}},
	}}})
	if err != nil {
		return // maps of plain values always marshal
	}
	own := false // an address of the account's own takes the place of the app's
	for _, h := range s.world.hooks {
		own = own || h.Platform == WhatsApp && h.Account == account
	}
	for _, h := range s.world.hooks {
		if h.Platform == WhatsApp && (h.Account == account || !own && h.Account == "") {
			s.queue = append(s.queue, push{hook: h, body: escapeUnicode(body), due: now})
		}
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// waMessage is a citizen's message. Who has no known number appears by the
// business-scoped user id alone.
func (s *Sandbox) waMessage(p *Post) object {
	contact := object{"profile": object{"name": displayName(strings.TrimSuffix(p.Author, waNameless))}, "user_id": waBSUID(p.AuthorID)}
	m := object{"id": p.ID, "timestamp": strconv.FormatInt(p.At.Unix(), 10), "from_user_id": waBSUID(p.AuthorID)}
	if !strings.HasPrefix(p.AuthorID, "ID.") {
		contact["wa_id"], m["from"] = p.AuthorID, p.AuthorID
	}
	if quoted := s.world.post(WhatsApp, p.InReplyTo); quoted != nil {
		m["context"] = object{"from": waNumber(p.Account), "id": quoted.ID}
	}
	waSaid(m, p)
	return object{"contacts": []object{contact}, "messages": []object{m}}
}

// waSaid puts words or a file into a message.
func waSaid(m object, p *Post) {
	kind, _, _ := strings.Cut(p.Face[waFiles], ",")
	file := object{"id": waInbound(p), "mime_type": "image/png", "sha256": "d9f3c1", "url": "https://lookaside.fbsbx.com/whatsapp_business/attachments/"}
	delete(file, "url")
	if p.Text != "" && (kind == "image" || kind == "video" || kind == "file") {
		file["caption"] = p.Text
	}
	switch kind {
	case "":
		m["type"], m["text"] = "text", object{"body": p.Text}
	case "image":
		m["type"], m["image"] = "image", file
	case "video":
		file["mime_type"] = "video/mp4"
		m["type"], m["video"] = "video", file
	case "audio":
		file["mime_type"], file["voice"] = "audio/ogg; codecs=opus", true
		m["type"], m["audio"] = "audio", file
	case "sticker":
		file["mime_type"], file["animated"] = "image/webp", false
		m["type"], m["sticker"] = "sticker", file
	case "location":
		m["type"], m["location"] = "location", object{"latitude": -6.9147, "longitude": 107.6098, "name": "Balai Kota Tirtawangi"}
	default:
		file["mime_type"], file["filename"] = "application/pdf", "surat.pdf"
		m["type"], m["document"] = "document", file
	}
}

// waStatus is what became of a message of ours.
func (s *Sandbox) waStatus(p *Post, status string, after int64) object {
	st := object{"id": p.ID, "status": status, "timestamp": strconv.FormatInt(p.At.Unix()+after, 10)}
	if !strings.HasPrefix(p.Thread, "ID.") {
		st["recipient_id"] = p.Thread
	}
	st["recipient_user_id"] = waBSUID(p.Thread)
	if p.Key != "" {
		st["biz_opaque_callback_data"] = p.Key
	}
	switch status {
	case "failed":
		code, _ := strconv.Atoi(p.Face[waFailed]) // a code of ours
		title := map[int]string{131047: "Re-engagement message", 131026: "Message Undeliverable"}[code]
		details := map[int]string{
			131047: "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
			131026: "Message Undeliverable.",
		}[code]
		st["errors"] = []object{{
			"code": code, "title": title, "message": title, "error_data": object{"details": details},
			"href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
		}}
	case "sent", "delivered":
		category := "service"
		if p.Face["template"] != "" {
			category = "utility"
		}
		st["pricing"] = object{"billable": true, "pricing_model": "PMP", "category": category, "type": "regular"}
	}
	return object{"statuses": []object{st}}
}
