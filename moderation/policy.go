package moderation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"kentongan/configs"
	"kentongan/internal/fault"
	"kentongan/internal/text"
)

// Act is what may be done about a message.
type Act string

const (
	Keep     Act = "keep"     // leave it as it is
	Hide     Act = "hide"     // out of public sight, not deleted
	Restore  Act = "restore"  // back into sight
	Remove   Act = "remove"   // deleted at the platform, where it has no hiding: cannot be undone
	Warn     Act = "warn"     // tell the citizen which clause
	Block    Act = "block"    // the account may not comment here
	Unblock  Act = "unblock"  // the account may comment again
	Escalate Act = "escalate" // to whoever must know now
	Reply    Act = "answer"   // answer in public or directly
	Review   Act = "review"   // suggestion only: a person should read this
)

// restricts: acts that take something from the citizen.
func restricts(a Act) bool { return a == Hide || a == Warn || a == Block || a == Remove }

// Policy is an agency's published policy, checked.
type Policy struct {
	Name    string
	Version int
	Title   configs.Words
	Note    configs.Words
	Clauses []Clause
	rules   []rule
	source  configs.Policy
}

// Clause is one numbered rule that citizens can read.
type Clause struct {
	Number             string
	Title, Text, Basis configs.Words
	Examples           configs.PolicyExamples
	Severity           string
	Acts               []Act
	Protected          bool
}

// Allows says whether the act may be done under the clause. Keeping and
// restoring are always allowed.
func (c Clause) Allows(a Act) bool {
	return a == Keep || a == Restore || slices.Contains(c.Acts, a)
}

// Suggestion is what a rule proposes to the moderator. Nothing follows from it
// without a person.
type Suggestion struct {
	Act    Act    `json:"act,omitempty"`
	Clause string `json:"clause,omitempty"`
	Rule   string `json:"rule,omitempty"`
}

// Match is a rule that holds for a message: what it proposes, or would have
// proposed while it is only watched.
type Match struct {
	Rule   string `json:"rule"`
	Act    Act    `json:"act"`
	Clause string `json:"clause,omitempty"`
	Mode   Mode   `json:"mode"`

	Sampled bool `json:"sampled,omitempty"` // left to a person although the rule could have acted
}

// Mode is how far a rule may go.
type Mode string

const (
	Off      Mode = "off"
	Shadow   Mode = "shadow"  // records what it would have proposed
	Suggests Mode = "suggest" // proposes to a person
	Auto     Mode = "auto"    // hides gambling and fraud by itself, where it is precise enough
)

// NewPolicy checks a policy. It refuses one that hides for what citizens think
// or feel or because an official is named, and one that does not protect
// criticism. officials are the office's own, by name.
func NewPolicy(data configs.Policy, officials ...string) (Policy, error) {
	p := Policy{Name: data.Name, Version: data.Version, Title: data.Title, Note: data.Note, source: data}
	var wrong fault.List
	refuse := func(code, field string, args ...fault.Option) {
		wrong.Add(fault.New(fault.Invalid, code, append(args, fault.Field(field))...))
	}
	protected := false
	for i, part := range data.Clauses {
		at := fmt.Sprintf("clauses[%d]", i)
		c := Clause{part.Number, part.Title, part.Text, part.Basis, part.Examples, part.Severity, nil, part.Protected}
		for _, a := range part.Acts {
			c.Acts = append(c.Acts, Act(a))
			if !slices.Contains([]Act{Keep, Hide, Remove, Warn, Block, Escalate, Reply}, Act(a)) {
				refuse("policy.unknown_act", at+".acts", fault.Arg("act", a))
			}
		}
		takes := slices.ContainsFunc(c.Acts, restricts)
		if c.Protected && takes {
			refuse("policy.protected_restricts", at+".acts", fault.Arg("clause", c.Number))
		}
		if !c.Protected && takes && (againstCriticism(c) || shieldsOfficial(c, officials)) {
			refuse("policy.against_criticism", at+".text", fault.Arg("clause", c.Number))
		}
		protected = protected || c.Protected
		p.Clauses = append(p.Clauses, c)
	}
	if !protected {
		refuse("policy.criticism_unprotected", "clauses")
	}
	for i, r := range data.Rules {
		made, err := p.newRule(r, officials)
		for _, f := range fault.All(err) {
			standsAt(f, data.File, fmt.Sprintf("rules[%d]", i), r.Name)
			wrong.Add(f)
		}
		p.rules = append(p.rules, made)
	}
	if err := wrong.Err(); err != nil {
		return Policy{}, err
	}
	return p, nil
}

