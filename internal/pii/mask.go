package pii

import (
	"strings"

	"kentongan/internal/text"
)

const dot = "•"

// mask keeps as little as a colleague needs to tell two numbers apart.
func mask(kind Kind, written string) string {
	if kind == Email {
		return maskEmail(written)
	}
	digits := digitsOf(written)
	n := len(digits)
	if n < 4 {
		return strings.Repeat(dot, 4)
	}
	tail := digits[n-2:]
	switch kind {
	case Phone:
		return maskPhone(digits, strings.Contains(written, "+"), tail)
	case NIK, KK:
		return digits[:2] + strings.Repeat(dot, n-4) + tail // the province may be known
	default:
		return strings.Repeat(dot, n-2) + tail
	}
}

// maskPhone shows "0812-••••-••34".
func maskPhone(digits string, plus bool, tail string) string {
	head := digits[:min(4, len(digits)-4)]
	if plus || strings.HasPrefix(digits, "62") {
		head = "+62"
		if len(digits) > 9 {
			head += strings.TrimPrefix(digits, "62")[:3]
		}
	}
	return head + "-" + strings.Repeat(dot, 4) + "-" + strings.Repeat(dot, 2) + tail
}

func maskEmail(written string) string {
	f := text.Fold(written).Text
	name, domain := f, ""
	if at := atSign.FindStringIndex(f); at != nil {
		name, domain = f[:at[0]], strings.Join(strings.Fields(dotWord.ReplaceAllString(f[at[1]:], ".")), "")
	}
	first := ""
	for _, r := range name {
		first = string(r)
		break
	}
	return first + strings.Repeat(dot, 4) + "@" + domain
}

// digitsOf reads the digits through full-width and keycap forms, and an o or l
// typed for a digit.
func digitsOf(written string) string {
	var b strings.Builder
	for _, r := range text.Fold(written).Text {
		if d := digit(r); d != 0 {
			b.WriteByte(d)
		}
	}
	return b.String()
}

func digit(r rune) byte {
	switch {
	case r >= '0' && r <= '9':
		return byte(r)
	case r == 'o':
		return '0'
	case r == 'l' || r == 'i' || r == '|':
		return '1'
	}
	return 0
}
