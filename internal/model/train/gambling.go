package train

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"kentongan/internal/model"
	"kentongan/internal/text"
)

// Settings of the head for gambling, chosen by leaving one source out.
const (
	gamblingCost     = 0.3
	gamblingPositive = 2 // an overlooked advertisement costs twice a false alarm
	gamblingCopies   = 2 // of one text: the third teaches nothing but its brand
	knownFrom        = 3 // clusters that a word of ordinary people is seen in
	gamblingEpochs   = 30
	// GamblingValue is the value from which on a message is called gambling.
	// The learner's own border is 0; on a campaign that it has not seen values
	// lie lower; at -.1 hardly one ordinary text in ten thousand passes.
	GamblingValue = -0.1
)

// Gambling trains the head for gambling from rows; those without the label
// are ordinary, whatever set they come from. Rows that may not be used
// commercially are passed over. clusters is beside rows.
func Gambling(rows []Row, clusters []int, seed uint64) *model.Campaign {
	c := &model.Campaign{Version: model.CampaignVersion, Known: knownWords(rows, clusters), Slope: 1}
	var use []Row
	copies := map[int]int{}
	for i, r := range rows {
		if !free(r) {
			continue
		}
		if copies[clusters[i]]++; copies[clusters[i]] <= gamblingCopies {
			use = append(use, r)
		}
	}
	buckets := campaignRows(use, c.Known)
	sizes := make(Sizes, model.Buckets)
	for _, row := range buckets {
		for _, b := range row {
			sizes[b]++
		}
	}
	for b, n := range sizes {
		if n == 0 {
			continue
		}
		size := math.Log(float64(len(buckets)+1)/float64(n+1)) + 1
		sizes[b] = float32(size * size)
	}
	e := NewExamples(buckets, sizes)
	all := make([]int, len(use))
	for i := range all {
		all[i] = i
	}
	lane := SVM(e, all, func(i int) bool { return use[i].Has("gambling") },
		Options{Cost: gamblingCost, Positive: gamblingPositive, Epochs: gamblingEpochs, Seed: seed})
	quantised, scale := Quantise(lane.Weights[:model.CampaignBuckets])
	c.Weights, c.Scale, c.Bias = make([]byte, len(quantised)), scale, lane.Bias
	for i, w := range quantised {
		c.Weights[i] = byte(w)
	}
	c.Sizes, c.SizeStep = sizesInBytes(sizes[:model.CampaignBuckets])
	c.Threshold = float32(sigmoid(float64(c.Slope*GamblingValue + c.Offset)))
	return c
}

func sizesInBytes(sizes []float32) ([]byte, float32) {
	top := float32(0)
	for _, s := range sizes {
		top = max(top, s)
	}
	out, step := make([]byte, len(sizes)), top/255
	for i, s := range sizes {
		out[i] = byte(math.Round(float64(s / step)))
	}
	return out, step
}

// knownWords are the words that ordinary messages use.
func knownWords(rows []Row, clusters []int) []byte {
	known := model.NewKnown()
	seen, done := map[string]int{}, map[int]bool{}
	for i, r := range rows {
		if r.Has("gambling") || done[clusters[i]] || !free(r) {
			continue
		}
		done[clusters[i]] = true
		once := map[string]bool{}
		for _, t := range text.Fold(r.Text).Tokens() {
			w := text.Squeeze(t.Text)
			if once[w] || strings.ContainsFunc(w, unicode.IsDigit) {
				continue
			}
			once[w] = true
			if seen[w]++; seen[w] == knownFrom {
				model.AddKnown(known, w)
			}
		}
	}
	return known
}

func campaignRows(rows []Row, known []byte) [][]uint32 {
	var reader model.CampaignReader
	out := make([][]uint32, len(rows))
	for i, r := range rows {
		f := text.Fold(r.Text)
		out[i] = append([]uint32(nil), reader.Read(f, f.Tokens(), known)...)
	}
	return out
}

