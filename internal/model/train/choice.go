package train

import (
	"math"
	"slices"

	"kentongan/internal/model"
)

// Choice is a task in which every message has exactly one of a few names.
type Choice struct {
	Name     string
	Names    []string
	Class    []int // beside the examples' rows; -1: not of this task
	Clusters []int
	Teach    []bool    // rows that are only learned from, never measured; nil: none
	Own      bool      // buckets are weighed by the measured rows alone
	Lean     []float64 // added to what each name's lane says; nil: nothing
	Cost     float64
	Power    float64 // of the contrast; 0: none
	Letters  float64 // weight of letters beside words
	Seed     uint64
}

// Learner settings that hold for every choice.
const (
	choiceEpochs = 20
	choiceShapes = 0.3
	choiceFolds  = 5
)

// rows that are of this task.
func (c *Choice) rows() []int {
	var out []int
	for i, k := range c.Class {
		if k >= 0 {
			out = append(out, i)
		}
	}
	return out
}

// measured are the rows of this task that figures are made of.
func (c *Choice) measured() []int {
	return slices.DeleteFunc(c.rows(), func(i int) bool { return c.Teach != nil && c.Teach[i] })
}

// fit learns one lane a name, each against the others.
func (c *Choice) fit(e *Examples, use []int) []*Linear {
	var lanes []*Linear
	for k := range c.Names {
		lanes = append(lanes, ContrastSVM(e, use, func(i int) bool { return c.Class[i] == k }, c.Power,
			Options{Cost: c.Cost, Epochs: choiceEpochs, Seed: c.Seed}))
	}
	return lanes
}

// said is one row with what the lanes say to it.
type said struct {
	row    int
	values []float64
}

func read(e *Examples, lanes []*Linear, rows []int) []said {
	out := make([]said, len(rows))
	for n, i := range rows {
		out[n] = said{i, make([]float64, len(lanes))}
		for k, l := range lanes {
			out[n].values[k] = e.Value(l, i)
		}
	}
	return out
}

// cross reads every row with lanes that saw neither it nor its copies.
func (c *Choice) cross(e *Examples) []said {
	var out []said
	folds := Folds(c.Clusters, choiceFolds, c.Seed)
	for f := range choiceFolds {
		in := func(i int) bool { return folds[i] == f }
		test := slices.DeleteFunc(c.measured(), func(i int) bool { return !in(i) })
		learn := slices.DeleteFunc(c.rows(), in)
		out = append(out, read(e, c.fit(e, learn), test)...)
	}
	for _, s := range out {
		for k, by := range c.Lean {
			s.values[k] += by
		}
	}
	return out
}

// judge turns values into a choice.
func (c *Choice) judge(read []said) []Judged {
	out := make([]Judged, len(read))
	for n, s := range read {
		out[n] = Judged{True: 1 << c.Class[s.row], Said: 1 << most(s.values), Cluster: c.Clusters[s.row]}
	}
	return out
}

func most(values []float64) int {
	best := 0
	for k, v := range values {
		if v > values[best] {
			best = k
		}
	}
	return best
}

// warmth is the factor that makes a softmax of the values honest: the one under
// which what is true is least surprising (temperature scaling, Guo et al. 2017).
func (c *Choice) warmth(read []said) float64 {
	surprise := func(t float64) float64 {
		sum := 0.0
		for _, s := range read {
			top := s.values[most(s.values)]
			all := 0.0
			for _, v := range s.values {
				all += math.Exp(t * (v - top))
			}
			sum += math.Log(all) - t*(s.values[c.Class[s.row]]-top)
		}
		return sum
	}
	low, high := 0.1, 20.0 // surprise is convex in t
	for range 60 {
		a, b := low+(high-low)/3, high-(high-low)/3
		if surprise(a) < surprise(b) {
			high = b
		} else {
			low = a
		}
	}
	return (low + high) / 2
}

// group writes lanes as a group of heads with that warmth.
func (c *Choice) group(sizes Sizes, lanes []*Linear, warmth float64) *Trained {
	t := &Trained{Group: model.Group{Name: c.Name, Kind: model.One}, Sizes: sizes}
	for k, name := range c.Names {
		t.Lanes = append(t.Lanes, Lane{c.Name + "." + name, lanes[k]})
		h := model.Head{Name: name, Inputs: []model.Input{{Lane: k, Weight: float32(warmth)}}}
		if c.Lean != nil {
			h.Bias = float32(warmth * c.Lean[k])
		}
		t.Group.Heads = append(t.Group.Heads, h)
	}
	return t
}

// examples weighs the buckets.
func (c *Choice) examples(buckets [][]uint32) *Examples {
	counted := buckets
	if c.Own {
		counted = pick(buckets, c.measured())
	}
	return NewExamples(buckets, NewSizes(counted, c.Letters, choiceShapes))
}

// Train reads the rows crosswise, and then learns from all of them.
func (c *Choice) Train(buckets [][]uint32) (*Trained, []Judged) {
	e := c.examples(buckets)
	read := c.cross(e)
	return c.group(e.Sizes, c.fit(e, c.rows()), c.warmth(read)), c.judge(read)
}

// Cross is Train without the weights.
func (c *Choice) Cross(buckets [][]uint32) []Judged {
	return c.judge(c.cross(c.examples(buckets)))
}
