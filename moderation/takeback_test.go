package moderation_test

import (
	"strings"
	"testing"
	"time"

	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
	"kentongan/moderation"
	"kentongan/publisher"
)

const whyBack = "Jadwalnya keliru, hubungi 081298765432"

// answered is a citizen's question with our published answer.
func (h *house) answered(t *testing.T, words string) (inbox.Message, inbox.Reply) {
	t.Helper()
	remote := h.say(t, "@tirtawangikota Kapan lampu Jalan Melati diperbaiki?")
	h.hear(t)
	m := h.message(t, remote)
	h.pass(10 * time.Minute)
	return m, h.reply(t, m, words)
}

// reply answers, and lets the answer become public.
func (h *house) reply(t *testing.T, m inbox.Message, words string) inbox.Reply {
	t.Helper()
	r, err := h.Answer(t.Context(), h.moderator, m.ID, words)
	must(t, err)
	h.ring(t, publisher.KindDeliver, publisher.KindAnswered)
	for _, s := range h.load(t, m.Conversation).Replies {
		if s.ID == r.ID && s.State == inbox.ReplyPublished {
			return s.Reply
		}
	}
	t.Fatalf("%q is not public", words)
	return r
}

// stands counts our answers with these words that people can read.
func (h *house) stands(t *testing.T, words string) (n int) {
	t.Helper()
	for _, p := range h.world(t) {
		if p.Ours && p.Text == words && !p.Deleted {
			n++
		}
	}
	return n
}

func (h *house) takeBack(t *testing.T, id inbox.ReplyID) moderation.TakeBack {
	t.Helper()
	c, err := h.TakeBacks(t.Context(), h.moderator, h.replyOf(t, id).Conversation)
	must(t, err)
	return c[id]
}

func (h *house) replyOf(t *testing.T, id inbox.ReplyID) (r inbox.Reply) {
	t.Helper()
	must(t, h.DB.View(t.Context(), func(tx *db.Tx) (err error) {
		r, err = inbox.LoadReply(t.Context(), tx, h.info.ID, id)
		return err
	}))
	return r
}

func TestAnAnswerIsTakenBackAndTheCitizenWaitsAgain(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		const words = "Petugas datang hari ini pukul 14.00."
		m, r := h.answered(t, words)
		before := h.load(t, m.Conversation)
		h.pass(time.Minute)
		b, err := h.TakeBack(t.Context(), h.moderator, r.ID, whyBack)
		must(t, err)
		if b.State != moderation.Waiting || strings.Contains(b.Reason, "081298765432") || h.stands(t, words) != 1 {
			t.Errorf("asked for: %+v, %d stand", b, h.stands(t, words))
		}
		if _, err := h.TakeBack(t.Context(), h.moderator, r.ID, whyBack); fault.Code(err) != "reply.take_back.under_way" {
			t.Errorf("twice at once: %v", err)
		}
		h.ring(t, moderation.KindTakeBack)
		c := h.load(t, m.Conversation)
		if h.stands(t, words) != 0 || c.Replies[0].State != inbox.ReplyTakenBack || c.Replies[0].Text != words {
			t.Errorf("%d stand, %+v", h.stands(t, words), c.Replies[0].Reply)
		}
		if c.Status != inbox.Open || !c.AnsweredAt.IsZero() || !c.From.Equal(before.From) || !c.Due.Equal(before.Due) {
			t.Errorf("the clock: %+v", c.Conversation)
		}
		report, err := h.insight.Report(t.Context(), h.moderator, monday.Add(-time.Hour), h.Now().Add(time.Hour))
		if err != nil || report.Response.Answered != 0 {
			t.Errorf("still counted as answered: %+v, %v", report.Response, err)
		}
		if got := strings.Join(h.deeds(t, "conversation/"+string(m.Conversation)), " "); !strings.HasSuffix(got, "reply.published reply.take_back reply.taken_back") {
			t.Errorf("trail %q", got)
		}
		// Both promises kept once more change nothing.
		must(t, h.DB.Update(t.Context(), func(tx *db.Tx) error {
			for kind, key := range map[string]string{moderation.KindTakeBack: string(r.ID), publisher.KindAnswered: r.Delivery} {
				if err := outbox.Put(t.Context(), tx, outbox.Promise{Kind: kind, Key: key, Agency: h.info.ID, Class: outbox.Inbox, Due: h.Now()}); err != nil {
					return err
				}
			}
			return nil
		}))
		h.ring(t, moderation.KindTakeBack, publisher.KindAnswered)
		if again := h.load(t, m.Conversation); again.Revision != c.Revision || again.Replies[0].State != inbox.ReplyTakenBack {
			t.Errorf("a second time: %+v", again.Replies[0].Reply)
		}
		if _, err := h.TakeBack(t.Context(), h.moderator, r.ID, whyBack); fault.Code(err) != "reply.take_back.done_already" {
			t.Errorf("asked again: %v", err)
		}
		// The same words may be said again, and stop the clock from where it began.
		h.reply(t, m, words)
		if c := h.load(t, m.Conversation); c.Status != inbox.Answered || c.Spent < 11*time.Minute || h.stands(t, words) != 1 {
			t.Errorf("answered anew: %+v", c.Conversation)
		}
	})
}

