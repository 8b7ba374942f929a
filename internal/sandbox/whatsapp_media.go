package sandbox

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/color"
	pictures "image/png"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// waTypes are the kinds of file that each kind of message takes, and how large.
func waTypes(kind string) (types []string, limit int) {
	switch kind {
	case "image":
		return []string{"image/jpeg", "image/png"}, 5 << 20
	case "video":
		return []string{"video/mp4", "video/3gpp"}, 16 << 20
	case "audio":
		return []string{"audio/aac", "audio/mp4", "audio/mpeg", "audio/amr", "audio/ogg"}, 16 << 20
	case "sticker":
		return []string{"image/webp"}, 500 << 10
	}
	return nil, 100 << 20
}

// waUpload: POST /{phone}/media; the id lives 30 days.
func (s *Sandbox) waUpload(c *call, phone string) answer {
	f, ok := c.files["file"]
	switch {
	case phone != c.account.ID:
		return waMissing(phone)
	case c.str("messaging_product") != "whatsapp":
		return waBad("The parameter messaging_product is required.")
	case !ok || len(f.data) == 0:
		return waBad("The parameter file is required.")
	}
	m := newMedia(WhatsApp, c.account, f.data)
	if strings.HasPrefix(f.typ, "video/") || strings.HasPrefix(f.typ, "audio/") {
		m.Type = f.typ // the content's first bytes tell films apart badly
	}
	kind, _, _ := strings.Cut(m.Type, "/")
	types, limit := waTypes(kind)
	if types != nil && !slices.Contains(types, m.Type) {
		return waError(http.StatusBadRequest, 131053, "Media upload error", "Unsupported "+kind+" mime type "+m.Type+".")
	}
	if len(f.data) > limit {
		return waError(http.StatusBadRequest, 131053, "Media upload error", "File size is larger than the supported "+strconv.Itoa(limit)+" bytes.")
	}
	m.ID, m.At, m.Ready = s.world.nextID(WhatsApp, c.now), c.now, true
	if err := s.world.putMedia(m); err != nil {
		return graphError(http.StatusInternalServerError, 2, 0, "OAuthException", "An unexpected error has occurred.")
	}
	return jsonAnswer(http.StatusOK, object{"id": m.ID})
}

// waFile is a message's file: by id, or fetched from a link.
func (s *Sandbox) waFile(c *call, kind string, body object) (*Media, *answer) {
	refuse := func(details string) (*Media, *answer) {
		a := waError(http.StatusBadRequest, 131053, "Media upload error", details)
		return nil, &a
	}
	types, _ := waTypes(kind)
	if link := asText(body["link"]); link != "" {
		f := c.fetched[link]
		if len(f.data) == 0 {
			return refuse("Downloading media from weblink failed.")
		}
		m := newMedia(WhatsApp, c.account, f.data)
		m.ID, m.At, m.Ready, m.Link = s.world.nextID(WhatsApp, c.now), c.now, true, link
		return m, nil
	}
	m := s.world.media[at(WhatsApp, asText(body["id"]))]
	switch {
	case m == nil || m.Account != c.account.ID || m.Category == waTemplateKind || c.now.Sub(m.At) > 30*24*time.Hour:
		return refuse("Media ID not found, or expired.")
	case types != nil && !slices.Contains(types, m.Type):
		return refuse("The media is not of type " + kind + ".")
	}
	return m, nil
}

// waInbound is the id of a file that a citizen sent with a message.
func waInbound(p *Post) string {
	sum := sha256.Sum256([]byte("inbound " + p.ID))
	return strconv.FormatUint(uint64(sum[0])<<48|uint64(sum[1])<<40|uint64(sum[2])<<32|uint64(sum[3])<<24|uint64(sum[4])<<16|1, 10)
}

// waPicture is what citizens' files hold here.
func waPicture() []byte {
	m := image.NewRGBA(image.Rect(0, 0, 16, 16))
	for i := range 16 {
		m.Set(i, i, color.RGBA{200, 40, 40, 255})
	}
	var b bytes.Buffer
	_ = pictures.Encode(&b, m) // into memory it always works
	return b.Bytes()
}

// waAddressLife is how long a file's address can be used.
const waAddressLife = 5 * time.Minute

// waNode: GET /{id}: a number, a WABA or a file.
func (s *Sandbox) waNode(c *call, id string) answer {
	switch {
	case id == c.account.ID:
		return s.waPhone(c)
	case id == waWABA(c.account.ID):
		return jsonAnswer(http.StatusOK, object{"id": id, "name": c.account.Name, "timezone_id": "61", "message_template_namespace": derive(s.opt.Seed, "namespace", id)[:24]})
	}
	if m := s.world.media[at(WhatsApp, id)]; m != nil && m.Account == c.account.ID && m.Category != waTemplateKind {
		return s.waAddress(c, id, m.Type, m.SHA256, m.Size)
	}
	for _, p := range s.world.order {
		if p.Platform == WhatsApp && !p.Ours && p.Account == c.account.ID && p.Face[waFiles] != "" && waInbound(p) == id {
			raw := waPicture()
			sum := sha256.Sum256(raw)
			return s.waAddress(c, id, "image/png", hex.EncodeToString(sum[:]), int64(len(raw)))
		}
	}
	return waMissing(id)
}

func (s *Sandbox) waAddress(c *call, id, kind, sum string, size int64) answer {
	until := strconv.FormatInt(c.now.Add(waAddressLife).Unix(), 10)
	return jsonAnswer(http.StatusOK, object{
		"messaging_product": "whatsapp", "id": id, "mime_type": kind, "sha256": sum, "file_size": strconv.FormatInt(size, 10),
		"url": c.base + "/wa/v25.0/attachment?mid=" + id + "&ext=" + until + "&hash=" + derive(s.opt.Seed, "attachment", id, until)[:32],
	})
}

// waAttachment: the bytes need the address, in its five minutes, and the token.
func (s *Sandbox) waAttachment(c *call) answer {
	mid, until := c.query.Get("mid"), c.query.Get("ext")
	ext, err := strconv.ParseInt(until, 10, 64)
	if err != nil || c.query.Get("hash") != derive(s.opt.Seed, "attachment", mid, until)[:32] || c.now.Unix() > ext {
		return answer{status: http.StatusNotFound, header: http.Header{"Content-Type": {"text/plain"}}, body: []byte("URL signature expired")}
	}
	if s.world.media[at(WhatsApp, mid)] != nil {
		return answer{status: http.StatusNotFound, header: http.Header{"Content-Type": {"text/plain"}}, body: []byte("the sandbox keeps no bytes of what we uploaded")}
	}
	return answer{status: http.StatusOK, header: http.Header{"Content-Type": {"image/png"}}, body: waPicture()}
}

func (s *Sandbox) waMediaDelete(c *call, id string) answer {
	m := s.world.media[at(WhatsApp, id)]
	if m == nil || m.Account != c.account.ID {
		return waMissing(id)
	}
	gone := *m
	gone.At = c.now.AddDate(-1, 0, 0) // as if its 30 days were over
	if err := s.world.putMedia(&gone); err != nil {
		return graphError(http.StatusInternalServerError, 2, 0, "OAuthException", "An unexpected error has occurred.")
	}
	return graphSuccess()
}
