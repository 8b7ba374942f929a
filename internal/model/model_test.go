package model

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"kentongan/internal/text"
)

// tweet has 114 bytes, as the average of the public sets.
const tweet = "@dinasjalan tolong dong pak lampu merah di simpang lima mati dari kemarin sore, macet parah!! sampai kapan begini?"

// anyPart is a part as wide as asked, with weights of no meaning: one lane of
// sizes, then a head for each lane that is divided by it.
func anyPart(lanes int, seed uint64) *Part {
	random := rand.New(rand.NewPCG(seed, 1))
	p := &Part{Notice: "own-made", Seed: seed, Features: FeatureVersion, Buckets: Buckets}
	g := Group{Name: "any", Kind: Each}
	for l := range lanes {
		weights := make([]int8, Buckets)
		for b := range weights {
			weights[b] = int8(random.IntN(255) - 127)
			if l == 0 {
				weights[b] = int8(1 + random.IntN(127))
			}
		}
		p.Weights = append(p.Weights, weights)
		p.Lanes = append(p.Lanes, Lane{Name: "lane", Scale: .01, Bias: .1, Norm: min(0, l-1)})
		if l > 0 {
			g.Heads = append(g.Heads, Head{Name: strings.Repeat("h", l), Inputs: []Input{{Lane: l, Weight: 1}}, Threshold: .5})
		}
	}
	p.Groups = []Group{g}
	return p
}

