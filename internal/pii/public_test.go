package pii_test

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"kentongan/internal/pii"
)

// TestSyntheticMessages measures against 3,000 synthetic messages that are kept
// beside the project, not in it.
func TestSyntheticMessages(t *testing.T) {
	const path = "../../../shared/moderation/pii-synthetic.jsonl"
	file, err := os.Open(path)
	if err != nil {
		t.Skip("moderation data: not beside this checkout, so nothing to measure")
	}
	defer file.Close()
	hits, total := map[pii.Kind]int{}, map[pii.Kind]int{}
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
		for _, s := range row.Spans {
			total[s.Label]++
			start, end := len(string(letters[:s.Start])), len(string(letters[:s.End]))
			for _, x := range found {
				if x.Kind == s.Label && x.Start <= start && x.End >= end {
					hits[s.Label]++
				}
			}
		}
	}
	for _, kind := range []pii.Kind{pii.NIK, pii.KK, pii.NPWP, pii.Phone, pii.Email} {
		t.Logf("%-6s %d of %d", kind, hits[kind], total[kind])
		if float64(hits[kind]) < .99*float64(total[kind]) {
			t.Errorf("recall of %s is %d of %d", kind, hits[kind], total[kind])
		}
	}
	t.Logf("clean messages altered: %d of %d", altered, clean)
	if float64(altered) > .02*float64(clean) {
		t.Errorf("%d of %d clean messages are altered", altered, clean)
	}
}
