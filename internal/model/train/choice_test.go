package train_test

import (
	"fmt"
	"slices"
	"testing"

	"kentongan/internal/model"
	"kentongan/internal/model/train"
)

// Labels that follow nothing can be known of copies only: whoever lets a copy
// of a test row into training scores high here.
func TestCrossReadingLearnsNothingFromCopies(t *testing.T) {
	t.Parallel()
	var rows []train.Row
	c := &train.Choice{Name: "uji", Names: []string{"ya", "tidak"}, Cost: 1, Letters: .5, Seed: 1}
	words := []string{"batu", "kayu", "air", "api", "angin", "tanah", "besi", "kaca", "kain", "tali", "pasir", "garam"}
	for i := range 60 {
		s := fmt.Sprintf("%s %s %s %s nomor %c%c", words[i%12], words[i*5%11], words[i*7%10], words[i*3%9], 'a'+i%26, 'a'+i*i%23)
		for range 4 {
			rows = append(rows, train.Row{Text: s})
			c.Class = append(c.Class, int(uint32(i)*2654435761>>16&1))
		}
	}
	c.Clusters = train.Clusters(train.Texts(rows))
	for _, power := range []float64{0, .5} {
		c.Power = power
		judged := c.Cross(train.Buckets(rows))
		if got := train.Exact(judged); len(judged) != 240 || got > .75 {
			t.Errorf("power %v: %.2f of %d right, where nothing can be known", power, got, len(judged))
		}
	}
}

func TestAChoiceIsLearnedAndSure(t *testing.T) {
	t.Parallel()
	var rows []train.Row
	c := &train.Choice{Name: "uji", Names: []string{"air", "jalan", "listrik"}, Cost: 1, Power: .5, Letters: .5, Seed: 1}
	for i := range 90 {
		k := i % 3
		thing := [][]string{{"pipa pdam", "keran", "ledeng"}, {"aspal", "lubang", "trotoar"}, {"gardu", "tiang pln", "kabel"}}[k][i/3%3]
		rows = append(rows, train.Row{Text: fmt.Sprintf("tolong %s di rt %d kampung %c%c bermasalah", thing, i, 'a'+i%26, 'c'+i%17)})
		c.Class = append(c.Class, k)
		c.Clusters = append(c.Clusters, i)
	}
	buckets := train.Buckets(rows)
	trained, judged := c.Train(buckets)
	if got := train.Exact(judged); got < .95 {
		t.Fatalf("%.2f right by folds", got)
	}
	m, err := model.Join(train.Assemble("", "", 1, trained))
	if err != nil {
		t.Fatal(err)
	}
	s := model.NewScratch()
	r := m.ScoreBuckets(train.Buckets([]train.Row{{Text: "min, keran di rumah saya mati"}})[0], s)
	if !slices.Equal(r.Decided, []bool{true, false, false}) || r.Probability[0] < .5 {
		t.Errorf("%v %v", r.Decided, r.Probability)
	}
	again, _ := c.Train(buckets)
	for k := range trained.Lanes {
		if !slices.Equal(trained.Lanes[k].Linear.Weights, again.Lanes[k].Linear.Weights) {
			t.Fatal("the same rows and seed gave other weights")
		}
	}
}
