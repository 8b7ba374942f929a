package web

import (
	"slices"
	"strings"

	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/moderation"
)

// veilCase covers what disturbs until its reader wants to see it: the words
// that matched, or the whole message where none did or the person wishes so.
func (p *Pages) veilCase(r *Request, c *CaseView, msg inbox.Message) error {
	all, err := p.Moderation.VeilAlways(r.Context(), r.By)
	if err != nil {
		return err
	}
	c.Files = strings.Join(fileKinds(r.Frame, msg.Files), ", ")
	if !all && !moderation.Disturbing(msg) {
		return nil
	}
	c.Veiled = true
	if all || !slices.ContainsFunc(c.Text, func(m Marked) bool { return m.Veiled }) {
		for i := range c.Text {
			c.Text[i].Veiled = true
		}
	}
	return nil
}

func fileKinds(f *Frame, kinds []string) (words []string) {
	for _, k := range kinds {
		words = append(words, wordOr(f, "inbox.file."+k, k))
	}
	return words
}

// beside adds what a decision may lean on: what resembles it, who wrote it,
// what was asked of others, what the citizen will be told, what will follow.
func (p *Pages) beside(r *Request, c *CaseView, msg inbox.Message) error {
	l, err := p.lookUp(r)
	if err != nil {
		return err
	}
	c.Clauses = clauseChoices(r.Frame, l.policy)
	if err := p.rulesOf(r, c, msg); err != nil {
		return err
	}
	similar, err := p.Moderation.Similar(r.Context(), r.By, msg.ID)
	if err != nil {
		return err
	}
	for _, s := range similar {
		c.Similar = append(c.Similar, p.precedentLine(r.Frame, s))
	}
	if err := p.author(r, c, msg); err != nil {
		return err
	}
	asked, err := p.Moderation.EscalationsOn(r.Context(), r.By, msg.ID)
	if err != nil {
		return err
	}
	for _, e := range asked {
		line := AdviceLine{Asked: r.Frame.T("escalation.asked", "by", l.names[e.By], "to", l.names[e.To], "when", r.Frame.Brief(e.At)), Note: e.Note}
		if !e.AnsweredAt.IsZero() {
			line.Answered, line.Answer = r.Frame.T("escalation.answered", "by", l.names[e.AnsweredBy], "when", r.Frame.Brief(e.AnsweredAt)), e.Answer
		}
		c.Advice = append(c.Advice, line)
	}
	c.Advisers = p.advisers(r, l)
	return p.told(r, c, msg)
}

// rulesOf names the policy's rules that matched, with how often people agreed
// with each.
func (p *Pages) rulesOf(r *Request, c *CaseView, msg inbox.Message) error {
	matched := moderation.VerdictOf(msg).Rules
	if len(matched) == 0 {
		return nil
	}
	_, states, err := p.Moderation.RuleStates(r.Context(), r.By)
	if err != nil {
		return err
	}
	for _, m := range matched {
		for _, s := range states {
			if s.Name != m.Rule || m.Mode == moderation.Off || m.Mode == moderation.Shadow {
				continue
			}
			c.Rules = append(c.Rules, RuleLine{Title: ruleTitle(r.Frame, s), Fact: precisionText(r.Frame, s.Precision)})
		}
	}
	return nil
}

func (p *Pages) precedentLine(f *Frame, s moderation.Precedent) PrecedentLine {
	line := PrecedentLine{
		Text: shorten(s.Masked, 110), Path: casePath(s.Decision.Message), Tone: actTones[s.Decision.Act].tone, Veiled: true,
		Decision: f.T("act."+string(s.Decision.Act)) + " · " + s.Decision.Number + " · " + f.Brief(s.Decision.At),
	}
	switch s.Like {
	case moderation.LikeCopy:
		line.Like = f.T("similar.copy")
	case moderation.LikeWords:
		line.Like = f.T("similar.words", "n", s.Shared)
	default:
		line.Like = f.T("similar.clause", "number", s.Decision.Clause)
	}
	if s.Reversed != "" {
		line.Reversed = f.T("similar.reversed", "number", s.Reversed)
	}
	return line
}

