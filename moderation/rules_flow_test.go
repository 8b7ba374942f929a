package moderation_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"kentongan/configs"
	"kentongan/inbox"
	"kentongan/internal/audit"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/moderation"
)

// advert is one of many gambling texts, each its own.
func advert(n int) string {
	return fmt.Sprintf("Gabung sekarang slot gacor maxwin bonus new member situs %s", strings.Repeat("kelinci ", n+1))
}

func (h *house) rule(t *testing.T, by identity.Actor, name string) moderation.RuleState {
	t.Helper()
	_, all, err := h.RuleStates(t.Context(), by)
	must(t, err)
	for _, r := range all {
		if r.Name == name {
			return r
		}
	}
	t.Fatalf("no rule %s", name)
	return moderation.RuleState{}
}

// judged lets a moderator hide n gambling texts, one by one, and returns the
// rule that proposed it.
func (h *house) judged(t *testing.T, n int) (rule string) {
	t.Helper()
	for i := range n {
		remote := h.say(t, advert(i))
		h.hear(t)
		m := h.message(t, remote)
		s := moderation.VerdictOf(m).Suggestion
		if s.Act != moderation.Hide {
			t.Fatalf("%+v", s)
		}
		rule = s.Rule
		_, err := h.Decide(t.Context(), h.moderator, moderation.Order{Messages: []inbox.MessageID{m.ID}, Act: moderation.Hide, Clause: s.Clause, Reason: "Iklan judi daring"})
		must(t, err)
		h.ring(t, moderation.KindEnforce)
	}
	return rule
}

// byRule says new gambling texts until one is hidden by a rule: a share of them
// is left to people.
func (h *house) byRule(t *testing.T, from int) (inbox.Message, moderation.Decision) {
	t.Helper()
	for i := range 12 {
		remote := h.say(t, advert(from+i))
		h.hear(t)
		m := h.message(t, remote)
		all, err := h.DecisionsOn(t.Context(), h.moderator, m.ID)
		must(t, err)
		if len(all) == 1 {
			return m, all[0]
		}
	}
	t.Fatal("no rule hides anything")
	return inbox.Message{}, moderation.Decision{}
}