// GamblingValues is what the head says to each row.
func GamblingValues(c *model.Campaign, rows []Row) []float64 {
	out := make([]float64, len(rows))
	for i, row := range campaignRows(rows, c.Known) {
		out[i] = float64(c.Value(row))
	}
	return out
}

// civic are ordinary messages to an office in which names and digits stand
// together, as brands of gambling do: written for this project, because the
// sets are of tweets and of comments under films, where nobody complains about
// the bus stop Melati 99. Citizens' own-written messages stand beside them.
func civic() ([]Row, error) {
	own, err := ownExamples()
	if err != nil {
		return nil, err
	}
	var rows []Row
	for _, e := range own {
		rows = append(rows, Row{Text: e.Text})
	}
	names := strings.Fields(civicNames)
	n := uint64(0)
	next := func(of int) int {
		n++
		return int(mix(n*0x9E3779B97F4A7C15) % uint64(of))
	}
	digits := [...]string{"77", "88", "99", "777", "888", "303", "138", "55", "168", "12", "21", "4D", "3D", "45"}
	for line := range strings.Lines(civicLines) {
		line = strings.TrimSpace(line)
		for range civicEach {
			name, number := names[next(len(names))], digits[next(len(digits))]
			rows = append(rows, Row{Text: strings.NewReplacer("{N}", name, "{n}", strings.ToLower(name), "{C}", strings.ToUpper(name), "{D}", number).Replace(line)})
		}
	}
	return rows, nil
}

// civicEach is how often each line stands there, with other names and digits.
const civicEach = 6

// CalibrateGambling sets the probability by messages that the head did not
// learn from.
func CalibrateGambling(c *model.Campaign, values []float64, yes []bool) {
	a, b := Platt(values, yes)
	c.Slope, c.Offset = float32(a), float32(b)
	c.Threshold = float32(sigmoid(a*GamblingValue + b))
}

// GamblingTest is what was said about rows by a head that saw neither their
// source nor a copy of them.
type GamblingTest struct {
	Source   string // left out
	Rows     []Row
	Clusters []int
	Values   []float64
}

// LeaveOneOut trains without each source of gambling in turn and reads it, and
// reads ordinary messages by halves that it did not learn from.
func LeaveOneOut(rows []Row, clusters []int, seed uint64) []GamblingTest {
	half := Folds(clusters, 2, seed)
	var out []GamblingTest
	for _, left := range gamblingSources(rows) {
		in := map[int]bool{} // clusters of the source that is left out
		for i, r := range rows {
			if r.Source == left {
				in[clusters[i]] = true
			}
		}
		test := GamblingTest{Source: left}
		for h := range 2 {
			var train, read []Row
			var trainClusters, readClusters []int
			for i, r := range rows {
				gambling := Source{Name: r.Source}.gambling()
				switch {
				case r.Source == left && h == 0, !gambling && half[i] == h && !in[clusters[i]]:
					read, readClusters = append(read, r), append(readClusters, clusters[i])
				case r.Source != left && !in[clusters[i]] && (gambling || half[i] != h) && free(r):
					train, trainClusters = append(train, r), append(trainClusters, clusters[i])
				}
			}
			c := Gambling(train, trainClusters, seed)
			test.Rows, test.Clusters = append(test.Rows, read...), append(test.Clusters, readClusters...)
			test.Values = append(test.Values, GamblingValues(c, read)...)
		}
		out = append(out, test)
	}
	return out
}

// free: the row may teach weights that are for everybody. Others are only read.
func free(r Row) bool {
	return !slices.ContainsFunc(Sources(), func(s Source) bool { return s.Name == r.Source && s.NonCommercial })
}

func (s Source) gambling() bool { return strings.HasPrefix(s.Name, "judol-") }

func gamblingSources(rows []Row) []string {
	var out []string
	for _, r := range rows {
		if (Source{Name: r.Source}).gambling() && (len(out) == 0 || out[len(out)-1] != r.Source) {
			out = append(out, r.Source)
		}
	}
	return out
}
