package text

import "unicode/utf8"

// Token is one word as it is meant to be read.
type Token struct {
	Text      string // digits and signs used as letters resolved: "sl0t" -> "slot"
	Plain     string // folded only: "sl0t", "visi4d"
	Bold      string // every digit and sign read as a letter, lucky ones cut off: "5l0t88" -> "slot"; "" where that is no other word
	Span      Span   // in the original
	Disguised int    // letters and digits that were not written as such
	Joined    bool   // from letters with spaces between: "S L O T"
	shape     Shape
	traits    trait // all that its letters have
	line      int32
	first     int32 // cells, both included
	last      int32
	from, to  int32 // bytes of the folded text
	texts     part  // what is not a part of the folded text, in the arena
	plains    part
	bolds     part
}

type part struct{ from, to int32 }

// Letters says whether the word has a letter: "2026" has none.
func (t *Token) Letters() bool { return t.traits&letter != 0 }

// Digits says whether the word has a digit.
func (t *Token) Digits() bool { return t.traits&digit != 0 }

// Capital says whether the word has a capital letter.
func (t *Token) Capital() bool { return t.traits&upper != 0 }

// Line is the number of the line the word begins on.
func (t *Token) Line() int { return int(t.line) }

// Place is where the word stands in the folded text.
func (t *Token) Place() (from, to int) { return int(t.from), int(t.to) }

// Tokens splits the folded text into words. Runs of at least three single
// letters with the same gap between them become one word.
func (f Folded) Tokens() []Token { return new(Scratch).Tokens(f) }

// Tokens does the same in the room that is kept. The words are good until the
// next Tokens.
func (k *Scratch) Tokens(f Folded) []Token {
	k.arena = k.arena[:0]
	if k.words == nil {
		k.words, k.out = make([]Token, 0, len(f.cells)/5+8), make([]Token, 0, len(f.cells)/5+8)
	}
	k.split(&f)
	k.join(&f)
	var arena string
	if len(k.arena) > 0 {
		arena = string(k.arena)
	}
	for i := range k.out {
		t := &k.out[i]
		t.Plain = f.Text[t.from:t.to]
		if t.plains.to > 0 {
			t.Plain = arena[t.plains.from:t.plains.to]
		}
		t.Text = t.Plain
		if t.texts.to > 0 {
			t.Text = arena[t.texts.from:t.texts.to]
		}
		if t.bolds.to > 0 {
			t.Bold = arena[t.bolds.from:t.bolds.to]
		}
		t.shape = t.look()
	}
	return k.out
}

// split finds the words.
func (k *Scratch) split(f *Folded) {
	cells := f.cells
	k.words = k.words[:0]
	line, at := int32(0), 0
	for i := 0; i < len(cells); {
		c := &cells[i]
		if c.traits&wordy == 0 && !opensWord(cells, i) {
			if c.r == '\n' {
				line++
			}
			at += width(c.r)
			i++
			continue
		}
		from, end := at, i+1
		at += width(c.r)
		for end < len(cells) && (cells[end].traits&wordy != 0 || signInWord(cells, end)) {
			at += width(cells[end].r)
			end++
		}
		k.words = append(k.words, Token{line: line, first: int32(i), last: int32(end - 1), from: int32(from), to: int32(at)})
		t := &k.words[len(k.words)-1]
		t.Span = Span{int(c.start), int(cells[end-1].end)}
		k.spell(t, cells[i:end])
		i = end
	}
}

func width(r rune) int {
	if r < utf8.RuneSelf {
		return 1
	}
	return utf8.RuneLen(r)
}

// opensWord: "$lot", with letters after it and nothing before.
func opensWord(cells []cell, i int) bool {
	return cells[i].r == '$' && i+3 < len(cells) && cells[i+1].traits&letter != 0 && cells[i+2].traits&wordy != 0 && cells[i+3].traits&wordy != 0 &&
		(i == 0 || cells[i-1].traits&wordy == 0)
}

// signInWord: a sign with a letter on both sides that people type for a
// letter. An e-mail address keeps its sign.
func signInWord(cells []cell, i int) bool {
	switch cells[i].r {
	case '$', '*', '\'', '’', '|', '!', '@':
	default:
		return false
	}
	if i == 0 || i+1 >= len(cells) || cells[i-1].traits&letter == 0 || cells[i+1].traits&letter == 0 {
		return false
	}
	switch r := cells[i].r; r {
	case '|', '*', '$':
		// "s|l|o|t": here it only parts the letters.
		return (i+2 >= len(cells) || cells[i+2].r != r) && (i < 2 || cells[i-2].r != r)
	case '!':
		return cells[i+1].traits&upper == 0 || cells[i-1].traits&upper != 0 // "s!tus", not "Halo!Apa"
	case '@':
		for _, c := range cells[i+1:] {
			if c.r == '.' {
				return false
			}
			if c.traits&wordy == 0 {
				return true
			}
		}
	}
	return true
}

