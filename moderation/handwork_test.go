package moderation_test

import (
	"testing"

	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/moderation"
)

// A person's part of a decision does not hide what a platform has refused of it.
func TestWhatWasRefusedStaysRefusedWhenTheRestIsDoneByHand(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ch := h.connect(t, "linkedin")
		post := h.posted(t, ch, "Lowongan pranata komputer")
		one, two := h.commented(t, ch, post, spamText), h.commented(t, ch, post, spamText+" lagi")
		dec, err := h.Decide(t.Context(), h.moderator, moderation.Order{Messages: []inbox.MessageID{one.ID, two.ID}, Act: moderation.Hide, Clause: "3.4", Reason: "Promosi judi daring di kolom komentar"})
		must(t, err)
		h.ring(t, moderation.KindEnforce)
		// The other one was on a platform that said no.
		must(t, d.Update(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE decision_target SET state = 'failed', code = 'platform.forbidden' WHERE decision_id = $1 AND message_id = $2`, dec.ID, two.ID)
			return err
		}))
		must(t, h.DoneByHand(t.Context(), h.moderator, dec.ID))
		all, err := h.DecisionsOn(t.Context(), h.moderator, two.ID)
		must(t, err)
		if len(all) != 1 || all[0].State != moderation.Failed || all[0].Code != "platform.forbidden" {
			t.Errorf("%d decisions, %s %s", len(all), all[0].State, all[0].Code)
		}
		if got := h.message(t, one.RemoteID); got.HiddenAt.IsZero() {
			t.Error("what was done by hand is not marked")
		}
	})
}
