package configs

import (
	"embed"
	"errors"
	"fmt"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"kentongan/internal/fault"
)

//go:embed policies/*.yaml policies/old/*.yaml
var policyFiles embed.FS

// PolicyFormat is the latest form of a policy file. In the first one a rule
// could name one label and a score; a rule of the second may say "when".
const PolicyFormat = 2

// Policy is an agency's published moderation policy as written. What it may
// not say (hiding for criticism) is checked by moderation.NewPolicy.
type Policy struct {
	Format  int          `yaml:"format,omitempty"` // 0 and 1: the first
	Name    string       `yaml:"name"`
	Version int          `yaml:"version"`
	Title   Words        `yaml:"title"`
	Note    Words        `yaml:"note"` // shown under the policy
	Clauses []PolicyPart `yaml:"clauses"`
	Rules   []PolicyRule `yaml:"rules"`

	File string `yaml:"-"` // where it was read, for what is wrong with it
	Raw  []byte `yaml:"-"` // as it was written
}

// ID names a policy and its version: "contoh/3".
func (p Policy) ID() string { return fmt.Sprintf("%s/%d", p.Name, p.Version) }

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
	Number    string         `yaml:"number"` // "3.4"
	Title     Words          `yaml:"title"`
	Text      Words          `yaml:"text"`
	Examples  PolicyExamples `yaml:"examples,omitempty"`
	Basis     Words          `yaml:"basis"`    // legal basis, worded with care
	Severity  string         `yaml:"severity"` // none, low, medium, high
	Acts      []string       `yaml:"acts"`     // what may be done under it
	Protected bool           `yaml:"protected,omitempty"`
}

// PolicyExamples show where a clause ends: invented sentences that fall under
// it, and such that do not.
type PolicyExamples struct {
	Covered    []Words `yaml:"covered,omitempty"`
	NotCovered []Words `yaml:"not_covered,omitempty"`
}

// PolicyRule says what to suggest to the moderator, and when: by an expression,
// or in the first form by a label and a score.
type PolicyRule struct {
	Name    string  `yaml:"name"`
	Title   Words   `yaml:"title,omitempty"` // shown as the reason
	When    string  `yaml:"when,omitempty"`
	Label   string  `yaml:"label,omitempty"`
	AtLeast float64 `yaml:"at_least,omitempty"` // score from 0 to 1
	Clause  string  `yaml:"clause"`
	Suggest string  `yaml:"suggest"`
	Mode    string  `yaml:"mode,omitempty"`   // off, shadow, suggest (when empty) or auto
	Sample  float64 `yaml:"sample,omitempty"` // share that auto leaves to a person; 0: the office's setting
}

var (
	clauseNumber = regexp.MustCompile(`^\d{1,2}\.\d{1,2}$`)
	plainName    = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,59}$`)
)

// Policies returns the sample policies shipped with the program, each in its
// latest version.
func Policies() ([]Policy, error) { return policiesIn("policies") }

// EarlierPolicies returns the versions that were shipped before, so that what
// was decided by them can be read.
func EarlierPolicies() ([]Policy, error) { return policiesIn("policies/old") }

func policiesIn(folder string) ([]Policy, error) {
	entries, err := policyFiles.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("configs: %s: %w", folder, err)
	}
	var all []Policy
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		name := path.Join(folder, e.Name())
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

// ReadPolicy reads an office's own policy file.
func ReadPolicy(file string) (Policy, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return Policy{}, fault.Wrap(fault.Invalid, "policy.no_file", err, fault.Field("moderation.policy"), fault.Arg("file", file))
	}
	return ParsePolicy(file, raw)
}

// ParsePolicy reads one policy file and names everything wrong in its form.
func ParsePolicy(name string, raw []byte) (Policy, error) {
	var p Policy
	if err := decodeStrict(raw, &p); err != nil {
		return Policy{}, fault.Wrap(fault.Invalid, "policy.unreadable", err, fault.Arg("file", name), fault.Arg("what", err.Error()))
	}
	p.File, p.Raw = name, raw
	w := wrong{file: name, code: "policy.wrong"}
	w.unless(p.Format >= 0 && p.Format <= PolicyFormat, "format", fmt.Sprintf("%d or less: a later form needs a later program", PolicyFormat))
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
		for j, e := range slices.Concat(c.Examples.Covered, c.Examples.NotCovered) {
			w.words(fmt.Sprintf("%s.examples[%d]", at, j), e)
		}
		w.unless((c.Basis.ID == "") == (c.Basis.EN == ""), at+".basis", "both languages or neither")
		w.unless(slices.Contains([]string{"none", "low", "medium", "high"}, c.Severity), at+".severity", "none, low, medium or high")
	}
	names := map[string]bool{}
	for i, r := range p.Rules {
		at := fmt.Sprintf("rules[%d]", i)
		w.unless(!names[r.Name], at+".name", "each name once")
		names[r.Name] = true
		w.unless(numbers[r.Clause], at+".clause", "the number of a clause of this policy")
		w.rule(at, r)
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

func (w *wrong) rule(at string, r PolicyRule) {
	w.unless(plainName.MatchString(r.Name), at+".name", "small letters, digits and dashes")
	w.unless((r.When == "") != (r.Label == ""), at+".when", "an expression, or a label with at_least, not both")
	if r.When == "" {
		w.unless(r.AtLeast > 0 && r.AtLeast <= 1, at+".at_least", "a score above 0, up to 1")
		w.unless((r.Title.ID == "") == (r.Title.EN == ""), at+".title", "both languages or neither")
	} else {
		w.unless(r.AtLeast == 0, at+".at_least", "nothing: the expression says it")
		w.words(at+".title", r.Title)
	}
	w.unless(slices.Contains([]string{"", "off", "shadow", "suggest", "auto"}, r.Mode), at+".mode", "off, shadow, suggest or auto")
	w.unless(r.Sample == 0 || r.Sample >= 0.01 && r.Sample <= 1, at+".sample", "a share from 0.01 to 1")
}

// DraftPolicy reads a draft: a whole policy, or only rules, which are then read
// as the rules of base.
func DraftPolicy(base Policy, raw []byte) (Policy, error) {
	const name = "draf.yaml"
	var probe struct {
		Clauses []any          `yaml:"clauses"`
		Rules   []PolicyRule   `yaml:"rules"`
		Rest    map[string]any `yaml:",inline"`
	}
	unreadable := func(err error) error {
		return fault.Wrap(fault.Invalid, "policy.unreadable", err, fault.Field("draft"), fault.Arg("file", name), fault.Arg("what", err.Error()))
	}
	if err := yaml.Unmarshal(raw, &probe); err != nil {
		var list []PolicyRule
		if decodeStrict(raw, &list) != nil {
			return Policy{}, unreadable(err)
		}
		probe.Rules = list
	} else if probe.Clauses != nil {
		return ParsePolicy(name, raw)
	} else if probe.Rules != nil {
		if len(probe.Rest) > 0 {
			return Policy{}, unreadable(errors.New("only rules, or a whole policy"))
		}
	} else {
		var one PolicyRule
		if err := decodeStrict(raw, &one); err != nil {
			return Policy{}, unreadable(err)
		}
		probe.Rules = []PolicyRule{one}
	}
	base.Rules = probe.Rules
	written, err := yaml.Marshal(base)
	if err != nil {
		return Policy{}, unreadable(err)
	}
	return ParsePolicy(name, written)
}
