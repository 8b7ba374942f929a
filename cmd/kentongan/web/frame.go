package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/a-h/templ"

	"kentongan/internal/identity"
	"kentongan/internal/locale"
)

// View is one page's typed model. It knows its heading and how it is drawn;
// the frame around it is drawn once, in layout.templ.
type View interface {
	Head(f *Frame) Head
	Body(f *Frame) templ.Component
}

// Head is what a page tells the frame.
type Head struct {
	Title   string          // of the window, and the page's only h1
	Sub     string          // beside the heading
	Nav     string          // the menu entry it belongs to
	Panes   bool            // fills the window; its panes scroll by themselves
	Bare    bool            // no menu and no bar: sign-in and public pages
	Actions templ.Component // at the right of the bar; nil for none
	Hints   []Hint          // keys that work here
	Feed    string          // address of the page's news; "" for none
}

// Hint is a key and what it does (a locale key).
type Hint struct{ Keys, Does string }

// Frame is everything pages need that is not their own: words, who looks, the
// menu. Its Printer writes dates, numbers and durations in the person's
// language and the agency's zone.
type Frame struct {
	*locale.Printer
	Who      Who
	Place    Place
	Places   []Place // where this person may work instead
	Nav      []NavItem
	Theme    string // "", "light" or "dark"
	Path     string // this page, for coming back to it
	Now      time.Time
	Flash    *Flash
	Assets   Assets
	SignedIn bool
	Compose  bool // may write posts
}

// Who is the person looking.
type Who struct {
	ID    string
	Name  string
	Roles []string // locale keys
}

// Place is an agency as the pages name it.
type Place struct {
	ID   string
	Name string
	Of   string // the agency above it, if any
	Slug string
}

// Flash is one sentence about what just happened.
type Flash struct {
	Key  string            // "flash.…"
	Args map[string]string // for its placeholders
	Bad  bool
	Undo string // address that takes it back; "" for none
}

// FlashText is the flash as the person reads it.
func (f *Frame) FlashText() string {
	var pairs []any
	for name, value := range f.Flash.Args {
		pairs = append(pairs, name, value)
	}
	return f.T(f.Flash.Key, pairs...)
}

// Has says whether the person has a menu entry: links to pages that would
// answer "not for you" are not drawn.
func (f *Frame) Has(nav string) bool {
	return slices.ContainsFunc(f.Nav, func(n NavItem) bool { return n.Key == nav })
}

// Initials of a name: "RW".
func Initials(name string) string {
	var out []rune
	for _, word := range strings.Fields(name) {
		r, _ := utf8.DecodeRuneInString(word)
		if len(out) < 2 {
			out = append(out, r)
		}
	}
	return strings.ToUpper(string(out))
}

// hue spreads people over the four avatar colours, always the same for one.
func hue(name string) string {
	var n int
	for _, r := range name {
		n += int(r)
	}
	return [...]string{"", "t1", "t2", "t3"}[n%4]
}

// withQuery is path with one query value set, or removed when value is "".
func withQuery(path, name, value string) string {
	u, err := url.Parse(path)
	if err != nil {
		return path
	}
	q := u.Query()
	if q.Set(name, value); value == "" {
		q.Del(name)
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// RoleKeys are the locale keys of an actor's roles, in their usual order.
func RoleKeys(by identity.Actor) []string {
	var keys []string
	held := by.Roles(by.Agency)
	for _, r := range identity.Roles {
		if slices.Contains(held, r) {
			keys = append(keys, "role."+string(r))
		}
	}
	return keys
}

func pressed(is bool) string {
	if is {
		return "true"
	}
	return "false"
}

func themeWord(theme string) string {
	if theme == "" {
		return "system"
	}
	return theme
}

// hour is the hour of the agency's day.
func (f *Frame) hour() int {
	h, _ := strconv.Atoi(f.Clock(f.Now)[:2])
	return h
}

// revision is a number as a form sends it back: never with separators.
func (f *Frame) revision(n int64) string { return strconv.FormatInt(n, 10) }

// Brief says when, the short way: "hari ini 19.44 WIB", "24 November, 00.40 WIB".
func (f *Frame) Brief(t time.Time) string {
	day, today := f.Day(t), f.Day(f.Now)
	switch day {
	case today:
		return f.T("brief.today", "time", f.Time(t))
	case f.Day(f.Now.AddDate(0, 0, 1)):
		return f.T("brief.tomorrow", "time", f.Time(t))
	case f.Day(f.Now.AddDate(0, 0, -1)):
		return f.T("brief.yesterday", "time", f.Time(t))
	}
	year := today[strings.LastIndexByte(today, ' '):]
	return strings.TrimSuffix(day, year) + ", " + f.Time(t)
}

// Span says how long, as exactly as it matters: hours when there are some,
// else minutes. It rounds down: nobody is promised a minute more than there is.
func (f *Frame) Span(d time.Duration) string {
	switch d = d.Abs(); {
	case d >= 2*time.Hour:
		d = d.Truncate(time.Hour)
	case d >= time.Minute:
		d = d.Truncate(time.Minute)
	}
	return f.Duration(d)
}
