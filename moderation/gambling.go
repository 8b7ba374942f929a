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
	mostWords, mostShape, mostStory = 6, 5, 1.5
	// enough points give the label.
	enough = 3
)

// gambling finds gambling spam by its words and by the shape of what is
// advertised: a brand with lucky digits, written so that filters miss it.
// Brands themselves are not listed: they change every week.
func (m *message) gambling() (float64, []Reason) {
	m.reports, m.evidence = false, 0
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
	if branded {
		points += min(m.sums[inStory], mostStory)
	}
	if words >= 1 || branded {
		m.evidence = points
	} else {
		m.evidence = min(words, 1)
	}
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
		if points, last := m.brandPoints(i, words); points > 0 {
			out = append(out, m.reason(Gambling, RuleGamblingBrand, int32(i), int32(last)))
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
		brand, _ := m.brandPoints(i, words)
		branded = branded || brand > 0
		points += brand
		if m.shapes[i] != 0 {
			points += m.hidden(i, fancy)
		}
	}
	return points, branded
}

// hidden: how much a word hides from filters. A text written wholly in fancy
// letters is a taste, one or two words in them are a disguise.
func (m *message) hidden(i, fancy int) float64 {
	points := 0.0
	s := m.shapes[i]
	switch {
	case s.Has(text.Dressed) && fancy <= 3:
		points = 2
	case s.Has(text.Mixed) && m.tokens[i].Disguised >= 2, s.Has(text.Digited) && s.Brand():
		points = 1.5
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

// brandPoints: how much the words from i on look like a gambling brand, and
// the last of them.
func (m *message) brandPoints(i int, words float64) (points float64, last int) {
	s := m.shapes[i]
	if s.Brand() {
		if !m.named(i) {
			return 0, i
		}
		points = shapePoints(s)
		if words >= 1 && s&(text.BrandEnding|text.BrandWin|text.BrandDigits) != 0 {
			points += m.standsOut(i)
		}
		return points, i
	}
	if points, last = m.brokenBrand(i); points > 0 {
		return points, last
	}
	if words < 1 {
		return 0, i
	}
	if points = m.brandApart(i); points > 0 {
		return points, i + 1
	}
	if i > 0 && where(m.tokens[i-1].Text) {
		return m.standsOut(i), i
	}
	return 0, i
}

func shapePoints(s text.Shape) float64 {
	switch {
	case s.Has(text.BrandLucky), s.Has(text.BrandFourD):
		return 2.5
	case s.Has(text.BrandEnding):
		return 2
	case s.Has(text.BrandShort):
		return 1.5
	case s.Has(text.BrandWin):
		return 1
	}
	return 0.8
}

// named: the word can be a site's name here. Who is addressed is none, nor
// what a sign, a street or a school is called.
func (m *message) named(i int) bool {
	t := &m.tokens[i]
	if t.Span.Start > 0 {
		switch m.original[t.Span.Start-1] {
		case '@', '_', '#':
			return false
		}
	}
	return i == 0 || !placeBefore(m.tokens[i-1].Text) && (i == 1 || !placeBefore(m.tokens[i-2].Text))
}

// placeBefore: words before the name of something else.
func placeBefore(word string) bool {
	switch word {
	case "jalan", "jln", "jl", "gang", "gg", "halte", "sdn", "smpn", "sman", "smkn", "sd", "smp", "sma", "smk", "perumahan", "perum", "komplek", "kompleks", "blok",
		"kode", "booking", "nomor", "no", "nopol", "plat", "tiket", "twitter", "akun", "rt", "rw", "kelas", "ruang", "gedung", "tipe", "type", "seri", "hp", "browser":
		return true
	}
	return false
}

// brokenBrand: a name in at least three short pieces, "del-im-aho-ki".
func (m *message) brokenBrand(i int) (float64, int) {
	const mostPieces, longestPiece = 12, 4
	m.buf = m.buf[:0]
	var gap string
	last := i
	for k := i; k < len(m.tokens) && k-i < mostPieces; k++ {
		t := &m.tokens[k]
		if len(t.Plain) > longestPiece {
			break
		}
		if k > i {
			from := m.tokens[k-1].Span.End
			if t.Span.Start != from+1 {
				break
			}
			between := m.original[from:t.Span.Start]
			if gap != "" && between != gap || between == " " && len(t.Plain) > 3 || between == "\n" {
				break
			}
			gap = between
		}
		m.buf = append(m.buf, t.Plain...)
		last = k
	}
	for ; last >= i+2 && len(m.buf) >= 7; last-- {
		shape := text.BrandShape(string(m.buf))
		if gap != " " && shape&(text.BrandLucky|text.BrandFourD|text.BrandEnding|text.BrandWin) != 0 || shape.Has(text.BrandEnding) || shape.Has(text.BrandLucky) && last >= i+4 {
			return 3, last
		}
		m.buf = m.buf[:len(m.buf)-len(m.tokens[last].Plain)]
	}
	return 0, i
}

// brandApart: a name and what brands end in, as two words: "PERAK WIN",
// "Lentera-303".
func (m *message) brandApart(i int) float64 {
	t := &m.tokens[i]
	if i+1 >= len(m.tokens) || len(t.Text) < 4 || t.Digits() || !m.named(i) {
		return 0
	}
	next := &m.tokens[i+1]
	if next.Span.Start-t.Span.End != 1 || m.original[t.Span.End] != ' ' && m.original[t.Span.End] != '-' {
		return 0
	}
	if !next.Letters() && (len(next.Plain) == 3 || next.Plain >= "66") && text.Lucky(next.Plain) && !text.BeforeNumbers(t.Text) && text.BrandShape(t.Text) == 0 || next.Plain == "4d" {
		return 1.5
	}
	switch next.Text {
	case "win", "toto", "hoki", "slot", "gacor", "poker", "togel":
		if t.Capital() && next.Capital() && m.hitless(i) {
			return 1.5
		}
	}
	return 0
}

// hitless: word i is none of gambling's own.
func (m *message) hitless(i int) bool {
	for h := range m.of(inGambling) {
		if int(h.first) <= i && i <= int(h.last) && h.first == h.last {
			return false
		}
	}
	return true
}

// standsOut: a name in capitals between words that are not.
func (m *message) standsOut(i int) float64 {
	t := &m.tokens[i]
	if !t.Capital() || len(t.Text) < 5 || plainPlace(t.Text) {
		return 0
	}
	if raw := t.Span.Of(m.original); strings.ToUpper(raw) == raw && m.capitals() <= 3 {
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
