// Package model reads a message with learned weights: what it is, how sure we
// may be, and which words said so. It is pure Go with its weights inside the
// program; no message leaves the office.
//
//	m, err := model.Open(noncommercial)      // once
//	s := model.NewScratch()                  // one for each goroutine; or m.Borrow / m.Return
//	r := m.Score(f, tokens, s)               // text.Fold(…), its tokens; good until the next Score
//	i, ok := m.Head("hs")                    // once
//	r.Probability[i], r.Decided[i]           // calibrated; by the head's threshold or its group
//	m.Explain(i, tokens, s)                  // which words of the message just scored counted for head i
//
// The features of a message are extracted once and serve every head. A weights
// file holds lanes (one number a bucket, int8) and heads (a few lanes brought
// together, calibrated). Heads belong to groups: in an Each group every head
// decides for itself; in a One group exactly one is chosen (sentiment); in a
// Sets group the labels are chosen together from the sets seen in training
// (toxicity). Files are made by internal/model/train and never by hand.
package model

import (
	"errors"
	"fmt"
	"math"
	"sync"
)

// Lane is one linear sum over a message's buckets.
type Lane struct {
	Name  string  `json:"name"`
	Scale float32 `json:"scale"` // what one step of the int8 weight is worth
	Bias  float32 `json:"bias"`
	// Norm is the lane that holds the squared size of each bucket; the sum is
	// divided by the root of the message's. -1: not divided.
	Norm int `json:"norm"`
}

// Input is what one lane tells a head.
type Input struct {
	Lane   int     `json:"lane"`
	Bend   Bend    `json:"bend,omitempty"`
	Weight float32 `json:"weight"`
}

// Bend is the curve a lane goes through on its way into a head.
type Bend string

const (
	Straight Bend = ""
	Tanh     Bend = "tanh"
	Relu     Bend = "relu"
)

// Head is one label.
type Head struct {
	Name      string  `json:"name"`
	Bias      float32 `json:"bias"`
	Inputs    []Input `json:"inputs"`
	Threshold float32 `json:"threshold"` // of the probability; in a Sets group 0 leaves it to the set
}

// Kind says how the heads of a group decide.
type Kind string

const (
	Each Kind = "each" // every head by its own threshold
	One  Kind = "one"  // the most probable of them
	Sets Kind = "sets" // the best set among those seen in training
)

// Group is a number of heads that decide together.
type Group struct {
	Name  string `json:"name"`
	Kind  Kind   `json:"kind"`
	Heads []Head `json:"heads"`
	// Of a Sets group: the label sets seen, as bits in the order of Heads,
	// with what each has over the sum of its labels.
	Sets []LabelSet `json:"sets,omitempty"`
	// Likeness is how much of the expected overlap (Jaccard) counts beside
	// being exactly right when a set is chosen.
	Likeness float32   `json:"likeness,omitempty"`
	likes    []float32 // overlap of each pair of sets, once joined
}

// LabelSet is one combination of labels.
type LabelSet struct {
	Labels uint32  `json:"labels"`
	Bias   float32 `json:"bias"`
}

// Part is the content of one weights file.
type Part struct {
	Notice   string  `json:"notice"` // licence and origin, to be shown with the figures
	Seed     uint64  `json:"seed"`
	Trained  string  `json:"trained"` // of which sets
	Lanes    []Lane  `json:"lanes"`
	Groups   []Group `json:"groups"`
	Features int     `json:"features"` // FeatureVersion
	Buckets  int     `json:"buckets"`
	// Weights by lane, then bucket.
	Weights [][]int8 `json:"-"`
	// Campaign is the head for gambling, in one part at most.
	Campaign *Campaign `json:"campaign,omitempty"`
	// Tongues read the last lanes, in one part at most.
	Tongues *Tongues `json:"tongues,omitempty"`
}

// Model is one or more parts joined: read-only, for any number of goroutines.
type Model struct {
	great  table
	small  table
	slot   []int // by lane: its place in the great table, and behind it the small one
	lanes  []Lane
	groups []Group
	first  []int // head number of each group's first head
	heads  []Head
	reads  []reading // of the heads
	names  map[string]int
	pool   sync.Pool

	campaign *Campaign
	tongues  *tongues
}

// Join builds a model from parts.
func Join(parts ...*Part) (*Model, error) {
	m := &Model{names: map[string]int{}}
	for _, p := range parts {
		if err := p.check(); err != nil {
			return nil, err
		}
		if p.Campaign != nil {
			if m.campaign != nil {
				return nil, errors.New("model: two parts have a head for gambling")
			}
			m.campaign = p.Campaign
		}
		base := len(m.lanes)
		for _, l := range p.Lanes[:len(p.Lanes)-p.aside()] {
			if l.Norm >= 0 {
				l.Norm += base
			}
			m.lanes = append(m.lanes, l)
		}
		for _, g := range p.Groups {
			if err := m.take(g, base); err != nil {
				return nil, err
			}
		}
		if p.Tongues != nil {
			if m.tongues != nil {
				return nil, errors.New("model: two parts speak several languages")
			}
			if err := m.speak(p); err != nil {
				return nil, err
			}
		}
	}
	var weights [][]int8
	for _, p := range parts {
		weights = append(weights, p.Weights[:len(p.Lanes)-p.aside()]...)
	}
	m.arrange(weights)
	return m, nil
}

