package moderation_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kentongan/configs"
	"kentongan/inbox"
	"kentongan/internal/audit"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/moderation"
	"kentongan/publisher"
)

const (
	plainWords  = "Saya bertanya soal bansos, bukan promosi judi. Tolong diperiksa lagi."
	nik         = "3174052505900003"
	phone       = "081298765432"
	rulingWords = "Komentar ini pertanyaan tentang layanan, bukan promosi."
)

// hears lets the office hear objections by the rules shipped with the program.
func (h *house) hears(t *testing.T) {
	t.Helper()
	data, err := configs.ObjectionData("")
	must(t, err)
	chosen, err := data.Choose(configs.Default().Moderation.ObjectionClocks)
	must(t, err)
	h.Objections = moderation.ObjectionRules{Objection: data, Chosen: chosen}
	h.PublicURL = "https://media.tirtawangi.example"
}

func (h *house) filing(t *testing.T, number, why string) moderation.Filing {
	t.Helper()
	f, err := moderation.ReadFiling(number, why, db.NewID())
	must(t, err)
	return f
}

// hidden is a comment that the office hid, and its decision.
func (h *house) hidden(t *testing.T, ch channel.Channel, below string) (inbox.Message, moderation.Decision) {
	t.Helper()
	m := h.commented(t, ch, below, spamText)
	d, err := h.decide(t, m, moderation.Hide)
	must(t, err)
	h.ring(t, moderation.KindEnforce)
	if !h.world(t)[m.RemoteID].Hidden {
		t.Fatal("not hidden")
	}
	return m, d
}

func (h *house) objection(t *testing.T, by identity.Actor) moderation.Listed {
	t.Helper()
	all, err := h.OpenObjections(t.Context(), by)
	must(t, err)
	if len(all) != 1 {
		t.Fatalf("%d objections are open", len(all))
	}
	return all[0]
}

