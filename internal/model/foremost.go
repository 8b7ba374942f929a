package model

import (
	"math"

	"kentongan/internal/text"
)

// Foremost are the words that spoke most for a head, the strongest first; a
// weight of 0 ends them.
type Foremost [3]Contribution

// pull is what one lane adds to a head for each step of its weight.
type pull struct {
	spot   int32 // in foremost.spots
	weight float32
}

// spot is a byte of the tables' rows.
type spot struct {
	word  int32 // of the great table's row, and behind it of the small one's
	shift uint8
	lane  int32
}

// foremost is the room that Foremost works in.
type foremost struct {
	pulls  []pull
	ends   []int32   // of each head's pulls
	spots  []spot    // the lanes that any of the heads asks, each once
	sums   []float32 // by head, then token
	now    []int32   // by spot, of the run of buckets being read
	slopes []float32 // of one head's inputs
	out    []Foremost

	inGreat, inSmall bool // where the spots lie
}

// Foremost is Explain for several heads of the message just scored in s, in
// one pass and without an allocation; only what spoke for a head is told. The
// answer, one for each head, is good until the next use of s.
func (m *Model) Foremost(heads []int, tokens []text.Token, s *Scratch) []Foremost {
	k := &s.foremost
	k.pulls, k.ends, k.spots, k.out = k.pulls[:0], k.ends[:0], k.spots[:0], k.out[:0]
	for _, head := range heads {
		m.strongest(head, s)
	}
	k.inGreat, k.inSmall = false, false
	for _, p := range k.spots {
		k.inGreat = k.inGreat || int(p.word) < m.great.stride
		k.inSmall = k.inSmall || int(p.word) >= m.great.stride
	}
	k.sums, k.now = zeros(k.sums, len(heads)*len(tokens)), zeros(k.now, len(k.spots))
	for i, from := range s.origins {
		end := len(s.buckets)
		if i+1 < len(s.origins) {
			end = int(s.origins[i+1].start)
		}
		if from.token >= 0 && int(from.token) < len(tokens) && int(from.start) < end {
			m.weigh(s.buckets[from.start:end], k)
			k.give(from, len(tokens))
		}
	}
	for h := range heads {
		k.out = append(k.out, top(k.sums[h*len(tokens):(h+1)*len(tokens)], tokens))
	}
	return k.out
}

// faint: a lane that pulls less than this share of the strongest one does not
// change which words stand out.
const faint = 1. / 4

// strongest enters the lanes that matter most for a head here.
func (m *Model) strongest(head int, s *Scratch) {
	k := &s.foremost
	inputs := m.heads[head].Inputs
	most := float32(0)
	k.slopes = k.slopes[:0]
	for _, in := range inputs {
		w := m.slope(in, s)
		k.slopes = append(k.slopes, w)
		most = max(most, w, -w)
	}
	for i, in := range inputs {
		if w := k.slopes[i]; max(w, -w) >= most*faint && w != 0 {
			k.pulls = append(k.pulls, pull{m.spotOf(in.Lane, k), w})
		}
	}
	k.ends = append(k.ends, int32(len(k.pulls)))
}

// spotOf enters a lane once.
func (m *Model) spotOf(lane int, k *foremost) int32 {
	for i := range k.spots {
		if k.spots[i].lane == int32(lane) {
			return int32(i)
		}
	}
	place := m.slot[lane]
	k.spots = append(k.spots, spot{int32(place / 8), uint8(8 * (place % 8)), int32(lane)})
	return int32(len(k.spots) - 1)
}

// slope says how much the head rises with one step of the lane's weights; the
// head is taken as straight at this message.
func (m *Model) slope(in Input, s *Scratch) float32 {
	w := in.Weight
	switch in.Bend {
	case Tanh:
		t := float32(math.Tanh(float64(s.lanes[in.Lane])))
		w *= 1 - t*t
	case Relu:
		if s.lanes[in.Lane] <= 0 {
			return 0
		}
	}
	l := &m.lanes[in.Lane]
	w *= l.Scale
	if l.Norm >= 0 {
		w *= inverseRoot(float32(m.total(l.Norm, s)) * m.lanes[l.Norm].Scale)
	}
	return w
}

// weigh adds up a run of buckets for each spot. A bucket's rows are found once
// for all.
func (m *Model) weigh(buckets []uint32, k *foremost) {
	now, spots := k.now[:len(k.spots)], k.spots
	clear(now)
	between := int32(m.great.stride)
	for _, b := range buckets {
		if k.inGreat {
			row := m.great.row(b)
			for i := range spots {
				if p := &spots[i]; p.word < between {
					now[i] += int32(int8(uint8(row[p.word]>>p.shift) ^ 0x80))
				}
			}
		}
		if k.inSmall && m.small.has(b) {
			row := m.small.row(b)
			for i := range k.spots {
				if p := &k.spots[i]; p.word >= between {
					k.now[i] += int32(int8(uint8(row[p.word-between]>>p.shift) ^ 0x80))
				}
			}
		}
	}
}

// give adds the run to its word, or half to each of two.
func (k *foremost) give(from origin, tokens int) {
	at := int32(0)
	for h, end := range k.ends {
		x := float32(0)
		for _, p := range k.pulls[at:end] {
			x += p.weight * float32(k.now[p.spot])
		}
		at = end
		sums := k.sums[h*tokens : (h+1)*tokens]
		if !from.pair {
			sums[from.token] += x
			continue
		}
		sums[from.token] += x / 2
		if int(from.token)+1 < tokens {
			sums[from.token+1] += x / 2
		}
	}
}

// top picks the words with the greatest sums above nothing.
func top(sums []float32, tokens []text.Token) (out Foremost) {
	for i, x := range sums {
		w := float64(x)
		for at := range out {
			if w > out[at].Weight {
				copy(out[at+1:], out[at:])
				out[at] = Contribution{tokens[i].Span, w}
				break
			}
		}
	}
	return out
}

func zeros[T int32 | float32](b []T, n int) []T {
	if cap(b) < n {
		return make([]T, n)
	}
	b = b[:n]
	clear(b)
	return b
}
