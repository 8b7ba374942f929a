package moderation

import (
	"slices"
	"strings"

	"kentongan/internal/text"
)

// Points beside the words' own weights.
const (
	// alteredBonus: "sc4tt3r", "gac or": nobody writes so by accident.
	alteredBonus = 1.5
	// mostWords and mostShape: a message does not become surer by saying it ten
	// times.
	mostWords, mostShape = 6, 5
	// enough points give the label.
	enough = 3
)

// gambling finds gambling spam by its words and by the shape of what is
// advertised: a brand with lucky digits, written so that filters miss it.
// Brands themselves are not listed: they change every week.
func (m *message) gambling() (float64, []Reason) {
	m.reports = false
	words := 0.0
	for h := range m.of(inGambling) {
		words += h.weight
		if h.altered {
			words += alteredBonus
		}
	}
	words = min(words, mostWords)
	shape, branded := m.shape(words)
	points := words + min(shape, mostShape)
	if against := m.sums[inReport]; against > 0 {
		// Whoever calls for a stop uses the same words, but advertises nothing.
		if m.reports = shape < 2; m.reports {
			return 0, nil
		}
		points -= min(against, 2)
	}
	if points < enough || words == 0 && !branded { // dressed-up letters alone are a taste
		return 0, nil
	}
	return score(points), m.gamblingReasons(words)
}

func (m *message) gamblingReasons(words float64) []Reason {
	out := m.reasons(nil, Gambling, RuleGamblingWord, inGambling)
	fancy := m.fancyWords()
	for i := range m.tokens {
		if m.brandPoints(i, words) > 0 {
			out = append(out, m.reason(Gambling, RuleGamblingBrand, int32(i), int32(i)))
		}
		if m.hidden(i, fancy) > 0 {
			out = append(out, m.reason(Gambling, RuleDisguise, int32(i), int32(i)))
		}
	}
	slices.SortStableFunc(out, func(a, b Reason) int { return a.Start - b.Start })
	return out
}

// shape adds up what the words look like.
func (m *message) shape(words float64) (points float64, branded bool) {
	fancy := m.fancyWords()
	for i := range m.tokens {
		if m.shapes[i] == 0 && words == 0 {
			continue
		}
		brand := m.brandPoints(i, words)
		branded = branded || brand > 0
		points += brand + m.hidden(i, fancy)
	}
	return points, branded
}

// hidden: how much a word hides from filters. A text written wholly in fancy
// letters is a taste, one or two words in them are a disguise.
func (m *message) hidden(i, fancy int) float64 {
	points := 0.0
	s := m.shapes[i]
	if s.Has(text.Dressed) && fancy <= 3 {
		points = 2
	}
	if s.Has(text.Spelled) && len(m.tokens[i].Text) >= 5 {
		points = max(points, 2)
		if m.tokens[i].Digits() {
			points += 0.5
		}
	}
	return points
}

func (m *message) fancyWords() int {
	n := 0
	for _, s := range m.shapes {
		if s.Has(text.Dressed) {
			n++
		}
	}
	return n
}

// brandPoints: how much word i looks like a gambling brand.
func (m *message) brandPoints(i int, words float64) float64 {
	t := &m.tokens[i]
	if t.Span.Start > 0 && m.original[t.Span.Start-1] == '@' {
		return 0 // who is addressed is no brand
	}
	s := m.shapes[i]
	switch {
	case s.Has(text.BrandLucky):
		return 3
	case s.Has(text.BrandFourD):
		return 2.5
	case s.Has(text.BrandEnding):
		return 2
	case s.Has(text.BrandShort):
		return 1.5
	case s.Has(text.BrandWin):
		return 1
	case s.Has(text.BrandDigits):
		return 0.8
	}
	if words >= 1 {
		return m.namePoints(i)
	}
	return 0
}

// namePoints: among words of gambling, a name written so that it stands out
// after a word that says where.
func (m *message) namePoints(i int) float64 {
	t := &m.tokens[i]
	if i == 0 || !t.Capital() || len(t.Text) < 5 || !where(m.tokens[i-1].Text) {
		return 0
	}
	raw := t.Span.Of(m.original)
	if strings.ToUpper(raw) == raw && m.capitals() <= 2 && !plainPlace(t.Text) {
		return 1
	}
	return 0
}

// capitals counts the words written in capitals only.
func (m *message) capitals() int {
	n := 0
	for i := range m.tokens {
		if t := &m.tokens[i]; t.Capital() && len(t.Text) >= 3 {
			if raw := t.Span.Of(m.original); strings.ToUpper(raw) == raw {
				n++
			}
		}
	}
	return n
}

func where(word string) bool {
	switch word {
	case "di", "bareng", "sama", "ke", "dari", "situs", "link", "lewat", "pakai", "pake", "ketik", "cari", "coba", "cobain", "nama", "namanya":
		return true
	}
	return false
}

// plainPlace: what citizens write in capitals after "di".
func plainPlace(word string) bool {
	switch word {
	case "jakarta", "bandung", "surabaya", "medan", "semarang", "indonesia", "jogja", "bekasi", "depok", "bogor", "tangerang", "puskesmas", "dprd", "pasar", "kantor", "pemda",
		"google", "youtube", "facebook", "instagram", "tiktok", "twitter", "whatsapp":
		return true
	}
	return false
}
