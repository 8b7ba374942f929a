package text

import (
	"strings"
	"unicode"
)

// Token is one word as it is meant to be read.
type Token struct {
	Text      string // digits and signs used as letters resolved: "sl0t" -> "slot"
	Plain     string // folded only: "sl0t", "visi4d"
	Span      Span   // in the original
	Disguised int    // letters and digits that were not written as such
	Joined    bool   // from letters with spaces between: "S L O T"
	line      int
	first     int // cells
	last      int
}

// Tokens splits the folded text into words. Runs of at least three single
// letters with the same gap between them become one word.
func (f Folded) Tokens() []Token {
	return f.join(f.words())
}

func (f Folded) words() []Token {
	out := make([]Token, 0, len(f.cells)/5+1)
	line := 0
	for i := 0; i < len(f.cells); {
		if f.cells[i].r == '\n' {
			line++
		}
		if !inWord(f.cells[i].r) {
			i++
			continue
		}
		end := i + 1
		for end < len(f.cells) && (inWord(f.cells[end].r) || f.signInWord(end)) {
			end++
		}
		t := f.token(i, end)
		t.line = line
		out = append(out, t)
		i = end
	}
	return out
}

// signInWord: a sign with a letter on both sides that people type for a
// letter. An e-mail address keeps its sign.
func (f Folded) signInWord(i int) bool {
	if i+1 >= len(f.cells) || !unicode.IsLetter(f.cells[i-1].r) || !unicode.IsLetter(f.cells[i+1].r) {
		return false
	}
	switch f.cells[i].r {
	case '$', '*', '\'', '’', '|':
		return true
	case '!':
		return f.cells[i+1].traits&upper == 0 // "s!tus", not "Halo!Apa"
	case '@':
		for _, c := range f.cells[i+1:] {
			if c.r == '.' {
				return false
			}
			if !inWord(c.r) {
				return true
			}
		}
		return true
	}
	return false
}

func (f Folded) token(start, end int) Token {
	plain := make([]rune, 0, end-start)
	read := make([]rune, 0, end-start)
	t := Token{Span: Span{int(f.cells[start].start), int(f.cells[end-1].end)}, first: start, last: end - 1}
	for _, c := range f.cells[start:end] {
		if c.traits&disguised != 0 {
			t.Disguised++
		}
		if c.r == '\'' || c.r == '’' {
			continue
		}
		plain = append(plain, c.r)
		if c.traits&doubtful != 0 {
			c.r = 'l'
		}
		read = append(read, c.r)
	}
	t.Plain, t.Text = string(plain), readDigits(read)
	return t
}

// readDigits resolves digits and signs that stand for letters. Only a single
// one with letters on both sides counts, and then also one at the end of the
// same word: "h0k1". The 4 of "visi4d" is part of a gambling brand's shape and
// stays.
func readDigits(word []rune) string {
	changed := false
	for i := 1; i+1 < len(word); i++ {
		l := letterFor(word[i])
		if l == 0 || !unicode.IsLetter(word[i-1]) || !unicode.IsLetter(word[i+1]) {
			continue
		}
		if i == len(word)-2 && word[i] >= '2' && word[i] <= '5' && word[i+1] == 'd' {
			continue
		}
		word[i], changed = l, true
	}
	if end := len(word) - 1; changed && unicode.IsLetter(word[end-1]) {
		if l := letterFor(word[end]); l != 0 {
			word[end] = l
		}
	}
	return string(word)
}

func letterFor(r rune) rune {
	switch r {
	case '0':
		return 'o'
	case '1', '!', '|':
		return 'i'
	case '3':
		return 'e'
	case '4', '@':
		return 'a'
	case '5', '$':
		return 's'
	case '6', '9':
		return 'g'
	case '7':
		return 't'
	case '8':
		return 'b'
	}
	return 0
}

// longestJoin bounds the work on a text made of single letters only.
const longestJoin = 40

// join merges runs of single letters. Pieces of two letters may be inside such
// a run when most pieces are single, and the first and the last are:
// "P UL A U WI N".
func (f Folded) join(words []Token) []Token {
	out := make([]Token, 0, len(words))
	for i := 0; i < len(words); {
		end := i
		singles, letters := 0, 0
		for end < len(words) && end-i < longestJoin && f.short(words[end]) && (end == i || f.sameGap(words, i, end)) {
			n := words[end].last - words[end].first + 1
			if n == 1 {
				singles++
			}
			if unicode.IsLetter(f.cells[words[end].first].r) {
				letters++
			}
			end++
		}
		for end > i && words[end-1].last > words[end-1].first {
			end-- // "… 8 8 wd": a word of two letters after it is not part of it
		}
		if n := end - i; n < 3 || words[i].last > words[i].first || letters < 3 || singles < 3 || singles*2 < n {
			out = append(out, words[i])
			i++
			continue
		}
		if end < len(words) && isNumber(words[end].Plain) && len(words[end].Plain) <= 4 && f.sameGap(words, i, end) {
			end++ // "P U L A U 777"
		}
		out = append(out, f.merge(words[i:end]))
		i = end
	}
	return out
}

// short: one or two Latin letters or digits. Scripts that put a space after
// every sign are not spelling anything out.
func (f Folded) short(t Token) bool { return t.last-t.first < 2 && latinLike(f.cells[t.first].r) }

// sameGap: the signs before words[k] are those between the first two words.
func (f Folded) sameGap(words []Token, first, k int) bool {
	gap := func(i int) (rune, int) {
		a, b := words[i-1].last+1, words[i].first
		return f.cells[a].r, b - a
	}
	if words[k].line != words[first].line || words[k].first <= words[k-1].last+1 {
		return false
	}
	r1, n1 := gap(first + 1)
	r, n := gap(k)
	return r == r1 && n <= 3 && n1 <= 3
}

func (f Folded) merge(parts []Token) Token {
	var plain strings.Builder
	t := parts[0]
	t.Joined, t.Disguised = true, 0
	for _, p := range parts {
		plain.WriteString(p.Plain)
		t.Disguised += p.Disguised
	}
	t.last = parts[len(parts)-1].last
	t.Span.End = parts[len(parts)-1].Span.End
	t.Plain = plain.String()
	t.Text = readDigits([]rune(t.Plain))
	return t
}

// Squeeze undoes stretching: three or more of a letter become one, and so does
// a doubled last letter: "goblooook", "gacorr".
func Squeeze(word string) string {
	rs := []rune(word)
	out := make([]rune, 0, len(rs))
	for i := 0; i < len(rs); {
		end := i
		for end < len(rs) && rs[end] == rs[i] {
			end++
		}
		keep := end - i
		if unicode.IsLetter(rs[i]) && (keep >= 3 || keep == 2 && end == len(rs)) {
			keep = 1
		}
		out = append(out, rs[i:i+keep]...)
		i = end
	}
	return string(out)
}
