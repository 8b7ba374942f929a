package pii

import (
	"strconv"
	"strings"
	"sync"
)

// checkNIK reads PPRRDD DDMMYY SSSS: province, regency, district, date of
// birth with the day + 40 for women, serial (Permendagri 19/2010 on the NIK).
// Sure: the district is in the table, or was. Likely: the place is of the right
// shape, for districts are split faster than tables follow.
func checkNIK(d []byte) Certainty {
	if len(d) != 16 || string(d[12:]) == "0000" {
		return ""
	}
	day, month, year := pair(d, 6), pair(d, 8), pair(d, 10)
	if day > 40 {
		day -= 40
	}
	if !validDate(day, month, year) {
		return ""
	}
	return knownPlace(pair(d, 0), pair(d, 2), pair(d, 4))
}

func knownPlace(province, regency, district int) Certainty {
	code := province*100 + regency
	switch {
	case district == 0 || regency == 0 || regency > 79:
		return ""
	case districts()[code].has(district), retired(code) && district <= 60:
		return Sure
	case knownProvince(province):
		return Likely
	}
	return ""
}

// knownProvince: the 38 provinces (Kepmendagri 2025), and 54, Timor Timur
// until 1999, whose people keep their numbers.
func knownProvince(code int) bool {
	switch {
	case code >= 11 && code <= 19, // Sumatera
		code == 21,
		code >= 31 && code <= 36, // Jawa, Banten
		code >= 51 && code <= 54, // Bali, Nusa Tenggara
		code >= 61 && code <= 65, // Kalimantan
		code >= 71 && code <= 76, // Sulawesi
		code >= 81 && code <= 82, // Maluku
		code >= 91 && code <= 96: // Papua
		return true
	}
	return false
}

// retired: regencies that were counted elsewhere when their people got their
// numbers, and a number stays for life.
func retired(code int) bool {
	switch {
	case code >= 5401 && code <= 5413: // Timor Timur, until 1999
	case code >= 6404 && code <= 6406, code == 6410, code == 6473: // to Kalimantan Utara (UU 20/2012)
	case code >= 7319 && code <= 7321, code == 7323, code == 7325: // to Sulawesi Barat (UU 26/2004)
	case code >= 9101 && code <= 9128: // to Papua Selatan, Tengah, Pegunungan (UU 14, 15, 16/2022)
	case code >= 9201 && code <= 9210, code == 9271: // to Papua Barat Daya (UU 29/2022)
	default:
		return false
	}
	return true
}

// set is the districts of one regency: bits 1-127.
type set [2]uint64

func (s set) has(n int) bool { return s[n/64]&(1<<(n%64)) != 0 }

// districts reads the table once; it is a few kilobytes.
var districts = sync.OnceValue(func() map[int]set {
	all := make(map[int]set, 520)
	for line := range strings.Lines(districtTable) {
		province, rest, _ := strings.Cut(strings.TrimSpace(line), "|")
		for _, part := range strings.Split(rest, "|") {
			regency, list, _ := strings.Cut(part, ":")
			p, _ := strconv.Atoi(province)
			r, _ := strconv.Atoi(regency)
			var s set
			for _, span := range strings.Split(list, ",") {
				from, to, ranged := strings.Cut(span, "-")
				if !ranged {
					to = from
				}
				a, _ := strconv.Atoi(from)
				b, _ := strconv.Atoi(to)
				for n := a; n <= b && n > 0 && n < 128; n++ {
					s[n/64] |= 1 << (n % 64)
				}
			}
			all[p*100+r] = s
		}
	}
	return all
})

func validDate(day, month, year int) bool {
	if month < 1 || month > 12 || day < 1 {
		return false
	}
	longest := [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
	if month == 2 && year%4 == 0 { // true of 19YY from 1904 and of 20YY
		longest = 29
	}
	return day <= longest
}

func pair(d []byte, i int) int { return int(d[i]-'0')*10 + int(d[i+1]-'0') }

// validNPWP checks the ninth digit of a 15-digit tax number (Luhn over the
// first nine).
func validNPWP(d []byte) bool {
	if len(d) != 15 {
		return false
	}
	sum := 0
	for i := range 8 {
		n := int(d[i] - '0')
		if i%2 == 1 {
			n *= 2
			if n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return (10-sum%10)%10 == int(d[8]-'0')
}
