package pii_test

import (
	"bufio"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"kentongan/internal/pii"
)

// TestSyntheticMessages measures against 3,000 synthetic messages that are kept
// beside the project, not in it. A finding counts when kind, beginning and end
// are exactly those.
func TestSyntheticMessages(t *testing.T) {
	t.Parallel()
	file := beside(t, "pii-synthetic.jsonl")
	hits, total, more := map[pii.Kind]int{}, map[pii.Kind]int{}, map[pii.Kind]int{}
	clean, altered := 0, 0
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var row struct {
			Text  string
			Spans []struct {
				Start, End int // in letters
				Label      pii.Kind
			}
		}
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		found := pii.Find(row.Text)
		if len(row.Spans) == 0 {
			if clean++; len(found) > 0 {
				altered++
			}
		}
		letters := []rune(row.Text)
		right := 0
		for _, s := range row.Spans {
			total[s.Label]++
			start, end := len(string(letters[:s.Start])), len(string(letters[:s.End]))
			for _, x := range found {
				if x.Kind == s.Label && x.Start == start && x.End == end {
					hits[s.Label]++
					right++
				}
			}
		}
		for _, x := range found[min(right, len(found)):] {
			more[x.Kind]++
		}
	}
	for _, kind := range pii.Kinds() {
		t.Logf("%-12s %3d of %3d exact, %d too many", kind, hits[kind], total[kind], more[kind])
		if float64(hits[kind]) < .99*float64(total[kind]) {
			t.Errorf("recall of %s is %d of %d", kind, hits[kind], total[kind])
		}
	}
	t.Logf("clean messages altered: %d of %d", altered, clean)
	if float64(altered) > .02*float64(clean) {
		t.Errorf("%d of %d clean messages are altered", altered, clean)
	}
}

// TestOrdinaryMessagesAreNotAltered counts findings in tweets and reviews.
// Almost none of them holds personal data: their numbers were taken out before
// the sets were published.
func TestOrdinaryMessagesAreNotAltered(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"okky2019.jsonl", "smsa.jsonl"} {
		file := beside(t, name)
		all, altered := 0, 0
		kinds := map[pii.Kind]int{}
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var row struct{ Text string }
			if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
				t.Fatal(err)
			}
			all++
			found := pii.Find(row.Text)
			for _, x := range found {
				kinds[x.Kind]++
				if *show {
					t.Logf("%s %q in %.200q", x.Kind, row.Text[x.Start:x.End], row.Text)
				}
			}
			if len(found) > 0 {
				altered++
			}
		}
		t.Logf("%s: %d of %d altered (%.2f %%), %v", name, altered, all, 100*float64(altered)/float64(all), kinds)
		if float64(altered) > .01*float64(all) {
			t.Errorf("%s: %d of %d messages are altered", name, altered, all)
		}
	}
}

var show = flag.Bool("show", false, "print what was found")

// beside opens a set that is kept beside the project.
func beside(t *testing.T, name string) *os.File {
	t.Helper()
	file, err := os.Open("../../../shared/moderation/" + name)
	if err != nil {
		t.Skip("moderation data: " + name + " is not beside this checkout, so nothing to measure")
	}
	t.Cleanup(func() { file.Close() })
	return file
}
