package train

import (
	"math"
	"slices"
	"sort"
)

// Count tallies one label.
type Count struct{ Hit, Wrong, Missed int }

// Precision is 0 where nothing was called.
func (c Count) Precision() float64 { return share(c.Hit, c.Hit+c.Wrong) }

// Recall is 0 where there was nothing to find.
func (c Count) Recall() float64 { return share(c.Hit, c.Hit+c.Missed) }

// F1 is the harmonic mean of the two.
func (c Count) F1() float64 { return share(2*c.Hit, 2*c.Hit+c.Wrong+c.Missed) }

func share(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

// Judged is one text with what is true and what was said, as bits over the
// labels, and the cluster of its near-duplicates.
type Judged struct {
	True, Said uint64
	Cluster    int
}

// Tally counts every label over all rows.
func Tally(rows []Judged, labels int) []Count {
	out := make([]Count, labels)
	for _, r := range rows {
		for l := range out {
			bit := uint64(1) << l
			switch t, s := r.True&bit != 0, r.Said&bit != 0; {
			case t && s:
				out[l].Hit++
			case s:
				out[l].Wrong++
			case t:
				out[l].Missed++
			}
		}
	}
	return out
}

// F1Of is the F1 of one label.
func F1Of(label int) func([]Judged) float64 {
	bit := uint64(1) << label
	return func(rows []Judged) float64 {
		var c Count
		for _, r := range rows {
			switch t, s := r.True&bit != 0, r.Said&bit != 0; {
			case t && s:
				c.Hit++
			case s:
				c.Wrong++
			case t:
				c.Missed++
			}
		}
		return c.F1()
	}
}

// MacroF1 is the mean F1 of the labels that are true or said anywhere.
func MacroF1(labels int) func([]Judged) float64 {
	return func(rows []Judged) float64 {
		sum, n := 0.0, 0
		for _, c := range Tally(rows, labels) {
			if c.Hit+c.Wrong+c.Missed > 0 {
				sum, n = sum+c.F1(), n+1
			}
		}
		return sum / float64(max(n, 1))
	}
}

// MicroF1 is the F1 of all labels' calls together.
func MicroF1(labels int) func([]Judged) float64 {
	return func(rows []Judged) float64 {
		var all Count
		for _, c := range Tally(rows, labels) {
			all.Hit, all.Wrong, all.Missed = all.Hit+c.Hit, all.Wrong+c.Wrong, all.Missed+c.Missed
		}
		return all.F1()
	}
}

// Exact is the share of texts whose labels are all right and no other said;
// with one label a text it is the accuracy.
func Exact(rows []Judged) float64 {
	n := 0
	for _, r := range rows {
		if r.True == r.Said {
			n++
		}
	}
	return share(n, len(rows))
}

// Jaccard is the mean over the texts of shared labels by all labels; a text
// without any, called so, counts 1.
func Jaccard(rows []Judged) float64 {
	sum := 0.0
	for _, r := range rows {
		if r.True|r.Said == 0 {
			sum++
			continue
		}
		sum += float64(bits(r.True&r.Said)) / float64(bits(r.True|r.Said))
	}
	return sum / float64(max(len(rows), 1))
}

func bits(x uint64) int {
	n := 0
	for ; x != 0; x &= x - 1 {
		n++
	}
	return n
}

// Kappa is Cohen's (1960): agreement beyond what chance would give.
func Kappa(rows []Judged) float64 {
	a, b, same := map[uint64]int{}, map[uint64]int{}, 0
	for _, r := range rows {
		a[r.True]++
		b[r.Said]++
		if r.True == r.Said {
			same++
		}
	}
	n := float64(len(rows))
	if n == 0 {
		return 0
	}
	chance := 0.0
	for v, k := range a {
		chance += float64(k) * float64(b[v]) / n / n
	}
	if chance >= 1 {
		return 1
	}
	return (float64(same)/n - chance) / (1 - chance)
}

// Estimate is a figure with the range that 95 of 100 repetitions fall in.
type Estimate struct{ Value, Low, High float64 }

// draws of the bootstrap: the ends of the interval move by less than .002.
const draws = 500

// Bootstrap repeats the figure on as many clusters as there are, drawn with
// replacement (Efron 1979). Copies of one text are one witness, so whole
// clusters are drawn.
func Bootstrap(rows []Judged, figure func([]Judged) float64, seed uint64) Estimate {
	clusters := group(rows)
	values := make([]float64, draws)
	sample := make([]Judged, 0, len(rows)*2)
	state := seed
	for d := range values {
		sample = sample[:0]
		for range clusters {
			state += 0x9E3779B97F4A7C15
			sample = append(sample, clusters[mix(state)%uint64(len(clusters))]...)
		}
		values[d] = figure(sample)
	}
	sort.Float64s(values)
	at := func(q float64) float64 {
		if len(values) == 0 {
			return 0
		}
		return values[int(math.Round(q*float64(len(values)-1)))]
	}
	return Estimate{figure(rows), at(.025), at(.975)}
}

// group puts rows of one cluster together, clusters in order of number.
func group(rows []Judged) [][]Judged {
	sorted := slices.Clone(rows)
	slices.SortStableFunc(sorted, func(a, b Judged) int { return a.Cluster - b.Cluster })
	var out [][]Judged
	for i := 0; i < len(sorted); {
		end := i
		for end < len(sorted) && sorted[end].Cluster == sorted[i].Cluster {
			end++
		}
		out = append(out, sorted[i:end])
		i = end
	}
	return out
}
