package pii

// label is what a word beside a number says about it.
type label uint8

const (
	unnamed label = iota
	neutral       // "no", "nomor": names nothing
	namesNIK
	namesKK
	namesNPWP
	namesPhone
	namesBank
	namesOther // an order, a parcel, a ticket
	namesMoney
	hints   // may be something else, but no mobile number is mistaken for it: "lapor ke 0812…"
	joining // "dan", "atau": the name before holds for the next number, too
)

// reach is how far before a number a word may stand that names it, and
// otherReach how many words away one that says it is something else.
const (
	reach      = 48
	otherReach = 2
)

// before returns the nearest word that names the number at, and how many words
// away it is. Numbers between do not matter: "NIK 1…, 2…".
func before(s string, at int) (label, int) {
	floor := max(0, at-reach)
	i := at
	spent := 0 // digits of another number, with words of their own behind them
	for words := 0; words < 9; {
		digits := 0
		for i > floor && !isLetter(s[i-1]) {
			if i--; isDigit(s[i]) {
				digits++
			}
		}
		if digits >= 6 && words > 0 {
			spent = digits
		}
		end := i
		for i > floor && isLetter(s[i-1]) {
			i--
		}
		if i == end {
			return unnamed, 0
		}
		switch l := labelOf(s, i, end); l {
		case neutral, joining:
		case namesOther, namesMoney, hints:
			if words > otherReach {
				words++
				continue
			}
			if l == namesOther && direction(prior(s, at)) {
				l = hints
			}
			return l, words
		case unnamed:
			words++
		default:
			if spent > 0 {
				return unnamed, 0 // "rek BCA 1… hilang, 08…": it named the one before
			}
			return l, words
		}
	}
	return unnamed, 0
}

// direction: "ke", "di": what follows is reached, not counted.
func direction(word string) bool { return names(word, "ke", "di", "dari", "via", "lewat") }

// after returns the word behind a number that names it: "… itu NIK saya",
// "… (WA)", "… a.n. Rini".
func after(s string, at int) label {
	ceiling := min(len(s), at+24)
	i := at
	for range 3 {
		for i < ceiling && !isLetter(s[i]) {
			if isDigit(s[i]) || s[i] == '.' && i+1 < len(s) && s[i+1] == ' ' && i > at || s[i] == '\n' {
				return unnamed
			}
			i++
		}
		start := i
		for i < len(s) && isLetter(s[i]) {
			i++
		}
		if start == i {
			return unnamed
		}
		if word := s[start:i]; word == "an" || word == "atas" || word == "a" && i+1 < len(s) && s[i] == '.' && s[i+1] == 'n' {
			return namesBank
		}
		if l := labelOf(s, start, i); l > neutral && l < hints {
			if numberAhead(s, i) {
				return unnamed // "…, satu KK 32…": it names the next one
			}
			return l
		}
	}
	return unnamed
}

// numberAhead: behind the word at i another number begins.
func numberAhead(s string, i int) bool {
	ceiling := min(len(s), i+20)
	for i < ceiling {
		switch {
		case isDigit(s[i]):
			return true
		case isLetter(s[i]):
			end := i
			for end < len(s) && isLetter(s[end]) {
				end++
			}
			if l := labelOf(s, i, end); l == unnamed || l == joining {
				return false
			}
			i = end
		default:
			i++
		}
	}
	return false
}

// labelOf reads s[start:end]; some words name a number only with the one
// before them.
func labelOf(s string, start, end int) label {
	word := s[start:end]
	switch word {
	case "no", "nomor", "nomer", "nmr", "nomornya", "nomernya", "number", "saya", "ku", "aku", "nya", "ini", "itu", "adalah", "di", "ke":
		if (word == "saya" || word == "aku") && names(prior(s, start), "nomor", "nomer", "nomornya", "nmr") {
			return namesPhone
		}
		return neutral
	case "dan", "atau", "sama", "serta", "or", "and":
		return joining
	case "keluarga":
		if names(prior(s, start), "kartu", "kepala") {
			return namesKK
		}
		return unnamed
	case "penduduk":
		if names(prior(s, start), "tanda", "induk") {
			return namesNIK
		}
		return unnamed
	case "pajak":
		if names(prior(s, start), "wajib") {
			return namesNPWP
		}
		return unnamed
	case "account", "akun":
		if names(prior(s, start), "virtual") {
			return namesBank
		}
		return unnamed
	}
	return labels(word)
}

