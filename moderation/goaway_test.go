package moderation_test

import (
	"bufio"
	"os"
	"strings"
	"testing"
	"time"

	goaway "github.com/TwiN/go-away"

	"kentongan/moderation"
)

// BenchmarkAgainstGoAway holds everything that happens to one message (folding,
// personal data, rules, every head of the model, verdict) against the filter
// that Go programs usually take, on the same tweets in the same run. The two
// take turns, so that a busy machine slows both.
func BenchmarkAgainstGoAway(b *testing.B) {
	rows := public(b, "okky2019")
	c := moderation.NewClassifier()
	peers := []struct {
		name string
		find func(string) bool
	}{
		{"with its own words", goaway.NewProfanityDetector().IsProfane},
		{"with the words of the data's authors", goaway.NewProfanityDetector().WithCustomDictionary(authorsWords(b), nil, nil).IsProfane},
	}
	ours := func(s string) bool { return c.Classify(s).Has(moderation.Abusive) }
	var mine time.Duration
	var mineF1 float64
	theirs, theirF1 := make([]time.Duration, len(peers)), make([]float64, len(peers))
	rounds := 0
	for b.Loop() {
		rounds++
		took, f1 := timed(rows, ours)
		mine, mineF1 = mine+took, f1
		for i, p := range peers {
			took, f1 := timed(rows, p.find)
			theirs[i], theirF1[i] = theirs[i]+took, f1
		}
	}
	each := func(d time.Duration) float64 {
		return float64(d.Nanoseconds()) / 1e3 / float64(rounds*len(rows))
	}
	allocs := testing.AllocsPerRun(1, func() {
		for _, row := range rows[:1000] {
			c.Classify(row.Text)
		}
	}) / 1000
	for i, p := range peers {
		b.Logf("moderation: ours %.1f us, go-away %s %.1f us, ratio %.2f; %.1f allocations; F1 on Abusive %.3f and %.3f",
			each(mine), p.name, each(theirs[i]), float64(mine)/float64(theirs[i]), allocs, mineF1, theirF1[i])
	}
	b.ReportMetric(each(mine), "us/message")
	b.ReportMetric(float64(mine)/float64(theirs[0]), "x-go-away")
	b.ReportMetric(allocs, "allocs/message")
}

// timed looks at every row, and says how long it took and how well it went.
func timed(rows []labelled, abusive func(string) bool) (time.Duration, float64) {
	said := make([]bool, len(rows))
	began := time.Now()
	for i := range rows {
		said[i] = abusive(rows[i].Text)
	}
	took := time.Since(began)
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
