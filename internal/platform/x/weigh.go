package x

import (
	"regexp"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// urlWeight is what any address counts.
const urlWeight = 23

// Weigh is X's weighted length (twitter-text configuration version 3): after
// NFC, Latin and its like count 1, everything else 2, an emoji of any length 2
// and an address 23.
func Weigh(text string) int { return weigh(text, true) }

func weigh(text string, emoji bool) int {
	text = norm.NFC.String(text)
	total, last := 0, 0
	for _, at := range addresses(text) {
		total += weighPlain(text[last:at[0]], emoji) + urlWeight
		last = at[1]
	}
	return total + weighPlain(text[last:], emoji)
}

func weighPlain(text string, emoji bool) int {
	total := 0
	for len(text) > 0 {
		if emoji {
			if at := emojis.FindStringIndex(text); at != nil {
				total += 2
				text = text[at[1]:]
				continue
			}
		}
		r, size := utf8.DecodeRuneInString(text)
		text = text[size:]
		if light(r) {
			total++
		} else {
			total += 2
		}
	}
	return total
}

// light are the ranges of weight 100 in configuration version 3.
func light(r rune) bool {
	return r <= 4351 || r >= 8192 && r <= 8205 || r >= 8208 && r <= 8223 || r >= 8242 && r <= 8247
}

// emojis matches one emoji at the start: a flag, a keycap, a sign made an
// emoji by its selector, or pictures with skin tones, joined and tagged.
var emojis = regexp.MustCompile(`^(?:[\x{1F1E6}-\x{1F1FF}]{2}|[0-9#*]\x{FE0F}?\x{20E3}|[\x{A9}\x{AE}\x{2122}\x{265F}]\x{FE0F}|` +
	picture + `(?:\x{200D}` + picture + `)*)`)

const picture = `[\x{203C}\x{2049}\x{2139}\x{2194}-\x{21AA}\x{231A}-\x{23FF}\x{24C2}\x{25AA}-\x{25FE}\x{2600}-\x{27BF}\x{2934}\x{2935}\x{2B05}-\x{2B55}\x{3030}\x{303D}\x{3297}\x{3299}\x{1F004}\x{1F0CF}\x{1F170}-\x{1F251}\x{1F300}-\x{1FAFF}]` +
	`[\x{FE0F}\x{1F3FB}-\x{1F3FF}]*(?:[\x{E0020}-\x{E007E}]+\x{E007F})?`
