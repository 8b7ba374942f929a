package sandbox

import (
	"net/http"
	"slices"
)

// mastoUpload: POST /api/v2/media answers 202 while the file is processed.
func (s *Sandbox) mastoUpload(c *call) answer { return s.mastoTake(c, false) }

// mastoUploadOld: POST /api/v1/media waits until the file is ready.
func (s *Sandbox) mastoUploadOld(c *call) answer { return s.mastoTake(c, true) }

func (s *Sandbox) mastoTake(c *call, ready bool) answer {
	f, ok := c.files["file"]
	if !ok || len(f.data) == 0 {
		return mastodonError(http.StatusUnprocessableEntity, "Validation failed: File can't be blank")
	}
	m := newMedia(Mastodon, c.account, f.data)
	if !slices.Contains([]string{"image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4"}, m.Type) {
		return mastodonError(http.StatusUnprocessableEntity, "Validation failed: File content type is invalid, File is invalid")
	}
	m.ID, m.At, m.Alt, m.Ready = s.world.nextID(Mastodon, c.now), c.now, c.str("description"), ready
	if err := s.world.putMedia(m); err != nil {
		return mastodonError(http.StatusInternalServerError, "Something went wrong on our end")
	}
	status := http.StatusOK
	if !ready {
		status = http.StatusAccepted
	}
	return jsonAnswer(status, mastoMediaJSON(c, m))
}

// mastoMedia: GET /api/v1/media/:id: 206 on the first look, ready after it.
func (s *Sandbox) mastoMedia(c *call) answer {
	m := s.world.media[at(Mastodon, c.r.PathValue("id"))]
	if m == nil || m.Account != c.account.ID {
		return mastodonNotFound()
	}
	if !m.Ready {
		if m.asked++; m.asked < 2 {
			return jsonAnswer(http.StatusPartialContent, mastoMediaJSON(c, m))
		}
		m.Ready = true
		if err := s.world.putMedia(m); err != nil {
			return mastodonError(http.StatusInternalServerError, "Something went wrong on our end")
		}
	}
	return jsonAnswer(http.StatusOK, mastoMediaJSON(c, m))
}

// mastoMediaEdit: PUT /api/v1/media/:id changes the description.
func (s *Sandbox) mastoMediaEdit(c *call) answer {
	m := s.world.media[at(Mastodon, c.r.PathValue("id"))]
	if m == nil || m.Account != c.account.ID {
		return mastodonNotFound()
	}
	if c.has("description") {
		m.Alt = c.str("description")
	}
	if err := s.world.putMedia(m); err != nil {
		return mastodonError(http.StatusInternalServerError, "Something went wrong on our end")
	}
	return jsonAnswer(http.StatusOK, mastoMediaJSON(c, m))
}
