package pii

import (
	"strings"

	"kentongan/internal/text"
)

// scan is one look over a folded text: its groups of digits and the words that
// begin an address.
type scan struct {
	f       text.Folded
	s       string
	groups  []group
	digits  []byte // of all groups
	streets []int  // where a street word begins
	filled         // how far those are written
}

// filled counts apart: appending through a pointer would move the room that
// FindIn has on its stack to the heap.
type filled struct {
	nGroups, nDigits, nStreets int
	full                       bool // one of them had no room left
}

// roomy reads f into slices that have room for anything.
func roomy(f text.Folded) scan {
	n := len(f.Text)
	sc := scan{f: f, s: f.Text, groups: make([]group, n/2+1), digits: make([]byte, n+1), streets: make([]int, n/2+1)}
	sc.run()
	sc.groups, sc.digits, sc.streets = sc.groups[:sc.nGroups], sc.digits[:sc.nDigits], sc.streets[:sc.nStreets]
	return sc
}

// group is a run of digits without anything between them, or one digit
// written as a word.
type group struct {
	start, end int // bytes of the folded text
	from, to   int // its digits
	spelled    bool
	dead       bool // part of a mask
}

func (g group) len() int { return g.to - g.from }

// maxGroups bounds how many groups one number may be spread over: a NIK with a
// space after every digit.
const maxGroups = 17

// gluedDigits is how long a number glued to a word must be to count.
const gluedDigits = 10

func (sc *scan) run() {
	for i := 0; i < len(sc.s) && !sc.full; {
		c := sc.s[i]
		switch {
		case isDigit(c) || c == 'o' || c == 'l' || c == 'i' || c == '|':
			if sc.startsDigits(i) {
				i = sc.takeDigits(i)
				continue
			}
		}
		if !isLetter(c) {
			if isDigit(c) { // digits that end a word: "covid19"
				for i < len(sc.s) && isDigit(sc.s[i]) {
					i++
				}
				continue
			}
			i++
			continue
		}
		end := i + 1
		for end < len(sc.s) && isLetter(sc.s[end]) {
			end++
		}
		if word := sc.s[i:end]; len(word) <= 10 && !(end < len(sc.s) && isDigit(sc.s[end]) && len(word) > 5) {
			if d := spelledDigit(word); d != 0 {
				sc.digit(d)
				sc.group(group{start: i, end: end, from: sc.nDigits - 1, to: sc.nDigits, spelled: true})
			} else if isStreet(word) {
				sc.street(i)
			}
		}
		i = end
	}
}

func (sc *scan) group(g group) {
	if sc.full = sc.full || sc.nGroups == len(sc.groups); sc.full {
		return
	}
	g.dead = besideMask(sc.s, g)
	sc.groups[sc.nGroups] = g
	sc.nGroups++
}

func (sc *scan) digit(d byte) {
	if sc.full = sc.full || sc.nDigits == len(sc.digits); !sc.full {
		sc.digits[sc.nDigits] = d
		sc.nDigits++
	}
}

func (sc *scan) street(at int) {
	if sc.full = sc.full || sc.nStreets == len(sc.streets); !sc.full {
		sc.streets[sc.nStreets] = at
		sc.nStreets++
	}
}

// takeDigits reads one group. Letters that are typed for a digit count between
// digits, and a last o of a long group.
func (sc *scan) takeDigits(i int) int {
	g := group{start: i, from: sc.nDigits}
	end := i
	for end < len(sc.s) {
		d := digit(sc.s[end])
		if d == 0 || !isDigit(sc.s[end]) && !sc.insideDigits(end, i) {
			break
		}
		sc.digit(d)
		end++
	}
	g.end, g.to = end, sc.nDigits
	sc.group(g)
	return end
}

// startsDigits: a digit, or a letter typed for one: "o812...". A digit that
// ends a word ("covid19") begins nothing, unless a whole number is glued to the
// word: "wa0812...".
func (sc *scan) startsDigits(i int) bool {
	s := sc.s
	before := i > 0 && isLetter(s[i-1])
	if isDigit(s[i]) {
		if !before {
			return true
		}
		end := i
		for end < len(s) && isDigit(s[end]) {
			end++
		}
		if end-i >= gluedDigits {
			return true
		}
		word := i
		for word > 0 && isLetter(s[word-1]) {
			word--
		}
		return labelOf(s, word, i) != unnamed // "hp0812-3456-7834"
	}
	if before || i+2 >= len(s) {
		return false
	}
	if s[i] == 'o' && s[i+1] == '8' && digit(s[i+2]) != 0 {
		return true
	}
	// "0812 o34 5678": a letter for the first digit of a later group.
	if n := sc.nGroups; n > 0 && isDigit(s[i+1]) && isDigit(s[i+2]) && sc.groups[n-1].len() >= 3 {
		return joins(s[sc.groups[n-1].end:i])
	}
	return false
}

