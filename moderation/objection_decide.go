package moderation

import (
	"context"
	"slices"

	"kentongan/inbox"
	"kentongan/internal/audit"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/live"
)

// hearing loads what decides whether, and by whom, an objection is decided.
func (m *Moderation) hearing(ctx context.Context, tx *db.Tx, o Objection, d Decision) (h hearing, err error) {
	h = hearing{Agency: o.Agency, State: o.State, Act: d.Act, Clause: d.Clause}
	if h.TookPart, err = tookPart(ctx, tx, d.ID); err != nil {
		return h, err
	}
	members, err := identity.Members(ctx, tx, o.Agency)
	h.Others = othersOf(members, h.TookPart)
	return h, err
}

// othersOf counts the moderators who took no part.
func othersOf(members []identity.Member, took []identity.PersonID) (n int) {
	for _, p := range members {
		if slices.Contains(p.Roles, identity.Moderator) && !slices.Contains(took, p.ID) {
			n++
		}
	}
	return n
}

// DecideObjection writes what a person who took no part decided about an
// objection. What is granted is taken back through the platform, by a decision
// of its own that is carried out like any other.
func (m *Moderation) DecideObjection(ctx context.Context, by identity.Actor, id ObjectionID, r Ruling) (o Objection, err error) {
	err = m.DB.Update(ctx, func(tx *db.Tx) error {
		if o, err = loadObjection(ctx, tx, by.Agency, id); err != nil {
			return err
		}
		if err := lockDecision(ctx, tx, o.Decision); err != nil {
			return err
		}
		if o, err = loadObjection(ctx, tx, by.Agency, id); err != nil { // as whoever was first left it
			return err
		}
		d, err := LoadDecision(ctx, tx, by.Agency, o.Decision)
		if err != nil {
			return err
		}
		h, err := m.hearing(ctx, tx, o, d)
		if err != nil {
			return err
		}
		p, err := m.policyIn(ctx, tx, by.Agency)
		if err != nil {
			return err
		}
		if err := h.checkRuling(p, by, r); err != nil {
			return err
		}
		o.State, o.DecidedBy, o.DecidedAt, o.Reason = r.Outcome, by.ID, m.Now(), masked(readable(r.Reason))
		if r.Outcome == ObjectionPartly {
			o.Clause = r.Clause
		}
		if r.Outcome == ObjectionGranted {
			if o.UndoneBy, err = m.undo(ctx, tx, by, d, o.Reason); err != nil {
				return err
			}
		}
		if err := ruleObjection(ctx, tx, o); err != nil {
			return err
		}
		if err := m.tellOutcome(ctx, tx, by, d, o, r); err != nil {
			return err
		}
		if err := live.Tell(ctx, tx, o.Agency, "objection", string(o.ID)); err != nil {
			return err
		}
		return audit.Note(ctx, tx, by, o.DecidedAt, audit.Deed{Name: "objection." + o.State, Subject: "objection/" + string(o.ID),
			Detail: d.Number + " " + d.Clause + objectionFacts(d, o.State, o.DecidedAt.Sub(o.FiledAt))})
	})
	if err != nil {
		return Objection{}, err
	}
	return o, nil
}

// undo takes a decision back at the platform: what it hid is shown, who it
// blocked may write again. What was deleted stays so; but its author's block,
// if one came with it, ends. "" when there is nothing to take back.
func (m *Moderation) undo(ctx context.Context, tx *db.Tx, by identity.Actor, d Decision, reason string) (DecisionID, error) {
	held, err := inSway(ctx, tx, d)
	if err != nil {
		return "", err
	}
	act := map[Act]Act{Hide: Restore, Block: Unblock, Remove: Unblock, Warn: Unblock}[d.Act]
	var all []inbox.Message
	for _, id := range held {
		busy, err := underWay(ctx, tx, id)
		if err != nil {
			return "", err
		}
		if busy {
			return "", fault.New(fault.Conflict, "decision.under_way")
		}
		msg, err := inbox.LoadMessage(ctx, tx, d.Agency, id)
		if err != nil {
			return "", err
		}
		takes := msg.DeletedAt.IsZero() || act == Unblock
		if d.Act == Remove || d.Act == Warn {
			if takes, err = blockedBy(ctx, tx, id); err != nil {
				return "", err
			}
		}
		if takes {
			all = append(all, msg)
		}
	}
	if len(all) == 0 {
		return "", nil
	}
	p, err := m.policyIn(ctx, tx, d.Agency)
	if err != nil {
		return "", err
	}
	back, err := m.write(ctx, tx, by, Order{Act: act, Clause: d.Clause, Reason: reason, Reverses: d.ID, policy: p.ID()}, all)
	return back.ID, err
}

