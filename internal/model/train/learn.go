package train

// How a trainer works: it extracts rows, learns lanes from Examples, calibrates
// them on folds that they did not see, and hands back a Trained group; Assemble
// joins groups to one weights file.

import (
	"math"
	"math/rand/v2"
	"slices"

	"kentongan/internal/model"
	"kentongan/internal/text"
)

// Extract reads the features of a text as the program reads them later.
func Extract(s *model.Scratch, message string) []uint32 {
	f := text.Fold(message)
	return append([]uint32(nil), s.Extract(f, f.Tokens())...)
}

// Sizes is the squared size of each bucket: rare ones count more, those seen
// in fewer than two messages nothing. A message is divided by the root of its
// sum, so that a long one does not shout.
type Sizes []float32

// NewSizes counts rows; letters is the weight of letters inside words beside
// words, shapes that of the hand-made features.
func NewSizes(rows [][]uint32, letters, shapes float64) Sizes {
	seen := make([]int, model.Buckets)
	for _, row := range rows {
		for _, b := range row {
			seen[b]++
		}
	}
	out := make(Sizes, model.Buckets)
	for b, n := range seen {
		if n < 2 {
			continue
		}
		size := math.Log(float64(len(rows)+1)/float64(n+1)) + 1
		switch {
		case b < model.ShapeEnd:
			size = shapes
		case b >= model.WordEnd:
			size *= letters
		}
		out[b] = float32(size * size)
	}
	return out
}

// Examples are rows of buckets with the sizes that they are seen in.
type Examples struct {
	Rows  [][]uint32
	Sizes Sizes
	scale []float32 // 1 / length of each row
	// The same rows with buckets numbered anew, the most frequent first, so
	// that what is touched all the time lies together.
	tight [][]uint32
	names []uint32 // bucket of each number
}

// NewExamples prepares rows for learning. Buckets without size are left out.
func NewExamples(rows [][]uint32, sizes Sizes) *Examples {
	e := &Examples{Rows: make([][]uint32, len(rows)), Sizes: sizes, scale: make([]float32, len(rows))}
	for i, row := range rows {
		sum := float32(0)
		kept := make([]uint32, 0, len(row))
		for _, b := range row {
			if sizes[b] > 0 {
				kept = append(kept, b)
				sum += sizes[b]
			}
		}
		e.Rows[i] = kept
		if sum > 0 {
			e.scale[i] = float32(1 / math.Sqrt(float64(sum)))
		}
	}
	e.tighten()
	return e
}

func (e *Examples) tighten() {
	count, total := make([]int, model.Buckets), 0
	for _, row := range e.Rows {
		total += len(row)
		for _, b := range row {
			count[b]++
		}
	}
	for b, n := range count {
		if n > 0 {
			e.names = append(e.names, uint32(b))
		}
	}
	slices.SortStableFunc(e.names, func(a, b uint32) int { return count[b] - count[a] })
	number := make([]uint32, model.Buckets)
	for n, b := range e.names {
		number[b] = uint32(n)
	}
	all := make([]uint32, 0, total)
	for _, row := range e.Rows {
		from := len(all)
		for _, b := range row {
			all = append(all, number[b])
		}
		e.tight = append(e.tight, all[from:])
	}
}

// Linear is one learned lane. Weights already hold the sizes: the value of a
// message is the plain sum of its buckets, divided by its length, plus Bias.
type Linear struct {
	Weights []float32
	Bias    float32
}

// Value is what the lane says to row i.
func (e *Examples) Value(l *Linear, i int) float64 {
	sum := float32(0)
	for _, b := range e.Rows[i] {
		sum += l.Weights[b]
	}
	return float64(sum*e.scale[i] + l.Bias)
}

// Options of one learner.
type Options struct {
	Cost     float64 // of an error, against the size of the weights
	Positive float64 // how much more an overlooked positive costs; 0 is 1
	Epochs   int     // 0 is 12
	Seed     uint64
}

// SVM learns a linear support vector machine with squared hinge loss by dual
// coordinate descent (Hsieh et al., ICML 2008) from the rows in use; yes says
// which are positive.
func SVM(e *Examples, use []int, yes func(row int) bool, o Options) *Linear {
	return solve(e, e.Sizes, use, yes, o)
}

// LiftedSVM is SVM over features that are lifted by how much more often they
// occur on one side than on the other: NB-SVM (Wang and Manning, ACL 2012),
// mixed with the plain feature (1: only plain). The lane is read like any
// other.
func LiftedSVM(e *Examples, use []int, yes func(row int) bool, plain float32, o Options) *Linear {
	ratio := contrast(e, use, yes, 1)
	gain := make(Sizes, model.Buckets)
	for b, r := range ratio {
		lift := plain + (1-plain)*r
		gain[b] = e.Sizes[b] * lift * lift
	}
	return solve(e, gain, use, yes, o)
}

// settled rows are looked at only every few rounds: a row that was well on its
// side asks for nothing the next time either.
const settled = 3

// place is a weight and what a step is multiplied by there.
type place struct{ weight, gain float32 }

// solve learns with gain in place of the features' squared sizes.
func solve(e *Examples, gain Sizes, use []int, yes func(row int) bool, o Options) *Linear {
	if o.Positive == 0 {
		o.Positive = 1
	}
	if o.Epochs == 0 {
		o.Epochs = 12
	}
	places, bias := make([]place, len(e.names)), 0.0
	for n, b := range e.names {
		places[n].gain = gain[b]
	}
	alpha, length := make([]float64, len(use)), make([]float64, len(use))
	sign, soft := make([]float64, len(use)), make([]float64, len(use))
	order, quiet, rest := make([]int, len(use)), make([]int8, len(use)), make([]int8, len(use))
	for k, i := range use {
		order[k] = k
		cost := o.Cost
		sign[k] = -1
		if yes(i) {
			sign[k], cost = 1, cost*o.Positive
		}
		soft[k] = 1 / (2 * cost)
		length[k] = 1 // the bias
		for _, n := range e.tight[i] {
			length[k] += float64(places[n].gain * e.scale[i] * e.scale[i])
		}
	}
	random := rand.New(rand.NewPCG(o.Seed, 0x6B656E74))
	for range o.Epochs {
		random.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
		worst := 0.0
		for _, k := range order {
			if rest[k] > 0 {
				rest[k]--
				continue
			}
			row, scale := e.tight[use[k]], e.scale[use[k]]
			sum := float32(0)
			for _, n := range row {
				sum += places[n].weight
			}
			slope := sign[k]*(float64(sum*scale)+bias) - 1 + soft[k]*alpha[k]
			next := max(0, alpha[k]-slope/(length[k]+soft[k]))
			step := next - alpha[k]
			if step == 0 {
				quiet[k] = min(settled, quiet[k]+1)
				rest[k] = quiet[k]
				continue
			}
			quiet[k] = 0
			if worst = max(worst, math.Abs(step)); math.Abs(step) < tiny {
				continue
			}
			alpha[k], step = next, step*sign[k]
			by := float32(step) * scale
			for _, n := range row {
				places[n].weight += by * places[n].gain
			}
			bias += step
		}
		if worst < enough {
			break
		}
	}
	l := &Linear{Weights: make([]float32, model.Buckets), Bias: float32(bias)}
	for n, b := range e.names {
		l.Weights[b] = places[n].weight
	}
	return l
}

// Steps smaller than tiny are not worth their time; a round whose largest step
// is below enough is the last.
const (
	tiny   = 1e-4
	enough = 2e-3
)
