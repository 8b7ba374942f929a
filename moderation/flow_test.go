package moderation_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kentongan/inbox"
	"kentongan/internal/audit"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/outbox"
	"kentongan/moderation"
	"kentongan/publisher"
)

const (
	spamText = "Gacor parah bos, daftar di sl0t88 maxwin hari ini juga, link di bio"
	plea     = "Tolong! Kami terjebak banjir di atap rumah RT 3 Melati, ada bayi, mohon evakuasi"
	civil    = "Menurut saya wali kota lambat menangani sampah, kinerjanya mengecewakan."
)

func (h *house) deeds(t *testing.T, subject string) (deeds []string) {
	t.Helper()
	must(t, h.DB.View(t.Context(), func(tx *db.Tx) error {
		all, err := audit.List(t.Context(), tx, audit.Query{Agency: h.info.ID, Subject: subject, Limit: 100})
		for _, e := range all {
			deeds = append([]string{e.Deed}, deeds...)
		}
		return err
	}))
	return deeds
}

func TestTheFirstLookSaysWhatAndWhyAndHowUrgent(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		gambling, help, sharp := h.say(t, spamText), h.say(t, plea), h.say(t, civil)
		private := h.say(t, "NIK saya 3174052505900003, kapan KTP jadi?")
		h.hear(t)
		m := h.message(t, gambling)
		v := moderation.VerdictOf(m)
		if v.Scores[moderation.Gambling] == 0 || v.Suggestion.Act != moderation.Hide || v.Suggestion.Clause == "" || len(v.Reasons) == 0 {
			t.Errorf("gambling: %+v", v)
		}
		for _, r := range v.Reasons {
			if r.Start < 0 || r.End > len(m.Masked) || r.Start >= r.End {
				t.Errorf("reason %+v lies outside of %q", r, m.Masked)
			}
		}
		if c := h.load(t, h.message(t, help).Conversation); c.Class != inbox.LifeSafety || c.Due.Sub(c.From) != 15*time.Minute {
			t.Errorf("the plea: %s, %v", c.Class, c.Due.Sub(c.From))
		}
		if v := moderation.VerdictOf(h.message(t, sharp)); v.Suggestion.Act == moderation.Hide || v.Scores[moderation.Abusive] > 0 {
			t.Errorf("criticism: %+v", v)
		}
		m = h.message(t, private)
		for _, r := range moderation.VerdictOf(m).Reasons {
			if r.Label == moderation.PersonalData && (!strings.Contains(m.Masked[r.Start:r.End], "•") || strings.Contains(m.Verdict, "3174052505900003")) {
				t.Errorf("the reason shows %q", m.Masked[r.Start:r.End])
			}
		}
		first, err := h.inbox.List(t.Context(), h.moderator, inbox.Query{View: inbox.Unanswered})
		if err != nil || len(first) == 0 || first[0].Class != inbox.LifeSafety {
			t.Errorf("the plea is not on top: %v", err)
		}
		queue, err := h.Queue(t.Context(), h.moderator, "", 0)
		if err != nil || len(queue) < 2 || queue[0].RemoteID != private || queue[1].RemoteID != gambling {
			t.Errorf("queue of %d, %v: what harms most while it stands comes first", len(queue), err)
		}
	})
}

