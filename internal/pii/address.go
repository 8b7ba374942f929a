package pii

import "strings"

// isStreet: words that begin an address.
func isStreet(word string) bool {
	switch word {
	case "jl", "jln", "jalan", "jlan", "gg", "gang", "perum", "perumahan", "komplek", "kompleks", "komp", "kp", "kampung", "kampong", "kmp", "dusun", "dsn", "lorong", "lrg", "perumnas", "puri", "cluster",
		"apartemen", "rusun", "rusunawa", "asrama", "lingk", "lingkungan", "banjar", "jorong", "dukuh", "blok", "desa", "kel", "rt":
		return true
	}
	return false
}

// addresses finds streets with a house. A street alone is where the traffic
// is; an office's address is meant to be found.
func (sc *scan) addresses(out []Found) []Found {
	upTo := 0
	for _, start := range sc.streets {
		if start < upTo {
			continue
		}
		a := address{sc, reading{at: start}}
		if !a.read() {
			continue
		}
		if web, _ := inURL(sc.s, start); web {
			continue
		}
		out = add(out, Address, sc.f.Span(start, a.end), known(a.house && (a.named || a.area)))
		upTo = a.end
	}
	return out
}

// address is a reading in progress.
type address struct {
	*scan
	reading
}

// reading is how far it has come; copying it back keeps the scan on the stack.
type reading struct {
	at    int // where it goes on
	end   int // of the last part that counts
	house bool
	area  bool // RT, RW, Kel., Desa, Kec.
	named bool // "No. 7", not only "7"
}

func (a *address) read() bool {
	first := a.word()
	begin := a.at
	a.at += len(first)
	weak := names(first, "blok", "desa", "kel", "rt", "puri", "lingkungan", "lingk", "banjar", "asrama", "cluster")
	own := anyWord(a.s, max(0, begin-48), begin, ownWords)
	if weak && !anyWord(a.s, max(0, begin-48), begin, homeWords) {
		return false // a village with its RT is a place, not yet a home
	}
	if isBeside(a.before(begin)) && !anyWord(a.s, max(0, begin-48), begin, homeWords) {
		return false // "the pipe leaks in front of Gang Melati 3": where, not who
	}
	if first == "rt" || first == "blok" {
		a.at = begin
	} else if !a.streetName(names(first, "jl", "jln", "gg", "gang", "jlan", "lorong", "lrg")) {
		return false
	}
	rt := a.parts()
	switch {
	case !a.house && !rt:
		return false
	case !a.house && !names(first, "jl", "jln", "jalan", "gg", "gang") && !anyWord(a.s, max(0, begin-48), begin, homeWords):
		return false
	}
	return own || !anyWord(a.s, max(0, begin-72), begin, officeWords)
}

// isBeside: words that point to a place from outside.
func isBeside(word string) bool {
	return names(word, "depan", "dekat", "sekitar", "seberang", "sepanjang", "samping", "belakang", "pertigaan", "perempatan", "simpang", "simpangan", "ujung", "mulut", "sebelah", "antara", "menuju", "arah")
}

// before is the word that ends before a place, with nothing but a space between.
func (a *address) before(at int) string {
	end := at
	for end > 0 && a.s[end-1] == ' ' {
		end--
	}
	from := end
	for from > 0 && isLetter(a.s[from-1]) {
		from--
	}
	return a.s[from:end]
}

// isHome: words that make even a village with its RT somebody's home.
func isHome(word string) bool {
	return names(word, "alamat", "alamatnya", "beralamat") || isOwn(word) && !names(word, "saya", "aku", "ku", "kami", "ibu", "bapak", "gue", "gua")
}

// word is the letters at the place where the reading goes on.
func (a *address) word() string {
	end := a.at
	for end < len(a.s) && isLetter(a.s[end]) {
		end++
	}
	return a.s[a.at:end]
}

// number is the digits there.
func (a *address) number() string {
	end := a.at
	for end < len(a.s) && isDigit(a.s[end]) {
		end++
	}
	return a.s[a.at:end]
}

// skip passes over the signs between parts, but over no end of a sentence.
func (a *address) skip(signs string) {
	for n := 0; a.at < len(a.s) && n < 4 && strings.IndexByte(signs, a.s[a.at]) >= 0; n++ {
		a.at++
	}
}

const between = " .,:/-"

// nameWords is how long a street's name may be: "Jl. Letjen Haji Raden Mas
// Soeprapto Raya".
const nameWords = 6

