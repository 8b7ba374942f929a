package pii_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"kentongan/internal/pii"
	"kentongan/internal/text"
)

// Every number here is invented.
func TestPersonalDataIsFound(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		kind pii.Kind
		what string
		mask string
	}{
		"NIK of a man":                         {"NIK saya 3273011708850003 belum terdaftar", pii.NIK, "3273011708850003", "NIK saya 32••••••••••••03 belum terdaftar"},
		"NIK of a woman, day + 40":             {"ktp: 3273015708850003", pii.NIK, "3273015708850003", "ktp: 32••••••••••••03"},
		"NIK without a word beside it":         {"3273011708850003", pii.NIK, "3273011708850003", "32••••••••••••03"},
		"NIK of a leap day":                    {"nik 3273012902960003", pii.NIK, "3273012902960003", "nik 32••••••••••••03"},
		"NIK from Timor Timur":                 {"nik 5401011708700003", pii.NIK, "5401011708700003", "nik 54••••••••••••03"},
		"NIK with spaces between digits":       {"NIK 3 2 7 3 0 1 1 7 0 8 8 5 0 0 0 3 ya", pii.NIK, "3 2 7 3 0 1 1 7 0 8 8 5 0 0 0 3", "NIK 32••••••••••••03 ya"},
		"NIK in groups":                        {"NIK 3273 0117 0885 0003", pii.NIK, "3273 0117 0885 0003", "NIK 32••••••••••••03"},
		"NIK in full-width digits":             {"NIK ３２７３０１１７０８８５０００３", pii.NIK, "３２７３０１１７０８８５０００３", "NIK 32••••••••••••03"},
		"NIK with zero-width signs":            {"NIK 32730117\u200b08850003", pii.NIK, "32730117\u200b08850003", "NIK 32••••••••••••03"},
		"NIK glued to its word":                {"nik3273011708850003", pii.NIK, "3273011708850003", "nik32••••••••••••03"},
		"NIK with an o for a zero":             {"NIK 32730117o885ooo3", pii.NIK, "32730117o885ooo3", "NIK 32••••••••••••03"},
		"KK by its word":                       {"No KK 3273011708120003, bansos", pii.KK, "3273011708120003", "No KK 32••••••••••••03, bansos"},
		"KK written out":                       {"kartu keluarga nomor 3273011708120003", pii.KK, "3273011708120003", "kartu keluarga nomor 32••••••••••••03"},
		"NPWP with dots":                       {"NPWP 12.345.678.9-012.345", pii.NPWP, "12.345.678.9-012.345", "NPWP •••••••••••••45"},
		"NPWP without dots":                    {"npwp saya 123456789012345", pii.NPWP, "123456789012345", "npwp saya •••••••••••••45"},
		"mobile":                               {"hub 081234567834", pii.Phone, "081234567834", "hub 0812-••••-••34"},
		"mobile with dashes":                   {"0812-3456-7834", pii.Phone, "0812-3456-7834", "0812-••••-••34"},
		"mobile with dots":                     {"WA 0812.3456.7834", pii.Phone, "0812.3456.7834", "WA 0812-••••-••34"},
		"mobile with spaces":                   {"WA 0812 3456 7834", pii.Phone, "0812 3456 7834", "WA 0812-••••-••34"},
		"mobile with spaces between digits":    {"wa 0 8 1 2 3 4 5 6 7 8 3 4", pii.Phone, "0 8 1 2 3 4 5 6 7 8 3 4", "wa 0812-••••-••34"},
		"mobile, +62":                          {"+62 812-3456-7834", pii.Phone, "+62 812-3456-7834", "+62812-••••-••34"},
		"mobile, +62 with dots":                {"+62.812.345.634", pii.Phone, "+62.812.345.634", "+62812-••••-••34"},
		"mobile, 62":                           {"6281234567834", pii.Phone, "6281234567834", "+62812-••••-••34"},
		"mobile, (+62)":                        {"(+62) 81234567834", pii.Phone, "(+62) 81234567834", "+62812-••••-••34"},
		"mobile without the zero, by its word": {"WA saya 812-3456-7834", pii.Phone, "812-3456-7834", "WA saya 8123-••••-••34"},
		"mobile with o for zero":               {"wa o812 3456 7834", pii.Phone, "o812 3456 7834", "wa 0812-••••-••34"},
		"mobile after a picture":               {"📞081234567834", pii.Phone, "081234567834", "📞0812-••••-••34"},
		"mobile glued to its word":             {"wa081234567834", pii.Phone, "081234567834", "wa0812-••••-••34"},
		"mobile in mathematical digits":        {"𝟎𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟑𝟒", pii.Phone, "𝟎𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟑𝟒", "0812-••••-••34"},
		"mobile in keycaps":                    {"wa 0️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣3️⃣4️⃣", pii.Phone, "0️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣3️⃣4️⃣", "wa 0812-••••-••34"},
		"mobile before another number":         {"081234567834 12 kali ditelepon", pii.Phone, "081234567834", "0812-••••-••34 12 kali ditelepon"},
		"fixed line by its word":               {"telp 0229876543", pii.Phone, "0229876543", "telp 0229-••••-••43"},
		"fixed line in brackets":               {"(022) 9876543", pii.Phone, "(022) 9876543", "0229-••••-••43"},
		"e-mail":                               {"surel budi.contoh@contoh.id ya", pii.Email, "budi.contoh@contoh.id", "surel b••••@contoh.id ya"},
		"e-mail at a ministry":                 {"Ke Humas@Kota-Contoh.go.id", pii.Email, "Humas@Kota-Contoh.go.id", "Ke h••••@kota-contoh.go.id"},
		"e-mail with at and dot in brackets":   {"budi[at]contoh[dot]com", pii.Email, "budi[at]contoh[dot]com", "b••••@contoh.com"},
		"e-mail with spaces":                   {"budi @ contoh . com", pii.Email, "budi @ contoh . com", "b••••@contoh.com"},
		"e-mail in words":                      {"budi at contoh titik com", pii.Email, "budi at contoh titik com", "b••••@contoh.com"},
		"NIK with a slip of the finger":        {"NIK saya 3273011713850003 ditolak", pii.NIK, "3273011713850003", "NIK saya 32••••••••••••03 ditolak"},
		"NIK one digit short":                  {"nik 327301170885003 kok ditolak", pii.NIK, "327301170885003", "nik 32•••••••••••03 kok ditolak"},
		"NIK from before Kalimantan Utara":     {"6404021708850003 atas nama Rini", pii.NIK, "6404021708850003", "64••••••••••••03 atas nama Rini"},
		"NIK, its word behind it":              {"3273011708850003 itu nik saya", pii.NIK, "3273011708850003", "32••••••••••••03 itu nik saya"},
		"NPWP of 16 digits":                    {"npwp 3273011708850003", pii.NPWP, "3273011708850003", "npwp ••••••••••••••03"},
		"mobile in words":                      {"wa nol delapan satu dua tiga empat lima enam tujuh delapan sembilan ya", pii.Phone, "nol delapan satu dua tiga empat lima enam tujuh delapan sembilan", "wa 0812-••••-••89 ya"},
		"mobile with l for one":                {"wa o8l2-3456-7834", pii.Phone, "o8l2-3456-7834", "wa 0812-••••-••34"},
		"mobile in brackets, without them":     {"(081234567834)", pii.Phone, "081234567834", "(0812-••••-••34)"},
		"mobile in a link that calls":          {"https://wa.me/6281234567834 ya", pii.Phone, "6281234567834", "https://wa.me/+62812-••••-••34 ya"},
		"mobile abroad":                        {"wa saya +60 12-345 6789", pii.Phone, "+60 12-345 6789", "wa saya +60-••••-••89"},
		"e-mail before a full stop":            {"ke budi@contoh.id. Terima kasih", pii.Email, "budi@contoh.id", "ke b••••@contoh.id. Terima kasih"},
		"e-mail glued to the next sentence":    {"ke budi@contoh.com.Mohon dibaca", pii.Email, "budi@contoh.com", "ke b••••@contoh.com.Mohon dibaca"},
		"e-mail at a mail house, in brackets":  {"budi.rini (at) gmail dot com", pii.Email, "budi.rini (at) gmail dot com", "b••••@gmail.com"},
		"account before its name":              {"1234567890 a.n. Rini", pii.Bank, "1234567890", "••••••••90 a.n. Rini"},
		"virtual account":                      {"virtual account 8808 0812 3456 7834", pii.Bank, "8808 0812 3456 7834", "virtual account ••••••••••••••34"},
		"plate":                                {"Mobil B 1234 ABC parkir di trotoar", pii.Plate, "B 1234 ABC", "Mobil B •••• parkir di trotoar"},
		"plate in small letters":               {"motor d4321xy ngebut", pii.Plate, "d4321xy", "motor D •••• ngebut"},
		"in front of one's own house":          {"macet di depan rumah saya Jl. Mawar No. 7 RT 03", pii.Address, "Jl. Mawar No. 7 RT 03", "macet di depan rumah saya Jl ••••"},
		"address with number and RT":           {"Rumah saya Jl. Mawar No. 7 RT 03/RW 07, Kel. Sukamaju, belum dialiri", pii.Address, "Jl. Mawar No. 7 RT 03/RW 07, Kel. Sukamaju", "Rumah saya Jl ••••, belum dialiri"},
		"address in small letters":             {"alamat jln mawar no 12a banjir", pii.Address, "jln mawar no 12a", "alamat jln •••• banjir"},
		"address in a housing estate":          {"Perum Griya Asri Blok C5 No 12 banjir", pii.Address, "Perum Griya Asri Blok C5 No 12", "Perum •••• banjir"},
		"bank account by its word":             {"rek BCA 4058215726 a.n. Rini", pii.Bank, "4058215726", "rek BCA ••••••••26 a.n. Rini"},
	} {
		t.Run(name, func(t *testing.T) {
			found := pii.Find(c.in)
			if len(found) != 1 {
				t.Fatalf("found %v in %q", found, c.in)
			}
			if f := found[0]; f.Kind != c.kind || c.in[f.Start:f.End] != c.what {
				t.Errorf("found %s %q, want %s %q", f.Kind, c.in[f.Start:f.End], c.kind, c.what)
			}
			if got := pii.Mask(c.in).Text; got != c.mask {
				t.Errorf("masked as %q, want %q", got, c.mask)
			}
		})
	}
}

