package web

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"kentongan/configs"
	"kentongan/internal/identity"
	"kentongan/moderation"
)

// Office is the agency of a public page.
type Office struct {
	ID         identity.AgencyID
	Name, Slug string
}

func (o Office) path(rest string) templ.SafeURL { return templ.SafeURL("/t/" + o.Slug + rest) }

// PleaView is Ajukan Keberatan: a case number and why. It asks for no name.
type PleaView struct {
	Office      Office
	Number, Why string // what was typed, after a refusal
	Form        string // random: the same form is filed once
	Notes       []string
	Elsewhere   []Way
	Problems    Problems
}

// Way is another way that is open to a citizen.
type Way struct{ Name, Text, URL, Source string }

// PleaFiledView says that an objection is kept, and shows its receipt once.
type PleaFiledView struct {
	Office   Office
	Number   string
	Receipt  string
	Joined   bool
	Deadline []string
}

// ReceiptView asks for a receipt.
type ReceiptView struct {
	Office   Office
	Typed    string
	Problems Problems
}

// CaseLookView asks for a case number.
type CaseLookView struct {
	Office   Office
	Typed    string
	Problems Problems
}

// PublicCaseView is one case as anybody may see it: no word of the message, no
// channel, no name, no hour.
type PublicCaseView struct {
	Office       Office
	Number       string
	State        Tag
	Act          string
	Clause, Text string
	Basis        string
	Policy       string
	Reason       string
	Day          string
	Automatic    bool
	Steps        []CaseStep
	MayObject    bool
	Until        []string // how long there is to object, with the source
	Cannot       string   // why no objection can be made now
	Elsewhere    []Way
	Receipt      string // of whoever looks, if she holds one
	Form         string
	MayAdd       bool
	Added        bool
	More         string // what was typed, after a refusal
	Problems     Problems
}

// CaseStep is one thing that happened, or is to happen, in a case.
type CaseStep struct {
	Icon, Tone  string
	Title, When string
	Lines       []string
	Bad         bool // a line of these tells that something is late or failed
}

func (v *PleaView) Head(f *Frame) Head {
	return Head{Title: f.T("objection.form.title") + ", " + v.Office.Name, Bare: true}
}
func (v *PleaView) Body(f *Frame) templ.Component { return pleaPage(f, v) }

func (v *PleaFiledView) Head(f *Frame) Head {
	return Head{Title: f.T("objection.filed.title") + ", " + v.Office.Name, Bare: true}
}
func (v *PleaFiledView) Body(f *Frame) templ.Component { return pleaFiledPage(f, v) }

func (v *ReceiptView) Head(f *Frame) Head {
	return Head{Title: f.T("objection.receipt.title") + ", " + v.Office.Name, Bare: true}
}
func (v *ReceiptView) Body(f *Frame) templ.Component { return receiptPage(f, v) }

func (v *CaseLookView) Head(f *Frame) Head {
	return Head{Title: f.T("objection.look.title") + ", " + v.Office.Name, Bare: true}
}
func (v *CaseLookView) Body(f *Frame) templ.Component { return caseLookPage(f, v) }

func (v *PublicCaseView) Head(f *Frame) Head {
	return Head{Title: f.T("objection.case.title", "number", v.Number) + ", " + v.Office.Name, Bare: true}
}
func (v *PublicCaseView) Body(f *Frame) templ.Component { return publicCasePage(f, v) }

// elsewhere are the other ways, as data of the office.
func (p *Pages) elsewhere(f *Frame) (all []Way) {
	for _, e := range p.Moderation.Objections.Elsewhere {
		all = append(all, Way{Name: e.Name.In(f.Lang()), Text: e.Text.In(f.Lang()), URL: e.URL, Source: e.Source})
	}
	return all
}

