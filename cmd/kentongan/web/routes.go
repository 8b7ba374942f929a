package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"kentongan/internal/fault"
	"kentongan/internal/identity"
)

// own are the routes of the site itself: signing in and out, preferences, the
// live channel. The rooms' pages are added by whoever knows the rooms.
func (s *Server) own() []Route {
	return []Route{
		{Pattern: "GET /{$}", Public: true, Do: s.front},
		{Pattern: "GET /masuk", Public: true, Do: s.signInPage},
		{Pattern: "POST /masuk", Public: true, Do: s.signIn},
		{Pattern: "POST /keluar", Public: true, Do: s.signOut},
		{Pattern: "POST /preferensi", Public: true, Do: s.prefer},
		{Pattern: "POST /pindah-instansi", Do: s.switchAgency},
		{Pattern: "GET /hitung", Do: func(r *Request) (Answer, error) { return Part{badges(r.Frame)}, nil }},
		{Pattern: "GET /alur", Do: s.stream},
	}
}

func (s *Server) front(r *Request) (Answer, error) {
	if r.By.ID == "" {
		return GoTo{Path: "/masuk"}, nil
	}
	return GoTo{Path: "/hari-ini"}, nil
}

func (s *Server) signInPage(r *Request) (Answer, error) {
	if r.By.ID != "" {
		return GoTo{Path: "/hari-ini"}, nil
	}
	return Show{View: SignInView{Back: r.FormValue("kembali")}}, nil
}

func (s *Server) signIn(r *Request) (Answer, error) {
	name, back := r.PostFormValue("username"), r.PostFormValue("kembali")
	cookie, err := s.Sessions.SignIn(r.Context(), name, r.PostFormValue("password"))
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Transient:
		if err != nil {
			return Show{View: SignInView{Username: name, Back: back, Problems: r.Frame.Fault(err)}, Status: http.StatusUnprocessableEntity}, nil
		}
	}
	if err != nil {
		return nil, err
	}
	http.SetCookie(r.w, &http.Cookie{Name: sessionCookie, Value: cookie, Path: "/", HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode})
	if !ownPath(back) || strings.HasPrefix(back, "/masuk") {
		back = "/hari-ini"
	}
	return GoTo{Path: back}, nil
}

func (s *Server) signOut(r *Request) (Answer, error) {
	if c, err := r.Cookie(sessionCookie); err == nil {
		if err := s.Sessions.SignOut(r.Context(), c.Value); err != nil {
			return nil, err
		}
	}
	http.SetCookie(r.w, &http.Cookie{Name: sessionCookie, Path: "/", MaxAge: -1, HttpOnly: true, Secure: s.Secure})
	return GoTo{Path: "/masuk", Flash: &Flash{Key: "flash.signed_out"}}, nil
}

// prefer changes the language or the theme: for a person for good, for a
// visitor in this browser.
func (s *Server) prefer(r *Request) (Answer, error) {
	back := r.PostFormValue("back")
	if !ownPath(back) {
		back = "/"
	}
	p := identity.Preference{Language: r.Frame.Lang(), Theme: r.Frame.Theme}
	if l := r.PostFormValue("language"); l != "" {
		p.Language = l
	}
	if t, given := strings.CutPrefix(r.PostFormValue("theme"), "theme:"); given {
		p.Theme = t
	}
	if r.By.ID != "" {
		if err := s.Sessions.Prefer(r.Context(), r.By, p); err != nil {
			return nil, err
		}
	}
	http.SetCookie(r.w, &http.Cookie{
		Name: languageCookie, Value: p.Language, Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()),
		HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode,
	})
	return GoTo{Path: back}, nil
}

func (s *Server) switchAgency(r *Request) (Answer, error) {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return nil, identity.ErrNoSession
	}
	if err := s.Sessions.Switch(r.Context(), c.Value, identity.AgencyID(r.PostFormValue("agency"))); err != nil {
		return nil, err
	}
	return GoTo{Path: "/hari-ini"}, nil
}

// heartbeat keeps proxies from closing a quiet stream.
const heartbeat = 25 * time.Second

// stream is the live channel: it names what kind of thing changed, and open
// pages ask again for the part they show. It carries no content, so nothing
// can leak that the page itself would not show.
func (s *Server) stream(r *Request) (Answer, error) {
	h := r.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	out := http.NewResponseController(r.w)
	_ = out.SetWriteDeadline(time.Time{}) // a recorder has none
	events := make(chan []string)
	ctx := r.Context()
	go func() {
		defer close(events)
		_ = s.Live(ctx, r.By, func(kinds []string) error {
			select {
			case events <- kinds:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	write := func(text string) error {
		if _, err := fmt.Fprint(r.w, text); err != nil {
			return err
		}
		return out.Flush()
	}
	err := write(": tersambung\n\n")
	for err == nil {
		select {
		case kinds, open := <-events:
			if !open {
				return nil, nil
			}
			for _, k := range kinds {
				name, _ := json.Marshal(k)
				err = write("event: live-" + k + "\ndata: " + string(name) + "\n\n")
			}
		case <-beat.C:
			err = write(": .\n\n")
		case <-ctx.Done():
			return nil, nil
		}
	}
	return nil, nil // the browser has gone
}
