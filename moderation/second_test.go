package moderation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/moderation"
)

func idsOf(all []moderation.Case) (ids []inbox.MessageID) {
	for _, c := range all {
		ids = append(ids, c.ID)
	}
	return ids
}

func (h *house) waiting(t *testing.T) int64 {
	t.Helper()
	n, err := h.Waiting(t.Context(), h.moderator)
	must(t, err)
	return n
}

// Twenty-one different messages at once are an order that a second person
// confirms signed in as themselves; nothing happens before.
func TestALargeOrderWaitsForASecondPerson(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ctx := t.Context()
		all := h.flagged(t, 23)
		second, third := h.person(t, h.info, "wayan", identity.Moderator), h.person(t, h.info, "made", identity.Moderator)
		if _, err := h.Open(ctx, third, all[22].ID); err != nil { // held: it is left out
			t.Fatal(err)
		}
		order := moderation.Order{Messages: idsOf(all), Act: moderation.Hide, Clause: "3.4", Reason: "Promosi judi, hubungi 081298765432"}
		b, err := h.DecideMany(ctx, h.moderator, order)
		must(t, err)
		if b.Proposal == "" || b.Decision.ID != "" || b.Count != 22 || b.Skipped != 1 {
			t.Fatalf("%+v", b)
		}
		if n := h.waiting(t); n != 1 {
			t.Errorf("%d wait in the queue beside the proposal", n)
		}
		one := moderation.Order{Messages: order.Messages[:1], Act: moderation.Keep, Reason: "Tidak melanggar pedoman"}
		if _, err := h.Decide(ctx, second, one); fault.Code(err) != "decision.proposed" {
			t.Errorf("decided beside the proposal: %v", err)
		}
		if _, err := h.Confirm(ctx, h.moderator, b.Proposal); fault.Code(err) != "decision.same_person" {
			t.Errorf("confirmed their own: %v", err)
		}
		if _, err := h.Confirm(ctx, h.stranger, b.Proposal); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a stranger confirms: %v", err)
		}
		officer := h.person(t, h.info, "tono", identity.Officer)
		if _, err := h.Confirm(ctx, officer, b.Proposal); fault.Code(err) != "decision.not_moderator" {
			t.Errorf("an officer confirms: %v", err)
		}
		h.ring(t, moderation.KindEnforce)
		for _, p := range h.world(t) {
			if p.Hidden {
				t.Fatal("hidden before the second person's word")
			}
		}
		dec, err := h.Confirm(ctx, second, b.Proposal)
		must(t, err)
		if dec.By != h.moderator.ID || dec.Second != second.ID || dec.Targets != 22 || dec.Ratify != "" || strings.Contains(dec.Reason, "081298765432") {
			t.Errorf("%+v", dec)
		}
		if _, err := h.Confirm(ctx, second, b.Proposal); fault.Code(err) != "proposal.ended" {
			t.Errorf("confirmed twice: %v", err)
		}
		h.ring(t, moderation.KindEnforce)
		hidden := 0
		for _, p := range h.world(t) {
			if p.Hidden {
				hidden++
			}
		}
		if hidden != 22 {
			t.Errorf("%d hidden", hidden)
		}
		if got := strings.Join(h.deeds(t, "proposal/"+string(b.Proposal)), " "); got != "proposal.made proposal.confirmed" {
			t.Errorf("trail %q", got)
		}
		if got := strings.Join(h.deeds(t, "decision/"+string(dec.ID)), " "); got != "decision.hide decision.second decision.done" {
			t.Errorf("trail %q", got)
		}
	})
}

func TestARejectedOrderReturnsToTheQueue(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	all := h.flagged(t, 21)
	order := moderation.Order{Messages: idsOf(all), Act: moderation.Hide, Clause: "3.4", Reason: "Promosi judi daring"}
	second := h.person(t, h.info, "wayan", identity.Moderator)
	for by, deed := range map[identity.PersonID]string{second.ID: "proposal.rejected", h.moderator.ID: "proposal.withdrawn"} {
		b, err := h.DecideMany(t.Context(), h.moderator, order)
		must(t, err)
		actor := second
		if by == h.moderator.ID {
			actor = h.moderator
		} else if err := h.Reject(t.Context(), second, b.Proposal, "tidak"); fault.Code(err) != "decision.reason_missing" {
			t.Errorf("rejected without a reason: %v", err)
		}
		must(t, h.Reject(t.Context(), actor, b.Proposal, "Sebagian kutipan berita"))
		if n := h.waiting(t); n != 21 {
			t.Errorf("%s: %d wait", deed, n)
		}
		if got := h.deeds(t, "proposal/"+string(b.Proposal)); !slices.Contains(got, deed) {
			t.Errorf("trail %q", got)
		}
	}
	if all, err := h.Decisions(t.Context(), h.moderator, "", 0); err != nil || len(all) != 0 {
		t.Errorf("rejected, and decided: %+v %v", all, err)
	}
}

