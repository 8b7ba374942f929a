package text

import "unicode/utf8"

// longestJoin bounds the work on a text made of single letters only.
const longestJoin = 40

// join merges runs of single letters. Pieces of two letters may be inside such
// a run when most pieces are single, and the first and the last are:
// "P UL A U WI N".
func (k *Scratch) join(f *Folded) {
	words := k.words
	k.out = k.out[:0]
	for i := 0; i < len(words); {
		if !k.short(f, i) || i+2 >= len(words) {
			k.out = append(k.out, words[i])
			i++
			continue
		}
		end := i
		singles, letters := 0, 0
		for end < len(words) && end-i < longestJoin && k.short(f, end) && (end == i || sameGap(f, words, i, end)) {
			if words[end].last == words[end].first {
				singles++
			}
			if f.cells[words[end].first].traits&letter != 0 {
				letters++
			}
			end++
		}
		for end > i && words[end-1].last > words[end-1].first {
			end-- // "… 8 8 wd": a word of two letters after it is not part of it
		}
		n := end - i
		if n < 3 || words[i].last > words[i].first || letters < 3 || singles < 3 || singles*2 < n || below(words[i:end]) && (n < 4 || alphabet(f, words[i:end])) {
			k.out = append(k.out, words[i])
			i++
			continue
		}
		if end < len(words) && number(&words[end]) && words[end].last-words[end].first < 4 && sameGap(f, words, i, end) {
			end++ // "P U L A U 777"
		}
		k.merge(f, words[i:end])
		i = end
	}
}

// short: one or two Latin letters or digits. Scripts that put a space after
// every sign are not spelling anything out.
func (k *Scratch) short(f *Folded, i int) bool {
	t := &k.words[i]
	return t.last-t.first < 2 && f.cells[t.first].traits&latinT != 0
}

// number: digits only.
func number(t *Token) bool { return t.traits&wordy == digit }

// sameGap: the signs before words[k] are those between the first two words, or
// single signs both. From one line to the next only the line's end may stand.
func sameGap(f *Folded, words []Token, first, k int) bool {
	if words[k].first <= words[k-1].last+1 {
		return false
	}
	r1, n1 := gap(f, words, first+1)
	r, n := gap(f, words, k)
	if words[k].line != words[first].line && (r != '\n' || r1 != '\n' || n > 2) {
		return false
	}
	if r == r1 {
		return n <= 3 && n1 <= 3 && (n == n1 || r == ' ')
	}
	return n == 1 && n1 == 1 && sign(r) && sign(r1)
}

func gap(f *Folded, words []Token, i int) (rune, int32) {
	a, b := words[i-1].last+1, words[i].first
	r := f.cells[a].r
	if r == '\r' {
		r = '\n'
	}
	return r, b - a
}

// sign: what is put between letters to part them.
func sign(r rune) bool {
	switch r {
	case '.', '-', '_', '~', '*', '/', '|', '\\', '+', '=', '^', '•', '·':
		return true
	}
	return false
}

// below: written from the top to the bottom.
func below(words []Token) bool { return words[0].line != words[len(words)-1].line }

// alphabet: a list "a b c d", not a word.
func alphabet(f *Folded, words []Token) bool {
	for i := 1; i < len(words); i++ {
		if f.cells[words[i].first].r != f.cells[words[i-1].first].r+1 {
			return false
		}
	}
	return true
}

// merge appends one word made of the parts.
func (k *Scratch) merge(f *Folded, parts []Token) {
	t := parts[0]
	last := &parts[len(parts)-1]
	t.Joined, t.Disguised, t.traits = true, 0, 0
	t.last, t.to, t.Span.End = last.last, last.to, last.Span.End
	t.texts, t.bolds = part{}, part{}
	k.read = k.read[:0]
	for i := range parts {
		t.Disguised += parts[i].Disguised
		t.traits |= parts[i].traits
		for _, c := range f.cells[parts[i].first : parts[i].last+1] {
			if c.r != '\'' && c.r != '’' {
				k.read = append(k.read, c.r)
			}
		}
	}
	t.plains = k.keep(k.read)
	if t.traits&digit != 0 {
		if readDigits(k.read) {
			t.texts = k.keep(k.read)
		}
		k.bold(&t)
	}
	k.out = append(k.out, t)
}

// Squeeze undoes stretching: three or more of a letter become one, and so does
// a doubled last letter: "goblooook", "gacorr".
func Squeeze(word string) string {
	if !stretched(word) {
		return word
	}
	return string(AppendSqueezed(nil, word))
}

// stretched: there is something to squeeze.
func stretched(word string) bool {
	last, run := rune(-1), 0
	for _, r := range word {
		if r == last {
			if run++; run >= 3 {
				return true
			}
			continue
		}
		last, run = r, 1
	}
	return run == 2 && !isDigit(last)
}

// AppendSqueezed appends the squeezed word to b.
func AppendSqueezed(b []byte, word string) []byte {
	rs := word
	for len(rs) > 0 {
		r, n := utf8.DecodeRuneInString(rs)
		keep := 0
		for rest := rs; len(rest) > 0; {
			next, m := utf8.DecodeRuneInString(rest)
			if next != r || m != n {
				break
			}
			rest = rest[m:]
			keep++
		}
		rs = rs[keep*n:]
		if isLetter(r) && (keep >= 3 || keep == 2 && len(rs) == 0) {
			keep = 1
		}
		for range keep {
			b = utf8.AppendRune(b, r)
		}
	}
	return b
}