func joined(t testing.TB, parts ...*Part) *Model {
	t.Helper()
	m, err := Join(parts...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func score(m *Model, message string, s *Scratch) *Result {
	f := text.Fold(message)
	return m.Score(f, f.Tokens(), s)
}

func TestSumsOfEightAtATimeAreThoseOfOneAtATime(t *testing.T) {
	t.Parallel()
	for _, lanes := range []int{2, 8, 33, 70} {
		p := anyPart(lanes, 7)
		for l := lanes / 2; l < lanes*3/4; l++ { // lanes of few buckets have a table of their own
			for b := range p.Weights[l] {
				if b%37 != l {
					p.Weights[l][b] = 0
				}
			}
		}
		m, s := joined(t, p), NewScratch()
		for _, message := range []string{"", "a", tweet, strings.Repeat(tweet+" kata lain nomor ", 40), randomWords(3000)} {
			score(m, message, s)
			for l, weights := range p.Weights {
				want := int32(0)
				for _, b := range s.Buckets() {
					want += int32(weights[b])
				}
				if got := m.total(l, s); got != want {
					t.Fatalf("%d lanes, %d features: lane %d is %d, not %d", lanes, len(s.Buckets()), l, got, want)
				}
			}
		}
	}
}

func randomWords(n int) string {
	random := rand.New(rand.NewPCG(3, 3))
	var b strings.Builder
	for range n {
		for range 3 + random.IntN(6) {
			b.WriteByte(byte('a' + random.IntN(26)))
		}
		b.WriteByte(' ')
	}
	return b.String()
}

func TestFeaturesAreDistinctWhateverTheMessage(t *testing.T) {
	t.Parallel()
	s := NewScratch()
	for _, message := range []string{tweet, strings.Repeat("sama ", 500), "😀😀😀 https://contoh.id/a/b?c=d wkwkwk", "\xff\xfe", randomWords(2000), "a"} {
		f := text.Fold(message)
		buckets := slices.Clone(s.Extract(f, f.Tokens()))
		if len(buckets) == 0 {
			t.Errorf("%.20q has no features", message)
		}
		slices.Sort(buckets)
		if n := len(slices.Compact(slices.Clone(buckets))); n != len(buckets) || buckets[n-1] >= Buckets {
			t.Errorf("%.20q: %d features, %d distinct, the last %d", message, len(buckets), n, buckets[len(buckets)-1])
		}
	}
}

func TestWhoIsAddressedAndWhereALinkLeadsDoNotCount(t *testing.T) {
	t.Parallel()
	read := func(message string) []uint32 {
		f := text.Fold(message)
		return slices.Clone(NewScratch().Extract(f, f.Tokens()))
	}
	if a, b := read("@budisantoso jalan rusak"), read("@walikotakami jalan rusak"); !slices.Equal(a, b) {
		t.Error("two people addressed give different features")
	}
	if a, b := read("lihat https://contoh.id/satu ya"), read("lihat https://lain.id/tiga ya"); !slices.Equal(a, b) {
		t.Error("two links give different features")
	}
}

func TestTheWeightsFileComesBackAsItWas(t *testing.T) {
	t.Parallel()
	p := anyPart(5, 2)
	p.Groups = append(p.Groups, Group{Name: "sets", Kind: Sets, Likeness: 1, Heads: []Head{{Name: "x", Inputs: []Input{{Lane: 1, Weight: 1}}}, {Name: "y", Threshold: .4}},
		Sets: []LabelSet{{Labels: 0}, {Labels: 1, Bias: .5}, {Labels: 3, Bias: -1}}})
	var first, second bytes.Buffer
	for _, b := range []*bytes.Buffer{&first, &second} {
		if err := p.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same part gave two different files")
	}
	back, err := Read(first.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	var third bytes.Buffer
	if err := back.Write(&third); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), third.Bytes()) {
		t.Error("a file that was read is written differently")
	}
	a, b := NewScratch(), NewScratch()
	if x, y := score(joined(t, p), tweet, a), score(joined(t, back), tweet, b); !slices.Equal(x.Probability, y.Probability) || !slices.Equal(x.Decided, y.Decided) {
		t.Error("the file read says something else than the part written")
	}
}

func TestABrokenWeightsFileIsRefused(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := anyPart(2, 4).Write(&b); err != nil {
		t.Fatal(err)
	}
	whole := b.Bytes()
	changed := func(at int) []byte {
		c := slices.Clone(whole)
		c[at] ^= 0x10
		return c
	}
	for name, file := range map[string][]byte{
		"nothing": nil, "another kind of file": []byte("{\"lanes\":[]} and more text"), "cut off": whole[:len(whole)/2],
		"one bit of the version": changed(7), "one bit of the header": changed(40), "one bit of the weights": changed(len(whole) - 50), "one bit of the checksum": changed(len(whole) - 1),
	} {
		if _, err := Read(file); !errors.Is(err, ErrBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAPartThatCouldNotBeScoredIsRefused(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(p *Part){
		"a head reads a lane that is not there":   func(p *Part) { p.Groups[0].Heads[0].Inputs[0].Lane = 9 },
		"a lane is divided by one not there":      func(p *Part) { p.Lanes[1].Norm = 5 },
		"features of another version":             func(p *Part) { p.Features++ },
		"a threshold that is no number":           func(p *Part) { p.Groups[0].Heads[0].Threshold = float32(math.NaN()) },
		"weights of a lane are missing":           func(p *Part) { p.Weights = p.Weights[:1] },
		"a kind of group that nobody knows":       func(p *Part) { p.Groups[0].Kind = "some" },
		"sets without sets":                       func(p *Part) { p.Groups[0].Kind = Sets },
		"a set names a label that is not there":   func(p *Part) { p.Groups[0].Kind, p.Groups[0].Sets = Sets, []LabelSet{{Labels: 1 << 20}} },
		"a curve that nobody knows":               func(p *Part) { p.Groups[0].Heads[0].Inputs[0].Bend = "sine" },
		"a head without a name":                   func(p *Part) { p.Groups[0].Heads[0].Name = "" },
		"no heads, no groups, nothing to be said": func(p *Part) { p.Groups = nil },
	} {
		p := anyPart(3, 1)
		spoil(p)
		if _, err := Join(p); err == nil {
			t.Errorf("%s: joined", name)
		}
		if err := p.Write(&bytes.Buffer{}); err == nil {
			t.Errorf("%s: written", name)
		}
	}
	if _, err := Join(anyPart(2, 1), anyPart(2, 2)); err == nil {
		t.Error("two heads of one name were joined")
	}
}

func TestALabelSetIsChosenWhole(t *testing.T) {
	t.Parallel()
	g := &Group{Heads: []Head{{Name: "hs", Threshold: .4}, {Name: "weak"}, {Name: "strong"}}, Sets: []LabelSet{{Labels: 0}, {Labels: 0b011}, {Labels: 0b101}}}
	for _, c := range []struct {
		name  string
		sets  []float64
		p     []float32
		among float32
		want  uint32
	}{
		{"the likeliest set", []float64{.2, .5, .3}, []float32{.8, .5, .3}, 0, 0b011},
		{"a label with a threshold is decided by it, though nothing is the likeliest set", []float64{.45, .3, .25}, []float32{.55, .3, .25}, 0, 0b011},
		{"below the threshold nothing that contains it is chosen", []float64{.3, .35, .35}, []float32{.39, .35, .35}, 0, 0},
	} {
		if got := Choose(g, c.sets, c.p); got != c.want {
			t.Errorf("%s: %03b, not %03b", c.name, got, c.want)
		}
	}
}

func TestAMessageCostsNoMemory(t *testing.T) {
	m, s := joined(t, anyPart(64, 5)), NewScratch()
	f := text.Fold(tweet)
	tokens := f.Tokens()
	m.Score(f, tokens, s)
	if n := testing.AllocsPerRun(100, func() { m.Score(f, tokens, s) }); n != 0 {
		t.Errorf("%v allocations a message", n)
	}
}

func TestTheWordThatCountedIsShown(t *testing.T) {
	t.Parallel()
	p := anyPart(2, 1)
	clear(p.Weights[1])
	const message = "jalan ini buruk sekali"
	p.Weights[1][wordBucket(hash("buruk"))] = 100
	m, s := joined(t, p), NewScratch()
	f := text.Fold(message)
	tokens := f.Tokens()
	m.Score(f, tokens, s)
	why := m.Explain(0, tokens, s)
	if len(why) == 0 || why[0].Span.Of(message) != "buruk" || why[0].Weight <= 0 {
		t.Fatalf("not the word: %+v", why)
	}
	sum := 0.0
	for _, c := range why {
		sum += c.Weight
	}
	if value := float64(s.lanes[1] - p.Lanes[1].Bias); math.Abs(sum-value) > 1e-5 {
		t.Errorf("the words together give %.5f, the head says %.5f", sum, value)
	}
}

// sealed puts the right checksum behind whatever it is given.
func sealed(body []byte) []byte {
	return binary.BigEndian.AppendUint32(slices.Clone(body), crc32.ChecksumIEEE(body))
}

func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	if err := anyPart(2, 4).Write(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes()[:400])
	f.Add([]byte(magic + "\x00\x01\x00\x00\x00\x02{}\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, file []byte) {
		for _, try := range [][]byte{file, sealed(file)} { // behind a right checksum, too
			p, err := Read(try)
			if err == nil {
				score(joined(t, p), tweet, NewScratch())
			} else if !errors.Is(err, ErrBroken) {
				t.Errorf("refused without a name: %v", err)
			}
		}
	})
}

func FuzzExtract(f *testing.F) {
	f.Add(tweet)
	f.Add("@a https://b.c 😀\u202e\xff K A T A")
	s := NewScratch()
	f.Fuzz(func(t *testing.T, message string) {
		folded := text.Fold(message)
		tokens := folded.Tokens()
		for _, b := range s.Extract(folded, tokens) {
			if b >= Buckets {
				t.Fatalf("bucket %d", b)
			}
		}
		for _, o := range s.origins {
			if int(o.token) >= len(tokens) {
				t.Fatalf("token %d of %d", o.token, len(tokens))
			}
		}
	})
}

func BenchmarkExtract(b *testing.B) {
	f := text.Fold(tweet)
	tokens, s := f.Tokens(), NewScratch()
	b.ReportAllocs()
	for b.Loop() {
		s.Extract(f, tokens)
	}
	b.ReportMetric(float64(len(s.buckets)), "features")
}

func BenchmarkScore(b *testing.B) {
	f := text.Fold(tweet)
	tokens, s := f.Tokens(), NewScratch()
	for _, c := range []struct {
		name  string
		model *Model
	}{{"64Lanes", joined(b, anyPart(64, 1))}, {"96Lanes", joined(b, anyPart(96, 1))}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.model.Score(f, tokens, s)
			}
		})
	}
}

func TestExpIsNearEnough(t *testing.T) {
	t.Parallel()
	for x := -720.; x < 720; x += .37 {
		want := math.Exp(max(-700, min(700, x)))
		if got := exp(x); math.Abs(got-want) > 1e-7*want {
			t.Fatalf("exp(%v) is %v, want %v", x, got, want)
		}
	}
}