// insideDigits: a letter typed for a digit, with digits on both sides; or an o
// that ends a long group.
func (sc *scan) insideDigits(i, start int) bool {
	if i == start {
		return true
	}
	s, next := sc.s, i+1
	for next < len(s) && digit(s[next]) != 0 && !isDigit(s[next]) {
		next++
	}
	if next < len(s) && isDigit(s[next]) && next-i <= 3 {
		return true
	}
	return s[i] == 'o' && i-start >= 3 && (next == len(s) || !isLetter(s[next])) && next-i <= 2
}

// joins says whether the gap may stand inside one number.
func joins(gap string) bool {
	if len(gap) == 0 || len(gap) > 5 {
		return false
	}
	signs := 0
	for i := 0; i < len(gap); i++ {
		switch c := gap[i]; {
		case c == ' ':
		case c == '(' || c == ')':
		case c == '.' || c == '-' || c == '_' || c == '~' || c == '*':
			signs++
		case c == ',' && len(gap) == 1:
			signs++
		case strings.HasPrefix(gap[i:], "–") || strings.HasPrefix(gap[i:], "—") || strings.HasPrefix(gap[i:], "‑") || strings.HasPrefix(gap[i:], "−"):
			signs, i = signs+1, i+2
		default:
			return false
		}
	}
	return signs <= 1
}

func (sc *scan) gap(i int) string { return sc.s[sc.groups[i-1].end:sc.groups[i].start] }

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c >= 'a' && c <= 'z' }

func digit(c byte) byte {
	switch {
	case isDigit(c):
		return c
	case c == 'o':
		return '0'
	case c == 'l' || c == 'i' || c == '|':
		return '1'
	}
	return 0
}

// spelledDigit reads "delapan", in Indonesian, colloquially, in Javanese,
// Sundanese and English. A single one means nothing.
func spelledDigit(word string) byte {
	switch word {
	case "nol", "enol", "kosong", "zero":
		return '0'
	case "satu", "siji", "hiji", "one", "atu":
		return '1'
	case "dua", "loro", "two", "duwa":
		return '2'
	case "tiga", "telu", "tilu", "three":
		return '3'
	case "empat", "papat", "opat", "four", "ampat":
		return '4'
	case "lima", "limo", "five":
		return '5'
	case "enam", "enem", "genep", "six", "anam":
		return '6'
	case "tujuh", "pitu", "seven", "tuju":
		return '7'
	case "delapan", "lapan", "wolu", "dalapan", "eight":
		return '8'
	case "sembilan", "sanga", "songo", "salapan", "nine":
		return '9'
	}
	return 0
}

// besideMask: digits that a mask has kept must not be read as part of a new
// number, or masking twice would eat its own marks.
func besideMask(s string, g group) bool {
	before := strings.TrimRight(s[:g.start], "-+ ")
	after := strings.TrimLeft(s[g.end:], "- ")
	return strings.HasSuffix(before, dot) || strings.HasPrefix(after, dot)
}

// inURL says whether the byte at stands inside a web address, and whether that
// address is one that calls a phone.
func inURL(s string, at int) (inside, calls bool) {
	start := at
	for start > 0 && s[start-1] > ' ' && at-start < 300 {
		start--
	}
	run := s[start:at]
	if strings.Contains(run, "wa.me/") || strings.Contains(run, "whatsapp.com") || strings.Contains(run, "tel:") || strings.Contains(run, "phone=") {
		return true, true
	}
	if strings.Contains(run, "://") || strings.Contains(run, "www.") {
		return true, false
	}
	slash := strings.IndexByte(run, '/')
	point := strings.IndexByte(run, '.')
	return point > 0 && slash > point+2 && isLetter(run[point-1]) && isLetter(run[point+1]) && isLetter(run[slash-1]), false
}
