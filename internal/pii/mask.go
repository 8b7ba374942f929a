package pii

import (
	"strings"

	"kentongan/internal/text"
)

const dot = "•"

// mask keeps as little as a colleague needs to tell two numbers apart.
func mask(kind Kind, written string) string {
	f := text.Fold(written)
	switch kind {
	case Email:
		return maskEmail(f)
	case Address:
		return written[:f.Span(0, max(1, len(firstWord(f.Text)))).End] + " " + strings.Repeat(dot, 4)
	case Plate:
		return strings.ToUpper(firstWord(f.Text)) + " " + strings.Repeat(dot, 4)
	}
	digits := digitsOf(f)
	n := len(digits)
	if n < 8 {
		return strings.Repeat(dot, 4)
	}
	tail := digits[n-2:]
	switch kind {
	case Phone:
		return maskPhone(digits, strings.Contains(f.Text, "+"), tail)
	case NIK, KK:
		return digits[:2] + strings.Repeat(dot, n-4) + tail // the province may be known
	default:
		return strings.Repeat(dot, n-2) + tail
	}
}

// maskPhone shows "0812-••••-••34".
func maskPhone(digits string, plus bool, tail string) string {
	head := digits[:min(4, len(digits)-4)]
	switch home := strings.HasPrefix(digits, "62"); {
	case plus && !home:
		head = "+" + digits[:2]
	case plus || home:
		head = "+62"
		if len(digits) > 9 {
			head += strings.TrimPrefix(digits, "62")[:3]
		}
	}
	return head + "-" + strings.Repeat(dot, 4) + "-" + strings.Repeat(dot, 2) + tail
}

// maskEmail shows the first letter and the house: "b••••@contoh.id".
func maskEmail(f text.Folded) string {
	s := f.Text
	for i := range len(s) {
		from, to, how := atSign(s, i)
		if how == noAt || from == 0 {
			continue
		}
		if end, h := domainPart(s, to, how); h != noHouse && end == len(s) {
			return s[:1] + strings.Repeat(dot, 4) + "@" + plainHouse(s[to:])
		}
	}
	return strings.Repeat(dot, 4)
}

// plainHouse writes "gmail dot com" as gmail.com.
func plainHouse(s string) string {
	for _, w := range [...]string{"dot", "titik"} {
		for _, q := range [...]string{"[" + w + "]", "(" + w + ")", "{" + w + "}", " " + w + " ", "-" + w + "-", "_" + w + "_"} {
			s = strings.ReplaceAll(s, q, ".")
		}
	}
	return strings.NewReplacer(" ", "", ",", ".", "[.]", ".", "(.)", ".").Replace(s)
}

// digitsOf reads the digits through full-width and keycap forms, letters typed
// for a digit and digits written as words.
func digitsOf(f text.Folded) string {
	return string(roomy(f).digits)
}
