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
	word   int32 // of the great table's row, and behind it of the small one's
	shift  uint8
	weight float32
}

// foremost is the room that Foremost works in.
type foremost struct {
	pulls []pull
	ends  []int32   // of each head's pulls
	sums  []float32 // by head, then token
	now   []float32 // of the run of buckets being read
	out   []Foremost
}

// Foremost is Explain for several heads of the message just scored in s, in
// one pass and without an allocation; only what spoke for a head is told. The
// answer, one for each head, is good until the next use of s.
func (m *Model) Foremost(heads []int, tokens []text.Token, s *Scratch) []Foremost {
	k := &s.foremost
	k.pulls, k.ends, k.out = k.pulls[:0], k.ends[:0], k.out[:0]
	for _, head := range heads {
		m.strongest(head, s)
	}
	k.sums = zeros(k.sums, len(heads)*len(tokens))
	k.now = zeros(k.now, len(heads))
	for i, from := range s.origins {
		end := len(s.buckets)
		if i+1 < len(s.origins) {
			end = int(s.origins[i+1].start)
		}
		if from.token >= 0 && int(from.token) < len(tokens) {
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
const faint = 1. / 6

// strongest enters the lanes that matter most for a head here.
func (m *Model) strongest(head int, s *Scratch) {
	k := &s.foremost
	from, most := len(k.pulls), float32(0)
	for _, in := range m.heads[head].Inputs {
		p := m.pull(in, s)
		most = max(most, p.weight, -p.weight)
		k.pulls = append(k.pulls, p)
	}
	kept := k.pulls[:from]
	for _, p := range k.pulls[from:] {
		if max(p.weight, -p.weight) >= most*faint {
			kept = append(kept, p)
		}
	}
	k.pulls = kept
	k.ends = append(k.ends, int32(len(kept)))
}

// pull takes the head as straight at this message.
func (m *Model) pull(in Input, s *Scratch) pull {
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
	l := &m.lanes[in.Lane]
	step := float64(l.Scale)
	if l.Norm >= 0 {
		step *= float64(inverseRoot(float32(m.total(l.Norm, s)) * m.lanes[l.Norm].Scale))
	}
	place := m.slot[in.Lane]
	return pull{int32(place / 8), uint8(8 * (place % 8)), float32(w * step)}
}

// weigh adds up what a run of buckets says for each head. A bucket's rows are
// found once for all.
func (m *Model) weigh(buckets []uint32, k *foremost) {
	clear(k.now)
	for _, b := range buckets {
		great := m.great.row(b)
		var small []uint64
		if m.small.stride > 0 && m.small.has(b) {
			small = m.small.row(b)
		}
		from := int32(0)
		for h, end := range k.ends {
			x := float32(0)
			for _, p := range k.pulls[from:end] {
				row, word := great, int(p.word)
				if word >= len(great) {
					if row, word = small, word-len(great); word >= len(row) {
						continue
					}
				}
				x += p.weight * float32(int8(uint8(row[word]>>p.shift)^0x80))
			}
			k.now[h] += x
			from = end
		}
	}
}

// give adds the run to its word, or half to each of two.
func (k *foremost) give(from origin, tokens int) {
	for h, x := range k.now {
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

func zeros(b []float32, n int) []float32 {
	if cap(b) < n {
		return make([]float32, n)
	}
	b = b[:n]
	clear(b)
	return b
}
