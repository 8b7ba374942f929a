package pii_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"kentongan/internal/pii"
)

// invent makes a piece of personal data of nobody, written as people write it.
func invent(r *rand.Rand, kind pii.Kind) string {
	switch kind {
	case pii.NIK:
		return cut(r, population(r, true), "4 4 4 4", "6 6 4", "2 2 2 6 4")
	case pii.KK:
		return cut(r, population(r, false), "4 4 4 4", "6 6 4")
	case pii.NPWP:
		return taxNumber(r)
	case pii.Phone:
		return phoneNumber(r)
	case pii.Email:
		return address(r)
	case pii.Plate:
		return plateNumber(r)
	case pii.Bank:
		return cut(r, some(r, []int{10, 13, 15, 12}[r.IntN(4)]), "4 4 4 4")
	}
	return home(r)
}

// placesOfToday and before: Kemendagri's codes of districts that exist, and of
// regencies that have moved to another province since.
var placesOfToday = []string{"327301", "317106", "351501", "110101", "517103", "640201", "737106", "910301", "940105", "960101", "360301", "331212", "620104", "150301", "810101", "530108", "190101"}
var placesBefore = []string{"910101", "910412", "910901", "920103", "640401", "640502", "647301", "731901", "732103", "540101", "541302"}

func population(r *rand.Rand, person bool) string {
	place := placesOfToday[r.IntN(len(placesOfToday))]
	if r.IntN(6) == 0 {
		place = placesBefore[r.IntN(len(placesBefore))]
	}
	day := 1 + r.IntN(28)
	if person && r.IntN(2) == 0 {
		day += 40
	}
	return fmt.Sprintf("%s%02d%02d%02d%04d", place, day, 1+r.IntN(12), r.IntN(100), 1+r.IntN(60))
}

func some(r *rand.Rand, n int) string {
	b := []byte{byte('1' + r.IntN(9))}
	for len(b) < n {
		b = append(b, byte('0'+r.IntN(10)))
	}
	return string(b)
}

// cut writes a number whole, mostly; else in groups, or with letters for
// digits, or in signs that only look like digits.
func cut(r *rand.Rand, digits string, shapes ...string) string {
	switch r.IntN(12) {
	case 0, 1:
		shape := strings.Fields(shapes[r.IntN(len(shapes))])
		sign := []string{" ", "-", "."}[r.IntN(3)]
		var parts []string
		rest := digits
		for _, n := range shape {
			k := min(int(n[0]-'0'), len(rest))
			if k == 0 {
				break
			}
			parts, rest = append(parts, rest[:k]), rest[k:]
		}
		if rest != "" {
			parts[len(parts)-1] += rest
		}
		return strings.Join(parts, sign)
	case 2:
		return wide(digits)
	case 3:
		if len(digits) == 16 {
			return strings.Join(strings.Split(digits, ""), " ")
		}
	}
	return digits
}

func wide(digits string) string {
	var b strings.Builder
	for _, d := range digits {
		if d >= '0' && d <= '9' {
			d += '０' - '0'
		}
		b.WriteRune(d)
	}
	return b.String()
}

