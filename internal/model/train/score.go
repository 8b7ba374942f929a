package train

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Said is what the program says about one text.
type Said struct {
	Labels map[string]bool    // decided
	Grades map[string]float64 // how sure, decided or not
	Spans  []Span             // personal data
}

// A task is a family of labels that are judged together.
type task struct {
	name   string
	labels []string
	one    bool   // exactly one of them is true
	rest   string // of one: what a text is that no label was given to
}

func tasks() []task {
	return []task{
		{"toxicity", Toxicity(), false, ""},
		{"gambling", []string{"gambling"}, false, ""},
		{"sms", []string{"normal", "fraud", "promo"}, true, "normal"},
		{"sentiment", Sentiments(), true, ""},
		{"emotion", Emotions(), true, ""},
		{"intent", []string{"question", "complaint", "thanks", "idea"}, false, ""},
		{"topic", Topics(), true, ""},
		{"urgency", Urgencies(), true, ""},
	}
}

// Score measures what was said about labelled rows: every task whose labels
// the file holds, and personal data where spans are marked. It also names the
// labels that the program does not know.
func Score(rows []Row, said []Said, seed uint64) (figures []Figure, unknown []string, err error) {
	clusters := Clusters(Texts(rows))
	families, unknown := families(rows)
	for _, f := range families {
		var judged []Judged
		for _, i := range f.rows {
			judged = append(judged, f.judge(rows[i], said[i], clusters[i]))
		}
		switch {
		case len(judged) == 0:
		case f.one:
			figures = append(figures, single(f.title, f.labels, judged, 0, seed)...)
		case len(f.labels) == 1:
			figures = append(figures, perLabel(f.title, f.labels, judged, seed)...)
			figures = append(figures, figure(f.title, "accuracy", judged, Exact, seed), figure(f.title, "said of all messages", judged, saidShare, seed),
				figure(f.title, "said of messages without the label", withoutTrue(judged), saidShare, seed))
		default:
			figures = append(figures, multiple(f.title, f.labels, judged, seed)...)
		}
	}
	figures = append(figures, spanFigures(rows, said, clusters, seed)...)
	if len(figures) == 0 {
		return nil, nil, errors.New("no row has labels or spans that the program knows")
	}
	return figures, unknown, nil
}

func withoutTrue(rows []Judged) []Judged {
	return slices.DeleteFunc(slices.Clone(rows), func(j Judged) bool { return j.True != 0 })
}

// family is a task as one file holds it.
type family struct {
	task
	title string
	rows  []int
}

// families sorts rows by the task they name; where none is named, by the labels
// that stand in the rows without a name. A set with part of a task's labels
// (hate and abuse, but not at whom) is judged by that part.
func families(rows []Row) (out []family, unknown []string) {
	var names []string
	by := map[string][]int{}
	for i, r := range rows {
		if !r.HasLabels {
			continue
		}
		if by[r.Task] == nil {
			names = append(names, r.Task)
		}
		by[r.Task] = append(by[r.Task], i)
	}
	for _, name := range names {
		present, known := map[string]bool{}, map[string]bool{}
		for _, i := range by[name] {
			for _, l := range rows[i].Labels {
				present[l] = true
			}
		}
		for _, t := range tasks() {
			f := family{task: t, title: t.name, rows: by[name]}
			if name != "" && name != t.name {
				f.title = fmt.Sprintf("%s (%s)", t.name, name)
			}
			f.labels = slices.DeleteFunc(slices.Clone(t.labels), func(l string) bool { return !present[l] })
			if t.one && len(f.labels) > 0 {
				f.labels = t.labels // what is said must be among them
			}
			if name == t.name && len(f.labels) == 0 {
				f.labels = t.labels // a file of clean messages only
			}
			if len(f.labels) == 0 {
				continue
			}
			for _, l := range f.labels {
				known[l] = true
			}
			if t.one { // rows of other families in the same file have none of them
				f.rows = slices.DeleteFunc(slices.Clone(f.rows), func(i int) bool { return !slices.ContainsFunc(f.labels, rows[i].Has) })
			}
			out = append(out, f)
		}
		for l := range present {
			if !known[l] {
				unknown = append(unknown, l)
			}
		}
	}
	slices.Sort(unknown)
	return out, slices.Compact(unknown)
}

// judge compares what is true with what was said.
func (f family) judge(r Row, s Said, cluster int) Judged {
	j := Judged{Cluster: cluster}
	best, top := -1, 0.0
	for k, l := range f.labels {
		if r.Has(l) {
			j.True |= 1 << k
		}
		if !s.Labels[l] {
			continue
		}
		j.Said |= 1 << k
		if best < 0 || s.Grades[l] > top {
			best, top = k, s.Grades[l]
		}
	}
	if f.one {
		if best < 0 && f.rest != "" {
			best = slices.Index(f.labels, f.rest)
		}
		j.Said = 0
		if best >= 0 {
			j.Said = 1 << best
		}
	}
	return j
}

// spanKinds are the kinds of personal data that are masked. Names are not.
func spanKinds() []string {
	return []string{"NIK", "KK", "NPWP", "PHONE", "EMAIL", "BANK_ACCOUNT", "ADDRESS", "PLATE"}
}

// spanFigures: how much of the personal data of each kind is found, by kind and
// at all, and how many clean messages are altered. Offsets count bytes; in a
// file that counts characters they are read so.
func spanFigures(rows []Row, said []Said, clusters []int, seed uint64) []Figure {
	const task = "personal data"
	byKind, masked := map[string][]Judged{}, map[string][]Judged{}
	var clean []Judged
	for i, r := range rows {
		if !r.HasSpans {
			continue
		}
		marked := 0
		for _, p := range r.Spans {
			p = inBytes(r.Text, p)
			kind := strings.ToUpper(p.Label)
			if !slices.Contains(spanKinds(), kind) {
				continue
			}
			marked++
			named, hidden := uint64(0), uint64(0)
			for _, found := range said[i].Spans {
				if found.Start <= p.Start && found.End >= p.End {
					hidden = 1
				}
				if found.Start < p.End && p.Start < found.End && found.Label == kind {
					named = 1
				}
			}
			byKind[kind] = append(byKind[kind], Judged{1, named, clusters[i]})
			masked[kind] = append(masked[kind], Judged{1, hidden, clusters[i]})
		}
		if marked == 0 {
			clean = append(clean, Judged{0, min(1, uint64(len(said[i].Spans))), clusters[i]})
		}
	}
	var out []Figure
	for _, kind := range spanKinds() {
		if len(byKind[kind]) > 0 {
			out = append(out, figure(task, kind+" found under its name, recall", byKind[kind], saidShare, seed),
				figure(task, kind+" masked whole, recall", masked[kind], saidShare, seed))
		}
	}
	if len(clean) > 0 {
		out = append(out, figure(task, "clean messages altered", clean, saidShare, seed))
	}
	return out
}

// inBytes reads offsets that cut a letter in two as counted in characters.
func inBytes(s string, p Span) Span {
	cut := func(i int) bool { return i < len(s) && !utf8.RuneStart(s[i]) }
	if !cut(p.Start) && !cut(p.End) {
		return p
	}
	n, start, end := 0, len(s), len(s)
	for i := range s {
		if n == p.Start {
			start = i
		}
		if n == p.End {
			end = i
		}
		n++
	}
	return Span{start, end, p.Label}
}
