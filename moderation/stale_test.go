package moderation_test

import (
	"testing"

	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/moderation"
)

// A citizen who edits her comment while somebody decides about it is judged by
// what somebody has read, on every way there is.
func TestWhatWasEditedSinceItWasReadIsNotDecidedAbout(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ctx := t.Context()
		all := h.flagged(t, 23)
		read := map[inbox.MessageID]int64{}
		for _, c := range all {
			read[c.ID] = c.Version
		}
		edit := func(c moderation.Case) {
			h.pass(1)
			h.control(t, "/sandbox/edit", map[string]any{"platform": "x", "id": c.RemoteID, "text": "Maaf, salah kirim. Terima kasih pelayanannya."})
			h.hear(t)
		}
		edit(all[0])
		one := moderation.Order{Messages: []inbox.MessageID{all[0].ID}, Act: moderation.Hide, Clause: "3.4", Reason: "Promosi judi daring", Read: read}
		if _, err := h.DecideCase(ctx, h.moderator, one); fault.Code(err) != "decision.edited_meanwhile" {
			t.Errorf("one case: %v", err)
		}
		many := one
		many.Messages = idsOf(all)
		b, err := h.DecideMany(ctx, h.moderator, many)
		must(t, err)
		if b.Proposal == "" || b.Count != 22 || b.Skipped != 1 {
			t.Fatalf("several: %+v", b)
		}
		edit(all[1])
		second := h.person(t, h.info, "wayan", identity.Moderator)
		if _, err := h.Open(ctx, second, all[2].ID); err != nil { // reads one before confirming
			t.Fatal(err)
		}
		dec, err := h.Confirm(ctx, second, b.Proposal)
		must(t, err)
		if dec.Targets != 21 {
			t.Errorf("confirmed about %d, with one that nobody has read", dec.Targets)
		}
	})
}

// A browser may keep a form's key. The same words twice are one objection;
// other words, and another case, are not lost.
func TestAKeptFormLosesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	h.hears(t)
	ctx, other := t.Context(), h.person(t, h.info, "wulan", identity.Moderator)
	_, first := h.hidden(t, h.x, h.post)
	f := h.filing(t, first.Number, plainWords)
	for range 2 {
		_, err := h.File(ctx, "diskominfo", f)
		must(t, err)
	}
	more := f
	more.Why += " Mohon dilihat lagi utasnya."
	_, err := h.File(ctx, "diskominfo", more)
	must(t, err)
	if got := h.objection(t, other); got.Words != 2 {
		t.Errorf("%d words are kept, not 2", got.Words)
	}
	_, next := h.hidden(t, h.x, h.post)
	again := f
	again.Number = next.Number
	_, err = h.File(ctx, "diskominfo", again)
	must(t, err)
	if all, err := h.OpenObjections(ctx, other); err != nil || len(all) != 2 {
		t.Errorf("%d objections are open, not 2: %v", len(all), err)
	}
}