func TestACitizenObjectsAndAnotherModeratorRestores(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.hears(t)
		other := h.person(t, h.info, "wulan", identity.Moderator)
		m, dec := h.hidden(t, h.x, h.post)
		ctx := t.Context()
		c, err := h.Case(ctx, "diskominfo", dec.Number)
		if err != nil || !c.InSway || c.Cannot != nil || c.Objection != nil || c.Window.N != 21 {
			t.Fatalf("the case: %+v, %v", c, err)
		}
		f := h.filing(t, strings.ToLower(dec.Number), plainWords+" NIK saya "+nik)
		filed, err := h.File(ctx, "diskominfo", f)
		if err != nil || filed.Joined || len(filed.Receipt) != 23 || !filed.Timed || filed.Clock.ID != "adm.objdecide" {
			t.Fatalf("filed: %+v, %v", filed, err)
		}
		if again, err := h.File(ctx, "diskominfo", f); err != nil || again.Receipt != filed.Receipt {
			t.Errorf("the same form again: %+v, %v", again, err)
		}
		second, err := h.File(ctx, "diskominfo", h.filing(t, dec.Number, "Saya juga tidak setuju dengan keputusan ini."))
		if err != nil || !second.Joined || second.Receipt == filed.Receipt {
			t.Errorf("somebody else: %+v, %v", second, err)
		}
		must(t, h.Add(ctx, "diskominfo", strings.ToLower(filed.Receipt), "Tambahan: hubungi saya di "+phone, db.NewID()))
		if err := h.Add(ctx, "diskominfo", "00000-00000-00000-00000", "Bukan pemegangnya sama sekali", db.NewID()); fault.Code(err) != "objection.receipt_unknown" {
			t.Errorf("a guessed receipt: %v", err)
		}
		o := h.objection(t, other)
		if o.Words != 3 || o.Mine != nil || o.Number != dec.Number {
			t.Errorf("listed: %+v", o)
		}
		if mine := h.objection(t, h.moderator).Mine; fault.Code(mine) != "objection.took_part" {
			t.Errorf("who hid it: %v", mine)
		}
		open, err := h.Objected(ctx, other, o.ID)
		must(t, err)
		if len(open.Said) != 3 || strings.Contains(open.Said[0].Masked, nik) || strings.Contains(open.Said[2].Masked, phone) || !open.Said[2].Added {
			t.Errorf("what was said: %+v", open.Said)
		}
		if text, err := h.UnmaskWord(ctx, other, o.ID, open.Said[0].ID, "Mencocokkan dengan bukti"); err != nil || !strings.Contains(text, nik) {
			t.Errorf("unmasked: %q, %v", text, err)
		}
		if _, err := h.UnmaskWord(ctx, other, o.ID, open.Said[0].ID, " "); fault.Code(err) != "message.unmask.no_purpose" {
			t.Errorf("without a purpose: %v", err)
		}
		grant := moderation.Ruling{Outcome: moderation.ObjectionGranted, Reason: rulingWords}
		if _, err := h.DecideObjection(ctx, h.moderator, o.ID, grant); fault.Code(err) != "objection.took_part" {
			t.Errorf("the same person: %v", err)
		}
		if _, err := h.DecideObjection(ctx, h.stranger, o.ID, grant); fault.KindOf(err) != fault.NotFound {
			t.Errorf("another agency: %v", err)
		}
		got, err := h.DecideObjection(ctx, other, o.ID, grant)
		must(t, err)
		if h.world(t)[m.RemoteID].Hidden == false {
			t.Error("restored before the promise was kept")
		}
		if c, _ := h.Case(ctx, "diskominfo", dec.Number); c.Objection == nil || c.Objection.Undoing != moderation.Waiting {
			t.Errorf("on its way: %+v", c.Objection)
		}
		h.ring(t, moderation.KindEnforce, moderation.KindNotice)
		if h.world(t)[m.RemoteID].Hidden || !h.message(t, m.RemoteID).HiddenAt.IsZero() {
			t.Error("not shown again")
		}
		c, err = h.ByReceipt(ctx, "diskominfo", filed.Receipt)
		if err != nil || c.Objection.State != moderation.ObjectionGranted || c.Objection.Undoing != moderation.Done || c.Objection.Reason != rulingWords || c.InSway {
			t.Errorf("what the objector sees: %+v %+v, %v", c, c.Objection, err)
		}
		if trail := strings.Join(h.deeds(t, "objection/"+string(o.ID)), " "); trail != "objection.file objection.join objection.add objection.unmask objection.granted" {
			t.Errorf("trail %q", trail)
		}
		if trail := strings.Join(h.deeds(t, "decision/"+string(got.UndoneBy)), " "); !strings.HasPrefix(trail, "decision.restore") || !strings.Contains(trail, "decision.done") {
			t.Errorf("trail of the restoring %q", trail)
		}
		if _, err := h.File(ctx, "diskominfo", h.filing(t, dec.Number, plainWords)); fault.Code(err) != "objection.heard_already" {
			t.Errorf("after the decision: %v", err)
		}
		h.countHeard(t, moderation.ObjectionGranted)
		h.notAgainAlone(t, m, other)
	})
}

// notAgainAlone: what an objection gave back is hidden again only by two, as
// long as its words are the same.
func (h *house) notAgainAlone(t *testing.T, m inbox.Message, other identity.Actor) {
	t.Helper()
	again := moderation.Order{Messages: []inbox.MessageID{m.ID}, Act: moderation.Hide, Clause: "3.4", Reason: "Tetap promosi judi daring"}
	if _, err := h.Decide(t.Context(), h.moderator, again); fault.Code(err) != "decision.cleared" {
		t.Errorf("hidden again alone: %v", err)
	}
	b, err := h.DecideCase(t.Context(), h.moderator, again)
	if err != nil || b.Proposal == "" || b.Decision.ID != "" {
		t.Fatalf("not proposed: %+v, %v", b, err)
	}
	if _, err := h.Confirm(t.Context(), h.moderator, b.Proposal); fault.Code(err) != "decision.same_person" {
		t.Errorf("confirmed by who proposed it: %v", err)
	}
	d, err := h.Confirm(t.Context(), other, b.Proposal)
	if err != nil || d.By != h.moderator.ID || d.Second != other.ID {
		t.Errorf("confirmed: %+v, %v", d, err)
	}
}

func (h *house) countHeard(t *testing.T, state string) {
	t.Helper()
	must(t, h.DB.View(t.Context(), func(tx *db.Tx) error {
		all, err := moderation.Objections(t.Context(), tx, h.info.ID, monday.AddDate(0, -1, 0))
		if err == nil && (len(all) != 1 || all[0].State != state || all[0].DoneAt.IsZero() || all[0].Clause != "3.4" || all[0].Platform != "x") {
			t.Errorf("counted %+v", all)
		}
		return err
	}))
}