func TestAHideIsAskedCarriedOutAndTakenBack(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		remote := h.say(t, spamText)
		h.hear(t)
		m := h.message(t, remote)
		ctx := t.Context()
		order := moderation.Order{Messages: []inbox.MessageID{m.ID}, Act: moderation.Hide, Clause: clauseFor(t, h, m), Reason: "Promosi judi daring, hubungi 081298765432"}
		dec, err := h.Decide(ctx, h.moderator, order)
		must(t, err)
		if !caseShape.MatchString(dec.Number) || !strings.HasPrefix(dec.Number, "MOD-2026-00001-") || strings.Contains(dec.Reason, "081298765432") {
			t.Errorf("%+v", dec)
		}
		if h.world(t)[remote].Hidden {
			t.Error("hidden before the promise was kept")
		}
		if _, err := h.Decide(ctx, h.moderator, order); fault.Code(err) != "decision.under_way" {
			t.Errorf("twice: %v", err)
		}
		h.ring(t, moderation.KindEnforce)
		if !h.world(t)[remote].Hidden || h.message(t, remote).HiddenAt.IsZero() {
			t.Error("not hidden")
		}
		shown, err := h.Evidence(ctx, h.moderator, dec.ID, "Memeriksa keberatan")
		if err != nil || len(shown) != 1 || shown[0].Original.Text != m.Masked || shown[0].RemoteID != remote {
			t.Errorf("evidence %+v, %v", shown, err)
		}
		if got := strings.Join(h.deeds(t, "decision/"+string(dec.ID)), " "); got != "decision.hide decision.done decision.evidence_opened" {
			t.Errorf("trail %q", got)
		}
		order.Act, order.Clause, order.Reason = moderation.Restore, "", "Ternyata kutipan berita"
		back, err := h.Decide(ctx, h.moderator, order)
		must(t, err)
		h.ring(t, moderation.KindEnforce)
		if h.world(t)[remote].Hidden || !h.message(t, remote).HiddenAt.IsZero() || !strings.HasPrefix(back.Number, "MOD-2026-00002-") {
			t.Errorf("not restored: %+v", back)
		}
		counts, err := h.Transparency(ctx, h.info.ID, monday.AddDate(0, -1, 0))
		if err != nil || len(counts) == 0 {
			t.Fatal(counts, err)
		}
		var hidden, restored int64
		for _, c := range counts {
			hidden, restored = hidden+c.Hidden, restored+c.Restored
			if c.Month != "2026-11" || c.Platform != "x" {
				t.Errorf("%+v", c)
			}
		}
		if hidden != 1 || restored != 1 {
			t.Errorf("hidden %d, restored %d", hidden, restored)
		}
	})
}

func clauseFor(t *testing.T, h *house, m inbox.Message) string {
	t.Helper()
	c := moderation.VerdictOf(m).Suggestion.Clause
	if c == "" {
		t.Fatal("nothing is suggested")
	}
	return c
}

