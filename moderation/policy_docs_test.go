package moderation_test

import (
	"os"
	"strings"
	"testing"

	"kentongan/configs"
	"kentongan/moderation"
)

// The manual's rule is a rule, and its table names everything a rule can read.
func TestTheManualsRuleIsLetThrough(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../docs/policy-rules.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(raw)
	_, rest, found := strings.Cut(page, "```yaml\n")
	example, _, closed := strings.Cut(rest, "```")
	if !found || !closed {
		t.Fatal("the manual has no example")
	}
	all, err := configs.Policies()
	if err != nil {
		t.Fatal(err)
	}
	draft, err := configs.DraftPolicy(all[0], []byte(example))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := moderation.NewPolicy(draft); err != nil {
		t.Error(err)
	}
	for _, name := range moderation.RuleWords() {
		group, member, inGroup := strings.Cut(name, ".")
		if !strings.Contains(page, "`"+name+"`") && (!inGroup || !strings.Contains(page, "`"+group+".") || !strings.Contains(page, "`"+member+"`")) && !strings.Contains(page, "`"+strings.TrimSuffix(name, ")")) {
			t.Errorf("the manual does not name %s", name)
		}
	}
}