func TestNothingPersonalReachesTheTrailOfAnObjection(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.hears(t)
		_, dec := h.hidden(t, h.x, h.post)
		filed, err := h.File(t.Context(), "diskominfo", h.filing(t, dec.Number, "Nama saya Bambang, NIK "+nik+", HP "+phone))
		must(t, err)
		secrets := []string{nik, phone, "Bambang", filed.Receipt}
		var rows []string
		must(t, h.DB.View(t.Context(), func(tx *db.Tx) error {
			all, err := audit.List(t.Context(), tx, audit.Query{Agency: h.info.ID, Limit: 1000})
			for _, e := range all {
				rows = append(rows, e.Deed+" "+e.Subject+" "+e.Detail+" "+string(e.Actor))
			}
			if err != nil {
				return err
			}
			promises, err := db.All(t.Context(), tx, db.Value[string], `SELECT kind || ' ' || key || ' ' || note FROM promise`)
			rows = append(rows, promises...)
			if err != nil {
				return err
			}
			live, err := db.All(t.Context(), tx, db.Value[string], `SELECT subject FROM live`)
			rows = append(rows, live...)
			return err
		}))
		if len(rows) < 10 {
			t.Fatalf("only %d rows: the look is blind", len(rows))
		}
		for _, row := range rows {
			for _, s := range secrets {
				if strings.Contains(row, s) {
					t.Errorf("%q is in %q", s, row)
				}
			}
		}
		must(t, h.DB.View(t.Context(), func(tx *db.Tx) error {
			kept, err := db.All(t.Context(), tx, db.Value[string], `SELECT masked || ' ' || receipt || ' ' || form FROM objection_word`)
			if err == nil && (len(kept) != 1 || strings.Contains(kept[0], nik) || strings.Contains(kept[0], phone) || strings.Contains(kept[0], filed.Receipt)) {
				t.Errorf("kept in clear: %q", kept)
			}
			return err
		}))
	})
}

func TestOfTwoWhoDecideAtOnceOneDoes(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.hears(t)
		people := []identity.Actor{h.person(t, h.info, "wulan", identity.Moderator), h.person(t, h.info, "yoga", identity.Moderator)}
		_, dec := h.hidden(t, h.x, h.post)
		_, err := h.File(t.Context(), "diskominfo", h.filing(t, dec.Number, plainWords))
		must(t, err)
		o := h.objection(t, people[0])
		outcomes := []string{moderation.ObjectionGranted, moderation.ObjectionDenied}
		errs := make([]error, 2)
		var both sync.WaitGroup
		for i := range people {
			both.Go(func() {
				_, errs[i] = h.DecideObjection(t.Context(), people[i], o.ID, moderation.Ruling{Outcome: outcomes[i], Reason: rulingWords})
			})
		}
		both.Wait()
		won := 0
		for i, err := range errs {
			switch {
			case err == nil:
				won++
				c, err := h.Case(t.Context(), "diskominfo", dec.Number)
				if err != nil || c.Objection.State != outcomes[i] {
					t.Errorf("%s won, the case says %+v, %v", outcomes[i], c.Objection, err)
				}
			case fault.Code(err) != "objection.decided":
				t.Errorf("the other one: %v", err)
			}
		}
		if won != 1 {
			t.Errorf("%d decided: %v", won, errs)
		}
		restores := 0
		all, err := h.Decisions(t.Context(), h.moderator, "", 0)
		must(t, err)
		for _, x := range all {
			if x.Act == moderation.Restore {
				restores++
			}
		}
		if c, _ := h.Case(t.Context(), "diskominfo", dec.Number); restores != map[string]int{"granted": 1, "denied": 0}[c.Objection.State] {
			t.Errorf("%d restorings of an objection that was %s", restores, c.Objection.State)
		}
	})
}

func TestTwoWhoObjectAtOnceShareOneObjection(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.hears(t)
		_, dec := h.hidden(t, h.x, h.post)
		errs := make([]error, 6)
		var all sync.WaitGroup
		filings := make([]moderation.Filing, len(errs))
		for i := range errs {
			filings[i] = h.filing(t, dec.Number, plainWords)
		}
		for i := range errs {
			all.Go(func() { _, errs[i] = h.File(t.Context(), "diskominfo", filings[i]) })
		}
		all.Wait()
		for _, err := range errs {
			must(t, err)
		}
		if o := h.objection(t, h.moderator); o.Words != int64(len(errs)) {
			t.Errorf("%d texts of %d are kept", o.Words, len(errs))
		}
	})
}

