package web

import (
	"slices"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/identity"
	"kentongan/internal/insight"
	"kentongan/moderation"
)

func (p *Pages) publicRoutes() []Route {
	return []Route{{Pattern: "GET /t/{slug}", Public: true, Do: p.register}}
}

// registerMonths is how many months the register goes back.
const registerMonths = 12

// register is the page that anybody may read about an agency.
func (p *Pages) register(r *Request) (Answer, error) {
	var a, above identity.Agency
	err := p.DB.View(r.Context(), func(tx *db.Tx) (err error) {
		if a, err = identity.AgencyBySlug(r.Context(), tx, r.PathValue("slug")); err != nil || a.Parent == "" {
			return err
		}
		above, err = identity.AgencyByID(r.Context(), tx, a.Parent)
		return err
	})
	if err != nil {
		return nil, err
	}
	f := r.Frame
	f.Printer = f.In(a.Location())
	y, m, _ := p.Now().In(a.Location()).Date()
	since := time.Date(y, m, 1, 0, 0, 0, 0, a.Location()).AddDate(0, 1-registerMonths, 0)
	counts, err := p.Moderation.Transparency(r.Context(), a.ID, since)
	if err != nil {
		return nil, err
	}
	months, err := p.Insight.Months(r.Context(), a.ID, since)
	if err != nil {
		return nil, err
	}
	reg := newRegister(f, counts, p.Moderation.Policy)
	v := PublicView{Agency: a.Name, Of: above.Name, Slug: a.Slug, Platforms: reg.platforms}
	chosen := months[0]
	for _, month := range months {
		if month.Name == r.FormValue("bulan") {
			chosen = month
		}
	}
	first, err := time.ParseInLocation("2006-01", chosen.Name, a.Location())
	if err != nil {
		return nil, err
	}
	v.Month, v.Running = f.Month(first), chosen.Name == months[0].Name
	v.Rows, v.Restored = reg.rows(chosen.Name), reg.restored(chosen.Name)
	v.Figures = reg.figures(chosen)
	v.ResponseNote = f.T("today.target", "time", f.Duration(a.Answer))
	for _, month := range months {
		v.History = append(v.History, reg.month(month, a.Location(), v.Slug, month.Name == chosen.Name))
	}
	p.policyText(f, &v)
	return Show{View: v}, nil
}

func (p *Pages) policyText(f *Frame, v *PublicView) {
	policy := p.Moderation.Policy
	v.PolicyTitle, v.PolicyNote, v.PolicyID = policy.Title.In(f.Lang()), policy.Note.In(f.Lang()), policy.ID()
	for _, c := range policy.Clauses {
		v.Clauses = append(v.Clauses, PublicClause{
			Number: c.Number, Title: c.Title.In(f.Lang()), Text: c.Text.In(f.Lang()), Basis: c.Basis.In(f.Lang()),
			Severity: f.T("clause.severity." + c.Severity), Protected: c.Protected,
		})
	}
}

// register is the counts by month, clause and platform. Every number of the
// page is made from the same blurred cells, so that no two of them can be
// subtracted to find a small one.
type register struct {
	f         *Frame
	policy    moderation.Policy
	platforms []string
	hidden    map[place]int64
	back      map[place]int64 // restored; these have no clause
	clauses   []string
}

type place struct{ month, clause, platform string }

func newRegister(f *Frame, counts []moderation.PublicCount, policy moderation.Policy) register {
	reg := register{f: f, policy: policy, hidden: map[place]int64{}, back: map[place]int64{}}
	for _, c := range policy.Clauses {
		if c.Allows(moderation.Hide) || c.Protected {
			reg.clauses = append(reg.clauses, c.Number)
		}
	}
	for _, c := range counts {
		if !slices.Contains(reg.platforms, c.Platform) {
			reg.platforms = append(reg.platforms, c.Platform)
		}
		if c.Hidden > 0 && !slices.Contains(reg.clauses, c.Clause) {
			reg.clauses = append(reg.clauses, c.Clause) // of an earlier policy
		}
		reg.hidden[place{c.Month, c.Clause, c.Platform}] += c.Hidden
		reg.back[place{c.Month, "", c.Platform}] += c.Restored
	}
	slices.Sort(reg.platforms)
	slices.Sort(reg.clauses)
	return reg
}

// line is one row of cells and their sum.
func (reg register) line(month, clause string, from map[place]int64) (row PublicRow, sum blurred) {
	for _, platform := range reg.platforms {
		n := from[place{month, clause, platform}]
		row.Cells = append(row.Cells, cell(reg.f, n))
		sum.add(n)
	}
	row.Sum = sum.text(reg.f)
	return row, sum
}

func (reg register) rows(month string) (rows []PublicRow) {
	var sums []int64
	for _, number := range reg.clauses {
		row, sum := reg.line(month, number, reg.hidden)
		row.Clause = number
		if c, known := reg.policy.Clause(number); known {
			row.Title = c.Title.In(reg.f.Lang())
		}
		rows, sums = append(rows, row), append(sums, sum.least())
	}
	for i := range rows {
		rows[i].Share = share(sums[i], slices.Max(sums))
	}
	return rows
}

func (reg register) restored(month string) PublicRow {
	row, _ := reg.line(month, "", reg.back)
	return row
}

// total is everything that was hidden in a month.
func (reg register) total(month string) (all blurred) {
	for _, number := range reg.clauses {
		_, sum := reg.line(month, number, reg.hidden)
		all.join(sum)
	}
	return all
}

// waited tells a median only where enough people waited: that of one is hers.
func (reg register) waited(r insight.Response) (median, part string) {
	share, _ := r.Share()
	if r.Answered < smallest {
		return "–", "–"
	}
	return reg.f.Duration(r.Median), reg.f.Percent(share)
}

func (reg register) figures(m insight.Month) []Figure {
	f := reg.f
	hidden := Figure{Label: f.T("public.hidden"), Value: reg.total(m.Name).text(f), Note: f.T("public.hidden.note")}
	median, part := reg.waited(m.Response)
	return []Figure{
		{Label: f.T("public.received"), Value: cell(f, m.Received), Note: f.T("public.received.note")}, hidden,
		{Label: f.T("public.restored"), Value: reg.restored(m.Name).Sum, Note: f.T("public.restored.note")},
		{Label: f.T("report.median"), Value: median, Note: f.T("public.within.share", "share", part)},
	}
}

func (reg register) month(m insight.Month, zone *time.Location, slug string, here bool) PublicMonth {
	line := PublicMonth{
		Name: m.Name, Path: "/t/" + slug + "?bulan=" + m.Name, Here: here,
		Received: cell(reg.f, m.Received), Hidden: reg.total(m.Name).text(reg.f), Restored: reg.restored(m.Name).Sum, Answered: cell(reg.f, m.Response.Answered),
	}
	if first, err := time.ParseInLocation("2006-01", m.Name, zone); err == nil {
		line.Name = reg.f.Month(first)
	}
	line.Median, line.Part = reg.waited(m.Response)
	return line
}