func TestARuleHidesByItselfOnAPersonsOrderWhileItIsPrecise(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.Automatic = moderation.Automatic{Precision: 0.8, Decisions: 3, Plain: true, Sample: 0.01}
		ctx, admin, second := t.Context(), h.person(t, h.info, "bayu", identity.Admin), h.person(t, h.info, "wulan", identity.Moderator)
		rule := h.judged(t, 2)
		if err := h.SetRule(ctx, admin, rule, moderation.Auto, true); fault.Code(err) != "rule.auto_below_bar" {
			t.Errorf("two verdicts are enough: %v", err)
		}
		h.judged(t, 3) // two of them are copies of the first two
		if r := h.rule(t, admin, rule); r.Precision.N() < 3 || r.Precision.Share() != 1 || !r.MayAuto || !r.Holds || r.Mode != moderation.Suggests {
			t.Fatalf("%+v", r)
		}
		for name, c := range map[string]struct {
			by        identity.Actor
			rule      string
			mode      moderation.Mode
			confirmed bool
			code      string
		}{
			"a moderator":           {h.moderator, rule, moderation.Auto, true, "policy.no_power"},
			"another office":        {h.person(t, h.protokol, "indah", identity.Admin), rule, moderation.Auto, true, "rule.auto_below_bar"},
			"the program":           {identity.TheSystem("moderation", h.info.ID), rule, moderation.Auto, true, "policy.no_power"},
			"without confirming":    {admin, rule, moderation.Auto, false, "rule.auto_unconfirmed"},
			"personal data":         {admin, "data-pribadi", moderation.Auto, true, "rule.auto_not_spam"},
			"abuse":                 {admin, "makian-kasar", moderation.Auto, true, "rule.auto_not_spam"},
			"a mode nobody knows":   {admin, rule, "always", true, "rule.mode_unknown"},
			"a rule nobody has":     {admin, "semua", moderation.Off, true, "rule.not_found"},
			"copies that suggest":   {admin, moderation.CopyRule, moderation.Suggests, true, "rule.mode_unknown"},
			"a rule nobody decided": {admin, "penipuan", moderation.Auto, true, "rule.auto_below_bar"},
		} {
			if err := h.SetRule(ctx, c.by, c.rule, c.mode, c.confirmed); fault.Code(err) != c.code {
				t.Errorf("%s: %v, want %s", name, err, c.code)
			}
		}
		must(t, h.SetRule(ctx, admin, rule, moderation.Auto, true))
		m, dec := h.byRule(t, 10)
		if !dec.By.System() || dec.Rule != rule || dec.Ordered != admin.ID || dec.Ratify != moderation.RatifyDue || dec.Clause != "3.4" || dec.Reason == "" || dec.Policy != h.Policy.ID() || dec.Number == "" {
			t.Errorf("%+v", dec)
		}
		if h.world(t)[m.RemoteID].Hidden {
			t.Error("hidden before its evidence was committed")
		}
		h.ring(t, moderation.KindEnforce)
		if !h.world(t)[m.RemoteID].Hidden {
			t.Error("not hidden")
		}
		shown, err := h.Evidence(ctx, h.moderator, dec.ID, "Pengesahan")
		if err != nil || len(shown) != 1 || !strings.Contains(shown[0].Original.Text, "maxwin") || shown[0].Verdict.Suggestion.Rule != rule {
			t.Errorf("evidence %+v, %v", shown, err)
		}
		// Not yet a verdict: nobody has looked.
		before := h.rule(t, admin, rule).Precision
		must(t, h.Ratify(ctx, second, dec.ID, true, ""))
		if got := h.rule(t, admin, rule).Precision; got.Followed != before.Followed+1 {
			t.Errorf("a ratified one does not count: %+v after %+v", got, before)
		}
		for got := before; got.Share() >= 0.8; got = h.rule(t, admin, rule).Precision {
			m, dec = h.byRule(t, 30+int(got.N())*13)
			h.ring(t, moderation.KindEnforce)
			must(t, h.Ratify(ctx, second, dec.ID, false, "Bukan iklan, warga mengutip"))
			h.ring(t, moderation.KindEnforce)
			if h.world(t)[m.RemoteID].Hidden {
				t.Fatal("overruled and still hidden")
			}
		}
		next := h.say(t, advert(400))
		h.hear(t)
		if all, err := h.DecisionsOn(ctx, h.moderator, h.message(t, next).ID); err != nil || len(all) != 0 {
			t.Errorf("hidden by a rule below the bar: %+v, %v", all, err)
		}
		if r := h.rule(t, admin, rule); r.Mode != moderation.Suggests || !r.FellBack {
			t.Errorf("%+v", r)
		}
		deeds := h.deeds(t, "rule/"+h.Policy.ID()+"/"+rule)
		if got := strings.Join(deeds, " "); got != "rule.mode rule.fell_back" {
			t.Errorf("trail %q", got)
		}
	})
}

func TestASampleAlwaysGoesToAPerson(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.Automatic = moderation.Automatic{Precision: 0.8, Decisions: 1, Plain: true, Sample: 1}
		admin := h.person(t, h.info, "bayu", identity.Admin)
		rule := h.judged(t, 1)
		must(t, h.SetRule(t.Context(), admin, rule, moderation.Auto, true))
		remote := h.say(t, advert(40))
		h.hear(t)
		m := h.message(t, remote)
		all, err := h.DecisionsOn(t.Context(), h.moderator, m.ID)
		if err != nil || len(all) != 0 {
			t.Errorf("%+v, %v", all, err)
		}
		queue, err := h.Queue(t.Context(), h.moderator, "", 0)
		if err != nil || len(queue) != 1 || queue[0].ID != m.ID {
			t.Errorf("it does not wait for a person: %d, %v", len(queue), err)
		}
	})
}