// Picking a few is decided at once; what another person holds is left out, and
// when they hold all of it, the refusal names them.
func TestPickedRowsAreOneDecision(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	all := h.flagged(t, 4)
	other := h.person(t, h.info, "wayan", identity.Moderator)
	_, err := h.Open(t.Context(), other, all[0].ID)
	must(t, err)
	order := moderation.Order{Messages: idsOf(all), Act: moderation.Hide, Clause: "3.4", Reason: "Promosi judi daring"}
	b, err := h.DecideMany(t.Context(), h.moderator, order)
	if err != nil || b.Decision.Targets != 3 || b.Skipped != 1 {
		t.Fatalf("%+v, %v", b, err)
	}
	order.Messages = order.Messages[:1]
	if _, err := h.DecideMany(t.Context(), h.moderator, order); fault.Code(err) != "decision.held" {
		t.Errorf("all of it held: %v", err)
	}
	order.Clause = "2.1"
	if _, err := h.DecideMany(t.Context(), other, order); fault.Code(err) != "decision.clause_protected" {
		t.Errorf("criticism in bulk: %v", err)
	}
}

// Copies of one gambling text are one decision of one person, however many; a
// second person looks at it within a day, and can take all of it back.
func TestCopiesAreRatifiedOrRestored(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ctx := t.Context()
		second := h.person(t, h.info, "wayan", identity.Moderator)
		var remotes []string
		for range 24 {
			remotes = append(remotes, h.say(t, spamText))
		}
		h.hear(t)
		queue, err := h.Queue(ctx, h.moderator, "", 0)
		must(t, err)
		b, err := h.DecideCase(ctx, h.moderator, moderation.Order{Messages: []inbox.MessageID{queue[0].ID}, Copies: true, Act: moderation.Hide, Clause: "3.4", Reason: "Salinan promosi judi"})
		if err != nil || b.Proposal != "" || b.Decision.Targets != 24 || b.Decision.Ratify != moderation.RatifyDue {
			t.Fatalf("%+v, %v", b, err)
		}
		id := b.Decision.ID
		if err := h.Ratify(ctx, second, id, false, "Ternyata kutipan berita"); fault.Code(err) != "decision.under_way" {
			t.Errorf("taken back while it is on its way: %v", err)
		}
		h.ring(t, moderation.KindEnforce)
		due, err := h.Ratifications(ctx, second)
		if err != nil || len(due) != 1 || due[0].RatifyBy() != due[0].At.Add(24*time.Hour) {
			t.Fatalf("%+v, %v", due, err)
		}
		for name, c := range map[string]struct {
			by     identity.Actor
			reason string
			code   string
		}{
			"their own":        {h.moderator, "Ternyata kutipan berita", "ratify.own"},
			"without a reason": {second, "salah", "decision.reason_missing"},
			"a stranger":       {h.stranger, "Ternyata kutipan berita", "decision.not_found"},
		} {
			if err := h.Ratify(ctx, c.by, id, false, c.reason); fault.Code(err) != c.code {
				t.Errorf("%s: %v", name, err)
			}
		}
		must(t, h.Ratify(ctx, second, id, false, "Ternyata kutipan berita"))
		h.ring(t, moderation.KindEnforce)
		world := h.world(t)
		for _, r := range remotes {
			if world[r].Hidden {
				t.Fatal("overruled, and still hidden")
			}
		}
		past, err := h.DecisionsOn(ctx, second, queue[0].ID)
		if err != nil || len(past) != 2 || past[0].Reverses != id || past[1].Ratify != moderation.Overruled || past[1].RatifiedBy != second.ID {
			t.Errorf("%+v, %v", past, err)
		}
		if err := h.Ratify(ctx, second, id, true, ""); fault.Code(err) != "ratify.done_already" {
			t.Errorf("twice: %v", err)
		}
		if got := strings.Join(h.deeds(t, "decision/"+string(id)), " "); got != "decision.hide decision.done decision.overruled" {
			t.Errorf("trail %q", got)
		}
	})
}

