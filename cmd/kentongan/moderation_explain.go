package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"kentongan/internal/fault"
	"kentongan/moderation"
)

// moderationExplain says what the program thinks of one text, and why, with
// the words that mattered marked on what was written.
func moderationExplain(_ context.Context, c *call) error {
	free := false
	f := flag.NewFlagSet("moderation explain", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.BoolVar(&free, "free-weights", false, c.words.T("cmd.flag.free_weights"))
	switch err := f.Parse(c.args); {
	case errors.Is(err, flag.ErrHelp):
		c.usage(f)
		return err
	case err != nil:
		return misused(err)
	case f.NArg() == 0:
		return fault.New(fault.Invalid, "classify.nothing_to_explain")
	}
	classifier, err := c.classifier(!free)
	if err != nil {
		return err
	}
	s := strings.Join(f.Args(), " ")
	v := classifier.Classify(s)
	c.explainVerdict(s, &v)
	return nil
}

func (c *call) explainVerdict(s string, v *moderation.Verdict) {
	say := func(key string, pairs ...any) { fmt.Fprintln(c.out, c.words.T(key, pairs...)) }
	given := v.Labels()
	if len(given) == 0 {
		say("explain.nothing")
	}
	for _, l := range given {
		say("explain.label", "label", c.words.T("label."+string(l)), "score", c.words.Decimal(v.Scores[l], 2))
		reasons := v.ReasonsFor(l)
		fmt.Fprintln(c.out, "    "+marked(s, reasons))
		for _, r := range reasons {
			say("explain.reason", "rule", c.words.T("rule."+string(r.Rule)), "words", visible(s[r.Start:r.End]), "start", r.Start, "end", r.End)
		}
	}
	for _, p := range v.PII {
		say("explain.personal", "kind", string(p.Kind), "start", p.Start, "end", p.End)
	}
	fmt.Fprintln(c.out)
	for _, f := range [...]struct{ key, value string }{
		{"explain.intent", string(v.Intent)}, {"explain.topic", v.Topic}, {"explain.urgency", v.Urgency}, {"explain.language", v.Language},
		{"explain.sentiment", string(v.Sentiment)}, {"explain.emotion", string(v.Emotion)},
	} {
		if f.value != "" {
			say(f.key, "value", f.value)
		}
	}
	say("explain.scores")
	for _, l := range moderation.GradedLabels() {
		if grade := v.Grade(l); grade >= 0.005 {
			fmt.Fprintf(c.out, "    %-14s %s\n", l, c.words.Decimal(grade, 2))
		}
	}
}

// marked is the text with what the reasons rest on between marks. Reasons that
// overlap are one mark.
func marked(s string, reasons []moderation.Reason) string {
	var b strings.Builder
	inside := false
	edge := make([]int, len(s)+1)
	for _, r := range reasons {
		edge[r.Start]++
		edge[r.End]--
	}
	depth := 0
	for i := 0; i < len(s); {
		_, n := utf8.DecodeRuneInString(s[i:])
		for k := i; k < i+n; k++ {
			depth += edge[k]
		}
		if now := depth > 0; now != inside {
			if now {
				b.WriteString("[")
			} else {
				b.WriteString("]")
			}
			inside = now
		}
		b.WriteString(visible(s[i : i+n]))
		i += n
	}
	if inside {
		b.WriteString("]")
	}
	return b.String()
}

// visible writes what a terminal would obey or hide (control characters, signs
// without width, changes of direction) as what it is.
func visible(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, "<%02X>", s[i])
		case r == '\n', r == '\r', r == '\t':
			b.WriteByte(' ')
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r) && r != 0x200D:
			fmt.Fprintf(&b, "<U+%04X>", r)
		default:
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String()
}
