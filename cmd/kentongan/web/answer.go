package web

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/a-h/templ"
)

// Answer is what a handler returns instead of writing.
type Answer interface {
	send(s *Server, w http.ResponseWriter, r *Request) error
}

// Show is a whole page.
type Show struct {
	View   View
	Status int // 200 when 0
}

// GoTo sends the browser elsewhere after a deed, with a word about it.
type GoTo struct {
	Path  string
	Flash *Flash
}

// Part is a fragment for a page that is open.
type Part struct{ Component templ.Component }

func (a Show) send(s *Server, w http.ResponseWriter, r *Request) error {
	head := a.View.Head(r.Frame)
	var b bytes.Buffer
	if err := page(r.Frame, head, a.View.Body(r.Frame)).Render(r.Context(), &b); err != nil {
		return err
	}
	status := a.Status
	if status == 0 {
		status = http.StatusOK
	}
	return writeHTML(w, r, status, b.Bytes())
}

func (a Part) send(s *Server, w http.ResponseWriter, r *Request) error {
	var b bytes.Buffer
	if err := a.Component.Render(r.Context(), &b); err != nil {
		return err
	}
	return writeHTML(w, r, http.StatusOK, b.Bytes())
}

func (a GoTo) send(s *Server, w http.ResponseWriter, r *Request) error {
	if a.Flash != nil {
		setFlash(w, s.Secure, a.Flash)
	}
	http.Redirect(w, r.Request, a.Path, http.StatusSeeOther)
	return nil
}

// writeHTML compresses pages: offices on slow lines get them in a third of the
// time. Pages hold no secret that a guesser could measure (BREACH): the
// session is in an HttpOnly cookie and there are no form tokens.
func writeHTML(w http.ResponseWriter, r *Request, status int, body []byte) error {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Add("Vary", "Accept-Encoding")
	if len(body) < 1024 || !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.WriteHeader(status)
		_, err := w.Write(body)
		return err
	}
	h.Set("Content-Encoding", "gzip")
	w.WriteHeader(status)
	z := gzip.NewWriter(w)
	if _, err := io.Copy(z, bytes.NewReader(body)); err != nil {
		return err
	}
	return z.Close()
}

const flashCookie = "kt_kabar"

// setFlash keeps a sentence for the next page. It holds a locale key and its
// values, never free text, so a forged one can only say what we say anyway.
func setFlash(w http.ResponseWriter, secure bool, f *Flash) {
	raw, err := json.Marshal(f)
	if err != nil {
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: flashCookie, Value: base64.RawURLEncoding.EncodeToString(raw), Path: "/", MaxAge: 60,
		HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode,
	})
}

// takeFlash reads the sentence and forgets it.
func takeFlash(w http.ResponseWriter, r *http.Request) *Flash {
	c, err := r.Cookie(flashCookie)
	if err != nil {
		return nil
	}
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Path: "/", MaxAge: -1, HttpOnly: true})
	raw, err := base64.RawURLEncoding.DecodeString(c.Value)
	var f Flash
	if err != nil || json.Unmarshal(raw, &f) != nil || !strings.HasPrefix(f.Key, "flash.") {
		return nil
	}
	if f.Undo != "" && !ownPath(f.Undo) {
		f.Undo = ""
	}
	return &f
}

// ownPath says whether an address stays on this site.
func ownPath(p string) bool {
	return strings.HasPrefix(p, "/") && !strings.HasPrefix(p, "//") && !strings.ContainsAny(p, "\\\r\n")
}