func labels(word string) label {
	switch word {
	case "nik", "niknya", "nikku", "ktp", "ktpnya", "ektp", "kependudukan", "noktp", "nonik", "nikk":
		return namesNIK
	case "kk", "kknya", "nokk", "nkk", "kkku":
		return namesKK
	case "npwp", "npwpnya", "nitku", "nonpwp", "npwpku":
		return namesNPWP
	case "hp", "nohp", "hpnya", "hpku", "hape", "hapeku", "wa", "nowa", "wanya", "waku", "wasap", "watsap", "watsapp", "whatsapp", "whatsap", "wassap", "wapri",
		"telp", "telpn", "tlp", "tlpn", "tlpon", "telpon", "telepon", "telfon", "telf", "tel", "notelp", "notlp", "phone", "handphone", "ponsel", "hubungi", "hub", "menghubungi",
		"dihubungi", "kontak", "kontaknya", "contact", "cp", "call", "calling", "sms", "japri", "chat", "nomorku", "nomerku", "nope", "selular", "seluler",
		"ovo", "gopay", "dana", "shopeepay", "linkaja", "menelepon", "telponan", "fax", "faks", "mobile":
		return namesPhone
	case "rek", "rekening", "norek", "reknya", "rekeningnya", "rekeningku", "bca", "bni", "bri", "mandiri", "bsi", "btn", "cimb", "niaga", "danamon", "permata", "ocbc", "panin",
		"bjb", "bpd", "seabank", "btpn", "jenius", "muamalat", "maybank", "bukopin", "sinarmas", "uob", "dbs", "hsbc", "bank", "transfer", "tf", "ditransfer", "va", "briva", "debit",
		"atm", "nasabah", "jago", "mega", "brimo", "livin", "bankjatim", "neobank", "bnc", "bsb", "nagari":
		return namesBank
	case "pelanggan", "transaksi", "tagihan", "kode", "ref", "referensi", "sertifikat", "id", "polis", "order", "orderan", "pesanan", "resi", "noresi", "tiket", "ticket", "tiketnya", "invoice", "inv", "faktur", "pasal", "koordinat", "booking", "meter",
		"meteran", "token", "imei", "sn", "seri", "registrasi", "pendaftaran", "antrean", "antrian", "nip", "nisn", "nis", "nim", "nidn", "nuptk", "nrp", "isbn", "issn", "meeting", "zoom",
		"passcode", "idpel", "sk", "perkara", "trx", "bpjs", "rangka", "jne",
		"jnt", "sicepat", "anteraja", "spx", "tracking", "awb", "nop", "pbb", "bpom", "barcode", "serial", "nib",
		"perpres", "permen", "kupon", "voucher", "undian", "batch", "sku", "hash", "skck", "kis":
		return namesOther
	case "laporan", "aduan", "lapor", "pengaduan", "paket", "surat", "izin", "kontrak", "model", "tipe", "type", "versi", "version", "artikel", "pos", "lelang", "rup", "undang", "berkas", "mesin", "dataset":
		return hints
	case "rp", "idr", "anggaran", "rupiah", "sebesar", "senilai", "harga", "apbd", "apbn", "total", "usd", "jumlah", "biaya", "nilai", "pagu", "utang":
		return namesMoney
	}
	return unnamed
}

// prior is the word that stands before the one that starts at.
func prior(s string, at int) string {
	i := at
	for i > 0 && !isLetter(s[i-1]) && at-i < 4 {
		i--
	}
	end := i
	for i > 0 && isLetter(s[i-1]) && end-i < 24 {
		i--
	}
	return s[i:end]
}

