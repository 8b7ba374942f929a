package text

// Our own table of letters that look like Latin ones. It was written from the
// code charts of the Unicode standard, block by block; NFKD covers the rest.

// enclosed resolves letters in circles, squares and brackets that have no
// one-letter decomposition.
func enclosed(r rune) (rune, bool) {
	switch {
	case r >= 0x249C && r <= 0x24B5: // (a)
		return r - 0x249C + 'a', true
	case r >= 0x1F110 && r <= 0x1F129: // (A)
		return r - 0x1F110 + 'a', true
	case r >= 0x1F150 && r <= 0x1F169: // white on a black disc
		return r - 0x1F150 + 'a', true
	case r >= 0x1F170 && r <= 0x1F189: // white on a black square
		return r - 0x1F170 + 'a', true
	case r >= 0x2474 && r <= 0x247C: // (1)
		return r - 0x2474 + '1', true
	case r >= 0x2488 && r <= 0x2490: // 1.
		return r - 0x2488 + '1', true
	case r >= 0x24F5 && r <= 0x24FD: // double circle
		return r - 0x24F5 + '1', true
	case r >= 0x2776 && r <= 0x277E: // white on a black disc
		return r - 0x2776 + '1', true
	case r >= 0x2780 && r <= 0x2788:
		return r - 0x2780 + '1', true
	case r >= 0x278A && r <= 0x2792:
		return r - 0x278A + '1', true
	case r == 0x24FF:
		return '0', true
	}
	return r, false
}

// latin resolves letters of the Latin script, and money signs used as such,
// that carry a stroke, hook or small-capital shape.
func latin(r rune) rune {
	switch r {
	case 'ᴀ', 'ɐ', 'ɑ', 'ɒ', 'Ⱥ', 'ⱥ', '₳':
		return 'a'
	case 'ʙ', 'ɮ', 'ƀ', 'Ƀ', 'Ɓ', 'ɓ', 'ƃ', 'Ƃ', 'ᴃ', '฿':
		return 'b'
	case 'ᴄ', 'ƈ', 'Ƈ', 'ȼ', 'Ȼ', 'ɕ', '₵', '₡', '¢', 'ɔ', 'Ɔ':
		return 'c'
	case 'ᴅ', 'đ', 'Đ', 'ɖ', 'Ɖ', 'ɗ', 'Ɗ', 'ð', 'Ð', 'ᴆ':
		return 'd'
	case 'ᴇ', 'ɇ', 'Ɇ', 'ɛ', 'Ɛ', 'ǝ', 'Ǝ', 'ə', 'Ə', 'ɘ', '€':
		return 'e'
	case 'ꜰ', 'ʄ', 'ɟ', 'ƒ', 'Ƒ', '₣':
		return 'f'
	case 'ɢ', 'ᵷ', 'ɡ', 'ǥ', 'Ǥ', 'ɠ', 'Ɠ', '₲':
		return 'g'
	case 'ʜ', 'ħ', 'Ħ', 'ɦ', 'ɥ', 'Ⱨ', 'ⱨ':
		return 'h'
	case 'ɪ', 'ᴉ', 'ı', 'ɨ', 'Ɨ', 'ɩ', 'Ɩ', 'ꟾ':
		return 'i'
	case 'ᴊ', 'ɉ', 'Ɉ', 'ʝ', 'ȷ':
		return 'j'
	case 'ᴋ', 'ʞ', 'ƙ', 'Ƙ', 'Ⱪ', 'ⱪ', '₭':
		return 'k'
	case 'ʟ', 'ꞁ', 'ʅ', 'ł', 'Ł', 'ƚ', 'Ƚ', 'ɫ', 'ɭ', 'Ⱡ', 'ⱡ', 'Ɫ', '£':
		return 'l'
	case 'ᴍ', 'ɱ', 'Ɱ', 'ɯ', 'Ɯ', '₥':
		return 'm'
	case 'ɴ', 'ŋ', 'Ŋ', 'ɲ', 'Ɲ', 'ƞ', 'Ƞ', 'ɳ', '₦':
		return 'n'
	case 'ᴏ', 'ø', 'Ø', 'ɵ', 'Ɵ', 'ᴑ':
		return 'o'
	case 'ᴘ', 'ᵽ', 'Ᵽ', 'ƥ', 'Ƥ', 'þ', 'Þ', '₱':
		return 'p'
	case 'ɋ', 'Ɋ', 'ʠ', 'ꞯ':
		return 'q'
	case 'ʀ', 'ɍ', 'Ɍ', 'ɽ', 'Ɽ', 'ɾ', 'ɹ', 'Ʀ':
		return 'r'
	case 'ꜱ', 'ʂ', 'ȿ', 'Ȿ', 'ƨ', 'Ƨ':
		return 's'
	case 'ᴛ', 'ȶ', 'ʇ', 'ŧ', 'Ŧ', 'ƭ', 'Ƭ', 'ʈ', 'Ʈ', 'Ⱦ', 'ⱦ', '₮':
		return 't'
	case 'ᴜ', 'ʉ', 'Ʉ', 'ʊ', 'Ʊ':
		return 'u'
	case 'ᴠ', 'ʋ', 'Ʋ', 'ʌ', 'Ʌ':
		return 'v'
	case 'ᴡ', 'ⱳ', 'Ⱳ', 'ʍ', '₩':
		return 'w'
	case 'ʏ', 'ʎ', 'ɏ', 'Ɏ', 'ƴ', 'Ƴ', '¥':
		return 'y'
	case 'ᴢ', 'ʐ', 'ʑ', 'ƶ', 'Ƶ', 'ȥ', 'Ȥ', 'ɀ', 'Ɀ', 'Ⱬ', 'ⱬ':
		return 'z'
	}
	return r
}

