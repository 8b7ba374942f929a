package x

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"kentongan/test/contract"
)

// cases reads the named groups of one of the platform's own conformance files
// (github.com/twitter/twitter-text, Apache-2.0). They are not kept in this tree.
func cases[T any](t *testing.T, file string, groups ...string) map[string][]T {
	t.Helper()
	raw, err := os.ReadFile(contract.Path(t, "twitter-text", file))
	if err != nil {
		t.Fatal(err)
	}
	var doc struct{ Tests map[string]yaml.Node }
	if err := yaml.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	all := map[string][]T{}
	for _, group := range groups {
		node := doc.Tests[group]
		var rows []T
		if err := node.Decode(&rows); err != nil || len(rows) == 0 {
			t.Fatalf("%s: %s: %d rows, %v", file, group, len(rows), err)
		}
		all[group] = rows
	}
	return all
}

func TestWeighAgainstTwitterText(t *testing.T) {
	type row struct {
		Description, Text string
		Expected          struct {
			WeightedLength int `yaml:"weightedLength"`
		}
	}
	// The first group is from before an emoji of any length counted 2.
	for group, rows := range cases[row](t, "validate.yml", "WeightedTweetsCounterTest", "WeightedTweetsWithDiscountedEmojiCounterTest", "UnicodeDirectionalMarkerCounterTest") {
		for _, c := range rows {
			if got := weigh(c.Text, group != "WeightedTweetsCounterTest"); got != c.Expected.WeightedLength {
				t.Errorf("%s: %s: got %d, want %d", group, c.Description, got, c.Expected.WeightedLength)
			}
		}
	}
}

func TestAddressesAgainstTwitterText(t *testing.T) {
	type plainRow struct {
		Description, Text string
		Expected          []string
	}
	type placedRow struct {
		Description, Text string
		Expected          []struct {
			URL     string
			Indices [2]int
		}
	}
	found := func(text string) []string {
		all := []string{}
		for _, at := range addresses(text) {
			all = append(all, text[at[0]:at[1]])
		}
		return all
	}
	for file, groups := range map[string][]string{
		"extract.yml": {"urls", "tco_urls_with_params"},
		"tlds.yml":    {"country", "generic"},
	} {
		for group, rows := range cases[plainRow](t, file, groups...) {
			for _, c := range rows {
				if got := found(c.Text); !slices.Equal(got, c.Expected) {
					t.Errorf("%s: %s: %q: got %q, want %q", group, c.Description, c.Text, got, c.Expected)
				}
			}
		}
	}
	for group, rows := range cases[placedRow](t, "extract.yml", "urls_with_indices", "urls_with_directional_markers") {
		for _, c := range rows {
			var got []string
			for _, at := range addresses(c.Text) {
				got = append(got, fmt.Sprint(c.Text[at[0]:at[1]], utf8.RuneCountInString(c.Text[:at[0]]), utf8.RuneCountInString(c.Text[:at[1]])))
			}
			var want []string
			for _, e := range c.Expected {
				want = append(want, fmt.Sprint(e.URL, e.Indices[0], e.Indices[1]))
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %s: got %q, want %q", group, c.Description, got, want)
			}
		}
	}
}

func TestWeigh(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want int
	}{
		"plain Indonesian":                   {"Jalan ditutup", 13},
		"a link counts 23":                   {"Lihat https://tirtawangi.example.go.id/info?id=1.", 6 + 23 + 1},
		"a link without scheme":              {"Lihat tirtawangi.go.id ya", 6 + 23 + 3},
		"an address in mail is none":         {"humas@tirtawangi.go.id", 22},
		"a sentence without space is none":   {"selesai.Terima kasih", 20},
		"an emoji counts 2":                  {"🙏🏽", 2},
		"a family counts 2":                  {"👨‍👩‍👧‍👦", 2},
		"a flag counts 2":                    {"🇮🇩", 2},
		"Javanese letters count 2":           {"ꦗꦮ", 4},
		"composed and decomposed are alike":  {"e\u0301", 1},
		"a link in brackets, its stop apart": {"(https://tirtawangi.go.id/a_(b)).", 1 + 23 + 2},
		"as long as X allows":                {strings.Repeat("a", 280), 280},
	} {
		if got := Weigh(c.text); got != c.want {
			t.Errorf("%s: got %d, want %d", name, got, c.want)
		}
	}
}

func FuzzWeigh(f *testing.F) {
	for _, s := range []string{"http://a.id", "a.b.c", "@x.id", "🇮🇩", "https://x.id/(a", "\xff.id", "http://http://x.id"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if n := Weigh(s); n < 0 || n > 2*len(s)+23*(len(s)+1) {
			t.Errorf("%q weighs %d", s, n)
		}
	})
}
