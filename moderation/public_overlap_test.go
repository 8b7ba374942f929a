package moderation

import (
	"strings"
	"testing"

	"kentongan/internal/fault"
)

func TestAParaphraseTellsItInOtherWords(t *testing.T) {
	t.Parallel()
	const wrote = "Daftar bansos di link ini bu, transfer dulu 50 ribu ke admin biar nama ibu langsung masuk daftar penerima"
	for _, c := range []struct{ why, words, original, code string }{
		{"in the office's own words", "Ajakan membayar agar tercatat sebagai penerima bantuan sosial", wrote, ""},
		{"four words in a row are language, not a copy", "Seseorang menulis bahwa nama ibu langsung masuk setelah membayar sejumlah uang", wrote, ""},
		{"five words in a row", "Ada yang menulis transfer dulu 50 ribu ke seseorang supaya tercatat", wrote, "example.copied"},
		{"five words in a row in capitals and with signs", "Ada yang menulis TRANSFER-dulu, 50 RIBU, ke seseorang supaya tercatat", wrote, "example.copied"},
		{"five words in a row in disguised letters", "Ada yang menulis trаnsfеr dulu 50 ribu ke seseorang", wrote, "example.copied"}, // Cyrillic а and е
		{"five words across a line", "Ada yang menulis transfer dulu\n50 ribu ke seseorang", wrote, "example.copied"},
		{"her words with one left out here and there", "Daftar bansos di link bu, transfer 50 ribu ke admin, nama ibu masuk daftar", wrote, "example.copied"},
		{"her whole short message inside", "Warga menulis wali kota payah ketika air mati", "Wali kota payah!", "example.copied"},
		{"a short message told otherwise", "Kritik tajam kepada kepala daerah tentang layanan air", "Wali kota payah!", ""},
		{"a telephone number", "Menawarkan bantuan palsu lewat nomor 0812-3456-7890 kepada warga", wrote, "example.personal"},
		{"an address of an account", "Menawarkan bantuan palsu lewat akun @bansos_resmi kepada warga", wrote, "example.leads"},
		{"a link", "Menawarkan bantuan palsu lewat https://contoh.example kepada warga", wrote, "example.leads"},
		{"a link without its beginning", "Menawarkan bantuan palsu lewat bit.ly/bansos kepada warga", wrote, "example.leads"},
		{"the name that she writes under", "Akun budi.santoso_77 menawarkan bantuan palsu kepada warga", wrote, "example.leads"},
		{"too short to say anything", "Penipuan bansos", wrote, "example.short"},
		{"too long to be an example", strings.Repeat("Ajakan membayar untuk bantuan palsu. ", 20), wrote, "example.long"},
		{"the second of two messages", "Ada yang menulis transfer dulu 50 ribu ke seseorang", "lain sekali|" + wrote, "example.copied"},
	} {
		err := CheckExample(c.words, strings.Split(c.original, "|"), []string{"Budi Santoso 77", "u"})
		if got := fault.Code(err); err == nil && c.code != "" || err != nil && got != c.code {
			t.Errorf("%s: %v, want %q", c.why, err, c.code)
		}
	}
}

func TestTheCopiedWordsAreNamed(t *testing.T) {
	t.Parallel()
	err := CheckExample("Ia menulis jalan di depan rumah kami rusak sejak lama", []string{"pak jalan di depan rumah kami hancur"}, nil)
	f := fault.Find(err)
	if f == nil || f.Code != "example.copied" || f.Args["words"] != "jalan di depan rumah kami" {
		t.Errorf("%+v", f)
	}
}

func FuzzParaphrase(f *testing.F) {
	f.Add("Ajakan membayar agar tercatat", "transfer dulu 50 ribu ke admin")
	f.Add("@a\x00://", "\xff\xfe")
	f.Fuzz(func(t *testing.T, said, original string) {
		if len(said) > 2000 || len(original) > 2000 {
			return
		}
		copied := copiedWords(said, original)
		words := strings.Fields(copied)
		if copied != "" && (len(words) == 0 || len(words) > len(wordsAsRead(said))) {
			t.Errorf("%q of %q", copied, said)
		}
		if w := wordsAsRead(original); len(w) >= 2 && copiedWords(original, original) == "" {
			t.Errorf("a whole copy of %q is none", original)
		}
		if err := CheckExample(said, []string{original}, nil); copied != "" && err == nil {
			t.Errorf("%q copies %q and passes", said, original)
		}
	})
}