// newRule checks one rule against the clauses, and compiles it.
func (p Policy) newRule(r configs.PolicyRule, officials []string) (rule, error) {
	clause, known := p.Clause(r.Clause)
	act := Act(r.Suggest)
	label := fault.Arg("label", r.Label)
	switch {
	case r.When == "" && felt(r.Label) && (restricts(act) || !isRuleLabel(r.Label)):
		return rule{}, fault.New(fault.Invalid, "policy.hides_by_sentiment", label)
	case r.When == "" && !isRuleLabel(r.Label):
		return rule{}, fault.New(fault.Invalid, "policy.unknown_label", label)
	case known && act != Review && !clause.Allows(act), !known, act == Restore:
		return rule{}, fault.New(fault.Invalid, "policy.act_not_in_clause", fault.Arg("act", r.Suggest), fault.Arg("clause", r.Clause))
	case restricts(act) && clause.Protected:
		return rule{}, fault.New(fault.Invalid, "policy.protected_restricts", fault.Arg("clause", r.Clause))
	case restricts(act) && aboutOpinion(r.Title):
		return rule{}, fault.New(fault.Invalid, "policy.hides_by_sentiment", fault.Arg("label", r.Title.ID))
	}
	return compile(r, officials)
}

// standsAt completes what is wrong with a rule by where it stands.
func standsAt(f *fault.Fault, file, at, name string) {
	field := map[string]string{"policy.act_not_in_clause": ".suggest", "policy.unknown_label": ".label", "policy.auto_needs_spam": ".mode", "policy.protected_restricts": ".clause"}[f.Code]
	if _, inside := f.Args["column"]; !inside && field == "" {
		field = ".label"
	}
	f.Field = at + cmp.Or(field, ".when")
	if f.Args == nil {
		f.Args = map[string]any{}
	}
	f.Args["rule"] = name
	f.Args["file"] = cmp.Or(file, "pedoman.yaml")
	if _, inside := f.Args["column"]; !inside {
		f.Args["column"] = 1
	}
}

// Clause returns the clause with a number.
func (p Policy) Clause(number string) (Clause, bool) {
	for _, c := range p.Clauses {
		if c.Number == number {
			return c, true
		}
	}
	return Clause{}, false
}

// ID names the policy and its version in a decision: "contoh/1".
func (p Policy) ID() string { return fmt.Sprintf("%s/%d", p.Name, p.Version) }

// Rules lists the policy's rules as written.
func (p Policy) Rules() []configs.PolicyRule { return p.source.Rules }

// Source is the policy as written.
func (p Policy) Source() configs.Policy { return p.source }

// Suggest proposes what to do about a verdict whose text is not at hand: rules
// over words and accounts do not hold. Judge sees everything.
func (p Policy) Suggest(v Verdict) Suggestion {
	s, _ := p.Judge(FactsOf("", v), nil)
	return s
}

// Judge runs every rule over the facts. modes are how the agency has set rules
// against the policy's text. A plea for help is escalated before anything else
// is considered; then the first rule that takes something proposes it, then the
// first that wants a person to read, then the first of the others.
func (p Policy) Judge(f Facts, modes map[string]Mode) (Suggestion, []Match) {
	var all []Match
	for _, r := range p.rules {
		mode := r.mode(modes)
		if mode == Off || !r.matches(f) {
			continue
		}
		all = append(all, Match{Rule: r.Name, Act: r.temper(f), Clause: r.Clause, Mode: mode})
	}
	if f.Labels[string(SafetyPlea)] > 0 {
		return Suggestion{Act: Escalate}, all
	}
	best := -1
	for i, m := range all {
		if m.Mode != Shadow && (best < 0 || weight(m.Act) > weight(all[best].Act)) {
			best = i
		}
	}
	if best < 0 {
		return Suggestion{}, all
	}
	return Suggestion{Act: all[best].Act, Clause: all[best].Clause, Rule: all[best].Rule}, all
}

