package sandbox

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
	"golang.org/x/text/unicode/norm"
)

const xMaxWeight = 280

// Links count 23 whatever their length, written with or without scheme; without
// one the name must end in a top-level domain.
var xURL = regexp.MustCompile(`(?i)(?:https?://[^\s<>"\x{202A}-\x{202E}\x{2066}-\x{2069}]+[^\s<>".,;:!?)\]'\x{202A}-\x{202E}\x{2066}-\x{2069}]|\b(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}\b(?:/[^\s<>"]*[^\s<>".,;:!?)\]'])?)`)

// xLinks are the places of a text's links. A host with a label of more than 63
// characters, in ASCII form, is none; a name behind an @ is an address.
func xLinks(text string) [][]int {
	var out [][]int
	for _, m := range xURL.FindAllStringIndex(text, -1) {
		_, host, found := strings.Cut(text[m[0]:m[1]], "://")
		if !found {
			host = text[m[0]:m[1]]
		}
		if i := strings.IndexAny(host, "/?#:"); i >= 0 {
			host = host[:i]
		}
		if !found && !topLevel(host) {
			continue
		}
		ascii, err := idna.Punycode.ToASCII(host)
		tooLong := func(label string) bool { return len(label) > 63 }
		if err != nil || slices.ContainsFunc(strings.Split(ascii, "."), tooLong) || m[0] > 0 && text[m[0]-1] == '@' {
			continue
		}
		out = append(out, m)
	}
	return out
}

// xWeigh is twitter-text's weighted length, configuration v3: NFC, 100 or 200
// hundredths a code point, 2 an emoji, 23 a link.
func xWeigh(text string) int {
	text = norm.NFC.String(text)
	weight := 0
	last := 0
	for _, m := range xLinks(text) {
		weight += xWeighPlain(text[last:m[0]]) + 23*100
		last = m[1]
	}
	return (weight + xWeighPlain(text[last:])) / 100
}

func xWeighPlain(s string) int {
	weight := 0
	for len(s) > 0 {
		if n := emojiLen(s); n > 0 {
			weight += 200
			s = s[n:]
			continue
		}
		r, n := utf8.DecodeRuneInString(s)
		weight += xRuneWeight(r)
		s = s[n:]
	}
	return weight
}

func xRuneWeight(r rune) int {
	switch {
	case r <= 4351, r >= 8192 && r <= 8205, r >= 8208 && r <= 8223, r >= 8242 && r <= 8247:
		return 100
	}
	return 200
}

// Emoji sequences: a base with modifiers, joined ones, flags and keycaps.
var emojiPattern = regexp.MustCompile(`^(?:[\x{1F1E6}-\x{1F1FF}]{2}|[0-9#*]\x{FE0F}?\x{20E3}|` + emojiOne + `(?:\x{200D}` + emojiOne + `)*)`)

const emojiOne = `(?:[\x{1F000}-\x{1FAFF}\x{2600}-\x{27BF}\x{2B00}-\x{2BFF}\x{2300}-\x{23FF}\x{2190}-\x{21FF}\x{25A0}-\x{25FF}\x{3030}\x{303D}\x{3297}\x{3299}][\x{FE0F}\x{1F3FB}-\x{1F3FF}]*(?:[\x{E0020}-\x{E007F}]+)?)`

func emojiLen(s string) int {
	if m := emojiPattern.FindStringIndex(s); m != nil {
		return m[1]
	}
	return 0
}

// topLevel says whether a name ends in a top-level domain of the root zone.
func topLevel(host string) bool {
	_, icann := publicsuffix.PublicSuffix("x." + strings.ToLower(host[strings.LastIndexByte(host, '.')+1:]))
	return icann
}