// A slip is taken back within ten minutes by who made it, and only then.
func TestAFreshDecisionIsUndone(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ctx := t.Context()
		other := h.person(t, h.info, "wayan", identity.Moderator)
		all := h.flagged(t, 2)
		hide := moderation.Order{Messages: idsOf(all[:1]), Act: moderation.Hide, Clause: "3.4", Reason: "Promosi judi daring"}
		dec, err := h.Decide(ctx, h.moderator, hide)
		must(t, err)
		h.ring(t, moderation.KindEnforce)
		if err := h.Undo(ctx, other, dec.ID); fault.Code(err) != "undo.not_yours" {
			t.Errorf("another's: %v", err)
		}
		must(t, h.Undo(ctx, h.moderator, dec.ID))
		h.ring(t, moderation.KindEnforce)
		if h.world(t)[all[0].RemoteID].Hidden || h.waiting(t) != 2 {
			t.Errorf("not shown again, or not back in the queue: %d wait", h.waiting(t))
		}
		if err := h.Undo(ctx, h.moderator, dec.ID); fault.KindOf(err) != fault.Conflict {
			t.Errorf("twice: %v", err)
		}
		got := h.deeds(t, "decision/"+string(dec.ID))
		if !slices.Contains(got, "decision.undone") {
			t.Errorf("trail %q", got)
		}
		keep, err := h.Decide(ctx, h.moderator, moderation.Order{Messages: idsOf(all[1:]), Act: moderation.Keep, Reason: "Tidak melanggar pedoman"})
		must(t, err)
		h.pass(10 * time.Minute)
		if err := h.Undo(ctx, h.moderator, keep.ID); fault.Code(err) != "undo.too_late" {
			t.Errorf("after ten minutes: %v", err)
		}
		today, err := h.Today(ctx, h.moderator)
		if err != nil || today.Decided != 2 || today.Hidden != 1 || today.Kept != 1 || today.Reversed != 1 {
			t.Errorf("%+v, %v", today, err)
		}
	})
}

// What a moderator passes on goes to a person by name, and comes back with the
// answer: a moderator decides.
func TestWhatIsPassedOnComesBackWithAdvice(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ctx := t.Context()
		leader, officer := h.person(t, h.info, "dewi", identity.Leader), h.person(t, h.info, "tono", identity.Officer)
		id := h.flagged(t, 1)[0].ID
		order := moderation.Order{Messages: []inbox.MessageID{id}, Act: moderation.Escalate, Reason: "Apakah ini akun resmi dinas?"}
		for _, to := range []identity.PersonID{"", officer.ID, h.moderator.ID, h.stranger.ID} {
			order.To = to
			if _, err := h.Decide(ctx, h.moderator, order); fault.Code(err) != "escalation.to_whom" {
				t.Errorf("to %q: %v", to, err)
			}
		}
		order.To = leader.ID
		dec, err := h.Decide(ctx, h.moderator, order)
		must(t, err)
		if dec.State != moderation.Done || h.waiting(t) != 0 {
			t.Errorf("%s, %d wait", dec.State, h.waiting(t))
		}
		if all, err := h.Escalations(ctx, leader); err != nil || len(all) != 1 || all[0].Note != order.Reason {
			t.Errorf("%+v, %v", all, err)
		}
		if all, err := h.Escalations(ctx, officer); err != nil || len(all) != 0 {
			t.Errorf("another sees %+v, %v", all, err)
		}
		if err := h.Advise(ctx, officer, dec.ID, "Bukan akun resmi kami"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("another answers: %v", err)
		}
		must(t, h.Advise(ctx, leader, dec.ID, "Bukan akun resmi kami, hubungi 081298765432"))
		if h.waiting(t) != 1 {
			t.Error("it did not come back")
		}
		all, err := h.EscalationsOn(ctx, h.moderator, id)
		if err != nil || len(all) != 1 || all[0].AnsweredBy != leader.ID || strings.Contains(all[0].Answer, "081298765432") {
			t.Errorf("%+v, %v", all, err)
		}
		if got := strings.Join(h.deeds(t, "decision/"+string(dec.ID)), " "); got != "decision.escalate decision.advised" {
			t.Errorf("trail %q", got)
		}
	})
}