func names(word string, any ...string) bool {
	for _, w := range any {
		if w == word {
			return true
		}
	}
	return false
}

// near says whether one of the words stands within so many bytes before from
// or behind to.
func near(s string, from, to, bytes int, is wordSet) bool {
	return anyWord(s, max(0, from-bytes), from, is) || anyWord(s, to, min(len(s), to+bytes), is)
}

func anyWord(s string, from, to int, is wordSet) bool {
	for from > 0 && from < to && isLetter(s[from-1]) && isLetter(s[from]) {
		from++ // the tail of a word cut in two
	}
	for i := from; i < to; {
		if !isLetter(s[i]) {
			i++
			continue
		}
		end := i + 1
		for end < len(s) && isLetter(s[end]) {
			end++
		}
		if is.has(s[i:end]) {
			return true
		}
		i = end
	}
	return false
}

// isOffice: words of places that the public is meant to find and to call.
func isOffice(word string) bool {
	switch word {
	case "kantor", "dinas", "puskesmas", "rsud", "rsup", "rs", "rsu", "rsia", "polsek", "polres", "polda", "polresta", "polri", "koramil", "balaikota", "balai", "kecamatan", "kelurahan",
		"posko", "samsat", "disdukcapil", "dukcapil", "dishub", "dinkes", "dinsos", "disdik", "satpol", "bpbd", "damkar", "pemadam", "upt", "uptd", "mpp", "kampus", "universitas",
		"call", "center", "hotline", "layanan", "pelayanan", "humas", "pemkot", "pemkab", "pemprov", "pemda", "pln", "pdam", "perumda", "gedung", "terminal", "stasiun", "bandara", "pelabuhan", "pasar",
		"masjid", "gereja", "pura", "vihara", "toko", "spbu", "hotel", "mall", "mal", "plaza", "sekolah", "sd", "sdn", "smp", "smpn", "sma", "sman", "smk", "smkn", "tk", "paud", "klinik",
		"apotek", "apotik", "museum", "perpustakaan", "stadion", "lapangan", "taman", "alun", "pengadilan", "kejaksaan", "kementerian", "kemendagri", "kominfo", "diskominfo", "disperindag",
		"ombudsman", "bpjs", "imigrasi", "bpn", "kpu", "kpud", "bawaslu", "dprd", "dpr", "bupati", "walikota", "gubernur", "sekretariat", "rumdin", "instansi", "resmi", "loket", "berlokasi", "terletak", "cabang", "cab", "restoran", "resto", "warung", "kedai", "kafe", "cafe", "plasa", "kuliner", "ambulans", "ambulance", "sar", "pmi":
		return true
	}
	return false
}

// isOwn: words with which people speak of themselves and their homes.
func isOwn(word string) bool {
	switch word {
	case "saya", "aku", "ku", "gue", "gua", "rumah", "rumahnya", "rumahku", "alamatku", "kos", "kost", "kosan", "kontrakan", "tinggal", "kami", "ibu", "bapak", "almarhum",
		"domisili", "berdomisili", "mertua", "orangtua", "ortu", "kediaman", "nenek", "kakek", "istri", "suami", "adik", "kakak":
		return true
	}
	return false
}

// wordSet names one of the lists of words. A function in its place would move
// the scan to the heap.
type wordSet uint8

const (
	officeWords wordSet = iota
	ownWords
	homeWords
	vehicleWords
	plateWords
	exampleWords
	selfWords
)

func (w wordSet) has(word string) bool {
	switch w {
	case officeWords:
		return isOffice(word)
	case ownWords:
		return isOwn(word)
	case homeWords:
		return isHome(word)
	case vehicleWords:
		return isVehicle(word)
	case plateWords:
		return isPlateWord(word)
	case selfWords:
		return names(word, "saya", "aku", "ku", "gue", "gua", "rumah", "istri", "suami", "adik", "kakak", "ibu", "bapak")
	case exampleWords:
		return names(word, "contoh", "contohnya", "misal", "misalnya", "dummy", "format")
	}
	return false
}
