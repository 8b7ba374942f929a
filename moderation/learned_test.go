package moderation

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"kentongan/internal/model"
	"kentongan/internal/pii"
)

// TestTheShortcutCostsHardlyAnything counts, over everything public, which
// advertisements of gambling are not seen because the closer look was spared.
func TestTheShortcutCostsHardlyAnything(t *testing.T) {
	t.Parallel()
	if !model.Built(true) {
		t.Skip("model: built without the weights that learned from these sets")
	}
	known, err := model.Open(true)
	if err != nil {
		t.Fatal(err)
	}
	c := NewClassifier().With(known)
	found, lost, ordinary, spared := 0, 0, 0, 0
	for _, name := range []string{"judol-gbennnn", "judol-muzazr", "okky2019", "smsa"} {
		for _, text := range publicTexts(t, name) {
			m := c.messages.take(text)
			m.scan(c.words)
			m.plain(pii.FindIn(m.folded))
			m.gambling()
			s := known.Borrow()
			p, decided, _ := known.Gambling(m.folded, m.tokens, s)
			known.Return(s)
			switch seen := m.advertises(); {
			case decided && m.lures(float64(p)):
				if found++; !seen {
					lost++
				}
			default:
				if ordinary++; !seen {
					spared++
				}
			}
			c.messages.give(m)
		}
	}
	t.Logf("%d of %d advertisements lost, %d of %d others spared", lost, found, spared, ordinary)
	if found == 0 || lost*200 > found {
		t.Errorf("the shortcut loses %d of %d advertisements", lost, found)
	}
	if spared*2 < ordinary {
		t.Errorf("the shortcut spares only %d of %d", spared, ordinary)
	}
}

func publicTexts(t *testing.T, name string) (all []string) {
	t.Helper()
	file, err := os.Open("../../shared/moderation/" + name + ".jsonl")
	if err != nil {
		t.Skip("moderation data: not beside this checkout, so nothing to measure")
	}
	defer file.Close()
	rows := bufio.NewScanner(file)
	rows.Buffer(nil, 1<<20)
	for rows.Scan() {
		var row struct{ Text string }
		if err := json.Unmarshal(rows.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		all = append(all, row.Text)
	}
	return all
}
