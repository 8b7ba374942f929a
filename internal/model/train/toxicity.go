package train

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"kentongan/internal/model"
)

// Settings of the twelve toxicity labels, chosen on folds by cluster.
const (
	toxicCost     = 0.5
	toxicPositive = 1.3
	toxicLetters  = 0.7
	toxicShapes   = 4
	toxicPlain    = 0.5 // share of the plain feature beside its lift
	toxicFolds    = 10  // that the figures come from
	toxicInner    = 5   // folds that the second layer learns from
	helperCost    = 0.3
	// From these probabilities on a message is called hate speech or abusive;
	// the other labels follow as the best set. Of what is hate speech a little
	// more is to be found than an even chance would find.
	hateFrom, abuseFrom = 0.43, 0.47
	toxicLikeness       = 1
)

// helper is a label of another set whose lane tells the second layer what the
// toxicity set itself does not name.
type helper struct{ set, label string }

func helpers() []helper {
	return []helper{
		{"netifier", "porn"}, {"netifier", "sara"}, {"netifier", "radicalism"}, {"netifier", "defamation"},
		{"local-abusive", "hs"}, {"local-abusive", "abusive"},
		{"smsa", "positive"}, {"smsa", "negative"},
		{"emot", "anger"}, {"emot", "happy"}, {"emot", "sadness"},
	}
}

// civil are sharp words without hatred, written for this project: what is said
// of officials in tweets is so often hateful that a model would take every
// word about them for it. They are only learned from.
//
//go:embed examples/civil.txt
var civil string

func civilLines() []string {
	var out []string
	for line := range strings.Lines(civil) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			out = append(out, line)
		}
	}
	return out
}

// toxic is the toxicity set and the helpers' sets, ready to learn from: rows of
// the toxicity set come first. Rows of the helpers that are near-duplicates of
// one of them are left out, so that no fold is known to them.
type toxic struct {
	rows     []Row
	buckets  [][]uint32
	truth    []uint32 // bits in the order of Toxicity()
	clusters []int
	n        int   // rows of the toxicity set
	civil    []int // rows that are known to be neither hateful nor abusive
	seed     uint64
}

func newToxic(sets []Set, seed uint64) (*toxic, error) {
	t := &toxic{seed: seed}
	done := map[string]bool{}
	names := []string{"okky2019"}
	for _, h := range helpers() {
		if !done[h.set] {
			done[h.set] = true
			names = append(names, h.set)
		}
	}
	for _, name := range names {
		set := Find(sets, name)
		if len(set.Rows) == 0 {
			return nil, fmt.Errorf("train: toxicity: the set %s is missing", name)
		}
		t.rows = append(t.rows, set.Rows...)
		if t.n == 0 {
			t.n = len(t.rows)
		}
	}
	for _, line := range civilLines() {
		t.civil = append(t.civil, len(t.rows))
		t.rows = append(t.rows, Row{Source: "civil", Text: line})
	}
	t.clusters = Clusters(Texts(t.rows))
	t.buckets = Buckets(t.rows)
	for _, r := range t.rows { // only those of the set itself and the civil ones are asked
		t.truth = append(t.truth, toxicBits(r))
	}
	return t, nil
}

func toxicBits(r Row) uint32 {
	truth := uint32(0)
	for i, l := range Toxicity() {
		if r.Has(l) {
			truth |= 1 << i
		}
	}
	return truth
}

// all rows of the toxicity set.
func (t *toxic) all() []int {
	out := make([]int, t.n)
	for i := range out {
		out[i] = i
	}
	return out
}

// helpers learns the helpers' lanes; they see no row of the toxicity set.
func (t *toxic) helpers(e *Examples) []*Linear {
	taken := map[int]bool{}
	for _, c := range t.clusters[:t.n] {
		taken[c] = true
	}
	var out []*Linear
	for _, h := range helpers() {
		var use []int
		for i := t.n; i < len(t.rows); i++ {
			if t.rows[i].Source == h.set && !taken[t.clusters[i]] {
				use = append(use, i)
			}
		}
		out = append(out, SVM(e, use, func(i int) bool { return t.rows[i].Has(h.label) },
			Options{Cost: helperCost, Positive: toxicPositive, Seed: t.seed}))
	}
	return out
}

