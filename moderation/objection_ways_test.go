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
	"kentongan/internal/sandbox"
	"kentongan/moderation"
	"kentongan/publisher"
)

// carried lets everything that is due happen.
func (h *house) carried(t *testing.T) {
	t.Helper()
	h.ring(t, moderation.KindEnforce, moderation.KindNotice, publisher.KindDeliver, publisher.KindAnswered)
}

// object files an objection and returns it as the one who decides sees it.
func (h *house) object(t *testing.T, dec moderation.Decision, by identity.Actor) moderation.Listed {
	t.Helper()
	_, err := h.File(t.Context(), "diskominfo", h.filing(t, dec.Number, plainWords))
	must(t, err)
	return h.objection(t, by)
}

func (h *house) grant(t *testing.T, o moderation.Listed, by identity.Actor) moderation.Objection {
	t.Helper()
	got, err := h.DecideObjection(t.Context(), by, o.ID, moderation.Ruling{Outcome: moderation.ObjectionGranted, Reason: rulingWords})
	must(t, err)
	return got
}

func TestWhatWasDeletedIsApologizedForAndItsAuthorUnblocked(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	h.hears(t)
	other := h.person(t, h.info, "wulan", identity.Moderator)
	ch := h.connect(t, "telegram")
	m := h.commented(t, ch, h.posted(t, ch, "Pasar Melati buka"), spamText)
	dec, err := h.decide(t, m, moderation.Remove)
	must(t, err)
	h.carried(t)
	blocked, err := h.decide(t, h.message(t, m.RemoteID), moderation.Block)
	must(t, err)
	h.carried(t)
	got := h.grant(t, h.object(t, dec, other), other)
	h.carried(t)
	if got.UndoneBy == "" {
		t.Fatal("the block that came with it stays")
	}
	if c, err := h.Case(t.Context(), "diskominfo", blocked.Number); err != nil || c.InSway || fault.Code(c.Cannot) != "objection.unblocked_already" {
		t.Errorf("the block: %+v, %v", c, err)
	}
	if c, err := h.Case(t.Context(), "diskominfo", dec.Number); err != nil || c.Objection.State != moderation.ObjectionGranted || c.Objection.Undoing != moderation.Done {
		t.Errorf("the deleting: %+v, %v", c.Objection, err)
	}
	all, err := h.NoticesOf(t.Context(), h.moderator, dec.ID)
	if err != nil || len(all) != 2 || all[0].Code != "notice.nothing_to_answer" || all[0].State != moderation.NoticeNone {
		t.Errorf("nobody there can be told, and that is kept: %+v, %v", all, err)
	}
}

func TestABlockWaitsForItsNotice(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.hears(t)
		ch := h.connect(t, "facebook")
		m := h.commented(t, ch, h.posted(t, ch, "Layanan KTP pindah gedung"), spamText)
		dec, err := h.decide(t, m, moderation.Block)
		must(t, err)
		h.carried(t)
		if told := h.toldOf(t, m); len(told) != 1 || !strings.Contains(told[0], "blokir") {
			t.Errorf("told %q", told)
		}
		if got := h.state(t, dec.ID, m); got != moderation.Waiting {
			t.Errorf("blocked before the notice had left: %s", got)
		}
		h.pass(2 * time.Minute)
		h.carried(t)
		if got := h.state(t, dec.ID, m); got != moderation.Done {
			t.Errorf("after it: %s", got)
		}
		if told := h.toldOf(t, m); len(told) != 1 {
			t.Errorf("told %d times", len(told))
		}
	})
}

func (h *house) state(t *testing.T, id moderation.DecisionID, m inbox.Message) string {
	t.Helper()
	all, err := h.DecisionsOn(t.Context(), h.moderator, m.ID)
	must(t, err)
	for _, d := range all {
		if d.ID == id {
			return d.State
		}
	}
	return ""
}