func TestACopyFollowsADecidedTextUntilSomebodySaysOtherwise(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.Automatic = moderation.Automatic{Sample: 0.01, Copies: 48 * time.Hour}
		ctx, admin := t.Context(), h.person(t, h.info, "bayu", identity.Admin)
		h.judged(t, 1)
		followed := func() (n int) {
			for range 4 {
				remote := h.say(t, advert(0))
				h.hear(t)
				all, err := h.DecisionsOn(ctx, h.moderator, h.message(t, remote).ID)
				must(t, err)
				if len(all) == 1 && all[0].Rule == moderation.CopyRule && all[0].Ordered == h.moderator.ID {
					n++
				}
			}
			h.ring(t, moderation.KindEnforce)
			return n
		}
		if n := followed(); n != 0 {
			t.Errorf("%d copies were hidden although the rule is off", n)
		}
		must(t, h.SetRule(ctx, admin, moderation.CopyRule, moderation.Auto, true))
		if n := followed(); n < 2 {
			t.Errorf("%d of 4 copies follow", n)
		}
		remote := h.say(t, civil)
		h.hear(t)
		if all, err := h.DecisionsOn(ctx, h.moderator, h.message(t, remote).ID); err != nil || len(all) != 0 {
			t.Errorf("criticism: %+v, %v", all, err)
		}
		h.pass(49 * time.Hour)
		if n := followed(); n != 0 {
			t.Errorf("%d follow a decision that is too old", n)
		}
		h.judgedAgain(t)
		if n := followed(); n < 2 {
			t.Errorf("%d of 4 follow the new decision", n)
		}
		last := h.say(t, advert(0))
		h.hear(t)
		m := h.message(t, last)
		if m.HiddenAt.IsZero() {
			h.ring(t, moderation.KindEnforce)
		}
		if m = h.message(t, last); !m.HiddenAt.IsZero() {
			_, err := h.Decide(ctx, h.moderator, moderation.Order{Messages: []inbox.MessageID{m.ID}, Act: moderation.Restore, Reason: "Ternyata kutipan berita"})
			must(t, err)
			h.ring(t, moderation.KindEnforce)
			if n := followed(); n != 0 {
				t.Errorf("%d follow after a copy was restored", n)
			}
		}
	})
}

// judgedAgain hides one waiting copy.
func (h *house) judgedAgain(t *testing.T) {
	t.Helper()
	queue, err := h.Queue(t.Context(), h.moderator, "", 0)
	must(t, err)
	for _, c := range queue {
		s := c.Verdict.Suggestion
		if s.Act == moderation.Hide {
			_, err := h.Decide(t.Context(), h.moderator, moderation.Order{Messages: []inbox.MessageID{c.ID}, Act: moderation.Hide, Clause: s.Clause, Reason: "Iklan judi daring"})
			must(t, err)
			h.ring(t, moderation.KindEnforce)
			return
		}
	}
	t.Fatal("no copy waits")
}

func TestAShadowRuleRecordsAndProposesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		admin := h.person(t, h.info, "bayu", identity.Admin)
		for _, r := range []string{"judi-daring", "judi-samaran"} {
			must(t, h.SetRule(t.Context(), admin, r, moderation.Shadow, false))
		}
		m := h.heard(t, advert(1))
		v := moderation.VerdictOf(m)
		if v.Suggestion.Act != "" || len(v.Rules) == 0 || v.Rules[0].Mode != moderation.Shadow || v.Rules[0].Act != moderation.Hide {
			t.Errorf("%+v, %+v", v.Suggestion, v.Rules)
		}
		if r := h.rule(t, admin, v.Rules[0].Rule); r.Month != 1 || r.Precision.N() != 0 {
			t.Errorf("%+v", r)
		}
		must(t, h.SetRule(t.Context(), admin, "judi-daring", moderation.Off, false))
		v = moderation.VerdictOf(h.heard(t, advert(7)))
		for _, r := range v.Rules {
			if r.Rule == "judi-daring" {
				t.Error("a rule that is off still matches")
			}
		}
	})
}