// author tells what the office has seen of who wrote it, masked.
func (p *Pages) author(r *Request, c *CaseView, msg inbox.Message) error {
	return p.DB.View(r.Context(), func(tx *db.Tx) error {
		known, err := inbox.Accounts(r.Context(), tx, r.By.Agency, []string{msg.Citizen})
		if err != nil {
			return err
		}
		if facts := accountFacts(r.Frame, p.Now(), known[msg.Citizen], c.Copies); facts != "" {
			c.Account = strings.Split(facts, " · ")
		}
		wrote, err := inbox.OfCitizen(r.Context(), tx, r.By.Agency, msg.Citizen, msg.ID, 5)
		for _, w := range wrote {
			line := WroteLine{Text: shorten(w.Masked, 90), When: r.Frame.Brief(w.PostedAt), Path: casePath(w.ID), Veiled: moderation.Disturbing(w)}
			switch {
			case !w.DeletedAt.IsZero():
				line.State = r.Frame.T("inbox.gone.deleted")
			case !w.HiddenAt.IsZero():
				line.State = r.Frame.T("inbox.gone.hidden")
			}
			c.Wrote = append(c.Wrote, line)
		}
		return err
	})
}

// told says what the citizen will hear, and what follows from hiding.
func (p *Pages) told(r *Request, c *CaseView, msg inbox.Message) error {
	f := r.Frame
	hears := f.T("moderation.after.not_told")
	if len(p.Moderation.Objections.Notices) > 0 && c.Decide {
		d, err := p.Moderation.DraftNotice(r.Context(), r.By, msg.ID, moderation.Hide, "", "")
		if err != nil {
			return err
		}
		switch d.Way {
		case moderation.Privately:
			c.Notice = NoticeField{Free: true, Draft: d.Text}
			hears = f.T("moderation.after.told")
		case moderation.InPublic:
			c.Notice = NoticeField{Draft: d.Text, Note: f.T("moderation.notice.public")}
			hears = f.T("moderation.after.told")
		default:
			c.Notice = NoticeField{Note: wordOr(f, "fault."+d.Code, f.T("moderation.after.not_told"))}
		}
		c.Warn = d.Way != moderation.NoWay
	}
	c.After = []Consequence{{"eye-off", f.T("moderation.after.hidden")}, {"mail", hears}, {"scale", f.T("moderation.after.counted")}}
	return nil
}

// advisers are whom a message can be passed on to.
func (p *Pages) advisers(r *Request, l lookUp) (all []Choice) {
	for _, m := range l.members {
		if string(m.ID) == string(r.By.ID) || !moderation.MayAdvise(m.Roles) {
			continue
		}
		all = append(all, Choice{Value: string(m.ID), Text: m.Name})
	}
	return all
}

// tallyFigures are the numbers below the queue, of the whole office.
func tallyFigures(f *Frame, t moderation.Tallies) []Figure {
	all := []Figure{
		{Label: f.T("moderation.figure.decided"), Value: f.Int(t.Decided)}, {Label: f.T("moderation.figure.hidden"), Value: f.Int(t.Hidden)},
		{Label: f.T("moderation.figure.kept"), Value: f.Int(t.Kept)}, {Label: f.T("moderation.figure.median"), Value: "–"},
		{Label: f.T("moderation.figure.reversed"), Value: f.Int(t.Reversed)},
	}
	if t.Decided > 0 {
		value, unit, _ := strings.Cut(f.Span(t.Median), " ")
		all[3].Value, all[3].Unit = value, unit
	}
	return all
}

func filtersOf(f *Frame, q moderation.CaseQuery, l lookUp) (c CaseFilters) {
	for _, label := range moderation.Labels() {
		c.Labels = append(c.Labels, Choice{Value: string(label), Text: f.T("label." + string(label)), Picked: q.Label == label})
	}
	for id, ch := range l.channels {
		c.Channels = append(c.Channels, Choice{Value: string(id), Text: f.T("platform."+string(ch.Platform)) + " · " + ch.Handle, Picked: q.Channel == id})
	}
	slices.SortFunc(c.Channels, func(a, b Choice) int { return strings.Compare(a.Text+a.Value, b.Text+b.Value) })
	c.Holdings = []Choice{
		{Value: string(moderation.Free), Text: f.T("moderation.filter.free"), Picked: q.Holding == moderation.Free},
		{Value: string(moderation.Taken), Text: f.T("moderation.filter.taken"), Picked: q.Holding == moderation.Taken},
	}
	c.Active = q.Label != "" || q.Channel != "" || q.Holding != ""
	return c
}
