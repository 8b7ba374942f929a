package train

import (
	"math"
	"math/rand/v2"
	"slices"

	"kentongan/internal/model"
)

// setLayer is the second layer: each label's logit is a weighted sum of all
// lanes, and the probability of a label set is a softmax over the sets seen,
// of the sum of its labels' logits and its own bias. It learns by the
// likelihood of whole sets, so what excludes each other (weak, moderate,
// strong) is known to it.
type setLayer struct {
	weights [][]float64 // by label: the lanes, then the bias
	sets    []model.LabelSet
}

// Settings of the second layer.
const (
	layerRate   = 0.05
	layerDecay  = 1e-4
	layerEpochs = 20
	layerSeen   = 2 // a set that was seen once is left out
)

func newSetLayer(labels int, values [][]float64, truth []uint32, use []int, seed uint64) *setLayer {
	lanes := len(values[use[0]])
	y := &setLayer{}
	for l := range labels {
		w := make([]float64, lanes+1)
		w[l] = 1 // a label begins with its own lane
		y.weights = append(y.weights, w)
	}
	count := map[uint32]int{}
	for _, i := range use {
		count[truth[i]]++
	}
	for set, n := range count {
		if n >= layerSeen {
			y.sets = append(y.sets, model.LabelSet{Labels: set, Bias: float32(math.Log(float64(n)/float64(len(use))) / 2)})
		}
	}
	slices.SortFunc(y.sets, func(a, b model.LabelSet) int { return int(a.Labels) - int(b.Labels) })
	var learn []int
	for _, i := range use {
		if count[truth[i]] >= layerSeen {
			learn = append(learn, i)
		}
	}
	y.learn(values, truth, learn, seed)
	return y
}

// learn goes down the surprise with steps of its own for each number (AdaGrad,
// Duchi et al. 2011) and keeps the mean of the second half.
func (y *setLayer) learn(values [][]float64, truth []uint32, use []int, seed uint64) {
	g := y.gradient()
	mean := g.zero()
	order := slices.Clone(use)
	random := rand.New(rand.NewPCG(seed, 0x73657473))
	for epoch := range layerEpochs {
		random.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
		for _, i := range order {
			g.step(y, values[i], truth[i])
		}
		if epoch >= layerEpochs/2 {
			mean.add(y, 1/float64(layerEpochs-layerEpochs/2))
		}
	}
	*y = *mean
}

// gradient remembers how far each number was moved.
type gradient struct {
	weights [][]float64
	sets    []float64
	logits  []float64
	posts   []float64
}

func (y *setLayer) gradient() *gradient {
	g := &gradient{sets: make([]float64, len(y.sets)), posts: make([]float64, len(y.sets)), logits: make([]float64, len(y.weights))}
	for _, w := range y.weights {
		g.weights = append(g.weights, make([]float64, len(w)))
	}
	return g
}

// zero is a layer of the same form, of nothing.
func (g *gradient) zero() *setLayer {
	y := &setLayer{sets: make([]model.LabelSet, len(g.sets))}
	for _, w := range g.weights {
		y.weights = append(y.weights, make([]float64, len(w)))
	}
	return y
}

func (y *setLayer) add(other *setLayer, share float64) {
	for l, w := range other.weights {
		for k, v := range w {
			y.weights[l][k] += share * v
		}
	}
	for j, s := range other.sets {
		y.sets[j].Labels = s.Labels
		y.sets[j].Bias += float32(share) * s.Bias
	}
}

// step moves the layer towards one row's true set.
func (g *gradient) step(y *setLayer, values []float64, truth uint32) {
	y.logits(values, g.logits)
	model.Posterior(y.sets, g.logits, g.posts)
	for l := range g.logits { // from here on: expected minus true
		g.logits[l] = -float64(truth >> l & 1)
	}
	for j, q := range g.posts {
		set := y.sets[j].Labels
		for l := range g.logits {
			if set>>l&1 == 1 {
				g.logits[l] += q
			}
		}
		if set == truth {
			q--
		}
		if math.Abs(q) > 1e-3 {
			g.sets[j] += q * q
			y.sets[j].Bias -= float32(layerRate * q / math.Sqrt(g.sets[j]+1))
		}
	}
	for l, off := range g.logits {
		w, moved := y.weights[l], g.weights[l]
		for k := range w {
			d := off
			if k < len(values) {
				d = off*values[k] + layerDecay*w[k]
			}
			moved[k] += d * d
			w[k] -= layerRate * d / math.Sqrt(moved[k]+1)
		}
	}
}

func (y *setLayer) logits(values, out []float64) {
	for l, w := range y.weights {
		sum := w[len(values)]
		for k, v := range values {
			sum += w[k] * v
		}
		out[l] = sum
	}
}

// group writes the layer and its lanes as a group of heads.
func (y *setLayer) group(sizes Sizes, lanes []*Linear) *Trained {
	t := &Trained{Sizes: sizes, Group: model.Group{Name: "toxicity", Kind: model.Sets, Sets: y.sets, Likeness: toxicLikeness}}
	for k, name := range toxicLaneNames() {
		t.Lanes = append(t.Lanes, Lane{"toxicity." + name, lanes[k]})
	}
	for l, name := range Toxicity() {
		h := model.Head{Name: name, Bias: float32(y.weights[l][len(lanes)])}
		switch name {
		case "hs":
			h.Threshold = hateFrom
		case "abusive":
			h.Threshold = abuseFrom
		}
		for k := range lanes {
			h.Inputs = append(h.Inputs, model.Input{Lane: k, Weight: float32(y.weights[l][k])})
		}
		t.Group.Heads = append(t.Group.Heads, h)
	}
	return t
}
