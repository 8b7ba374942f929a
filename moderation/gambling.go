package moderation

import (
	"slices"
	"strings"

	"kentongan/internal/text"
)

// gambling finds gambling spam by its words and by the shape of what is
// advertised: a brand with lucky digits, written so that filters miss it.
// Brands themselves are not listed: they change every week.
func (c *Classifier) gambling(m message) (float64, []Reason) {
	var reasons []Reason
	points := 0.0
	for _, h := range m.find(c.gamblingWords) {
		points += h.weight
		if h.first == h.last && m.tokens[h.first].Text != m.tokens[h.first].Plain {
			points += 1.5 // "sc4tt3r": nobody writes so by accident
		}
		reasons = append(reasons, m.reason(Gambling, RuleGamblingWord, h.first, h.last))
	}
	points = min(points, 6)
	shape, telling := 0.0, points > 0
	fancy := m.fancyWords()
	for i, t := range m.tokens {
		look := t.Shape()
		brand := 0.0
		if t.Span.Start == 0 || m.original[t.Span.Start-1] != '@' { // who is addressed is no brand
			brand = brandPoints(look)
		}
		hidden := 0.0
		if look.Has(text.Dressed) && fancy <= 3 {
			hidden = 2
		}
		if t.Joined && len(t.Text) >= 5 {
			hidden = max(hidden, 2)
			if t.Text != t.Plain || strings.ContainsAny(t.Text, "0123456789") {
				hidden += 0.5
			}
		}
		if brand > 0 {
			telling = true
			reasons = append(reasons, m.reason(Gambling, RuleGamblingBrand, i, i))
		}
		if hidden > 0 {
			reasons = append(reasons, m.reason(Gambling, RuleDisguise, i, i))
		}
		shape += brand + hidden
	}
	points += min(shape, 5)
	if against := sum(m.find(c.gamblingReport)); against > 0 {
		// Whoever calls for a stop uses the same words, but advertises nothing.
		if shape < 2 {
			return 0, nil
		}
		points -= min(against, 2)
	}
	if points < 3 || !telling { // dressed-up letters alone are a taste
		return 0, nil
	}
	slices.SortStableFunc(reasons, func(a, b Reason) int { return a.Start - b.Start })
	return score(points), reasons
}

// fancyWords counts disguised words. A text written wholly in fancy letters is
// a taste, one or two words in them are a disguise.
func (m message) fancyWords() int {
	n := 0
	for _, t := range m.tokens {
		if t.Shape().Has(text.Dressed) {
			n++
		}
	}
	return n
}

// brandPoints: how much a word looks like a gambling brand.
func brandPoints(s text.Shape) float64 {
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
	return 0
}
