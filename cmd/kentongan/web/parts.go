package web

import (
	"strconv"
	"strings"

	"kentongan/internal/locale"
)

// Tag is a short label with a tone: "", "ok", "warn", "bad", "info",
// "primary" or "accent". The words carry the meaning; the tone repeats it.
type Tag struct{ Text, Tone, Icon string }

// Beats are ketukan: progress as drum beats. Each is "", "ok", "now", "bad"
// or "set"; Words says the same for everybody.
type Beats struct {
	Each  []string
	Words string
}

// Slit is celah: how much of the time to answer is left, 0 to 100; below 0
// when no clock runs.
type Slit struct {
	Left  int
	Tone  string // "", "warn" or "bad"
	Words string // "sisa 9 menit"
}

// rest is the height of the slit's filled part and where it begins. A deadline
// that has passed is shown full, in red.
func (s Slit) rest() (y, height string) {
	if s.Left < 0 {
		return "100", "0"
	}
	left := min(max(s.Left, 4), 100)
	if s.Tone == "bad" {
		left = 100
	}
	return strconv.Itoa(100 - left), strconv.Itoa(left)
}

// Choice is one of several to pick from.
type Choice struct {
	Value, Text string
	Picked      bool
}

// Link is one of several places to go.
type Link struct {
	Text, Path string
	Here       bool
	Count      int
	Icon       string
	Tone       string
}

// Piece is part of a text: kept, inserted, deleted, masked, or marked with a
// reason's number.
type Piece struct {
	Kind string // "kept", "inserted", "deleted" or "masked"
	Text string
}

// Problems are what a form could not accept, each with its field if it has one.
type Problems []locale.Sentence

// Of is the sentence for a field, "" when there is none.
func (p Problems) Of(field string) string {
	for _, s := range p {
		if s.Field == field {
			return s.Text
		}
	}
	return ""
}

// fieldID is the id of a form field named as in faults.
func fieldID(field string) string { return "f-" + strings.ReplaceAll(field, ".", "-") }

// invalid is the value of aria-invalid for a field.
func (p Problems) invalid(field string) string {
	return strconv.FormatBool(p.Of(field) != "")
}

// describes is the value of aria-describedby for a field: its error if there
// is one, else its hint, if it has one.
func (p Problems) describes(field string, hint bool) string {
	var ids []string
	if p.Of(field) != "" {
		ids = append(ids, fieldID(field)+"-wrong")
	}
	if hint {
		ids = append(ids, fieldID(field)+"-hint")
	}
	return strings.Join(ids, " ")
}

// Cut is a page of a longer list.
type Cut struct {
	Newer, Older string // addresses; "" when there is nothing there
}

// Person is somebody shown in a chain, a trail or a picker.
type Person struct {
	ID, Name, Role, Did, Tone string
}

func itoa(n int) string { return strconv.Itoa(n) }
