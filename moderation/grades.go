package moderation

// Grades holds how sure we are of every label, from 0 to 1, in the order of
// GradedLabels: a fixed size, because it is made for every message.
type Grades [graded]float32

const graded = 30

// GradedLabels are all labels that have a grade, by the kind of what they say.
func GradedLabels() [graded]Label {
	return [graded]Label{
		Hate, Abusive, HateIndividual, HateGroup, HateReligion, HateRace, HatePhysical, HateGender, HateOther, HateWeak, HateModerate, HateStrong,
		Gambling, Fraud, Promo,
		Positive, Neutral, Negative,
		Anger, Fear, Happy, Love, Sadness,
		Question, Complaint, Thanks, Idea,
		Criticism, PersonalData, SafetyPlea,
	}
}

// Places in Grades.
const (
	firstToxic, afterToxic         = 0, 12
	atGambling, atFraud, atPromo   = 12, 13, 14
	firstSentiment, afterSentiment = 15, 18
	firstEmotion, afterEmotion     = 18, 23
	firstIntent, afterIntent       = 23, 27
)

// place is where a label's grade stands, or -1.
func place(l Label) int {
	for i, have := range GradedLabels() {
		if have == l {
			return i
		}
	}
	return -1
}

// Grade says how sure we are of a label, whether it was given or not.
func (v *Verdict) Grade(l Label) float64 {
	if i := place(l); i >= 0 {
		return float64(v.Grades[i])
	}
	return 0
}
