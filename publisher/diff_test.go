package publisher

import (
	"fmt"
	"strings"
	"testing"
)

func TestDiffSpeaksInWords(t *testing.T) {
	for name, c := range map[string][3]string{
		"a word is replaced":  {"Jalan ditutup pukul 09.00.", "Jalan dibuka pukul 09.00.", "=Jalan |-ditutup|+dibuka|= pukul 09.00."},
		"a number is changed": {"pukul 09.00", "pukul 10.00", "=pukul |-09|+10|=.00"},
		"nothing":             {"sama", "sama", "=sama"},
		"all of it":           {"", "baru saja", "+baru saja"},
		"a sign":              {"awas!!", "awas!", "=awas!|-!"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, op := range Diff(c[0], c[1]) {
				got = append(got, map[OpKind]string{Kept: "=", Inserted: "+", Deleted: "-"}[op.Kind]+op.Text)
			}
			if strings.Join(got, "|") != c[2] {
				t.Errorf("got %q, want %q", strings.Join(got, "|"), c[2])
			}
		})
	}
}

func whole(ops []Op, without OpKind) string {
	var b strings.Builder
	for _, op := range ops {
		if op.Kind != without {
			b.WriteString(op.Text)
		}
	}
	return b.String()
}

func FuzzDiffLosesNothing(f *testing.F) {
	f.Add("Jalan ditutup", "Jalan dibuka 🌊\n\nbesok")
	f.Add("a\x00b\xff", "ก็ é é")
	f.Fuzz(func(t *testing.T, before, after string) {
		ops := Diff(before, after)
		if whole(ops, Inserted) != before || whole(ops, Deleted) != after {
			t.Errorf("%q -> %q gave %v", before, after, ops)
		}
	})
}

func TestDiffOfVeryManyWords(t *testing.T) {
	var a, b strings.Builder
	for i := range 70_000 { // past the surrogates
		fmt.Fprintf(&a, "kata%d ", i)
		if i%1000 != 0 {
			fmt.Fprintf(&b, "kata%d ", i)
		}
	}
	ops := Diff(a.String(), b.String())
	if whole(ops, Inserted) != a.String() || whole(ops, Deleted) != b.String() {
		t.Error("words were lost")
	}
}

func TestComparisonNamesTheFields(t *testing.T) {
	before := Content{Text: "a", Variants: []VariantContent{{Channel: "1"}, {Channel: "2", Own: true, Text: "b"}}}
	after := Content{Text: "a", Link: "https://x.example", Variants: []VariantContent{{Channel: "2", Own: true, Text: "c"}, {Channel: "3"}},
		Media: []Attached{{Media: "m", Decorative: true}}}
	changed := map[string]bool{}
	for _, f := range Compare(before, after) {
		if f.Changed {
			changed[f.Field] = true
		}
	}
	want := []string{"link", "variants.1.text", "variants.2.text", "variants.3.text", "media.0.alt"}
	if len(changed) != len(want) {
		t.Errorf("changed: %v", changed)
	}
	for _, w := range want {
		if !changed[w] {
			t.Errorf("%s is not named", w)
		}
	}
}
