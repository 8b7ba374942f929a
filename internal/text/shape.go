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

// Shape is what the word looks like.
func (t *Token) Shape() Shape { return t.shape }

func (t *Token) look() Shape {
	s := BrandShape(t.Text)
	if s == 0 && len(t.Text) >= 5 {
		s = t.hiddenBrand()
	}
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

// hiddenBrand looks through what was done to a word.
func (t *Token) hiddenBrand() Shape {
	if t.Bold != "" && t.Text != t.Plain && lettersIn(t.Plain) >= 4 { // digits inside it are letters: those behind it may be, too
		for n := 3; n >= 2; n-- {
			if at := len(t.Plain) - n; at >= 5 && allDigits(t.Plain[at:]) && Lucky(t.Plain[at:]) {
				return BrandLucky
			}
		}
		return BrandShape(t.Bold)
	}
	if len(t.Text) < len(shortWord{}) && repeated(t.Text) {
		var room shortWord // a word of this size becomes a string without allocation
		if s := BrandShape(string(squeezeBytes(room[:0], t.Text))); s != 0 {
			return s
		}
		return BrandShape(halved(t.Text))
	}
	return 0
}

// shortWord is room for a word that is looked at and forgotten.
type shortWord [32]byte

// squeezeBytes does what Squeeze does, to Latin letters, into out.
func squeezeBytes(out []byte, word string) []byte {
	for i := 0; i < len(word); {
		end := i + 1
		for end < len(word) && word[end] == word[i] {
			end++
		}
		keep := end - i
		if word[i] >= 'a' && word[i] <= 'z' && (keep >= 3 || keep == 2 && end == len(word)) {
			keep = 1
		}
		for range keep {
			out = append(out, word[i])
		}
		i = end
	}
	return out
}

func lettersIn(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] > '9' {
			n++
		}
	}
	return n
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// repeated: a letter of the last four is doubled.
func repeated(s string) bool {
	for i := max(1, len(s)-3); i < len(s); i++ {
		if s[i] == s[i-1] && s[i] > '9' {
			return true
		}
	}
	return false
}

// halved undoes the doubling of every letter, or returns s.
func halved(s string) string {
	if len(s)%2 == 1 {
		return s
	}
	out := make([]byte, 0, len(s)/2)
	for i := 0; i < len(s); i += 2 {
		if s[i] != s[i+1] {
			return s
		}
		out = append(out, s[i])
	}
	return string(out)
}

// BrandShape says in which of the shapes a word is in which gambling sites name
// themselves. The names are not listed: they change every week.
func BrandShape(word string) Shape {
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
		if stem < 3 || !plainLetters(word[:stem]) || BeforeNumbers(word[:stem]) {
			return 0
		}
		switch {
		case !Lucky(word[stem:]):
			return BrandDigits
		case stem < 5:
			return BrandShort
		}
		return BrandLucky
	}
	if s, ok := strings.CutSuffix(word, "4d"); ok && len(s) >= 3 && plainLetters(s) {
		return BrandFourD
	}
	if len(word) < 7 {
		return 0
	}
	var endings []string
	switch word[len(word)-1] { // most words are done with here
	case 'o':
		endings = []string{"toto"}
	case 'l':
		endings = []string{"togel", "hokl"}
	case 't':
		endings = []string{"slot"}
	case 'i':
		endings = []string{"hoki"}
	case 'r':
		endings = []string{"gacor", "poker"}
	case 'n':
		endings = []string{"maxwin", "vvin", "vvln"}
		if strings.HasSuffix(word, "win") && !strings.HasSuffix(word, "maxwin") {
			if nameInWin(word) || !plainLetters(word) {
				return 0
			}
			return BrandWin
		}
	default:
		return 0
	}
	for _, ending := range endings {
		if strings.HasSuffix(word, ending) && plainLetters(word) {
			return BrandEnding
		}
	}
	return 0
}

// Lucky says whether gambling brands end in these digits.
func Lucky(d string) bool {
	switch d {
	case "":
		return false
	case "303", "138", "168", "855", "369", "365", "123":
		return true
	}
	return strings.Count(d, d[:1]) == len(d) && d != "22" // "cepet22" is a word said twice
}

// BeforeNumbers says whether numbers follow the word in everyday writing.
func BeforeNumbers(stem string) bool {
	switch stem {
	case "covid", "kelas", "usia", "umur", "tahun", "pasal", "ayat", "jalan", "blok", "nomor", "lantai", "jalur", "pilkada", "pilpres", "pemilu",
		"tanggal", "bulan", "januari", "februari", "maret", "april", "juni", "juli", "agustus", "september", "oktober", "november", "desember",
		"angkatan", "gang", "unit", "ukuran", "seri", "poin", "halaman", "channel", "type", "tipe", "windows", "android", "samsung", "redmi", "iphone",
		"persen", "menit", "detik", "orang", "hari", "minggu", "anak", "menang", "skor", "smpn", "sman", "smkn", "user",
		"infinix", "xiaomi", "oppo", "vivo", "realme", "nokia", "poco", "galaxy", "chrome", "firefox", "galaxi", "asus", "lenovo", "epson", "canon", "honda", "yamaha":
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
