package moderation

import (
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
	rules   []configs.PolicyRule
}

// Clause is one numbered rule that citizens can read.
type Clause struct {
	Number             string
	Title, Text, Basis configs.Words
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

// NewPolicy checks a policy. It refuses one that hides for what citizens think
// or feel, and one that does not protect criticism.
func NewPolicy(data configs.Policy) (Policy, error) {
	p := Policy{Name: data.Name, Version: data.Version, Title: data.Title, Note: data.Note, rules: data.Rules}
	var wrong fault.List
	refuse := func(code, field string, args ...fault.Option) {
		wrong.Add(fault.New(fault.Invalid, code, append(args, fault.Field(field))...))
	}
	protected := false
	for i, part := range data.Clauses {
		at := fmt.Sprintf("clauses[%d]", i)
		c := Clause{part.Number, part.Title, part.Text, part.Basis, part.Severity, nil, part.Protected}
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
		if !c.Protected && takes && againstCriticism(c) {
			refuse("policy.against_criticism", at+".text", fault.Arg("clause", c.Number))
		}
		protected = protected || c.Protected
		p.Clauses = append(p.Clauses, c)
	}
	if !protected {
		refuse("policy.criticism_unprotected", "clauses")
	}
	for i, r := range data.Rules {
		at := fmt.Sprintf("rules[%d]", i)
		clause, known := p.Clause(r.Clause)
		act := Act(r.Suggest)
		switch {
		case felt(r.Label) && (restricts(act) || !slices.Contains(Labels(), Label(r.Label))):
			refuse("policy.hides_by_sentiment", at+".label", fault.Arg("label", r.Label), fault.Arg("rule", r.Name))
		case !slices.Contains(Labels(), Label(r.Label)):
			refuse("policy.unknown_label", at+".label", fault.Arg("label", r.Label), fault.Arg("rule", r.Name))
		case restricts(act) && !hideable(Label(r.Label)):
			refuse("policy.hides_by_sentiment", at+".label", fault.Arg("label", r.Label), fault.Arg("rule", r.Name))
		case known && act != Review && !clause.Allows(act), !known, act == Restore:
			refuse("policy.act_not_in_clause", at+".suggest", fault.Arg("act", r.Suggest), fault.Arg("clause", r.Clause))
		}
	}
	if err := wrong.Err(); err != nil {
		return Policy{}, err
	}
	return p, nil
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

// Suggest proposes what to do about a verdict: the first rule that applies. A
// plea for help is escalated before anything else is considered.
func (p Policy) Suggest(v Verdict) Suggestion {
	if v.Has(SafetyPlea) {
		return Suggestion{Act: Escalate}
	}
	for _, r := range p.rules {
		if v.Scores[Label(r.Label)] >= r.AtLeast {
			return Suggestion{Act: Act(r.Suggest), Clause: r.Clause, Rule: r.Name}
		}
	}
	return Suggestion{}
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
func againstCriticism(c Clause) bool {
	for _, s := range [...]string{c.Title.ID, c.Title.EN, c.Text.ID, c.Text.EN} {
		for sentence := range strings.FieldsFuncSeq(text.Fold(s).Text, func(r rune) bool { return r == '.' || r == ';' || r == '\n' }) {
			if containsAny(sentence, opinionWords()) && !containsAny(sentence, exemptions()) {
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
