// Package pii finds personal data in what citizens write, so that everything
// outside the encrypted original shows a mask. It knows the numbers by their
// structure (region, date, check digit) and by the words in front of them, and
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
	NIK   Kind = "NIK"          // population number, 16 digits
	KK    Kind = "KK"           // family card number, 16 digits
	NPWP  Kind = "NPWP"         // tax number, 15 digits
	Phone Kind = "PHONE"        // mobile or fixed line
	Email Kind = "EMAIL"        // e-mail address
	Bank  Kind = "BANK_ACCOUNT" // only beside a word that says so
)

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

// FindIn returns the personal data in a text that is folded already.
func FindIn(f text.Folded) []Found {
	found := emails(f)
	found = append(found, numbers(f)...)
	slices.SortStableFunc(found, func(a, b Found) int { return a.Start - b.Start })
	out := found[:0]
	for _, x := range found {
		if len(out) > 0 && x.Start < out[len(out)-1].End {
			continue
		}
		out = append(out, x)
	}
	return out
}

// Masked is a text that can be shown, searched and exported.
type Masked struct {
	Text  string
	Found []Found // in the original
	shown []text.Span
}

// Mask replaces every piece of personal data in s by its mask.
func Mask(s string) Masked {
	f := text.Fold(s)
	m := Masked{Found: FindIn(f)}
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
