package model

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"kentongan/internal/text"
)

// What an unknown word is replaced by.
const (
	maskAddressed = iota + 1
	maskUser
	maskURL
	maskTag
	maskBrand
	maskRare
	maskRareDigits
	maskRareCapitals
	maskLucky
	maskNumber // + digits, at most 5
)

// knownMark keeps hashes of words apart from masks.
const knownMark = 1 << 31

// word adds what one token is.
func (k *CampaignReader) word(f text.Folded, t *text.Token, between string, known []byte, n *campaignCounts) {
	raw := t.Span.Of(f.Original)
	w := campaignWord{gap: gapKind(between), picture: picture(between), number: digitsOnly(t.Plain), capital: capitals(raw), length: len(t.Plain)}
	k.letters = squeezed(k.letters[:0], t.Text)
	h := hash(k.letters)
	w.known = isKnown(known, h)
	if !w.known && t.Plain != t.Text {
		k.letters = squeezed(k.letters[:0], t.Plain)
		w.known = isKnown(known, hash(k.letters))
	}
	shape := t.Shape()
	before := byte(0)
	if t.Span.Start > 0 {
		before = f.Original[t.Span.Start-1]
	}
	digits := hasDigit(t.Plain)
	switch {
	case before == '@':
		w.mask, shape = maskAddressed, 0
	case raw == "USER":
		w.mask = maskUser
	case raw == "URL":
		w.mask = maskURL
	case before == '#' && !w.known:
		w.mask, shape = maskTag, 0
	case shape.Brand():
		w.mask, w.base, w.known = maskBrand, maskRare, false
		n.brand++
	case w.number:
		w.mask = maskNumber + uint32(min(len(t.Plain), 5))
		if luckyNumber(t.Plain) {
			w.mask = maskLucky
		}
	case w.known:
		w.mask = h | knownMark
	default:
		n.rare++
		w.mask, w.base = maskRare, maskRare
		if digits {
			w.mask = maskRareDigits
		} else if w.capital && len(raw) >= 4 {
			w.mask = maskRareCapitals
		}
	}
	if w.base == 0 {
		w.base = w.mask
	}
	if k.inLexicon(h) {
		n.lexicon++
	}
	k.add(kindWord, w.mask, 0, 0)
	if w.capital && len(raw) >= 4 {
		n.capitals++
		k.add(kindCapital, k.class(&w), 0, 0)
	}
	k.disguise(t, shape, &w, digits, n)
	if w.base == maskRare {
		k.unknown(t, digits)
	}
	k.words = append(k.words, w)
}

// class: a mask, or only that it is a known word, of gambling or not.
func (k *CampaignReader) class(w *campaignWord) uint32 {
	switch {
	case w.mask&knownMark == 0:
		return w.mask
	case k.inLexicon(w.mask): // compared without the mark
		return knownMark | 1
	}
	return knownMark
}

// disguise adds how a word was hidden.
func (k *CampaignReader) disguise(t *text.Token, shape text.Shape, w *campaignWord, digits bool, n *campaignCounts) {
	hidden := uint32(shape & (text.Dressed | text.Spelled | text.Digited | text.Mixed))
	for _, c := range [...]struct {
		is text.Shape
		n  *int
	}{{text.Dressed, &n.dressed}, {text.Spelled, &n.spelled}, {text.Digited, &n.digited}, {text.Mixed, &n.mixed}} {
		if shape.Has(c.is) {
			*c.n++
		}
	}
	if hidden != 0 {
		k.add(kindDisguise, hidden, 0, 0)
		k.add(kindDisguiseOf, hidden, k.class(w), 0)
		if brandEnding(t.Text) {
			k.add(kindDisguiseEnd, 0, 0, 0)
		}
		if digits {
			k.add(kindDisguiseDigit, 0, 0, 0)
		}
	}
	for b := text.BrandLucky; b <= text.BrandWin; b <<= 1 {
		if shape&b != 0 {
			k.add(kindBrand, uint32(b), 0, 0)
		}
	}
}

// unknown adds the ending of a word that ordinary people do not use, and where
// its digits stand.
func (k *CampaignReader) unknown(t *text.Token, digits bool) {
	if digits {
		h, last := uint32(2166136261), byte(0)
		for i := range len(t.Plain) {
			c := byte('a')
			if t.Plain[i] >= '0' && t.Plain[i] <= '9' {
				c = '0'
			}
			if c == '0' || c != last {
				h = (h ^ uint32(c)) * 16777619
			}
			last = c
		}
		k.add(kindPattern, h, 0, 0)
	}
	h, n := uint32(2166136261), 0
	for i := len(t.Text); i > 0 && n < 4; {
		r, size := utf8.DecodeLastRuneInString(t.Text[:i])
		if i -= size; i == 0 {
			break // the whole word is its name
		}
		h = (h ^ uint32(r)) * 16777619
		if n++; n >= 2 {
			k.add(kindEnd, h, uint32(n), 0)
		}
	}
}

