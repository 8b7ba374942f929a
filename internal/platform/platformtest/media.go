package platformtest

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kentongan/internal/platform"
)

// shelf is the office's public media address: platforms that fetch files
// themselves find them here.
type shelf struct {
	mu     sync.Mutex
	server *httptest.Server
	files  map[string][]byte
}

func (s *suite) put(t *testing.T, kind string, raw []byte) string {
	t.Helper()
	s.shelf.mu.Lock()
	defer s.shelf.mu.Unlock()
	if s.shelf.server == nil {
		s.shelf.files = map[string][]byte{}
		s.shelf.server = httptest.NewServer(http.HandlerFunc(s.shelf.serve))
		t.Cleanup(s.shelf.server.Close)
	}
	_, ext, _ := strings.Cut(kind, "/")
	path := fmt.Sprintf("/%d.%s", len(s.shelf.files), ext)
	s.shelf.files[path] = raw
	return s.shelf.server.URL + path
}

func (s *shelf) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	raw, ok := s.files[r.URL.Path]
	s.mu.Unlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	http.ServeContent(w, r, r.URL.Path, time.Time{}, bytes.NewReader(raw))
}

// pictureType is the kind of picture the suite makes for this platform.
func (s *suite) pictureType() string {
	if len(s.caps.MediaTypes) == 0 || slices.Contains(s.caps.MediaTypes, "image/png") {
		return "image/png"
	}
	return "image/jpeg"
}

// picture is a small picture, another one for each seed.
func picture(t *testing.T, kind string, seed uint8) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 400, 400))
	for x := range 400 {
		for y := range 400 {
			m.Set(x, y, color.RGBA{uint8(x / 2), uint8(y / 2), seed, 255})
		}
	}
	var b bytes.Buffer
	err := png.Encode(&b, m)
	if kind == "image/jpeg" {
		b.Reset()
		err = jpeg.Encode(&b, m, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pictures are files with these descriptions, as the publisher hands them over.
func (s *suite) pictures(t *testing.T, alts ...string) []platform.Media {
	t.Helper()
	var all []platform.Media
	for i, alt := range alts {
		kind := s.pictureType()
		m := medium(i, kind, picture(t, kind, uint8(i*20)))
		m.Alt, m.Width, m.Height = alt, 400, 400
		if s.caps.PublicMedia {
			m.URL = s.put(t, kind, picture(t, kind, uint8(i*20)))
		}
		all = append(all, m)
	}
	return all
}

// film is one film of four seconds.
func (s *suite) film(t *testing.T, seed byte) platform.Media {
	t.Helper()
	raw := Film(4*time.Second, seed)
	m := medium(0, "video/mp4", raw)
	m.Alt, m.Width, m.Height, m.Length = "Film simulasi evakuasi", filmWidth, filmHeight, 4*time.Second
	if s.caps.PublicVideo {
		m.URL = s.put(t, "video/mp4", raw)
	}
	return m
}

func medium(i int, kind string, raw []byte) platform.Media {
	return platform.Media{Key: fmt.Sprintf("media.%d", i), Type: kind, Size: int64(len(raw)), Open: platform.Bytes(raw)}
}

// some is what a post with files carries here: two pictures where they fit,
// one, or a film. nil where the platform takes none.
func (s *suite) some(t *testing.T) []platform.Media {
	t.Helper()
	switch {
	case s.Film:
		return []platform.Media{s.film(t, 7)}
	case s.caps.MaxMedia >= 2 && len(s.caps.MediaTypes) > 0 && s.caps.NeedsMedia != "video":
		return s.pictures(t, "Peta jalan Melati", "Peta jalan Kenanga")
	case s.caps.MaxMedia >= 1 && len(s.caps.MediaTypes) > 0 && s.caps.NeedsMedia != "video":
		return s.pictures(t, "Peta jalan Melati")
	case len(s.caps.VideoTypes) > 0:
		return []platform.Media{s.film(t, 7)}
	}
	return nil
}

// fit gives a post what the platform takes no post without.
func (s *suite) fit(t *testing.T, out platform.Outgoing) platform.Outgoing {
	t.Helper()
	if out.InReplyTo != "" || len(out.Media) > 0 {
		return out
	}
	switch needs := s.caps.NeedsMedia; {
	case needs == "video", needs == "any" && s.Film:
		out.Media = []platform.Media{s.film(t, 1)}
	case needs == "any":
		out.Media = s.pictures(t, "Lambang kota")
	}
	return out
}
