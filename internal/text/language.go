package text

// Languages that a message may be in.
const (
	Indonesian = "id"
	Javanese   = "jv"
	Sundanese  = "su"
	English    = "en"
	Blend      = "mixed"
)

// tongue is a place in the votes below.
type tongue uint8

const (
	id tongue = iota
	jv
	su
	en
	tongues
)

// Language guesses the language of a message: id, jv, su, en, mixed, or ""
// where there is too little to tell. It counts small words that only one of
// them has, and affixes; a word that several share says nothing.
func Language(tokens []Token) string {
	var votes [tongues]int
	words := 0
	for i := range tokens {
		w := tokens[i].Text
		if len(w) < 2 || tokens[i].traits&letter == 0 {
			continue
		}
		words++
		if t, weight, ok := evidence(w); ok {
			votes[t] += weight
		}
	}
	best := id
	for t := range tongues {
		if votes[t] > votes[best] {
			best = t
		}
	}
	second := 0
	for t := range tongues {
		if t != best && votes[t] > second {
			second = votes[t]
		}
	}
	names := [...]string{Indonesian, Javanese, Sundanese, English}
	switch {
	case words == 0 || votes[best] == 0:
		return ""
	case second >= 4 && second*2 >= votes[best]: // both say several things of their own
		return Blend
	}
	return names[best]
}
