package train

import (
	"cmp"
	"math"
	"slices"
)

// Parallel numbers the rows of a set whose sentences were translated, so that
// a sentence and its translations share a number: the row of the first
// language. The set does not say which belong together; a translation keeps
// names, numbers and borrowed words, the label and the official split. Where
// nothing is shared a pair may be wrong, and then there is little to leak.
func Parallel(rows []Row, buckets [][]uint32, first string) []int {
	sizes := NewSizes(buckets, .7, 0)
	p := pairing{rows, buckets, sizes, make([]float64, len(rows)), map[uint32][]int{}}
	out := make([]int, len(rows))
	others := map[string][]int{}
	var names []string
	for i, r := range rows {
		for _, b := range buckets[i] {
			p.length[i] += float64(sizes[b])
			if r.Lang == first && sizes[b] > 0 {
				p.holders[b] = append(p.holders[b], i)
			}
		}
		p.length[i] = math.Sqrt(p.length[i])
		out[i] = i
		if r.Lang != first {
			if others[r.Lang] == nil {
				names = append(names, r.Lang)
			}
			others[r.Lang] = append(others[r.Lang], i)
		}
	}
	for _, lang := range names {
		var pairs []likePair
		for _, j := range others[lang] {
			pairs = append(pairs, p.likes(j)...)
		}
		slices.SortFunc(pairs, func(a, b likePair) int {
			return cmp.Or(cmp.Compare(b.like, a.like), cmp.Compare(a.original, b.original), cmp.Compare(a.translation, b.translation))
		})
		taken, done := map[int]bool{}, map[int]bool{}
		for _, one := range pairs {
			if !taken[one.original] && !done[one.translation] {
				taken[one.original], done[one.translation] = true, true
				out[one.translation] = one.original
			}
		}
	}
	return out
}

type likePair struct {
	original, translation int
	like                  float64
}

// pairing finds originals by the buckets that they share with a translation.
type pairing struct {
	rows    []Row
	buckets [][]uint32
	sizes   Sizes
	length  []float64
	holders map[uint32][]int // originals that have a bucket
}

// likes compares one translation with all originals of its label and split.
func (p *pairing) likes(j int) []likePair {
	shared := map[int]float64{}
	for _, b := range p.buckets[j] {
		for _, i := range p.holders[b] {
			if p.rows[i].Split == p.rows[j].Split && slices.Equal(p.rows[i].Labels, p.rows[j].Labels) {
				shared[i] += float64(p.sizes[b])
			}
		}
	}
	var out []likePair
	for i, s := range shared {
		out = append(out, likePair{i, j, s / p.length[i] / p.length[j]})
	}
	return out
}
