package train_test

import (
	"math"
	"testing"

	"kentongan/internal/model/train"
)

// Ten texts with three labels (1, 2, 4), counted by hand.
func byHand() []train.Judged {
	pairs := [][2]uint64{{1, 1}, {1, 3}, {2, 2}, {2, 0}, {0, 0}, {0, 1}, {3, 3}, {3, 1}, {4, 2}, {0, 0}}
	var rows []train.Judged
	for i, p := range pairs {
		rows = append(rows, train.Judged{True: p[0], Said: p[1], Cluster: i})
	}
	return rows
}

func TestFiguresAgreeWithThoseCountedByHand(t *testing.T) {
	t.Parallel()
	rows := byHand()
	counts := train.Tally(rows, 3)
	if counts[0] != (train.Count{Hit: 4, Wrong: 1}) || counts[1] != (train.Count{Hit: 2, Wrong: 2, Missed: 2}) || counts[2] != (train.Count{Missed: 1}) {
		t.Fatalf("counts %+v", counts)
	}
	for _, f := range []struct {
		what      string
		got, want float64
	}{
		{"precision of the first", counts[0].Precision(), 4. / 5},
		{"recall of the second", counts[1].Recall(), 2. / 4},
		{"F1 of the first", counts[0].F1(), 8. / 9},
		{"F1 of one label", train.F1Of(1)(rows), .5},
		{"F1 of a label never found", counts[2].F1(), 0},
		{"macro F1", train.MacroF1(3)(rows), (8./9 + .5) / 3},
		{"macro F1 leaves out a label that nobody has or says", train.MacroF1(5)(rows), (8./9 + .5) / 3},
		{"micro F1", train.MicroF1(3)(rows), 12. / 18},
		{"exact match", train.Exact(rows), .5},
		{"Jaccard", train.Jaccard(rows), (1 + .5 + 1 + 0 + 1 + 0 + 1 + .5 + 0 + 1) / 10},
	} {
		if math.Abs(f.got-f.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", f.what, f.got, f.want)
		}
	}
}

// Cohen 1960 as in the textbooks' example: 20 and 15 agreed, 5 and 10 not.
func TestKappaOfTheTextbook(t *testing.T) {
	t.Parallel()
	var rows []train.Judged
	for _, cell := range []struct {
		a, b uint64
		n    int
	}{{1, 1, 20}, {1, 0, 5}, {0, 1, 10}, {0, 0, 15}} {
		for range cell.n {
			rows = append(rows, train.Judged{True: cell.a, Said: cell.b})
		}
	}
	if got := train.Kappa(rows); math.Abs(got-.4) > 1e-12 {
		t.Errorf("kappa %v, want .4", got)
	}
	if got := train.Kappa(nil); got != 0 {
		t.Errorf("kappa of nothing is %v", got)
	}
}

// The interval of a share from n independent texts is known: p ± 1.96·√(p(1-p)/n).
func TestBootstrapGivesTheKnownInterval(t *testing.T) {
	t.Parallel()
	var rows []train.Judged
	for i := range 400 {
		rows = append(rows, train.Judged{True: 1, Said: uint64(min(i%5, 1)), Cluster: i})
	}
	e := train.Bootstrap(rows, train.Exact, 1)
	half := 1.96 * math.Sqrt(.8*.2/400)
	if e.Value != .8 || math.Abs(e.Low-(.8-half)) > .008 || math.Abs(e.High-(.8+half)) > .008 {
		t.Errorf("%+v, want .8 ± %.3f", e, half)
	}
	if again := train.Bootstrap(rows, train.Exact, 1); again != e {
		t.Errorf("the same seed gave %+v", again)
	}
	for i := range rows {
		rows[i].Cluster = i / 40 // ten witnesses are fewer than four hundred
	}
	rows[0].Said, rows[5].Said = 1, 1
	for i := range 40 {
		rows[i].Said = 0
	}
	if wide := train.Bootstrap(rows, train.Exact, 1); wide.High-wide.Low < 2*(e.High-e.Low) {
		t.Errorf("copies count as witnesses of their own: %+v", wide)
	}
}
