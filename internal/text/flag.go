package text

import "strings"

// region says whether two letters name a region that has a flag (ISO 3166-1,
// and the few more of Unicode's emoji-sequences).
func region(a, b byte) bool {
	var second string
	switch a {
	case 'A':
		second = "CDEFGILMOQRSTUWXZ"
	case 'B':
		second = "ABDEFGHIJLMNOQRSTVWYZ"
	case 'C':
		second = "ACDFGHIKLMNOPQRUVWXYZ"
	case 'D':
		second = "EGJKMOZ"
	case 'E':
		second = "ACEGHRSTU"
	case 'F':
		second = "IJKMOR"
	case 'G':
		second = "ABDEFGHILMNPQRSTUWY"
	case 'H':
		second = "KMNRTU"
	case 'I':
		second = "CDELMNOQRST"
	case 'J':
		second = "EMOP"
	case 'K':
		second = "EGHIMNPRWYZ"
	case 'L':
		second = "ABCIKRSTUVY"
	case 'M':
		second = "ACDEFGHKLMNOPQRSTUVWXYZ"
	case 'N':
		second = "ACEFGILOPRUZ"
	case 'O':
		second = "M"
	case 'P':
		second = "AEFGHKLMNRSTWY"
	case 'Q':
		second = "A"
	case 'R':
		second = "EOSUW"
	case 'S':
		second = "ABCDEGHIJKLMNORSTVXYZ"
	case 'T':
		second = "ACDFGHJKLMNORTVWZ"
	case 'U':
		second = "AGMNSYZ"
	case 'V':
		second = "ACEGINU"
	case 'W':
		second = "FS"
	case 'X':
		second = "K"
	case 'Y':
		second = "ET"
	case 'Z':
		second = "AMW"
	}
	return strings.IndexByte(second, b) >= 0
}