// upsideDown: letters that are another letter with the page turned. A few of
// them beside each other mean that the whole word is to be turned.
func upsideDown(r rune) bool {
	switch r {
	case 'ɐ', 'ɔ', 'Ɔ', 'ǝ', 'Ǝ', 'ɟ', 'ƃ', 'ɓ', 'ᵷ', 'ɥ', 'ᴉ', 'ɾ', 'ʞ', 'ꞁ', 'ʅ', 'ɯ', 'Ɯ', 'ɹ', 'ʇ', 'ʌ', 'Ʌ', 'ʍ', 'ʎ':
		return true
	}
	return false
}

// signFor returns the letter that a sign or picture passes for in the middle
// of a word, or 0.
func signFor(r rune) rune {
	switch r {
	case '⭕', '◯', '○', '●', '◉', '◎', '⚪', '⚫', '🔴', '🟠', '🟡', '🟢', '🔵', '🟣', '🟤', '⚽', '🏀', '🏐', '🎱', '🔘', '🪙', '🌕', '🌑', '☯', '⊙', '⦿', '🍩', '🍊', '☉', '°', '❤', '♥', '💛', '💚', '♡', '◦', '∘':
		return 'o'
	case '❌', '✖', '×', '✗', '✘', '╳', '⨯', '❎':
		return 'x'
	case '▲', '△', '∆', '🔺', '⟁', '∀', '⍺':
		return 'a'
	case '✝', '†', '➕', '✚', '☨', '⊤', '╋', '✞':
		return 't'
	case '❗', '❕', '¡', 'ⵑ', '⎮', '│', '┃', '❘', '❙', '❚', '╿':
		return 'i'
	case '💲', '§', '🐍':
		return 's'
	case '©', '☾', '🌙', '⊂', '☪':
		return 'c'
	case '®':
		return 'r'
	case '∑', '∈', '≡', '⋿':
		return 'e'
	case '√':
		return 'v'
	case '∩':
		return 'n'
	case '∪', '⋃', '🧲':
		return 'u'
	case '¶':
		return 'p'
	case '∂':
		return 'd'
	}
	return 0
}