// clockNotes says in general how long there is, before a case is known.
func (p *Pages) clockNotes(f *Frame) (all []string) {
	for _, stop := range []string{configs.ObjectionFiled, configs.ObjectionDecided} {
		seen := map[string]bool{}
		for _, act := range []moderation.Act{moderation.Hide, moderation.Remove, moderation.Warn, moderation.Block} {
			if c, ok := p.Moderation.Objections.Clock(stop, act); ok && !seen[c.ID] {
				seen[c.ID] = true
				all = append(all, f.T("objection.note."+stop, "time", lasting(f, c))+" "+source(f, c))
			}
		}
	}
	return all
}

// lasting is a clock's length in words.
func lasting(f *Frame, c configs.ObjectionClock) string {
	return f.T("objection.unit."+c.Unit, "n", c.N)
}

// source names the law of a clock, and whether a lawyer has looked at it.
func source(f *Frame, c configs.ObjectionClock) string {
	if c.Force == "office" {
		return f.T("objection.source.office")
	}
	s := f.T("objection.source.law", "law", c.Law, "article", c.Article)
	if c.VerifiedBy == "" {
		s += " " + f.T("objection.source.unverified")
	}
	return s
}

// deadline says until when a clock runs, in both readings of the law, with its
// source and how sure it is.
func deadline(f *Frame, run moderation.Running, timed bool) (all []string) {
	if !timed {
		return nil
	}
	all = []string{f.T("objection.until", "day", f.Day(run.Due), "time", lasting(f, run.ObjectionClock)) + " " + source(f, run.ObjectionClock)}
	if !run.OtherDue.IsZero() {
		all = append(all, f.T("objection.other_reading", "day", f.Day(run.OtherDue)))
	}
	if !run.Certain {
		all = append(all, f.T("objection.uncertain"))
	}
	return all
}

// policyOf is the policy that a decision was taken by: with it, its clauses
// read as they did then.
func (p *Pages) policyOf(r *Request, agency identity.AgencyID, id string) moderation.Policy {
	policy, err := p.Moderation.PolicyNamed(r.Context(), agency, id)
	if err != nil {
		if policy, err = p.Moderation.PolicyIn(r.Context(), agency); err != nil {
			return p.Moderation.Policy
		}
	}
	return policy
}

func clauseWords(f *Frame, policy moderation.Policy, number string) string {
	if c, known := policy.Clause(number); known {
		return c.Number + " " + c.Title.In(f.Lang())
	}
	return f.T("clause.number", "number", number)
}

func (p *Pages) caseView(r *Request, o Office, c moderation.PublicCase) *PublicCaseView {
	f := r.Frame
	policy := p.policyOf(r, o.ID, c.Policy)
	v := &PublicCaseView{
		Office: o, Number: c.Number, Act: f.T("objection.act." + string(c.Act)), Policy: c.Policy, Reason: c.Reason, Day: f.Day(c.At),
		Automatic: c.Automatic, MayObject: c.Cannot == nil && (c.Objection == nil || c.Objection.State == moderation.ObjectionOpen),
	}
	v.Clause = clauseWords(f, policy, c.Clause)
	if k, known := policy.Clause(c.Clause); known {
		v.Text, v.Basis = k.Text.In(f.Lang()), k.Basis.In(f.Lang())
	}
	if c.Cannot != nil && (c.Objection == nil || c.Objection.State == moderation.ObjectionOpen) { // else the outcome is on the page
		var lines []string
		for _, s := range f.Fault(c.Cannot) {
			lines = append(lines, s.Text)
		}
		v.Cannot = strings.Join(lines, " ")
	}
	if c.Objection == nil && c.Cannot == nil {
		v.Until = deadline(f, c.Window, c.Timed)
	}
	if !v.MayObject || c.Objection != nil {
		v.Elsewhere = p.elsewhere(f)
	}
	v.State = caseState(f, c)
	v.Steps = p.caseSteps(f, c, policy)
	return v
}

