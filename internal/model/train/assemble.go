package train

import (
	"math"

	"kentongan/internal/model"
)

// Trained is one group of heads with the lanes that it reads. Inputs of the
// heads name lanes by their place in Lanes.
type Trained struct {
	Group model.Group
	Lanes []Lane
	Sizes Sizes // what messages are divided by
	// A group that is read in several languages, at most one in a part.
	Tongues    *model.Tongues
	Aside      []Lane // three for each of its languages
	AsideSizes Sizes
}

// Lane is a learned lane with its name in the file.
type Lane struct {
	Name   string
	Linear *Linear
}

// Assemble joins groups to one part. Groups that share their Sizes (the same
// slice) share one lane for it.
func Assemble(notice, trained string, seed uint64, groups ...*Trained) *model.Part {
	p := &model.Part{Notice: notice, Seed: seed, Trained: trained, Features: model.FeatureVersion, Buckets: model.Buckets}
	norms := map[*float32]int{}
	for _, t := range groups {
		norm, ok := norms[&t.Sizes[0]]
		if !ok {
			norm = len(p.Lanes)
			norms[&t.Sizes[0]] = norm
			weights, scale := Quantise(t.Sizes)
			p.Lanes = append(p.Lanes, model.Lane{Name: "size." + t.Group.Name, Scale: scale, Norm: -1})
			p.Weights = append(p.Weights, weights)
		}
		base := len(p.Lanes)
		for _, l := range t.Lanes {
			weights, scale := Quantise(l.Linear.Weights)
			p.Lanes = append(p.Lanes, model.Lane{Name: l.Name, Scale: scale, Bias: l.Linear.Bias, Norm: norm})
			p.Weights = append(p.Weights, weights)
		}
		g := t.Group
		g.Heads = append([]model.Head(nil), g.Heads...)
		for i := range g.Heads {
			g.Heads[i].Inputs = append([]model.Input(nil), g.Heads[i].Inputs...)
			for j := range g.Heads[i].Inputs {
				g.Heads[i].Inputs[j].Lane += base
			}
		}
		p.Groups = append(p.Groups, g)
	}
	for _, t := range groups {
		if t.Tongues != nil {
			setAside(p, t)
		}
	}
	return p
}

// setAside puts a group's lanes by language behind all others.
func setAside(p *model.Part, t *Trained) {
	tongues := *t.Tongues
	tongues.First = len(p.Lanes)
	p.Tongues = &tongues
	weights, scale := Quantise(t.AsideSizes)
	p.Lanes = append(p.Lanes, model.Lane{Name: "size.aside", Scale: scale, Norm: -1})
	p.Weights = append(p.Weights, weights)
	for _, l := range t.Aside {
		weights, scale := Quantise(l.Linear.Weights)
		p.Lanes = append(p.Lanes, model.Lane{Name: l.Name, Scale: scale, Bias: l.Linear.Bias, Norm: -1})
		p.Weights = append(p.Weights, weights)
	}
}

// Quantise rounds weights to int8 and returns what one step is worth. The few
// largest are cut so that the many small ones keep their meaning.
func Quantise(weights []float32) ([]int8, float32) {
	top := 0.0
	for _, w := range weights {
		top = max(top, math.Abs(float64(w)))
	}
	out := make([]int8, len(weights))
	if top == 0 {
		return out, 1
	}
	best, scale := math.Inf(1), 0.0
	for _, cut := range [...]float64{1, .8, .65, .5, .4, .3} { // the least squared error
		step, loss := top*cut/127, 0.0
		for _, w := range weights {
			if w != 0 {
				d := float64(w) - step*rounded(float64(w)/step)
				loss += d * d
			}
		}
		if loss < best {
			best, scale = loss, step
		}
	}
	for i, w := range weights {
		out[i] = int8(rounded(float64(w) / scale))
	}
	return out, float32(scale)
}

func rounded(x float64) float64 { return max(-127, min(127, math.Round(x))) }
