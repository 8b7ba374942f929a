package train

import (
	"fmt"
	"io"
	"strings"
)

// Figure is one measured number with its interval.
type Figure struct {
	Task   string
	What   string
	Value  Estimate
	Rows   int
	Target float64 // 0: none was set
	Most   bool    // the target is not to be passed, as a share of false hits
	Note   string
}

// Reached says whether the target is met by the value itself; the interval
// says how much of that may be luck.
func (f Figure) Reached() bool {
	switch {
	case f.Target == 0:
		return true
	case f.Most:
		return f.Value.Value <= f.Target
	}
	return f.Value.Value >= f.Target
}

// figure measures rows with its interval.
func figure(task, what string, rows []Judged, of func([]Judged) float64, seed uint64) Figure {
	return Figure{Task: task, What: what, Value: Bootstrap(rows, of, seed), Rows: len(rows)}
}

// Print writes figures one a line, in per cent.
func Print(w io.Writer, figures []Figure) {
	task := ""
	for _, f := range figures {
		if f.Task != task {
			task = f.Task
			fmt.Fprintf(w, "\n%s\n", strings.ToUpper(task))
		}
		fmt.Fprintf(w, "  %-44s %7.2f  [%6.2f, %6.2f]  n=%-6d", f.What, 100*f.Value.Value, 100*f.Value.Low, 100*f.Value.High, f.Rows)
		if f.Target > 0 {
			sign, said := ">=", "reached"
			if f.Most {
				sign = "<="
			}
			if !f.Reached() {
				said = "NOT REACHED"
			}
			fmt.Fprintf(w, "  %s %.1f %s", sign, 100*f.Target, said)
		}
		if f.Note != "" {
			fmt.Fprintf(w, "  %s", f.Note)
		}
		fmt.Fprintln(w)
	}
}

// table writes them for the model card.
func table(w io.Writer, figures []Figure) {
	fmt.Fprintln(w, "| task | figure | value | 95 % interval | messages | target |\n|---|---|---|---|---|---|")
	for _, f := range figures {
		target := ""
		if f.Target > 0 {
			sign := "≥"
			if f.Most {
				sign = "≤"
			}
			target = fmt.Sprintf("%s %.1f", sign, 100*f.Target)
			if !f.Reached() {
				target += ", **not reached**"
			}
		}
		fmt.Fprintf(w, "| %s | %s | %.2f | %.2f to %.2f | %d | %s |\n", f.Task, strings.TrimSpace(f.What+" "+f.Note), 100*f.Value.Value, 100*f.Value.Low, 100*f.Value.High, f.Rows, target)
	}
}

// perLabel are the F1 figures of each label.
func perLabel(task string, names []string, rows []Judged, seed uint64) []Figure {
	var out []Figure
	for l, name := range names {
		c := Tally(rows, len(names))[l]
		f := figure(task, "F1 "+title(name), rows, F1Of(l), seed)
		f.Note = fmt.Sprintf("(precision %.1f, recall %.1f)", 100*c.Precision(), 100*c.Recall())
		out = append(out, f)
	}
	return out
}

// single are the figures of a task with one label a message.
func single(task string, names []string, rows []Judged, target float64, seed uint64) []Figure {
	macro := figure(task, "macro-F1", rows, MacroF1(len(names)), seed)
	macro.Target = target
	return append([]Figure{macro, figure(task, "accuracy", rows, Exact, seed)}, perLabel(task, names, rows, seed)...)
}

// multiple are the figures of a task with any number of labels a message.
func multiple(task string, names []string, rows []Judged, seed uint64) []Figure {
	return append([]Figure{
		figure(task, "all labels exactly right", rows, Exact, seed),
		figure(task, "Jaccard", rows, Jaccard, seed),
		figure(task, "macro-F1", rows, MacroF1(len(names)), seed),
		figure(task, "micro-F1", rows, MicroF1(len(names)), seed),
	}, perLabel(task, names, rows, seed)...)
}
