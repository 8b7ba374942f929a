package text

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// compat resolves compatibility letters (NFKD), drops what is invisible, and
// drops marks on Latin letters and digits. Marks of other scripts carry
// meaning (Arabic, Javanese, Devanagari) and stay.
func compat(cells []cell) []cell {
	out := make([]cell, 0, len(cells))
	for i := 0; i < len(cells); i++ {
		c := cells[i]
		switch {
		case c.r < utf8.RuneSelf:
			out = append(out, c)
		case invisible(c.r) || unicode.Is(unicode.Mn, c.r) || unicode.Is(unicode.Me, c.r):
			last := len(out) - 1
			if last >= 0 && foreignLetter(out[last].r) && !hides(c.r) {
				out = append(out, c) // belongs to a letter of another script
				continue
			}
			if last >= 0 && latinLike(out[last].r) && !accent(c.r) {
				out[last].end = c.end
				if !invisible(c.r) || out[last].r > ' ' && i+1 < len(cells) && unicode.IsLetter(cells[i+1].r) {
					out[last].traits |= disguised
				}
			} else if last >= 0 {
				out[last].end = c.end
			}
		case regional(c.r):
			n := 1
			for i+n < len(cells) && (regional(cells[i+n].r) || invisible(cells[i+n].r)) {
				n++
			}
			// Two make a flag, four two flags; only a longer run is a word.
			for _, flag := range cells[i : i+n] {
				if n >= 5 && regional(flag.r) {
					flag.r, flag.traits = flag.r-0x1F1E6+'a', flag.traits|disguised
				}
				if !invisible(flag.r) {
					out = append(out, flag)
				}
			}
			i += n - 1
		case unicode.Is(unicode.Sc, c.r) && !besideLetter(cells, i):
			out = append(out, c) // a price, no letter
		default:
			out = appendPlain(out, c)
		}
	}
	return out
}

func besideLetter(cells []cell, i int) bool {
	return i > 0 && unicode.IsLetter(cells[i-1].r) || i+1 < len(cells) && unicode.IsLetter(cells[i+1].r)
}

// appendPlain appends what c looks like in plain letters.
func appendPlain(out []cell, c cell) []cell {
	if r, ok := enclosed(c.r); ok {
		return append(out, cell{r, c.start, c.end, disguised})
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
// several in the Latin script with their marks.
func plainParts(parts []byte) bool {
	if utf8.RuneCount(parts) == 1 {
		return true
	}
	for len(parts) > 0 {
		r, m := utf8.DecodeRune(parts)
		if !latinLike(r) && r > unicode.MaxASCII && !unicode.Is(unicode.Mn, r) {
			return false
		}
		parts = parts[m:]
	}
	return true
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
		r >= 0x1D00 && r <= 0x1D2B: // small capitals
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
