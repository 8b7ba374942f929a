package train

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"kentongan/internal/text"
)

// Near-duplicates are found as spam filters find them: MinHash signatures over
// pairs of neighbouring words (Broder 1997), candidates by bands, and a
// candidate is taken when the signatures agree in at least sameShare.
const (
	signature = 64
	bandRows  = 4
	sameShare = 0.6
)

// Clusters numbers the texts so that near-duplicates share a number. Numbers
// are those of each cluster's first text, so they do not depend on chance.
func Clusters(texts []string) []int {
	sets := newUnion(len(texts))
	signs := make([][signature]uint32, len(texts))
	bands := map[[2]uint64]int{}
	for i, s := range texts {
		signs[i] = sign(s)
		for b := 0; b < signature; b += bandRows {
			h := uint64(14695981039346656037)
			for _, v := range signs[i][b : b+bandRows] {
				h = (h ^ uint64(v)) * 1099511628211
			}
			key := [2]uint64{uint64(b), h}
			first, seen := bands[key]
			if !seen {
				bands[key] = i
				continue
			}
			if sets.find(first) != sets.find(i) && agree(&signs[first], &signs[i]) >= sameShare {
				sets.join(first, i)
			}
		}
	}
	out := make([]int, len(texts))
	for i := range texts {
		out[i] = sets.find(i)
	}
	return out
}

// sign is the MinHash signature of the word pairs of the folded text, digits
// masked.
func sign(s string) [signature]uint32 {
	var out [signature]uint32
	for k := range out {
		out[k] = ^uint32(0)
	}
	words := maskedWords(s)
	for i := range len(words) - 1 {
		h := hashWord(words[i])*31 + hashWord(words[i+1])
		for k := range out {
			out[k] = min(out[k], uint32(mix(h+uint64(k)*0x9E3779B97F4A7C15)>>32))
		}
	}
	return out
}

// maskedWords: the words of the folded text between two marks, so that a text
// of one word has a pair, too.
func maskedWords(s string) []string {
	tokens := text.Fold(s).Tokens()
	words := make([]string, 0, len(tokens)+2)
	words = append(words, "^")
	for _, t := range tokens {
		words = append(words, strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return '0'
			}
			return r
		}, t.Plain))
	}
	if len(tokens) == 0 {
		words = append(words, strings.TrimSpace(s))
	}
	return append(words, "$")
}

func agree(a, b *[signature]uint32) float64 {
	n := 0
	for k := range a {
		if a[k] == b[k] {
			n++
		}
	}
	return float64(n) / signature
}

func hashWord(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// mix is the finalizer of SplitMix64 (Steele et al. 2014).
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xBF58476D1CE4E5B9
	x ^= x >> 27
	x *= 0x94D049BB133111EB
	return x ^ x>>31
}

// union is a disjoint-set forest whose roots are the smallest members.
type union struct{ parent []int }

func newUnion(n int) *union {
	u := &union{make([]int, n)}
	for i := range u.parent {
		u.parent[i] = i
	}
	return u
}

func (u *union) find(i int) int {
	for u.parent[i] != i {
		u.parent[i] = u.parent[u.parent[i]]
		i = u.parent[i]
	}
	return i
}

func (u *union) join(a, b int) {
	a, b = u.find(a), u.find(b)
	u.parent[max(a, b)] = min(a, b)
}

// Merge joins clusters that share a row in either numbering.
func Merge(a, b []int) []int {
	sets := newUnion(len(a))
	for _, numbers := range [...][]int{a, b} {
		first := map[int]int{}
		for i, n := range numbers {
			if j, seen := first[n]; seen {
				sets.join(i, j)
			} else {
				first[n] = i
			}
		}
	}
	out := make([]int, len(a))
	for i := range out {
		out[i] = sets.find(i)
	}
	return out
}

// Folds deals whole clusters to k folds, the largest first and each to the
// fold that has least, so that folds are even; equals are ordered by a hash
// with the seed. The same clusters and seed always give the same folds.
func Folds(clusters []int, k int, seed uint64) []int {
	sizes := map[int]int{}
	for _, c := range clusters {
		sizes[c]++
	}
	order := make([]int, 0, len(sizes))
	for c := range sizes {
		order = append(order, c)
	}
	rank := func(c int) uint64 { return mix(uint64(c) + seed*0x9E3779B97F4A7C15) }
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(sizes[b], sizes[a]), cmp.Compare(rank(a), rank(b)))
	})
	load := make([]int, k)
	fold := map[int]int{}
	for _, c := range order {
		least := 0
		for f := range load {
			if load[f] < load[least] {
				least = f
			}
		}
		fold[c], load[least] = least, load[least]+sizes[c]
	}
	out := make([]int, len(clusters))
	for i, c := range clusters {
		out[i] = fold[c]
	}
	return out
}
