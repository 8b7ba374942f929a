package moderation

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"kentongan/configs"
	"kentongan/inbox"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/pii"
)

func shippedRules(t *testing.T, chosen ...string) ObjectionRules {
	t.Helper()
	data, err := configs.ObjectionData("")
	if err != nil {
		t.Fatal(err)
	}
	return ObjectionRules{Objection: data, Chosen: chosen}
}

func workingClock(t *testing.T, zone string) inbox.Clock {
	t.Helper()
	years, err := configs.Calendars()
	if err != nil {
		t.Fatal(err)
	}
	calendar, err := inbox.NewCalendar(years)
	if err != nil {
		t.Fatal(err)
	}
	k, err := inbox.NewClock(calendar, inbox.Terms{Zone: zone})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestCaseNumbersAreReadAsPeopleTypeThem(t *testing.T) {
	t.Parallel()
	const whole = "MOD-2026-00042-K7QX"
	for typed, want := range map[string]string{
		whole: whole, " mod-2026-42-k7qx ": whole, "MOD 2026 00042 K7QX": whole, "mod–2026–00042—k7qx": whole, "MOD202600042K7QX": whole, "mod2026 42 k7 qx": whole,
		"m0d-2o26-ooo42-K7QX": whole, "MOD-2026-000000042-K7QX.": whole, "MOD\u00ad-2026-\u200b00042-K7QX": whole, "MOD_2026_00042_K7QX": whole,
		"mod-2026-1l0-oiLx": "MOD-2026-00110-011X", "MOD-2026-00042-00A0": "MOD-2026-00042-00A0", "MOD20260004200A0": "MOD-2026-00042-00A0", "MOD-2026-123456-9Z11": "MOD-2026-123456-9Z11",
		// Without a suffix it is a number, and the number of nothing.
		"MOD-2026-00042": "MOD-2026-00042", "mod 2026 42": "MOD-2026-00042", "MOD202600042": "MOD-2026-00042", "MOD-2026-123456": "MOD-2026-123456",
		"": "", "MOD-2026-0": "", "MOD-2026-0-K7QX": "", "MOD-2026-": "", "42": "", "K7QX": "", "TWG-2610-0342": "", "MOD-2026-1234567890": "", "MOD-2026-00042'--": "",
		"MOD-2026-00042-K7Q": "", "MOD-2026-00042-K7QXX": "", "MOD-2026-123456-K7Q": "", "MOD-2026-42K7QX": "", "MOD-2026-00042-K7QU": "", "MOD-2026-00042-%7QX": "", "MOD-2026-00042-ſ7QX": "", strings.Repeat("M", 200): "",
	} {
		got, ok := ReadNumber(typed)
		if got != want || ok != (want != "") {
			t.Errorf("%q is read as %q, %v; want %q", typed, got, ok, want)
		}
	}
}

// What stands behind a number is drawn anew each time, of letters that are not
// mistaken, and is taken for nothing else where numbers stand in a text.
func TestASuffixIsDrawnAndReadBack(t *testing.T) {
	t.Parallel()
	drawn, used := map[string]bool{}, map[rune]bool{}
	for n := range 4000 {
		number := newNumber(time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC), time.UTC, int64(n)*37+1)
		suffix := number[strings.LastIndexByte(number, '-')+1:]
		drawn[suffix] = true
		for _, r := range suffix {
			used[r] = true
		}
		for _, typed := range []string{number, strings.ToLower(number), strings.ReplaceAll(number, "-", ""), strings.ReplaceAll(strings.ReplaceAll(number, "0", "O"), "1", "l")} {
			if got, ok := ReadNumber(typed); !ok || got != number {
				t.Fatalf("%q is read as %q, want %q", typed, got, number)
			}
		}
		for _, text := range []string{"Nomor kasus " + number + ". Keberatan: https://media.example/t/diskominfo/kasus/" + number, "kenapa " + number + " disembunyikan"} {
			if got := pii.Mask(text).Text; got != text {
				t.Errorf("taken for somebody's: %q", got)
			}
		}
	}
	if len(drawn) < 3950 || len(used) != 32 { // of a million, 8 of 4,000 are expected twice
		t.Errorf("%d different ones of 4000, of %d letters", len(drawn), len(used))
	}
}