func TestOrdinaryNumbersAreLeftAlone(t *testing.T) {
	for name, s := range map[string]string{
		"no such province":           "nomor 9901011708850003",
		"no such month":              "kodenya 3273011713850003 salah",
		"30 February":                "kodenya 3273013002850003 salah",
		"29 February of 1985":        "kodenya 3273012902850003 salah",
		"serial 0000":                "kodenya 3273011708850000 salah",
		"district 00":                "kodenya 3273001708850003 salah",
		"a price":                    "anggaran Rp 783.219.650.110 untuk apa?",
		"a count":                    "tahun 2026 ada 27.062.988 penerima",
		"an order":                   "Order 081264827123 belum dikirim",
		"a ticket":                   "tiket LAPOR 8102993 belum ditindaklanjuti",
		"a law":                      "UU Nomor 27 Tahun 2022 pasal 65 ayat 1",
		"a date with an hour":        "08-12-2026 10.00 WIB",
		"opening hours":              "buka 08.00-12.00 dan 13.00-16.00",
		"emergency numbers":          "hubungi 112 atau 110 atau 119",
		"free call of the ministry":  "call center 0800-1234567",
		"coordinates":                "Koordinat -6.914744, 107.609810",
		"RT and RW":                  "RT 03 RW 08 Kelurahan Contoh",
		"a plate and a bus":          "bus 08 jurusan 12",
		"an account with @":          "tolong @tirtawangikota . info dong",
		"a handle after a word":      "halo @tirtawangi.id min",
		"a time mark":                "02:42 mantap",
		"years":                      "2019-2024 2024-2029",
		"digits behind a word":       "covid19 pulau777 a1234567",
		"a score":                    "menang 3-0 lalu 2-1",
		"a long number without name": "12345678901234567890",
		"a web address":              "https://contoh.id/p/0/81/2",
		"a street in traffic":        "Jl. Sudirman macet 2 jam",
		"an office":                  "Kantor Dinas Sosial Jl. Mawar No. 7 tutup",
		"an office's line":           "call center dinas (021) 5551234",
		"a place in a complaint":     "pipa bocor di depan Gang Mawar 3, tolong",
		"a place with a number":      "lampu mati dekat Jl. Kenanga No. 12 RT 03",
		"a road under repair":        "jalan rusak 5 km dari desa",
		"a phone's model":            "Samsung A 52 S dan L 300 PU",
		"a NIK called an example":    "contoh NIK 1234567890123456",
		"a token in groups of four":  "1234 5678 9012 3456 7890",
		"a decimal":                  "0.8123456789",
		"a year in capitals":         "JALUR B 2024 DAN LAINNYA",
		"a meeting":                  "Meeting ID: 812 3456 7890",
		"a word at":                  "look at contoh.id dong",
		"a mask":                     "0812-••••-••34 dan 32••••••••••••03",
	} {
		if found := pii.Find(s); len(found) > 0 {
			t.Errorf("%s: %q called %s", name, s[found[0].Start:found[0].End], found[0].Kind)
		}
	}
}

