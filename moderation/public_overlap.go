package moderation

import (
	"slices"
	"strings"
	"unicode"

	"kentongan/internal/fault"
	"kentongan/internal/pii"
	"kentongan/internal/text"
)

// How near a paraphrase may come to what the citizen wrote. Whoever searches
// for five words in a row finds who wrote them.
const (
	sameWords    = 5   // in a row: refused
	sameShare    = .75 // of the paraphrase's words, in the citizen's order: refused
	shareFrom    = 6   // words; a shorter paraphrase is judged by runs alone
	leastExample = 20  // letters, so that it says something
	mostExample  = 400
)

// CheckExample says whether a paraphrase may be told to everybody: it must not
// hold personal data, lead to the citizen, or copy what she wrote. Everything
// wrong is named at once.
func CheckExample(words string, originals, authors []string) error {
	var wrong fault.List
	n := letters(words)
	switch {
	case n < leastExample:
		wrong.Add(fault.New(fault.Invalid, "example.short", fault.Field("text"), fault.Arg("letters", leastExample)))
	case len([]rune(words)) > mostExample:
		wrong.Add(fault.New(fault.Invalid, "example.long", fault.Field("text"), fault.Arg("limit", mostExample)))
	}
	if found := pii.Find(words); len(found) > 0 {
		var kinds []string
		for _, f := range found {
			if !slices.Contains(kinds, string(f.Kind)) {
				kinds = append(kinds, string(f.Kind))
			}
		}
		wrong.Add(fault.New(fault.Invalid, "example.personal", fault.Field("text"), fault.Arg("kinds", strings.Join(kinds, ", "))))
	}
	if leads(words) || slices.ContainsFunc(authors, func(a string) bool { return names(words, a) }) {
		wrong.Add(fault.New(fault.Invalid, "example.leads", fault.Field("text")))
	}
	for _, o := range originals {
		if copied := copiedWords(words, o); copied != "" {
			wrong.Add(fault.New(fault.Invalid, "example.copied", fault.Field("text"), fault.Arg("words", pii.Mask(copied).Text)))
			break
		}
	}
	return wrong.Err()
}

// leads says whether a text leads to somebody's account or page.
func leads(words string) bool {
	f := strings.ToLower(text.Fold(words).Text)
	for _, w := range strings.FieldsFunc(f, unicode.IsSpace) {
		w = strings.TrimLeft(w, `"'“”‘’(`)
		if strings.HasPrefix(w, "@") && len(w) > 2 || strings.Contains(w, "://") || strings.HasPrefix(w, "www.") {
			return true
		}
		if i := strings.IndexByte(w, '.'); i > 1 && len(w)-i > 2 && strings.IndexByte(w[i+1:], '/') > 0 {
			return true
		}
	}
	return false
}

// names says whether a text holds the name that a citizen writes under.
func names(words, author string) bool {
	said, name := wordsAsRead(words), wordsAsRead(author)
	if letters(author) < 4 || len(name) == 0 {
		return false
	}
	_, n := longestRun(said, name)
	return n == len(name)
}

// copiedWords returns the words of a paraphrase that are the citizen's own: a
// run of five, her whole message, or most of it in her order. "" when it is
// told in other words.
func copiedWords(said, original string) string {
	a, b := wordsAsRead(said), wordsAsRead(original)
	if len(a) == 0 || len(b) == 0 {
		return ""
	}
	from, n := longestRun(a, b)
	if n >= sameWords || n >= 2 && n == len(b) {
		return strings.Join(a[from:from+n], " ")
	}
	if kept := inOrder(a, b); len(a) >= shareFrom && float64(len(kept)) >= sameShare*float64(len(a)) {
		return strings.Join(kept, " ")
	}
	return ""
}

// wordsAsRead are a text's words as they sound: folded, so that neither capitals
// nor disguises nor signs hide a copy.
func wordsAsRead(s string) []string {
	return strings.FieldsFunc(strings.ToLower(text.Fold(s).Text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// longestRun is where the longest run of a that stands in b begins, and its length.
func longestRun(a, b []string) (from, n int) {
	row := make([]int, len(b)+1)
	for i := range a {
		last := 0
		for j := range b {
			above := row[j+1]
			row[j+1] = 0
			if a[i] == b[j] {
				row[j+1] = last + 1
			}
			if row[j+1] > n {
				n = row[j+1]
				from = i + 1 - n
			}
			last = above
		}
	}
	return from, n
}

// inOrder is the longest list of words that a and b share in the same order.
func inOrder(a, b []string) []string {
	best := make([][]int, len(a)+1)
	for i := range best {
		best[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				best[i][j] = best[i+1][j+1] + 1
			} else {
				best[i][j] = max(best[i+1][j], best[i][j+1])
			}
		}
	}
	var kept []string
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			kept = append(kept, a[i])
			i, j = i+1, j+1
		case best[i+1][j] >= best[i][j+1]:
			i++
		default:
			j++
		}
	}
	return kept
}
