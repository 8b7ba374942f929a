package moderation

import (
	"fmt"
	"strings"
	"testing"

	"kentongan/configs"
	"kentongan/publisher"
)

func TestWhatANewPolicyChanges(t *testing.T) {
	t.Parallel()
	w := func(s string) configs.Words { return configs.Words{ID: s, EN: "en " + s} }
	old := Policy{Clauses: []Clause{
		{Number: "2.1", Title: w("Kritik sah"), Text: w("Kritik dilindungi."), Protected: true},
		{Number: "3.1", Title: w("Penipuan"), Text: w("Ajakan mentransfer uang."), Acts: []Act{Hide, Keep}},
		{Number: "3.9", Title: w("Lama"), Text: w("Tidak berlaku lagi.")},
	}}
	later := Policy{Clauses: []Clause{
		{Number: "2.1", Title: w("Kritik sah"), Text: w("Kritik dilindungi."), Protected: true},
		{Number: "3.1", Title: w("Penipuan"), Text: w("Ajakan mengirim uang."), Acts: []Act{Keep, Hide}},
		{Number: "3.4", Title: w("Judi daring"), Text: w("Promosi judi."), Severity: "high"},
	}}
	var said []string
	for _, c := range ComparePolicies(old, later, "id") {
		for _, p := range c.Parts {
			for _, op := range p.Ops {
				if op.Kind != publisher.Kept {
					said = append(said, fmt.Sprintf("%s %s %s %s %s", c.Number, c.Kind, p.What, op.Kind, strings.TrimSpace(op.Text)))
				}
			}
		}
	}
	want := []string{
		"3.1 changed text deleted mentransfer", "3.1 changed text inserted mengirim",
		"3.4 added title inserted Judi daring", "3.4 added text inserted Promosi judi.", "3.4 added severity inserted high",
		"3.9 removed title deleted Lama", "3.9 removed text deleted Tidak berlaku lagi.",
	}
	if strings.Join(said, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s\nwant\n%s", strings.Join(said, "\n"), strings.Join(want, "\n"))
	}
	if again := ComparePolicies(later, later, "id"); len(again) != 0 {
		t.Errorf("a version differs from itself: %+v", again)
	}
}
