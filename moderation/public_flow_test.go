package moderation

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// attack is somebody who knows every published number of a table and tries
// each whole number that a covered one could be: it solves by brute force what
// Publish must have made unsolvable, by other means than Publish itself.
type attack struct {
	t      Table
	lo, hi map[[2]string]int64
	cells  [][2]string
}

func newAttack(t Table, most int64) attack {
	a := attack{t: t, lo: map[[2]string]int64{}, hi: map[[2]string]int64{}}
	nothing := t.At(Every, Every).Told == Small
	for k, c := range t.cells {
		switch c.Told {
		case Exact:
			a.lo[k], a.hi[k] = c.N, c.N
		case Small:
			a.lo[k], a.hi[k] = 1, 4
			under := nothing && k != [2]string{Every, Every}
			if k[0] != Every && k[1] != Every {
				under = under || t.At(k[0], Every).Told == Small || t.At(Every, k[1]).Told == Small
			}
			if under {
				a.lo[k] = 0
			}
		case Covered:
			a.lo[k], a.hi[k] = 5, most
		}
	}
	for _, c := range t.Clauses {
		for _, p := range t.Places {
			a.cells = append(a.cells, [2]string{c, p})
		}
	}
	return a
}

// learns returns, for each number, the values that fit everything published.
func (a attack) learns() map[[2]string]map[int64]bool {
	fits := map[[2]string]map[int64]bool{}
	for k := range a.t.cells {
		fits[k] = map[int64]bool{}
	}
	sums := map[[2]string]int64{}
	var try func(i int)
	try = func(i int) {
		if i == len(a.cells) {
			for _, c := range a.t.Clauses {
				if k := [2]string{c, Every}; sums[k] < a.lo[k] {
					return
				}
			}
			for _, p := range a.t.Places {
				if k := [2]string{Every, p}; sums[k] < a.lo[k] {
					return
				}
			}
			all := [2]string{Every, Every}
			if sums[all] < a.lo[all] {
				return
			}
			for k := range fits {
				fits[k][sums[k]] = true
			}
			return
		}
		k := a.cells[i]
		over := [][2]string{k, {k[0], Every}, {Every, k[1]}, {Every, Every}}
		for n := a.lo[k]; n <= a.hi[k]; n++ {
			ok := true
			for _, o := range over {
				sums[o] += n
				ok = ok && sums[o] <= a.hi[o]
			}
			if ok {
				try(i + 1)
			}
			for _, o := range over {
				sums[o] -= n
			}
		}
	}
	try(0)
	return fits
}

func countsOf(rows [][]int64) (all []Count) {
	for i, row := range rows {
		for j, n := range row {
			all = append(all, Count{Measure: MeasureHidden, Clause: fmt.Sprintf("3.%d", i+1), Place: string(rune('a' + j)), By: ByPerson, N: n})
		}
	}
	return all
}

func TestNoSmallNumberCanBeSubtracted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why  string
		rows [][]int64
	}{
		{"one small cell in a full table", [][]int64{{9, 3}, {8, 7}}},
		{"one small cell, its sums all told", [][]int64{{12, 2}, {0, 0}}},
		{"two fours: their sum would tell both", [][]int64{{4, 4}}},
		{"two fours in a column", [][]int64{{4}, {4}}},
		{"four ones below a small sum", [][]int64{{1, 1}, {1, 1}}},
		{"a small clause beside a large one", [][]int64{{1, 0}, {14, 11}}},
		{"everything small but the sum", [][]int64{{1, 2}, {3, 1}}},
		{"a five beside a one", [][]int64{{5, 1}}},
		{"a diagonal", [][]int64{{3, 0}, {0, 9}}},
		{"a small diagonal", [][]int64{{3, 0}, {0, 4}}},
		{"nothing at all", [][]int64{{0, 0}, {0, 0}}},
		{"one citizen", [][]int64{{1, 0}, {0, 0}}},
	} {
		resists(t, c.why, c.rows)
	}
}

// resists fails when the attack finds a small number, or when the account lies.
func resists(t *testing.T, why string, rows [][]int64) {
	t.Helper()
	table := Publish(MeasureHidden, countsOf(rows), []string{"3.1"}, nil)
	true_ := map[[2]string]int64{}
	for _, c := range countsOf(rows) {
		for _, k := range [][2]string{{c.Clause, c.Place}, {c.Clause, Every}, {Every, c.Place}, {Every, Every}} {
			true_[k] += c.N
		}
	}
	fits := newAttack(table, 30).learns()
	for k, c := range table.cells {
		n := true_[k]
		switch {
		case c.Told == Exact && (c.N != n || isSmall(n)):
			t.Errorf("%s: %v is told as %d, and is %d", why, k, c.N, n)
		case c.Told == Small && n >= SmallestTold, c.Told == Covered && n < SmallestTold:
			t.Errorf("%s: %v is %d and is told as %s", why, k, n, c.Text())
		case !fits[k][n]:
			t.Errorf("%s: the attack misses the truth of %v: it proves nothing", why, k)
		case isSmall(n) && len(fits[k]) < 2:
			t.Errorf("%s: %v is told as %s and can only be %v\n%v", why, k, c.Text(), fits[k], rows)
		}
	}
}

// Small tables of every shape, with the seed printed so that one can be had again.
func TestNoSmallNumberCanBeSubtractedFromAnyTable(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	pick := []int64{0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 8}
	for range 1500 {
		rows := make([][]int64, 1+r.IntN(2))
		width := 1 + r.IntN(3)
		for i := range rows {
			for range width {
				rows[i] = append(rows[i], pick[r.IntN(len(pick))])
			}
		}
		resists(t, "random", rows)
	}
}

// What people decided, what the program did, and their sum: three numbers of
// which any two would tell the third.
func TestWhatTheProgramDidIsNotToldByWhatPeopleDid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why             string
		people, program int64
		want            string // people, program, sum
	}{
		{"both large", 40, 12, "40 12 52"},
		{"no program at all", 40, 0, "40 0 40"},
		{"few by the program", 40, 3, ">=5 <5 43"},
		{"few by people", 2, 30, "<5 >=5 32"},
		{"few by both", 3, 3, "<5 <5 6"},
		{"four and four: their sum would tell both", 4, 4, "<5 <5 >=5"},
		{"hardly anything", 1, 1, "<5 <5 <5"},
		{"nothing", 0, 0, "0 0 0"},
	} {
		table := Publish(MeasureHidden, []Count{
			{Measure: MeasureHidden, Clause: "3.4", Place: "x", By: ByPerson, N: c.people},
			{Measure: MeasureHidden, Clause: "3.4", Place: "x", By: ByProgram, N: c.program},
		}, nil, nil)
		got := table.By(ByPerson).Text() + " " + table.By(ByProgram).Text() + " " + table.At(Every, Every).Text()
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.why, got, c.want)
		}
	}
}