// spell works out how a word is read.
func (k *Scratch) spell(t *Token, cells []cell) {
	t.Disguised, t.traits = 0, 0
	apostrophe, sign, upsideDown, backwards := false, false, 0, 0
	for i := range cells {
		c := &cells[i]
		t.traits |= c.traits
		if c.traits&(disguised|turned|backward) != 0 {
			if c.traits&disguised != 0 {
				t.Disguised++
			}
			if c.traits&turned != 0 {
				upsideDown++
			}
			if c.traits&backward != 0 {
				backwards++
			}
		}
		if c.traits&wordy == 0 {
			if c.r == '\'' || c.r == '’' {
				apostrophe = true
			} else {
				sign = true
			}
		}
	}
	if apostrophe {
		from := len(k.arena)
		for i := range cells {
			if r := cells[i].r; r != '\'' && r != '’' {
				k.arena = utf8.AppendRune(k.arena, r)
			}
		}
		t.plains = part{int32(from), int32(len(k.arena))}
	}
	flipped := upsideDown >= 2 && upsideDown*3 >= len(cells)
	if !flipped && backwards == 0 && !sign && t.traits&doubtful == 0 && (t.traits&digit == 0 || t.traits&letter == 0) {
		return
	}
	k.read = k.read[:0]
	for i := range cells {
		c := cells[i]
		switch {
		case c.r == '\'' || c.r == '’':
			continue
		case c.traits&doubtful != 0:
			c.r = 'l'
		case flipped:
			c.r = rotated(c)
		}
		k.read = append(k.read, c.r)
	}
	changed := t.traits&doubtful != 0
	if flipped || backwards == len(cells) && len(cells) > 1 {
		for i, j := 0, len(k.read)-1; i < j; i, j = i+1, j-1 {
			k.read[i], k.read[j] = k.read[j], k.read[i]
		}
		t.Disguised, changed = max(t.Disguised, len(cells)), true
	}
	if t.traits&letter == 0 || t.traits&digit == 0 && !sign {
		if changed {
			t.texts = k.keep(k.read)
		}
		return
	}
	if readDigits(k.read) || changed {
		t.texts = k.keep(k.read)
	}
	k.bold(t)
}

// keep writes runes to the arena.
func (k *Scratch) keep(rs []rune) part {
	from := len(k.arena)
	for _, r := range rs {
		k.arena = utf8.AppendRune(k.arena, r)
	}
	return part{int32(from), int32(len(k.arena))}
}

// longestBold: a word longer than this is a number or an address.
const longestBold = 24

// bold reads every digit and sign as a letter, apart from two or more digits
// in front or behind, which are a brand's.
func (k *Scratch) bold(t *Token) {
	word := k.read
	if len(word) < 4 || len(word) > longestBold {
		return
	}
	digitsBehind, digitsBefore := 0, 0
	for len(word) > 0 && isDigit(word[len(word)-1]) {
		word, digitsBehind = word[:len(word)-1], digitsBehind+1
	}
	if digitsBehind == 1 { // "mant4p1": one may be a letter
		word = word[:len(word)+1]
	}
	for digitsBefore < len(word) && isDigit(word[digitsBefore]) {
		digitsBefore++
	}
	if digitsBefore > 1 {
		word = word[digitsBefore:]
	}
	letters := 0
	for _, r := range word {
		if letterFor(r) == 0 {
			letters++
		}
	}
	if len(word) < 3 || letters < 2 || letters*3 < len(word) || letters == len(k.read) {
		return
	}
	from := len(k.arena)
	for _, r := range word {
		if l := letterFor(r); l != 0 {
			r = l
		}
		k.arena = utf8.AppendRune(k.arena, r)
	}
	t.bolds = part{int32(from), int32(len(k.arena))}
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// readDigits resolves digits and signs that stand for letters. Only a single
// one with letters on both sides counts, and then also one at the end of the
// same word: "h0k1". The 4 of "visi4d" is part of a gambling brand's shape and
// stays.
func readDigits(word []rune) bool {
	changed := false
	for i := 1; i+1 < len(word); i++ {
		l := letterFor(word[i])
		if l == 0 || !isLetter(word[i-1]) || !isLetter(word[i+1]) {
			continue
		}
		if i == len(word)-2 && word[i] >= '2' && word[i] <= '5' && word[i+1] == 'd' {
			continue
		}
		word[i], changed = l, true
	}
	if len(word) > 2 && word[0] == '$' && isLetter(word[1]) {
		word[0], changed = 's', true
	}
	if end := len(word) - 1; changed && isLetter(word[end-1]) {
		if l := letterFor(word[end]); l != 0 {
			word[end] = l
		}
	}
	return changed
}

func isLetter(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= utf8.RuneSelf && traitsOf(r)&letter != 0
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

// rotated is the letter that is meant when the page is turned: of the letters
// typed for it, and of those that are another letter upside down.
func rotated(c cell) rune {
	if c.traits&turned != 0 {
		switch c.r {
		case 'b':
			return 'g'
		}
		return c.r
	}
	switch c.r {
	case 'u':
		return 'n'
	case 'n':
		return 'u'
	case 'd':
		return 'p'
	case 'p':
		return 'd'
	case 'b':
		return 'q'
	case 'q':
		return 'b'
	case '6':
		return '9'
	case '9':
		return '6'
	}
	return c.r
}
