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

// hideSome hides so many comments in one decision and carries it out.
func (h *house) hideSome(t *testing.T, n int) (all []inbox.Message, d moderation.Decision) {
	t.Helper()
	var remote []string
	for i := range n {
		remote = append(remote, h.say(t, fmt.Sprintf("%s nomor %s", spamText, strings.Repeat("satu ", i+1))))
	}
	h.hear(t)
	var ids []inbox.MessageID
	for _, r := range remote {
		m := h.message(t, r)
		all, ids = append(all, m), append(ids, m.ID)
	}
	d, err := h.Decide(t.Context(), h.moderator, moderation.Order{Messages: ids, Act: moderation.Hide, Clause: "3.4", Reason: "Promosi judi daring dengan huruf samaran"})
	must(t, err)
	h.ring(t, moderation.KindEnforce)
	return all, d
}

func (h *house) account(t *testing.T) moderation.MonthAccount {
	t.Helper()
	a, err := h.Account(t.Context(), h.info.ID, h.Now())
	must(t, err)
	return a
}

func (h *house) agrees(t *testing.T, subjects int) {
	t.Helper()
	n, differ, err := h.CompareAccount(t.Context())
	if err != nil || n != subjects || len(differ) != 0 {
		t.Errorf("%d subjects compared, want %d; differing: %+v, %v", n, subjects, differ, err)
	}
}

func TestThePublicAccountIsCountedFromTheTrail(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.hears(t)
		ctx, other := t.Context(), h.person(t, h.info, "wulan", identity.Moderator)
		before, err := h.AccountMark(ctx, h.info.ID, h.account(t).First)
		must(t, err)
		if got := h.account(t).Table(moderation.MeasureHidden).At(moderation.Every, moderation.Every).Text(); got != "0" {
			t.Errorf("before anything happened: %s", got)
		}
		all, dec := h.hideSome(t, 7)
		if after, err := h.AccountMark(ctx, h.info.ID, h.account(t).First); err != nil || after == before {
			t.Errorf("nothing moved: %s, %v", after, err)
		}
		h.agrees(t, 1)
		lone := h.commented(t, h.x, h.post, spamText+" lain")
		_, err = h.Decide(ctx, h.moderator, moderation.Order{Messages: []inbox.MessageID{lone.ID}, Act: moderation.Hide, Clause: "3.1", Reason: "Ajakan mentransfer uang"})
		must(t, err)
		h.ring(t, moderation.KindEnforce)
		// One is shown again by the office itself, one because a citizen objected.
		_, err = h.Decide(ctx, h.moderator, moderation.Order{Messages: []inbox.MessageID{lone.ID}, Act: moderation.Restore, Reason: "Ternyata bukan penipuan"})
		must(t, err)
		h.ring(t, moderation.KindEnforce)
		_, err = h.File(ctx, "diskominfo", h.filing(t, dec.Number, plainWords))
		must(t, err)
		h.pass(50 * time.Hour)
		_, err = h.DecideObjection(ctx, other, h.objection(t, other).ID, moderation.Ruling{Outcome: moderation.ObjectionGranted, Reason: rulingWords})
		must(t, err)
		h.ring(t, moderation.KindEnforce)
		if h.world(t)[all[0].RemoteID].Hidden {
			t.Error("the platform still hides what was restored")
		}
		want := []moderation.Count{
			{Measure: "corrected", Clause: "3.1", Place: "x", By: "person", N: 1}, {Measure: "hidden", Clause: "3.1", Place: "x", By: "person", N: 1},
			{Measure: "hidden", Clause: "3.4", Place: "x", By: "person", N: 7}, {Measure: "objection", Clause: "3.4", Place: "granted", By: "person", N: 1},
		}
		got, err := h.Recount(ctx, h.info.ID, h.Now())
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("recounted %+v, %v", got, err)
		}
		a := h.account(t)
		hidden := a.Table(moderation.MeasureHidden)
		if told := hidden.At("3.4", moderation.Every).Text() + " " + hidden.At("3.1", moderation.Every).Text() + " " + hidden.At("3.2", moderation.Every).Text() + " " + hidden.At(moderation.Every, moderation.Every).Text(); told != ">=5 <5 0 8" {
			t.Errorf("told: %s", told)
		}
		if other, err := h.Account(ctx, h.protokol.ID, h.Now()); err != nil || other.Table(moderation.MeasureHidden).At(moderation.Every, moderation.Every).Text() != "0" {
			t.Errorf("another office has it in its account: %v", err)
		}
		if past, err := h.Account(ctx, h.info.ID, h.Now().AddDate(0, -1, 0)); err != nil || past.Running || past.Table(moderation.MeasureHidden).At(moderation.Every, moderation.Every).Text() != "0" {
			t.Errorf("another month has it in its account: %v", err)
		}
		h.agrees(t, 4)
		h.tampers(t, d)
	})
}

// tampers changes what happened behind the program's back: the account no
// longer agrees, and says where.
func (h *house) tampers(t *testing.T, d *db.DB) {
	t.Helper()
	for _, c := range []struct{ why, change, back string }{
		{"a hide that the tables forget", `UPDATE decision_target SET state = 'failed' WHERE decision_id IN (SELECT id FROM decision WHERE clause = '3.4' AND act = 'hide')`,
			`UPDATE decision_target SET state = 'done' WHERE decision_id IN (SELECT id FROM decision WHERE clause = '3.4' AND act = 'hide')`},
		{"a trail that counts one less", `UPDATE audit SET detail = replace(detail, 'person 7', 'person 6') WHERE deed = 'decision.done'`,
			`UPDATE audit SET detail = replace(detail, 'person 6', 'person 7') WHERE deed = 'decision.done'`},
		{"an objection turned the other way", `UPDATE objection SET state = 'denied'`, `UPDATE objection SET state = 'granted'`},
	} {
		exec := func(query string) {
			must(t, d.Update(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), query)
				return err
			}))
		}
		exec(c.change)
		if _, differ, err := h.CompareAccount(t.Context()); err != nil || len(differ) != 1 || differ[0].Number == "" {
			t.Errorf("%s: %+v, %v", c.why, differ, err)
		}
		exec(c.back)
	}
	h.agrees(t, 4)
}

func TestWhatPeopleFinishByHandIsCountedOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	ch := h.connect(t, "linkedin")
	m := h.commented(t, ch, h.posted(t, ch, "Lowongan pranata komputer"), spamText)
	dec, err := h.decide(t, m, moderation.Hide)
	must(t, err)
	h.ring(t, moderation.KindEnforce)
	if got, err := h.Recount(t.Context(), h.info.ID, h.Now()); err != nil || len(got) != 0 {
		t.Errorf("counted before anybody did it: %+v, %v", got, err)
	}
	must(t, h.DoneByHand(t.Context(), h.moderator, dec.ID))
	got, err := h.Recount(t.Context(), h.info.ID, h.Now())
	if err != nil || len(got) != 1 || got[0].N != 1 || got[0].Place != "linkedin" {
		t.Errorf("%+v, %v", got, err)
	}
	h.agrees(t, 1)
}

func TestAnExampleIsWrittenByOnePersonAndReleasedByAnother(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ctx, approver := t.Context(), h.person(t, h.info, "hendra", identity.Approver)
		both := identity.NewActor(h.moderator.ID, "Ratih", h.info.ID, identity.Web, map[identity.AgencyID][]identity.Role{h.info.ID: {identity.Moderator, identity.Approver}})
		_, dec := h.hideSome(t, 6)
		const words = "Ajakan bermain judi daring dengan janji hadiah besar, disamarkan dengan huruf lain"
		p := moderation.Paraphrase{Number: dec.Number, Text: words}
		for _, c := range []struct {
			why, code string
			by        identity.Actor
			p         moderation.Paraphrase
		}{
			{"an approver does not write", "decision.not_moderator", approver, p},
			{"another office's moderator finds nothing", "example.case_unknown", h.stranger, p},
			{"no such case", "example.case_unknown", h.moderator, moderation.Paraphrase{Number: "MOD-2026-09999-K7QX", Text: words}},
			{"a number without its suffix", "example.case_unknown", h.moderator, moderation.Paraphrase{Number: dec.Number[:14], Text: words}},
			{"the citizen's own words", "example.copied", h.moderator, moderation.Paraphrase{Number: dec.Number, Text: "Seorang warga menulis: " + spamText}},
			{"a telephone number", "example.personal", h.moderator, moderation.Paraphrase{Number: dec.Number, Text: words + " hubungi 081298765432"}},
		} {
			if _, err := h.WriteExample(ctx, c.by, c.p); fault.Code(err) != c.code {
				t.Errorf("%s: %v", c.why, err)
			}
		}
		e, err := h.WriteExample(ctx, h.moderator, p)
		must(t, err)
		if _, err := h.WriteExample(ctx, h.moderator, p); fault.Code(err) != "example.taken" {
			t.Errorf("twice: %v", err)
		}
		if public, err := h.PublicExamples(ctx, h.info.ID); err != nil || len(public) != 0 {
			t.Errorf("a draft is public: %+v, %v", public, err)
		}
		for why, by := range map[string]struct {
			identity.Actor
			code string
		}{
			"a moderator": {h.moderator, "example.no_power"}, "who wrote it": {both, "example.own"}, "another office": {h.stranger, "example.not_found"},
			"the program": {identity.TheSystem("moderation", h.info.ID), "example.no_power"},
		} {
			if err := h.ReleaseExample(ctx, by.Actor, e.ID); fault.Code(err) != by.code {
				t.Errorf("%s releases: %v", why, err)
			}
		}
		must(t, h.ReleaseExample(ctx, approver, e.ID))
		public, err := h.PublicExamples(ctx, h.info.ID)
		if err != nil || len(public) != 1 || public[0].Text != words || public[0].Month != "2026-11" || public[0].Clause != "3.4" {
			t.Errorf("%+v, %v", public, err)
		}
		if err := h.ReleaseExample(ctx, approver, e.ID); fault.Code(err) != "example.not_draft" {
			t.Errorf("released twice: %v", err)
		}
		if err := h.EndExample(ctx, approver, e.ID, "ya"); fault.Code(err) != "decision.reason_missing" {
			t.Errorf("withdrawn without a reason: %v", err)
		}
		must(t, h.EndExample(ctx, approver, e.ID, "Terlalu mirip aslinya"))
		if public, _ := h.PublicExamples(ctx, h.info.ID); len(public) != 0 {
			t.Errorf("withdrawn and still public: %+v", public)
		}
		if got := strings.Join(h.deeds(t, "example/"+string(e.ID)), " "); got != "example.write example.released example.withdrawn" {
			t.Errorf("trail %q", got)
		}
	})
}

// Where fewer than five fell under a clause, its month would tell which.
func TestAnExampleOfFewTellsTheYearAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	approver := h.person(t, h.info, "hendra", identity.Approver)
	_, dec := h.hideSome(t, 2)
	e, err := h.WriteExample(t.Context(), h.moderator, moderation.Paraphrase{Number: dec.Number, Text: "Ajakan bermain judi daring dengan janji hadiah besar"})
	must(t, err)
	must(t, h.ReleaseExample(t.Context(), approver, e.ID))
	if public, err := h.PublicExamples(t.Context(), h.info.ID); err != nil || len(public) != 1 || public[0].Month != "2026" {
		t.Errorf("%+v, %v", public, err)
	}
}