func (m *Model) take(g Group, base int) error {
	heads := make([]Head, len(g.Heads))
	for i, h := range g.Heads {
		if _, twice := m.names[h.Name]; twice {
			return fmt.Errorf("model: two heads are called %q", h.Name)
		}
		m.names[h.Name] = len(m.heads) + i
		inputs := make([]Input, len(h.Inputs))
		for j, in := range h.Inputs {
			in.Lane += base
			inputs[j] = in
		}
		h.Inputs = inputs
		heads[i] = h
		m.reads = append(m.reads, h.reading())
	}
	m.first = append(m.first, len(m.heads))
	m.heads = append(m.heads, heads...)
	g.Heads = heads
	g.compare()
	m.groups = append(m.groups, g)
	return nil
}

// Head returns the number of the head with this name.
func (m *Model) Head(name string) (int, bool) {
	i, ok := m.names[name]
	return i, ok
}

// Heads returns all heads, in the order of Result.
func (m *Model) Heads() []Head { return m.heads }

// Groups returns the groups and the number of each one's first head.
func (m *Model) Groups() ([]Group, []int) { return m.groups, m.first }

// Borrow returns a workspace from the model's own pool.
func (m *Model) Borrow() *Scratch {
	if s, ok := m.pool.Get().(*Scratch); ok {
		return s
	}
	return NewScratch()
}

// Return gives a workspace back; its last result is no longer good.
func (m *Model) Return(s *Scratch) { m.pool.Put(s) }

// Limits of a file: far above what is ever trained, far below what would hurt.
const (
	maxLanes = 256
	maxHeads = 256
	maxSets  = 512
)

// check refuses a part that could not be scored.
func (p *Part) check() error {
	bad := func(format string, a ...any) error { return fmt.Errorf("model: "+format, a...) }
	if p.Features != FeatureVersion || p.Buckets != Buckets {
		return bad("the weights are for features %d with %d buckets, the program reads features %d with %d", p.Features, p.Buckets, FeatureVersion, Buckets)
	}
	if len(p.Lanes) == 0 || len(p.Lanes) > maxLanes || len(p.Weights) != len(p.Lanes) {
		return bad("%d lanes with %d rows of weights", len(p.Lanes), len(p.Weights))
	}
	for i, l := range p.Lanes {
		if len(p.Weights[i]) != Buckets || !finite(l.Scale, l.Bias) || l.Norm < -1 || l.Norm >= len(p.Lanes) {
			return bad("lane %q is broken", l.Name)
		}
	}
	if p.Campaign != nil && p.Campaign.broken() {
		return bad("the head for gambling is broken or of another version")
	}
	if p.Tongues != nil && p.Tongues.broken(len(p.Lanes)) {
		return bad("the lanes of languages are broken")
	}
	n := 0
	for _, g := range p.Groups {
		n += len(g.Heads)
		if err := g.check(len(p.Lanes) - p.aside()); err != nil {
			return err
		}
	}
	if n == 0 || n > maxHeads {
		return bad("%d heads", n)
	}
	return nil
}

func (g *Group) check(lanes int) error {
	bad := func(format string, a ...any) error {
		return fmt.Errorf("model: group %q: "+format, append([]any{g.Name}, a...)...)
	}
	switch {
	case g.Kind != Each && g.Kind != One && g.Kind != Sets:
		return bad("unknown kind %q", g.Kind)
	case len(g.Heads) == 0:
		return bad("no heads")
	case g.Kind == Sets && (len(g.Heads) > 31 || len(g.Sets) == 0 || len(g.Sets) > maxSets):
		return bad("%d sets of %d labels", len(g.Sets), len(g.Heads))
	case !finite(g.Likeness):
		return bad("likeness is no number")
	}
	for _, s := range g.Sets {
		if s.Labels>>len(g.Heads) != 0 || !finite(s.Bias) {
			return bad("a set names a label that is not there")
		}
	}
	for _, h := range g.Heads {
		if h.Name == "" || !finite(h.Bias, h.Threshold) {
			return bad("head %q is broken", h.Name)
		}
		for _, in := range h.Inputs {
			if in.Lane < 0 || in.Lane >= lanes || !finite(in.Weight) || in.Bend != Straight && in.Bend != Tanh && in.Bend != Relu {
				return bad("head %q reads a lane that is not there", h.Name)
			}
		}
	}
	return nil
}

func finite(xs ...float32) bool {
	for _, x := range xs {
		if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
			return false
		}
	}
	return true
}
