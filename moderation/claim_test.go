package moderation_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/moderation"
)

// flagged fills the queue with n different cases and returns the list as it
// stands.
func (h *house) flagged(t *testing.T, n int) []moderation.Case {
	t.Helper()
	for i := range n {
		h.say(t, fmt.Sprintf("%s nomor %s", spamText, words[i%len(words)]+words[i/len(words)%len(words)]))
	}
	h.hear(t)
	all, err := h.Queue(t.Context(), h.moderator, "", 500)
	must(t, err)
	if len(all) != n {
		t.Fatalf("%d cases wait, not %d", len(all), n)
	}
	return all
}

var words = [...]string{"melati", "kenanga", "mawar", "anggrek", "cempaka", "teratai", "kamboja", "dahlia"}

// Eight people take the next case until none is left: nobody gets another's.
func TestTwoPeopleNeverGetTheSameCase(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		const people, cases = 8, 24
		h.flagged(t, cases)
		var mu sync.Mutex
		got := map[inbox.MessageID]identity.PersonID{}
		var wg sync.WaitGroup
		for n := range people {
			by := h.person(t, h.info, "moderator"+words[n], identity.Moderator)
			wg.Go(func() {
				for {
					id, err := h.Next(t.Context(), by, moderation.CaseQuery{})
					if err != nil {
						t.Error(err)
						return
					}
					if id == "" {
						return
					}
					mu.Lock()
					if other, twice := got[id]; twice {
						t.Errorf("%s went to two: %s and %s", id, other, by.ID)
					}
					got[id] = by.ID
					mu.Unlock()
					_, err = h.Decide(t.Context(), by, moderation.Order{Messages: []inbox.MessageID{id}, Act: moderation.Keep, Reason: "Tidak melanggar pedoman"})
					if err != nil {
						t.Errorf("deciding what one holds: %v", err)
						return
					}
				}
			})
		}
		wg.Wait()
		if len(got) != cases {
			t.Errorf("%d of %d cases were given out", len(got), cases)
		}
		all, err := h.Decisions(t.Context(), h.moderator, "", 500)
		if err != nil || len(all) != cases {
			t.Errorf("%d decisions, %v", len(all), err)
		}
	})
}

// A case stays with who opened it, is refused to others by name, and is free
// again when they leave, decide, or have done nothing for ten minutes.
func TestACaseIsHeldAndGivenBack(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		all := h.flagged(t, 3)
		other := h.person(t, h.info, "wayan", identity.Moderator)
		ctx := t.Context()
		first, err := h.Next(ctx, h.moderator, moderation.CaseQuery{})
		if err != nil || first != all[0].ID {
			t.Fatalf("%s, %v: not the first by risk", first, err)
		}
		if again, err := h.Next(ctx, h.moderator, moderation.CaseQuery{}); err != nil || again != first {
			t.Errorf("who holds a case gets another: %v", err)
		}
		keep := moderation.Order{Messages: []inbox.MessageID{first}, Act: moderation.Keep, Reason: "Tidak melanggar pedoman"}
		if _, err := h.Decide(ctx, other, keep); fault.Code(err) != "decision.held" || fault.Find(err).Args["name"] != "ratih" {
			t.Errorf("deciding under another's hands: %v", err)
		}
		if c, err := h.Open(ctx, other, first); err != nil || !c.Held(other.ID, h.Now()) {
			t.Errorf("%+v, %v", c, err)
		}
		seen, err := h.Cases(ctx, other, moderation.CaseQuery{})
		must(t, err)
		if len(seen) != 3 || !seen[0].Claim.Held(other.ID, h.Now()) || seen[0].Claim.By != h.moderator.ID || seen[1].Claim.By != "" {
			t.Errorf("the list does not say who holds what: %+v", seen[0].Claim)
		}
		for holding, want := range map[moderation.Holding]int{moderation.Free: 2, moderation.Taken: 1, moderation.Anybody: 3} {
			if some, err := h.Cases(ctx, other, moderation.CaseQuery{Holding: holding}); err != nil || len(some) != want {
				t.Errorf("%q: %d cases, %v", holding, len(some), err)
			}
		}
		h.pass(9 * time.Minute)
		if _, err := h.Open(ctx, h.moderator, first); err != nil { // still at it: the lease begins anew
			t.Fatal(err)
		}
		h.pass(9 * time.Minute)
		if next, err := h.Next(ctx, other, moderation.CaseQuery{}); err != nil || next == first {
			t.Errorf("a renewed case was given away: %v", err)
		}
		h.pass(2 * time.Minute)
		must(t, h.Leave(ctx, other))
		if next, err := h.Next(ctx, other, moderation.CaseQuery{}); err != nil || next != first {
			t.Errorf("an expired case is not given on: %s, %v", next, err)
		}
		if _, err := h.Decide(ctx, h.moderator, keep); fault.Code(err) != "decision.held" {
			t.Errorf("who let it expire decides: %v", err)
		}
		must(t, h.Leave(ctx, other))
		if _, err := h.Decide(ctx, h.moderator, keep); err != nil {
			t.Errorf("given back, and still refused: %v", err)
		}
	})
}