func TestWhichClockHolds(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	k := workingClock(t, "WIB")
	for _, c := range []struct {
		what, stop string
		chosen     []string
		act        Act
		id         string
		day        string
		unverified bool
	}{
		{"the law's, where the office has chosen it", configs.ObjectionFiled, []string{"adm.objection"}, Block, "adm.objection", "2026-12-22", true},
		{"no limit to object, where it has not", configs.ObjectionFiled, nil, Hide, "", "", false},
		{"ten working days to decide by law", configs.ObjectionDecided, []string{"adm.objdecide"}, Hide, "adm.objdecide", "2026-12-07", true},
		{"the office's own promise otherwise", configs.ObjectionDecided, nil, Hide, "office.objdecide", "2026-12-07", false},
		{"no clock for what takes nothing", configs.ObjectionFiled, []string{"adm.objection"}, Keep, "", "", false},
	} {
		run, ok := shippedRules(t, c.chosen...).Start(k, c.stop, c.act, from)
		if ok != (c.id != "") || run.ID != c.id {
			t.Errorf("%s: %q, %v", c.what, run.ID, ok)
			continue
		}
		if ok && (run.Due.Format(time.DateOnly) != c.day || !run.Certain || run.Unverified() != c.unverified || run.Source == "") {
			t.Errorf("%s: %+v", c.what, run)
		}
	}
}

func TestBothReadingsOfAWorkingDayAreKept(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("WIB", 7*3600)
	run, _ := shippedRules(t, "adm.objdecide").Start(workingClock(t, "WIB"), configs.ObjectionDecided, Hide, time.Date(2026, 3, 13, 10, 0, 0, 0, zone))
	if run.Due.In(zone).Format(time.DateOnly) != "2026-04-06" || run.OtherDue.In(zone).Format(time.DateOnly) != "2026-03-30" {
		t.Errorf("due %v or %v", run.Due, run.OtherDue)
	}
	if !run.Alarm().Equal(run.OtherDue) {
		t.Errorf("the alarm waits for the later date: %v", run.Alarm())
	}
	if run.closed(run.OtherDue.Add(time.Hour)) || !run.closed(run.Due.Add(time.Hour)) {
		t.Error("a citizen's time ends with the earlier reading")
	}
	// No decree for 2027 exists: nothing closes on a guess.
	run, _ = shippedRules(t, "adm.objection").Start(workingClock(t, "WIB"), configs.ObjectionFiled, Hide, time.Date(2026, 12, 28, 10, 0, 0, 0, zone))
	if run.Certain || run.closed(run.Due.AddDate(1, 0, 0)) {
		t.Errorf("closed on an estimate: %+v", run)
	}
}

func TestWhenAnObjectionIsHeard(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	over := Running{ObjectionClock: configs.ObjectionClock{N: 21}, Due: now.Add(-time.Hour), Certain: true}
	guess := over
	guess.Certain = false
	for _, c := range []struct {
		what string
		s    standing
		code string
	}{
		{"hidden", standing{Act: Hide, State: Done, InSway: 1}, ""},
		{"one of several is still hidden though the platform refused others", standing{Act: Hide, State: Failed, InSway: 1}, ""},
		{"another objection is open: it is joined, whatever the time", standing{Act: Hide, State: Done, Open: true, Window: over, Timed: true}, ""},
		{"decided before", standing{Act: Hide, State: Done, InSway: 1, Heard: true}, "objection.heard_already"},
		{"not carried out yet", standing{Act: Hide, State: Waiting}, "objection.not_carried_out"},
		{"a person has still to do it", standing{Act: Hide, State: ByHand}, "objection.not_carried_out"},
		{"the platform refused it", standing{Act: Hide, State: Failed}, "objection.never_carried_out"},
		{"shown again already", standing{Act: Hide, State: Done}, "objection.restored_already"},
		{"unblocked already", standing{Act: Block, State: Done}, "objection.unblocked_already"},
		{"too late", standing{Act: Hide, State: Done, InSway: 1, Window: over, Timed: true}, "objection.too_late"},
		{"too late by days that nobody has decreed", standing{Act: Hide, State: Done, InSway: 1, Window: guess, Timed: true}, ""},
		{"too late, where the office chose no limit", standing{Act: Hide, State: Done, InSway: 1, Window: over}, ""},
	} {
		if err := c.s.check(now); fault.Code(err) != c.code {
			t.Errorf("%s: %v, want %q", c.what, err, c.code)
		}
	}
}