// own learns the lanes of the toxicity set from the rows in use and the civil
// ones: one for each label, and one for each label but the first among hate
// speech alone.
func (t *toxic) own(e *Examples, use []int) []*Linear {
	var hate []int
	use = slices.Concat(use, t.civil)
	for _, i := range use {
		if t.truth[i]&1 == 1 {
			hate = append(hate, i)
		}
	}
	o := Options{Cost: toxicCost, Positive: toxicPositive, Seed: t.seed}
	var out []*Linear
	for l := range Toxicity() {
		out = append(out, LiftedSVM(e, use, func(i int) bool { return t.truth[i]>>l&1 == 1 }, toxicPlain, o))
	}
	for l := 1; l < len(Toxicity()); l++ {
		out = append(out, LiftedSVM(e, hate, func(i int) bool { return t.truth[i]>>l&1 == 1 }, toxicPlain, o))
	}
	return out
}

func toxicLaneNames() []string {
	out := slices.Clone(Toxicity())
	for _, l := range Toxicity()[1:] {
		out = append(out, "of-hs."+l)
	}
	for _, h := range helpers() {
		out = append(out, h.set+"."+h.label)
	}
	return out
}

// train learns from the rows in use: lanes on inner folds, the second layer on
// what those lanes say to rows that they did not see, and then the lanes on
// all rows.
func (t *toxic) train(use []int) *Trained {
	sizes := NewSizes(t.sample(use), toxicLetters, toxicShapes)
	e := NewExamples(t.buckets, sizes)
	helping := t.helpers(e)
	values := make([][]float64, t.n)
	folds := Folds(pick(t.clusters, use), toxicInner, t.seed)
	for f := range toxicInner {
		var learn, test []int
		for k, i := range use {
			if folds[k] == f {
				test = append(test, i)
			} else {
				learn = append(learn, i)
			}
		}
		lanes := append(t.own(e, learn), helping...)
		for _, i := range test {
			values[i] = valuesOf(e, lanes, i)
		}
	}
	layer := newSetLayer(len(Toxicity()), values, t.truth, use, t.seed)
	return layer.group(sizes, append(t.own(e, use), helping...))
}

// sample are the texts that sizes are counted on: those in use and the helpers'.
func (t *toxic) sample(use []int) [][]uint32 {
	return append(pick(t.buckets, use), t.buckets[t.n:]...)
}

func pick[T any](from []T, rows []int) []T {
	out := make([]T, len(rows))
	for k, i := range rows {
		out[k] = from[i]
	}
	return out
}

func valuesOf(e *Examples, lanes []*Linear, i int) []float64 {
	out := make([]float64, len(lanes))
	for k, l := range lanes {
		out[k] = e.Value(l, i)
	}
	return out
}

// toxicity judges every row of the set by a model that has seen neither it nor
// its copies, quantised as in the file: what the figures are made of. With
// weights it then learns from the whole set.
func toxicity(sets []Set, seed uint64, weights bool, say func(what string)) (*Trained, []Judged, error) {
	t, err := newToxic(sets, seed)
	if err != nil {
		return nil, nil, err
	}
	var judged []Judged
	dealt := Folds(t.clusters[:t.n], toxicFolds, seed)
	for f := range toxicFolds {
		say(fmt.Sprintf("toxicity: fold %d of %d", f+1, toxicFolds))
		var learn, test []int
		for i := range t.n {
			if dealt[i] == f {
				test = append(test, i)
			} else {
				learn = append(learn, i)
			}
		}
		m, err := model.Join(Assemble("", "", seed, t.train(learn)))
		if err != nil {
			return nil, nil, err
		}
		judged = append(judged, t.judge(m, test)...)
	}
	if !weights {
		return nil, judged, nil
	}
	say("toxicity: learning from everything")
	return t.train(t.all()), judged, nil
}

// judge reads rows with a finished model.
func (t *toxic) judge(m *model.Model, rows []int) []Judged {
	s := model.NewScratch()
	var out []Judged
	for _, i := range rows {
		r := m.ScoreBuckets(t.buckets[i], s)
		said := uint64(0)
		for l, yes := range r.Decided {
			if yes {
				said |= 1 << l
			}
		}
		out = append(out, Judged{True: uint64(t.truth[i]), Said: said, Cluster: t.clusters[i]})
	}
	return out
}