// caseState is the whole case in two words.
func caseState(f *Frame, c moderation.PublicCase) Tag {
	switch {
	case c.Objection != nil && c.Objection.State == moderation.ObjectionGranted:
		return Tag{Text: f.T("objection.state.granted"), Tone: "ok", Icon: "rotate-ccw"}
	case c.Objection != nil && c.Objection.State == moderation.ObjectionPartly:
		return Tag{Text: f.T("objection.state.partly"), Tone: "warn", Icon: "scale"}
	case c.Objection != nil && c.Objection.State == moderation.ObjectionDenied:
		return Tag{Text: f.T("objection.state.denied"), Tone: "bad", Icon: "scale"}
	case c.Objection != nil:
		return Tag{Text: f.T("objection.state.open"), Tone: "info", Icon: "clock"}
	case c.State == moderation.Waiting || c.State == moderation.ByHand:
		return Tag{Text: f.T("objection.state.under_way"), Tone: "info", Icon: "clock"}
	case !c.InSway && c.State == moderation.Failed:
		return Tag{Text: f.T("objection.state.never"), Tone: "", Icon: "info"}
	case !c.InSway:
		return Tag{Text: f.T("objection.state.undone"), Tone: "ok", Icon: "rotate-ccw"}
	}
	return Tag{Text: f.T("objection.state.stands"), Tone: "", Icon: "scale"}
}

func (p *Pages) caseSteps(f *Frame, c moderation.PublicCase, policy moderation.Policy) []CaseStep {
	steps := []CaseStep{{Icon: cmpIcon(c.Act), Tone: "bad", Title: f.T("objection.act." + string(c.Act)), When: f.Day(c.At)}}
	if c.Automatic {
		steps[0].Lines = append(steps[0].Lines, f.T("objection.automatic"))
	}
	o := c.Objection
	if o == nil {
		return steps
	}
	filed := CaseStep{Icon: "message-square", Tone: "info", Title: f.T("objection.step.filed"), When: f.Day(o.FiledAt)}
	if o.Voices > 1 {
		filed.Lines = append(filed.Lines, f.T("objection.step.voices", "n", o.Voices))
	}
	steps = append(steps, filed)
	if o.State == moderation.ObjectionOpen {
		wait := CaseStep{Icon: "clock", Title: f.T("objection.step.waiting"), Lines: deadline(f, o.Clock, o.Timed)}
		if o.Timed {
			if wait.When = f.T("objection.step.at_latest", "day", f.Day(o.Clock.Due)); p.Now().After(o.Clock.Due) {
				wait.Tone, wait.Bad = "bad", true
				wait.Lines = append([]string{f.T("objection.step.late")}, wait.Lines...)
			}
		}
		return append(steps, wait)
	}
	done := CaseStep{Icon: "scale", Tone: map[string]string{"granted": "ok", "partly": "warn", "denied": "bad"}[o.State], Title: f.T("objection.outcome." + o.State), When: f.Day(o.DecidedAt)}
	done.Lines = append(done.Lines, o.Reason, f.T("objection.step.same_day"))
	if took := o.DecidedAt.Sub(o.FiledAt); took >= time.Hour {
		done.Lines[1] = f.T("objection.step.other_person", "time", f.Span(took))
	}
	if o.Clause != "" {
		done.Lines = append(done.Lines, f.T("objection.step.clause", "clause", clauseWords(f, policy, o.Clause)))
	}
	steps = append(steps, done)
	if o.State != moderation.ObjectionGranted {
		return steps
	}
	if c.Act == moderation.Remove {
		steps = append(steps, CaseStep{Icon: "info", Title: f.T("objection.undo.removed"), Lines: []string{f.T("objection.undo.removed.why")}})
	}
	if o.Undoing != "" && c.Act != moderation.Remove {
		back := CaseStep{Icon: "rotate-ccw", Title: f.T("objection.undo." + string(c.Act) + "." + o.Undoing), Tone: "ok"}
		if o.Undoing != moderation.Done {
			back.Tone, back.Bad = "warn", o.Undoing == moderation.Failed
		}
		steps = append(steps, back)
	}
	return steps
}

func cmpIcon(a moderation.Act) string {
	switch a {
	case moderation.Remove:
		return "trash-2"
	case moderation.Warn:
		return "triangle-alert"
	case moderation.Block:
		return "ban"
	}
	return "eye-off"
}