func TestWhoDecidesAnObjection(t *testing.T) {
	t.Parallel()
	who := func(id identity.PersonID, roles ...identity.Role) identity.Actor {
		return identity.NewActor(id, string(id), "a", identity.Web, map[identity.AgencyID][]identity.Role{"a": roles})
	}
	h := hearing{Agency: "a", State: ObjectionOpen, Act: Hide, Clause: "3.4", TookPart: []identity.PersonID{"siti", "rule-switcher"}, Others: 1}
	alone := h
	alone.Others = 0
	for _, c := range []struct {
		what string
		h    hearing
		by   identity.Actor
		code string
	}{
		{"a moderator who took no part", h, who("ratih", identity.Moderator), ""},
		{"who took the decision", h, who("siti", identity.Moderator), "objection.took_part"},
		{"who switched the rule on", h, who("rule-switcher", identity.Moderator, identity.Approver), "objection.took_part"},
		{"who signs, while a moderator is left", h, who("hendra", identity.Approver), "objection.moderators_first"},
		{"who signs, when none is left", alone, who("hendra", identity.Approver), ""},
		{"the leader, when none is left", alone, who("dewi", identity.Leader), ""},
		{"who took part, even when none is left", alone, who("siti", identity.Moderator, identity.Approver), "objection.took_part"},
		{"an administrator, who may see nobody's data", alone, who("bayu", identity.Admin), "objection.no_power"},
		{"an auditor", alone, who("agus", identity.Auditor), "objection.no_power"},
		{"a moderator of another agency", h, identity.NewActor("mega", "mega", "b", identity.Web, map[identity.AgencyID][]identity.Role{"b": {identity.Moderator}}), "objection.no_power"},
		{"the program", alone, identity.TheSystem("moderation", "a"), "objection.person_only"},
	} {
		if err := c.h.mayHear(c.by); fault.Code(err) != c.code {
			t.Errorf("%s: %v, want %q", c.what, err, c.code)
		}
	}
}

