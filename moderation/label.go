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
	Idea         Label = "idea"
	Promo        Label = "promo" // advertising that nobody asked for
	Hate         Label = "hs"
)

// What the model tells of hate: at whom it aims, and how hard. The names are
// those of the set they were learned from (Ibrohim and Budi 2019).
const (
	HateIndividual Label = "hs_individual"
	HateGroup      Label = "hs_group"
	HateReligion   Label = "hs_religion"
	HateRace       Label = "hs_race"
	HatePhysical   Label = "hs_physical"
	HateGender     Label = "hs_gender"
	HateOther      Label = "hs_other"
	HateWeak       Label = "hs_weak"
	HateModerate   Label = "hs_moderate"
	HateStrong     Label = "hs_strong"
)

// Sentiment and emotion are information for whoever answers. They are never
// among Verdict.Scores, so no rule can rest on them.
const (
	Positive Label = "positive"
	Neutral  Label = "neutral"
	Negative Label = "negative"
	Anger    Label = "anger"
	Fear     Label = "fear"
	Happy    Label = "happy"
	Love     Label = "love"
	Sadness  Label = "sadness"
)

// Labels in the order in which the pages list them: the most urgent first.
func Labels() []Label {
	return []Label{SafetyPlea, PersonalData, Fraud, Gambling, Hate, Abusive, HateStrong, HateModerate, HateWeak, HateIndividual, HateGroup,
		HateReligion, HateRace, HatePhysical, HateGender, HateOther, Promo, Complaint, Criticism, Question, Idea, Thanks}
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
	RuleAbuseCoarse   Rule = "abuse_coarse"
	RuleAbuseAimed    Rule = "abuse_aimed"
	RulePII           Rule = "personal_data"
	RuleDanger        Rule = "danger_word"
	RulePlea          Rule = "plea_word"
	RuleQuestion      Rule = "question_form"
	RuleComplaint     Rule = "complaint_word"
	RuleCriticism     Rule = "criticism_of_office"
	RuleThanks        Rule = "thanks_word"
	RuleIdea          Rule = "idea_word"
	RuleModel         Rule = "model" // learned: the words that counted most
	RuleOwn           Rule = "own_model"
)

// Rules lists every rule, for the pages and the test of their texts.
func Rules() []Rule {
	return []Rule{RuleGamblingWord, RuleGamblingBrand, RuleDisguise, RuleFraudWord, RuleFraudLink, RuleAbuseWord, RuleAbuseCoarse, RuleAbuseAimed, RulePII,
		RuleDanger, RulePlea, RuleQuestion, RuleComplaint, RuleCriticism, RuleThanks, RuleIdea, RuleModel, RuleOwn}
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
	Suggestion Suggestion        `json:"suggestion"`

	// What is known beside the labels that were given.
	Grades    Grades `json:"-"` // of every label, given or not
	Sentiment Label  `json:"-"` // information, never a ground
	Emotion   Label  `json:"-"` // likewise
	Intent    Label  `json:"-"` // the surest of question, complaint, idea, thanks
	Language  string `json:"-"` // id, jv, su, en, mixed; "" when too short to tell
	Topic     string `json:"-"`
	Urgency   string `json:"-"`
	// Speaks says that words of a report, or more than one of a complaint or about
	// an office stand in it, whatever labels it was given: it may be a citizen's word about
	// gambling, which nothing but a person takes away.
	Speaks bool `json:"-"`
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
		{SafetyPlea, 1000}, {PersonalData, 600}, {Fraud, 500}, {Gambling, 300}, {HateStrong, 270}, {Hate, 250}, {Abusive, 250},
		{Complaint, 200}, {Criticism, 200}, {Promo, 180}, {Question, 150}, {Idea, 140}, {Thanks, 20},
	}
	for _, w := range weights {
		if v.Has(w.label) {
			return w.weight
		}
	}
	return 100
}
