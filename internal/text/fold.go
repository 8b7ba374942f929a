// Package text undoes the disguises in which people write what they do not
// want to be found: mathematical and squared letters, letters of other
// scripts, marks on top, spaces in between, digits for letters. Everything is
// pure, and every folded byte remembers where it came from, so that a reason
// can be shown on the text the citizen wrote.
//
// Folding is for matching only; nothing folded is ever stored or sent.
package text

import (
	"strings"
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
	at       []int32 // byte of Text -> cell
}

// cell is one folded letter and the bytes of the original it stands for.
type cell struct {
	r          rune
	start, end int32
	traits     trait
}

type trait uint8

const (
	disguised trait = 1 << iota // was not written as an ordinary letter or digit
	upper                       // was a capital
	doubtful                    // a capital I between small letters: may be an l
)

// Fold undoes the disguises in s.
func Fold(s string) Folded {
	cells := decode(s)
	cells = compat(cells)
	foldForeign(cells)
	lower(cells)
	f := Folded{Original: s, cells: cells}
	var b strings.Builder
	b.Grow(len(cells))
	f.at = make([]int32, 0, len(cells)+8)
	for i, c := range cells {
		for range utf8.RuneLen(c.r) {
			f.at = append(f.at, int32(i))
		}
		b.WriteRune(c.r)
	}
	f.Text = b.String()
	return f
}

// Span returns the original bytes behind Text[start:end].
func (f Folded) Span(start, end int) Span {
	if start >= end {
		return Span{}
	}
	return Span{int(f.cells[f.at[start]].start), int(f.cells[f.at[end-1]].end)}
}

// decode reads runes; bytes that are no UTF-8 become U+FFFD, and letters that
// were encoded twice on their way (UTF-8 read as Latin-1) are repaired.
func decode(s string) []cell {
	cells := make([]cell, 0, len(s))
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r >= 0xC2 && r <= 0xF4 {
			if fixed, m := encodedTwice(s[i:]); m > 0 {
				r, n = fixed, m
			}
		}
		cells = append(cells, cell{r: r, start: int32(i), end: int32(i + n)})
		i += n
	}
	return cells
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

func lower(cells []cell) {
	for i, c := range cells {
		if !unicode.IsUpper(c.r) {
			continue
		}
		// PuIauwin: a capital I inside small letters is read as an l.
		if c.r == 'I' && i > 0 && i+1 < len(cells) &&
			cells[i-1].traits&upper == 0 && unicode.IsLower(cells[i-1].r) && unicode.IsLower(cells[i+1].r) {
			cells[i].traits |= doubtful
		}
		cells[i].traits |= upper
		cells[i].r = unicode.ToLower(c.r)
	}
}
