package web

import (
	"bytes"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/identity"
	"kentongan/internal/insight"
	"kentongan/moderation"
)

// account serves what anybody may know of an office: pages and files without
// an account, made once and kept until something moves.
type account struct {
	*Pages
	shelf *shelf
}

func (p *Pages) publicRoutes() []Route {
	c := account{Pages: p, shelf: &shelf{}}
	return []Route{
		{Pattern: "GET /t/{slug}", Public: true, Do: c.page("", summary)},
		{Pattern: "GET /t/{slug}/disembunyikan", Public: true, Do: c.page("/disembunyikan", hidden)},
		{Pattern: "GET /t/{slug}/respons", Public: true, Do: c.page("/respons", waiting)},
		{Pattern: "GET /t/{slug}/pedoman", Public: true, Do: c.page("/pedoman", policyNow)},
		{Pattern: "GET /t/{slug}/pedoman/{name}/{version}", Public: true, Do: c.version},
		{Pattern: "GET /t/{slug}/kamus-data", Public: true, Do: c.page("/kamus-data", dictionary)},
		{Pattern: "GET /t/{slug}/data.csv", Public: true, Do: c.file("data.csv", "text/csv; charset=utf-8; header=present", dataCSV)},
		{Pattern: "GET /t/{slug}/data.json", Public: true, Do: c.file("data.json", "application/json", dataJSON)},
		{Pattern: "GET /t/{slug}/datapackage.json", Public: true, Do: c.file("datapackage.json", "application/json", dataPackage)},
		{Pattern: "GET /t/{slug}/umpan.xml", Public: true, Do: c.file("", "application/atom+xml; charset=utf-8", feed)},
	}
}

// mostMonths is how far back the account goes.
const mostMonths = 36

// books is everything that the public pages of one office are drawn from.
type books struct {
	f        *Frame
	agency   identity.Agency
	above    identity.Agency
	home     string // "/t/diskominfo"
	base     string // where the office answers, without a slash at its end
	now      time.Time
	months   []moderation.MonthAccount // the latest first
	heard    map[string]insight.Month  // by month
	chosen   int                       // of months
	policy   moderation.Policy
	versions []version // the one in force first
	examples []moderation.PublicExample
}

func (b *books) zone() *time.Location { return b.agency.Location() }

func (b *books) month() moderation.MonthAccount { return b.months[b.chosen] }

// office finds whose account is asked for.
func (c account) office(r *Request) (b *books, err error) {
	b = &books{f: r.Frame, now: c.Now(), base: c.PublicURL, heard: map[string]insight.Month{}}
	err = c.DB.View(r.Context(), func(tx *db.Tx) (err error) {
		if b.agency, err = identity.AgencyBySlug(r.Context(), tx, r.PathValue("slug")); err != nil || b.agency.Parent == "" {
			return err
		}
		b.above, err = identity.AgencyByID(r.Context(), tx, b.agency.Parent)
		return err
	})
	if err != nil {
		return nil, err
	}
	b.home = "/t/" + b.agency.Slug
	r.Frame.Printer = r.Frame.In(b.zone())
	return b, nil
}

// fill reads everything. It is done once for each thing that moved.
func (c account) fill(r *Request, b *books) (err error) {
	ctx := r.Context()
	if b.policy, err = c.Moderation.PolicyIn(ctx, b.agency.ID); err != nil {
		return err
	}
	_, first, _ := moderation.Month(b.now, b.zone())
	_, opened, _ := moderation.Month(b.agency.CreatedAt, b.zone())
	for n := 0; n < mostMonths && (n == 0 || !first.Before(opened)); n++ {
		m, err := c.Moderation.Account(ctx, b.agency.ID, first)
		if err != nil {
			return err
		}
		b.months = append(b.months, m)
		first = first.AddDate(0, -1, 0)
	}
	heard, err := c.Insight.Months(ctx, b.agency.ID, b.months[len(b.months)-1].First)
	if err != nil {
		return err
	}
	for _, m := range heard {
		b.heard[m.Name] = m
	}
	for i, m := range b.months {
		if m.Name == r.FormValue("bulan") {
			b.chosen = i
		}
	}
	if b.versions, err = c.versions(ctx, b.agency, b.policy); err != nil {
		return err
	}
	b.examples, err = c.Moderation.PublicExamples(ctx, b.agency.ID)
	return err
}

// mark is what the account is made of, the day and the language included.
func (c account) mark(r *Request, b *books) (string, error) {
	_, first, _ := moderation.Month(b.now, b.zone())
	mark, err := c.Moderation.AccountMark(r.Context(), b.agency.ID, first)
	return mark + b.agency.Name + b.now.In(b.zone()).Format("2006-01-02"), err
}

// monthAsked is the month in the address if it could be one: nobody fills the
// shelf with addresses of their own making.
func monthAsked(r *Request) string {
	t, err := time.Parse("2006-01", r.FormValue("bulan"))
	if now := r.Frame.Now; err != nil || t.After(now.AddDate(0, 0, 2)) || t.Before(now.AddDate(0, -mostMonths-1, 0)) {
		return ""
	}
	return t.Format("2006-01")
}

// page is a public page. Whoever is signed in, or was just told something, has
// it drawn for themselves.
func (c account) page(path string, draw func(*books) View) Handler {
	return func(r *Request) (Answer, error) {
		b, err := c.office(r)
		if err != nil {
			return nil, err
		}
		key := b.home + path
		if m := monthAsked(r); m != "" {
			key += "?bulan=" + m
		}
		r.Frame.Path = key
		return c.drawn(r, b, key, draw)
	}
}

func (c account) drawn(r *Request, b *books, key string, draw func(*books) View) (Answer, error) {
	if r.Frame.SignedIn || r.Frame.Flash != nil {
		if err := c.fill(r, b); err != nil {
			return nil, err
		}
		return Show{View: draw(b)}, nil
	}
	mark, err := c.mark(r, b)
	if err != nil {
		return nil, err
	}
	k, err := c.shelf.of(r.Frame.Lang()+key, mark, b.now, func() (Kept, error) {
		if err := c.fill(r, b); err != nil {
			return Kept{}, err
		}
		view := draw(b)
		var out bytes.Buffer
		if err := page(r.Frame, view.Head(r.Frame), view.Body(r.Frame)).Render(r.Context(), &out); err != nil {
			return Kept{}, err
		}
		return keep(out.Bytes(), "text/html; charset=utf-8", "", b.now), nil
	})
	return k, err
}

// file is a public file. It says the same in every language but the feed.
func (c account) file(name, media string, write func(*books) ([]byte, error)) Handler {
	return func(r *Request) (Answer, error) {
		b, err := c.office(r)
		if err != nil {
			return nil, err
		}
		mark, err := c.mark(r, b)
		if err != nil {
			return nil, err
		}
		saved := name
		if name != "" {
			saved = b.agency.Slug + "-" + name
		}
		k, err := c.shelf.of(r.Frame.Lang()+b.home+"/"+name+media, mark, b.now, func() (Kept, error) {
			if err := c.fill(r, b); err != nil {
				return Kept{}, err
			}
			body, err := write(b)
			if err != nil {
				return Kept{}, err
			}
			return keep(body, media, saved, b.now), nil
		})
		return k, err
	}
}
