package text

import "strings"

// evidence is what one word says about the language: small words that only one
// of them has, and endings.
func evidence(w string) (tongue, int, bool) {
	switch w {
	case "all", "at", "can", "get", "go", "good", "he", "if", "in", "it", "no", "of", "on", "out",
		"so", "to", "up", "we":
		return en, 1, true
	case "about", "and", "are", "be", "because", "been", "but", "could", "did", "do", "does", "dont", "for", "from",
		"has", "have", "her", "his", "how", "im", "is", "its", "just", "like", "my", "not", "our", "please",
		"she", "should", "than", "thank", "thanks", "that", "the", "their", "them", "then", "there", "these", "they", "this",
		"those", "very", "was", "were", "what", "when", "which", "who", "why", "will", "with", "would", "you", "your":
		return en, 2, true
	case "ada", "apa", "banyak", "biar", "bu", "buat", "buka", "deh", "di", "dia", "ga", "hari", "jadi", "jalan",
		"kamu", "ke", "kok", "lu", "mau", "min", "nih", "pak", "sama", "terus", "trus", "tutup":
		return id, 1, true
	case "adalah", "agar", "aja", "akan", "anda", "apakah", "bagaimana", "banget", "begini", "begitu", "belum", "besok", "bila", "bisa",
		"bukan", "dan", "dapat", "dari", "dengan", "dgn", "dimana", "dong", "enggak", "gak", "gimana", "gua", "gue", "hanya",
		"harus", "ini", "itu", "jangan", "jika", "juga", "kalau", "kalo", "kami", "karena", "karna", "kasih", "kemarin", "kenapa",
		"kita", "klo", "lagi", "lebih", "makasih", "masih", "mengapa", "mereka", "mohon", "nggak", "oleh", "orang", "pada", "pernah",
		"saja", "sampai", "sangat", "saya", "sebagai", "sejak", "sekarang", "selamat", "semua", "seperti", "setiap", "siapa", "sih", "sudah",
		"supaya", "tapi", "tdk", "telah", "terima", "tetapi", "tidak", "tolong", "tp", "udah", "untuk", "utk", "yang", "yg":
		return id, 2, true
	case "akeh", "amarga", "anyar", "apik", "arep", "awake", "awakmu", "badhe", "banyu", "bocah", "bojo", "dadi", "dadine", "dalan",
		"delok", "dereng", "dhateng", "dhuwit", "durung", "elek", "endi", "gawe", "gedhe", "iki", "iku", "inggih", "ingkang", "iso",
		"kaliyan", "kanthi", "karo", "kaya", "kowe", "koyo", "kula", "lagek", "lan", "lanang", "lunga", "lungo", "mangan", "marang",
		"mbiyen", "mboten", "menika", "mergo", "mesti", "mlaku", "mlayu", "mung", "nang", "nanging", "ndelok", "nek", "neng", "ngendi",
		"ngene", "ngerti", "nggih", "nggo", "ngombe", "ngomong", "ngono", "ngopo", "ning", "nopo", "nuwun", "ojo", "omah", "opo",
		"ora", "panjenengan", "pira", "piro", "piye", "punika", "rak", "rampung", "saiki", "saka", "sampeyan", "sampun", "sapa", "seko",
		"sesuk", "sing", "sithik", "soko", "sopo", "teko", "tenan", "tuku", "turu", "utawa", "utawi", "wedok", "wingi", "wis",
		"wong", "yen":
		return jv, 2, true
	case "abdi", "acan", "ageung", "aing", "anjeun", "anu", "atos", "atuh", "aya", "ayeuna", "bade", "bageur", "boga", "dahar",
		"deui", "dina", "enggeus", "eta", "euy", "gaduh", "geulis", "geus", "hareudang", "hatur", "hayang", "henteu", "heula", "hoyong",
		"ieu", "imah", "indit", "iraha", "isukan", "jalma", "jeung", "kamari", "kasep", "keur", "kieu", "kitu", "kumaha", "kuring",
		"lamun", "leutik", "lieur", "loba", "mah", "maranehna", "meureun", "mun", "naha", "naon", "nepi", "ngan", "ningal", "ningali",
		"nu", "nuhun", "nyaeta", "nyaho", "oge", "palay", "parantos", "pikeun", "pisan", "punten", "resep", "saeutik", "saha", "sanes",
		"sare", "sareng", "sia", "sieun", "teu", "teuing", "tiasa", "tiris", "tuluy", "ulah", "upami", "urang", "wungkul":
		return su, 2, true
	}
	return ending(w)
}

// ending reads affixes. A short word has none.
func ending(w string) (tongue, int, bool) {
	if len(w) < 6 {
		return 0, 0, false
	}
	switch last := w[len(w)-1]; {
	case last == 'n' && strings.HasSuffix(w, "keun"):
		return su, 3, true
	case last == 'n' && strings.HasSuffix(w, "ipun"):
		return jv, 3, true
	case last == 'n' && strings.HasSuffix(w, "aken"), last == 'e' && strings.HasSuffix(w, "ake"):
		return jv, 2, true
	case last == 'n' && (strings.HasSuffix(w, "tion") || strings.HasSuffix(w, "sion")), last == 's' && strings.HasSuffix(w, "ness"), last == 'y' && strings.HasSuffix(w, "ally"):
		return en, 2, true
	case last == 'a' && strings.HasSuffix(w, "nya"), last == 'n' && strings.HasSuffix(w, "kan"):
		return id, 1, true
	}
	for _, p := range [...]string{"meng", "meny", "memb", "memp", "berk", "berp", "pem", "peng"} {
		if strings.HasPrefix(w, p) {
			return id, 1, true
		}
	}
	if i := strings.Index(w, "eu"); i > 1 || i == 1 && w[0] != 'k' && w[0] != 's' && w[0] != 'm' && w[0] != 'n' {
		return su, 1, true
	}
	return 0, 0, false
}