func TestAWarningIsItsNotice(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	h.hears(t)
	other := h.person(t, h.info, "wulan", identity.Moderator)
	ch := h.connect(t, "facebook")
	m := h.commented(t, ch, h.posted(t, ch, "Layanan KTP pindah gedung"), spamText)
	x := h.commented(t, h.x, h.post, spamText)
	order := moderation.Order{Messages: []inbox.MessageID{x.ID}, Act: moderation.Warn, Clause: "3.7", Reason: "Promosi yang sama dikirim berulang"}
	if _, err := h.Decide(t.Context(), h.moderator, order); fault.Code(err) != "notice.cannot_warn" {
		t.Errorf("where nobody can be told: %v", err)
	}
	order.Messages, order.Notice = []inbox.MessageID{m.ID}, "Mohon tidak mengirim promosi berulang di sini."
	dec, err := h.Decide(t.Context(), h.moderator, order)
	must(t, err)
	h.carried(t)
	told := h.toldOf(t, m)
	if len(told) != 1 || !strings.HasPrefix(told[0], "Mohon tidak mengirim promosi") || !strings.Contains(told[0], dec.Number) || !strings.Contains(told[0], "/t/diskominfo/kasus/") {
		t.Fatalf("told %q", told)
	}
	got := h.grant(t, h.object(t, dec, other), other)
	if got.UndoneBy != "" {
		t.Error("there was nothing to take back at the platform")
	}
	h.carried(t)
	if c, err := h.Case(t.Context(), "diskominfo", dec.Number); err != nil || c.Objection.State != moderation.ObjectionGranted {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestWhereThePlatformRefusesToShowAgainItIsSaid(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	h.hears(t)
	other := h.person(t, h.info, "wulan", identity.Moderator)
	m, dec := h.hidden(t, h.x, h.post)
	o := h.object(t, dec, other)
	h.sandbox.AddFault(sandbox.Fault{Platform: "x", Op: "hide", Kind: "403-problem", Count: -1})
	got := h.grant(t, o, other)
	h.carried(t)
	c, err := h.Case(t.Context(), "diskominfo", dec.Number)
	if err != nil || c.Objection.State != moderation.ObjectionGranted || c.Objection.Undoing != moderation.Failed || !c.InSway {
		t.Errorf("the public page: %+v %+v, %v", c, c.Objection, err)
	}
	if !h.world(t)[m.RemoteID].Hidden || h.state(t, got.UndoneBy, m) != moderation.Failed {
		t.Error("it is shown, or called done")
	}
}

func TestWhatAPersonHidByHandIsShownByHand(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	h.hears(t)
	other := h.person(t, h.info, "wulan", identity.Moderator)
	ch := h.connect(t, "linkedin")
	m := h.commented(t, ch, h.posted(t, ch, "Lowongan pranata komputer"), spamText)
	dec, err := h.decide(t, m, moderation.Hide)
	must(t, err)
	h.carried(t)
	if _, err := h.File(t.Context(), "diskominfo", h.filing(t, dec.Number, plainWords)); fault.Code(err) != "objection.not_carried_out" {
		t.Errorf("before it was done: %v", err)
	}
	must(t, h.DoneByHand(t.Context(), h.moderator, dec.ID))
	h.pass(24 * time.Hour)
	got := h.grant(t, h.object(t, dec, other), other)
	h.carried(t)
	if c, err := h.Case(t.Context(), "diskominfo", dec.Number); err != nil || c.Objection.Undoing != moderation.ByHand {
		t.Errorf("%+v, %v", c.Objection, err)
	}
	must(t, h.DoneByHand(t.Context(), other, got.UndoneBy))
	if c, err := h.Case(t.Context(), "diskominfo", dec.Number); err != nil || c.Objection.Undoing != moderation.Done || c.InSway {
		t.Errorf("%+v, %v", c.Objection, err)
	}
}

func TestUnderTheSecondSignatureANoticeWaitsForOne(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.hears(t)
		must(t, d.Update(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE agency SET reply_rule = 'second' WHERE id = $1`, h.info.ID)
			return err
		}))
		other := h.person(t, h.info, "wulan", identity.Moderator)
		ch := h.connect(t, "facebook")
		m, dec := h.hidden(t, ch, h.posted(t, ch, "Layanan KTP pindah gedung"))
		h.carried(t)
		all, err := h.NoticesOf(t.Context(), h.moderator, dec.ID)
		if err != nil || len(all) != 1 || all[0].Stands() != "waiting" || len(h.toldOf(t, m)) != 0 {
			t.Fatalf("sent without a second signature: %+v, %v", all, err)
		}
		if err := h.ApproveReply(t.Context(), h.moderator, all[0].Reply); fault.Code(err) != "reply.approve.own" {
			t.Errorf("signed by who decided: %v", err)
		}
		must(t, h.ApproveReply(t.Context(), other, all[0].Reply))
		h.carried(t)
		if all, _ = h.NoticesOf(t.Context(), h.moderator, dec.ID); all[0].Stands() != "sent" || len(h.toldOf(t, m)) != 1 {
			t.Errorf("%+v", all)
		}
	})
}

func TestNoticesThatCannotGoOutSayWhy(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	h.hears(t)
	ch := h.connect(t, "facebook")
	below := h.posted(t, ch, "Layanan KTP pindah gedung")
	m := h.commented(t, ch, below, spamText)
	order := moderation.Order{Messages: []inbox.MessageID{m.ID}, Act: moderation.Hide, Clause: "3.4", Reason: "Promosi judi daring di kolom komentar"}
	order.Notice = "Hubungi kami di " + phone
	if _, err := h.Decide(t.Context(), h.moderator, order); fault.Code(err) != "reply.personal_data" || fault.Find(err).Field != "notice" {
		t.Errorf("personal data in a notice: %v", err)
	}
	order.Notice = strings.Repeat("Panjang sekali. ", 2000)
	if _, err := h.Decide(t.Context(), h.moderator, order); fault.Code(err) != "notice.too_long" {
		t.Errorf("too long: %v", err)
	}
	if all, err := h.DecisionsOn(t.Context(), h.moderator, m.ID); err != nil || len(all) != 0 {
		t.Errorf("a refused notice left a decision: %+v, %v", all, err)
	}
	h.Objections.Public = true
	x := h.commented(t, h.x, h.post, spamText)
	h.sandbox.AddFault(sandbox.Fault{Platform: "x", Op: "hide", Kind: "403-problem", Count: 1})
	order.Notice, order.Messages = "", []inbox.MessageID{x.ID}
	dec, err := h.Decide(t.Context(), h.moderator, order)
	must(t, err)
	h.carried(t)
	all, err := h.NoticesOf(t.Context(), h.moderator, dec.ID)
	if err != nil || len(all) != 1 || all[0].State != moderation.NoticeDropped || all[0].Way != moderation.InPublic || all[0].Reply != "" {
		t.Errorf("told of what was refused: %+v, %v", all, err)
	}
	h.pass(8 * 24 * time.Hour)
	if draft, err := h.DraftNotice(t.Context(), h.moderator, m.ID, moderation.Hide, "3.4", "Promosi judi"); err != nil || draft.Way != moderation.InPublic {
		t.Errorf("after the platform's week, where the office tells in public: %+v, %v", draft, err)
	}
	h.Objections.Public = false
	draft, err := h.DraftNotice(t.Context(), h.moderator, m.ID, moderation.Hide, "3.4", "Promosi judi")
	if err != nil || draft.Way != moderation.NoWay || draft.Code != "notice.window_closed" {
		t.Errorf("after the platform's week: %+v, %v", draft, err)
	}
}

func TestALongReasonIsCutAndNeverTheWayToObject(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	h.hears(t)
	h.Objections.Public = true
	reason := strings.TrimSpace(strings.Repeat("Promosi judi daring yang sama berkali-kali. ", 60))
	ch := h.connect(t, "facebook")
	m := h.commented(t, ch, h.posted(t, ch, "Layanan KTP"), spamText)
	x := h.commented(t, h.x, h.post, spamText)
	for what, msg := range map[string]inbox.Message{"privately": m, "in public": x} {
		dec, err := h.Decide(t.Context(), h.moderator, moderation.Order{Messages: []inbox.MessageID{msg.ID}, Act: moderation.Hide, Clause: "3.4", Reason: reason})
		must(t, err)
		all, err := h.NoticesOf(t.Context(), h.moderator, dec.ID)
		if err != nil || len(all) != 1 || !strings.Contains(all[0].Text, "/t/diskominfo/kasus/"+dec.Number) {
			t.Fatalf("%s: %+v, %v", what, all, err)
		}
		if all[0].Way == moderation.InPublic && (strings.Contains(all[0].Text, "judi") || strings.Contains(all[0].Text, "3.4")) {
			t.Errorf("in public: %q", all[0].Text)
		}
	}
}

func TestGrantedInPartTheClauseIsChanged(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	h.hears(t)
	other := h.person(t, h.info, "wulan", identity.Moderator)
	m, dec := h.hidden(t, h.x, h.post)
	o := h.object(t, dec, other)
	_, err := h.DecideObjection(t.Context(), other, o.ID, moderation.Ruling{Outcome: moderation.ObjectionPartly, Reason: rulingWords, Clause: "3.7"})
	must(t, err)
	h.carried(t)
	c, err := h.Case(t.Context(), "diskominfo", dec.Number)
	if err != nil || c.Clause != "3.4" || c.Objection.Clause != "3.7" || !c.InSway || !h.world(t)[m.RemoteID].Hidden {
		t.Errorf("%+v %+v, %v", c, c.Objection, err)
	}
}

func TestCopiesOfOneTextAreRestoredTogether(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	h.hears(t)
	other := h.person(t, h.info, "wulan", identity.Moderator)
	var remotes []string
	for range 4 {
		remotes = append(remotes, h.say(t, spamText))
	}
	h.hear(t)
	first := h.message(t, remotes[0])
	dec, err := h.Decide(t.Context(), h.moderator, moderation.Order{Messages: []inbox.MessageID{first.ID}, Copies: true, Act: moderation.Hide, Clause: "3.4", Reason: "Salinan promosi judi daring"})
	must(t, err)
	h.carried(t)
	// One was shown again before, by a decision of its own.
	_, err = h.Decide(t.Context(), other, moderation.Order{Messages: []inbox.MessageID{h.message(t, remotes[3]).ID}, Act: moderation.Restore, Reason: "Yang ini kutipan berita"})
	must(t, err)
	h.carried(t)
	third := h.person(t, h.info, "yoga", identity.Moderator)
	got := h.grant(t, h.object(t, dec, third), third)
	h.carried(t)
	for _, id := range remotes {
		if h.world(t)[id].Hidden {
			t.Errorf("%s is hidden", id)
		}
	}
	all, err := h.DecisionsOn(t.Context(), h.moderator, first.ID)
	must(t, err)
	for _, d := range all {
		if d.ID == got.UndoneBy && (d.Targets != 3 || d.Reverses != dec.ID) {
			t.Errorf("the restoring: %+v", d)
		}
	}
}
