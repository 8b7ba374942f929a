package model

import "fmt"

// Tongues are sentences of the same heads in several languages: what "good"
// and "bad" are is learned for each from its own messages, and counts beside
// the lanes that serve all. Only the language that the message seems to be in
// is read, so twelve cost no more than one.
type Tongues struct {
	Group string   `json:"group"` // whose heads are helped: three at most
	By    string   `json:"by"`    // the group that says which language it is
	Names []string `json:"names"` // heads of By that have lanes of their own
	// Share is what the common lanes count for beside a language's own, whose
	// weight is Warmth.
	Share  float32 `json:"share"`
	Warmth float32 `json:"warmth"`
	First  int     `json:"first"` // of the part's lanes: one of sizes, then three a language
}

// tongues is the same, ready to be read.
type tongues struct {
	Tongues
	group, by int
	table     [][]uint32 // by head of By; nil: only the common lanes. Three weights and the size, a byte each
	lanes     [][3]Lane
	size      float32
}

const tongueHeads = 3

// aside is the number of the part's last lanes that only tongues read.
func (p *Part) aside() int {
	if p.Tongues == nil {
		return 0
	}
	return 1 + tongueHeads*len(p.Tongues.Names)
}

func (t *Tongues) broken(lanes int) bool {
	return len(t.Names) == 0 || t.First <= 0 || t.First+1+tongueHeads*len(t.Names) != lanes || !finite(t.Share, t.Warmth)
}

// speak builds the tables of a part; its groups are in the model already.
func (m *Model) speak(p *Part) error {
	t := &tongues{Tongues: *p.Tongues, group: -1, by: -1}
	for i, g := range m.groups {
		switch g.Name {
		case t.Group:
			t.group = i
		case t.By:
			t.by = i
		}
	}
	if t.group < 0 || t.by < 0 || m.groups[t.group].Kind != One || m.groups[t.by].Kind != One || len(m.groups[t.group].Heads) != tongueHeads {
		return fmt.Errorf("model: languages of %q by %q: no such groups", t.Group, t.By)
	}
	t.table, t.lanes = make([][]uint32, len(m.groups[t.by].Heads)), make([][3]Lane, len(m.groups[t.by].Heads))
	t.size = p.Lanes[t.First].Scale
	for n, name := range t.Names {
		h, ok := m.names[name]
		at := h - m.first[t.by]
		if !ok || at < 0 || at >= len(t.table) {
			return fmt.Errorf("model: %q is no head of %q", name, t.By)
		}
		table := make([]uint32, Buckets)
		for b, size := range p.Weights[t.First] {
			table[b] = uint32(uint8(size)) << 24
		}
		for k := range tongueHeads {
			l := t.First + 1 + n*tongueHeads + k
			t.lanes[at][k] = p.Lanes[l]
			for b, w := range p.Weights[l] {
				table[b] |= uint32(uint8(w)) << (8 * k)
			}
		}
		t.table[at] = table
	}
	m.tongues = t
	return nil
}

// translate decides the group anew with what the message's language says.
func (m *Model) translate(buckets []uint32, s *Scratch) {
	t := m.tongues
	by := s.result.Probability[m.first[t.by]:][:len(t.table)]
	best := 0
	for i, p := range by {
		if p > by[best] {
			best = i
		}
	}
	table := t.table[best]
	if table == nil {
		return
	}
	var sums [tongueHeads]int32
	size := int32(0)
	for _, b := range buckets {
		row := table[b]
		sums[0] += int32(int8(row))
		sums[1] += int32(int8(row >> 8))
		sums[2] += int32(int8(row >> 16))
		size += int32(row >> 24)
	}
	long := inverseRoot(float32(size) * t.size)
	g := &m.groups[t.group]
	p := s.result.Probability[m.first[t.group]:][:tongueHeads]
	for i := range p {
		l := t.lanes[best][i]
		own := float32(sums[i])*l.Scale*long + l.Bias
		p[i] = t.Share*float32(m.reads[m.first[t.group]+i].logit(s.lanes)) + t.Warmth*own
	}
	choose(g, p, s.result.Decided[m.first[t.group]:][:tongueHeads])
}

// choose turns the logits of a One group into probabilities, and decides for
// the greatest.
func choose(g *Group, p []float32, chosen []bool) {
	best := 0
	for i := range p {
		if p[i] > p[best] {
			best = i
		}
	}
	top, sum := float64(p[best]), float32(0)
	for i := range p {
		p[i] = float32(exp(float64(p[i]) - top))
		sum += p[i]
	}
	share := 1 / sum
	for i := range p {
		p[i] *= share
		chosen[i] = i == best && p[i] >= g.Heads[i].Threshold
	}
}
