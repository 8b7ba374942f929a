// Package moderation decides about citizens' messages: what they are, what is
// suggested, what a person has decided and on what ground. It is the only room
// that sees both the inbox and the publisher.
//
// The first look is made of rules that can be read: every label comes with the
// name of the rule and the words it matched, shown on what the citizen wrote.
// Criticism is never a ground for hiding, and nothing is hidden by the program.
package moderation

import "kentongan/internal/pii"

// Label is what a message is, or contains.
type Label string

const (
	Gambling     Label = "gambling"
	Fraud        Label = "fraud"
	Abusive      Label = "abusive" // gross words; a person judges at whom they aim
	PersonalData Label = "personal_data"
	SafetyPlea   Label = "life_safety" // somebody's life may depend on us reading this now
	Question     Label = "question"
	Complaint    Label = "complaint"
	Criticism    Label = "criticism" // of policy, service or officials: protected
	Thanks       Label = "thanks"
)

// Labels in the order in which the pages list them: the most urgent first.
func Labels() []Label {
	return []Label{SafetyPlea, PersonalData, Fraud, Gambling, Abusive, Complaint, Criticism, Question, Thanks}
}

// hideable are the labels on which a rule of a policy may suggest to hide,
// warn or block. What citizens feel or think is not among them.
func hideable(l Label) bool {
	switch l {
	case Gambling, Fraud, Abusive, PersonalData:
		return true
	}
	return false
}

// Rule names what matched: a key of the interface's texts ("rule.<name>").
type Rule string

const (
	RuleGamblingWord  Rule = "gambling_word"
	RuleGamblingBrand Rule = "gambling_brand"
	RuleDisguise      Rule = "disguised_letters"
	RuleFraudWord     Rule = "fraud_word"
	RuleFraudLink     Rule = "fraud_link"
	RuleAbuseWord     Rule = "abuse_word"
	RuleAbuseAimed    Rule = "abuse_aimed"
	RulePII           Rule = "personal_data"
	RuleDanger        Rule = "danger_word"
	RulePlea          Rule = "plea_word"
	RuleQuestion      Rule = "question_form"
	RuleComplaint     Rule = "complaint_word"
	RuleCriticism     Rule = "criticism_of_office"
	RuleThanks        Rule = "thanks_word"
)

// Rules lists every rule, for the pages and the test of their texts.
func Rules() []Rule {
	return []Rule{RuleGamblingWord, RuleGamblingBrand, RuleDisguise, RuleFraudWord, RuleFraudLink, RuleAbuseWord, RuleAbuseAimed, RulePII,
		RuleDanger, RulePlea, RuleQuestion, RuleComplaint, RuleCriticism, RuleThanks}
}

// Reason is why a label was given: the rule and the bytes of the ORIGINAL that
// it matched. It holds no text, so it can be stored beside the masked message.
type Reason struct {
	Label Label `json:"label"`
	Rule  Rule  `json:"rule"`
	Start int   `json:"start"`
	End   int   `json:"end"`
}

// Verdict is what the first look found in one message.
type Verdict struct {
	Scores     map[Label]float64 `json:"scores"` // only labels that were given
	Reasons    []Reason          `json:"reasons"`
	PII        []pii.Found       `json:"pii,omitempty"`
	Priority   int64             `json:"priority"`
	CopyKey    string            `json:"copy_key,omitempty"`
	Suggestion Suggestion        `json:"suggestion"`
}

// Has says whether the label was given.
func (v Verdict) Has(l Label) bool { return v.Scores[l] > 0 }

// Labels returns the labels given, the most urgent first.
func (v Verdict) Labels() []Label {
	var given []Label
	for _, l := range Labels() {
		if v.Has(l) {
			given = append(given, l)
		}
	}
	return given
}

// ReasonsFor returns the reasons of one label, in reading order.
func (v Verdict) ReasonsFor(l Label) []Reason {
	var given []Reason
	for _, r := range v.Reasons {
		if r.Label == l {
			given = append(given, r)
		}
	}
	return given
}

// priority orders the queue: a life first, then what harms the citizen while
// it stands in public, then what citizens wait for.
func priority(v Verdict) int64 {
	weights := [...]struct {
		label  Label
		weight int64
	}{
		{SafetyPlea, 1000}, {PersonalData, 600}, {Fraud, 500}, {Gambling, 300}, {Abusive, 250},
		{Complaint, 200}, {Criticism, 200}, {Question, 150}, {Thanks, 20},
	}
	for _, w := range weights {
		if v.Has(w.label) {
			return w.weight
		}
	}
	return 100
}
