package configs

import (
	"embed"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"kentongan/internal/fault"
)

//go:embed policies/*.yaml
var policyFiles embed.FS

// Policy is an agency's published moderation policy as written. What it may
// not say (hiding for criticism) is checked by moderation.NewPolicy.
type Policy struct {
	Name    string       `yaml:"name"`
	Version int          `yaml:"version"`
	Title   Words        `yaml:"title"`
	Note    Words        `yaml:"note"` // shown under the policy
	Clauses []PolicyPart `yaml:"clauses"`
	Rules   []PolicyRule `yaml:"rules"`
}

// Words is a public text in both languages.
type Words struct {
	ID string `yaml:"id"`
	EN string `yaml:"en"`
}

// In returns the text in a language; Indonesian is the official one.
func (w Words) In(language string) string {
	if language == "en" {
		return w.EN
	}
	return w.ID
}

// PolicyPart is one clause.
type PolicyPart struct {
	Number    string   `yaml:"number"` // "3.4"
	Title     Words    `yaml:"title"`
	Text      Words    `yaml:"text"`
	Basis     Words    `yaml:"basis"`    // legal basis, worded with care
	Severity  string   `yaml:"severity"` // none, low, medium, high
	Acts      []string `yaml:"acts"`     // what may be done under it
	Protected bool     `yaml:"protected"`
}

// PolicyRule says what to suggest to the moderator when a label is found.
type PolicyRule struct {
	Name    string  `yaml:"name"`
	Label   string  `yaml:"label"`
	AtLeast float64 `yaml:"at_least"` // score from 0 to 1
	Clause  string  `yaml:"clause"`
	Suggest string  `yaml:"suggest"`
}

var (
	clauseNumber = regexp.MustCompile(`^\d{1,2}\.\d{1,2}$`)
	plainName    = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,59}$`)
)

// Policies returns the sample policies shipped with the program.
func Policies() ([]Policy, error) {
	entries, err := policyFiles.ReadDir("policies")
	if err != nil {
		return nil, fmt.Errorf("configs: policies: %w", err)
	}
	var all []Policy
	for _, e := range entries {
		name := path.Join("policies", e.Name())
		raw, err := policyFiles.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("configs: %s: %w", name, err)
		}
		p, err := ParsePolicy(name, raw)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// ParsePolicy reads one policy file and names everything wrong in its form.
func ParsePolicy(name string, raw []byte) (Policy, error) {
	var p Policy
	if err := decodeStrict(raw, &p); err != nil {
		return Policy{}, fault.Wrap(fault.Invalid, "policy.unreadable", err, fault.Arg("file", name), fault.Arg("what", err.Error()))
	}
	w := wrong{file: name, code: "policy.wrong"}
	w.unless(plainName.MatchString(p.Name), "name", "small letters, digits and dashes")
	w.unless(p.Version >= 1, "version", "1 or more")
	w.words("title", p.Title)
	w.unless(len(p.Clauses) > 0, "clauses", "at least one clause")
	numbers := map[string]bool{}
	for i, c := range p.Clauses {
		at := fmt.Sprintf("clauses[%d]", i)
		w.unless(clauseNumber.MatchString(c.Number), at+".number", "a number such as 3.4")
		w.unless(!numbers[c.Number], at+".number", "each number once")
		numbers[c.Number] = true
		w.words(at+".title", c.Title)
		w.words(at+".text", c.Text)
		w.unless((c.Basis.ID == "") == (c.Basis.EN == ""), at+".basis", "both languages or neither")
		w.unless(slices.Contains([]string{"none", "low", "medium", "high"}, c.Severity), at+".severity", "none, low, medium or high")
	}
	names := map[string]bool{}
	for i, r := range p.Rules {
		at := fmt.Sprintf("rules[%d]", i)
		w.unless(plainName.MatchString(r.Name), at+".name", "small letters, digits and dashes")
		w.unless(!names[r.Name], at+".name", "each name once")
		names[r.Name] = true
		w.unless(r.Label != "", at+".label", "a label of the classifier")
		w.unless(r.AtLeast > 0 && r.AtLeast <= 1, at+".at_least", "a score above 0, up to 1")
		w.unless(numbers[r.Clause], at+".clause", "the number of a clause of this policy")
	}
	if err := w.err(); err != nil {
		return Policy{}, err
	}
	return p, nil
}

func (w *wrong) words(field string, t Words) {
	w.unless(strings.TrimSpace(t.ID) != "", field+".id", "the text in Indonesian")
	w.unless(strings.TrimSpace(t.EN) != "", field+".en", "the text in English")
}
