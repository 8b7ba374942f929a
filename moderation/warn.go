package moderation

import (
	"context"
	"strings"

	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
)

// warn tells the citizen which clause, as an answer of the office: it goes the
// way of every answer, with its second signature where the office wants one.
// What was written stays where it is.
func (m *Moderation) warn(ctx context.Context, tx *db.Tx, by identity.Actor, o Order, all []inbox.Message) error {
	words := strings.TrimSpace(o.Notice)
	if words == "" {
		return fault.New(fault.Invalid, "decision.warn_without_words", fault.Field("notice"))
	}
	e, err := m.exchange(ctx, tx, all[0])
	if err != nil {
		return err
	}
	// Nobody is put right in public where they can be told alone.
	private := e.check(Answering{To: all[0].ID, Text: words, Private: true}, m.Now()) == nil
	_, err = m.answer(ctx, tx, by, Answering{To: all[0].ID, Text: words, Private: private}, "")
	return err
}
