package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"

	"kentongan/internal/fault"
	"kentongan/internal/identity"
)

// statusOf is how each kind of failure is told to a browser.
func statusOf(k fault.Kind) int {
	switch k {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.Denied:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.Transient:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// fail answers an error, for every page. Its inner text goes to the log only.
func (s *Server) fail(w http.ResponseWriter, r *Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // the browser has gone
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		err = fault.Wrap(fault.Invalid, "page.too_large", err, fault.Arg("limit", largestForm>>20))
	}
	if errors.Is(err, identity.ErrNoSession) {
		s.signInFirst(w, r)
		return
	}
	kind := fault.KindOf(err)
	level := slog.LevelInfo
	if kind == fault.Internal {
		level = slog.LevelError
	}
	s.Log.LogAttrs(r.Context(), level, "request refused", slog.String("route", r.Pattern), slog.String("kind", string(kind)),
		slog.String("code", fault.Code(err)), slog.Any("err", err))
	h := w.Header()
	h.Del("Content-Encoding")
	h.Set("Cache-Control", "no-store")
	view := FailView{Status: statusOf(kind), Problems: r.Frame.Fault(err), Back: backTo(r.Request)}
	if err := (Show{View: view, Status: view.Status}).send(s, w, r); err != nil {
		s.Log.Error("the error page failed", slog.Any("err", err))
	}
}

// signInFirst leads to the sign-in page and back again. A form's content would
// be lost by going back, so only pages that were read are remembered.
func (s *Server) signInFirst(w http.ResponseWriter, r *Request) {
	to := "/masuk"
	if r.Method == http.MethodGet && r.URL.Path != "/" {
		to += "?kembali=" + url.QueryEscape(r.URL.RequestURI())
	}
	if r.Header.Get("HX-Request") != "" || r.Method != http.MethodGet {
		view := FailView{Status: http.StatusUnauthorized, Problems: r.Frame.Fault(identity.ErrNoSession), Back: "/masuk"}
		if err := (Show{View: view, Status: view.Status}).send(s, w, r); err != nil {
			s.Log.Error("the error page failed", slog.Any("err", err))
		}
		return
	}
	http.Redirect(w, r.Request, to, http.StatusSeeOther)
}

// backTo is the page the person came from, if it is ours.
func backTo(r *http.Request) string {
	u, err := url.Parse(r.Referer())
	if err != nil || u.Host != r.Host || !ownPath(u.Path) {
		return "/hari-ini"
	}
	return u.RequestURI()
}
