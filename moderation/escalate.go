package moderation

import (
	"context"
	"slices"
	"strings"
	"time"

	"kentongan/inbox"
	"kentongan/internal/audit"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/live"
	"kentongan/internal/pii"
)

// Escalation is a message that a moderator passed on to somebody who must know
// or advise. With the advice it comes back to the queue: a moderator decides.
type Escalation struct {
	Decision   DecisionID
	Number     string
	Message    inbox.MessageID
	By, To     identity.PersonID
	Note       string
	At         time.Time
	Answer     string
	AnsweredBy identity.PersonID
	AnsweredAt time.Time
}

// MayAdvise says whether somebody with these roles can be asked.
func MayAdvise(roles []identity.Role) bool {
	return slices.ContainsFunc(roles, func(r identity.Role) bool { return r == identity.Moderator || r == identity.Leader })
}

// passOn writes to whom a message went.
func (m *Moderation) passOn(ctx context.Context, tx *db.Tx, by identity.Actor, o Order, d Decision) error {
	members, err := identity.Members(ctx, tx, by.Agency)
	if err != nil {
		return err
	}
	known := slices.ContainsFunc(members, func(p identity.Member) bool { return p.ID == o.To && p.ID != by.ID && MayAdvise(p.Roles) })
	if !known {
		return fault.New(fault.Invalid, "escalation.to_whom", fault.Field("to"))
	}
	return insertEscalation(ctx, tx, Escalation{Decision: d.ID, Message: d.Message, To: o.To, Note: d.Reason}, by.Agency)
}

// Escalations lists what was passed on and has no answer: to a moderator all,
// to others what came to them.
func (m *Moderation) Escalations(ctx context.Context, by identity.Actor) (all []Escalation, err error) {
	if !by.May(identity.ReadInbox, by.Agency) {
		return nil, fault.New(fault.Denied, "inbox.no_power")
	}
	err = m.DB.View(ctx, func(tx *db.Tx) error {
		open, err := openEscalations(ctx, tx, by.Agency)
		for _, e := range open {
			if by.May(identity.Moderate, by.Agency) || e.To == by.ID {
				all = append(all, e)
			}
		}
		return err
	})
	return all, err
}

// EscalationsOn lists what was asked and answered about a message.
func (m *Moderation) EscalationsOn(ctx context.Context, by identity.Actor, id inbox.MessageID) (all []Escalation, err error) {
	if !by.May(identity.ReadInbox, by.Agency) {
		return nil, fault.New(fault.Denied, "inbox.no_power")
	}
	err = m.DB.View(ctx, func(tx *db.Tx) (err error) {
		all, err = escalationsOn(ctx, tx, by.Agency, id)
		return err
	})
	return all, err
}

// Advise answers what was passed on. The message waits for a moderator again.
func (m *Moderation) Advise(ctx context.Context, by identity.Actor, id DecisionID, words string) error {
	return m.DB.Update(ctx, func(tx *db.Tx) error {
		e, err := loadEscalation(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		words = strings.TrimSpace(words)
		switch {
		case e.To != by.ID && !by.May(identity.Moderate, by.Agency):
			return fault.New(fault.NotFound, "decision.not_found")
		case !e.AnsweredAt.IsZero():
			return fault.New(fault.Conflict, "escalation.answered")
		case len([]rune(words)) < minReason:
			return fault.New(fault.Invalid, "decision.reason_missing", fault.Field("reason"), fault.Arg("letters", minReason))
		}
		e.Answer, e.AnsweredBy, e.AnsweredAt = pii.Mask(words).Text, by.ID, m.Now()
		if err := answerEscalation(ctx, tx, e); err != nil {
			return err
		}
		ids, err := targetMessages(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, msg := range ids {
			if err := inbox.MarkDecided(ctx, tx, msg, time.Time{}); err != nil {
				return err
			}
		}
		if err := live.Tell(ctx, tx, by.Agency, "decision", string(id)); err != nil {
			return err
		}
		return audit.Note(ctx, tx, by, m.Now(), audit.Deed{Name: "decision.advised", Subject: "decision/" + string(id), Detail: e.Number})
	})
}
