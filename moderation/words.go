package moderation

import (
	"slices"
	"strings"

	"kentongan/internal/text"
)

// list is one of the word lists.
type list uint8

const (
	inGambling list = iota
	inReport
	inStory
	inFraud
	inGross
	inCoarse
	inMild
	inAimed
	inDanger
	inPlea
	inElsewhere
	inComplaint
	inOffice
	inBlame
	inThanks
	inQuestion
	lists
)

// lexicon holds the words and phrases of all lists, so that a word of a
// message is looked up once. It is read-only.
type lexicon struct {
	words map[string]*entry
	slang text.Dictionary
	// seen says of a hash whether any word has it: most words of a message are
	// in no list, and need not be looked for.
	seen [1 << 10]uint64
	// broken words are looked for only where their first two letters and their
	// length fit: by the letters, bit n for a word of n letters.
	broken [26 * 26]uint32
}

// entry is what the lists say about one word, and about phrases it begins.
type entry struct {
	in      []weighted
	phrases []phrase // longest first
	strong  bool     // telling enough to be put together from pieces
}

type weighted struct {
	list   list
	weight float64
}

type phrase struct {
	words []string // after the first
	in    []weighted
}

// newLexicon reads the word lists.
func newLexicon() *lexicon {
	l := &lexicon{words: map[string]*entry{}, slang: text.NewDictionary()}
	for i, lines := range [lists]string{
		inGambling: gamblingWords, inReport: gamblingReport, inStory: gamblingStory, inFraud: fraudWords,
		inGross: abuseGross, inCoarse: abuseCoarse, inMild: abuseMild, inAimed: aimed,
		inDanger: dangerWords, inPlea: pleaWords, inElsewhere: safetyElsewhere,
		inComplaint: complaintWords, inOffice: officeWords, inBlame: blameWords,
		inThanks: thanksWords, inQuestion: questionWords,
	} {
		l.read(list(i), lines)
	}
	l.spellAgain()
	for spelled, formal := range l.slang {
		if e := l.words[formal]; e != nil && l.words[spelled] == nil {
			l.words[spelled] = e
		}
	}
	for word := range l.words {
		h := trace(word)
		l.seen[h/64] |= 1 << (h % 64)
	}
	for _, e := range l.words {
		slices.SortStableFunc(e.phrases, func(a, b phrase) int {
			if n := len(b.words) - len(a.words); n != 0 {
				return n
			}
			return strings.Compare(strings.Join(a.words, " "), strings.Join(b.words, " "))
		})
	}
	return l
}

// find returns what the lists say of a word, or nil.
func (l *lexicon) find(word string) *entry {
	if h := trace(word); l.seen[h/64]>>(h%64)&1 == 0 {
		return nil
	}
	return l.words[word]
}

// trace is a hash of 16 bits, from a few letters.
func trace(word string) uint32 {
	n := len(word)
	if n == 0 {
		return 0
	}
	h := uint32(n)*0x9E37 + uint32(word[0])*0x85EB + uint32(word[n-1])*0xC2B3 + uint32(word[n/2])*0x27D5 + uint32(word[n/4])*0x165B
	return (h ^ h>>16) & 0xFFFF
}

// read takes in lines of "weight: entry, entry, ...".
func (l *lexicon) read(in list, lines string) {
	for line := range strings.Lines(lines) {
		weight, entries, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok {
			continue
		}
		var w float64
		for _, r := range weight { // tenths: "15" is 1.5
			w = w*10 + float64(r-'0')
		}
		for written := range strings.SplitSeq(entries, ",") {
			if words := strings.Fields(written); len(words) > 0 {
				l.add(words, weighted{in, w / 10})
			}
		}
	}
}

func (l *lexicon) add(words []string, w weighted) {
	e := l.words[words[0]]
	if e == nil {
		e = &entry{}
		l.words[words[0]] = e
	}
	if len(words) == 1 {
		e.in = put(e.in, w)
		return
	}
	for i := range e.phrases {
		if slices.Equal(e.phrases[i].words, words[1:]) {
			e.phrases[i].in = put(e.phrases[i].in, w)
			return
		}
	}
	e.phrases = append(e.phrases, phrase{words[1:], []weighted{w}})
}

// put keeps one weight for each list, the last that was written.
func put(in []weighted, w weighted) []weighted {
	for i := range in {
		if in[i].list == w.list {
			in[i].weight = w.weight
			return in
		}
	}
	return append(in, w)
}

// A word of gambling with this weight is put together from pieces, and one
// with the other is looked for in other spellings.
const (
	fromPieces = 1
	respelled  = 1.5
)

// spellAgain adds the spellings that are one slip of the eye away from the
// telling words: I and l exchanged, rn for m, vv for w, and back to front. It
// is done once here, so a message is not searched for each.
func (l *lexicon) spellAgain() {
	var strong []string
	for word, e := range l.words {
		for _, w := range e.in {
			if len(word) >= 4 && plain(word) && w.list == inGambling && w.weight >= fromPieces || len(word) >= 5 && plain(word) && w.list == inGross {
				e.strong = true
			}
		}
		if e.strong {
			strong = append(strong, word)
			l.broken[pair(word[0], word[1])] |= 1 << min(len(word), 31)
		}
	}
	slices.Sort(strong)
	for _, word := range strong {
		in := l.words[word].in
		i := slices.IndexFunc(in, func(w weighted) bool { return w.list == inGambling && (w.weight >= respelled || word == "slot") })
		if i < 0 {
			continue
		}
		for _, again := range respellings(word) {
			if l.words[again] == nil && again != "telor" && len(again) >= 4 { // an egg
				l.words[again] = &entry{in: []weighted{{inGambling, in[i].weight + alteredBonus}}}
			}
		}
	}
}

// respellings are all ways to exchange those letters, and the word back to
// front.
func respellings(word string) []string {
	out := []string{word}
	for _, change := range [...][2]string{{"m", "rn"}, {"w", "vv"}} {
		for _, w := range slices.Clone(out) {
			out = append(out, strings.ReplaceAll(w, change[0], change[1]))
		}
	}
	for _, w := range slices.Clone(out) {
		out = append(out, strings.ReplaceAll(w, "l", "i"), strings.ReplaceAll(w, "i", "l"))
	}
	return append(out, backToFront(word))
}

func plain(word string) bool {
	for i := range len(word) {
		if word[i] < 'a' || word[i] > 'z' {
			return false
		}
	}
	return true
}

// pair is the place of a plain word's first two letters in lexicon.broken.
func pair(a, b byte) int { return int(a-'a')*26 + int(b-'a') }

func backToFront(word string) string {
	b := []byte(word)
	slices.Reverse(b)
	return string(b)
}
