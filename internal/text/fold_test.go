package text_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"kentongan/internal/text"
)

func words(s string) []string {
	var out []string
	for _, t := range text.Fold(s).Tokens() {
		out = append(out, t.Text)
	}
	return out
}

func TestDisguisesAreUndone(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"mathematical bold":                       {"main di 𝐏𝐔𝐋𝐀𝐔", "main di pulau"},
		"mathematical script":                     {"𝓟𝓤𝓛𝓐𝓤777", "pulau777"},
		"full width":                              {"ＰＵＬＡＵ７７７", "pulau777"},
		"white on black squares":                  {"🅿️🆄🅻🅰️🆄", "pulau"},
		"circled":                                 {"ⓢⓛⓞⓣ 🅢🅛🅞🅣", "slot slot"},
		"letters in brackets":                     {"⒮⒧⒪⒯", "slot"},
		"squared":                                 {"🄶🄰🄲🄾🅁", "gacor"},
		"small capitals":                          {"ɢᴀᴄᴏʀ ʙᴀɴɢᴇᴛ", "gacor banget"},
		"Cyrillic inside a Latin word":            {"gасоr slоt", "gacor slot"},
		"a whole word of twins in a Latin text":   {"ayo main di ТОТО sekarang", "ayo main di toto sekarang"},
		"Greek":                                   {"mαin slοt", "main slot"},
		"Lycian":                                  {"KUA𐊗O𐊗O", "kuatoto"},
		"combining marks":                         {"P͓̽U͓̽L͓̽A͓̽U͓̽", "pulau"},
		"underlined":                              {"P͟͟U͟͟L͟͟A͟͟U͟͟", "pulau"},
		"zero width":                              {"ga\u200bc\u200dor", "gacor"},
		"soft hyphen":                             {"ga\u00adcor", "gacor"},
		"keycaps":                                 {"visi4️⃣d", "visi4d"},
		"spaced":                                  {"P U L A U menang", "pulau menang"},
		"spaced with digits":                      {"A L E X I S 1 7", "alexis17"},
		"spaced in pieces":                        {"vibes P UL A U WI N keren", "vibes pulauwin keren"},
		"spaced beside short words":               {"di P U L A U wd ya", "di pulau wd ya"},
		"dotted":                                  {"S.L.O.T gacor", "slot gacor"},
		"spaced fancy letters":                    {"𝗧 𝑶 𝗧 𝑶 maxwin", "toto maxwin"},
		"spaced Cyrillic and Latin":               {"main A Е R О", "main aero"},
		"digits as letters":                       {"sl0t g4cor h0k1 sc4tt3r p3t1r", "slot gacor hoki scatter petir"},
		"signs as letters":                        {"b@ngs@t go$ok s!tus", "bangsat gosok situs"},
		"capital I for l":                         {"PuIau", "pulau"},
		"encoded twice":                           {"main di ð\u009d\u0090\u0095ð\u009d\u0090\u0088", "main di vi"},
		"money signs as letters":                  {"₱ULAU", "pulau"},
		"a long row of regional letters":          {"🇵🇺🇱🇦🇺", "pulau"},
		"ordinary accents":                        {"café Müller", "cafe muller"},
		"the brand's 4d stays":                    {"VISI4D", "visi4d"},
		"anak2 and ke2 stay":                      {"anak2 ke2 2kali", "anak2 ke2 2kali"},
		"an e-mail address stays":                 {"budi@contoh.id", "budi contoh id"},
		"a price stays a price":                   {"harga €100", "harga 100"},
		"apostrophe":                              {"hari Jum'at", "hari jumat"},
		"two single letters are not joined":       {"poin a b saja", "poin a b saja"},
		"different gaps are not joined":           {"a. b - c", "a b c"},
		"single letters on two lines stay apart":  {"a\nb\nc", "a b c"},
		"Russian stays Russian":                   {"Привет, Москва", "привет москва"},
		"Greek stays Greek":                       {"καλημέρα κόσμε", "καλημέρα κόσμε"},
		"Arabic keeps its vowels":                 {"السَّلَامُ عَلَيْكُمْ", "السَّلَامُ عَلَيْكُمْ"},
		"Javanese script keeps its marks":         {"ꦲꦏ꧀ꦱꦫ ꦗꦮ", "ꦲꦏ꧀ꦱꦫ ꦗꦮ"},
		"Hindi keeps its marks":                   {"नमस्ते दुनिया", "नमस्ते दुनिया"},
		"Japanese":                                {"こんにちは世界", "こんにちは世界"},
		"a Russian word in a Latin text stays":    {"Saya suka kota Москва sekali", "saya suka kota москва sekali"},
		"Chinese with spaces":                     {"张 艺 兴", "张 艺 兴"},
		"Korean and Thai":                         {"안녕 สวัสดี", "안녕 สวัสดี"},
		"broken bytes are passed over":            {"gac\xffor", "gac or"},
		"a picture is not glued to a word":        {"🏴‍☠️pulau 1️⃣", "pulau 1"},
		"a flag is no word":                       {"merdeka 🇮🇩", "merdeka 🇮🇩"},
		"line endings do not hide a word's place": {"S L O T\r\ngacor", "slot gacor"},
	} {
		t.Run(name, func(t *testing.T) {
			want := strings.Fields(c.want)
			if strings.Contains(c.want, "🇮") {
				want = want[:1]
			}
			if got := words(c.in); !slices.Equal(got, want) {
				t.Errorf("%q reads %q, want %q", c.in, got, want)
			}
		})
	}
}