func TestWhatARulingNeeds(t *testing.T) {
	t.Parallel()
	policy := Policy{Clauses: []Clause{{Number: "2.1", Protected: true}, {Number: "3.4", Acts: []Act{Hide}}, {Number: "3.7", Acts: []Act{Hide}}, {Number: "3.2", Acts: []Act{Escalate}}}}
	by := identity.NewActor("ratih", "Ratih", "a", identity.Web, map[identity.AgencyID][]identity.Role{"a": {identity.Moderator}})
	h := hearing{Agency: "a", State: ObjectionOpen, Act: Hide, Clause: "3.4"}
	reason := "Ini pertanyaan tentang layanan, bukan promosi."
	for _, c := range []struct {
		what string
		r    Ruling
		code string
	}{
		{"granted with a reason", Ruling{Outcome: ObjectionGranted, Reason: reason}, ""},
		{"denied with a reason", Ruling{Outcome: ObjectionDenied, Reason: reason}, ""},
		{"nineteen letters and many signs", Ruling{Outcome: ObjectionDenied, Reason: "ab cde fgh ijk lmn opqrs!!!!!!!!!!!!"}, "objection.reason_short"},
		{"a reason that names a telephone number", Ruling{Outcome: ObjectionDenied, Reason: reason + " Hubungi 081298765432."}, "objection.reason_personal"},
		{"an outcome nobody knows", Ruling{Outcome: "maybe", Reason: reason}, "objection.outcome_unknown"},
		{"in part, by another clause", Ruling{Outcome: ObjectionPartly, Reason: reason, Clause: "3.7"}, ""},
		{"in part, by the same clause", Ruling{Outcome: ObjectionPartly, Reason: reason, Clause: "3.4"}, "objection.clause_same"},
		{"in part, by one that protects", Ruling{Outcome: ObjectionPartly, Reason: reason, Clause: "2.1"}, "objection.clause_cannot"},
		{"in part, by one that does not allow the act", Ruling{Outcome: ObjectionPartly, Reason: reason, Clause: "3.2"}, "objection.clause_cannot"},
		{"in part, by none", Ruling{Outcome: ObjectionPartly, Reason: reason}, "objection.clause_cannot"},
	} {
		if err := h.checkRuling(policy, by, c.r); fault.Code(err) != c.code {
			t.Errorf("%s: %v, want %q", c.what, err, c.code)
		}
	}
	h.State = ObjectionDenied
	if err := h.checkRuling(policy, by, Ruling{Outcome: ObjectionGranted, Reason: reason}); fault.Code(err) != "objection.decided" {
		t.Errorf("decided already: %v", err)
	}
}

func TestANoticeAlwaysSaysHowToObject(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"Komentar Anda disembunyikan.", "Kasus {nomor}.", "Lihat {tautan}", "{nomor} {tautan}", ""} {
		if got := addressed(text); strings.Count(got, "{nomor}") != 1 || strings.Count(got, "{tautan}") != 1 {
			t.Errorf("%q became %q", text, got)
		}
	}
	s := saying{reason: " Promosi  judi ", number: "MOD-2026-00001-K7QX", link: "https://media.example/t/a/kasus/MOD-2026-00001-K7QX"}
	if got := s.fill("Alasan: {alasan} Nomor {nomor}, {tautan}"); got != "Alasan: Promosi judi. Nomor MOD-2026-00001-K7QX, https://media.example/t/a/kasus/MOD-2026-00001-K7QX" {
		t.Error(got)
	}
}

// What a stranger types is read without harm: nothing invisible, nothing
// broken, nothing too long, and no identity number in what is shown.
func FuzzReadFiling(f *testing.F) {
	f.Add("MOD-2026-00042-K7QX", "Ini kritik atas layanan, bukan penipuan", "abcdefghijklmnopqrstuvwxyz")
	f.Add("mod 2026 42 k7qx", "NIK saya 3174052505900003 dan HP 0812-9876-5432\r\n\x00\u202e", "")
	f.Add("\xff\xfe", strings.Repeat("😀", 3000), "x")
	f.Fuzz(func(t *testing.T, number, why, form string) {
		got, err := ReadFiling(number, why, form)
		if !utf8.ValidString(got.Why) || strings.ContainsAny(got.Why, "\x00\r\u202e\u200b") {
			t.Errorf("kept %q", got.Why)
		}
		if got.Number != "" {
			if again, ok := ReadNumber(got.Number); !ok || again != got.Number {
				t.Errorf("%q is read as %q", got.Number, again)
			}
		}
		if err != nil {
			return
		}
		if n := utf8.RuneCountInString(got.Why); n > maxWhy || got.Number == "" {
			t.Errorf("passed: %d letters, number %q", n, got.Number)
		}
		for _, p := range pii.Find(pii.Mask(got.Why).Text) {
			if p.Kind == pii.NIK && p.Certainty == pii.Sure {
				t.Errorf("%q is shown", p.Span().Of(pii.Mask(got.Why).Text))
			}
		}
	})
}
