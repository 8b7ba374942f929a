package pii

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"kentongan/internal/text"
)

// group is a run of digits without anything between them.
type group struct {
	start, end int // bytes of the folded text
	digits     string
	gap        string // what stands between the group before and this one
	dead       bool   // part of a mask, or of a price
}

// maxGroups bounds how many groups one number may be spread over: a NIK with a
// space after every digit.
const maxGroups = 17

// gluedDigits is how long a number glued to a word must be to count.
const gluedDigits = 10

// numbers finds NIK, KK, NPWP, phone and account numbers. At each group it
// tries every joining of following groups and keeps the best reading.
func numbers(f text.Folded) []Found {
	groups := digitGroups(f.Text)
	var out []Found
	for i := 0; i < len(groups); {
		kind, certainty, n := read(f.Text, groups, i)
		if n == 0 {
			i++
			continue
		}
		start := groups[i].start
		if kind == Phone {
			start = withPrefix(f.Text, start)
		}
		s := f.Span(start, groups[i+n-1].end)
		out = append(out, Found{kind, s.Start, s.End, certainty})
		i += n
	}
	return out
}

// withPrefix takes in the "+" or "(" that belongs to a phone number.
func withPrefix(s string, start int) int {
	for start > 0 && (s[start-1] == '+' || s[start-1] == '(') {
		start--
	}
	return start
}

func digitGroups(s string) []group {
	var out []group
	for i := 0; i < len(s); {
		if !startsDigits(s, i) {
			i++
			continue
		}
		end := i
		var d []byte
		for end < len(s) {
			c := digit(rune(s[end]))
			if c == 0 || (s[end] < '0' || s[end] > '9') && !insideDigits(s, end, i) {
				break
			}
			d = append(d, c)
			end++
		}
		g := group{start: i, end: end, digits: string(d)}
		if len(out) > 0 {
			g.gap = s[out[len(out)-1].end:i]
		}
		out = append(out, g)
		i = end
	}
	for i := range out {
		out[i].dead = besideMask(s, out[i])
	}
	return out
}

// startsDigits: a digit, or an o typed for the first 0: "o812...". A digit that
// ends a word ("covid19") begins nothing, unless a whole number is glued to the
// word: "wa0812...".
func startsDigits(s string, i int) bool {
	last, _ := utf8.DecodeLastRuneInString(s[:i])
	before := unicode.IsLetter(last)
	if s[i] >= '0' && s[i] <= '9' {
		if !before {
			return true
		}
		end := i
		for end < len(s) && s[end] >= '0' && s[end] <= '9' {
			end++
		}
		return end-i >= gluedDigits
	}
	return s[i] == 'o' && !before && i+2 < len(s) && s[i+1] == '8' && digit(rune(s[i+2])) != 0
}

// insideDigits: a letter typed for a digit, with digits on both sides.
func insideDigits(s string, i, start int) bool {
	if i == start {
		return true
	}
	next := i + 1
	for next < len(s) && digit(rune(s[next])) != 0 && (s[next] < '0' || s[next] > '9') {
		next++
	}
	return next < len(s) && s[next] >= '0' && s[next] <= '9' && next-i <= 3
}

// besideMask: digits that a mask has kept must not be read as part of a new
// number, or masking twice would eat its own marks.
func besideMask(s string, g group) bool {
	before := strings.TrimRight(s[:g.start], "-+ ")
	after := strings.TrimLeft(s[g.end:], "- ")
	return strings.HasSuffix(before, dot) || strings.HasPrefix(after, dot)
}

// joins says whether the gap may stand inside one number.
func joins(gap string) bool {
	if len(gap) == 0 || len(gap) > 3 {
		return false
	}
	return strings.Trim(gap, " .-/_()") == "" && !strings.Contains(gap, "//")
}

// read returns the best reading of the groups from i on, and how many groups
// it takes; 0 if they are nothing.
func read(s string, groups []group, i int) (Kind, Certainty, int) {
	if groups[i].dead {
		return "", "", 0
	}
	named := wordsBefore(s, groups[i].start)
	var bestKind Kind
	var best Certainty
	bestN := 0
	digits := ""
	for n := 1; n <= maxGroups && i+n <= len(groups); n++ {
		g := groups[i+n-1]
		if g.dead || n > 1 && !joins(g.gap) {
			break
		}
		if digits += g.digits; len(digits) > 17 {
			break
		}
		c := candidate{text: s, digits: digits, groups: groups[i : i+n], named: named}
		if kind, certainty := c.kind(); kind != "" && (bestN == 0 || rank(kind, certainty) >= rank(bestKind, best)) {
			bestKind, best, bestN = kind, certainty, n
		}
		if bestKind == Phone && n == 1 && len(digits) >= 10 {
			break // whole already: "0812345678 12 kali"
		}
	}
	return bestKind, best, bestN
}

// rank prefers what is proven, and among equals the longer number.
func rank(k Kind, c Certainty) int {
	r := map[Kind]int{NIK: 4, KK: 4, NPWP: 3, Phone: 2, Bank: 1}[k]
	if c == Sure {
		r += 10
	}
	return r
}

var contextWord = regexp.MustCompile(`\b(nik|ktp|induk kependudukan|kk|kartu keluarga|npwp|rek|rekening|norek|bca|bni|bri|mandiri|bsi|btn|dana|ovo|gopay|` +
	`hp|wa|whatsapp|whatsap|telp|tlp|telepon|telpon|phone|hubungi|kontak|nomor|no|hp nya|call|sms|order|pesanan|resi|tiket|invoice|pasal|tahun|rp|anggaran|koordinat|kode|pos|id)\b`)

// wordsBefore lists the telling words in the stretch before a number, nearest
// first. Other numbers between end the stretch, except in a list.
func wordsBefore(s string, at int) []string {
	from := max(0, at-48)
	words := contextWord.FindAllString(s[from:at], -1)
	for i, j := 0, len(words)-1; i < j; i, j = i+1, j-1 {
		words[i], words[j] = words[j], words[i]
	}
	return words
}
