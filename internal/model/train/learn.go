package train

// How a trainer works: it extracts rows, learns lanes from Examples, calibrates
// them on folds that they did not see, and hands back a Trained group; Assemble
// joins groups to one weights file.

import (
	"math"
	"math/rand/v2"

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
	return e
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

// solve learns with gain in place of the features' squared sizes.
func solve(e *Examples, gain Sizes, use []int, yes func(row int) bool, o Options) *Linear {
	if o.Positive == 0 {
		o.Positive = 1
	}
	if o.Epochs == 0 {
		o.Epochs = 12
	}
	l := &Linear{Weights: make([]float32, model.Buckets)}
	alpha, length := make([]float64, len(use)), make([]float64, len(use))
	sign, soft := make([]float64, len(use)), make([]float64, len(use))
	order := make([]int, len(use))
	for k, i := range use {
		order[k] = k
		cost := o.Cost
		sign[k] = -1
		if yes(i) {
			sign[k], cost = 1, cost*o.Positive
		}
		soft[k] = 1 / (2 * cost)
		length[k] = 1 + e.length(gain, i) // 1 for the bias
	}
	random := rand.New(rand.NewPCG(o.Seed, 0x6B656E74))
	for range o.Epochs {
		random.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
		worst := 0.0
		for _, k := range order {
			i := use[k]
			slope := sign[k]*e.Value(l, i) - 1 + soft[k]*alpha[k]
			next := max(0, alpha[k]-slope/(length[k]+soft[k]))
			step := (next - alpha[k]) * sign[k]
			if step == 0 {
				continue
			}
			worst = max(worst, math.Abs(step))
			alpha[k] = next
			e.add(l, gain, i, float32(step))
		}
		if worst < 1e-3 {
			break
		}
	}
	return l
}

// length is the squared length of row i in these sizes.
func (e *Examples) length(gain Sizes, i int) float64 {
	sum := float32(0)
	for _, b := range e.Rows[i] {
		sum += gain[b]
	}
	return float64(sum * e.scale[i] * e.scale[i])
}

// add moves the lane towards row i.
func (e *Examples) add(l *Linear, gain Sizes, i int, step float32) {
	by := step * e.scale[i]
	for _, b := range e.Rows[i] {
		l.Weights[b] += by * gain[b]
	}
	l.Bias += step
}