// tellOutcome tells those of the decision, where the platform allows it, what
// became of the objection.
func (m *Moderation) tellOutcome(ctx context.Context, tx *db.Tx, by identity.Actor, d Decision, o Objection, r Ruling) error {
	if len(m.Objections.Notices) == 0 {
		return nil
	}
	all, err := m.targetMessages(ctx, tx, d)
	if err != nil {
		return err
	}
	a, err := identity.AgencyByID(ctx, tx, d.Agency)
	if err != nil {
		return err
	}
	clause := d.Clause
	if o.Clause != "" {
		clause = o.Clause
	}
	s, err := m.sayings(ctx, tx, d.Agency, d.Act, clause, o.Reason)
	if err != nil {
		return err
	}
	s.number, s.link = d.Number, m.caseURL(a.Slug, d.Number)
	told := authors(all)
	for i, msg := range told {
		n := Notice{ID: NoticeID(db.NewID()), Agency: d.Agency, Decision: d.ID, Objection: o.ID, After: o.UndoneBy, Message: msg.ID, By: by.ID, At: m.Now(), State: NoticeHeld}
		e, err := m.exchange(ctx, tx, msg)
		if err != nil {
			return err
		}
		n.Way, n.Code, _ = e.way(m.Objections, d.Act, m.Now())
		if n.Way != NoWay && len(told) > bulkLimit {
			n.Way, n.Code = NoWay, "notice.too_many"
		}
		if n.Way != NoWay {
			err = e.word(&n, r.Notice, m.outcomeWordings(n.Way, d.Act, o.State), s, m.Now())
		}
		switch {
		case err != nil && i == 0 && r.Notice != "":
			return err
		case err != nil:
			n.Way, n.Code = NoWay, fault.Code(err)
		}
		switch {
		case n.Way == NoWay:
			n.State = NoticeNone
		case n.After == "":
			n.State = NoticeDue
		}
		if err := m.putNotice(ctx, tx, n); err != nil {
			return err
		}
	}
	return nil
}

// outcomeWordings of what a citizen is told of an objection, the best first.
func (m *Moderation) outcomeWordings(way string, act Act, outcome string) []string {
	short := m.Objections.Notices["outcome_public"]
	switch {
	case way == InPublic:
		return []string{short}
	case outcome == ObjectionGranted && act == Remove:
		outcome = "granted_removed"
	}
	return []string{m.Objections.Notices[outcome], short}
}

// DraftOutcome says how the author would be told of an outcome, and drafts it.
func (m *Moderation) DraftOutcome(ctx context.Context, by identity.Actor, id ObjectionID, r Ruling) (draft Draft, err error) {
	err = m.DB.View(ctx, func(tx *db.Tx) error {
		o, err := loadObjection(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		d, err := LoadDecision(ctx, tx, by.Agency, o.Decision)
		if err != nil {
			return err
		}
		msg, err := inbox.LoadMessage(ctx, tx, by.Agency, d.Message)
		if err != nil {
			return err
		}
		e, err := m.exchange(ctx, tx, msg)
		if err != nil {
			return err
		}
		draft.Way, draft.Code, draft.Closes = e.way(m.Objections, d.Act, m.Now())
		if draft.Way == NoWay {
			return nil
		}
		s, err := m.sayings(ctx, tx, by.Agency, d.Act, r.Clause, r.Reason)
		s.number, s.link = "{nomor}", "{tautan}"
		draft.Text = s.fill(m.outcomeWordings(draft.Way, d.Act, r.Outcome)[0])
		return err
	})
	return draft, err
}

func (m *Moderation) targetMessages(ctx context.Context, tx *db.Tx, d Decision) (all []inbox.Message, err error) {
	done, err := targets(ctx, tx, d.ID, Done)
	for _, t := range done {
		msg, err := inbox.LoadMessage(ctx, tx, d.Agency, t.Message)
		if err != nil {
			return nil, err
		}
		all = append(all, msg)
	}
	return all, err
}
