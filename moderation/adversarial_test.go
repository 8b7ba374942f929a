package moderation_test

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"kentongan/internal/model"
	"kentongan/moderation"
)

// disguise is one line of our own adversarial sets.
type disguise struct{ Kind, Text string }

func disguises(t *testing.T, name string) (kinds []string, byKind map[string][]string) {
	t.Helper()
	file, err := os.Open("testdata/adversarial/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	byKind = map[string][]string{}
	for s := bufio.NewScanner(file); s.Scan(); {
		var d disguise
		if err := json.Unmarshal(s.Bytes(), &d); err != nil {
			t.Fatalf("%s: %v", s.Text(), err)
		}
		if !slices.Contains(kinds, d.Kind) {
			kinds = append(kinds, d.Kind)
		}
		byKind[d.Kind] = append(byKind[d.Kind], d.Text)
	}
	return kinds, byKind
}

// lookers are the rules alone, and with the model where the program has one.
func lookers(t *testing.T) map[string]*moderation.Classifier {
	t.Helper()
	all := map[string]*moderation.Classifier{"rules": moderation.NewClassifier()}
	if model.Built(false) {
		m, err := model.Open(false)
		if err != nil {
			t.Fatal(err)
		}
		all["rules and model"] = moderation.NewClassifier().With(m)
	}
	return all
}

// Our own disguised gambling lines, with names that no data set has. Recall is
// printed by kind of disguise.
func TestDisguisedGamblingIsFound(t *testing.T) {
	t.Parallel()
	kinds, lines := disguises(t, "judi.jsonl")
	for who, c := range lookers(t) {
		found, all := 0, 0
		for _, kind := range kinds {
			hit := 0
			var missed []string
			for _, s := range lines[kind] {
				v := c.Classify(s)
				if !v.Has(moderation.Gambling) {
					missed = append(missed, s)
					continue
				}
				hit++
				if len(v.ReasonsFor(moderation.Gambling)) == 0 {
					t.Errorf("no reason is given for %q", s)
				}
			}
			n := len(lines[kind])
			t.Logf("%-16s %-32s %2d of %2d", who, kind, hit, n)
			if hit*10 < n*6 {
				t.Errorf("%s: only %d of %d lines with %s are found; missed: %q", who, hit, n, kind, missed)
			}
			found, all = found+hit, all+n
		}
		t.Logf("%-16s %-32s %d of %d", who, "all", found, all)
		if all < 500 || len(kinds) < 12 || found*100 < all*95 {
			t.Errorf("%s: %d of %d lines in %d kinds of disguise", who, found, all, len(kinds))
		}
	}
}

// Lines with the same surface that advertise nothing.
func TestOrdinaryLinesAreNoGambling(t *testing.T) {
	t.Parallel()
	kinds, lines := disguises(t, "biasa.jsonl")
	for who, c := range lookers(t) {
		wrong, all := 0, 0
		for _, kind := range kinds {
			for _, s := range lines[kind] {
				all++
				v := c.Classify(s)
				for _, l := range []moderation.Label{moderation.Gambling, moderation.Fraud} {
					if v.Has(l) {
						wrong++
						t.Logf("%s: %s: called %s: %q %v", who, kind, l, s, v.ReasonsFor(l))
					}
				}
			}
		}
		t.Logf("%s: %d of %d ordinary lines are called gambling or scam", who, wrong, all)
		if all < 300 || wrong*100 > all {
			t.Errorf("%s: %d of %d ordinary lines would be taken for spam", who, wrong, all)
		}
	}
}