func TestWhereNoOtherModeratorIsWhoSignsDecides(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	h.hears(t)
	leader := h.person(t, h.info, "dewi", identity.Leader)
	_, dec := h.hidden(t, h.x, h.post)
	_, err := h.File(t.Context(), "diskominfo", h.filing(t, dec.Number, plainWords))
	must(t, err)
	o := h.objection(t, leader)
	if o.Mine != nil {
		t.Fatalf("nobody decides: %v", o.Mine)
	}
	other := h.person(t, h.info, "wulan", identity.Moderator)
	if mine := h.objection(t, leader).Mine; fault.Code(mine) != "objection.moderators_first" {
		t.Errorf("a moderator has come: %v", mine)
	}
	_, err = h.DecideObjection(t.Context(), other, o.ID, moderation.Ruling{Outcome: moderation.ObjectionDenied, Reason: rulingWords})
	must(t, err)
	h.countHeard(t, moderation.ObjectionDenied)
	if c, err := h.Case(t.Context(), "diskominfo", dec.Number); err != nil || !c.InSway || c.Objection.Undoing != "" {
		t.Errorf("a denied one changed something: %+v, %v", c, err)
	}
}

func TestWhatIsNoCaseIsNotFound(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	h.hears(t)
	m := h.commented(t, h.x, h.post, civil)
	kept, err := h.Decide(t.Context(), h.moderator, moderation.Order{Messages: []inbox.MessageID{m.ID}, Act: moderation.Keep, Reason: "Kritik yang sah dan sopan"})
	must(t, err)
	_, dec := h.hidden(t, h.x, h.post)
	for what, c := range map[string]struct{ slug, number string }{
		"a number nobody has":             {"diskominfo", "MOD-2026-09999-K7QX"},
		"a case without its suffix":       {"diskominfo", dec.Number[:14]},
		"what was left as it is":          {"diskominfo", kept.Number},
		"a case of another office":        {"protokol", dec.Number},
		"an office that does not exist":   {"tidak-ada", dec.Number},
		"an office that is not even one ": {"' OR 1=1 --", dec.Number},
	} {
		if _, err := h.Case(t.Context(), c.slug, c.number); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", what, err)
		}
		if _, err := h.File(t.Context(), c.slug, h.filing(t, c.number, plainWords)); fault.Code(err) != "objection.case_unknown" && fault.KindOf(err) != fault.NotFound {
			t.Errorf("objecting to %s: %v", what, err)
		}
	}
}

// Numbers follow one another, but nobody walks through them: without what
// cannot be guessed, and with it wrong, a case that exists is answered as one
// that does not, to the letter.
func TestWalkingNumbersFindsNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	h.hears(t)
	var whole []string
	for range 3 {
		_, dec := h.hidden(t, h.x, h.post)
		whole = append(whole, dec.Number)
	}
	unknown := func(number string) (looked, filed error) {
		_, looked = h.Case(t.Context(), "diskominfo", number)
		_, filed = h.File(t.Context(), "diskominfo", h.filing(t, number, plainWords))
		return looked, filed
	}
	looked, filed := unknown("MOD-2026-09999-K7QX")
	if looked == nil || filed == nil {
		t.Fatal("a number nobody has is found")
	}
	for serial := 1; serial <= len(whole)+1; serial++ {
		bare := fmt.Sprintf("MOD-2026-%05d", serial)
		for _, typed := range []string{bare, bare + "-K7QX", bare + "-0000", strings.ReplaceAll(bare, "-", ""), fmt.Sprintf("mod 2026 %d", serial)} {
			if slices.Contains(whole, typed) {
				continue // drawn, once in a million
			}
			l, f := unknown(typed)
			if l == nil || f == nil || l.Error() != looked.Error() || f.Error() != filed.Error() {
				t.Errorf("%q: %v and %v, unlike %v and %v", typed, l, f, looked, filed)
			}
		}
	}
	for i, number := range whole {
		if want := fmt.Sprintf("MOD-2026-%05d-", i+1); !strings.HasPrefix(number, want) || !caseShape.MatchString(number) {
			t.Errorf("%s does not follow: want %s…", number, want)
		}
		spoken := strings.NewReplacer("0", "o", "1", "l", "-", " ").Replace(strings.ToLower(number))
		if c, err := h.Case(t.Context(), "diskominfo", spoken); err != nil || c.Number != number {
			t.Errorf("%q: %q, %v", spoken, c.Number, err)
		}
	}
	if subjects, differ, err := h.CompareAccount(t.Context()); err != nil || subjects != len(whole) || len(differ) != 0 {
		t.Errorf("the trail counts %d cases, %v, %v", subjects, differ, err)
	}
}

