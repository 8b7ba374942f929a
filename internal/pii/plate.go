package pii

// plates finds number plates: "B 1234 ABC". Short ones, small letters and
// those without a last part look like too much else (a phone's model, a
// grade, an oil): they need a vehicle beside them. (Perkap 7/2021 on
// registration; the regions' letters.)
func (sc *scan) plates(out []Found) []Found {
	for i, g := range sc.groups {
		if g.spelled || g.len() > 4 || sc.digits[g.from] == '0' || g.end-g.start != g.len() {
			continue
		}
		out = sc.plate(out, i)
	}
	// "b1234abc": the scan passes over digits that are glued to a letter.
	for i := 1; i+1 < len(sc.s); i++ {
		if !isDigit(sc.s[i]) || !isLetter(sc.s[i-1]) {
			continue
		}
		end := i
		for end < len(sc.s) && isDigit(sc.s[end]) {
			end++
		}
		if n := end - i; n <= 4 && sc.s[i] != '0' {
			out = sc.plateAt(out, i, end)
		}
		i = end
	}
	return out
}

func (sc *scan) plate(out []Found, i int) []Found {
	g := sc.groups[i]
	if g.start < 2 {
		return out
	}
	return sc.plateAt(out, g.start, g.end)
}

// plateAt reads the letters before and behind the digits s[from:to].
func (sc *scan) plateAt(out []Found, from, to int) []Found {
	s := sc.s
	sign := byte(0)
	l := from
	if c := s[l-1]; c == ' ' || c == '-' || c == '.' {
		sign, l = c, l-1
	}
	start := l
	for start > 0 && isLetter(s[start-1]) && l-start < 3 {
		start--
	}
	if start == l || start > 0 && (glued(s[start-1]) || isDigit(s[start-1])) || !plateRegion(s[start:l]) {
		return out
	}
	end := to
	if sign != 0 && end < len(s) && s[end] == sign {
		end++
	}
	tail := end
	for end < len(s) && isLetter(s[end]) && end-tail < 4 {
		end++
	}
	if end-tail > 3 || end < len(s) && (glued(s[end]) || isDigit(s[end])) || notATail(s[tail:end]) {
		tail, end = to, to
	}
	if end < len(s) && (glued(s[end]) || isDigit(s[end])) || end+1 < len(s) && (s[end] == '.' || s[end] == ',' || s[end] == '-') && isDigit(s[end+1]) {
		return out
	}
	span := sc.f.Span(start, end)
	vehicle := near(s, start, end, 56, vehicleWords)
	capitals := sc.capitals(start, l) && (tail == end || sc.capitals(tail, end)) && !sc.shouting(start, end)
	digits := to - from
	switch web, _ := inURL(s, start); {
	case web:
		return out
	case vehicle && (tail < end || digits >= 3 || near(s, start, end, 20, plateWords)):
		return add(out, Plate, span, Sure)
	case tail == end || digits < 4:
		return out
	case capitals && (end-tail > 1 || sign != 0) && !year(s[from:to], end-tail):
		return add(out, Plate, span, Likely)
	case sign == 0 && end-tail >= 2 && l-start <= 2 && !year(s[from:to], 0):
		return add(out, Plate, span, Likely) // "b1234abc"
	}
	return out
}

// glued: signs that make the letters part of a name or a path.
func glued(c byte) bool {
	return isLetter(c) || c == '@' || c == '_' || c == '#' || c == '/' || c == '=' || c == '&'
}

func year(digits string, tail int) bool { return tail < 3 && digits >= "1945" && digits <= "2045" }

// capitals says whether the original has these letters as capitals.
func (sc *scan) capitals(from, to int) bool {
	p := sc.f.Span(from, to)
	for i := p.Start; i < p.End; i++ {
		if c := sc.f.Original[i]; c >= 'a' && c <= 'z' {
			return false
		}
	}
	return true
}

// shouting: the words around are capitals, too, so that capitals prove nothing.
func (sc *scan) shouting(start, end int) bool {
	upper, lower := 0, 0
	p := sc.f.Span(start, end)
	for i := max(0, p.Start-40); i < min(len(sc.f.Original), p.End+40); i++ {
		if i >= p.Start && i < p.End {
			continue
		}
		switch c := sc.f.Original[i]; {
		case c >= 'A' && c <= 'Z':
			upper++
		case c >= 'a' && c <= 'z':
			lower++
		}
	}
	return upper > 3 && upper > lower
}

func plateRegion(letters string) bool {
	switch letters {
	case "a", "b", "d", "e", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "w", "z",
		"aa", "ab", "ad", "ae", "ag", "ba", "bb", "bd", "be", "bg", "bh", "bk", "bl", "bm", "bn", "bp",
		"da", "db", "dc", "dd", "de", "dg", "dh", "dk", "dl", "dm", "dn", "dp", "dr", "ds", "dt", "dw",
		"ea", "eb", "ed", "kb", "kh", "kt", "ku", "pa", "pb", "pd", "pg", "ps", "pt", "py":
		return true
	}
	return false
}

// notATail: what stands behind a number without being a plate's last letters.
func notATail(letters string) bool {
	switch letters {
	case "rb", "jt", "km", "kg", "cm", "mm", "cc", "gb", "mb", "tb", "kw", "va", "wib", "wit", "pm", "am", "rp", "m", "x", "k", "yg", "di", "ke", "dan", "itu", "ini", "aja", "ada", "org",
		"dr", "utk", "tgl", "jam", "pak", "bu", "min", "kak", "kk", "hp", "no", "wa", "tv", "id", "th", "thn", "hr", "bln", "dll", "lg", "lgi", "udh", "sdh", "tdk", "ga", "gak", "jg", "sih",
		"nih", "ya", "yaa", "gan", "bro", "mas", "mba", "pas", "lagi", "dgn", "tp", "pd", "krn", "bgt", "kmh", "bisa", "mau", "tak", "the", "of", "and", "to", "lalu", "per", "kali", "mah", "dong":
		return true
	}
	return false
}

func isVehicle(word string) bool {
	switch word {
	case "mobil", "motor", "truk", "truck", "bus", "bis", "angkot", "avanza", "xenia", "innova", "inova", "brio", "jazz", "pajero", "fortuner", "xpander", "ertiga", "rush", "terios", "agya", "ayla",
		"calya", "sigra", "pickup", "kendaraan", "sopir", "supir", "pengemudi", "taksi", "taxi", "ojol", "tilang", "ditilang", "etilang", "etle", "stnk", "bpkb", "nabrak", "ditabrak", "tabrak",
		"menabrak", "knalpot", "vario", "beat", "scoopy", "nmax", "pcx", "aerox", "mio", "supra", "vespa", "ninja", "sedan", "minibus", "elf", "hiace", "ambulans", "becak", "dump", "tronton",
		"kontainer", "trailer", "bentor", "parkir", "pemotor", "pemobil", "travel", "grab", "gojek", "honda", "yamaha", "toyota", "daihatsu", "suzuki", "mitsubishi", "sepeda", "ugal":
		return true
	}
	return isPlateWord(word)
}

func isPlateWord(word string) bool {
	switch word {
	case "plat", "pelat", "platnya", "plate", "nopol", "nopolnya", "polisi", "tnkb", "berplat", "berpelat", "plt", "noplat", "platno", "bernopol":
		return true
	}
	return false
}