func taxNumber(r *rand.Rand) string {
	base := some(r, 8)
	sum := 0
	for i := range 8 {
		n := int(base[i] - '0')
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	d := base + fmt.Sprint((10-sum%10)%10) + some(r, 3) + "000"
	switch r.IntN(5) {
	case 0, 1:
		return d[:2] + "." + d[2:5] + "." + d[5:8] + "." + d[8:9] + "-" + d[9:12] + "." + d[12:]
	case 2:
		return "0" + d
	case 3:
		return population(r, true)
	}
	return d
}

var spelledDigits = [...]string{"nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"}

func phoneNumber(r *rand.Rand) string {
	operators := []string{"811", "812", "813", "821", "822", "852", "853", "851", "814", "815", "816", "855", "856", "857", "858", "817", "818", "819", "859", "877", "878", "831", "838", "895", "896", "881", "887"}
	d := operators[r.IntN(len(operators))] + some(r, 7+r.IntN(3))
	grouped := func(sign string) string { return d[:3] + sign + d[3:7] + sign + d[7:] }
	switch r.IntN(20) {
	case 0:
		return "+62" + d
	case 1:
		return "62" + d
	case 2:
		return "+62 " + grouped(" ")
	case 3:
		return "+62" + grouped("-")
	case 4:
		return "0" + grouped("-")
	case 5:
		return "0" + grouped(" ")
	case 6:
		return "0" + grouped(".")
	case 7:
		return "(+62) " + d
	case 8:
		return "0062" + d
	case 9:
		return "o" + strings.ReplaceAll(d, "1", "l")[:len(d)-1] + "7"
	case 10:
		words := []string{"nol"}
		for _, c := range d {
			words = append(words, spelledDigits[c-'0'])
		}
		return strings.Join(words, " ")
	case 11:
		return strings.Join(strings.Split("0"+d, ""), " ")
	case 12:
		return wide("0" + d)
	case 13:
		return "0" + d[:3] + " - " + d[3:7] + " - " + d[7:]
	case 14:
		return "(0" + d[:3] + ") " + d[3:7] + "-" + d[7:]
	}
	return "0" + d
}

func address(r *rand.Rand) string {
	first := []string{"sumarni", "joko.waluyo", "RiniAstuti", "agus_salim", "bu.yuli", "hendra-k", "dewi"}[r.IntN(7)]
	name := first + []string{"", some(r, 2), some(r, 4)}[r.IntN(3)]
	house := []string{"gmail.com", "yahoo.co.id", "outlook.com", "ymail.com", "kotacontoh.go.id", "kampus-contoh.ac.id", "usaha.contoh.net"}[r.IntN(7)]
	words := strings.Split(house, ".")
	switch r.IntN(14) {
	case 0:
		return name + "[at]" + strings.Join(words, "[dot]")
	case 1:
		return name + " (at) " + strings.Join(words, " dot ")
	case 2:
		return name + " [at] " + house
	case 3:
		return name + " at gmail dot com"
	case 4:
		return name + "(at)" + house
	case 5:
		return strings.ToUpper(name + "@" + house)
	case 6:
		return name + " @ " + "gmail" + " . com"
	}
	return name + "@" + house
}

func plateNumber(r *rand.Rand) string {
	region := []string{"B", "D", "AB", "L", "BK", "DK", "KT", "F", "AA", "DD", "N", "BE"}[r.IntN(12)]
	tail := []string{"AB", "XYZ", "KL", "TRE", "GH"}[r.IntN(5)]
	if r.IntN(5) == 0 {
		return region + some(r, 4) + tail
	}
	return region + " " + some(r, 4) + " " + tail
}

func home(r *rand.Rand) string {
	street := []string{"Jl. Kenanga", "Jalan Raya Cempaka", "Gg. Haji Naim", "jl flamboyan", "Jln. Letjen Suprapto", "Perum Bumi Asri", "Komplek Griya Indah"}[r.IntN(7)]
	s := street + []string{" No. ", " no ", " No.", " nomor "}[r.IntN(4)] + some(r, 1+r.IntN(2))
	if strings.HasPrefix(street, "Perum") || strings.HasPrefix(street, "Komp") {
		s = street + " Blok " + string(rune('A'+r.IntN(6))) + some(r, 1) + " No " + some(r, 2)
	}
	if r.IntN(2) == 0 {
		s += []string{" RT 0" + some(r, 1) + "/RW 0" + some(r, 1), " RT 0" + some(r, 1) + "/0" + some(r, 1), ", RT.00" + some(r, 1) + " RW.00" + some(r, 1)}[r.IntN(3)]
	}
	if r.IntN(3) == 0 {
		s += []string{", Kel. Cibogo", ", Desa Wonosari", ", Kec. Ngaliyan"}[r.IntN(3)]
	}
	return s
}
