package sandbox

import (
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// habit is what is each platform's own in the one world.
type habit struct {
	name   string
	mount  string // path prefix of its base URL
	routes func(*Sandbox, *http.ServeMux)
	// accounts are our two offices' accounts there; App is filled in by the world.
	accounts []*Account
	// tokens are an account's first credentials; nil is one that never ends.
	tokens func(seed int64, a *Account) []*token
	// id makes a new post's id and keeps growing; nil is a growing number.
	id func(w *world, p *Post, now time.Time) string
	// gone notes on a removed post what its platform tells of it; nil is nothing.
	gone func(w *world, p *Post, now time.Time)
	// direct is the id of the private conversation a message belongs to; nil is none.
	direct func(p *Post) string
	// person is the id and handle of whoever goes by a name; nil is a number and
	// the name itself.
	person func(name string) (id, handle string)
	// passwords are what an account is signed in with where no token is typed:
	// one that may everything, one without private messages. nil is none.
	passwords func(seed int64, a *Account) (whole, limited string)
	// names says that people are shown by their names, without handles.
	names bool
	// hears is what citizens can begin there without a post of ours: kindMention,
	// kindDirect. The first is what they usually do.
	hears []string
	// push is a webhook's body; nil where the platform would not push that.
	push func(s *Sandbox, h Hook, p *Post, verb string, now time.Time) []byte
	// heard makes what is told once for each account, whoever listens (Telegram).
	heard func(s *Sandbox, p *Post, verb string, now time.Time)
	// challenge is how it checks an address: what it asks, and what must be in
	// the answer ("" for none). nil is no check.
	challenge func(app *App, token []byte) (ask url.Values, want string)
	// signed puts the signature on a push.
	signed func(app *App, h Hook, header http.Header, body []byte)
}

// habits lists the platforms.
func habits() []habit {
	return []habit{
		xHabit(), facebookHabit(), mastodonHabit(), instagramHabit(), threadsHabit(), youtubeHabit(),
		tiktokHabit(), linkedinHabit(), telegramHabit(), blueskyHabit(), whatsappHabit(),
	}
}

func habitOf(platform string) habit {
	for _, h := range habits() {
		if h.name == platform {
			return h
		}
	}
	return habit{}
}

const (
	bioKota     = "Akun resmi Pemerintah Kota Tirtawangi. Layanan aduan dijawab pada jam kerja."
	bioProtokol = "Bagian Protokol dan Komunikasi Pimpinan, Sekretariat Daerah Kota Tirtawangi."
)

// twoOffices are the invented city's two accounts on a platform.
func twoOffices(platform, first, second string) []*Account {
	return []*Account{
		{Platform: platform, ID: first, Handle: "tirtawangikota", Name: "Pemerintah Kota Tirtawangi", Bio: bioKota},
		{Platform: platform, ID: second, Handle: "protokol_tirtawangi", Name: "Protokol Kota Tirtawangi", Bio: bioProtokol},
	}
}

// plainToken is one credential that never ends.
func plainToken(prefix string) func(int64, *Account) []*token {
	return func(seed int64, a *Account) []*token {
		who := at(a.Platform, a.ID)
		return []*token{{Access: prefix + derive(seed, "access", who), Account: who}}
	}
}

// growing is a number larger than every earlier one on the platform.
func (w *world) growing(platform string, atLeast int64) string {
	n := max(atLeast, w.last[platform]+1)
	w.last[platform] = n
	return strconv.FormatInt(n, 10)
}
