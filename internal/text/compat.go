package text

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// compat resolves compatibility letters (NFKD), drops what is invisible, and
// drops marks on Latin letters and digits. Marks of other scripts carry
// meaning (Arabic, Javanese, Devanagari) and stay.
func compat(out, cells []cell) []cell {
	backwards := trait(0)
	for i := 0; i < len(cells); i++ {
		c := cells[i]
		if c.r < utf8.RuneSelf {
			if c.r == '\n' {
				backwards = 0
			}
			c.traits |= backwards
			out = append(out, c)
			continue
		}
		switch c.r {
		case 0x202E: // right to left from here
			backwards = backward
		case 0x202C, 0x202D, 0x2069:
			backwards = 0
		}
		c.traits |= backwards
		switch {
		case unicode.Is(unicode.Mn, c.r) || unicode.Is(unicode.Me, c.r) || invisible(c.r):
			out = dropped(out, c, i+1 < len(cells) && unicode.IsLetter(cells[i+1].r))
		case regional(c.r):
			n := 1
			for i+n < len(cells) && (regional(cells[i+n].r) || invisible(cells[i+n].r)) {
				n++
			}
			out = flags(out, cells[i:i+n])
			i += n - 1
		case c.r >= 0xA490 && c.r <= 0xA4C6 && dressedUp(c.r) != 0: // radicals of Yi: nobody writes with them
			c.r, c.traits = dressedUp(c.r), c.traits|disguised
			out = append(out, c)
		case c.r == 0x2800: // a braille sign without dots is a space
			c.r = ' '
			out = append(out, c)
		case unicode.Is(unicode.Sc, c.r) && !besideLetter(cells, i):
			out = append(out, c) // a price, no letter
		default:
			if l := signFor(c.r); l != 0 && insideWord(cells, i) {
				c.r, c.traits = l, c.traits|disguised
				out = append(out, c)
				continue
			}
			out = appendPlain(out, c)
		}
	}
	return out
}

// dropped gives the bytes of a mark, or of what is invisible, to the letter
// before it, unless that letter needs it.
func dropped(out []cell, c cell, letterAfter bool) []cell {
	last := len(out) - 1
	switch {
	case last < 0:
	case foreignLetter(out[last].r) && !hides(c.r):
		return append(out, c) // belongs to a letter of another script
	case latinLike(out[last].r) && !accent(c.r):
		out[last].end = c.end
		if !invisible(c.r) || out[last].r > ' ' && letterAfter {
			out[last].traits |= disguised
		}
	default:
		out[last].end = c.end
	}
	return out
}

// flags reads a run of regional letters. Pairs that name regions are flags;
// any other run is a word.
func flags(out, run []cell) []cell {
	word := false
	n := 0
	var first rune
	for i, c := range run {
		if !regional(c.r) {
			word = word || i > 0 && i < len(run)-1 // parted, so it is shown as letters
			continue
		}
		if n++; n%2 == 1 {
			first = c.r
		} else if !region(byte(first-0x1F1E6)+'A', byte(c.r-0x1F1E6)+'A') {
			word = true
		}
	}
	word = word || n%2 == 1 || n > 8
	for _, c := range run {
		if !regional(c.r) {
			continue
		}
		if word {
			c.r, c.traits = c.r-0x1F1E6+'a', c.traits|disguised
		}
		out = append(out, c)
	}
	return out
}

// insideWord: a letter directly before and behind, and few of them on one
// side: "SL⭕T", not "merdeka⭕bersama".
func insideWord(cells []cell, i int) bool {
	before, after := 0, 0
	for before < 8 && i-before-1 >= 0 && passes(cells[i-before-1].r) {
		before++
	}
	for after < 8 && i+after+1 < len(cells) && passes(cells[i+after+1].r) {
		after++
	}
	return before > 0 && after > 0 && min(before, after) <= 3 && unicode.IsLetter(cells[i-before].r)
}

// passes: a letter, or what passes for one.
func passes(r rune) bool {
	return unicode.IsLetter(r) || signFor(r) != 0 || r == '@' || r == '$' || r == '€' || r == '¢' || r == 0xFE0F
}

func besideLetter(cells []cell, i int) bool {
	return i > 0 && unicode.IsLetter(cells[i-1].r) || i+1 < len(cells) && unicode.IsLetter(cells[i+1].r)
}

