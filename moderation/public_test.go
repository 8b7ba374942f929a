package moderation_test

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"kentongan/moderation"
)

type labelled struct {
	Text   string
	Labels []string
}

func (l labelled) has(label string) bool { return slices.Contains(l.Labels, label) }

// public reads one of the labelled sets that are kept beside the project, never
// in it: most may not be passed on.
func public(t testing.TB, name string) []labelled {
	t.Helper()
	file, err := os.Open("../../shared/moderation/" + name + ".jsonl")
	if err != nil {
		t.Skip("moderation data: not beside this checkout, so nothing to measure")
	}
	defer file.Close()
	var out []labelled
	s := bufio.NewScanner(file)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		var row labelled
		if err := json.Unmarshal(s.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		out = append(out, row)
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestFiguresOnPublicData prints precision and recall of the rules, and holds
// them to what a rule set must keep: hardly a false hit.
func TestFiguresOnPublicData(t *testing.T) {
	c := moderation.NewClassifier()
	for _, set := range []struct {
		name      string
		label     moderation.Label
		called    string  // the set's own name for it; "" where there is none
		precision float64 // at least
		recall    float64
		hits      float64 // at most, as a share of a set that has none
	}{
		{"judol-gbennnn", moderation.Gambling, "gambling", .98, .65, 0},
		{"judol-muzazr", moderation.Gambling, "gambling", .98, .45, 0},
		{"okky2019", moderation.Gambling, "", 0, 0, .001},
		{"nusax", moderation.Gambling, "", 0, 0, .001},
		{"smsa", moderation.Gambling, "", 0, 0, .001},
		{"okky2019", moderation.Abusive, "abusive", .93, .55, 0},
		{"nusax", moderation.Abusive, "", 0, 0, .005},
		{"smsa", moderation.SafetyPlea, "", 0, 0, .003},
		{"sms", moderation.Fraud, "fraud", .95, .25, 0},
	} {
		rows := thin(public(t, set.name))
		hit, wrong, missed := 0, 0, 0
		for _, row := range rows {
			got, want := c.Classify(row.Text).Has(set.label), slices.Contains(row.Labels, set.called)
			switch {
			case got && want:
				hit++
			case got:
				wrong++
			case want:
				missed++
			}
		}
		if set.called == "" {
			share := float64(wrong) / float64(len(rows))
			t.Logf("%-13s %-11s %d false hits in %d", set.name, set.label, wrong, len(rows))
			if share > set.hits {
				t.Errorf("%s: %.4f of ordinary messages are called %s", set.name, share, set.label)
			}
			continue
		}
		precision, recall := float64(hit)/float64(max(1, hit+wrong)), float64(hit)/float64(max(1, hit+missed))
		t.Logf("%-13s %-11s precision %.3f recall %.3f in %d", set.name, set.label, precision, recall, len(rows))
		if precision < set.precision || recall < set.recall {
			t.Errorf("%s: precision %.3f, recall %.3f of %s", set.name, precision, recall, set.label)
		}
	}
}

// thin keeps every third row: enough for the figures, and quick.
func thin(rows []labelled) []labelled {
	out := rows[:0]
	for i := 0; i < len(rows); i += 3 {
		out = append(out, rows[i])
	}
	return out
}