func TestReasonIsShownOnWhatWasWritten(t *testing.T) {
	for _, c := range []struct{ in, word, want string }{
		{"ayo main di 𝓟𝓤𝓛𝓐𝓤777, yuk", "pulau777", "𝓟𝓤𝓛𝓐𝓤777"},
		{"ayo 🅿️🆄🅻🅰️🆄 yuk", "pulau", "🅿️🆄🅻🅰️🆄"},
		{"ayo P͓̽U͓̽L͓̽A͓̽U͓̽ yuk", "pulau", "P͓̽U͓̽L͓̽A͓̽U͓̽"},
		{"ayo S L O T yuk", "slot", "S L O T"},
		{"ayo sl\u200b0t yuk", "slot", "sl\u200b0t"},
	} {
		for _, tok := range text.Fold(c.in).Tokens() {
			if tok.Text == c.word {
				if got := tok.Span.Of(c.in); got != c.want {
					t.Errorf("%q in %q is shown as %q", c.word, c.in, got)
				}
				if tok.Disguised == 0 && !tok.Joined && tok.Text == tok.Plain {
					t.Errorf("%q does not count as disguised", got(c.in, tok))
				}
				c.word = ""
			}
		}
		if c.word != "" {
			t.Errorf("%q not found in %q: %q", c.word, c.in, words(c.in))
		}
	}
}

func got(s string, t text.Token) string { return t.Span.Of(s) }

func TestPlainTextIsNotCalledDisguised(t *testing.T) {
	for _, s := range []string{"Café di Jl. Łódź nº 5, luas 20 m² ½ hektare™", "Terima kasih 👍🏽 👨‍👩‍👧", "ﷺ semoga berkah", "NAÏVE", "Rp25.000 – €3"} {
		for _, tok := range text.Fold(s).Tokens() {
			if tok.Disguised > 0 {
				t.Errorf("%q in %q is called disguised", tok.Span.Of(s), s)
			}
		}
	}
}

func TestFoldedRangesPointIntoTheOriginal(t *testing.T) {
	s := "Yang ke-1: 🅿️ulau ⒜ ½ ﷺ A͓̽ k"
	f := text.Fold(s)
	i := strings.Index(f.Text, "pulau")
	if got := f.Span(i, i+5).Of(s); got != "🅿️ulau" {
		t.Errorf("span is %q", got)
	}
	if f.Span(3, 3) != (text.Span{}) {
		t.Error("an empty range has a span")
	}
}

func TestSqueeze(t *testing.T) {
	for in, want := range map[string]string{"goblooook": "goblok", "gacorr": "gacor", "maaf": "maaf", "saat": "saat", "777": "777", "": "", "kkk": "k"} {
		if got := text.Squeeze(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func TestCopiesHaveOneKey(t *testing.T) {
	first := text.CopyKey("Main di PULAU777 pasti menang, daftar sekarang!")
	for _, copied := range []string{
		"02:42 main di 𝓟𝓤𝓛𝓐𝓤777 pasti menang daftar sekarang 🔥🔥",
		"@diskominfo Main di P U L A U 777 pasti menang, daftar sekarang",
		"MAIN DI P͓̽U͓̽L͓̽A͓̽U͓̽777 PASTI MENANG. DAFTAR SEKARANG",
	} {
		if text.CopyKey(copied) != first {
			t.Errorf("%q is not seen as a copy", copied)
		}
	}
	if text.CopyKey("Main di pantai pasti senang, datang sekarang!") == first {
		t.Error("another text has the same key")
	}
	for _, tooShort := range []string{"", "mantap", "👍👍👍", "1234567890123", "@sangatpanjangsekali"} {
		if key := text.CopyKey(tooShort); key != "" {
			t.Errorf("%q has a key", tooShort)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "a", "𝓟𝓤𝓛𝓐𝓤777", "A L E X I S 1 7", "🇮🇩🇲🇾🇸🇬", "ð\u009d\u0090\u0095", "\xff\xfe", "é́́", "⒜⒝", "a\u200b\u200bb", "b@c.d", "السَّلَامُ", "h0k1", "P UL A U"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded := text.Fold(s)
		if !utf8.ValidString(folded.Text) {
			t.Fatalf("%q folds to invalid text %q", s, folded.Text)
		}
		if n := len(folded.Text); n > 0 {
			if all := folded.Span(0, n); all.Start < 0 || all.End > len(s) || all.Start >= all.End {
				t.Fatalf("%q: span of everything is %v", s, all)
			}
		}
		end := 0
		for _, tok := range folded.Tokens() {
			if tok.Span.Start < end || tok.Span.End <= tok.Span.Start || tok.Span.End > len(s) {
				t.Fatalf("%q: token %q has span %v after %d", s, tok.Text, tok.Span, end)
			}
			end = tok.Span.End
		}
		if text.CopyKey(s) != text.CopyKey(s+" 🔥") {
			t.Fatalf("%q: a picture changes the key", s)
		}
	})
}

func BenchmarkFoldAndTokens(b *testing.B) {
	s := "Sejak kemarin lampu jalan di depan pasar mati, mohon segera diperbaiki ya pak, sudah dua kali lapor belum dijawab"
	b.ReportAllocs()
	for b.Loop() {
		text.Fold(s).Tokens()
	}
}
