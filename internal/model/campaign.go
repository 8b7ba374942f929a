package model

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"unicode"
	"unicode/utf8"

	"kentongan/internal/text"
)

// Gambling spam is read apart from everything else. A model that learns its
// words learns the names of this week's sites, and is blind to those of next
// week (measured: F1 .98 on the campaigns it has seen, .12 to .77 on another).
// So words that ordinary people do not use are replaced by their shape before
// anything is learned: what is left of "gas main di ★KYT4D★" is "gas main di
// <brand between two pictures>".

// CampaignVersion changes whenever the same message could give other buckets.
const CampaignVersion = 1

// CampaignBuckets is the room for masked words, pairs and triples of them.
const CampaignBuckets = 1 << 16

// knownBits is the room for the words of ordinary people: a Bloom filter
// (1970) with two probes; of 25,000 words one unknown in fifty passes.
const knownBits = 1 << 18

// Campaign is the head for gambling as it lies in a weights file.
type Campaign struct {
	Version   int     `json:"version"`
	Weights   []byte  `json:"weights"` // int8 by bucket
	Scale     float32 `json:"scale"`   // what one step is worth
	Sizes     []byte  `json:"sizes"`   // squared size by bucket
	SizeStep  float32 `json:"size_step"`
	Known     []byte  `json:"known"`
	Bias      float32 `json:"bias"`
	Slope     float32 `json:"slope"` // the probability is 1/(1+exp(-(Slope*value+Offset)))
	Offset    float32 `json:"offset"`
	Threshold float32 `json:"threshold"` // of the probability
}

func (c *Campaign) broken() bool {
	return c.Version != CampaignVersion || len(c.Weights) != CampaignBuckets || len(c.Sizes) != CampaignBuckets || len(c.Known) != knownBits/8 ||
		!finite(c.Scale, c.SizeStep, c.Bias, c.Slope, c.Offset, c.Threshold)
}

// Gambling says how probable it is that the message advertises gambling, and
// whether that is enough. ok is false where the model has no such head.
func (m *Model) Gambling(f text.Folded, tokens []text.Token, s *Scratch) (probability float32, decided, ok bool) {
	if m.campaign == nil {
		return 0, false, false
	}
	s.campaign.Read(f, tokens, m.campaign.Known)
	p := m.campaign.score(&s.campaign)
	return p, p >= m.campaign.Threshold, true
}

func (c *Campaign) score(k *CampaignReader) float32 {
	return float32(1 / (1 + math.Exp(-float64(c.Slope*c.Value(k.buckets)+c.Offset))))
}

// Value is the plain sum, divided by the message's length.
func (c *Campaign) Value(buckets []uint32) float32 {
	sum, size := int32(0), int32(0)
	for _, b := range buckets {
		sum += int32(int8(c.Weights[b]))
		size += int32(c.Sizes[b])
	}
	return float32(sum)*c.Scale*inverseRoot(float32(size)*c.SizeStep) + c.Bias
}

// ExplainGambling says which words of the message just read by Gambling spoke
// for it, the strongest first, in units of the head's logit.
func (m *Model) ExplainGambling(tokens []text.Token, s *Scratch) []Contribution {
	if m.campaign == nil || len(tokens) != len(s.campaign.words) {
		return nil
	}
	k := &s.campaign
	size := int32(0)
	votes := make([]int32, len(tokens))
	for i, b := range k.buckets {
		size += int32(m.campaign.Sizes[b])
		if at := k.from[i]; at >= 0 {
			votes[at] += int32(int8(m.campaign.Weights[b]))
		}
	}
	step := float64(m.campaign.Slope * m.campaign.Scale * inverseRoot(float32(size)*m.campaign.SizeStep))
	out := make([]Contribution, 0, len(tokens))
	for i, v := range votes {
		if v > 0 {
			out = append(out, Contribution{tokens[i].Span, step * float64(v)})
		}
	}
	slices.SortStableFunc(out, func(a, b Contribution) int { return cmp.Compare(b.Weight, a.Weight) })
	return out
}

// AddKnown enters a word into the filter.
func AddKnown(known []byte, word string) {
	h := hash(squeezed(nil, word))
	for _, at := range [...]uint32{h % knownBits, spread(h, knownBits)} {
		known[at/8] |= 1 << (at % 8)
	}
}

// NewKnown returns an empty filter that holds the words of gambling: they are
// what remains readable.
func NewKnown() []byte {
	known := make([]byte, knownBits/8)
	for _, w := range gamblingWords() {
		AddKnown(known, w)
	}
	return known
}

func isKnown(known []byte, h uint32) bool {
	a, b := h%knownBits, spread(h, knownBits)
	return known[a/8]>>(a%8)&1 == 1 && known[b/8]>>(b%8)&1 == 1
}

// CampaignReader reads messages into masked features. It is reused.
type CampaignReader struct {
	buckets []uint32
	from    []int32 // token, or -1
	seen    []uint64
	epoch   uint32
	words   []campaignWord
	letters []byte
	at      int32
	lexicon *[lexiconSlots]uint32
}

