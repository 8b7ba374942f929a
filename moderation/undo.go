package moderation

import (
	"context"
	"time"

	"kentongan/inbox"
	"kentongan/internal/audit"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
)

// UndoWithin is how long a person may take a decision back without another's
// word.
const UndoWithin = 10 * time.Minute

// undoReason stands in the record of what was taken back.
const undoReason = "Diurungkan oleh yang memutus"

// MayUndo says whether a decision can still be taken back by this person.
// Deleting at a platform cannot, and telling a citizen cannot either.
func MayUndo(by identity.Actor, d Decision, now time.Time) bool {
	undoable := d.Act == Hide || d.Act == Keep || d.Act == Block
	return undoable && d.By == by.ID && d.Reverses == "" && now.Sub(d.At) < UndoWithin
}

// Undo takes a fresh decision back. What it did is done the other way round,
// as a decision of its own, and the messages wait in the queue again.
func (m *Moderation) Undo(ctx context.Context, by identity.Actor, id DecisionID) error {
	return m.DB.Update(ctx, func(tx *db.Tx) error {
		d, err := LoadDecision(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		switch {
		case !by.May(identity.Moderate, by.Agency):
			return fault.New(fault.Denied, "decision.not_moderator")
		case d.By != by.ID:
			return fault.New(fault.Denied, "undo.not_yours")
		case !MayUndo(by, d, m.Now()):
			return fault.New(fault.Conflict, "undo.too_late", fault.Arg("minutes", int(UndoWithin.Minutes())))
		}
		ids, err := targetMessages(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, msg := range ids {
			past, err := decisionsOn(ctx, tx, by.Agency, msg)
			if err != nil {
				return err
			}
			if len(past) > 0 && past[0].ID != id {
				return fault.New(fault.Conflict, "undo.decided_since", fault.Arg("number", past[0].Number))
			}
		}
		if d.Act != Keep {
			if err := m.takeBack(ctx, tx, by, d, undoReason); err != nil {
				return err
			}
		}
		if err := endRatification(ctx, tx, id); err != nil {
			return err
		}
		if err := dropSample(ctx, tx, id); err != nil {
			return err
		}
		return m.undone(ctx, tx, by, d, ids)
	})
}

// undone puts the messages back into the queue.
func (m *Moderation) undone(ctx context.Context, tx *db.Tx, by identity.Actor, d Decision, ids []inbox.MessageID) error {
	for _, msg := range ids {
		if err := inbox.MarkDecided(ctx, tx, msg, time.Time{}); err != nil {
			return err
		}
	}
	return audit.Note(ctx, tx, by, m.Now(), audit.Deed{Name: "decision.undone", Subject: "decision/" + string(d.ID), Detail: d.Number})
}