func TestWhatADecisionRefuses(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	m, sharp := h.say(t, spamText), h.say(t, civil)
	h.control(t, "/sandbox/say", map[string]any{"platform": "mastodon", "text": "@tirtawangikota " + spamText, "kind": "mention"})
	h.hear(t)
	bad, good := h.message(t, m), h.message(t, sharp)
	queue, err := h.Queue(t.Context(), h.moderator, "", 0)
	must(t, err)
	var toot inbox.Message
	for _, q := range queue {
		if q.Channel == h.mastodon.ID {
			toot = q.Message
		}
	}
	officer := h.person(t, h.info, "tono", identity.Officer)
	clause := clauseFor(t, h, bad)
	for name, c := range map[string]struct {
		by    identity.Actor
		order moderation.Order
		code  string
	}{
		"another agency's message":     {h.stranger, moderation.Order{Messages: []inbox.MessageID{bad.ID}, Act: moderation.Hide, Clause: clause, Reason: "Promosi judi"}, "message.not_found"},
		"without the power":            {officer, moderation.Order{Messages: []inbox.MessageID{bad.ID}, Act: moderation.Hide, Clause: clause, Reason: "Promosi judi"}, "decision.not_moderator"},
		"by the program":               {identity.TheSystem("moderation", h.info.ID), moderation.Order{Messages: []inbox.MessageID{bad.ID}, Act: moderation.Hide, Clause: clause, Reason: "Promosi judi"}, "decision.person_only"},
		"without a clause":             {h.moderator, moderation.Order{Messages: []inbox.MessageID{good.ID}, Act: moderation.Hide, Reason: "Mengganggu sekali"}, "decision.clause_missing"},
		"criticism is no ground":       {h.moderator, moderation.Order{Messages: []inbox.MessageID{good.ID}, Act: moderation.Hide, Clause: "2.1", Reason: "Mengkritik wali kota"}, "decision.clause_protected"},
		"restoring what is not hidden": {h.moderator, moderation.Order{Messages: []inbox.MessageID{bad.ID}, Act: moderation.Restore, Reason: "Salah sembunyi"}, "decision.not_hidden"},
		"a platform that cannot hide":  {h.moderator, moderation.Order{Messages: []inbox.MessageID{toot.ID}, Act: moderation.Hide, Clause: clause, Reason: "Promosi judi"}, "decision.platform_cannot_hide"},
		"nothing at all":               {h.moderator, moderation.Order{Act: moderation.Hide, Clause: clause, Reason: "Promosi judi"}, "decision.nothing"},
	} {
		if _, err := h.Decide(t.Context(), c.by, c.order); fault.Code(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if all, err := h.Decisions(t.Context(), h.moderator, "", 0); err != nil || len(all) != 0 {
		t.Errorf("refusals left %+v, %v", all, err)
	}
	if all, err := h.DecisionsOn(t.Context(), h.stranger, bad.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a stranger sees %v, %v", all, err)
	}
}

func TestIdenticalCopiesAreOneDecision(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	// A copy where nobody can hide, here the oldest, is no reason to leave the others.
	h.control(t, "/sandbox/say", map[string]any{"platform": "mastodon", "text": "@tirtawangikota " + spamText, "kind": "mention"})
	h.hear(t)
	var remotes []string
	for range 25 {
		remotes = append(remotes, h.say(t, spamText))
	}
	h.hear(t)
	queue, err := h.Queue(t.Context(), h.moderator, "", 0)
	if err != nil || len(queue) != 1 || queue[0].Copies != 26 {
		t.Fatalf("queue of %d, %v", len(queue), err)
	}
	order := moderation.Order{Messages: []inbox.MessageID{queue[0].ID}, Copies: true, Act: moderation.Hide, Clause: clauseFor(t, h, queue[0].Message), Reason: "Salinan promosi judi"}
	dec, err := h.Decide(t.Context(), h.moderator, order)
	if err != nil || dec.Targets != 25 {
		t.Fatalf("%+v, %v", dec, err)
	}
	h.control(t, "/sandbox/faults", map[string]any{"platform": "x", "op": "hide", "kind": "commit-then-drop", "count": 2})
	for range 6 {
		h.ring(t, moderation.KindEnforce)
		h.pass(time.Minute)
	}
	world := h.world(t)
	for _, id := range remotes {
		if !world[id].Hidden {
			t.Errorf("%s stands in public", id)
		}
	}
	if n, err := h.Waiting(t.Context(), h.moderator); err != nil || n != 1 {
		t.Errorf("%d wait, %v: the one on Mastodon should", n, err)
	}
	all, err := h.Decisions(t.Context(), h.moderator, "", 0)
	if err != nil || len(all) != 1 || all[0].State != moderation.Done || all[0].Targets != 25 {
		t.Errorf("%+v, %v", all, err)
	}
}

// What the platform refuses is told, and comes back to the queue.
func TestARefusedHideComesBack(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		remote := h.say(t, spamText)
		h.hear(t)
		m := h.message(t, remote)
		dec, err := h.Decide(t.Context(), h.moderator, moderation.Order{Messages: []inbox.MessageID{m.ID}, Act: moderation.Hide, Clause: clauseFor(t, h, m), Reason: "Promosi judi daring"})
		must(t, err)
		h.control(t, "/sandbox/faults", map[string]any{"platform": "x", "op": "hide", "kind": "403-problem", "count": 1})
		h.ring(t, moderation.KindEnforce)
		all, err := h.DecisionsOn(t.Context(), h.moderator, m.ID)
		if err != nil || len(all) != 1 || all[0].State != moderation.Failed || all[0].Code == "" {
			t.Fatalf("%+v, %v", all, err)
		}
		if n, _ := h.Waiting(t.Context(), h.moderator); n != 1 || h.world(t)[remote].Hidden {
			t.Errorf("%d wait", n)
		}
		if got := strings.Join(h.deeds(t, "decision/"+string(dec.ID)), " "); got != "decision.hide decision.failed" {
			t.Errorf("trail %q", got)
		}
	})
}

