package text_test

import (
	"testing"

	"kentongan/internal/text"
)

func TestLanguageIsGuessed(t *testing.T) {
	for s, want := range map[string]string{
		"Kapan jalan di depan pasar diperbaiki, sudah lama rusak":                                      "id",
		"gk jelas nih pelayanannya, udah lama nunggu":                                                  "id",
		"Saiki dalane wis apik, matur nuwun pak lurah":                                                 "jv",
		"Piye iki kok banyune ora mili, wong omahku adoh seko kono":                                    "jv",
		"Kumaha ieu teh, jalanna ruksak keneh, abdi teu tiasa liwat":                                   "su",
		"Hatur nuhun pisan pa, ayeuna tos sae":                                                         "su",
		"Please fix the street light, it has been dark for two weeks":                                  "en",
		"Thank you for the quick response":                                                             "en",
		"Please dong admin, this is the third time saya lapor tidak ada yang jawab, what should we do": "mixed",
		"":       "",
		"12345":  "",
		"🔥🔥🔥":    "",
		"ok":     "",
		"Привет": "",
	} {
		if got := text.Language(text.Fold(s).Tokens()); got != want {
			t.Errorf("%q is %q, want %q", s, got, want)
		}
	}
}

func TestSlangIsReadAsTheDictionaryHasIt(t *testing.T) {
	d := text.NewDictionary()
	for spelled, want := range map[string]string{
		"gk": "tidak", "ga": "tidak", "nggak": "tidak", "yg": "yang", "dgn": "dengan", "bgt": "banget", "gpp": "tidak apa-apa",
		"tlg": "tolong", "pasar": "pasar", "": "",
	} {
		if got := d.Slang(spelled); got != want {
			t.Errorf("%q is read %q, want %q", spelled, got, want)
		}
	}
	if len(d) < 400 {
		t.Errorf("only %d spellings", len(d))
	}
	for spelled, formal := range d {
		if again := d.Slang(formal); again != formal {
			t.Errorf("%q leads to %q, which leads to %q", spelled, formal, again)
		}
		if spelled == "" || formal == "" {
			t.Errorf("%q leads to %q", spelled, formal)
		}
	}
}