// neighbours adds what a word is together with those before it.
func (k *CampaignReader) neighbours(tokens []text.Token, i int, n *campaignCounts) {
	if i == 0 {
		return
	}
	w, p := &k.words[i], &k.words[i-1]
	k.add(kindPair, p.base, w.base, 0)
	if w.mask != w.base || p.mask != p.base {
		k.add(kindPairMask, p.mask, w.mask, 0)
	}
	if w.number && !p.number && w.gap != '_' {
		k.add(kindNumberAfter, uint32(w.gap), k.class(p), 0) // "ALEXIS-17"
	}
	a, b := tokens[i-1].Plain, tokens[i].Plain
	if e := splitEnding(a, b, w.gap); e > 0 {
		n.split++
		k.add(kindSplit, 0, 0, 0)
		k.add(kindSplitEnd, uint32(e), 0, 0)
	}
	if a == b && numberWord(a) {
		n.split++
		k.add(kindNumberTwice, 0, 0, 0) // "tujuh tujuh tujuh"
	}
	if i > 1 {
		q := &k.words[i-2]
		k.add(kindTriple, q.base, p.base, w.base)
		if q.base == maskRare && w.base == maskRare {
			k.add(kindBetween, p.base, 0, 0)
		}
	}
}

// frames adds names of up to three pieces that stand between two pictures.
func (k *CampaignReader) frames(last bool, n *campaignCounts) {
	before := func(i int) bool {
		if i == len(k.words) {
			return last
		}
		return k.words[i].picture
	}
	for i := range k.words {
		if !k.words[i].picture {
			continue
		}
		k.at = int32(i)
		pieces := uint32(0)
		for l := 1; l <= 3 && i+l <= len(k.words); l++ {
			w := &k.words[i+l-1]
			piece := uint32(1)
			switch {
			case w.number:
				piece = 2
			case w.known:
				piece = 3
			}
			pieces <<= 3
			pieces |= piece << 1
			if w.capital {
				pieces |= 1
			}
			if before(i + l) {
				n.framed++
				k.add(kindFrame, pieces, 0, 0)
			}
		}
	}
}

// endings of brands that are cut in two: "Ga ruda Ho ki".
func splitEnding(a, b string, gap byte) int {
	if gap == '0' || len(a) > 5 || len(b) > 4 {
		return 0
	}
	for e, ending := range [...]string{"toto", "togel", "slot", "hoki", "gacor", "4d"} {
		if len(b) < len(ending) && (len(b) > 1 || ending == "4d") && strings.HasSuffix(ending, b) && strings.HasSuffix(a, ending[:len(ending)-len(b)]) {
			return e + 1
		}
	}
	return 0
}

func brandEnding(word string) bool {
	for _, e := range [...]string{"toto", "togel", "slot", "hoki", "gacor", "win", "bet", "4d", "jp", "wd"} {
		if len(word) > len(e)+1 && strings.HasSuffix(word, e) {
			return true
		}
	}
	return false
}

func luckyNumber(d string) bool {
	switch d {
	case "303", "138", "168", "855", "369", "365", "123":
		return true
	}
	return len(d) >= 2 && strings.Count(d, d[:1]) == len(d)
}

func numberWord(s string) bool {
	switch s {
	case "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "nol":
		return true
	}
	return false
}

func digitsOnly(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func hasDigit(s string) bool {
	for i := range len(s) {
		if s[i]-'0' <= 9 {
			return true
		}
	}
	return false
}

// capitals: written wholly in capitals.
func capitals(raw string) bool {
	some := false
	for _, r := range raw {
		switch {
		case r >= 'a' && r <= 'z', r >= utf8.RuneSelf && unicode.IsLower(r):
			return false
		case r >= 'A' && r <= 'Z', r >= utf8.RuneSelf && unicode.IsUpper(r):
			some = true
		}
	}
	return some
}

// squeezed appends the word with stretching undone, as text.Squeeze does.
func squeezed(out []byte, word string) []byte {
	for i := 0; i < len(word); {
		_, size := utf8.DecodeRuneInString(word[i:])
		end := i + size
		for end+size <= len(word) && word[end:end+size] == word[i:i+size] {
			end += size
		}
		times := (end - i) / size
		if letter := word[i] >= 'a' && word[i] <= 'z' || size > 1; letter && (times >= 3 || times == 2 && end == len(word)) {
			out = append(out, word[i:i+size]...)
		} else {
			out = append(out, word[i:end]...)
		}
		i = end
	}
	return out
}

// lexiconSlots is a power of two, at least four times the words.
const lexiconSlots = 512

// gamblingWords are the words of the trade, written for this project. Alone
// they prove nothing; the model learns what they mean beside others.
func gamblingWords() []string {
	return strings.Fields(`gacor gacoor gacir maxwin maxwind togel toto slot slots selot scatter scater jackpot jekpot jakpot rtp parlay casino kasino
		baccarat roulette jepe jepey jeipe jp wd wede depo spin freespin freebet rungkad rungkat withdraw an sensational zeus olympus mahjong petir
		pragmatic pg hoki hokki cuan sultan receh modal deposit betting bet menang kemenangan kemenangannya menangnya situs bandar judi judol login
		daftar link bonus saldo pola admin bio profit cair caer member jitu tembus nonstop auto main bermain mainkan rezeki pecah taruhan`)
}

func gamblingLexicon() *[lexiconSlots]uint32 {
	var table [lexiconSlots]uint32
	for _, w := range gamblingWords() {
		h := hash(squeezed(nil, w)) | knownMark
		i := h % lexiconSlots
		for table[i] != 0 && table[i] != h {
			i = (i + 1) % lexiconSlots
		}
		table[i] = h
	}
	return &table
}

func (k *CampaignReader) inLexicon(h uint32) bool {
	h |= knownMark
	for i := h % lexiconSlots; k.lexicon[i] != 0; i = (i + 1) % lexiconSlots {
		if k.lexicon[i] == h {
			return true
		}
	}
	return false
}
