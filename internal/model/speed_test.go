package model

import (
	"testing"

	"kentongan/internal/text"
)

// tweet has 114 bytes, as the average of the public sets.
const tweet = "@dinasjalan tolong dong pak lampu merah di simpang lima mati dari kemarin sore, macet parah!! sampai kapan begini?"

// everyLane is a model as wide as the real one, with weights of no meaning.
func everyLane(t testing.TB, lanes int) *Model {
	t.Helper()
	p := &Part{Features: FeatureVersion, Buckets: Buckets}
	g := Group{Name: "g", Kind: Each}
	for l := range lanes {
		w := make([]int8, Buckets)
		for b := range w {
			w[b] = int8((b*(l+3) + l) % 251)
		}
		norm := 0
		if l == 0 {
			norm = -1
			for b := range w {
				w[b] = 64
			}
		} else {
			g.Heads = append(g.Heads, Head{Name: string(rune('A' + l)), Inputs: []Input{{Lane: l, Weight: 1}}})
		}
		p.Lanes = append(p.Lanes, Lane{Scale: .01, Norm: norm})
		p.Weights = append(p.Weights, w)
	}
	p.Groups = []Group{g}
	m, err := Join(p)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func BenchmarkExtract(b *testing.B) {
	f := text.Fold(tweet)
	tokens := f.Tokens()
	s := NewScratch()
	b.ReportAllocs()
	for b.Loop() {
		s.Extract(f, tokens)
	}
	b.ReportMetric(float64(len(s.buckets)), "features")
}

func BenchmarkScore64Lanes(b *testing.B) {
	m := everyLane(b, 64)
	f := text.Fold(tweet)
	tokens := f.Tokens()
	s := NewScratch()
	b.ReportAllocs()
	for b.Loop() {
		m.Score(f, tokens, s)
	}
}