// What one person decided while another had the page open is not decided over.
func TestADecisionIsNotMadeOverANewerOne(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	id := h.flagged(t, 1)[0].ID
	other := h.person(t, h.info, "wayan", identity.Moderator)
	unseen := moderation.DecisionID("")
	keep := moderation.Order{Messages: []inbox.MessageID{id}, Act: moderation.Keep, Reason: "Tidak melanggar pedoman", Seen: &unseen}
	first, err := h.Decide(t.Context(), other, keep)
	must(t, err)
	hide := moderation.Order{Messages: []inbox.MessageID{id}, Act: moderation.Hide, Clause: "3.4", Reason: "Promosi judi daring", Seen: &unseen}
	if _, err := h.Decide(t.Context(), h.moderator, hide); fault.Code(err) != "decision.decided_meanwhile" {
		t.Errorf("decided over %s: %v", first.Number, err)
	}
	hide.Seen = &first.ID
	if _, err := h.Decide(t.Context(), h.moderator, hide); err != nil {
		t.Errorf("knowing of it: %v", err)
	}
}

// What harms most comes first, what has waited longer overtakes, and criticism
// stands last whatever it waits.
func TestTheQueueGoesByRiskAndAge(t *testing.T) {
	t.Parallel()
	p := samplePolicy(t)
	at := func(minutes int) time.Time { return monday.Add(time.Duration(minutes) * time.Minute) }
	place := func(priority int64, clause string, posted time.Time, labels ...string) int64 {
		return moderation.QueueAt(p, moderation.Shown{Priority: priority, Suggestion: moderation.Suggestion{Clause: clause}}, labels, posted)
	}
	fraud, gambling := place(500, "3.1", at(0), "fraud"), place(300, "3.4", at(0), "gambling")
	spam := place(300, "3.7", at(0), "gambling")
	critical := place(900, "2.1", at(-600), "criticism")
	for sentence, right := range map[string]bool{
		"fraud before gambling of the same age":                     fraud < gambling,
		"a severe clause before a light one":                        gambling < spam,
		"gambling that waits four hours longer before fraud":        place(300, "3.4", at(-240), "gambling") < fraud,
		"gambling that waits one hour longer still behind fraud":    place(300, "3.4", at(-60), "gambling") > fraud,
		"criticism behind everything, though older and more urgent": critical > spam,
		"criticism with gambling in it is no criticism only":        place(300, "3.4", at(0), "criticism", "gambling") == gambling,
		"criticism without a suggestion is last, too":               place(200, "", at(0), "criticism", "complaint") > spam,
		"a plea that criticises is not put last":                    place(1000, "", at(0), "life_safety", "criticism") < fraud,
	} {
		if !right {
			t.Errorf("not so: %s", sentence)
		}
	}
}
