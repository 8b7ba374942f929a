package train

import (
	"math"
	"slices"
)

// Platt finds a and b so that 1/(1+exp(-(a*value+b))) is the share of
// positives among messages of that value (Platt 1999, with the targets that
// keep a separable set from certainty). Values must be of rows that the lane
// did not learn from.
func Platt(values []float64, yes []bool) (a, b float64) {
	positives := 0.0
	for _, y := range yes {
		if y {
			positives++
		}
	}
	negatives := float64(len(yes)) - positives
	high, low := (positives+1)/(positives+2), 1/(negatives+2)
	a, b = 1, math.Log((positives+1)/(negatives+1))
	for range 50 { // Newton's method
		var ga, gb, haa, hab, hbb float64
		for i, v := range values {
			p := sigmoid(a*v + b)
			t := low
			if yes[i] {
				t = high
			}
			w := p * (1 - p)
			ga, gb = ga+(p-t)*v, gb+(p-t)
			haa, hab, hbb = haa+w*v*v, hab+w*v, hbb+w
		}
		haa, hbb = haa+1e-9, hbb+1e-9
		det := haa*hbb - hab*hab
		if det <= 0 {
			break
		}
		da, db := (hbb*ga-hab*gb)/det, (haa*gb-hab*ga)/det
		step := 1.0
		if m := max(math.Abs(da), math.Abs(db)); m > 5 {
			step = 5 / m
		}
		a, b = a-step*da, b-step*db
		if max(math.Abs(da), math.Abs(db)) < 1e-7 {
			break
		}
	}
	return a, b
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// BestThreshold returns the value from which on to say yes for the best F1.
func BestThreshold(values []float64, yes []bool) float64 {
	order := make([]int, len(values))
	positives := 0
	for i := range order {
		order[i] = i
		if yes[i] {
			positives++
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case values[a] > values[b]:
			return -1
		case values[a] < values[b]:
			return 1
		}
		return 0
	})
	best, threshold, hits := -1.0, 0.0, 0
	for n, i := range order {
		if yes[i] {
			hits++
		}
		if n+1 < len(order) && values[order[n+1]] == values[i] {
			continue
		}
		if f1 := 2 * float64(hits) / float64(n+1+positives); f1 > best {
			best, threshold = f1, values[i]
			if n+1 < len(order) {
				threshold = (values[i] + values[order[n+1]]) / 2
			}
		}
	}
	return threshold
}
