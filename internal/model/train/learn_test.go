package train

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"kentongan/internal/model"
	"kentongan/internal/text"
)

// own are messages of our own making: rude ones about a broken road, and kind
// ones about the same road.
func own() (rows []Row, rude []bool) {
	subjects := []string{"jalan di depan pasar", "petugas loket", "lampu kampung kami", "antrean puskesmas", "jembatan desa", "pompa air", "taman kota", "bus sekolah"}
	bad := []string{"bodoh sekali kalian urus", "dasar tolol, lihat", "goblok benar yang jaga", "kerja tolol macam apa"}
	good := []string{"terima kasih sudah perbaiki", "mohon dicek lagi", "bagus sekali sekarang", "kapan dibuka lagi"}
	for _, s := range subjects {
		for i := range bad {
			rows = append(rows, Row{Text: bad[i] + " " + s}, Row{Text: good[i] + " " + s})
			rude = append(rude, true, false)
		}
	}
	return rows, rude
}

func TestALaneLearnsWordsAndReadsNewMessages(t *testing.T) {
	t.Parallel()
	rows, rude := own()
	e := NewExamples(Buckets(rows), NewSizes(Buckets(rows), .7, 1))
	var use []int
	for i := range rows {
		if i%8 != 0 && i%8 != 1 { // one rude and one kind kind of sentence are not learned from
			use = append(use, i)
		}
	}
	learners := map[string]func() *Linear{
		"plain": func() *Linear { return SVM(e, use, func(i int) bool { return rude[i] }, Options{Cost: 1, Seed: 1}) },
		"lifted": func() *Linear {
			return LiftedSVM(e, use, func(i int) bool { return rude[i] }, .5, Options{Cost: 1, Seed: 1})
		},
	}
	for name, learn := range learners {
		lane := learn()
		for _, i := range use {
			if (e.Value(lane, i) > 0) != rude[i] {
				t.Errorf("%s: %q is read wrongly, though learned from", name, rows[i].Text)
			}
		}
		if again := learn(); !slices.Equal(lane.Weights, again.Weights) || lane.Bias != again.Bias {
			t.Errorf("%s: the same rows and seed gave other weights", name)
		}
	}
}

func TestAnErrorThatCostsMoreIsMadeLess(t *testing.T) {
	t.Parallel()
	rows, _ := own()
	e := NewExamples(Buckets(rows), NewSizes(Buckets(rows), .7, 1))
	var all []int
	for i := range rows {
		all = append(all, i)
	}
	hidden := func(i int) bool { return i%7 == 0 } // nothing in the text says so
	called := func(positive float64) int {
		lane, n := SVM(e, all, hidden, Options{Cost: .01, Positive: positive, Seed: 1}), 0
		for _, i := range all {
			if e.Value(lane, i) > 0 {
				n++
			}
		}
		return n
	}
	if few, many := called(1), called(20); few >= many {
		t.Errorf("%d are called at cost 1, %d at cost 20", few, many)
	}
}

func TestProbabilitiesAreHonest(t *testing.T) {
	t.Parallel()
	var values []float64
	var yes []bool
	for v := -2.0; v <= 2; v += .1 { // true with probability 1/(1+exp(-(3v-1))), in hundredths
		for k := range 100 {
			values, yes = append(values, v), append(yes, float64(k) < 100*sigmoid(3*v-1))
		}
	}
	a, b := Platt(values, yes)
	if math.Abs(a-3) > .1 || math.Abs(b+1) > .1 {
		t.Errorf("a %.2f, b %.2f; 3 and -1 were put in", a, b)
	}
	if v := BestThreshold([]float64{.1, .9, .4, .6}, []bool{false, true, false, true}); v <= .4 || v >= .6 {
		t.Errorf("the border is %.2f", v)
	}
}

func TestRoundedWeightsSayTheSame(t *testing.T) {
	t.Parallel()
	rows, rude := own()
	buckets := Buckets(rows)
	sizes := NewSizes(buckets, .7, 1)
	e := NewExamples(buckets, sizes)
	var all []int
	for i := range rows {
		all = append(all, i)
	}
	lane := SVM(e, all, func(i int) bool { return rude[i] }, Options{Cost: 1, Seed: 1})
	part := Assemble("own-made", "own-made", 1, &Trained{
		Group: model.Group{Name: "rude", Kind: model.Each, Heads: []model.Head{{Name: "rude", Inputs: []model.Input{{Lane: 0, Weight: 1}}, Threshold: .5}}},
		Lanes: []Lane{{"rude", lane}}, Sizes: sizes,
	})
	var file bytes.Buffer
	if err := part.Write(&file); err != nil {
		t.Fatal(err)
	}
	back, err := model.Read(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	m, err := model.Join(back)
	if err != nil {
		t.Fatal(err)
	}
	s := model.NewScratch()
	for i, r := range rows {
		f := text.Fold(r.Text)
		got := m.Score(f, f.Tokens(), s)
		if want := sigmoid(e.Value(lane, i)); math.Abs(float64(got.Probability[0])-want) > .01 || got.Decided[0] != rude[i] {
			t.Errorf("%q: %.3f from the file, %.3f from the learner", r.Text, got.Probability[0], want)
		}
	}
}

// TestTheSecondLayerKnowsWhatExcludesEachOther: of three lanes that are each
// unsure, the layer makes one of the two sets that exist.
func TestTheSecondLayerKnowsWhatExcludesEachOther(t *testing.T) {
	t.Parallel()
	var values [][]float64
	var truth []uint32
	var use []int
	for i := range 300 {
		set := []uint32{0, 0b011, 0b101}[i%3]
		v := []float64{-.4, -.4, -.4}
		for l := range v {
			if set>>l&1 == 1 {
				v[l] = .4
			}
		}
		if i%5 == 0 {
			v[1], v[2] = .1, .1 // cannot tell
		}
		values, truth, use = append(values, v), append(truth, set), append(use, i)
	}
	y := newSetLayer(3, values, truth, use, 1)
	if len(y.sets) != 3 {
		t.Fatalf("%d sets were seen", len(y.sets))
	}
	logits, posts := make([]float64, 3), make([]float64, 3)
	y.logits([]float64{.4, .3, -.2}, logits)
	model.Posterior(y.sets, logits, posts)
	g := &model.Group{Heads: make([]model.Head, 3), Sets: y.sets}
	if got := model.Choose(g, posts, make([]float32, 3)); got != 0b011 {
		t.Errorf("the set chosen is %03b", got)
	}
}