func (h *house) heard(t *testing.T, text string) inbox.Message {
	t.Helper()
	remote := h.say(t, text)
	h.hear(t)
	return h.message(t, remote)
}

func TestAPolicyIsPutInForceByAPersonAndItsHistoryStays(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ctx, admin := t.Context(), h.person(t, h.info, "bayu", identity.Admin)
		if all, err := h.PolicyHistory(ctx, h.info.ID); err != nil || len(all) != 0 {
			t.Fatalf("%+v, %v", all, err)
		}
		h.judged(t, 1)
		old := h.Policy
		all, err := h.PolicyHistory(ctx, h.info.ID)
		if err != nil || len(all) != 1 || all[0].PolicyID() != old.ID() || !all[0].By.System() || !strings.Contains(all[0].YAML, "clauses:") {
			t.Fatalf("the first use is not written down: %+v, %v", all, err)
		}
		change := func(version int, title string) moderation.Policy {
			data := old.Source()
			data.Raw, data.Version, data.Title = nil, version, configs.Words{ID: title, EN: title}
			p, err := moderation.NewPolicy(data)
			must(t, err)
			return p
		}
		h.Policy = change(old.Version, "Diam-diam diubah")
		if err := h.Enact(ctx, admin); fault.Code(err) != "policy.version_reused" {
			t.Errorf("a changed text under the same number: %v", err)
		}
		if waits, why, err := h.Pending(ctx, h.info.ID); !waits || fault.Code(why) != "policy.version_reused" || err != nil {
			t.Errorf("%v, %v, %v", waits, why, err)
		}
		if p, err := h.PolicyIn(ctx, h.info.ID); err != nil || p.Title != old.Title {
			t.Errorf("%+v, %v", p.Title, err)
		}
		h.Policy = change(old.Version-1, "Lama")
		if err := h.Enact(ctx, admin); fault.Code(err) != "policy.version_older" {
			t.Errorf("an older number: %v", err)
		}
		h.Policy = change(old.Version+1, "Baru")
		if err := h.Enact(ctx, h.moderator); fault.Code(err) != "policy.no_power" {
			t.Errorf("a moderator: %v", err)
		}
		if m := h.heard(t, advert(20)); moderation.VerdictOf(m).Suggestion.Act != moderation.Hide {
			t.Error("nothing is suggested while a version waits")
		}
		must(t, h.Enact(ctx, admin))
		if err := h.Enact(ctx, admin); fault.Code(err) != "policy.in_force_already" {
			t.Errorf("twice: %v", err)
		}
		dec, err := h.Decide(ctx, h.moderator, moderation.Order{Messages: []inbox.MessageID{h.heard(t, advert(30)).ID}, Act: moderation.Hide, Clause: "3.4", Reason: "Iklan judi daring"})
		if err != nil || dec.Policy != fmt.Sprintf("contoh/%d", old.Version+1) {
			t.Errorf("%s, %v", dec.Policy, err)
		}
		all, err = h.PolicyHistory(ctx, h.info.ID)
		if err != nil || len(all) != 2 || all[0].By != admin.ID || all[1].PolicyID() != old.ID() {
			t.Errorf("%+v, %v", all, err)
		}
		for _, id := range []string{"contoh/1", "contoh/2", old.ID(), dec.Policy} {
			if p, err := h.PolicyNamed(ctx, h.info.ID, id); err != nil || p.ID() != id || len(p.Clauses) == 0 {
				t.Errorf("%s cannot be read: %v", id, err)
			}
		}
		if _, err := h.PolicyNamed(ctx, h.info.ID, "contoh/99"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%v", err)
		}
		if other, err := h.PolicyHistory(ctx, h.protokol.ID); err != nil || len(other) != 0 {
			t.Errorf("the other office: %+v, %v", other, err)
		}
		// The rule says what it said before, so what people decided still counts.
		if r := h.rule(t, admin, "judi-daring"); r.Precision.N() == 0 {
			t.Errorf("%+v", r)
		}
	})
}