// From a citizen's question to the published answer that stops her clock.
func TestAnAnswerStopsTheClockWhenItIsPublished(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		remote := h.say(t, "@tirtawangikota Kapan lampu Jalan Melati diperbaiki?")
		h.hear(t)
		m := h.message(t, remote)
		h.pass(10 * time.Minute)
		r, err := h.Answer(t.Context(), h.moderator, m.ID, " Petugas datang hari ini pukul 14.00. ")
		must(t, err)
		if c := h.load(t, m.Conversation); c.Status != inbox.Open || len(c.Replies) != 1 || c.Replies[0].State != inbox.ReplyQueued {
			t.Errorf("before publication: %s, %+v", c.Status, c.Replies)
		}
		if _, err := h.Answer(t.Context(), h.moderator, m.ID, "Sekali lagi"); fault.Code(err) != "reply.on_its_way" {
			t.Errorf("a second answer: %v", err)
		}
		h.control(t, "/sandbox/faults", map[string]any{"platform": "x", "op": "publish", "kind": "commit-then-drop", "count": 1})
		for range 5 { // accepted, but no answer: read back, never twice
			h.ring(t, publisher.KindDeliver, publisher.KindAnswered)
			h.pass(10 * time.Second)
		}
		n := 0
		for _, p := range h.world(t) {
			if p.Ours && p.InReplyTo == remote && p.Text == "Petugas datang hari ini pukul 14.00." {
				n++
			}
		}
		c := h.load(t, m.Conversation)
		if n != 1 || c.Status != inbox.Answered || c.Replies[0].State != inbox.ReplyPublished || c.Replies[0].URL == "" {
			t.Errorf("%d on the platform, %s, %+v", n, c.Status, c.Replies[0])
		}
		if c.Spent < 10*time.Minute || c.Spent > 12*time.Minute {
			t.Errorf("waited %v", c.Spent)
		}
		report, err := h.insight.Report(t.Context(), h.moderator, monday.Add(-time.Hour), h.Now().Add(time.Hour))
		if err != nil || report.Response.Answered != 1 || report.Response.Within != 1 || report.Response.Median != c.Spent {
			t.Errorf("report %+v, %v", report.Response, err)
		}
		// The promise kept twice changes nothing.
		must(t, h.DB.Update(t.Context(), func(tx *db.Tx) error {
			return outbox.Put(t.Context(), tx, outbox.Promise{Kind: publisher.KindAnswered, Key: r.Delivery, Agency: h.info.ID, Class: outbox.Inbox, Due: h.Now()})
		}))
		h.ring(t, publisher.KindAnswered)
		if again := h.load(t, m.Conversation); again.Spent != c.Spent || again.Revision != c.Revision {
			t.Errorf("told twice: %+v", again.Conversation)
		}
	})
}

