package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"kentongan/inbox"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/moderation"
)

func (p *Pages) caseRow(f *Frame, c moderation.Case, l lookUp) CaseRow {
	row := CaseRow{
		Path: casePath(c.ID), Platform: string(l.channels[c.Channel].Platform), Text: shorten(c.Masked, 160), Labels: labelTags(f, c.Labels),
		Age: f.Span(p.Now().Sub(c.PostedAt)), Copies: c.Copies, Suggest: suggestion(f, c.Verdict.Suggestion),
	}
	var rules []string
	for _, why := range c.Verdict.Reasons {
		if rule := f.T("rule." + string(why.Rule)); !slices.Contains(rules, rule) {
			rules = append(rules, rule)
		}
	}
	row.Why = strings.Join(rules, " + ")
	return row
}

// suggestion is what a rule proposes, in words. It decides nothing.
func suggestion(f *Frame, s moderation.Suggestion) string {
	if s.Act == "" {
		return ""
	}
	text := f.T("act." + string(s.Act))
	if s.Clause != "" {
		text += " · " + f.T("clause.number", "number", s.Clause)
	}
	return text
}

// openCase is one message with everything a decision rests on.
func (p *Pages) openCase(r *Request, id inbox.MessageID) (*CaseView, error) {
	f := r.Frame
	var msg inbox.Message
	var ch channel.Channel
	copies := int64(1)
	err := p.DB.View(r.Context(), func(tx *db.Tx) (err error) {
		if msg, err = inbox.LoadMessage(r.Context(), tx, r.By.Agency, id); err != nil {
			return err
		}
		if ch, err = channel.Load(r.Context(), tx, r.By.Agency, msg.Channel); err != nil {
			return err
		}
		all, err := inbox.Copies(r.Context(), tx, r.By.Agency, msg.Fingerprint)
		for _, other := range all {
			if other.ID != msg.ID && other.HiddenAt.IsZero() == msg.HiddenAt.IsZero() {
				copies++
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	verdict := moderation.VerdictOf(msg)
	c := &CaseView{
		ID: string(id), Platform: string(ch.Platform), Handle: msg.HandleMasked, When: f.Brief(msg.PostedAt), Link: msg.URL,
		Labels: labelTags(f, msg.Labels), Copies: copies, WithCopies: copies > 1, Clauses: p.clauses(f),
		Conversation: threadPath(msg.Conversation),
	}
	c.Text, c.Reasons = marked(f, msg, verdict.Reasons)
	if s := suggestion(f, verdict.Suggestion); s != "" {
		c.Suggest = f.T("moderation.suggests", "what", s)
	}
	if verdict.Unreadable {
		c.Suggest = f.T("moderation.unreadable")
	}
	c.state(f, msg)
	p.ways(f, ch, c)
	c.After = []Consequence{{"eye-off", f.T("moderation.after.hidden")}, {"mail", f.T("moderation.after.not_told")}, {"scale", f.T("moderation.after.counted")}}
	return c, p.pastOf(r, c)
}

// state says what the message is now, and so what can be decided.
func (c *CaseView) state(f *Frame, msg inbox.Message) {
	switch {
	case !msg.DeletedAt.IsZero():
		c.State = &Tag{Text: f.T("inbox.gone.deleted"), Tone: ""}
	case !msg.HiddenAt.IsZero():
		c.State = &Tag{Text: f.T("inbox.gone.hidden"), Tone: "bad", Icon: "eye-off"}
		c.Restore = true
	default:
		c.Decide = true
	}
}

func (p *Pages) pastOf(r *Request, c *CaseView) error {
	all, err := p.Moderation.DecisionsOn(r.Context(), r.By, inbox.MessageID(c.ID))
	if err != nil {
		return err
	}
	l, err := p.lookUp(r)
	for _, d := range all {
		c.Past = append(c.Past, p.decisionRow(r.Frame, d, l))
	}
	return err
}

// ways says what can be done there about a message that stands.
func (p *Pages) ways(f *Frame, ch channel.Channel, c *CaseView) {
	if !c.Decide {
		return
	}
	name := f.T("platform." + string(ch.Platform))
	byHand := false
	c.Hide, byHand = p.Moderation.Able(ch, moderation.Hide)
	c.Remove, _ = p.Moderation.Able(ch, moderation.Remove)
	c.Block, _ = p.Moderation.Able(ch, moderation.Block)
	switch {
	case c.Remove:
		c.RemoveNote = f.T("moderation.remove_note", "platform", name)
	case byHand:
		c.CannotHide = f.T("moderation.hide_by_hand", "platform", name)
	case !c.Hide:
		c.CannotHide = f.T("moderation.cannot_hide", "platform", name)
	}
}

// clauses are what can be decided by: those that protect stand last, and none
// is chosen beforehand.
func (p *Pages) clauses(f *Frame) (all []ClauseChoice) {
	for _, c := range p.Moderation.Policy.Clauses {
		if !c.Protected && !c.Allows(moderation.Hide) {
			continue
		}
		all = append(all, ClauseChoice{
			Number: c.Number, Title: c.Title.In(f.Lang()), Text: c.Text.In(f.Lang()), Basis: c.Basis.In(f.Lang()),
			Severity: f.T("clause.severity." + c.Severity), Protected: c.Protected,
		})
	}
	slices.SortStableFunc(all, func(a, b ClauseChoice) int {
		return cmp.Compare(strconv.FormatBool(a.Protected), strconv.FormatBool(b.Protected))
	})
	for i := range all {
		if i < 9 {
			all[i].Key = strconv.Itoa(i + 1)
		}
	}
	return all
}

var actTones = map[moderation.Act]struct{ tone, icon string }{
	moderation.Hide: {"bad", "eye-off"}, moderation.Restore: {"primary", "undo-2"}, moderation.Keep: {"", "eye"}, moderation.Escalate: {"warn", "flag"},
	moderation.Remove: {"bad", "trash-2"}, moderation.Block: {"bad", "ban"}, moderation.Unblock: {"", "undo-2"},
}

var decisionTones = map[string]string{moderation.Waiting: "info", moderation.Done: "ok", moderation.Failed: "bad", moderation.ByHand: "warn"}

func (p *Pages) decisionRow(f *Frame, d moderation.Decision, l lookUp) DecisionRow {
	row := DecisionRow{
		ID: string(d.ID), Number: d.Number, Act: f.T("act." + string(d.Act)), Reason: d.Reason, Tone: actTones[d.Act].tone, Icon: cmp.Or(actTones[d.Act].icon, "scale"),
		State: Tag{Text: f.T("decision.state." + d.State), Tone: decisionTones[d.State]}, By: l.names[d.By], When: f.Brief(d.At),
		Platform: string(l.channels[d.Channel].Platform), Targets: d.Targets, Message: casePath(d.Message),
	}
	if c, known := p.Moderation.Policy.Clause(d.Clause); known {
		row.Clause = f.T("clause.number", "number", d.Clause) + " " + c.Title.In(f.Lang())
	}
	if d.Code != "" {
		row.Explain = wordOr(f, "fault."+d.Code, d.Code)
	}
	return row
}