// Earlier decisions that resemble a case are found: copies, shared rare words,
// the same clause; with what became of them.
func TestSimilarDecisionsAreFound(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ctx := t.Context()
		said := []string{spamText + " bersama bandar merpati pelangi terpercaya", spamText + " bersama bandar merpati pelangi sejagat"}
		for _, s := range said {
			h.say(t, s)
		}
		h.hear(t)
		all, err := h.Queue(ctx, h.moderator, "", 0)
		if err != nil || len(all) != 2 {
			t.Fatalf("%d, %v", len(all), err)
		}
		hide := moderation.Order{Messages: idsOf(all[:1]), Act: moderation.Hide, Clause: "3.4", Reason: "Promosi judi daring"}
		dec, err := h.Decide(ctx, h.moderator, hide)
		must(t, err)
		h.ring(t, moderation.KindEnforce)
		near, err := h.Similar(ctx, h.moderator, all[1].ID)
		if err != nil || len(near) != 1 || near[0].Decision.ID != dec.ID || near[0].Like != moderation.LikeWords || near[0].Shared < 3 || near[0].Reversed != "" {
			t.Fatalf("%+v, %v", near, err)
		}
		must(t, h.Undo(ctx, h.moderator, dec.ID))
		if near, err = h.Similar(ctx, h.moderator, all[1].ID); err != nil || len(near) == 0 || !strings.HasPrefix(near[0].Reversed, "MOD-2026-00002-") {
			t.Errorf("reversed, and not told: %+v, %v", near, err)
		}
		h.ring(t, moderation.KindEnforce)
		remote := h.say(t, said[0])
		h.hear(t)
		if near, err = h.Similar(ctx, h.moderator, h.message(t, remote).ID); err != nil || len(near) == 0 || near[0].Like != moderation.LikeCopy {
			t.Errorf("a copy: %+v, %v", near, err)
		}
		if _, err := h.Similar(ctx, h.stranger, all[1].ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a stranger: %v", err)
		}
	})
}

// The sample is drawn by the decision's id alone, taken again by another who is
// told nothing of the first, and compared.
func TestTheQualitySampleIsBlind(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.QualityShare = 1
		ctx := t.Context()
		second, leader := h.person(t, h.info, "wayan", identity.Moderator), h.person(t, h.info, "dewi", identity.Leader)
		all := h.flagged(t, 3)
		for n, c := range all {
			o := moderation.Order{Messages: []inbox.MessageID{c.ID}, Act: moderation.Hide, Clause: "3.4", Reason: "Promosi judi daring"}
			if n == 2 {
				o.Act, o.Clause, o.Reason = moderation.Keep, "", "Tidak melanggar pedoman"
			}
			_, err := h.Decide(ctx, h.moderator, o)
			must(t, err)
		}
		if _, found, err := h.NextReview(ctx, h.moderator); err != nil || found {
			t.Errorf("who decided is asked again: %v", err)
		}
		for n := range 3 {
			b, found, err := h.NextReview(ctx, second)
			if err != nil || !found {
				t.Fatal(n, found, err)
			}
			if err := h.DecideAgain(ctx, h.moderator, moderation.Second{Review: b.ID, Act: moderation.Keep, Reason: "Tidak melanggar pedoman"}); fault.KindOf(err) != fault.NotFound {
				t.Errorf("the first decides again: %v", err)
			}
			if err := h.DecideAgain(ctx, second, moderation.Second{Review: b.ID, Act: moderation.Hide, Clause: "2.1", Reason: "Mengkritik pejabat"}); fault.Code(err) != "decision.clause_protected" {
				t.Errorf("criticism: %v", err)
			}
			s := moderation.Second{Review: b.ID, Act: moderation.Hide, Clause: "3.4", Reason: "Jelas promosi judi"}
			must(t, h.DecideAgain(ctx, second, s))
			if err := h.DecideAgain(ctx, second, s); fault.KindOf(err) == "" {
				t.Errorf("twice: %v", err)
			}
			if got := fmt.Sprint(h.deeds(t, "quality/"+string(b.ID))); got != "[quality.reviewed]" {
				t.Errorf("trail %s", got)
			}
		}
		q, err := h.Quality(ctx, leader)
		must(t, err)
		// Hide 3.4 / hide 3.4 twice, keep / hide 3.4 once: po 2/3, pe 2/3, kappa 0.
		if q.Overall.N != 3 || q.Overall.Agreed != 2 || !near(q.Overall.Kappa, 0) || q.Open != 0 || len(q.Months) != 1 || q.Months[0].Month != "2026-11" {
			t.Errorf("%+v", q)
		}
		if len(q.Differ) != 1 || q.Differ[0].FirstReason != "Tidak melanggar pedoman" || q.Differ[0].SecondReason != "Jelas promosi judi" {
			t.Errorf("%+v", q.Differ)
		}
		if n := h.world(t); len(n) == 0 || h.waiting(t) != 0 {
			t.Error("the second decision changed something")
		}
	})
}

func TestTheSampleIsTwoInAHundred(t *testing.T) {
	t.Parallel()
	const ids = 20000
	in := 0
	for range ids {
		id := moderation.DecisionID(db.NewID())
		if moderation.Sampled(id, .02) {
			in++
			if !moderation.Sampled(id, .05) || !moderation.Sampled(id, .02) {
				t.Fatal("a larger share leaves out what a smaller has")
			}
		}
		if moderation.Sampled(id, 0) || !moderation.Sampled(id, 1) {
			t.Fatal("none and all")
		}
	}
	// Binomial: 400 ± 5 standard deviations of 19.8.
	if in < 300 || in > 500 {
		t.Errorf("%d of %d", in, ids)
	}
}