func weight(a Act) int {
	switch {
	case restricts(a):
		return 2
	case a == Review:
		return 1
	}
	return 0
}

// mode is how far a rule may go in an agency. The text of a policy alone
// switches nothing to automatic: a person does.
func (r rule) mode(modes map[string]Mode) Mode {
	if set, ok := modes[r.Name]; ok {
		return set
	}
	if r.Mode == string(Auto) {
		return Suggests
	}
	return Mode(cmp.Or(r.Mode, string(Suggests)))
}

// temper makes a proposal milder where its only ground is a tone: citizens may
// be coarse about a policy. Taking something away for abuse wants a gross word
// and a person at whom it aims; anything less is for a person to read. So is a
// word about gambling or fraud that may be a complaint.
func (r rule) temper(f Facts) Act {
	if restricts(r.act) && r.spam && f.speaks {
		return Review
	}
	if restricts(r.act) && !r.firm && !(f.gross && f.aimed) {
		return Review
	}
	return r.act
}

// felt: names of feelings and opinions, in any spelling.
func felt(label string) bool {
	f := text.Fold(label).Text
	for _, word := range [...]string{"sentimen", "negati", "positi", "neutral", "netral", "emosi", "emotion", "anger", "angry", "marah", "sad", "sedih",
		"kritik", "critic", "opini", "pendapat", "protes", "dissent", "keluh", "complain"} {
		if strings.Contains(f, word) {
			return true
		}
	}
	return false
}

// againstCriticism: a sentence of the clause speaks of criticism, opinion or
// an office's good name without exempting it.
func againstCriticism(c Clause) bool { return aboutOpinion(c.Title, c.Text) }

func aboutOpinion(all ...configs.Words) bool {
	var texts []string
	for _, w := range all {
		texts = append(texts, w.ID, w.EN)
	}
	for _, s := range texts {
		for sentence := range strings.FieldsFuncSeq(text.Fold(s).Text, func(r rune) bool { return r == '.' || r == ';' || r == '\n' }) {
			if containsAny(sentence, opinionWords()) && !containsAny(sentence, exemptions()) {
				return true
			}
		}
	}
	return false
}

// shieldsOfficial: a sentence of the clause makes it an offence to speak ill of
// an official or the office, rather than to abuse whoever is a person.
func shieldsOfficial(c Clause, officials []string) bool {
	verbs := []string{"hina", "mencemar", "menjelek", "merendah", "menyinggung", "menyerang", "melecehkan", "tidak sopan", "tidak hormat", "insult", "defam", "disrespect", "demean", "mock"}
	for _, s := range [...]string{c.Title.ID, c.Title.EN, c.Text.ID, c.Text.EN} {
		for sentence := range strings.FieldsFuncSeq(text.Fold(s).Text, func(r rune) bool { return r == '.' || r == ';' || r == '\n' }) {
			if _, named := namesOfficial(sentence, officials); named && containsAny(sentence, verbs) && !containsAny(sentence, exemptions()) {
				return true
			}
		}
	}
	return false
}

func opinionWords() []string {
	return []string{"kritik", "sentimen", "komentar negatif", "bernada negatif", "nada negatif", "opini", "pendapat", "protes", "tidak setuju",
		"citra ", "nama baik pemerintah", "nama baik instansi", "nama baik pejabat", "menjelekkan pemerintah", "menghina pemerintah", "menghina pejabat", "ketidakpuasan",
		"criticism", "criticis", "criticiz", "sentiment", "negative comment", "negative tone", "opinion", "dissent", "disagree", "reputation", "dissatisf",
		"insulting the government", "insulting officials"}
}

func exemptions() []string {
	return []string{"tidak termasuk", "bukan ", "kecuali", "dilindungi", "does not count", "do not count", "is not", "are not", "except", "protected", "never"}
}

func containsAny(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}
