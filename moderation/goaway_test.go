package moderation_test

import (
	"bufio"
	"os"
	"strings"
	"testing"
	"time"

	goaway "github.com/TwiN/go-away"

	"kentongan/internal/model"
	"kentongan/moderation"
)

// BenchmarkAgainstGoAway holds everything that happens to one message (folding,
// personal data, rules, every head of the model, verdict) against the filter
// that Go programs usually take, on the same tweets in the same run. The two
// take turns, so that a busy machine slows both.
func BenchmarkAgainstGoAway(b *testing.B) {
	rows := public(b, "okky2019")
	c := moderation.NewClassifier()
	_, rulesF1 := timed(rows, func(s string) bool { return c.Classify(s).Has(moderation.Abusive) })
	what := "rules"
	if model.Built(true) {
		m, err := model.Open(true)
		if err != nil {
			b.Fatal(err)
		}
		c, what = c.With(m), "rules and model"
	}
	peers := []struct {
		name string
		find func(string) bool
	}{
		{"with its own words", goaway.NewProfanityDetector().IsProfane},
		{"with the words of the data's authors", goaway.NewProfanityDetector().WithCustomDictionary(authorsWords(b), nil, nil).IsProfane},
	}
	ours := func(s string) bool { return c.Classify(s).Has(moderation.Abusive) }
	took, f1 := make([]time.Duration, 1+len(peers)), make([]float64, 1+len(peers))
	for b.Loop() {
		took[0], f1[0] = timed(rows, ours)
		for i, p := range peers {
			took[i+1], f1[i+1] = timed(rows, p.find)
		}
	}
	each := func(i int) float64 { return float64(took[i].Nanoseconds()) / 1e3 / float64(len(rows)) }
	allocs := testing.AllocsPerRun(1, func() {
		for _, row := range rows[:1000] {
			c.Classify(row.Text)
		}
	}) / 1000
	for i, p := range peers {
		b.Logf("moderation: ours (%s) %.1f us, go-away %s %.1f us, ratio %.2f; %.1f allocations; F1 on Abusive: ours %.3f on tweets it was trained on, rules alone %.3f (held-out figures: kentongan moderation train), go-away %.3f",
			what, each(0), p.name, each(i+1), each(0)/each(i+1), allocs, f1[0], rulesF1, f1[i+1])
	}
	b.ReportMetric(each(0), "us/message")
	b.ReportMetric(each(0)/each(1), "x-go-away")
	b.ReportMetric(allocs, "allocs/message")
}

// timed looks at every row, and says how long it took and how well it went. A
// busy machine interrupts whoever runs, so of each few messages the quickest of
// several passes counts.
func timed(rows []labelled, abusive func(string) bool) (took time.Duration, f1 float64) {
	const few, passes = 50, 7
	said := make([]bool, len(rows))
	for from := 0; from < len(rows); from += few {
		to := min(from+few, len(rows))
		quickest := time.Duration(1 << 62)
		for range passes {
			began := time.Now()
			for i := from; i < to; i++ {
				said[i] = abusive(rows[i].Text)
			}
			quickest = min(quickest, time.Since(began))
		}
		took += quickest
	}
	hit, wrong, missed := 0, 0, 0
	for i, row := range rows {
		switch is := row.has("abusive"); {
		case is && said[i]:
			hit++
		case said[i]:
			wrong++
		case is:
			missed++
		}
	}
	return took, 2 * float64(hit) / float64(2*hit+wrong+missed)
}

// authorsWords are the words that the authors of the tweets published beside
// them.
func authorsWords(b *testing.B) []string {
	b.Helper()
	file, err := os.Open("../../shared/moderation/lexicon/abusive.csv")
	if err != nil {
		b.Skip("moderation data: not beside this checkout, so nothing to measure")
	}
	defer file.Close()
	var out []string
	for s := bufio.NewScanner(file); s.Scan(); {
		if w := strings.TrimSpace(s.Text()); w != "" && w != "ABUSIVE" {
			out = append(out, w)
		}
	}
	return out
}
