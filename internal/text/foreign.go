package text

import (
	"unicode"
	"unicode/utf8"
)

// foldForeign turns letters of other scripts into the Latin letters they look
// like, but only where they are a disguise: inside a word that also has Latin
// letters, or as a word made wholly of twins inside a Latin text. A word in
// another script stays as it is.
func foldForeign(cells []cell) {
	latinLetters, others, ornaments := 0, 0, 0
	for _, c := range cells {
		switch {
		case c.r < utf8.RuneSelf:
			if c.r >= 'a' && c.r <= 'z' || c.r >= 'A' && c.r <= 'Z' {
				latinLetters++
			}
		case !unicode.IsLetter(c.r):
		case unicode.Is(unicode.Latin, c.r):
			latinLetters++
		case scriptOf(c.r)&^remote == 0 && lookalike(c.r) != 0:
			ornaments++
		default:
			others++
		}
	}
	if others+ornaments == 0 {
		return
	}
	for i := 0; i < len(cells); {
		if !inWord(cells[i].r) {
			i++
			continue
		}
		end := i
		for end < len(cells) && inWord(cells[end].r) {
			end++
		}
		foldWord(cells[i:end], latinLetters > others && latinLetters*4 > ornaments)
		i = end
	}
}

func foldWord(word []cell, latinText bool) {
	own, twins, others, foreign := 0, 0, 0, 0
	scripts := script(0)
	for _, c := range word {
		switch {
		case !unicode.IsLetter(c.r):
			if unicode.Is(unicode.M, c.r) && !latinLike(c.r) {
				foreign++
			}
		case latinLike(c.r):
			own++
		case twin(c.r) != 0:
			twins++
			scripts |= scriptOf(c.r)
		case lookalike(c.r) != 0:
			others++
			scripts |= scriptOf(c.r)
		default:
			foreign++
		}
	}
	switch {
	case own > 0 && foreign <= own: // letters of two scripts in one word
	case own == 0 && foreign == 0 && scripts.several() && twins+others >= 3: // or of several others
	case own == 0 && foreign == 0 && others == 0 && latinText: // or all drawn the same
	case own == 0 && foreign == 0 && latinText && scripts&^remote == 0 && twins+others >= 3: // or of a script that is here for its looks
	default:
		return
	}
	for i, c := range word {
		if latinLike(c.r) {
			continue
		}
		if l := lookalike(c.r); l != 0 {
			word[i].r, word[i].traits = l, c.traits|disguised
		}
	}
}

func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)
}

// script is a set of scripts, as coarse as the table of lookalikes needs.
type script uint16

func (s script) several() bool { return s&(s-1) != 0 }

func scriptOf(r rune) script {
	for i, t := range [...]*unicode.RangeTable{unicode.Cyrillic, unicode.Greek, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo,
		unicode.Hebrew, unicode.Thai, unicode.Canadian_Aboriginal, unicode.Cherokee, unicode.Armenian, unicode.Ethiopic, unicode.Yi, unicode.Lisu} {
		if unicode.Is(t, r) {
			if t == unicode.Hiragana || t == unicode.Katakana {
				return scriptHan // Japanese words have all three
			}
			return 1 << i
		}
	}
	return 1 << 15
}

// remote are scripts of which a single word between Latin ones is no word.
const remote = script(1<<8 | 1<<9 | 1<<11 | 1<<12 | 1<<13)

// scriptHan is the place of unicode.Han in scriptOf.
const scriptHan script = 1 << 2