func TestWhoMayTakeAnAnswerBackAndWhich(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	m, r := h.answered(t, "Petugas datang pukul 14.00.")
	queued, err := h.Answer(t.Context(), h.moderator, m.ID, "Ralat: pukul 15.00.")
	must(t, err)
	officer := h.person(t, h.info, "tono", identity.Officer)
	for name, c := range map[string]struct {
		by     identity.Actor
		id     inbox.ReplyID
		reason string
		code   string
	}{
		"another agency's answer":      {h.stranger, r.ID, whyBack, "reply.not_found"},
		"without the power":            {officer, r.ID, whyBack, "reply.take_back.no_power"},
		"without a reason":             {h.moderator, r.ID, " ", "reply.take_back.reason"},
		"nine signs say too little":    {h.moderator, r.ID, "salah 1 jam?", "reply.take_back.reason"},
		"stops instead of letters":     {h.moderator, r.ID, "salah ........", "reply.take_back.reason"},
		"one that is still on its way": {h.moderator, queued.ID, whyBack, "reply.take_back.not_published"},
	} {
		if _, err := h.TakeBack(t.Context(), c.by, c.id, c.reason); fault.Code(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if b := h.takeBack(t, r.ID); b.State != "" || h.stands(t, "Petugas datang pukul 14.00.") != 1 {
		t.Errorf("refusals left %+v", b)
	}
}

// The platform deletes, and its answer is lost: the second go finds nothing
// there, which is what was wanted.
func TestATakingBackThatBrokeOffIsFinished(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		const words = "Petugas datang pukul 14.00."
		m, r := h.answered(t, words)
		_, err := h.TakeBack(t.Context(), h.moderator, r.ID, whyBack)
		must(t, err)
		h.control(t, "/sandbox/faults", map[string]any{"platform": "x", "op": "delete", "kind": "commit-then-drop", "count": 1})
		h.turn(t, moderation.KindTakeBack)
		if h.stands(t, words) != 0 || h.takeBack(t, r.ID).State != moderation.Waiting || h.load(t, m.Conversation).Status != inbox.Answered {
			t.Fatalf("%d stand, %+v: gone there, and nobody told us", h.stands(t, words), h.takeBack(t, r.ID))
		}
		h.pass(time.Minute)
		h.ring(t, moderation.KindTakeBack)
		if b := h.takeBack(t, r.ID); b.State != moderation.Done || h.load(t, m.Conversation).Status != inbox.Open {
			t.Errorf("second go: %+v", b)
		}
		// A worker that died: it took the promise, and its lease runs out.
		r = h.reply(t, m, "Petugas datang pukul 15.00.")
		_, err = h.TakeBack(t.Context(), h.moderator, r.ID, whyBack)
		must(t, err)
		must(t, h.DB.Update(t.Context(), func(tx *db.Tx) error {
			row, err := outbox.One(t.Context(), tx, moderation.KindTakeBack, string(r.ID))
			if err != nil {
				return err
			}
			_, ok, err := outbox.Take(t.Context(), tx, row.Kind, row.Key, row.Epoch, h.Now(), time.Minute)
			if err == nil && !ok {
				t.Error("not taken")
			}
			return err
		}))
		if n := h.turn(t, moderation.KindTakeBack); n != 0 {
			t.Errorf("%d rung while another holds it", n)
		}
		h.pass(2 * time.Minute)
		h.ring(t, moderation.KindTakeBack)
		if h.takeBack(t, r.ID).State != moderation.Done || h.stands(t, "Petugas datang pukul 15.00.") != 0 {
			t.Errorf("after the other died: %+v", h.takeBack(t, r.ID))
		}
	})
}

