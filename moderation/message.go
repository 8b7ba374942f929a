package moderation

import (
	"slices"
	"strings"
	"sync"

	"kentongan/internal/text"
)

// message is one text prepared for the rules, and the room to work in. It is
// taken from a pool and given back, so a message of any length costs the same
// few allocations.
type message struct {
	original    string
	folded      text.Folded
	tokens      []text.Token
	shapes      []text.Shape // of each token
	hits        []hit
	sums        [lists]float64 // of the weights of each list's hits
	counts      [lists]int
	reports     bool    // speaks against gambling
	evidence    float64 // points for gambling, whether they were enough or not
	heads, rest []int
	given       []Label      // by the model, in the order of heads
	next        [lists]int32 // token from which the list may match again
	buf         []byte
	scratch     text.Scratch
}

// hit is a match of a list.
type hit struct {
	list    list
	weight  float64
	first   int32 // tokens, both included
	last    int32
	altered bool // written so that a filter would miss it
}

type pool struct{ sync.Pool }

func (p *pool) take(s string) *message {
	m, ok := p.Get().(*message)
	if !ok {
		m = &message{}
	}
	m.original = s
	m.folded = m.scratch.Fold(s)
	m.tokens = m.scratch.Tokens(m.folded)
	return m
}

// give returns the message to the pool. Nothing of the citizen's stays behind.
func (p *pool) give(m *message) {
	m.original, m.folded, m.tokens = "", text.Folded{}, nil
	m.scratch.Forget()
	p.Put(m)
}

// longestWord: nothing longer is in the lists.
const longestWord = 32

// scan looks every word up. Of each list it keeps the matches in reading
// order, the longest phrase at each place, without overlaps.
func (m *message) scan(l *lexicon) {
	m.hits, m.shapes = m.hits[:0], m.shapes[:0]
	m.sums, m.counts, m.next = [lists]float64{}, [lists]int{}, [lists]int32{}
	for i := range m.tokens {
		t := &m.tokens[i]
		m.shapes = append(m.shapes, t.Shape())
		if !t.Letters() || len(t.Text) > 4*longestWord {
			continue
		}
		e := l.find(t.Text)
		if e != nil {
			m.phrases(l, e, i)
			m.word(e, i, t.Text != t.Plain)
		}
		m.spellings(l, t, i)
		if i+1 < len(m.tokens) && len(t.Text) < 10 {
			m.pieces(l, i)
		}
	}
}

// word counts one word for every list that has it.
func (m *message) word(e *entry, i int, altered bool) {
	for _, w := range e.in {
		m.hit(w, i, i, altered)
	}
}

func (m *message) hit(w weighted, first, last int, altered bool) {
	if m.next[w.list] > int32(first) {
		return
	}
	m.next[w.list] = int32(last + 1)
	m.sums[w.list] += w.weight
	m.counts[w.list]++
	m.hits = append(m.hits, hit{w.list, w.weight, int32(first), int32(last), altered})
}

// phrases counts the phrases that begin here.
func (m *message) phrases(l *lexicon, e *entry, i int) {
	for p := range e.phrases {
		if m.reads(l, i+1, e.phrases[p].words) {
			for _, w := range e.phrases[p].in {
				m.hit(w, i, i+len(e.phrases[p].words), false)
			}
		}
	}
}

// reads says whether the tokens from i on are these words. The last may carry
// a particle: "tidak becusnya".
func (m *message) reads(l *lexicon, i int, words []string) bool {
	if i+len(words) > len(m.tokens) {
		return false
	}
	for k, w := range words {
		written := m.tokens[i+k].Text
		if written == w || l.slang[written] == w {
			continue
		}
		if k < len(words)-1 || len(written) <= len(w) {
			return false
		}
		if rest, ok := strings.CutPrefix(written, w); !ok || !particle(rest) && strings.Trim(rest, w[len(w)-1:]) != "" {
			return false
		}
	}
	return true
}

// particle: what Indonesian hangs on a word.
func particle(s string) bool {
	switch s {
	case "nya", "lah", "kah", "pun", "mu", "ku", "2":
		return true
	}
	return false
}

// spellings looks up the other ways to read a word: folded only, unstretched,
// without doubled letters, without particles, with every digit a letter, with
// the starred vowel.
func (m *message) spellings(l *lexicon, t *text.Token, i int) {
	if t.Text != t.Plain {
		m.form(l, t.Plain, i, false)
		if strings.IndexByte(t.Text, '*') >= 0 {
			m.starred(l, t.Text, i)
		}
	} else if t.Bold == "" && strings.IndexByte(t.Text, '*') > 0 {
		m.starred(l, t.Text, i)
	}
	if t.Bold != "" && t.Bold != t.Text {
		m.strong(l, t.Bold, i)
		if doubled(t.Bold) {
			m.buf = undouble(m.buf[:0], t.Bold)
			m.strongBytes(l, i)
		}
	}
	word := t.Text
	if doubled(word) {
		m.buf = text.AppendSqueezed(m.buf[:0], word)
		if len(m.buf) < len(word) {
			if e := l.words[string(m.buf)]; e != nil {
				m.word(e, i, len(word)-len(m.buf) > 1)
			}
			m.stems(l, m.buf, i)
		}
		m.buf = undouble(m.buf[:0], word) // "kemen4ng4an" has one a too many
		m.strongBytes(l, i)
	}
	if n := len(word); n >= 4 {
		switch word[n-1] {
		case 'a', 'h', 'n', 'u', '2':
			m.buf = append(m.buf[:0], word...)
			m.stems(l, m.buf, i)
		}
	}
}