// lookalike returns the Latin letter that a letter of another script looks
// like, or 0.
func lookalike(r rune) rune {
	if l := twin(r); l != 0 {
		return l
	}
	switch r {
	// Cyrillic and Greek that pass for Latin inside a Latin word only.
	case 'в', 'ь', 'Ь', 'ъ', 'β', 'б':
		return 'b'
	case 'г', 'я', 'Я', 'Г':
		return 'r'
	case 'д', 'α', 'Δ', 'Λ', 'λ', 'Д', 'л', 'Л':
		return 'a'
	case 'з', 'э', 'З', 'Э', 'ε', 'є', 'Є', 'Σ', 'ξ', 'ё', 'Ё':
		return 'e'
	case 'и', 'й', 'И', 'Й', 'п', 'П', 'η', 'Π', 'π', 'ή':
		return 'n'
	case 'м':
		return 'm'
	case 'н':
		return 'h'
	case 'т', 'τ':
		return 't'
	case 'ш', 'Ш', 'щ', 'Щ', 'ω', 'Ω', 'ώ':
		return 'w'
	case 'ц', 'Ц', 'μ', 'υ', 'ύ':
		return 'u'
	case 'ч', 'Ч', 'ү', 'Ү', 'γ', 'ψ':
		return 'y'
	case 'ж', 'Ж', 'χ':
		return 'x'
	case 'ι', 'ί', 'ї', 'Ї':
		return 'i'
	case 'ρ':
		return 'p'
	case 'σ', 'ό', 'δ', 'θ', 'Θ', 'ф', 'Ф', 'φ', 'Φ':
		return 'o'
	case 'ν':
		return 'v'
	case 'κ':
		return 'k'
	case 'ς':
		return 's'
	}
	return dressedUp(r)
}

// twin returns the Latin letter that is drawn the same, or 0: even a whole
// word of these in a Latin text is a disguise.
func twin(r rune) rune {
	switch r {
	case 'а', 'А', 'Α', 'Ꭺ', 'ꓮ', 'ꭺ', '𐊠':
		return 'a'
	case 'В', 'Β', 'Ᏼ', 'ꓐ', '𐊂', '𐌁':
		return 'b'
	case 'с', 'С', 'ϲ', 'Ϲ', 'Ꮯ', 'ꓚ', 'ꮯ', 'Ⅽ', '𐊢':
		return 'c'
	case 'ԁ', 'Ꭰ', 'ꓓ':
		return 'd'
	case 'е', 'Е', 'Ε', 'Ꭼ', 'ꓰ', 'ҽ', '𐊆':
		return 'e'
	case 'Ϝ', 'ꓝ', '𐊇':
		return 'f'
	case 'Ԍ', 'Ꮐ', 'ꓖ', 'ց':
		return 'g'
	case 'һ', 'Н', 'Η', 'Ꮋ', 'ꓧ', 'հ', '𐋏':
		return 'h'
	case 'і', 'І', 'Ι', 'Ӏ', 'ӏ', 'Ꭵ', 'ꓲ', 'ⵏ':
		return 'i'
	case 'ј', 'Ј', 'Ꭻ', 'ꓙ', 'ϳ', 'Ϳ':
		return 'j'
	case 'к', 'К', 'Κ', 'Ꮶ', 'ꓗ', 'ĸ':
		return 'k'
	case 'Ꮮ', 'ꓡ', 'Լ':
		return 'l'
	case 'М', 'Μ', 'Ꮇ', 'ꓟ', '𐊰', '𐌑':
		return 'm'
	case 'Ν', 'ꓠ', 'ո', 'ռ':
		return 'n'
	case 'о', 'О', 'Ο', 'ο', 'օ', 'Օ', 'ꓳ', 'ഠ', '𐊒', '𐊫':
		return 'o'
	case 'р', 'Р', 'Ρ', 'Ꮲ', 'ꓑ', '𐊕':
		return 'p'
	case 'ԛ', 'Ԛ', 'զ':
		return 'q'
	case 'Ꭱ', 'Ꮢ', 'ꓣ', 'ꭱ':
		return 'r'
	case 'ѕ', 'Ѕ', 'Ꮥ', 'Ꮪ', 'ꓢ', 'Տ', '𐊖':
		return 's'
	case 'Т', 'Τ', 'Ꭲ', 'ꓔ', '𐊗', '𐊱', '𐌕':
		return 't'
	case 'ս', 'Ս', 'ꓴ':
		return 'u'
	case 'Ѵ', 'ѵ', 'Ꮩ', 'ꓦ':
		return 'v'
	case 'ԝ', 'Ԝ', 'Ꮃ', 'ꓪ', 'ա':
		return 'w'
	case 'х', 'Х', 'Χ', 'ꓫ', '𐊐', '𐊴':
		return 'x'
	case 'у', 'У', 'Υ', 'ꓬ', 'Ꭹ', '𐊲':
		return 'y'
	case 'Ζ', 'Ꮓ', 'ꓜ', '𐋵':
		return 'z'
	}
	return 0
}
