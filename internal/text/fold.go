// Package text undoes the disguises in which people write what they do not
// want to be found: mathematical and squared letters, letters of other
// scripts, marks on top, spaces in between, digits for letters. Everything is
// pure, and every folded byte remembers where it came from, so that a reason
// can be shown on the text the citizen wrote.
//
// Folding is for matching only; nothing folded is ever stored or sent.
package text

import (
	"unicode"
	"unicode/utf8"
)

// Span is a range of bytes of the original text.
type Span struct {
	Start, End int
}

// Of returns the bytes of s that the span covers.
func (p Span) Of(s string) string { return s[p.Start:p.End] }

// Overlaps says whether two spans share a byte.
func (p Span) Overlaps(q Span) bool { return p.Start < q.End && q.Start < p.End }

// Folded is a text with its disguises undone.
type Folded struct {
	Original string
	Text     string // plain lower-case letters; digits, spaces and signs are kept
	cells    []cell
	at       []int32 // byte of Text -> cell; nil where they are one to one
}

// Pictured says whether the text has a picture or a sign that people decorate
// with.
func (f Folded) Pictured() bool {
	if f.at == nil {
		return false // ASCII only
	}
	for _, r := range f.Original {
		if Picture(r) {
			return true
		}
	}
	return false
}

// Picture: arrows, signs, and everything of Unicode above them.
func Picture(r rune) bool {
	return r >= 0x2190 && r != 0xFE0F && r != utf8.RuneError
}

// cell is one folded letter and the bytes of the original it stands for.
type cell struct {
	r          rune
	start, end int32
	traits     trait
}

type trait uint16

const (
	disguised trait = 1 << iota // was not written as an ordinary letter or digit
	upper                       // was a capital
	doubtful                    // a capital I between small letters: may be an l
	turned                      // was written upside down
	backward                    // shown from right to left by a control character
	letter
	digit
	mark
	latinT // of the Latin script, or ASCII

	wordy = letter | digit | mark
)

// Fold undoes the disguises in s.
func Fold(s string) Folded { return new(Scratch).Fold(s) }

// Scratch is room to work in that is kept from one message to the next, so
// that a message costs the same few allocations however long it is. What it
// returns is good until its next Fold. One goroutine at a time.
type Scratch struct {
	cells, spare []cell
	at           []int32
	buf          []byte
	words, out   []Token
	arena        []byte
	read         []rune
}

// longestKept bounds what a scratch keeps after a very long text.
const longestKept = 1 << 16

// Fold undoes the disguises in s.
func (k *Scratch) Fold(s string) Folded {
	if cap(k.cells) > longestKept {
		*k = Scratch{}
	}
	if cap(k.cells) < len(s) {
		k.cells = make([]cell, 0, max(256, len(s)))
	}
	ascii := true
	k.cells, ascii = decode(k.cells[:0], s)
	if !ascii {
		k.spare, k.cells = k.cells, compat(k.spare[:0], k.cells)
		foldForeign(k.cells)
	}
	f := Folded{Original: s, cells: k.cells}
	changed := k.finish(ascii)
	switch {
	case ascii && !changed:
		f.Text = s
	default:
		f.Text = string(k.buf)
		if !ascii {
			f.at = k.at
		}
	}
	return f
}

// finish gives every cell its traits and its small letter, and writes the text.
func (k *Scratch) finish(ascii bool) (changed bool) {
	k.buf, k.at = k.buf[:0], k.at[:0]
	for i := range k.cells {
		c := &k.cells[i]
		if c.r < utf8.RuneSelf {
			t := asciiTraits(byte(c.r))
			if t&upper != 0 {
				changed = true
				// PuIauwin: a capital I inside small letters is read as an l.
				if c.r == 'I' && i > 0 && i+1 < len(k.cells) && k.cells[i-1].traits&upper == 0 && small(k.cells[i-1].r) && small(k.cells[i+1].r) {
					t |= doubtful
				}
				c.r += 'a' - 'A'
			}
			c.traits |= t
			k.buf = append(k.buf, byte(c.r))
			if !ascii {
				k.at = append(k.at, int32(i))
			}
			continue
		}
		c.traits |= traitsOf(c.r)
		if c.traits&upper != 0 {
			c.r = unicode.ToLower(c.r)
		}
		from := len(k.buf)
		k.buf = utf8.AppendRune(k.buf, c.r)
		for range len(k.buf) - from {
			k.at = append(k.at, int32(i))
		}
	}
	return changed
}

func small(r rune) bool { return r >= 'a' && r <= 'z' || r >= utf8.RuneSelf && unicode.IsLower(r) }

func asciiTraits(b byte) trait {
	switch {
	case b >= 'a' && b <= 'z':
		return letter | latinT
	case b >= 'A' && b <= 'Z':
		return letter | latinT | upper
	case b >= '0' && b <= '9':
		return digit | latinT
	}
	return latinT
}

func traitsOf(r rune) trait {
	var t trait
	switch {
	case unicode.IsLetter(r):
		t = letter
		if unicode.IsUpper(r) {
			t |= upper
		}
		if unicode.Is(unicode.Latin, r) {
			t |= latinT
		}
	case unicode.IsDigit(r):
		t = digit
	case unicode.Is(unicode.M, r):
		t = mark
	}
	return t
}

// Span returns the original bytes behind Text[start:end].
func (f Folded) Span(start, end int) Span {
	if start >= end {
		return Span{}
	}
	if f.at == nil {
		return Span{start, end}
	}
	return Span{int(f.cells[f.at[start]].start), int(f.cells[f.at[end-1]].end)}
}

// decode reads runes; bytes that are no UTF-8 become U+FFFD, and letters that
// were encoded twice on their way (UTF-8 read as Latin-1) are repaired.
func decode(cells []cell, s string) (_ []cell, ascii bool) {
	i := 0
	for ; i < len(s) && s[i] < utf8.RuneSelf; i++ {
		cells = append(cells, cell{r: rune(s[i]), start: int32(i), end: int32(i + 1)})
	}
	if i == len(s) {
		return cells, true
	}
	for i < len(s) {
		if s[i] < utf8.RuneSelf {
			cells = append(cells, cell{r: rune(s[i]), start: int32(i), end: int32(i + 1)})
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r >= 0xC2 && r <= 0xF4 {
			if fixed, m := encodedTwice(s[i:]); m > 0 {
				r, n = fixed, m
			}
		}
		cells = append(cells, cell{r: r, start: int32(i), end: int32(i + n)})
		i += n
	}
	return cells, false
}

// encodedTwice reads one rune from a run of Latin-1 letters that is itself
// valid UTF-8. Only sequences that nobody types are taken: those of three
// bytes or more, with a control character inside, or for a combining mark.
func encodedTwice(s string) (rune, int) {
	var buf [4]byte
	n, size, control := 0, 0, false
	for n < len(buf) {
		r, m := utf8.DecodeRuneInString(s[size:])
		if r == utf8.RuneError || r < 0x80 || r > 0xFF {
			break
		}
		if n > 0 && r >= 0xC0 {
			break
		}
		buf[n], n, size = byte(r), n+1, size+m
		control = control || r < 0xA0
		if r, m := utf8.DecodeRune(buf[:n]); r != utf8.RuneError && m == n {
			if n >= 3 || control || buf[0] == 0xCC || buf[0] == 0xCD { // a combining mark
				return r, size
			}
			return 0, 0
		}
	}
	return 0, 0
}

// Forget drops the words of the last message, and keeps the room.
func (k *Scratch) Forget() {
	clear(k.words)
	clear(k.out)
}