func (m *message) form(l *lexicon, word string, i int, altered bool) {
	if e := l.find(word); e != nil {
		m.word(e, i, altered)
	}
}

// strong looks a doubtful reading up among the telling words only.
func (m *message) strong(l *lexicon, word string, i int) {
	if e := l.find(word); e != nil {
		m.telling(e, i, i)
	}
}

func (m *message) strongBytes(l *lexicon, i int) {
	if e := l.words[string(m.buf)]; e != nil {
		m.telling(e, i, i)
	}
}

func (m *message) telling(e *entry, first, last int) {
	for _, w := range e.in {
		if w.list == inGambling && w.weight >= 1 || w.list == inGross {
			m.hit(w, first, last, true)
		}
	}
}

// stems looks up the word without each particle it may carry.
func (m *message) stems(l *lexicon, word []byte, i int) {
	for _, p := range [...]string{"nya", "lah", "kah", "pun", "mu", "ku", "2"} {
		if n := len(word) - len(p); n >= 3 && string(word[n:]) == p {
			if e := l.find(string(word[:n])); e != nil {
				m.word(e, i, false)
			}
		}
	}
}

// starred finds a word whose one vowel was starred: "b*ngsat".
func (m *message) starred(l *lexicon, word string, i int) {
	at := strings.IndexByte(word, '*')
	if at < 0 || strings.IndexByte(word[at+1:], '*') >= 0 {
		return
	}
	for _, vowel := range [...]byte{'a', 'i', 'u', 'e', 'o'} {
		m.buf = append(m.buf[:0], word...)
		m.buf[at] = vowel
		if e := l.words[string(m.buf)]; e != nil {
			m.word(e, i, true)
		}
	}
}

// doubled: a letter stands twice in a row.
func doubled(word string) bool {
	for i := 1; i < len(word); i++ {
		if word[i] == word[i-1] && word[i] > '9' {
			return true
		}
	}
	return false
}

func undouble(b []byte, word string) []byte {
	for i := 0; i < len(word); i++ {
		if i == 0 || word[i] != word[i-1] {
			b = append(b, word[i])
		}
	}
	return b
}

// pieces finds a telling word that was broken in two or three: "gac or",
// "max-win", "s.lot".
func (m *message) pieces(l *lexicon, i int) {
	first := m.tokens[i].Text
	a, b := first[0], m.tokens[i+1].Text[0]
	if len(first) > 1 {
		b = first[1]
	}
	if a < 'a' || a > 'z' || b < 'a' || b > 'z' {
		return
	}
	lengths := l.broken[pair(a, b)]
	if lengths == 0 {
		return
	}
	n := len(first)
	m.buf = m.buf[:0]
	for k := i + 1; k < len(m.tokens) && k <= i+3; k++ {
		t := &m.tokens[k]
		if n += len(t.Text); n > 30 || t.Line() != m.tokens[i].Line() || t.Span.Start-m.tokens[k-1].Span.End > 4 {
			return
		}
		if lengths>>n&1 == 0 {
			continue
		}
		m.buf = m.buf[:0]
		for j := i; j <= k; j++ {
			m.buf = append(m.buf, m.tokens[j].Text...)
		}
		if e := l.words[string(m.buf)]; e != nil && e.strong {
			m.telling(e, i, k)
			return
		}
	}
}

// of returns the hits of one list, in reading order.
func (m *message) of(in list) func(func(hit) bool) {
	return func(yield func(hit) bool) {
		for _, h := range m.hits {
			if h.list == in && !yield(h) {
				return
			}
		}
	}
}

// span returns where tokens first..last stand in the original.
func (m *message) span(first, last int32) text.Span {
	return text.Span{Start: m.tokens[first].Span.Start, End: m.tokens[last].Span.End}
}

// reason builds the reason for a match.
func (m *message) reason(l Label, r Rule, first, last int32) Reason {
	s := m.span(first, last)
	return Reason{Label: l, Rule: r, Start: s.Start, End: s.End}
}

// reasons adds one reason for each hit of the lists, in reading order.
func (m *message) reasons(out []Reason, l Label, r Rule, in ...list) []Reason {
	if out == nil {
		n := 0
		for _, one := range in {
			n += m.counts[one]
		}
		out = make([]Reason, 0, n+4)
	}
	for _, h := range m.hits {
		if slices.Contains(in, h.list) {
			out = append(out, m.reason(l, r, h.first, h.last))
		}
	}
	return out
}

// score turns points into a number from 0 to 1; 3 points are 0.65.
func score(points float64) float64 { return points / (points + 1.6) }