// caseShape is a whole case number: nothing in its suffix is read as another.
var caseShape = regexp.MustCompile(`^MOD-2026-\d{5}-[0-9A-HJKMNP-TV-Z]{4}$`)

func TestObjectionsEndWithTheirWindow(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	h.hears(t)
	_, first := h.hidden(t, h.x, h.post)
	_, second := h.hidden(t, h.x, h.post)
	h.pass(29*24*time.Hour + 6*time.Hour) // 22 December, a quarter past three in the afternoon: the last hour
	if _, err := h.File(t.Context(), "diskominfo", h.filing(t, first.Number, plainWords)); err != nil {
		t.Errorf("in the last hour: %v", err)
	}
	h.pass(2 * time.Hour)
	if _, err := h.File(t.Context(), "diskominfo", h.filing(t, second.Number, plainWords)); fault.Code(err) != "objection.too_late" {
		t.Errorf("after the close of the last day: %v", err)
	}
	if c, err := h.Case(t.Context(), "diskominfo", second.Number); err != nil || fault.Code(c.Cannot) != "objection.too_late" {
		t.Errorf("the page of the case: %+v, %v", c.Cannot, err)
	}
	if _, err := h.File(t.Context(), "diskominfo", h.filing(t, first.Number, plainWords)); err != nil {
		t.Errorf("adding to one that is heard: %v", err)
	}
}

func TestTheAuthorIsToldPrivatelyOnceAndTheClockRunsOn(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.hears(t)
		ch := h.connect(t, "facebook")
		below := h.posted(t, ch, "Layanan KTP pindah gedung")
		m, dec := h.hidden(t, ch, below)
		draft, err := h.DraftNotice(t.Context(), h.moderator, m.ID, moderation.Hide, "3.4", "Promosi judi")
		if err != nil || draft.Way != moderation.Privately || !strings.Contains(draft.Text, "21 hari kerja") || !strings.Contains(draft.Text, "{tautan}") {
			t.Errorf("draft: %+v, %v", draft, err)
		}
		h.ring(t, moderation.KindNotice, publisher.KindDeliver, publisher.KindAnswered)
		told := h.toldOf(t, m)
		if len(told) != 1 || !strings.Contains(told[0], dec.Number) || !strings.Contains(told[0], "https://media.tirtawangi.example/t/diskominfo/kasus/"+dec.Number) || !strings.Contains(told[0], "3.4") {
			t.Fatalf("told %q", told)
		}
		all, err := h.NoticesOf(t.Context(), h.moderator, dec.ID)
		if err != nil || len(all) != 1 || all[0].Stands() != "sent" || all[0].Way != moderation.Privately {
			t.Errorf("notices: %+v, %v", all, err)
		}
		if c := h.load(t, m.Conversation); !c.AnsweredAt.IsZero() {
			t.Error("a notice has stopped the clock")
		}
		// Meta allows one private answer to a comment: the second is not even tried.
		other := h.person(t, h.info, "wulan", identity.Moderator)
		h.grant(t, h.object(t, dec, other), other)
		h.carried(t)
		all, err = h.NoticesOf(t.Context(), other, dec.ID)
		if err != nil || len(all) != 2 || all[1].Stands() != moderation.NoticeNone || all[1].Code != "notice.told_once" || len(h.toldOf(t, m)) != 1 {
			t.Errorf("told of the outcome: %+v, %v", all, err)
		}
	})
}

// toldOf lists what the author of a comment was told in private.
func (h *house) toldOf(t *testing.T, m inbox.Message) (all []string) {
	t.Helper()
	for _, p := range h.world(t) {
		if p.Ours && p.Private == m.RemoteID {
			all = append(all, p.Text)
		}
	}
	return all
}
