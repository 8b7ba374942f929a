package text

import "unicode"

// foldForeign turns letters of other scripts into the Latin letters they look
// like, but only where they are a disguise: inside a word that also has Latin
// letters, or as a word made wholly of twins inside a Latin text. A word in
// another script stays as it is.
func foldForeign(cells []cell) {
	latinLetters, others := 0, 0
	for _, c := range cells {
		switch {
		case !unicode.IsLetter(c.r):
		case latinLike(c.r):
			latinLetters++
		default:
			others++
		}
	}
	if others == 0 {
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
		foldWord(cells[i:end], latinLetters > others)
		i = end
	}
}

func foldWord(word []cell, latinText bool) {
	own, twins, foreign := 0, 0, 0
	for _, c := range word {
		switch {
		case !unicode.IsLetter(c.r):
		case latinLike(c.r):
			own++
		case twin(c.r) != 0:
			twins++
		default:
			foreign++
		}
	}
	if own == 0 && (!latinText || foreign > 0) {
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
