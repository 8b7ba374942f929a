package train_test

import (
	"os"
	"testing"

	"kentongan/internal/model/train"
)

// public reads the sets that are kept beside the project, never in it.
func public(t *testing.T) []train.Set {
	t.Helper()
	const folder = "../../../../shared/moderation"
	if _, err := os.Stat(folder); err != nil {
		t.Skip("moderation data: not beside this checkout, so nothing to measure")
	}
	sets, err := train.ReadFolder(folder)
	if err != nil {
		t.Fatal(err)
	}
	return sets
}

// TestFiguresOfQuickHeads holds the heads that train in seconds to their
// targets. All figures are printed by "kentongan moderation eval --data".
func TestFiguresOfQuickHeads(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("short: trains on the public sets")
	}
	sets := public(t)
	sms, buckets, err := train.SMS(sets, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := train.MacroF1(3)(sms.Cross(buckets)); got < .945 {
		t.Errorf("text messages: macro-F1 %.3f", got)
	}
	var rows []train.Row
	for _, s := range sets {
		for i, r := range s.Rows {
			if i%3 == 0 && s.Name != "local-abusive" {
				rows = append(rows, r)
			}
		}
	}
	sum, hits, ordinary := 0.0, 0, 0
	for _, test := range train.LeaveOneOut(rows, train.Clusters(train.Texts(rows)), 1) {
		var judged []train.Judged
		for i, r := range test.Rows {
			var j train.Judged
			if r.Has("gambling") {
				j.True = 1
			}
			if test.Values[i] > train.GamblingValue {
				j.Said = 1
			}
			switch r.Source {
			case test.Source:
				judged = append(judged, j)
			case "okky2019", "smsa", "emot", "nusax":
				ordinary++
				hits += int(j.Said)
			}
		}
		f1 := train.F1Of(0)(judged)
		t.Logf("%s left out, a third of the rows: F1 %.3f", test.Source, f1)
		if sum += f1 / 2; f1 < .75 {
			t.Errorf("%s left out: F1 %.3f", test.Source, f1)
		}
	}
	if sum < .9 || float64(hits) > .001*float64(ordinary) {
		t.Errorf("gambling: mean F1 %.3f, %d hits in %d ordinary messages", sum, hits, ordinary)
	}
}
