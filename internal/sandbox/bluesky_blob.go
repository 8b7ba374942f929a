package sandbox

import (
	"crypto/sha256"
	"net/http"
	"slices"
	"strings"
)

// skyMaxUpload is bsky.social's limit of one blob through the PDS.
const skyMaxUpload = 100_000_000

// skyUpload: com.atproto.repo.uploadBlob takes the bytes as they are.
func (s *Sandbox) skyUpload(c *call) answer {
	kind := c.r.Header.Get("Content-Type")
	if kind == "" {
		return skyInvalid("Request encoding (Content-Type) required but not provided")
	}
	if len(c.raw) > skyMaxUpload {
		return skyError(http.StatusRequestEntityTooLarge, "PayloadTooLarge", "request entity too large")
	}
	m := s.skyBlob(c, c.raw, kind)
	if err := s.world.putMedia(m); err != nil {
		return skyBroken()
	}
	return jsonAnswer(http.StatusOK, object{"blob": skyBlobJSON(m)})
}

// skyBlob is a blob by its content's CID. The server looks at the bytes first
// and at the header only where it does not know them.
func (s *Sandbox) skyBlob(c *call, raw []byte, kind string) *Media {
	m := newMedia(Bluesky, c.account, raw)
	if !strings.HasPrefix(m.Type, "image/") && !strings.HasPrefix(m.Type, "video/") {
		m.Type, _, _ = strings.Cut(kind, ";")
	}
	m.ID, m.At, m.Ready = cidOf(codecRaw, raw), c.now, true
	return m
}

func skyBlobJSON(m *Media) object {
	return object{"$type": "blob", "ref": object{"$link": m.ID}, "mimeType": m.Type, "size": m.Size}
}

// skyDigest is a short stable name from parts.
func skyDigest(parts ...string) string {
	slices.Sort(parts)
	sum := sha256.Sum256([]byte(strings.Join(parts, " ")))
	return "3l" + lowerBase32.EncodeToString(sum[:7])[:11]
}
