package publisher

import (
	"strings"
	"unicode"

	"github.com/sergi/go-diff/diffmatchpatch"

	"kentongan/internal/channel"
)

// OpKind is what became of a piece of text.
type OpKind string

const (
	Kept     OpKind = "kept"
	Inserted OpKind = "inserted"
	Deleted  OpKind = "deleted"
)

// Op is a piece of a comparison.
type Op struct {
	Kind OpKind
	Text string
}

// Diff compares two texts word by word: an approver reads words, not letters.
func Diff(before, after string) []Op {
	words := map[string]rune{}
	var back []string
	code := func(text string) string {
		var b strings.Builder
		for _, w := range splitWords(text) {
			r, known := words[w]
			if !known {
				r = wordRune(len(back))
				words[w] = r
				back = append(back, w)
			}
			b.WriteRune(r)
		}
		return b.String()
	}
	a, b := code(before), code(after)
	var ops []Op
	for _, d := range diffmatchpatch.New().DiffMain(a, b, false) {
		var text strings.Builder
		for _, r := range d.Text {
			text.WriteString(back[wordIndex(r)])
		}
		ops = append(ops, Op{Kind: opKind(d.Type), Text: text.String()})
	}
	return ops
}

// wordRune numbers the words by code points, past the surrogates, which are
// no letters of a string.
func wordRune(n int) rune {
	if n += 1; n >= 0xd800 {
		n += 0x800
	}
	return rune(n)
}

func wordIndex(r rune) int {
	if r >= 0xe000 {
		r -= 0x800
	}
	return int(r) - 1
}

func opKind(o diffmatchpatch.Operation) OpKind {
	switch o {
	case diffmatchpatch.DiffInsert:
		return Inserted
	case diffmatchpatch.DiffDelete:
		return Deleted
	}
	return Kept
}

// splitWords cuts between words, spaces and signs; joined, the parts are the
// text again.
func splitWords(text string) []string {
	var all []string
	start, last := 0, -1
	for i, r := range text {
		kind := 2
		switch {
		case unicode.IsSpace(r):
			kind = 1
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
			kind = 0
		}
		if last >= 0 && (kind != last || kind == 2) {
			all = append(all, text[start:i])
			start = i
		}
		last = kind
	}
	if start < len(text) {
		all = append(all, text[start:])
	}
	return all
}

// Content is what one revision of a post says.
type Content struct {
	Title    string           `json:"title"`
	Text     string           `json:"text"`
	Link     string           `json:"link,omitempty"`
	Parts    []string         `json:"parts,omitempty"`
	Comment  string           `json:"comment,omitempty"`
	When     When             `json:"when,omitzero"`
	Variants []VariantContent `json:"variants,omitempty"`
	Media    []Attached       `json:"media,omitempty"`
}

// VariantContent is what a revision says to one channel.
type VariantContent struct {
	Channel channel.ID `json:"channel"`
	Own     bool       `json:"own,omitempty"`
	Text    string     `json:"text,omitempty"`
}

func (c Content) says(to channel.ID) (text string, ok bool) {
	for _, v := range c.Variants {
		if v.Channel == to {
			if v.Own {
				return v.Text, true
			}
			return c.Text, true
		}
	}
	return "", false
}

func nth(all []string, i int) string {
	if i < len(all) {
		return all[i]
	}
	return ""
}

// FieldDiff compares one field of two revisions. Field is named as in faults.
type FieldDiff struct {
	Field   string
	Channel channel.ID // for what a channel gets
	Ops     []Op
	Changed bool
}

// Compare says field by field what became of a post. A channel that only one
// of the two has is all inserted or all deleted.
func Compare(before, after Content) []FieldDiff {
	var all []FieldDiff
	add := func(field string, to channel.ID, a, b string) {
		all = append(all, FieldDiff{Field: field, Channel: to, Ops: Diff(a, b), Changed: a != b})
	}
	add("title", "", before.Title, after.Title)
	add("text", "", before.Text, after.Text)
	add("link", "", before.Link, after.Link)
	for i := range max(len(before.Parts), len(after.Parts)) {
		add(partField(i), "", nth(before.Parts, i), nth(after.Parts, i))
	}
	if before.Comment != "" || after.Comment != "" {
		add("comment", "", before.Comment, after.Comment)
	}
	add("due", "", before.When.Wall, after.When.Wall)
	add("move_until", "", before.When.MoveUntil, after.When.MoveUntil)
	channels := map[channel.ID]bool{}
	for _, c := range []Content{before, after} {
		for _, v := range c.Variants {
			if channels[v.Channel] {
				continue
			}
			channels[v.Channel] = true
			a, was := before.says(v.Channel)
			b, is := after.says(v.Channel)
			add(variantField(v.Channel), v.Channel, a, b)
			all[len(all)-1].Changed = a != b || was != is
		}
	}
	for i := range max(len(before.Media), len(after.Media)) {
		var a, b Attached
		if i < len(before.Media) {
			a = before.Media[i]
		}
		if i < len(after.Media) {
			b = after.Media[i]
		}
		add(mediaField(i), "", a.Alt, b.Alt)
		all[len(all)-1].Changed = a != b
	}
	return all
}