// appendPlain appends what c looks like in plain letters.
func appendPlain(out []cell, c cell) []cell {
	if r, ok := enclosed(c.r); ok {
		return append(out, cell{r, c.start, c.end, c.traits | disguised})
	}
	if upsideDown(c.r) {
		c.traits |= turned
	}
	if unicode.Is(unicode.Zs, c.r) {
		c.r = ' '
		return append(out, c)
	}
	var buf [utf8.UTFMax]byte
	n := utf8.EncodeRune(buf[:], c.r)
	parts := norm.NFKD.Properties(buf[:n]).Decomposition()
	if len(parts) == 0 || !plainParts(parts) {
		return append(out, cell{latin(c.r), c.start, c.end, c.traits | strange(c.r)})
	}
	for len(parts) > 0 {
		r, m := utf8.DecodeRune(parts)
		parts = parts[m:]
		if !unicode.Is(unicode.Mn, r) {
			out = append(out, cell{latin(r), c.start, c.end, c.traits | strange(c.r)})
		}
	}
	return out
}

// plainParts accepts a decomposition that is one letter of any script, or
// several in the Latin script with their marks. A sign between them ("a/c")
// would make two words of one letter: that stays as it is.
func plainParts(parts []byte) bool {
	if utf8.RuneCount(parts) == 1 {
		return true
	}
	words, signs := false, false
	for len(parts) > 0 {
		r, m := utf8.DecodeRune(parts)
		parts = parts[m:]
		switch {
		case unicode.Is(unicode.Mn, r):
		case !latinLike(r):
			return false
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			words = true
		default:
			signs = true
		}
	}
	return !words || !signs
}

func latinLike(r rune) bool {
	return r <= unicode.MaxASCII || unicode.Is(unicode.Latin, r)
}

// foreignLetter: a letter, or a mark on it, of another script.
func foreignLetter(r rune) bool {
	return !latinLike(r) && (unicode.IsLetter(r) || unicode.Is(unicode.M, r))
}

func regional(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }

// accent: the marks that languages in Latin script use, no sign of disguise.
func accent(r rune) bool {
	return r >= 0x300 && r <= 0x304 || r >= 0x306 && r <= 0x30C || r == 0x323 || r == 0x327 || r == 0x328
}

// invisible: takes no room and changes no letter.
func invisible(r rune) bool {
	switch {
	case hides(r), r == 0x200C, r == 0x200D, r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0100 && r <= 0xE01EF:
		return true
	}
	return false
}

// hides: invisible and needed by no script, so it goes even there.
func hides(r rune) bool {
	switch {
	case r == 0x00AD, r == 0x034F, r == 0x061C, r == 0x180E, r == 0x200B, r == 0x200E, r == 0x200F,
		r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F, r == 0xFEFF,
		r == 0x115F, r == 0x1160, r == 0x3164, r == 0xFFA0, r >= 0xE0001 && r <= 0xE007F:
		return true
	}
	return false
}

// strange says whether r is a letter or digit in fancy dress. Superscripts,
// ligatures and signs such as ™ are ordinary typing.
func strange(r rune) trait {
	switch {
	case r >= 0x1D400 && r <= 0x1D7FF, // mathematical
		r >= 0xFF10 && r <= 0xFF5A,   // full width
		r >= 0x2460 && r <= 0x24FF,   // circled, in brackets
		r >= 0x2776 && r <= 0x2793,   // circled digits
		r >= 0x1F100 && r <= 0x1F189, // squared, negative
		r == 0x2102, r >= 0x210A && r <= 0x2115, r >= 0x2119 && r <= 0x211D, r == 0x2124, r == 0x2128,
		r >= 0x212C && r <= 0x2138, r >= 0x2145 && r <= 0x2149, // letter-like
		r >= 0x1D00 && r <= 0x1D2B,                                                                                                             // small capitals
		r >= 0x1D2C && r <= 0x1D6A, r >= 0x02B0 && r <= 0x02B8, r >= 0x2090 && r <= 0x209C, r == 0x02E1, r == 0x02E2, r == 0x2071, r == 0x1DBB: // raised and lowered letters
		return disguised
	}
	if lookalike(r) != 0 {
		return 0 // decided word by word in foldForeign
	}
	switch r {
	case 'đ', 'Đ', 'ł', 'Ł', 'ø', 'Ø', 'ð', 'Ð', 'þ', 'Þ', 'ı', 'ə', 'Ə', 'ħ', 'Ħ', 'ŋ', 'Ŋ':
		return 0 // letters of living languages
	}
	if latin(r) != r {
		return disguised
	}
	return 0
}
