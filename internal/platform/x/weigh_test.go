package x

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"kentongan/test/real"
)

// The platform's own conformance cases (github.com/twitter/twitter-text,
// conformance/validate.yml, Apache-2.0). They are not kept in this tree.
func TestWeighAgainstTwitterText(t *testing.T) {
	path := os.Getenv("KENTONGAN_TWITTER_TEXT")
	if path == "" {
		path = filepath.Join("..", "..", "..", "..", "shared", "contracts", "twitter-text", "validate.yml")
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		real.Missing(t, "twitter-text's conformance/validate.yml", "set KENTONGAN_TWITTER_TEXT")
	}
	type oneCase struct {
		Description string
		Text        string
		Expected    struct {
			WeightedLength int `yaml:"weightedLength"`
		}
	}
	var file struct{ Tests map[string]yaml.Node }
	if err := yaml.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	count := 0
	for group, emoji := range map[string]bool{"WeightedTweetsCounterTest": false, "WeightedTweetsWithDiscountedEmojiCounterTest": true, "UnicodeDirectionalMarkerCounterTest": true} {
		var cases []oneCase
		node := file.Tests[group]
		if err := node.Decode(&cases); err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			count++
			if got := weigh(c.Text, emoji); got != c.Expected.WeightedLength {
				t.Errorf("%s: %s: got %d, want %d", group, c.Description, got, c.Expected.WeightedLength)
			}
		}
	}
	if count < 40 {
		t.Errorf("only %d cases", count)
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