// streetName passes over the name until a part that counts begins. A bare
// number behind a capital name is a house, if nothing says what it counts.
func (a *address) streetName(short bool) bool {
	a.skip(" .:")
	for n := 0; n <= nameWords; n++ {
		if n > 0 {
			before := a.at
			a.skip(" .,")
			if a.at == before && n > 0 && !isDigit(a.s[min(a.at, len(a.s)-1)]) {
				return false
			}
		}
		if a.at >= len(a.s) {
			return false
		}
		if digits := a.number(); digits != "" {
			if n == 0 { // "Jl. 17 Agustus No. 5"
				a.at += len(digits)
				continue
			}
			if a.ahead(a.at+len(digits)) || len(digits) > 4 {
				a.at += len(digits)
				continue // "Jl. Mawar 2 No. 5"
			}
			return a.bareHouse(digits, short)
		}
		w := a.word()
		switch {
		case w == "":
			return false
		case n > 0 && isPart(w) && a.partAhead(w):
			return true
		case n > 0 && notInName(w):
			return false
		case !short && n == 0 && notInName(w):
			return false
		}
		a.at += len(w)
	}
	return false
}

// ahead: behind a number inside the name another part begins.
func (a *address) ahead(at int) bool {
	b := address{a.scan, reading{at: at}}
	b.skip(" .,")
	w := b.word()
	return isPart(w) && !names(w, "rt", "rw", "kel", "kec", "desa", "kelurahan", "kecamatan", "kota", "kab", "kabupaten") && b.partAhead(w)
}

// bareHouse: "Jl. Kenanga 12A", not "Jl. Kenanga 2 jam macet".
func (a *address) bareHouse(digits string, short bool) bool {
	end := a.at + len(digits)
	name := a.at
	for name > 0 && !isLetter(a.s[name-1]) {
		name--
	}
	first := name
	for first > 0 && isLetter(a.s[first-1]) {
		first--
	}
	if len(digits) > 3 || digits[0] == '0' {
		return false
	}
	if end < len(a.s) && isLetter(a.s[end]) && (end+1 >= len(a.s) || !isLetter(a.s[end+1])) {
		end++ // 12A
	}
	if end < len(a.s) && (isLetter(a.s[end]) || a.s[end] == '%' || a.s[end] == ':') {
		return false
	}
	b := address{a.scan, reading{at: end}}
	sign := b.at < len(a.s) && strings.IndexByte(",.;)!?\n", a.s[b.at]) >= 0
	b.skip(" ,")
	next := b.word()
	own := anyWord(a.s, max(0, a.at-64), a.at, ownWords)
	if titled := a.titled(first); !titled && !(own && (isPart(next) && b.partAhead(next) || b.at >= len(a.s))) {
		return false
	}
	if !(own || short && (sign || b.at >= len(a.s)) || isPart(next) && b.partAhead(next)) || counts(next) {
		return false
	}
	a.at, a.end, a.house = end, end, true
	return true
}

// titled: the word began with a capital where it was written.
func (a *address) titled(at int) bool {
	if at >= len(a.s) {
		return false
	}
	p := a.f.Span(at, at+1)
	c := a.f.Original[p.Start]
	return c >= 'A' && c <= 'Z'
}

// parts reads "No. 57 RT 03/RW 07, Kel. Sukamaju, Kec. …" and says whether an
// RT was among them.
func (a *address) parts() (rt bool) {
	for range 12 {
		b := *a
		b.skip(between)
		w := b.word()
		if !isPart(w) {
			a.tail()
			return rt
		}
		if !b.part(w) {
			return rt
		}
		rt = rt || w == "rt" || w == "rw"
		a.reading = b.reading
	}
	return rt
}

func isPart(w string) bool {
	switch w {
	case "no", "nomor", "nomer", "nmr", "blok", "block", "blk", "kav", "kavling", "rt", "rw", "kel", "kelurahan", "desa", "ds", "dusun", "dsn", "kec", "kecamatan", "kab", "kabupaten", "kota", "prov", "provinsi",
		"propinsi", "lt", "lantai", "unit", "gg", "gang", "kode", "perum", "perumahan", "komplek", "kompleks", "kp", "kampung", "rumah":
		return true
	}
	return false
}

// partAhead tells a part from a word that only looks like one: "no" needs a
// number, "kota" a name.
func (a *address) partAhead(w string) bool {
	b := *a
	return b.part(w)
}

