package model

import (
	"math"
	"math/bits"

	"kentongan/internal/text"
)

// Result holds what the heads say, by head number. It belongs to the Scratch.
type Result struct {
	Probability []float32
	Decided     []bool
}

// Score reads one message. The result is good until the next use of s.
func (m *Model) Score(f text.Folded, tokens []text.Token, s *Scratch) *Result {
	s.Extract(f, tokens)
	return m.ScoreBuckets(s.buckets, s)
}

// ScoreBuckets is the same of features that are extracted already.
func (m *Model) ScoreBuckets(buckets []uint32, s *Scratch) *Result {
	s.fit(m)
	between := m.great.stride * 8
	m.great.sum(buckets, s, s.sums[:between])
	m.small.sum(buckets, s, s.sums[between:])
	m.level(s)
	for i := range m.groups {
		m.decide(&m.groups[i], m.first[i], s)
	}
	if m.tongues != nil {
		m.translate(buckets, s)
	}
	return &s.result
}

// fit makes room for this model's lanes and heads.
func (s *Scratch) fit(m *Model) {
	if words := m.great.stride + m.small.stride; len(s.sums) != words*8 || len(s.lanes) != len(m.lanes) || len(s.result.Decided) != len(m.heads) {
		s.sums, s.even, s.rest = make([]int32, words*8), make([]uint64, words), make([]uint64, words)
		s.lanes = make([]float32, len(m.lanes))
		s.result = Result{make([]float32, len(m.heads)), make([]bool, len(m.heads))}
	}
}

// level turns sums into lane values.
func (m *Model) level(s *Scratch) {
	norm, length := -1, float32(1)
	for i := range m.lanes {
		l := &m.lanes[i]
		if l.Norm != norm {
			norm, length = l.Norm, 1
			if norm >= 0 {
				length = inverseRoot(float32(m.total(norm, s)) * m.lanes[norm].Scale)
			}
		}
		s.lanes[i] = float32(m.total(i, s))*l.Scale*length + l.Bias
	}
}

// total is what a lane adds up to.
func (m *Model) total(lane int, s *Scratch) int32 { return s.sums[m.slot[lane]] }

func inverseRoot(x float32) float32 {
	if x <= 0 {
		return 0
	}
	return float32(1 / math.Sqrt(float64(x)))
}

// reading is a head ready to be read: inputs that go straight into it lie
// apart from those that are bent on their way.
type reading struct {
	bias     float32
	straight []straight
	bent     []Input
}

type straight struct {
	lane   int32
	weight float32
}

func (h *Head) reading() reading {
	r := reading{bias: h.Bias}
	for _, in := range h.Inputs {
		if in.Bend == Straight {
			r.straight = append(r.straight, straight{int32(in.Lane), in.Weight})
		} else {
			r.bent = append(r.bent, in)
		}
	}
	return r
}

func (r *reading) logit(lanes []float32) float64 {
	x := r.bias
	for _, in := range r.straight {
		x += in.weight * lanes[in.lane]
	}
	for _, in := range r.bent {
		v := lanes[in.Lane]
		if in.Bend == Tanh {
			v = float32(math.Tanh(float64(v)))
		} else {
			v = max(0, v)
		}
		x += in.Weight * v
	}
	return float64(x)
}

func (m *Model) decide(g *Group, first int, s *Scratch) {
	p := s.result.Probability[first : first+len(g.Heads)]
	chosen := s.result.Decided[first : first+len(g.Heads)]
	reads := m.reads[first : first+len(g.Heads)]
	switch g.Kind {
	case Each:
		for i := range g.Heads {
			p[i] = float32(1 / (1 + exp(-reads[i].logit(s.lanes))))
			chosen[i] = p[i] >= g.Heads[i].Threshold
		}
	case One:
		for i := range g.Heads {
			p[i] = float32(reads[i].logit(s.lanes))
		}
		choose(g, p, chosen)
	case Sets:
		m.decideSet(g, reads, p, chosen, s)
	}
}

