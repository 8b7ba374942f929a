package moderation

import (
	"testing"

	"kentongan/configs"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
)

// TestTheDoorForRulesOpensForNothingElse tries the warrant itself, which nothing
// outside the room can make.
func TestTheDoorForRulesOpensForNothingElse(t *testing.T) {
	t.Parallel()
	all, err := configs.Policies()
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewPolicy(all[0])
	if err != nil {
		t.Fatal(err)
	}
	const agency = identity.AgencyID("a")
	item := Item{Agency: agency, Evidence: true, Labels: []Label{Gambling}}
	good := func() (warrant, Wanted) {
		return warrant{rule: "judi-daring", ordered: "person", holds: true}, Wanted{Act: Hide, Clause: "3.4", Items: []Item{item}}
	}
	system := identity.TheSystem("moderation", agency)
	a, w := good()
	w.warrant = &a
	if err := Check(p, system, w); err != nil {
		t.Fatalf("a lawful one: %v", err)
	}
	for name, change := range map[string]func(*warrant, *Wanted){
		"without a warrant":                    func(_ *warrant, w *Wanted) { w.warrant = nil },
		"below the bar":                        func(a *warrant, _ *Wanted) { a.holds = false },
		"on nobody's order":                    func(a *warrant, _ *Wanted) { a.ordered = "" },
		"on the program's own order":           func(a *warrant, _ *Wanted) { a.ordered = system.ID },
		"deleting":                             func(_ *warrant, w *Wanted) { w.Act = Remove },
		"blocking":                             func(_ *warrant, w *Wanted) { w.Act = Block },
		"warning":                              func(_ *warrant, w *Wanted) { w.Act = Warn },
		"restoring":                            func(_ *warrant, w *Wanted) { w.Act = Restore },
		"keeping":                              func(_ *warrant, w *Wanted) { w.Act = Keep },
		"two at once":                          func(_ *warrant, w *Wanted) { w.Items = append(w.Items, item) },
		"none":                                 func(_ *warrant, w *Wanted) { w.Items = nil },
		"another agency's message":             func(_ *warrant, w *Wanted) { w.Items[0].Agency = "b" },
		"abuse":                                func(_ *warrant, w *Wanted) { w.Items[0].Labels = []Label{Abusive} },
		"no label":                             func(_ *warrant, w *Wanted) { w.Items[0].Labels = nil },
		"gambling from somebody in danger":     func(_ *warrant, w *Wanted) { w.Items[0].Labels = []Label{Gambling, SafetyPlea} },
		"a rule of the policy on abuse":        func(a *warrant, _ *Wanted) { a.rule = "makian-kasar" },
		"a rule of the policy on other people": func(a *warrant, w *Wanted) { a.rule, w.Clause = "data-pribadi", "4.1" },
		"a rule that the policy does not have": func(a *warrant, _ *Wanted) { a.rule = "semua" },
		"under another clause than its rule's": func(_ *warrant, w *Wanted) { w.Clause = "3.1" },
		"a copy, under a protected clause":     func(a *warrant, w *Wanted) { a.rule, w.Clause = CopyRule, "2.1" },
		"without evidence":                     func(_ *warrant, w *Wanted) { w.Items[0].Evidence = false },
		"what is hidden already":               func(_ *warrant, w *Wanted) { w.Items[0].Hidden = true },
		"what its author has deleted":          func(_ *warrant, w *Wanted) { w.Items[0].Deleted = true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, w := good()
			w.warrant = &a
			change(&a, &w)
			if err := Check(p, system, w); len(fault.All(err)) == 0 {
				t.Error("let through")
			}
		})
	}
}

func TestAPersonCannotUseTheDoorForRules(t *testing.T) {
	t.Parallel()
	p := Policy{Clauses: []Clause{{Number: "3.4", Acts: []Act{Hide}}}}
	w := Wanted{Act: Hide, Clause: "3.4", Reason: "Iklan judi daring", Items: []Item{{Agency: "a", Evidence: true, Labels: []Label{Gambling}}},
		warrant: &warrant{rule: CopyRule, ordered: "person", holds: true}}
	stranger := identity.NewActor("x", "x", "a", identity.Web, map[identity.AgencyID][]identity.Role{"a": {identity.Officer}})
	if err := Check(p, stranger, w); fault.Code(err) != "decision.not_moderator" {
		t.Errorf("%v", err)
	}
}

func TestPrecisionIsNotBelievedBeforeThereAreVerdictsEnough(t *testing.T) {
	t.Parallel()
	usual, plain := Automatic{}, Automatic{Plain: true}
	for name, c := range map[string]struct {
		a     Automatic
		p     Precision
		holds bool
	}{
		"nothing yet":                            {usual, Precision{}, false},
		"ten of ten":                             {usual, Precision{Followed: 10}, false},
		"ten of ten, the plain share":            {plain, Precision{Followed: 10}, false},
		"199 of 199":                             {usual, Precision{Followed: 199}, false},
		"200 of 200":                             {usual, Precision{Followed: 200}, true},
		"199 of 200: the interval is too wide":   {usual, Precision{Followed: 199, Overruled: 1}, false},
		"199 of 200, the plain share":            {plain, Precision{Followed: 199, Overruled: 1}, true},
		"196 of 200, the plain share":            {plain, Precision{Followed: 196, Reversed: 4}, true},
		"195 of 200, the plain share":            {plain, Precision{Followed: 195, Overruled: 4, Reversed: 1}, false},
		"2,000 of 2,020":                         {usual, Precision{Followed: 2000, Overruled: 20}, true},
		"as many wrong as right":                 {usual, Precision{Followed: 5000, Reversed: 5000}, false},
		"the office asks for less":               {Automatic{Precision: 0.9, Decisions: 50}, Precision{Followed: 50}, true},
		"the office asks for more than is known": {Automatic{Decisions: 1000}, Precision{Followed: 999}, false},
	} {
		if got := c.a.Holds(c.p); got != c.holds {
			low, high := c.p.Interval()
			t.Errorf("%s: %v, interval %.4f to %.4f", name, got, low, high)
		}
	}
}
