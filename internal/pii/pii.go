// Package pii finds personal data in what citizens write, so that everything
// outside the encrypted original shows a mask. It knows the numbers by their
// structure (region, date, check digit) and by the words beside them, and
// reads through simple disguises. Pure.
//
// UU 27/2022 pasal 4 names what is personal data; masking is how an office
// keeps to the purpose (pasal 27-28) while it works with the message.
package pii

import (
	"slices"
	"strings"

	"kentongan/internal/text"
)

// Kind is what sort of personal data a span holds.
type Kind string

const (
	NIK     Kind = "NIK"          // population number, 16 digits
	KK      Kind = "KK"           // family card number, 16 digits
	NPWP    Kind = "NPWP"         // tax number, 15 digits, or 16 since 2024
	Phone   Kind = "PHONE"        // mobile or fixed line
	Email   Kind = "EMAIL"        // e-mail address
	Plate   Kind = "PLATE"        // number plate of a vehicle
	Bank    Kind = "BANK_ACCOUNT" // only beside a word that says so
	Address Kind = "ADDRESS"      // a street with a house, block or RT/RW
)

// Kinds are all of them, in the order in which they are told.
func Kinds() []Kind { return []Kind{NIK, KK, NPWP, Phone, Email, Plate, Bank, Address} }

// Certainty says what a finding rests on.
type Certainty string

const (
	Sure   Certainty = "sure"   // the structure proves it, or the words beside it name it
	Likely Certainty = "likely" // it has the shape
)

// Found is one piece of personal data in the original text.
type Found struct {
	Kind      Kind      `json:"kind"`
	Start     int       `json:"start"` // bytes of the original
	End       int       `json:"end"`
	Certainty Certainty `json:"certainty"`
}

// Span is where it stands.
func (f Found) Span() text.Span { return text.Span{Start: f.Start, End: f.End} }

// Find returns the personal data in s, in order, without overlaps.
func Find(s string) []Found { return FindIn(text.Fold(s)) }

// FindIn returns the personal data in a text that is folded already. Most
// messages hold neither a digit nor an address sign: they cost one look.
func FindIn(f text.Folded) []Found {
	numbers, mail := promising(f.Text)
	var out []Found
	if mail {
		out = emails(f, out)
	}
	if !numbers {
		return out
	}
	// The scan lives on the stack unless a text holds very many numbers.
	var groups [40]group
	var read [160]byte
	var streets [12]int
	sc := scan{f: f, s: f.Text, groups: groups[:], digits: read[:], streets: streets[:]}
	if sc.run(); sc.full {
		sc = roomy(f)
	}
	sc.groups, sc.digits, sc.streets = sc.groups[:sc.nGroups], sc.digits[:sc.nDigits], sc.streets[:sc.nStreets]
	out = sc.addresses(out)
	out = sc.numbers(out)
	out = sc.plates(out)
	return out
}

// promising says in one look whether s can hold a number, or an address of
// mail: by its signs, or by the ends of words that spell them out.
func promising(s string) (numbers, mail bool) {
	for i := range len(s) {
		if !telling[s[i]] {
			continue
		}
		switch s[i] {
		default: // a digit
			numbers = true
		case '@', ']', '}':
			mail = true
		case ')':
			mail = mail || strings.HasSuffix(s[:i], "at") || strings.HasSuffix(s[:i], "(a")
		case 'n': // delapan
			numbers = numbers || strings.HasSuffix(s[:i], "lapa")
		case 'h': // tujuh
			numbers = numbers || strings.HasSuffix(s[:i], "tuju")
		case 't': // dot, eight
			mail = mail || strings.HasSuffix(s[:i], "do")
			numbers = numbers || strings.HasSuffix(s[:i], "eigh")
		case 'k': // titik, outlook
			mail = mail || strings.HasSuffix(s[:i], "titi") || strings.HasSuffix(s[:i], "outloo")
		case 'l': // gmail
			mail = mail || strings.HasSuffix(s[:i], "mai")
		case 'o': // yahoo
			mail = mail || strings.HasSuffix(s[:i], "yaho")
		}
	}
	return numbers, mail
}

// telling are the bytes that promising looks at.
var telling = func() (all [256]bool) {
	for _, c := range []byte("0123456789@]})nhtklo") {
		all[c] = true
	}
	return all
}()

// add keeps a finding, in order, unless one that was surer has taken its place
// already.
func add(out []Found, kind Kind, s text.Span, c Certainty) []Found {
	i, _ := slices.BinarySearchFunc(out, s.Start, func(x Found, start int) int { return x.Start - start })
	if i > 0 && s.Overlaps(out[i-1].Span()) || i < len(out) && s.Overlaps(out[i].Span()) {
		return out
	}
	return slices.Insert(out, i, Found{kind, s.Start, s.End, c})
}

// Masked is a text that can be shown, searched and exported.
type Masked struct {
	Text  string
	Found []Found // in the original
	shown []text.Span
}

// Mask replaces every piece of personal data in s by its mask.
func Mask(s string) Masked { return maskIn(text.Fold(s)) }

func maskIn(f text.Folded) Masked {
	s := f.Original
	m := Masked{Text: s, Found: FindIn(f)}
	if len(m.Found) == 0 {
		return m
	}
	var b strings.Builder
	last := 0
	for _, x := range m.Found {
		b.WriteString(s[last:x.Start])
		from := b.Len()
		b.WriteString(mask(x.Kind, s[x.Start:x.End]))
		m.shown = append(m.shown, text.Span{Start: from, End: b.Len()})
		last = x.End
	}
	b.WriteString(s[last:])
	m.Text = b.String()
	return m
}

// Place returns where a span of the original stands in the masked text. A span
// that cuts into personal data is widened to the whole mask.
func (m Masked) Place(p text.Span) text.Span {
	return text.Span{Start: m.place(p.Start, false), End: m.place(p.End, true)}
}

func (m Masked) place(at int, end bool) int {
	shift := 0
	for i, x := range m.Found {
		if at < x.Start || end && at == x.Start {
			break
		}
		if at < x.End {
			if end {
				return m.shown[i].End
			}
			return m.shown[i].Start
		}
		shift = m.shown[i].End - x.End
	}
	return at + shift
}
