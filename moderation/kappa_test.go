package moderation_test

import (
	"math"
	"testing"

	"kentongan/moderation"
)

func pairs(n int, first, second string) (all []moderation.Pair) {
	for range n {
		all = append(all, moderation.Pair{First: first, Second: second})
	}
	return all
}

func near(got, want float64) bool { return math.Abs(got-want) < 5e-4 }

// The figures are worked out by hand beside each case.
func TestAgreementBeyondChance(t *testing.T) {
	t.Parallel()
	join := func(parts ...[]moderation.Pair) (all []moderation.Pair) {
		for _, p := range parts {
			all = append(all, p...)
		}
		return all
	}
	for name, c := range map[string]struct {
		pairs            []moderation.Pair
		kappa, low, high float64
		agreed           int
		defined          bool
	}{
		"nobody has decided twice": {nil, 0, 0, 0, 0, false},
		// po 1, pe 1: 0/0.
		"both always said the same one thing": {pairs(9, "keep", "keep"), 0, 0, 0, 9, false},
		// po 1, pe .5: kappa 1, and the variance is 0.
		"they agree on everything, and on different things": {join(pairs(5, "keep", "keep"), pairs(5, "3.4", "3.4")), 1, 1, 1, 10, true},
		// po .7; rows .5 .5, columns .6 .4, pe .5; kappa .4. Variance (.02743 + .02547 - .0025) / (50 x .0625) = .016128, half 1.96 x .126996 = .2489.
		"fifty, of which thirty-five agree": {join(pairs(20, "keep", "keep"), pairs(5, "keep", "3.4"), pairs(10, "3.4", "keep"), pairs(15, "3.4", "3.4")), .4, .1511, .6489, 35, true},
		// po 0, pe .5: kappa -1; variance: same 0; other .5 x 1 + .5 x 1 = 1; rest (0 - 1 + 0)² = 1: 0.
		"each says what the other does not": {join(pairs(4, "keep", "3.1"), pairs(4, "3.1", "keep")), -1, -1, -1, 0, true},
		// One rater never varies: po = pe = .5, kappa 0. same .5 x (.5 - 1.5 x .5)² = .03125; other .25 x .5 x (.5 + 0)² = .03125 where
		// column of keep is .5 and row of 3.1 is 0; rest (.25 - 1 + .5)² = .0625: 0.
		"one of them always keeps": {join(pairs(5, "keep", "keep"), pairs(5, "keep", "3.1")), 0, 0, 0, 5, true},
	} {
		a := moderation.Agree(c.pairs)
		if a.N != len(c.pairs) || a.Agreed != c.agreed || a.Defined != c.defined || !near(a.Kappa, c.kappa) || !near(a.Low, c.low) || !near(a.High, c.high) {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

func TestAgreementOnOneClauseLooksAtNoOther(t *testing.T) {
	t.Parallel()
	all := append(append(pairs(3, "3.1", "3.4"), pairs(3, "keep", "keep")...), pairs(4, "3.4", "3.4")...)
	a := moderation.Agree(moderation.OneAgainstRest(all, "3.4"))
	// 3.4 or not: 4 yes/yes, 3 no/yes, 3 no/no. po .7; rows .4 .6, columns .7 .3; pe .28 + .18 = .46; kappa .24/.54.
	if a.Agreed != 7 || !near(a.Kappa, .4444) {
		t.Errorf("%+v", a)
	}
}
