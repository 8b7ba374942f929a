package moderation

import (
	"slices"
	"strings"

	"kentongan/internal/text"
)

// lexicon holds weighted words and phrases of up to four words.
type lexicon struct {
	words   map[string]float64
	phrases map[string][]phrase // by their first word, longest first
}

type phrase struct {
	words  []string
	weight float64
}

// parseLexicon reads lines of "weight: entry, entry, ...".
func parseLexicon(lines string) lexicon {
	l := lexicon{map[string]float64{}, map[string][]phrase{}}
	for line := range strings.Lines(lines) {
		weight, entries, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok {
			continue
		}
		var w float64
		for _, r := range weight { // tenths: "15" is 1.5
			w = w*10 + float64(r-'0')
		}
		for entry := range strings.SplitSeq(entries, ",") {
			switch words := strings.Fields(entry); len(words) {
			case 0:
			case 1:
				l.words[words[0]] = w / 10
			default:
				l.phrases[words[0]] = append(l.phrases[words[0]], phrase{words, w / 10})
			}
		}
	}
	for first := range l.phrases {
		slices.SortFunc(l.phrases[first], func(a, b phrase) int { return len(b.words) - len(a.words) })
	}
	return l
}

// message is one text prepared for the rules.
type message struct {
	original string
	folded   text.Folded
	tokens   []text.Token
	forms    [][]string // for each token, the spellings to look up, plainest first
}

func prepare(s string) message {
	m := message{original: s, folded: text.Fold(s)}
	m.tokens = m.folded.Tokens()
	m.forms = make([][]string, len(m.tokens))
	for i, t := range m.tokens {
		m.forms[i] = spellings(t)
	}
	return m
}

// spellings are the ways to read a token: as written, unstretched, and without
// the particles that Indonesian hangs on a word.
func spellings(t text.Token) []string {
	out := []string{t.Text}
	add := func(s string) {
		for _, have := range out {
			if have == s {
				return
			}
		}
		out = append(out, s)
	}
	if t.Plain != t.Text {
		add(t.Plain)
		add(undouble(t.Text)) // "kemen4ng4an" has one a too many
	}
	squeezed := text.Squeeze(t.Text)
	add(squeezed)
	for _, particle := range [...]string{"nya", "lah", "kah", "pun", "mu", "ku", "2"} {
		if stem, ok := strings.CutSuffix(squeezed, particle); ok && len(stem) >= 3 {
			add(stem)
		}
	}
	return out
}

func undouble(s string) string {
	var b strings.Builder
	var last rune
	for _, r := range s {
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// hit is a match of a lexicon.
type hit struct {
	weight float64
	first  int // tokens, both included
	last   int
}

// find returns the matches of the lexicon in reading order, the longest phrase
// at each place, without overlaps.
func (m message) find(l lexicon) []hit {
	var out []hit
	for i := 0; i < len(m.tokens); i++ {
		if h, ok := m.lookup(l, i); ok {
			out = append(out, h)
			i = h.last
		}
	}
	return out
}

func (m message) lookup(l lexicon, i int) (hit, bool) {
	for _, p := range l.phrases[m.tokens[i].Text] {
		if m.reads(i, p.words) {
			return hit{p.weight, i, i + len(p.words) - 1}, true
		}
	}
	for _, form := range m.forms[i] {
		if w, ok := l.words[form]; ok {
			return hit{w, i, i}, true
		}
		if w, ok := l.unstarred(form); ok {
			return hit{w, i, i}, true
		}
	}
	return hit{}, false
}

// reads says whether the tokens from i on are these words. The last may carry
// a particle: "tidak becusnya".
func (m message) reads(i int, words []string) bool {
	if i+len(words) > len(m.tokens) {
		return false
	}
	for k, w := range words[1:] {
		if m.tokens[i+k+1].Text != w && (k < len(words)-2 || !slices.Contains(m.forms[i+k+1], w)) {
			return false
		}
	}
	return true
}

// unstarred finds a word whose one vowel was starred: "b*ngsat".
func (l lexicon) unstarred(form string) (float64, bool) {
	if strings.Count(form, "*") != 1 {
		return 0, false
	}
	for _, vowel := range [...]string{"a", "i", "u", "e", "o"} {
		if w, ok := l.words[strings.Replace(form, "*", vowel, 1)]; ok {
			return w, true
		}
	}
	return 0, false
}

// span returns where tokens first..last stand in the original.
func (m message) span(first, last int) text.Span {
	return text.Span{Start: m.tokens[first].Span.Start, End: m.tokens[last].Span.End}
}

// reason builds the reason for a match.
func (m message) reason(l Label, r Rule, first, last int) Reason {
	s := m.span(first, last)
	return Reason{Label: l, Rule: r, Start: s.Start, End: s.End}
}

func sum(hits []hit) float64 {
	var s float64
	for _, h := range hits {
		s += h.weight
	}
	return s
}

// score turns points into a number from 0 to 1; 3 points are 0.65.
func score(points float64) float64 { return points / (points + 1.6) }
