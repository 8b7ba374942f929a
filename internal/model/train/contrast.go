package train

import (
	"math"
	"math/rand/v2"

	"kentongan/internal/model"
)

// contrast is how much more (or less) often each bucket occurs in messages of
// one kind than in others, as the absolute logarithm of the ratio, to a power.
// Learning from features scaled by it (NB-SVM, Wang and Manning, ACL 2012)
// helps where there are few messages: measured on NusaX, +1.2 points of F1.
func contrast(e *Examples, use []int, yes func(row int) bool, power float64) []float32 {
	in, out := make([]float64, model.Buckets), make([]float64, model.Buckets)
	ins, outs := 2.0, 2.0
	for _, i := range use {
		count := out
		if yes(i) {
			count, ins = in, ins+1
		} else {
			outs++
		}
		for _, b := range e.Rows[i] {
			count[b]++
		}
	}
	ratio := make([]float32, model.Buckets)
	for b := range ratio {
		if e.Sizes[b] == 0 {
			continue
		}
		r := math.Abs(math.Log((in[b]+1)/ins)-math.Log((out[b]+1)/outs)) + leastContrast
		ratio[b] = float32(math.Pow(r, power))
	}
	return ratio
}

// leastContrast leaves a bucket that is even on both sides a little say.
const leastContrast = 0.05

// ContrastSVM is SVM over features scaled by their contrast. The lane that it
// returns is read like any other.
func ContrastSVM(e *Examples, use []int, yes func(row int) bool, power float64, o Options) *Linear {
	if power == 0 {
		return SVM(e, use, yes, o)
	}
	if o.Positive == 0 {
		o.Positive = 1
	}
	ratio := contrast(e, use, yes, power)
	gain := make([]float32, model.Buckets) // squared size of the scaled feature
	for b, r := range ratio {
		gain[b] = e.Sizes[b] * r * r
	}
	l := &Linear{Weights: make([]float32, model.Buckets)}
	alpha, length, order := make([]float64, len(use)), make([]float64, len(use)), make([]int, len(use))
	for k, i := range use {
		order[k] = k
		for _, b := range e.Rows[i] {
			length[k] += float64(gain[b])
		}
		length[k] *= float64(e.scale[i]) * float64(e.scale[i])
	}
	random := rand.New(rand.NewPCG(o.Seed, 0x6B656E74))
	for range max(o.Epochs, 1) {
		random.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
		worst := 0.0
		for _, k := range order {
			i, sign, cost := use[k], -1.0, o.Cost
			if yes(i) {
				sign, cost = 1, o.Cost*o.Positive
			}
			soft := 1 / (2 * cost)
			slope := sign*e.Value(l, i) - 1 + soft*alpha[k]
			next := max(0, alpha[k]-slope/(length[k]+1+soft)) // 1 for the bias
			step := (next - alpha[k]) * sign
			if step == 0 {
				continue
			}
			worst, alpha[k] = max(worst, math.Abs(step)), next
			by := float32(step) * e.scale[i]
			for _, b := range e.Rows[i] {
				l.Weights[b] += by * gain[b]
			}
			l.Bias += float32(step)
		}
		if worst < 1e-3 {
			break
		}
	}
	return l
}