// part takes one part, the word w and what it needs.
func (a *address) part(w string) bool {
	a.at += len(w)
	switch w {
	case "no", "nomor", "nomer", "nmr", "kav", "kavling", "lt", "lantai", "unit", "rumah":
		a.skip(" .:#")
		if w == "rumah" {
			if n := a.word(); names(n, "no", "nomor", "nomer") {
				a.at += len(n)
				a.skip(" .:#")
			}
		}
		return a.houseNumber(w)
	case "blok", "block", "blk":
		return a.block()
	case "rt", "rw":
		a.skip(" .:")
		digits := a.number()
		if digits == "" || len(digits) > 3 {
			return false
		}
		a.at += len(digits)
		if w == "rt" && a.at+1 < len(a.s) && (a.s[a.at] == '/' || a.s[a.at] == '-') && isDigit(a.s[a.at+1]) {
			a.at++ // RT 03/05
			a.at += len(a.number())
		}
		a.end, a.area = a.at, true
		return true
	case "kode":
		a.skip(" ")
		if p := a.word(); p != "pos" {
			return false
		}
		a.at += len("pos")
		a.skip(" .:")
		digits := a.number()
		a.at += len(digits)
		a.end = a.at
		return len(digits) == 5
	}
	return a.placeName(w)
}

func (a *address) houseNumber(w string) bool {
	digits := a.number()
	if digits == "" {
		// "No. A5", "No. B-12"
		if l := a.word(); len(l) == 1 && a.at+2 < len(a.s) {
			a.at++
			a.skip("-. /")
			digits = a.number()
		}
	}
	if digits == "" || len(digits) > 4 {
		return false
	}
	a.at += len(digits)
	if a.at < len(a.s) && isLetter(a.s[a.at]) && (a.at+1 >= len(a.s) || !isLetter(a.s[a.at+1])) {
		a.at++ // 12A
	} else if a.at+1 < len(a.s) && strings.IndexByte("/-", a.s[a.at]) >= 0 {
		b := *a
		b.at++
		if n := b.number(); n != "" && len(n) <= 3 {
			b.at += len(n)
			a.reading = b.reading // 12/3
		} else if l := b.word(); len(l) == 1 {
			b.at++
			a.reading = b.reading // 12-A
		}
	}
	if a.at < len(a.s) && isLetter(a.s[a.at]) {
		return false
	}
	a.end = a.at
	if w != "lt" && w != "lantai" {
		a.house, a.named = true, true
	}
	return true
}

// block: "Blok C5 No. 12", "Blok C/12", "Blok Melati 3".
func (a *address) block() bool {
	a.skip(" .:")
	l := a.word()
	if len(l) > 2 && !a.titled(a.at) {
		return false
	}
	a.at += len(l)
	b := *a
	b.skip(" .-/")
	digits := b.number()
	switch {
	case digits != "" && len(digits) <= 4:
		b.at += len(digits)
		if b.at < len(b.s) && isLetter(b.s[b.at]) && (b.at+1 >= len(b.s) || !isLetter(b.s[b.at+1])) {
			b.at++
		}
		for b.at+1 < len(b.s) && (b.s[b.at] == '/' || b.s[b.at] == '-') && isDigit(b.s[b.at+1]) {
			b.at++
			b.at += len(b.number())
		}
		a.reading = b.reading
		a.house, a.named = true, true
	case l == "" || len(l) > 2:
		return false
	}
	a.end = a.at
	return true
}

// placeName: "Kel. Sukamaju", "Kec. Cibeunying Kidul": the first word always,
// further ones while they are capitals.
func (a *address) placeName(w string) bool {
	a.skip(" .:")
	words := 0
	for words < 3 && a.at < len(a.s) {
		b := *a
		if words > 0 {
			if b.skip(" "); b.at == a.at {
				break
			}
		}
		n := b.word()
		if n == "" || isPart(n) || notInName(n) || words > 0 && (!b.titled(b.at) || !a.titled(b.at) || a.shouting(b.at, b.at+len(n))) {
			break
		}
		b.at += len(n)
		a.reading = b.reading
		words++
	}
	if words == 0 {
		return false
	}
	a.end = a.at
	if !names(w, "gg", "gang", "kota", "kab", "kabupaten", "prov", "provinsi", "propinsi") {
		a.area = true
	}
	return true
}