// campaignWord is one token as the model sees it.
type campaignWord struct {
	base, mask uint32 // what it is; mask tells more of unknown words
	gap        byte   // what stands before it
	picture    bool   // before it
	number     bool
	known      bool
	capital    bool
	length     int
}

// Read returns the distinct buckets of a message; they are good until the next.
func (k *CampaignReader) Read(f text.Folded, tokens []text.Token, known []byte) []uint32 {
	k.reset(len(tokens))
	var n campaignCounts
	n.words = len(tokens)
	end := 0
	for i := range tokens {
		t := &tokens[i]
		between := ""
		if t.Span.Start > end {
			between = f.Original[end:t.Span.Start]
		}
		end = max(end, t.Span.End)
		k.at = int32(i)
		k.word(f, t, between, known, &n)
		k.neighbours(tokens, i, &n)
	}
	tail := ""
	if end < len(f.Original) {
		tail = f.Original[end:]
	}
	k.frames(picture(tail), &n)
	k.at = -1
	k.counts(&n)
	return k.buckets
}

func (k *CampaignReader) reset(tokens int) {
	if k.lexicon == nil {
		k.lexicon = gamblingLexicon()
	}
	need := 1024
	for need < 32*tokens {
		need *= 2
	}
	if len(k.seen) < need {
		k.seen, k.epoch = make([]uint64, need), 0
	}
	if k.epoch++; k.epoch == 0 {
		clear(k.seen)
		k.epoch = 1
	}
	k.buckets, k.from, k.words = k.buckets[:0], k.from[:0], k.words[:0]
}

// Kinds of features; the numbers only keep them apart.
const (
	kindWord = iota + 1
	kindPair
	kindPairMask
	kindTriple
	kindBetween
	kindCapital
	kindDisguise
	kindDisguiseOf
	kindDisguiseEnd
	kindDisguiseDigit
	kindBrand
	kindNumberAfter
	kindSplit
	kindSplitEnd
	kindNumberTwice
	kindFrame
	kindPattern
	kindEnd
	kindCount
	kindFlag
)

func (k *CampaignReader) add(kind, a, b, c uint32) {
	h := (kind*seed ^ a) * 0x85EBCA6B
	h = (h>>15 ^ h ^ b) * 0xC2B2AE35
	h = (h>>13 ^ h ^ c) * 0x27D4EB2F
	bucket := (h>>16 ^ h) % CampaignBuckets
	key := uint64(k.epoch)<<32 | uint64(bucket)
	mask := uint32(len(k.seen) - 1)
	for i := (bucket * seed >> 7) & mask; ; i = (i + 1) & mask {
		switch have := k.seen[i]; {
		case have == key:
			return
		case uint32(have>>32) != k.epoch:
			k.seen[i] = key
			k.buckets = append(k.buckets, bucket)
			k.from = append(k.from, k.at)
			return
		}
	}
}

// campaignCounts is what is counted over the whole message.
type campaignCounts struct {
	words, rare, dressed, brand, spelled, digited, mixed, framed, capitals, lexicon, split int
}

// counts adds each count as steps, 1, 2-3, 4-7, …, so that more says more.
func (k *CampaignReader) counts(n *campaignCounts) {
	w := max(1, n.words)
	for i, v := range [...]int{
		n.dressed, n.brand, n.spelled, n.digited, n.mixed, n.framed, n.lexicon, n.split, n.words,
		n.rare * 8 / w, n.dressed * 8 / w, n.lexicon * 8 / w, n.capitals * 8 / w,
	} {
		for step := range bits.Len(uint(v)) {
			k.add(kindCount, uint32(i), uint32(step), 0)
		}
	}
	evidence := n.dressed + n.brand + n.spelled + n.digited + n.mixed + n.framed + n.split
	for i, flag := range [...]bool{
		evidence+n.lexicon == 0, evidence > 0 && n.lexicon > 0, n.rare > 0 && n.lexicon > 1, n.dressed == n.words && n.words > 0,
	} {
		if flag {
			k.add(kindFlag, uint32(i), 0, 0)
		}
	}
}

// picture: an emoji or a sign that people frame names with.
func picture(s string) bool {
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if text.Picture(r) {
			return true
		}
		i += n
	}
	return false
}

// gapKind: what stands between two words.
func gapKind(s string) byte {
	switch s {
	case " ":
		return '_'
	case "":
		return '0'
	}
	if picture(s) {
		return 'P'
	}
	kind := byte('_')
	for _, r := range s {
		switch {
		case r == '-':
			return '-'
		case r == '\'' || r == '`' || r == '’':
			kind = 'q'
		case kind != 'q' && (r == '.' || r == '/' || r == ','):
			kind = '.'
		case kind == '_' && !unicode.IsSpace(r):
			kind = 'o'
		}
	}
	return kind
}
