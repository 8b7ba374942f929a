package text

// dressedUp returns the Latin letter that a letter of a further script is made
// to pass for in the alphabets that decorating programs offer, or 0. Drawn from
// the code charts; they bend a letter further than lookalike does, so a word
// made of one script's alone stays what it is.
func dressedUp(r rune) rune {
	switch r {
	case 'ค', 'ძ', 'Ꭿ', 'Ꮧ', 'ᐃ', 'ᐱ', 'ᗅ', 'ᗋ', 'ᗩ', 'ᚨ', 'Ⲁ', 'ⲁ', '卂', 'ꋫ', 'ꍏ':
		return 'a'
	case '๒', 'ც', 'ხ', 'Ꮿ', 'Ᏸ', 'ᏼ', 'ᑲ', 'ᗷ', 'ᗸ', 'ᗺ', 'ᛒ', '乃', 'ꃃ', 'ꌃ':
		return 'b'
	case 'ፈ', 'ᑕ', 'ᑢ', 'Ⲥ', 'ⲥ', '匚', 'ꉓ', 'ꏸ':
		return 'c'
	case 'ԃ', '๔', 'Ꮄ', 'ᑐ', 'ᑯ', 'ᗞ', 'ᗠ', 'ᗪ', 'ᗫ', 'ꀸ', 'ꁕ':
		return 'd'
	case 'ع', 'ე', 'Ꮛ', 'ᕮ', 'ᗱ', 'ᗴ', 'ᗵ', '乇', 'ꍟ':
		return 'e'
	case 'ϝ', 'Ғ', 'ғ', 'ि', 'Ꭶ', 'ᖴ', 'ᖵ', 'ᚠ', '千', 'ꄘ', 'ꎇ':
		return 'f'
	case 'ԍ', 'و', 'Ꮆ', 'ᘏ', 'ᘜ', 'ꁅ', 'ꁍ':
		return 'g'
	case 'ђ', 'Ң', 'ң', 'ҥ', 'ӊ', 'ԋ', 'ჰ', 'Ꮒ', 'Ꮵ', 'ᕼ', 'ᚺ', '卄', 'ꃅ', 'ꑛ':
		return 'h'
	case 'ن', 'เ', '།', 'ი', 'Ꮖ', 'ᑊ', 'ᒋ', 'ᒌ', 'ᓰ', 'ᛁ', 'ⲓ', '丨', 'ꀤ', 'ꂑ':
		return 'i'
	case 'յ', 'ן', 'נ', 'ل', 'Ꮰ', 'ᒍ', 'ᒎ', 'ᒙ', 'フ', 'ꀭ':
		return 'j'
	case 'қ', 'Ҝ', 'ҝ', 'Ҟ', 'ҡ', 'Ӄ', 'ӄ', 'კ', 'ᕽ', 'ᖽ', 'ᛕ', 'ⲕ', 'ꀗ', 'ꀘ':
		return 'k'
	case 'Ꮭ', 'ᒪ', 'ᒺ', 'ᛚ', 'ㄥ', '꒒':
		return 'l'
	case '๓', 'ო', 'ᗰ', 'ᗶ', 'ᛖ', 'ᛗ', 'Ⲙ', 'ⲙ', '爪', 'ꁒ', 'ꂵ':
		return 'm'
	case 'ה', 'ח', 'ת', 'ก', 'ภ', 'Ꮑ', 'ᑎ', 'ᘉ', 'ᚢ', 'Ⲛ', 'ⲛ', '几', 'ꁹ', 'ꈤ':
		return 'n'
	case 'ѻ', 'Ө', 'ө', 'ס', '٥', 'ہ', '߀', '०', '০', '੦', '௦', '౦', '๏', 'Ꭷ', 'Ꮊ', 'Ꮻ', 'ᑬ', 'ᓍ', 'ᗝ', 'ᗢ', 'ᛟ', 'Ⲟ', 'ⲟ', 'ⵔ', 'ⵙ', 'ㄖ', 'ꂦ', 'ꆂ':
		return 'o'
	case 'ք', 'ק', 'Ꭾ', 'ᑭ', 'ᕈ', 'ᖘ', 'ᚹ', 'Ⲣ', 'ⲣ', '卩', 'ꉣ':
		return 'p'
	case 'ϙ', '۹', 'Ꭴ', 'ᑫ', 'ᕳ', 'ᕴ', 'ᕿ', 'ꁸ', 'ꆰ':
		return 'q'
	case 'ཞ', 'ᖆ', 'ᖇ', 'ᚱ', 'Ⲅ', '尺', 'ꋪ', '꒓':
		return 'r'
	case 'ֆ', 'ߛ', 'ร', 'ჽ', 'Ꮝ', 'ᔑ', 'ᔓ', 'ᔕ', 'ᛋ', '丂', 'ꌗ', 'ꌚ':
		return 's'
	case 'Շ', 'Ꮦ', 'ᐪ', 'ᖶ', 'ᛏ', 'Ⰰ', 'Ⲧ', 'ⲧ', 'ㄒ', '꓄', '꓅':
		return 't'
	case 'ט', 'પ', 'ย', 'უ', 'Ꮜ', 'ᑌ', 'ᑗ', 'ㄩ', 'ꀎ', 'ꐇ':
		return 'u'
	case 'ש', '۷', 'Ꮘ', 'Ꮙ', 'ᐁ', 'ᐯ', 'ᐺ', 'ᐻ', 'ꃴ', 'ꏝ':
		return 'v'
	case 'ฝ', 'ฬ', 'Ꮗ', 'Ꮼ', 'ᗯ', 'ᗻ', '山', 'ꅏ', 'ꅐ':
		return 'w'
	case 'Ӝ', 'Ӽ', 'ӿ', 'א', 'ซ', 'ჯ', 'ጀ', '᙭', '᙮', 'ᚷ', 'Ⲭ', 'ⵝ', '乂', 'ꇓ', 'ꊼ':
		return 'x'
	case 'Ұ', 'ұ', 'ץ', 'ყ', 'Ꮍ', 'ᖻ', 'ᖿ', 'ㄚ', 'ꌩ', 'ꐟ':
		return 'y'
	case 'չ', 'ፚ', 'ᘔ', 'ᙆ', 'ᛇ', '乙', 'ꁴ':
		return 'z'
	}
	return 0
}
