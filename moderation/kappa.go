package moderation

import "math"

// Pair is one item that two persons decided about without knowing of each
// other: "keep", or the clause by which they would restrict.
type Pair struct{ First, Second string }

// Agreement says how far two persons' decisions agree beyond chance.
type Agreement struct {
	N        int
	Agreed   int
	Observed float64 // share of the pairs that agree
	Kappa    float64 // Cohen's; meaningless unless Defined
	Low      float64 // 95 % interval
	High     float64
	Defined  bool // false without pairs, and when chance alone would always agree
}

// Agree computes Cohen's kappa (Educ. Psychol. Meas. 20, 1960) and its interval
// with the large-sample variance of Fleiss, Cohen and Everitt (Psychol. Bull.
// 72, 1969, formula 13).
func Agree(pairs []Pair) Agreement {
	a := Agreement{N: len(pairs)}
	if a.N == 0 {
		return a
	}
	cell, row, col := map[Pair]float64{}, map[string]float64{}, map[string]float64{}
	one := 1 / float64(a.N)
	for _, p := range pairs {
		if p.First == p.Second {
			a.Agreed++
		}
		cell[p] += one
		row[p.First] += one
		col[p.Second] += one
	}
	a.Observed = float64(a.Agreed) / float64(a.N)
	chance := 0.0
	for c := range row {
		chance += row[c] * col[c]
	}
	if len(row) == 1 && len(col) == 1 && chance > 1-1e-9 {
		return a // both said one thing every time: nothing tells agreement from habit
	}
	a.Defined = true
	left := 1 - chance
	a.Kappa = (a.Observed - chance) / left
	same, other := 0.0, 0.0
	for p, share := range cell {
		if p.First == p.Second {
			d := left - (row[p.First]+col[p.First])*(1-a.Observed)
			same += share * d * d
		} else {
			d := col[p.First] + row[p.Second]
			other += share * d * d
		}
	}
	rest := a.Observed*chance - 2*chance + a.Observed
	variance := (same + (1-a.Observed)*(1-a.Observed)*other - rest*rest) / (float64(a.N) * math.Pow(left, 4))
	half := 1.959964 * math.Sqrt(max(0, variance))
	a.Low, a.High = max(-1, a.Kappa-half), min(1, a.Kappa+half)
	return a
}

// OneAgainstRest asks of each pair only whether it names a clause.
func OneAgainstRest(pairs []Pair, clause string) []Pair {
	var all []Pair
	word := func(s string) string {
		if s == clause {
			return clause
		}
		return ""
	}
	for _, p := range pairs {
		all = append(all, Pair{word(p.First), word(p.Second)})
	}
	return all
}
