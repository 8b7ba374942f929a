package text

import (
	"strings"
	"unicode/utf8"
)

// Shape is what a word looks like, whatever it says: the evidence that stays
// when a campaign takes another name.
type Shape uint16

const (
	Dressed     Shape = 1 << iota // most of its letters were not written as ordinary ones
	Spelled                       // its letters stood apart: "P U L A U"
	Digited                       // digits or signs stand for letters: "g4c0r"
	Mixed                         // some letters were taken from another script or dressed up, most were not
	BrandLucky                    // a word of five letters or more and lucky digits: "pulau777"
	BrandShort                    // three or four letters and lucky digits: "toto88"
	BrandDigits                   // a word and two or three other digits
	BrandFourD                    // "visi4d"
	BrandEnding                   // ends in -toto, -slot, -hoki, -gacor, …
	BrandWin                      // ends in -win and is no name
)

// Brand says whether the word has any shape of a gambling brand.
func (s Shape) Brand() bool {
	return s&(BrandLucky|BrandShort|BrandDigits|BrandFourD|BrandEnding|BrandWin) != 0
}

// Has says whether s has all of these.
func (s Shape) Has(t Shape) bool { return s&t == t }

// Shape looks at one word.
func (t Token) Shape() Shape {
	s := brand(t.Text)
	if t.Disguised > 0 {
		s |= Mixed
		if t.Disguised >= 2 && t.Disguised*2 >= utf8.RuneCountInString(t.Plain) {
			s = s&^Mixed | Dressed
		}
	}
	if t.Joined {
		s |= Spelled
	}
	if t.Text != t.Plain && !t.Joined {
		s |= Digited
	}
	return s
}

// brand: the shapes in which gambling sites name themselves. The names are not
// listed: they change every week.
func brand(word string) Shape {
	if len(word) < 5 {
		return 0
	}
	stem := len(word)
	for stem > 0 && word[stem-1] >= '0' && word[stem-1] <= '9' {
		stem--
	}
	switch digits := len(word) - stem; {
	case digits > 3 || digits == 1:
		return 0
	case digits > 0:
		if stem < 3 || !plainLetters(word[:stem]) || beforeNumbers(word[:stem]) {
			return 0
		}
		switch {
		case !lucky(word[stem:]):
			return BrandDigits
		case stem < 5:
			return BrandShort
		}
		return BrandLucky
	}
	if s, ok := strings.CutSuffix(word, "4d"); ok && len(s) >= 3 && plainLetters(s) {
		return BrandFourD
	}
	if len(word) < 7 || !plainLetters(word) {
		return 0
	}
	if word[len(word)-1] == 'n' && strings.HasSuffix(word, "win") && !nameInWin(word) && !strings.HasSuffix(word, "maxwin") {
		return BrandWin
	}
	for _, ending := range [...]string{"toto", "togel", "slot", "hoki", "gacor", "poker", "maxwin"} {
		if strings.HasSuffix(word, ending) {
			return BrandEnding
		}
	}
	return 0
}

// lucky: the digits that brands end in.
func lucky(d string) bool {
	switch d {
	case "303", "138", "168", "855", "369", "365", "123":
		return true
	}
	return strings.Count(d, d[:1]) == len(d)
}

// beforeNumbers: words that numbers follow in everyday writing.
func beforeNumbers(stem string) bool {
	switch stem {
	case "covid", "kelas", "usia", "umur", "tahun", "pasal", "ayat", "jalan", "blok", "nomor", "lantai", "jalur", "pilkada", "pilpres", "pemilu",
		"tanggal", "bulan", "januari", "februari", "maret", "april", "juni", "juli", "agustus", "september", "oktober", "november", "desember",
		"angkatan", "gang", "unit", "ukuran", "seri", "poin", "halaman", "channel", "type", "tipe", "windows", "android", "samsung", "redmi", "iphone",
		"persen", "menit", "detik", "orang", "hari", "minggu", "anak", "menang", "skor", "smpn", "sman", "smkn", "user":
		return true
	}
	return false
}

// nameInWin: names and words that end so.
func nameInWin(s string) bool {
	switch s {
	case "darwin", "goodwin", "baldwin", "sherwin", "kerwin", "godwin", "winwin":
		return true
	}
	return false
}

func plainLetters(s string) bool {
	for i := range len(s) {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return s != ""
}
