package model

import (
	"math"
	"slices"

	"kentongan/internal/text"
)

// Contribution is what one word added to (or took from) a head's score, in
// units of its logit, shown on what the citizen wrote.
type Contribution struct {
	Span   text.Span
	Weight float64
}

// Explain says which words of the message just scored in s counted for a head,
// the greatest first. The head is taken as straight at this message; what no
// single word said (length, capitals) is left out.
func (m *Model) Explain(head int, tokens []text.Token, s *Scratch) []Contribution {
	slopes, norms := m.slopes(head, s)
	sums := make([]float64, len(tokens))
	from, next := origin{token: -1}, 0
	for k, b := range s.buckets {
		for next < len(s.origins) && int(s.origins[next].start) <= k {
			from, next = s.origins[next], next+1
		}
		if from.token < 0 {
			continue
		}
		x := 0.0
		for i, slope := range slopes {
			if slope.weight != 0 {
				x += slope.weight * float64(m.weight(b, slope.lane)) * norms[i]
			}
		}
		if from.pair {
			sums[from.token] += x / 2
			if int(from.token)+1 < len(sums) {
				sums[from.token+1] += x / 2
			}
		} else {
			sums[from.token] += x
		}
	}
	out := make([]Contribution, 0, len(tokens))
	for i, x := range sums {
		if x != 0 {
			out = append(out, Contribution{tokens[i].Span, x})
		}
	}
	slices.SortStableFunc(out, func(a, b Contribution) int {
		switch {
		case math.Abs(a.Weight) > math.Abs(b.Weight):
			return -1
		case math.Abs(a.Weight) < math.Abs(b.Weight):
			return 1
		}
		return a.Span.Start - b.Span.Start
	})
	return out
}

func (m *Model) weight(bucket uint32, lane int) int {
	place := m.slot[lane]
	if behind := place - m.great.stride*8; behind >= 0 {
		return m.small.weight(bucket, behind)
	}
	return m.great.weight(bucket, place)
}

type slope struct {
	lane   int
	weight float64
}

// slopes returns how much the head rises with each of its lanes here, and what
// one step of the lane's weights is worth.
func (m *Model) slopes(head int, s *Scratch) ([]slope, []float64) {
	inputs := m.heads[head].Inputs
	out, norms := make([]slope, len(inputs)), make([]float64, len(inputs))
	for i, in := range inputs {
		w, v := float64(in.Weight), float64(s.lanes[in.Lane])
		switch in.Bend {
		case Tanh:
			t := math.Tanh(v)
			w *= 1 - t*t
		case Relu:
			if v <= 0 {
				w = 0
			}
		}
		l := m.lanes[in.Lane]
		norms[i] = float64(l.Scale)
		if l.Norm >= 0 {
			norms[i] *= float64(inverseRoot(float32(m.total(l.Norm, s)) * m.lanes[l.Norm].Scale))
		}
		out[i] = slope{in.Lane, w}
	}
	return out, norms
}
