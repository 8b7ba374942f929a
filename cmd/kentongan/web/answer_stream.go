package web

import (
	"net/http"
	"time"

	"kentongan/internal/platform"
)

// Stream is a file that is sent in pieces, and from any place in it: films.
type Stream struct {
	Type, Name string // Name is "" for showing in place
	Body       platform.File
	Cache      string
}

func (a Stream) send(s *Server, w http.ResponseWriter, r *Request) error {
	defer a.Body.Close()
	h := w.Header()
	h.Set("Content-Type", a.Type)
	if a.Name != "" {
		h.Set("Content-Disposition", `attachment; filename="`+a.Name+`"`)
	}
	if a.Cache != "" {
		h.Set("Cache-Control", a.Cache)
	}
	http.ServeContent(w, r.Request, "", time.Time{}, a.Body)
	return nil
}