func TestARefusedTakingBackIsShownAndCanBeAskedAgain(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		const words = "Petugas datang pukul 14.00."
		m, r := h.answered(t, words)
		_, err := h.TakeBack(t.Context(), h.moderator, r.ID, whyBack)
		must(t, err)
		h.control(t, "/sandbox/faults", map[string]any{"platform": "x", "op": "delete", "kind": "403-problem", "count": 1})
		h.ring(t, moderation.KindTakeBack)
		if b := h.takeBack(t, r.ID); b.State != moderation.Failed || b.Code == "" || h.stands(t, words) != 1 || h.load(t, m.Conversation).Status != inbox.Answered {
			t.Fatalf("refused: %+v", b)
		}
		if got := strings.Join(h.deeds(t, "conversation/"+string(m.Conversation)), " "); !strings.HasSuffix(got, "reply.take_back reply.take_back_refused") {
			t.Errorf("trail %q", got)
		}
		_, err = h.TakeBack(t.Context(), h.moderator, r.ID, whyBack)
		must(t, err)
		h.ring(t, moderation.KindTakeBack)
		if b := h.takeBack(t, r.ID); b.State != moderation.Done || b.Code != "" || h.stands(t, words) != 0 {
			t.Errorf("asked again: %+v", b)
		}
	})
}

// What stands answers the citizen still; its time is what counts then.
func TestAnotherAnswerThatStandsKeepsTheClockStopped(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		m, first := h.answered(t, "Petugas datang pukul 14.00.")
		h.pass(20 * time.Minute)
		second := h.reply(t, m, "Ralat: petugas datang pukul 15.00.")
		_, err := h.TakeBack(t.Context(), h.moderator, first.ID, whyBack)
		must(t, err)
		h.ring(t, moderation.KindTakeBack)
		c := h.load(t, m.Conversation)
		if c.Status != inbox.Answered || !c.AnsweredAt.Equal(second.PublishedAt) || c.Spent < 30*time.Minute {
			t.Errorf("the second stands: %+v", c.Conversation)
		}
		report, err := h.insight.Report(t.Context(), h.moderator, monday.Add(-time.Hour), h.Now().Add(time.Hour))
		if err != nil || report.Response.Answered != 1 || report.Response.Median != c.Spent {
			t.Errorf("report %+v, %v", report.Response, err)
		}
		_, err = h.TakeBack(t.Context(), h.moderator, second.ID, whyBack)
		must(t, err)
		h.ring(t, moderation.KindTakeBack)
		if c := h.load(t, m.Conversation); c.Status != inbox.Open || !c.AnsweredAt.IsZero() || c.From.IsZero() {
			t.Errorf("nothing stands: %+v", c.Conversation)
		}
	})
}

// Where no program deletes, a person does it and says so.
func TestATakingBackByHand(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		m, r := h.answered(t, "Petugas datang pukul 14.00.")
		if err := h.TookBackByHand(t.Context(), h.moderator, r.ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("nobody asked: %v", err)
		}
		must(t, h.DB.Update(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE channel SET mode = $1 WHERE id = $2`, platform.Manual, h.x.ID)
			return err
		}))
		_, err := h.TakeBack(t.Context(), h.moderator, r.ID, whyBack)
		must(t, err)
		if n := h.turn(t, moderation.KindTakeBack); n != 0 {
			t.Errorf("%d promises", n)
		}
		if b := h.takeBack(t, r.ID); b.State != moderation.ByHand || b.Page == "" || h.load(t, m.Conversation).Status != inbox.Answered {
			t.Errorf("in her hands: %+v", b)
		}
		officer := h.person(t, h.info, "tono", identity.Officer)
		if err := h.TookBackByHand(t.Context(), officer, r.ID); fault.Code(err) != "reply.take_back.no_power" {
			t.Errorf("without the power: %v", err)
		}
		must(t, h.TookBackByHand(t.Context(), h.moderator, r.ID))
		if err := h.TookBackByHand(t.Context(), h.moderator, r.ID); fault.Code(err) != "reply.take_back.not_by_hand" {
			t.Errorf("twice: %v", err)
		}
		if b, c := h.takeBack(t, r.ID), h.load(t, m.Conversation); b.State != moderation.Done || c.Status != inbox.Open || c.Replies[0].State != inbox.ReplyTakenBack {
			t.Errorf("recorded: %+v, %s", b, c.Status)
		}
	})
}
