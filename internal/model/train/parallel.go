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
	length := make([]float64, len(rows))
	holders := map[uint32][]int{}
	out := make([]int, len(rows))
	others := map[string][]int{}
	var names []string
	for i, r := range rows {
		for _, b := range buckets[i] {
			length[i] += float64(sizes[b])
			if r.Lang == first && sizes[b] > 0 {
				holders[b] = append(holders[b], i)
			}
		}
		length[i] = math.Sqrt(length[i])
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
			pairs = append(pairs, likes(rows, buckets, sizes, length, holders, j)...)
		}
		slices.SortFunc(pairs, func(a, b likePair) int {
			return cmp.Or(cmp.Compare(b.like, a.like), cmp.Compare(a.original, b.original), cmp.Compare(a.translation, b.translation))
		})
		taken, done := map[int]bool{}, map[int]bool{}
		for _, p := range pairs {
			if !taken[p.original] && !done[p.translation] {
				taken[p.original], done[p.translation] = true, true
				out[p.translation] = p.original
			}
		}
	}
	return out
}

type likePair struct {
	original, translation int
	like                  float64
}

// likes compares one translation with all originals of its label and split.
func likes(rows []Row, buckets [][]uint32, sizes Sizes, length []float64, holders map[uint32][]int, j int) []likePair {
	shared := map[int]float64{}
	for _, b := range buckets[j] {
		for _, i := range holders[b] {
			if rows[i].Split == rows[j].Split && slices.Equal(rows[i].Labels, rows[j].Labels) {
				shared[i] += float64(sizes[b])
			}
		}
	}
	var out []likePair
	for i, s := range shared {
		out = append(out, likePair{i, j, s / length[i] / length[j]})
	}
	return out
}