// decideSet gives each set seen in training its probability (a softmax over
// sets, whose logit is the sum of its labels'), each label the sum of its
// sets', and chooses the set with the best expected value.
func (m *Model) decideSet(g *Group, reads []reading, p []float32, chosen []bool, s *Scratch) {
	var logits [32]float64
	for i := range g.Heads {
		logits[i] = reads[i].logit(s.lanes)
	}
	if cap(s.sets) < len(g.Sets) {
		s.sets = make([]float64, len(g.Sets))
	}
	sets := s.sets[:len(g.Sets)]
	Posterior(g.Sets, logits[:len(g.Heads)], sets)
	clear(p)
	for i, q := range sets {
		if q == 0 {
			continue
		}
		for rest := g.Sets[i].Labels; rest != 0; rest &= rest - 1 {
			p[bits.TrailingZeros32(rest)] += float32(q)
		}
	}
	best := Choose(g, sets, p)
	for i := range chosen {
		chosen[i] = best>>i&1 == 1
	}
}

// exp is math.Exp to seven digits, and cheaper: some seventy heads and sets want
// it of each message.
func exp(x float64) float64 {
	const limit, bias = 700, 1023
	if x > limit { // min and max look after NaN, too, and take their time for it
		x = limit
	} else if x < -limit {
		x = -limit
	}
	t := x*math.Log2E + bias
	k := int64(t + .5)
	y := (t - float64(k)) * math.Ln2 // at most half a power of two
	y2 := y * y
	p := (1 + y) + y2*(1./2+y*(1./6)) + y2*y2*((1./24+y*(1./120))+y2*(1./720+y*(1./5040)))
	return p * math.Float64frombits(uint64(k)<<52)
}

// faraway: a set whose logit lies so far below the best one's counts for less
// than a thousandth of a thousandth.
const faraway = 14

// Posterior fills out with the probability of each set.
func Posterior(sets []LabelSet, logits []float64, out []float64) {
	top := math.Inf(-1)
	for i, set := range sets {
		x := float64(set.Bias)
		for rest := set.Labels; rest != 0; rest &= rest - 1 {
			x += logits[bits.TrailingZeros32(rest)]
		}
		out[i] = x
		top = max(top, x)
	}
	sum := 0.0
	for i, x := range out {
		if out[i] = 0; x > top-faraway {
			out[i] = exp(x - top)
			sum += out[i]
		}
	}
	share := 1 / sum
	for i := range out {
		out[i] *= share
	}
}

// unlikely sets are left out of the choice where there is another: they could
// hardly change it.
const unlikely = 0.001

// Choose returns the set with the greatest expected value: being exactly
// right, and Likeness times the expected overlap. Heads with a threshold are
// decided first, each by itself, and only sets that agree with them are left.
func Choose(g *Group, sets []float64, p []float32) uint32 {
	var firm, yes uint32
	for i := range g.Heads {
		if t := g.Heads[i].Threshold; t > 0 {
			firm |= 1 << i
			if p[i] >= t {
				yes |= 1 << i
			}
		}
	}
	var likely [maxSets]int16
	n := 0
	for i, q := range sets {
		if q >= unlikely {
			likely[n] = int16(i)
			n++
		}
	}
	best, top := uint32(0), math.Inf(-1)
	for i, q := range sets {
		if q < unlikely && top >= 0 || g.Sets[i].Labels&firm != yes {
			continue
		}
		value := q
		if g.Likeness > 0 {
			overlap := 0.0
			for _, j := range likely[:n] {
				overlap += sets[j] * g.like(i, int(j))
			}
			value += float64(g.Likeness) * overlap
		}
		if value > top {
			best, top = g.Sets[i].Labels, value
		}
	}
	return best
}

// like is how much two sets overlap.
func (g *Group) like(i, j int) float64 {
	if g.likes == nil {
		return jaccard(g.Sets[i].Labels, g.Sets[j].Labels)
	}
	return float64(g.likes[i*len(g.Sets)+j])
}

// compare fills in how much all pairs of sets overlap.
func (g *Group) compare() {
	likes := make([]float32, 0, len(g.Sets)*len(g.Sets))
	for _, a := range g.Sets {
		for _, b := range g.Sets {
			likes = append(likes, float32(jaccard(a.Labels, b.Labels)))
		}
	}
	g.likes = likes
}

func jaccard(a, b uint32) float64 {
	if a|b == 0 {
		return 1
	}
	return float64(bits.OnesCount32(a&b)) / float64(bits.OnesCount32(a|b))
}
