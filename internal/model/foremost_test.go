package model_test

import (
	"testing"

	"kentongan/internal/model"
	"kentongan/internal/text"
)

// Foremost tells the same as Explain, where one lane makes the head; where many
// do, the words it names are among those that spoke for it.
func TestForemostWordsAreThoseThatExplainNames(t *testing.T) {
	t.Parallel()
	if !model.Built(true) {
		t.Skip("the program was built without weights")
	}
	m, err := model.Open(true)
	if err != nil {
		t.Fatal(err)
	}
	s := m.Borrow()
	for _, words := range []string{
		"dasar cebong dungu goblok, otak kosong semua", "Kapan jalan di depan pasar diperbaiki?", "usir saja semua orang itu dari sini", "terima kasih pelayanannya cepat", "a", "slot gacor 𝓟𝓤𝓛𝓐𝓤777",
	} {
		f := text.Fold(words)
		tokens := f.Tokens()
		m.Score(f, tokens, s)
		for head, h := range m.Heads() {
			said := map[text.Span]float64{}
			for _, c := range m.Explain(head, tokens, s) {
				said[c.Span] = c.Weight
			}
			last := 0.0
			for i, c := range m.Foremost([]int{head}, tokens, s)[0] {
				if c.Weight == 0 {
					continue
				}
				if i > 0 && c.Weight > last {
					t.Errorf("%s in %q: word %d is stronger than the one before", h.Name, words, i)
				}
				last = c.Weight
				if len(h.Inputs) == 1 && (said[c.Span]-c.Weight > 1e-3 || c.Weight-said[c.Span] > 1e-3) {
					t.Errorf("%s in %q: %q weighs %v, Explain says %v", h.Name, words, c.Span.Of(words), c.Weight, said[c.Span])
				}
			}
		}
	}
}
