package moderation

import (
	"context"
	"time"

	"kentongan/configs"
	"kentongan/inbox"
	"kentongan/internal/audit"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/live"
	"kentongan/internal/outbox"
)

// KindNotice is the promise to tell a citizen of a decision.
const KindNotice = "notice" // key: notice id

// lead is how long a block waits for its notice to leave: whoever is blocked
// cannot be written to any more.
const lead = time.Minute

// DraftNotice says how the author of a message can be told of an act, and
// drafts the words. {nomor} and {tautan} stay in them until the decision has
// its number.
func (m *Moderation) DraftNotice(ctx context.Context, by identity.Actor, id inbox.MessageID, act Act, clause, reason string) (d Draft, err error) {
	err = m.DB.View(ctx, func(tx *db.Tx) error {
		msg, err := inbox.LoadMessage(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		if !by.May(identity.Moderate, by.Agency) {
			return fault.New(fault.Denied, "decision.not_moderator")
		}
		e, err := m.exchange(ctx, tx, msg)
		if err != nil {
			return err
		}
		s, err := m.sayings(ctx, tx, by.Agency, act, clause, reason)
		if err != nil {
			return err
		}
		d.Way, d.Code, d.Closes = e.way(m.Objections, act, m.Now())
		d.Limit, d.Unit = e.can.MaxText, e.can.TextUnit
		if e.can.MaxReply > 0 {
			d.Limit = e.can.MaxReply
		}
		s.number, s.link = "{nomor}", "{tautan}"
		if d.Way != NoWay {
			d.Text = s.fill(m.wordings(d.Way, act)[0])
		}
		return nil
	})
	return d, err
}

// wordings of what a citizen is told of an act, the best first.
func (m *Moderation) wordings(way string, act Act) []string {
	if way == InPublic {
		return []string{m.Objections.Notices["public"]}
	}
	return []string{m.Objections.Notices[string(act)], m.Objections.Notices["short"]}
}

// sayings is what a notice of a decision is filled with, but for its number.
func (m *Moderation) sayings(ctx context.Context, tx *db.Tx, agency identity.AgencyID, act Act, clause, reason string) (s saying, err error) {
	a, err := identity.AgencyByID(ctx, tx, agency)
	if err != nil {
		return s, err
	}
	k, err := m.Inbox.ClockOf(a)
	if err != nil {
		return s, err
	}
	run, timed := m.Objections.Start(k, configs.ObjectionFiled, act, m.Now())
	s = saying{office: a.Name, reason: masked(reason), days: within(run, timed), clause: clause}
	p, err := m.policyIn(ctx, tx, agency)
	if err != nil {
		return s, err
	}
	if c, known := p.Clause(clause); known {
		s.clause = c.Number + " " + c.Title.ID
	}
	return s, nil
}

// caseURL is where anybody can look up a case and object.
func (m *Moderation) caseURL(slug, number string) string {
	return m.PublicURL + "/t/" + slug + "/kasus/" + number
}

// plan writes who will be told of a restricting decision, each author once, and
// why those who cannot be. It is called inside the decision's transaction.
// want is the text as a person changed it, "" as it was drafted. leaving says
// that something must go out before the act is done.
func (m *Moderation) plan(ctx context.Context, tx *db.Tx, d Decision, want string, all []inbox.Message) (leaving bool, err error) {
	if !restricts(d.Act) || len(m.Objections.Notices) == 0 {
		return false, nil
	}
	a, err := identity.AgencyByID(ctx, tx, d.Agency)
	if err != nil {
		return false, err
	}
	s, err := m.sayings(ctx, tx, d.Agency, d.Act, d.Clause, d.Reason)
	if err != nil {
		return false, err
	}
	s.number, s.link = d.Number, m.caseURL(a.Slug, d.Number)
	told := authors(all)
	for i, msg := range told {
		n := Notice{ID: NoticeID(db.NewID()), Agency: d.Agency, Decision: d.ID, After: d.ID, Message: msg.ID, By: d.By, At: d.At, State: NoticeHeld}
		e, err := m.exchange(ctx, tx, msg)
		if err != nil {
			return false, err
		}
		n.Way, n.Code, _ = e.way(m.Objections, d.Act, m.Now())
		if n.Way != NoWay && len(told) > bulkLimit {
			n.Way, n.Code = NoWay, "notice.too_many"
		}
		if n.Way != NoWay {
			err = e.word(&n, want, m.wordings(n.Way, d.Act), s, m.Now())
		}
		switch {
		case err != nil && i == 0 && want != "":
			return false, err // the person who wrote it can mend it
		case err != nil:
			n.Way, n.Code = NoWay, "notice.too_long"
		}
		if n.Way == NoWay {
			if n.State = NoticeNone; d.Act == Warn {
				return false, fault.New(fault.Invalid, "notice.cannot_warn", fault.Field("act"), fault.Arg("why", fault.Word{Key: "fault." + n.Code}))
			}
		}
		if n.State == NoticeHeld && (d.State == Done || d.Act == Block) {
			n.State, n.After, leaving = NoticeDue, "", true
		}
		if err := m.putNotice(ctx, tx, n); err != nil {
			return false, err
		}
	}
	return leaving, nil
}

// word gives a notice its words, and refuses those that cannot go out.
func (e exchange) word(n *Notice, want string, wordings []string, s saying, now time.Time) (err error) {
	if want != "" && n.Way == Privately {
		wordings = []string{addressed(want)}
		s.reason, s.clause = "", ""
	}
	if n.Text, err = e.fitted(n.Way, wordings, s); err != nil {
		return err
	}
	if err := e.check(n.answering(e.message.Kind), now); err != nil {
		if f := fault.Find(err); f != nil {
			return fault.New(f.Kind, f.Code, append([]fault.Option{fault.Field("notice")}, argsOf(f)...)...)
		}
		return err
	}
	return nil
}

func argsOf(f *fault.Fault) (all []fault.Option) {
	for name, value := range f.Args {
		all = append(all, fault.Arg(name, value))
	}
	return all
}

// authors are the messages to answer: the first of each author on a channel.
func authors(all []inbox.Message) (first []inbox.Message) {
	seen := map[string]bool{}
	for _, msg := range all {
		key := string(msg.Channel) + "/" + msg.Citizen
		if !seen[key] {
			seen[key] = true
			first = append(first, msg)
		}
	}
	return first
}

// putNotice keeps a notice and, when nothing holds it, promises it.
func (m *Moderation) putNotice(ctx context.Context, tx *db.Tx, n Notice) error {
	if err := insertNotice(ctx, tx, n); err != nil || n.State != NoticeDue {
		return err
	}
	return outbox.Put(ctx, tx, outbox.Promise{Kind: KindNotice, Key: string(n.ID), Agency: n.Agency, Class: outbox.Inbox, Due: m.Now()})
}

// releaseNotices lets go of what waited for a decision: whose message it was
// carried out on is told, the others are not.
func (m *Moderation) releaseNotices(ctx context.Context, tx *db.Tx, d Decision) error {
	held, err := heldNotices(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	for _, n := range held {
		state, err := targetState(ctx, tx, d.ID, n.Message)
		if err != nil {
			return err
		}
		// What was objected to and is not restored is told all the same: the
		// objection was decided, and its page says what became of it.
		if n.State = NoticeDue; state != Done && n.Objection == "" {
			n.State, n.Code = NoticeDropped, "notice.not_carried_out"
		}
		if err := moveNotice(ctx, tx, NoticeHeld, n); err != nil {
			return err
		}
		if n.State == NoticeDue {
			err = outbox.Put(ctx, tx, outbox.Promise{Kind: KindNotice, Key: string(n.ID), Agency: n.Agency, Class: outbox.Inbox, Due: m.Now()})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Notify is rung when a citizen is to be told: the notice becomes an answer
// like any other, under the agency's reply rule, exactly once.
func (m *Moderation) Notify(ctx context.Context, ring outbox.Ring) error {
	return m.DB.Update(ctx, func(tx *db.Tx) error {
		c, ok, err := outbox.Take(ctx, tx, ring.Kind, ring.Key, ring.Epoch, m.Now(), time.Minute)
		if err != nil || !ok {
			return err
		}
		n, err := noticeByID(ctx, tx, c.Agency, NoticeID(ring.Key))
		if err != nil {
			return err
		}
		if n.State != NoticeDue {
			return outbox.Finish(ctx, tx, c)
		}
		msg, err := inbox.LoadMessage(ctx, tx, n.Agency, n.Message)
		if err != nil {
			return err
		}
		e, err := m.exchange(ctx, tx, msg)
		if err != nil {
			return err
		}
		say := n.answering(msg.Kind)
		if err := e.check(say, m.Now()); err != nil {
			n.State, n.Way, n.Code = NoticeNone, NoWay, fault.Code(err)
			return m.endNotice(ctx, tx, c, n, msg)
		}
		busy, err := pendingReplies(ctx, tx, msg.ID)
		if err != nil {
			return err
		}
		if busy > 0 { // two answers at once could appear in any order
			return outbox.Again(ctx, tx, c, m.Now().Add(time.Minute))
		}
		if n.Reply, err = m.answerWith(ctx, tx, n, e, say); err != nil {
			return err
		}
		n.State = NoticeQueued
		return m.endNotice(ctx, tx, c, n, msg)
	})
}

// answerWith makes the answer: signed by whoever decided, or waiting for a
// person where the reply rule wants a second one or no person wrote it.
func (m *Moderation) answerWith(ctx context.Context, tx *db.Tx, n Notice, e exchange, say Answering) (inbox.ReplyID, error) {
	a, err := identity.AgencyByID(ctx, tx, n.Agency)
	if err != nil {
		return "", err
	}
	r := inbox.Reply{
		ID: inbox.ReplyID(db.NewID()), Agency: n.Agency, Conversation: e.conversation.ID, Message: n.Message, By: n.By, Text: n.Text,
		Private: say.Private, State: inbox.ReplyWaiting, CreatedAt: m.Now().UTC().Truncate(time.Microsecond),
	}
	if err := inbox.AddReply(ctx, tx, r); err != nil {
		return "", err
	}
	if a.ReplyRule != identity.Second && !n.By.System() {
		if r, err = m.send(ctx, tx, r, n.By); err != nil {
			return "", err
		}
	}
	return r.ID, m.told(ctx, tx, identity.TheSystem("moderation", n.Agency), r, "reply.notice")
}

func (m *Moderation) endNotice(ctx context.Context, tx *db.Tx, c outbox.Claim, n Notice, msg inbox.Message) error {
	if err := moveNotice(ctx, tx, NoticeDue, n); err != nil {
		return err
	}
	if err := live.Tell(ctx, tx, n.Agency, "decision", string(n.Decision)); err != nil {
		return err
	}
	deed := audit.Deed{Name: "notice." + n.State, Subject: "decision/" + string(n.Decision), Detail: n.Way + " " + n.Code}
	if err := audit.Note(ctx, tx, identity.TheSystem("moderation", n.Agency), m.Now(), deed); err != nil {
		return err
	}
	return outbox.Finish(ctx, tx, c)
}

// NoticesOf lists who was told of a decision and of its objection, and who
// could not be.
func (m *Moderation) NoticesOf(ctx context.Context, by identity.Actor, id DecisionID) (all []Notice, err error) {
	err = m.DB.View(ctx, func(tx *db.Tx) error {
		if _, err := LoadDecision(ctx, tx, by.Agency, id); err != nil {
			return err
		}
		if !by.May(identity.ReadInbox, by.Agency) && !by.May(identity.Approve, by.Agency) {
			return fault.New(fault.Denied, "inbox.no_power")
		}
		all, err = noticesOf(ctx, tx, id)
		return err
	})
	return all, err
}