func TestRulesAreTriedOnEarlierMessagesWithoutChangingAnything(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ctx, admin := t.Context(), h.person(t, h.info, "bayu", identity.Admin)
		h.judged(t, 2)
		left := h.heard(t, "Menang slot gacor maxwin, daftar sekarang NIK 3174052505900003")
		_, err := h.Decide(ctx, h.moderator, moderation.Order{Messages: []inbox.MessageID{left.ID}, Act: moderation.Keep, Reason: "Warga mengutip iklan"})
		must(t, err)
		h.heard(t, civil)
		h.heard(t, "Terima kasih, jalannya sudah mulus")
		draft := `
- {name: judi-ketat, title: {id: Ketat, en: Strict}, when: "labels.gambling >= 0.5", clause: "3.4", suggest: hide}
- {name: judi-bansos, title: {id: Dua, en: Two}, when: "labels.gambling >= 0.5 and has(\"daftar sekarang\")", clause: "3.4", suggest: hide}`
		o, err := h.Try(ctx, h.moderator, moderation.Trial{Draft: draft})
		must(t, err)
		if !o.Whole || o.Looked != 5 || o.Total != 5 || len(o.Rules) != 2 {
			t.Fatalf("%+v", o)
		}
		strict, words := o.Rules[0], o.Rules[1]
		if strict.Matched != 3 || strict.Acts[moderation.Hide] != 3 || strict.Precision != (moderation.Precision{Followed: 2, Overruled: 1}) || len(strict.Shown) != 3 {
			t.Errorf("%+v", strict)
		}
		if words.Matched != 1 || len(words.Months) != 1 || words.Months[0] != (moderation.TrialMonth{Month: "2026-11", Matched: 1, Left: 1}) {
			t.Errorf("%+v", words)
		}
		if strings.Contains(words.Shown[0].Masked, "3174052505900003") {
			t.Error("a number is shown")
		}
		byAdmin, err := h.Try(ctx, admin, moderation.Trial{Rule: "judi-daring"})
		if err != nil || byAdmin.Rules[0].Matched == 0 || len(byAdmin.Rules[0].Shown) != 0 {
			t.Errorf("whoever may not read messages: %+v, %v", byAdmin.Rules, err)
		}
		for name, c := range map[string]struct {
			by   identity.Actor
			t    moderation.Trial
			code string
		}{
			"an officer":            {h.person(t, h.info, "rina", identity.Officer), moderation.Trial{}, "policy.no_power"},
			"no such rule":          {admin, moderation.Trial{Rule: "semua"}, "rule.not_found"},
			"a draft for sentiment": {admin, moderation.Trial{Draft: strings.ReplaceAll(draft, "labels.gambling >= 0.5", "labels.negative >= 0.5")}, "policy.hides_by_sentiment"},
			"no YAML":               {admin, moderation.Trial{Draft: "a: [b"}, "policy.unreadable"},
		} {
			_, err := h.Try(ctx, c.by, c.t)
			if all := fault.All(err); len(all) == 0 || all[0].Code != c.code {
				t.Errorf("%s: %v, want %s", name, err, c.code)
			}
		}
		gone, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := h.Try(gone, admin, moderation.Trial{}); err == nil {
			t.Error("a trial that nobody waits for says nothing")
		}
		late, err := h.Try(ctx, admin, moderation.Trial{Budget: time.Nanosecond})
		if err != nil || late.Whole {
			t.Errorf("no time at all: %+v, %v", late, err)
		}
		other, err := h.Try(ctx, h.stranger, moderation.Trial{})
		if err != nil || other.Looked != 0 {
			t.Errorf("another office looked at %d messages, %v", other.Looked, err)
		}
		var noted []audit.Entry
		must(t, d.View(ctx, func(tx *db.Tx) (err error) {
			noted, err = audit.List(ctx, tx, audit.Query{Agency: h.info.ID, Limit: 1})
			return err
		}))
		if len(noted) != 1 || noted[0].Deed != "rule.dry_run" {
			t.Errorf("%+v", noted)
		}
	})
}