func TestSeveralInOneMessage(t *testing.T) {
	s := "NIK 3273011708850003 dan KK 3273011708120003, wa 081234567834 atau budi@contoh.id"
	var kinds []pii.Kind
	for _, f := range pii.Find(s) {
		kinds = append(kinds, f.Kind)
	}
	if want := []pii.Kind{pii.NIK, pii.KK, pii.Phone, pii.Email}; !slices.Equal(kinds, want) {
		t.Errorf("found %v, want %v", kinds, want)
	}
}

func TestPlaceFollowsTheMask(t *testing.T) {
	s := "wa 081234567834 goblok budi@contoh.id tolol"
	m := pii.Mask(s)
	for _, word := range []string{"wa", "goblok", "tolol"} {
		i := strings.Index(s, word)
		if got := m.Place(text.Span{Start: i, End: i + len(word)}).Of(m.Text); got != word {
			t.Errorf("%q is shown at %q", word, got)
		}
	}
	if got := m.Place(text.Span{Start: 5, End: 8}).Of(m.Text); got != "0812-••••-••34" {
		t.Errorf("a span inside a number is shown as %q", got)
	}
	if got := m.Place(text.Span{Start: 0, End: len(s)}).Of(m.Text); got != m.Text {
		t.Errorf("the whole is shown as %q", got)
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"", "NIK 3273011708850003", "0812-3456-7834", "+62 812.345.634", "a@b.co", "0 8 1 2 3 4 5 6 7 8", "081234 081234567890",
		"budi [at] contoh [dot] com", "\xff0812345678", "o8o8o8o8o8", "０８１２３４５６７８", "rek 12345678 12345678", "(022) 9876543", "x@y@z.com", "•• 0812345678", "Jl. Mawar No. 7 RT 03/RW 07, Kel. Sukamaju", "B 1234 ABC mobil", "b1234abc", "nol delapan satu dua tiga empat lima enam tujuh delapan",
		"npwp 12.345.678.9-012.345", "Perum Asri Blok C5/12 40115", "budi (at) gmail dot com", "virtual account 8808 0812 3456 7834", "+60 12-345 6789", "ＮＩＫ ３２７３０１１７０８８５０００３"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		end := 0
		found := pii.Find(s)
		for _, x := range found {
			if x.Start < end || x.End <= x.Start || x.End > len(s) {
				t.Fatalf("%q: span %v after %d", s, x, end)
			}
			if utf8.ValidString(s) && (!utf8.RuneStart(s[x.Start]) || x.End < len(s) && !utf8.RuneStart(s[x.End])) {
				t.Fatalf("%q: span %v cuts a letter in two", s, x)
			}
			end = x.End
		}
		m := pii.Mask(s)
		if utf8.ValidString(s) && !utf8.ValidString(m.Text) {
			t.Fatalf("%q masks to invalid %q", s, m.Text)
		}
		for _, x := range found {
			if told := m.Place(x.Span()).Of(m.Text); x.Kind != pii.Email && len(onlyDigits(told)) > 7 {
				t.Fatalf("%q: %s is shown as %q", s, x.Kind, told)
			}
		}
		if again := pii.Mask(m.Text); again.Text != m.Text {
			t.Fatalf("%q masks to %q, and that to %q", s, m.Text, again.Text)
		}
		whole := m.Place(text.Span{Start: 0, End: len(s)})
		if len(s) > 0 && whole.Of(m.Text) != m.Text {
			t.Fatalf("%q: the whole is placed at %v of %q", s, whole, m.Text)
		}
	})
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
