package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"kentongan/internal/fault"
	"kentongan/internal/model/train"
	"kentongan/moderation"
)

// moderationEval prints how good the program is: on a labelled file, as it
// classifies; or, given the folder of all sets, crosswise, each message read
// by heads that have not seen it.
func moderationEval(ctx context.Context, c *call) error {
	free, data, seed := false, "", uint64(1)
	f := flag.NewFlagSet("moderation eval", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.BoolVar(&free, "free-weights", false, c.words.T("cmd.flag.free_weights"))
	f.StringVar(&data, "data", "", c.words.T("cmd.flag.train_data"))
	f.Uint64Var(&seed, "seed", 1, c.words.T("cmd.flag.train_seed"))
	switch err := f.Parse(c.args); {
	case errors.Is(err, flag.ErrHelp):
		c.usage(f)
		return err
	case err != nil:
		return misused(err)
	case f.NArg() > 1 || f.NArg() == 1 && data != "":
		return fault.New(fault.Invalid, "cmd.left_over", fault.Arg("word", f.Arg(f.NArg()-1)))
	case f.NArg() == 0 && data == "":
		return fault.New(fault.Invalid, "train.nothing_to_eval")
	}
	if data == "" {
		return c.evalFile(f.Arg(0), !free, seed)
	}
	sets, err := train.ReadFolder(data)
	if err != nil {
		return err
	}
	rules := moderation.NewClassifier()
	r, err := train.Run(sets, seed, false, func(text string) bool { return rules.Classify(text).Has(moderation.Gambling) }, c.telling(ctx))
	if err != nil {
		return err
	}
	train.Print(c.out, r.Figures)
	return ctx.Err()
}

// evalFile scores what the program itself says about each row.
func (c *call) evalFile(path string, noncommercial bool, seed uint64) error {
	rows, err := train.ReadFile(path)
	if err != nil {
		return err
	}
	classifier, err := c.classifier(noncommercial)
	if err != nil {
		return err
	}
	said := make([]train.Said, len(rows))
	for i, r := range rows {
		said[i] = saidOf(classifier.Classify(r.Text))
	}
	figures, notes, err := train.Score(rows, said, seed)
	if err != nil {
		return fault.Wrap(fault.Invalid, "train.no_labels", err, fault.Arg("file", path))
	}
	train.Print(c.out, figures)
	if len(notes) > 0 {
		fmt.Fprintln(c.out)
		fmt.Fprintln(c.out, c.words.T("cmd.eval.not_ours", "labels", strings.Join(notes, ", ")))
	}
	return nil
}

// saidOf is a verdict in the words of the sets.
func saidOf(v moderation.Verdict) train.Said {
	s := train.Said{Labels: map[string]bool{}, Grades: map[string]float64{}}
	for _, l := range v.Labels() {
		s.Labels[string(l)] = true
	}
	for _, l := range moderation.GradedLabels() {
		s.Grades[string(l)] = float64(v.Grade(l))
	}
	for _, one := range []string{string(v.Sentiment), string(v.Emotion), string(v.Intent), v.Topic, v.Urgency} {
		if one != "" {
			s.Labels[one] = true
		}
	}
	for _, p := range v.PII {
		s.Spans = append(s.Spans, train.Span{Start: p.Start, End: p.End, Label: string(p.Kind)})
	}
	slices.SortFunc(s.Spans, func(a, b train.Span) int { return a.Start - b.Start })
	return s
}