// tail takes a city's name or a postal code behind the last part.
func (a *address) tail() {
	b := *a
	b.skip(" ,")
	if w := b.word(); isCity(w) {
		b.at += len(w)
		if w == "jakarta" {
			c := b
			c.skip(" ")
			if d := c.word(); names(d, "timur", "barat", "selatan", "utara", "pusat") {
				c.at += len(d)
				b = c
			}
		}
		a.at, a.end = b.at, b.at
		b.skip(" ,.")
	}
	b = b.province()
	if b.at > a.at && b.end == b.at {
		a.reading = b.reading
		b.skip(" ,.")
	}
	if digits := b.number(); len(digits) == 5 && digits[0] != '0' {
		b.at += len(digits)
		if b.at >= len(b.s) || !isLetter(b.s[b.at]) && b.s[b.at] != '.' {
			a.at, a.end = b.at, b.at
		} else if b.s[b.at] == '.' && (b.at+1 >= len(b.s) || !isDigit(b.s[b.at+1])) {
			a.at, a.end = b.at, b.at
		}
	}
}

// province takes "Jawa Barat" or "Jabar" where it stands.
func (a address) province() address {
	b := a
	w := b.word()
	b.at += len(w)
	switch {
	case names(w, "jabar", "jateng", "jatim", "banten", "bali", "aceh", "riau", "lampung", "diy", "sumut", "sumbar", "sumsel", "sulsel", "kaltim", "kalsel"):
		b.end = b.at
		return b
	case names(w, "jawa", "sumatera", "kalimantan", "sulawesi", "papua"):
		b.skip(" ")
		if d := b.word(); names(d, "barat", "timur", "tengah", "utara", "selatan", "tenggara") {
			b.at += len(d)
			b.end = b.at
			return b
		}
	}
	return a
}

func isCity(w string) bool {
	switch w {
	case "jakarta", "bandung", "surabaya", "medan", "semarang", "yogyakarta", "jogja", "jogjakarta", "makassar", "palembang", "bekasi", "depok", "tangerang", "bogor", "malang", "surakarta", "solo",
		"denpasar", "padang", "pekanbaru", "banjarmasin", "balikpapan", "samarinda", "pontianak", "manado", "ambon", "jayapura", "kupang", "mataram", "bengkulu", "jambi", "cirebon", "tasikmalaya",
		"sukabumi", "cimahi", "serang", "cilegon", "magelang", "salatiga", "tegal", "pekalongan", "kediri", "blitar", "madiun", "mojokerto", "pasuruan", "probolinggo", "batu", "batam", "palu",
		"kendari", "gorontalo", "ternate", "sorong", "banda", "cianjur", "garut", "sleman", "bantul", "klaten", "sidoarjo", "gresik", "jember", "banyuwangi", "kudus", "karawang", "purwokerto":
		return true
	}
	return false
}

// counts: a number before such a word is no house.
func counts(w string) bool {
	switch w {
	case "km", "m", "meter", "jam", "menit", "hari", "minggu", "bulan", "tahun", "arah", "lajur", "jalur", "titik", "orang", "unit", "kali", "x", "rb", "ribu", "jt", "juta", "kilometer", "cm", "rumah",
		"warga", "kk", "mobil", "motor", "lampu", "pohon", "lubang", "kecamatan", "desa", "lokasi", "sampai", "dan", "atau", "hingga", "persen", "wib", "malam", "detik":
		return true
	}
	return false
}

// notInName: words that end a street's name: the sentence has gone on.
func notInName(w string) bool {
	switch w {
	case "rusak", "macet", "berlubang", "banjir", "di", "ke", "yang", "yg", "ini", "itu", "sudah", "udah", "belum", "tidak", "tdk", "gak", "ga", "kok", "dan", "atau", "sampai", "menuju", "arah", "dari",
		"untuk", "utk", "dengan", "dgn", "kami", "saya", "kita", "min", "pak", "bu", "tolong", "mohon", "kenapa", "kapan", "lagi", "masih", "ada", "sepanjang", "gelap", "becek", "licin", "ditutup", "depan",
		"dekat", "samping", "kaki", "tol", "umum", "provinsi", "nasional", "keluar", "masuk", "terus", "pintas", "layang", "cepat", "bareng", "sama", "pulang", "pergi", "aja", "saja", "mulus", "hancur",
		"parah", "sekitar", "selama", "cuma", "hanya", "kalau", "kalo", "karena", "pada", "tepatnya", "sejak", "akan", "lewat", "berdebu", "bolong", "mati", "padam", "semua", "warga", "lampu", "air", "jadi",
		"bisa", "mau", "nya", "juga", "tapi", "tp", "terlalu", "sangat", "banyak", "setiap", "hari", "kurang", "lebih", "buat", "pas", "tiap", "harus", "jam", "tanggal", "tgl", "kali", "meter":
		return true
	}
	return false
}
