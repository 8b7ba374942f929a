package sandbox

import (
	"os"
	"path/filepath"
	"testing"

	"gopkg.in/yaml.v3"
)

func TestWeightedLengthIsTwitterTexts(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join(shared(t, "contracts"), "twitter-text", "validate.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Tests map[string][]struct {
			Description, Text string
			Expected          yaml.Node
		}
	}
	if err := yaml.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, group := range []string{"WeightedTweetsWithDiscountedEmojiCounterTest", "UnicodeDirectionalMarkerCounterTest"} {
		for _, row := range doc.Tests[group] {
			var expected struct {
				Weighted int `yaml:"weightedLength"`
			}
			if err := row.Expected.Decode(&expected); err != nil {
				t.Fatal(err)
			}
			n++
			want(t, row.Description, xWeigh(row.Text), expected.Weighted)
		}
	}
	if n < 20 {
		t.Errorf("only %d cases read", n)
	}
}
