package moderation

import (
	"slices"
	"strings"
	"unicode"

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
		brand := 0.0
		if t.Span.Start == 0 || m.original[t.Span.Start-1] != '@' { // who is addressed is no brand
			brand = brandPoints(t)
		}
		hidden := 0.0
		if disguise(t) && fancy <= 3 {
			hidden = 2
		}
		if t.Joined && len(t.Text) >= 5 {
			hidden = max(hidden, 2)
			if !onlyLetters(t.Plain) {
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

// disguise: most letters of the word are dressed up.
func disguise(t text.Token) bool {
	return t.Disguised >= 2 && t.Disguised*2 >= len([]rune(t.Plain))
}

// fancyWords counts disguised words. A text written wholly in fancy letters is
// a taste, one or two words in them are a disguise.
func (m message) fancyWords() int {
	n := 0
	for _, t := range m.tokens {
		if disguise(t) {
			n++
		}
	}
	return n
}

// brandPoints: how much a word looks like a gambling brand.
func brandPoints(t text.Token) float64 {
	stem := strings.TrimRightFunc(t.Text, unicode.IsDigit)
	digits := t.Text[len(stem):]
	if s, ok := strings.CutSuffix(t.Text, "4d"); ok && len(s) >= 3 && onlyLetters(s) {
		return 2.5
	}
	if len(digits) >= 2 && len(digits) <= 3 && len(stem) >= 3 && onlyLetters(stem) && !ordinaryBefore(stem) {
		switch {
		case !lucky(digits):
			return 0.8
		case len(stem) < 5:
			return 1.5
		}
		return 3
	}
	if len(t.Text) < 7 || !onlyLetters(t.Text) {
		return 0
	}
	for _, ending := range [...]string{"toto", "togel", "slot", "hoki", "gacor", "4d", "poker", "maxwin"} {
		if strings.HasSuffix(t.Text, ending) {
			return 2
		}
	}
	if strings.HasSuffix(t.Text, "win") && !nameInWin(t.Text) {
		return 1
	}
	return 0
}

// lucky: the digits that brands end in.
func lucky(d string) bool {
	switch d {
	case "303", "138", "168", "855", "369", "365", "123":
		return true
	}
	return strings.Count(d, d[:1]) == len(d)
}

// ordinaryBefore: words that numbers follow in everyday writing.
func ordinaryBefore(stem string) bool {
	switch stem {
	case "covid", "kelas", "usia", "umur", "tahun", "pasal", "ayat", "jalan", "blok", "nomor", "lantai", "jalur", "pilkada", "pilpres", "pemilu",
		"tanggal", "bulan", "januari", "februari", "maret", "april", "juni", "juli", "agustus", "september", "oktober", "november", "desember",
		"angkatan", "gang", "unit", "ukuran", "seri", "poin", "halaman", "channel", "type", "tipe", "windows", "android", "samsung", "redmi", "iphone",
		"persen", "menit", "detik", "orang", "hari", "minggu", "anak", "menang", "skor", "smpn", "sman", "smkn", "user":
		return true
	}
	return false
}

// nameInWin: names and words that end so.
func nameInWin(s string) bool {
	switch s {
	case "darwin", "goodwin", "baldwin", "sherwin", "kerwin", "godwin", "winwin":
		return true
	}
	return false
}

func onlyLetters(s string) bool {
	for _, r := range s {
		if r < 'a' || r > 'z' {
			return false
		}
	}
	return s != ""
}
