package sandbox

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// mediaLife is how long X keeps an upload that no post uses.
const mediaLife = 24 * time.Hour

func xMediaTypes() []string {
	return []string{"video/mp4", "video/webm", "video/mp2t", "video/quicktime", "text/srt", "text/vtt", "image/jpeg", "image/gif", "image/bmp", "image/png", "image/webp", "image/pjpeg", "image/tiff"}
}

const xMaxImage = 5 << 20

// xMaxBytes: 5 MB for an image, 15 MB for a GIF, 512 MB for a video.
func xMaxBytes(typ string) int {
	switch {
	case typ == "image/gif":
		return 15 << 20
	case strings.HasPrefix(typ, "image/"):
		return xMaxImage
	}
	return 512 << 20
}

func mediaKey(m *Media) string {
	if strings.HasPrefix(m.Type, "video/") {
		return "7_" + m.ID
	}
	return "3_" + m.ID
}

// xMediaInit: POST /2/media/upload/initialize.
func (s *Sandbox) xMediaInit(c *call) answer {
	typ, total := c.str("media_type"), c.number("total_bytes", -1, -1, 1<<33)
	if !slices.Contains(xMediaTypes(), typ) {
		return xInvalid("media_type", typ, "[$.media_type]: does not have a value in the enumeration")
	}
	if total < 1 || total > xMaxBytes(typ) {
		return xInvalid("total_bytes", c.str("total_bytes"), "File size exceeds the limit of its category")
	}
	m := &Media{ID: s.world.nextID(X, c.now), Platform: X, Account: c.account.ID, Type: typ, Category: c.str("media_category"), Want: int64(total), At: c.now, parts: map[int][]byte{}}
	if err := s.world.putMedia(m); err != nil {
		return xBroken()
	}
	return xMediaAnswer(m)
}

func xMediaAnswer(m *Media) answer {
	data := object{"id": m.ID, "media_key": mediaKey(m), "expires_after_secs": int(mediaLife.Seconds())}
	if m.Size > 0 {
		data["size"] = m.Size
	}
	if strings.HasPrefix(m.Type, "video/") && m.Size > 0 {
		state := object{"state": "in_progress", "check_after_secs": 1, "progress_percent": 40}
		if m.Ready {
			state = object{"state": "succeeded", "progress_percent": 100}
		}
		data["processing_info"] = state
	}
	return jsonAnswer(http.StatusOK, object{"data": data})
}

// xUpload is an upload of the caller's that can still be filled or used.
func (s *Sandbox) xUpload(c *call, id string) (*Media, *answer) {
	m := s.world.media[at(X, id)]
	if m == nil || m.Account != c.account.ID || c.now.Sub(m.At) > mediaLife {
		no := xInvalid("id", id, "media id is invalid or has expired")
		return nil, &no
	}
	return m, nil
}

// xBytes is the chunk of an upload: a multipart file, or base64 in JSON.
func xBytes(c *call) []byte {
	if f, ok := c.files["media"]; ok {
		return f.data
	}
	for _, name := range []string{"media", "media_data"} {
		if b, err := base64.StdEncoding.DecodeString(c.str(name)); err == nil && len(b) > 0 {
			return b
		}
	}
	return nil
}

// xMediaAppend: POST /2/media/upload/:id/append; a repeated segment replaces itself.
func (s *Sandbox) xMediaAppend(c *call) answer {
	m, no := s.xUpload(c, c.r.PathValue("id"))
	if no != nil {
		return *no
	}
	if bad := xAppend(c, m); bad != nil {
		return *bad
	}
	return jsonAnswer(http.StatusOK, object{"data": object{"expires_at": m.At.Add(mediaLife).Unix()}})
}

func xAppend(c *call, m *Media) *answer {
	chunk, index := xBytes(c), c.number("segment_index", -1, -1, 1000)
	if len(chunk) == 0 || index < 0 || index > 999 {
		no := xInvalid("segment_index", strconv.Itoa(index), "segment_index must be between 0 and 999, and media must not be empty")
		return &no
	}
	if m.parts == nil {
		m.parts = map[int][]byte{} // initialized before a restart
	}
	m.parts[index] = chunk
	return nil
}

// xMediaFinalize: POST /2/media/upload/:id/finalize.
func (s *Sandbox) xMediaFinalize(c *call) answer {
	m, no := s.xUpload(c, c.r.PathValue("id"))
	if no != nil {
		return *no
	}
	if bad := s.xFinish(c, m); bad != nil {
		return *bad
	}
	return xMediaAnswer(m)
}

func (s *Sandbox) xFinish(c *call, m *Media) *answer {
	if m.Size > 0 {
		return nil // finalized before
	}
	var whole []byte
	for i := range len(m.parts) {
		whole = append(whole, m.parts[i]...)
	}
	if int64(len(whole)) != m.Want {
		no := xInvalid("id", m.ID, "Segments do not add up to provided total file size.")
		return &no
	}
	s.xFill(m, whole)
	if err := s.world.putMedia(m); err != nil {
		no := xBroken()
		return &no
	}
	return nil
}

func (s *Sandbox) xFill(m *Media, data []byte) {
	known := newMedia(X, &Account{ID: m.Account}, data)
	m.Size, m.SHA256, m.parts = known.Size, known.SHA256, nil
	if m.Type == "" || strings.HasPrefix(known.Type, "image/") {
		m.Type = known.Type
	}
	m.Ready = !strings.HasPrefix(m.Type, "video/")
}

// xMediaOneShot: POST /2/media/upload, pictures only.
func (s *Sandbox) xMediaOneShot(c *call) answer {
	data := xBytes(c)
	if len(data) == 0 || len(data) > xMaxImage {
		return xInvalid("media", "", "media must be a file of at most 5 MB")
	}
	m := &Media{ID: s.world.nextID(X, c.now), Platform: X, Account: c.account.ID, Category: c.str("media_category"), At: c.now}
	s.xFill(m, data)
	if !strings.HasPrefix(m.Type, "image/") {
		return xInvalid("media", m.Type, "media type unrecognized.")
	}
	if err := s.world.putMedia(m); err != nil {
		return xBroken()
	}
	return xMediaAnswer(m)
}

// xMediaStatus: GET /2/media/upload?command=STATUS&media_id=.
func (s *Sandbox) xMediaStatus(c *call) answer {
	m, no := s.xUpload(c, c.str("media_id"))
	if no != nil {
		return *no
	}
	if m.Size > 0 && !m.Ready {
		if m.asked++; m.asked > 1 {
			m.Ready = true
			if err := s.world.putMedia(m); err != nil {
				return xBroken()
			}
		}
	}
	return xMediaAnswer(m)
}

// xMediaMetadata: POST /2/media/metadata sets the alt text.
func (s *Sandbox) xMediaMetadata(c *call) answer {
	m, no := s.xUpload(c, c.str("id"))
	if no != nil {
		return *no
	}
	alt, _ := c.object("metadata")["alt_text"].(map[string]any)
	text := asText(alt["text"])
	if len([]rune(text)) > 1000 {
		return xInvalid("metadata.alt_text.text", "", "alt_text must be at most 1000 characters")
	}
	m.Alt = text
	if err := s.world.putMedia(m); err != nil {
		return xBroken()
	}
	return jsonAnswer(http.StatusOK, object{"data": object{"id": m.ID, "associated_metadata": object{"alt_text": object{"text": text}}}})
}
