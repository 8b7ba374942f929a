package web

import (
	"net/http"
	"time"

	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/moderation"
)

const examplePath = "/moderasi/contoh"

func (p *Pages) exampleRoutes() []Route {
	either := []identity.Power{identity.Moderate, identity.Approve}
	return []Route{
		{Pattern: "GET " + examplePath, Powers: either, Do: p.examples},
		{Pattern: "POST " + examplePath, Powers: []identity.Power{identity.Moderate}, Do: p.writeExample},
		{Pattern: "POST " + examplePath + "/{id}/lepas", Powers: []identity.Power{identity.Approve}, Do: p.releaseExample},
		{Pattern: "POST " + examplePath + "/{id}/akhiri", Powers: either, Do: p.endExample},
	}
}

func (p *Pages) examples(r *Request) (Answer, error) {
	v, err := p.exampleView(r)
	if err != nil {
		return nil, err
	}
	if number, ok := moderation.ReadNumber(r.FormValue("keputusan")); ok {
		v.Typed.Number = number
	}
	return Show{View: v}, nil
}

func (p *Pages) exampleView(r *Request) (*ExampleView, error) {
	f, by := r.Frame, r.By
	all, err := p.Moderation.Examples(r.Context(), by)
	if err != nil {
		return nil, err
	}
	policy, err := p.Moderation.PolicyIn(r.Context(), by.Agency)
	if err != nil {
		return nil, err
	}
	l, err := p.lookUp(r)
	if err != nil {
		return nil, err
	}
	signs := by.May(identity.Approve, by.Agency)
	v := &ExampleView{MayWrite: by.May(identity.Moderate, by.Agency), Public: "/t/" + f.Place.Slug + "/disembunyikan#contoh"}
	for _, c := range policy.Clauses {
		v.Clauses = append(v.Clauses, Choice{Value: c.Number, Text: c.Number + " " + c.Title.In(f.Lang())})
	}
	for _, e := range all {
		row := ExampleRow{
			ID: string(e.ID), Number: e.Number, Clause: e.Clause, Month: e.Month, Text: e.Text, Who: f.T("example.by", "name", l.names[e.By]),
			Draft: e.State == moderation.ExampleDraft, State: Tag{Text: f.T("example.state." + e.State)},
		}
		if at, err := time.Parse("2006-01", e.Month); err == nil {
			row.Month = f.Month(at.Add(12 * time.Hour))
		}
		if c, known := policy.Clause(e.Clause); known {
			row.Clause += " " + c.Title.In(f.Lang())
		}
		switch e.State {
		case moderation.ExampleReleased:
			row.State.Tone, row.MayWithdraw = "ok", signs
		case moderation.ExampleDraft:
			row.State.Tone, row.MayRelease, row.MayDiscard = "warn", signs && e.By != by.ID, true
		}
		if e.ReleasedBy != "" {
			row.Who += " · " + f.T("example.released_by", "name", l.names[e.ReleasedBy])
		}
		v.Rows = append(v.Rows, row)
	}
	return v, nil
}

// writeExample keeps a draft, or shows the form again with everything typed.
// What the check says stays on the page: it can hold a citizen's words.
func (p *Pages) writeExample(r *Request) (Answer, error) {
	typed := ExampleForm{r.PostFormValue("number"), r.PostFormValue("clause"), r.PostFormValue("text")}
	_, err := p.Moderation.WriteExample(r.Context(), r.By, moderation.Paraphrase{Number: typed.Number, Clause: typed.Clause, Text: typed.Text})
	if err == nil {
		return GoTo{Path: examplePath, Flash: &Flash{Key: "flash.example.draft"}}, nil
	}
	if !mendable(err) {
		return nil, err
	}
	v, again := p.exampleView(r)
	if again != nil {
		return nil, again
	}
	v.Typed, v.Problems = typed, r.Frame.Fault(err)
	return Show{View: v, Status: http.StatusUnprocessableEntity}, nil
}

// mendable: what the person at the form can put right.
func mendable(err error) bool {
	kind := fault.KindOf(err)
	return fault.Find(err) != nil && (kind == fault.Invalid || kind == fault.Conflict || kind == fault.Denied)
}

func (p *Pages) releaseExample(r *Request) (Answer, error) {
	id := moderation.ExampleID(r.PathValue("id"))
	return p.movedExample(r, id, p.Moderation.ReleaseExample(r.Context(), r.By, id), "flash.example.released")
}

func (p *Pages) endExample(r *Request) (Answer, error) {
	id := moderation.ExampleID(r.PathValue("id"))
	return p.movedExample(r, id, p.Moderation.EndExample(r.Context(), r.By, id, r.PostFormValue("reason")), "flash.example.ended")
}

// movedExample tells what was done, or why not beside the example.
func (p *Pages) movedExample(r *Request, id moderation.ExampleID, err error, told string) (Answer, error) {
	if err == nil {
		return GoTo{Path: examplePath, Flash: &Flash{Key: told}}, nil
	}
	if !mendable(err) {
		return nil, err
	}
	v, again := p.exampleView(r)
	if again != nil {
		return nil, again
	}
	for i := range v.Rows {
		if v.Rows[i].ID == string(id) {
			v.Rows[i].Problems, v.Rows[i].Reason = r.Frame.Fault(err), r.PostFormValue("reason")
			return Show{View: v, Status: statusOf(fault.KindOf(err))}, nil
		}
	}
	return nil, err
}
