package pii

// knownProvince says whether a NIK may begin with these two digits: the codes
// of the 38 provinces (Kepmendagri 2025), and 54, Timor Timur until 1999, whose
// people keep their numbers. Codes of split provinces are still their
// parents', so nothing else has to be kept.
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

// validNIK checks PPRRDD DDMMYY SSSS: province, regency, district, date of
// birth with the day + 40 for women, serial (Permendagri 2010 on NIK).
func validNIK(d string) bool {
	if len(d) != 16 {
		return false
	}
	day, month, year := pair(d, 6), pair(d, 8), pair(d, 10)
	if day > 40 {
		day -= 40
	}
	return knownProvince(pair(d, 0)) && regency(pair(d, 2)) && pair(d, 4) != 0 &&
		validDate(day, month, year) && d[12:] != "0000"
}

// regency: 01-69 regencies, 71-79 cities.
func regency(code int) bool { return code >= 1 && code <= 79 && code != 70 }

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

func pair(d string, i int) int { return int(d[i]-'0')*10 + int(d[i+1]-'0') }

// validNPWP checks the ninth digit of a 15-digit tax number (Luhn over the
// first nine).
func validNPWP(d string) bool {
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
