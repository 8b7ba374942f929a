package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kentongan/inbox"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/identity"
	"kentongan/moderation"
)

// longWait is when a case is shown as old.
const longWait = 30 * time.Minute

func (p *Pages) caseRow(r *Request, c moderation.Case, l lookUp, veilAll bool) CaseRow {
	f := r.Frame
	row := CaseRow{
		ID: string(c.ID), Version: strconv.FormatInt(c.Version, 10), Path: casePath(c.ID), Platform: string(l.channels[c.Channel].Platform), Text: shorten(c.Masked, 160), Labels: mainTags(f, c.Labels),
		Age: f.Span(p.Now().Sub(c.PostedAt)), Old: p.Now().Sub(c.PostedAt) >= longWait, Copies: c.Copies, Suggest: suggestion(f, c.Verdict.Suggestion),
		Account: accountFacts(f, p.Now(), c.Author, c.Copies), Veiled: veilAll || moderation.Disturbing(c.Message),
	}
	if clause, known := l.policy.Clause(c.Verdict.Suggestion.Clause); known {
		row.Clause, row.Protected = clause.Number+" "+clause.Title.In(f.Lang()), clause.Protected
	}
	if c.Claim.Held(r.By.ID, p.Now()) {
		row.Held = l.names[c.Claim.By]
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

// mainTags are a row's first two labels and how many more there are: the case
// itself shows all.
func mainTags(f *Frame, labels []string) []Tag {
	all := labelTags(f, labels)
	if len(all) <= 2 {
		return all
	}
	return append(all[:2:2], Tag{Text: "+" + strconv.Itoa(len(all)-2)})
}

// accountFacts are what the office itself has seen of an author: no name, no number.
func accountFacts(f *Frame, now time.Time, a inbox.Account, copies int64) string {
	var facts []string
	if !a.Since.IsZero() {
		facts = append(facts, f.T("moderation.account.since", "span", f.Span(now.Sub(a.Since))))
	}
	if copies > 1 {
		facts = append(facts, f.T("moderation.account.copies", "n", copies-1))
	}
	if a.Wrote > 1 {
		facts = append(facts, f.T("moderation.account.wrote", "n", a.Wrote))
	}
	if a.Hidden > 0 {
		facts = append(facts, f.T("moderation.account.hidden", "n", a.Hidden))
	}
	return strings.Join(facts, " · ")
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
		ID: string(id), Version: strconv.FormatInt(msg.Version, 10), Platform: string(ch.Platform), Handle: msg.HandleMasked, When: f.Brief(msg.PostedAt), Link: msg.URL,
		Labels: labelTags(f, msg.Labels), Copies: copies, WithCopies: copies > 1,
		Conversation: threadPath(msg.Conversation),
	}
	c.Text, c.Reasons = marked(f, msg, verdict.Reasons)
	if err := p.veilCase(r, c, msg); err != nil {
		return nil, err
	}
	if s := suggestion(f, verdict.Suggestion); s != "" {
		c.Suggest = f.T("moderation.suggests", "what", s)
	}
	if verdict.Unreadable {
		c.Suggest = f.T("moderation.unreadable")
	}
	c.state(f, msg)
	p.ways(f, ch, c)
	if err := p.beside(r, c, msg); err != nil {
		return nil, err
	}
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
	for n, d := range all {
		row := p.decisionRow(r.Frame, d, l)
		row.Undo, row.Evidence = n == 0 && moderation.MayUndo(r.By, d, p.Now()), r.By.May(identity.Unmask, r.By.Agency)
		c.Past = append(c.Past, row)
	}
	if len(all) > 0 {
		c.Seen = string(all[0].ID)
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

// clauseChoices are what can be decided by: those that protect stand last, and none
// is chosen beforehand.
func clauseChoices(f *Frame, policy moderation.Policy) (all []ClauseChoice) {
	for _, c := range policy.Clauses {
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
	moderation.Warn: {"warn", "mail"}, moderation.Remove: {"bad", "trash-2"}, moderation.Block: {"bad", "ban"}, moderation.Unblock: {"", "undo-2"},
}

var decisionTones = map[string]string{moderation.Waiting: "info", moderation.Done: "ok", moderation.Failed: "bad", moderation.ByHand: "warn"}

var ratifyTones = map[string]string{moderation.RatifyDue: "warn", moderation.Ratified: "ok", moderation.Overruled: "primary"}

func (p *Pages) decisionRow(f *Frame, d moderation.Decision, l lookUp) DecisionRow {
	row := DecisionRow{
		ID: string(d.ID), Number: d.Number, Act: f.T("act." + string(d.Act)), Reason: d.Reason, Tone: actTones[d.Act].tone, Icon: cmp.Or(actTones[d.Act].icon, "scale"),
		State: Tag{Text: f.T("decision.state." + d.State), Tone: decisionTones[d.State]}, By: l.names[d.By], When: f.Brief(d.At),
		Platform: string(l.channels[d.Channel].Platform), Targets: d.Targets, Message: casePath(d.Message),
	}
	if c, known := l.policy.Clause(d.Clause); known {
		row.Clause = f.T("clause.number", "number", d.Clause) + " " + c.Title.In(f.Lang())
	}
	if d.Rule != "" {
		row.Marks = append(row.Marks, Tag{Text: f.T("decision.automatic"), Tone: "warn", Icon: "split"})
	}
	if d.Ratify != "" {
		row.Marks = append(row.Marks, Tag{Text: f.T("decision.ratify." + d.Ratify), Tone: ratifyTones[d.Ratify]})
	}
	if d.Reverses != "" {
		row.Marks = append(row.Marks, Tag{Text: f.T("decision.takes_back"), Tone: "primary", Icon: "undo-2"})
	}
	if d.Second != "" {
		row.Marks = append(row.Marks, Tag{Text: f.T("decision.with_second", "name", l.names[d.Second]), Tone: ""})
	}
	if d.Code != "" {
		row.Explain = wordOr(f, "fault."+d.Code, d.Code)
	}
	return row
}
