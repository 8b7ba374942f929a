package train

import "kentongan/internal/model"

// Settings of the head for pornography.
const (
	pornCost     = 0.5
	pornPositive = 1.5
	pornPlain    = 0.5
	pornFolds    = 5
)

// Porn learns the head for pornography from netifier, calibrated and with its
// threshold for the best F1, both on folds by cluster; what it said on them
// comes beside it.
func Porn(sets []Set, seed uint64) (*Trained, []Judged) {
	rows := Find(sets, "netifier").Rows
	clusters, buckets := Clusters(Texts(rows)), Buckets(rows)
	sizes := NewSizes(buckets, toxicLetters, toxicShapes)
	e := NewExamples(buckets, sizes)
	is := func(i int) bool { return rows[i].Has("porn") }
	o := Options{Cost: pornCost, Positive: pornPositive, Seed: seed}
	values, yes := make([]float64, len(rows)), make([]bool, len(rows))
	var all []int
	dealt := Folds(clusters, pornFolds, seed)
	for f := range pornFolds {
		var learn []int
		for i := range rows {
			if dealt[i] != f {
				learn = append(learn, i)
			}
		}
		lane := LiftedSVM(e, learn, is, pornPlain, o)
		for i := range rows {
			if dealt[i] == f {
				values[i] = e.Value(lane, i)
			}
		}
	}
	for i := range rows {
		yes[i] = is(i)
		all = append(all, i)
	}
	from := BestThreshold(values, yes)
	judged := make([]Judged, len(rows))
	for i := range rows {
		judged[i].Cluster = clusters[i]
		if yes[i] {
			judged[i].True = 1
		}
		if values[i] >= from {
			judged[i].Said = 1
		}
	}
	a, b := Platt(values, yes)
	return &Trained{
		Group: model.Group{Name: "porn", Kind: model.Each, Heads: []model.Head{{
			Name: "porn", Bias: float32(b), Inputs: []model.Input{{Lane: 0, Weight: float32(a)}}, Threshold: float32(sigmoid(a*from + b)),
		}}},
		Lanes: []Lane{{"porn", LiftedSVM(e, all, is, pornPlain, o)}},
		Sizes: sizes,
	}, judged
}
