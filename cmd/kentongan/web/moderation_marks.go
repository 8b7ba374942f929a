package web

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"kentongan/inbox"
	"kentongan/moderation"
)

// marked cuts a masked message at every reason and every mask, so that each
// part is shown once, and lists the rules with what they matched.
func marked(f *Frame, msg inbox.Message, reasons []moderation.Reason) ([]Marked, []ReasonLine) {
	lines, number := reasonLines(f, msg.Masked, reasons)
	cuts := []int{0, len(msg.Masked)}
	for _, r := range reasons {
		if inside(r.Start, r.End, len(msg.Masked)) {
			cuts = append(cuts, r.Start, r.End)
		}
	}
	for _, m := range msg.Marks {
		if inside(m.Start, m.End, len(msg.Masked)) {
			cuts = append(cuts, m.Start, m.End)
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var parts []Marked
	for i := 0; i+1 < len(cuts); i++ {
		from, to := cuts[i], cuts[i+1]
		part := Marked{Text: msg.Masked[from:to]}
		var ends []string
		for j, r := range reasons {
			if !inside(r.Start, r.End, len(msg.Masked)) || r.Start > from || r.End < to {
				continue
			}
			if part.Kind != "mark bad" {
				part.Kind = "mark"
			}
			if labelTones[r.Label] == "bad" {
				part.Kind = "mark bad"
			}
			part.Veiled = part.Veiled || moderation.Veils(r)
			if n := strconv.Itoa(number[j]); r.End == to && !slices.Contains(ends, n) {
				ends = append(ends, n)
			}
		}
		for _, m := range msg.Marks {
			if m.Start <= from && m.End >= to {
				part.Kind = "masked"
			}
		}
		part.Numbers = strings.Join(ends, ", ")
		parts = append(parts, part)
	}
	return parts, lines
}

func inside(start, end, length int) bool { return start >= 0 && start < end && end <= length }

// reasonLines groups reasons by rule; number is each reason's line.
func reasonLines(f *Frame, text string, reasons []moderation.Reason) (lines []ReasonLine, number []int) {
	at := map[moderation.Rule]int{}
	for _, r := range reasons {
		i, known := at[r.Rule]
		if !known {
			i = len(lines)
			at[r.Rule] = i
			lines = append(lines, ReasonLine{
				Number: i + 1, Rule: f.T("rule." + string(r.Rule)), Label: Tag{Text: f.T("label." + string(r.Label)), Tone: labelTones[r.Label]},
			})
		}
		number = append(number, i+1)
		lines[i].Veiled = lines[i].Veiled || moderation.Veils(r)
		if !inside(r.Start, r.End, len(text)) {
			continue
		}
		words := "“" + text[r.Start:r.End] + "”"
		switch {
		case lines[i].Matched == "":
			lines[i].Matched = words
		case !strings.Contains(lines[i].Matched, words):
			lines[i].Matched += ", " + words
		}
	}
	return lines, number
}

// markedText prints a message with its marks and not one space more than was
// written: a template would put one between its parts, in the middle of words.
func markedText(parts []Marked) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var b strings.Builder
		for _, p := range parts {
			open, closing := "", ""
			switch p.Kind {
			case "masked":
				open, closing = `<span class="masked">`, "</span>"
			case "mark", "mark bad":
				open, closing = `<mark>`, "</mark>"
				if p.Kind == "mark bad" {
					open = `<mark class="bad">`
				}
			}
			text := templ.EscapeString(p.Text)
			if p.Veiled {
				text = `<span class="veil">` + text + "</span>"
			}
			b.WriteString(open + text)
			if p.Numbers != "" {
				b.WriteString("<sup>" + templ.EscapeString(p.Numbers) + "</sup>")
			}
			b.WriteString(closing)
		}
		_, err := io.WriteString(w, b.String())
		return err
	})
}