func TestWhatAnAnswerRefuses(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	m := h.message(t, func() string { id := h.say(t, "@tirtawangikota Kapan buka?"); h.hear(t); return id }())
	auditor := h.person(t, h.info, "aulia", identity.Auditor)
	for name, c := range map[string]struct {
		by   identity.Actor
		text string
		code string
	}{
		"another agency's message":    {h.stranger, "Halo", "message.not_found"},
		"without the power":           {auditor, "Halo", "inbox.no_power"},
		"empty":                       {h.moderator, "  ", "reply.empty"},
		"the citizen's number in it":  {h.moderator, "NIK Ibu 3174052505900003 sudah kami catat", "reply.personal_data"},
		"a phone number":              {h.moderator, "Hubungi 0812-9876-5432", "reply.personal_data"},
		"longer than the platform is": {h.moderator, strings.Repeat("panjang ", 60), "reply.too_long"},
	} {
		if _, err := h.Answer(t.Context(), c.by, m.ID, c.text); fault.Code(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := h.Answer(t.Context(), h.moderator, m.ID, "Tulis ke layanan@tirtawangi.go.id"); err != nil {
		t.Errorf("the office's own address: %v", err)
	}
}

// Under the rule "second" nothing leaves before another person has signed.
func TestASecondPersonSignsTheReply(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		must(t, h.DB.Update(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE agency SET reply_rule = 'second' WHERE id = $1`, h.info.ID)
			return err
		}))
		remote := h.say(t, "@tirtawangikota Kapan loket buka?")
		h.hear(t)
		m := h.message(t, remote)
		r, err := h.Answer(t.Context(), h.moderator, m.ID, "Loket buka pukul 08.00.")
		if err != nil || r.State != inbox.ReplyWaiting || r.Delivery != "" {
			t.Fatalf("%+v, %v", r, err)
		}
		h.ring(t, publisher.KindDeliver)
		other := h.person(t, h.info, "tono", identity.Approver)
		auditor := h.person(t, h.info, "aulia", identity.Auditor)
		for name, c := range map[string]struct {
			by   identity.Actor
			code string
		}{
			"its author": {h.moderator, "reply.approve.own"}, "another agency": {h.stranger, "reply.not_found"}, "without the power": {auditor, "reply.approve.no_power"},
		} {
			if err := h.ApproveReply(t.Context(), c.by, r.ID); fault.Code(err) != c.code {
				t.Errorf("%s: %v", name, err)
			}
		}
		if all, err := h.WaitingReplies(t.Context(), other); err != nil || len(all) != 1 {
			t.Errorf("%v, %v", all, err)
		}
		must(t, h.ApproveReply(t.Context(), other, r.ID))
		if err := h.ReturnReply(t.Context(), other, r.ID); fault.Code(err) != "reply.not_waiting" {
			t.Errorf("returned after it was signed: %v", err)
		}
		h.ring(t, publisher.KindDeliver, publisher.KindAnswered)
		if c := h.load(t, m.Conversation); c.Status != inbox.Answered || c.Replies[0].ApprovedBy != other.ID {
			t.Errorf("%s, %+v", c.Status, c.Replies)
		}
	})
}

// A vault that lost its key must not hold back the other messages.
func TestAMessageThatDoesNotOpenGoesToAPerson(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	broken := h.say(t, "@tirtawangikota Kapan buka?")
	h.pass(40 * time.Second)
	h.ring(t, inbox.KindPoll)
	must(t, h.DB.Update(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE message SET original = $1`, []byte("nothing that opens"))
		return err
	}))
	whole := h.say(t, plea)
	h.hear(t)
	if v := moderation.VerdictOf(h.message(t, broken)); !v.Unreadable {
		t.Errorf("%+v", v)
	}
	if c := h.load(t, h.message(t, broken).Conversation); c.Due.IsZero() {
		t.Error("its clock does not run")
	}
	if c := h.load(t, h.message(t, whole).Conversation); c.Class != inbox.LifeSafety {
		t.Errorf("the other one is %s", c.Class)
	}
}

func TestTriageDrainsMoreThanABatch(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	for i := range 130 {
		h.say(t, fmt.Sprintf("@tirtawangikota pertanyaan nomor %d?", i))
	}
	h.hear(t)
	views, err := h.insight.Views(t.Context(), h.moderator)
	if err != nil || views["belum-dijawab"] != 1 || views["selesai"] != 0 {
		t.Errorf("%v, %v", views, err)
	}
	all, err := h.inbox.List(t.Context(), h.moderator, inbox.Query{})
	must(t, err)
	if k := h.load(t, all[0].ID); len(k.Messages) != 130 { // one citizen below one post
		t.Errorf("%d messages", len(k.Messages))
	}
	must(t, h.DB.View(t.Context(), func(tx *db.Tx) error {
		left, err := inbox.Untriaged(t.Context(), tx, h.x.ID, 10)
		if len(left) != 0 {
			t.Errorf("%d were not looked at", len(left))
		}
		return err
	}))
}
