package web

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/locale"
)

// Sessions let people in. identity.Desk is one.
type Sessions interface {
	SignIn(ctx context.Context, username, password string) (cookie string, err error)
	Session(ctx context.Context, cookie string) (identity.Actor, identity.Session, error)
	SignOut(ctx context.Context, cookie string) error
	Switch(ctx context.Context, cookie string, to identity.AgencyID) error
	Prefer(ctx context.Context, by identity.Actor, p identity.Preference) error
}

// Core is what every page needs, whatever rooms there are.
type Core struct {
	Sessions Sessions
	// Agencies lists the agencies where the actor holds a role.
	Agencies func(ctx context.Context, by identity.Actor) ([]identity.Agency, error)
	// Badges counts what waits for the actor.
	Badges func(ctx context.Context, by identity.Actor) (Badges, error)
	// Live calls changed with the kinds of change in the actor's agency until
	// ctx ends.
	Live   func(ctx context.Context, by identity.Actor, changed func(kinds []string) error) error
	Log    *slog.Logger
	Now    func() time.Time
	Secure bool // served over TLS: cookies are marked so
}

// Server is the site.
type Server struct {
	Core
	assets  Assets
	files   fs.FS
	routes  []Route
	handler http.Handler
}

// Route is one line of the site's table.
type Route struct {
	Pattern string           // "GET /hari-ini"
	Powers  []identity.Power // one of these; none means everybody signed in
	Public  bool             // no session needed
	Largest int64            // what its form may send; 0 is the usual
	Do      Handler
}

// Handler reads, calls one verb, and says what to show.
type Handler func(*Request) (Answer, error)

// Request is a request by somebody.
type Request struct {
	*http.Request
	Frame   *Frame
	By      identity.Actor // the zero Actor when nobody is signed in
	Session identity.Session
	w       http.ResponseWriter
}

// NewServer builds the site from its table: the site's own routes and those
// of the rooms.
func NewServer(core Core, routes []Route) *Server {
	s := &Server{Core: core, files: static}
	s.assets = assetsOf(s.files)
	s.routes = append(s.own(), routes...)
	mux := http.NewServeMux()
	for _, r := range s.routes {
		mux.Handle(r.Pattern, s.page(r))
	}
	mux.HandleFunc("GET /aset/{file...}", serveAsset(s.files))
	mux.Handle("/", s.page(refuse(fault.NotFound, "page.not_found")))
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(s.page(refuse(fault.Denied, "page.cross_origin")))
	s.handler = withPolicy(core.Secure, guard.Handler(mux))
	return s
}

func refuse(kind fault.Kind, code string) Route {
	return Route{Public: true, Do: func(*Request) (Answer, error) { return nil, fault.New(kind, code) }}
}

// Routes is the table, for tests that walk every page.
func (s *Server) Routes() []Route { return s.routes }

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// policy has no unsafe part: what is not our own file does not run.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self'; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func withPolicy(secure bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		if secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		next.ServeHTTP(w, r)
	})
}

const sessionCookie = "kt_sesi"

// largestForm bounds what a form may send; pictures come in the same form.
const largestForm = 64 << 20

// page turns a route into a handler: who is it, may they, then do and answer.
func (s *Server) page(route Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) {
		hr.Body = http.MaxBytesReader(w, hr.Body, max(route.Largest, largestForm))
		r := &Request{Request: hr, w: w}
		err := s.open(r)
		signedIn := r.By.ID != ""
		switch {
		case err != nil, route.Public:
		case !signedIn:
			err = identity.ErrNoSession
		case !mayAny(r.By, route.Powers):
			err = fault.New(fault.Denied, "page.no_power")
		}
		var a Answer
		if err == nil {
			a, err = route.Do(r)
		}
		if signedIn || !route.Public {
			w.Header().Set("Cache-Control", "no-store")
		}
		if err == nil && a != nil {
			err = a.send(s, w, r)
		}
		if err != nil {
			s.fail(w, r, err)
		}
	})
}

// open finds out who asks and builds the frame. A cookie that opens nothing
// any more is the same as none.
func (s *Server) open(r *Request) error {
	f := &Frame{Assets: s.assets, Now: s.Now(), Path: r.URL.RequestURI(), Printer: locale.New(s.language(r.Request))}
	r.Frame = f
	if r.Method != http.MethodGet {
		f.Path = backTo(r.Request)
	}
	f.Flash = takeFlash(r.w, r.Request)
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return nil
	}
	r.By, r.Session, err = s.Sessions.Session(r.Context(), c.Value)
	if errors.Is(err, identity.ErrNoSession) {
		r.By = identity.Actor{}
		return nil
	}
	if err != nil {
		return err
	}
	return s.furnish(r)
}

// furnish fills the frame for somebody who is signed in.
func (s *Server) furnish(r *Request) error {
	f := r.Frame
	f.SignedIn, f.Theme = true, r.Session.Theme
	f.Who = Who{ID: string(r.By.ID), Name: r.By.Name, Roles: RoleKeys(r.By)}
	f.Compose = r.By.May(identity.Compose, r.By.Agency)
	f.Printer = locale.New(r.Session.Language)
	agencies, err := s.Agencies(r.Context(), r.By)
	if err != nil {
		return err
	}
	names := map[identity.AgencyID]string{}
	for _, a := range agencies {
		names[a.ID] = a.Name
	}
	for _, a := range agencies {
		p := Place{ID: string(a.ID), Name: a.Name, Of: names[a.Parent], Slug: a.Slug}
		f.Places = append(f.Places, p)
		if a.ID == r.By.Agency {
			f.Place, f.Printer = p, f.Printer.In(a.Location())
		}
	}
	b, err := s.Badges(r.Context(), r.By)
	if err != nil {
		return err
	}
	f.Nav = navFor(r.By, f.Place.Slug, b)
	return nil
}

const languageCookie = "kt_bahasa"

func (s *Server) language(r *http.Request) string {
	if c, err := r.Cookie(languageCookie); err == nil && (c.Value == "id" || c.Value == "en") {
		return c.Value
	}
	return locale.Match(r.Header.Get("Accept-Language"))
}
