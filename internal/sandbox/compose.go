package sandbox

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// What citizens' words are for.
const (
	kindAsk       = "question"
	kindThank     = "thanks"
	kindComplain  = "complaint"
	kindCriticize = "criticism" // sharp, civil, never a ground for hiding
	kindInsult    = "insult"
	kindGamble    = "gambling"
	kindPrivate   = "personal data"
	kindRescue    = "life safety"
	kindJavanese  = "javanese"
	kindSundanese = "sundanese"
	kindEnglish   = "english"
	kindRumour    = "rumour"
	kindReport    = "report"
	kindChatter   = "chatter"
	kindAgain     = "follow-up"
)

// answerDeck is the order in which Answer deals kinds: soon something of each.
func answerDeck() []string {
	return []string{
		kindAsk, kindGamble, kindComplain, kindThank, kindRescue, kindPrivate, kindCriticize, kindInsult,
		kindJavanese, kindAsk, kindReport, kindSundanese, kindRumour, kindEnglish, kindThank, kindComplain,
	}
}

// drawKind throws for a kind in about the proportions of an office's inbox.
func drawKind(d *rand.Rand) string {
	weights := []struct {
		kind   string
		weight int
	}{
		{kindAsk, 26}, {kindComplain, 18}, {kindThank, 14}, {kindCriticize, 11}, {kindGamble, 9}, {kindInsult, 5}, {kindJavanese, 5},
		{kindSundanese, 4}, {kindRescue, 3}, {kindRumour, 2}, {kindPrivate, 2}, {kindEnglish, 1},
	}
	n := d.IntN(100)
	for _, w := range weights {
		if n -= w.weight; n < 0 {
			return w.kind
		}
	}
	return kindAsk
}

// compose picks a line of a kind and fills its slots. Lines of one kind come
// round in turn, so that few are heard twice in a row.
func (s *Sandbox) compose(d *rand.Rand, kind, about string) string {
	lines := linesOf(kind)
	order := rand.New(rand.NewPCG(uint64(s.world.seed), uint64(spread(kind)))).Perm(len(lines))
	text := lines[order[(s.world.spoken+s.world.acts)%len(lines)]]
	pick := func(list []string) string { return list[d.IntN(len(list))] }
	name := pick(sayNames())
	fill := map[string]string{
		"jalan": pick(streets()), "kelurahan": pick(villages()), "rw": fmt.Sprintf("%02d", 1+d.IntN(14)), "rt": fmt.Sprintf("%02d", 1+d.IntN(9)),
		"jam": fmt.Sprintf("%d.%02d", 6+d.IntN(14), 15*d.IntN(4)), "hari": pick(days()), "n": fmt.Sprint(2 + d.IntN(9)),
		"harga": fmt.Sprintf("%d.000", 10+d.IntN(40)), "nama": name, "topik": topic(about), "kantor": pick(offices()),
		"nik": inventedNIK(d), "hp": inventedPhone(d), "merek": disguise(d, pick(brands())), "gacor": disguise(d, pick([]string{"GACOR", "MAXWIN", "JACKPOT", "CUAN"})),
	}
	for k, v := range fill {
		text = strings.ReplaceAll(text, "{"+k+"}", v)
	}
	return text
}

// inventedNIK is shaped like a population number of a woman in a sub-district
// that does not exist (code 99), so it is nobody's.
func inventedNIK(d *rand.Rand) string {
	return fmt.Sprintf("327399%02d%02d%02d%04d", 41+d.IntN(28), 1+d.IntN(12), 60+d.IntN(39), 1+d.IntN(9))
}

// inventedPhone has a run of noughts that no operator has given out.
func inventedPhone(d *rand.Rand) string { return fmt.Sprintf("0812-0000-%04d", d.IntN(10000)) }

// topic is what a post is about, in a citizen's word.
func topic(text string) string {
	text = strings.ToLower(text)
	for _, w := range []string{
		"banjir", "air bersih", "listrik", "sampah", "jalan", "bansos", "bantuan", "beras", "sekolah", "beasiswa", "puskesmas", "vaksin", "ktp", "pajak", "pbb",
		"pasar", "lomba", "konser", "festival", "parkir", "bus", "angkot", "taman", "lowongan", "pelatihan", "longsor", "gempa", "cuaca", "imunisasi", "jadwal",
	} {
		if strings.Contains(text, w) {
			return w
		}
	}
	return "ini"
}

// disguise writes a word the way gambling spam hides it from word filters.
func disguise(d *rand.Rand, word string) string {
	each := func(f func(r rune) string) string {
		var b strings.Builder
		for _, r := range word {
			b.WriteString(f(r))
		}
		return b.String()
	}
	shift := func(upper, digit rune) func(r rune) string {
		return func(r rune) string {
			switch {
			case r >= 'A' && r <= 'Z':
				return string(upper + r - 'A')
			case r >= '0' && r <= '9' && digit != 0:
				return string(digit + r - '0')
			}
			return string(r)
		}
	}
	switch d.IntN(8) {
	case 0:
		return each(shift(0x1D400, 0x1D7CE)) // mathematical bold
	case 1:
		return each(shift(0xFF21, 0xFF10)) // full width
	case 2:
		return each(func(r rune) string { return string(r) + "\u0332" }) // underlined, letter by letter
	case 3:
		return each(func(r rune) string { return string(r) + "\u200b" }) // zero-width spaces
	case 4:
		return strings.NewReplacer("A", "А", "E", "Е", "O", "О", "P", "Р", "C", "С", "T", "Т", "H", "Н", "K", "К").Replace(word) // Cyrillic
	case 5:
		return strings.NewReplacer("A", "4", "E", "3", "I", "1", "O", "0", "S", "5").Replace(word)
	case 6:
		return each(func(r rune) string { return string(r) + " " })
	default:
		return each(shift(0x1F130, 0)) // squared
	}
}

// displayName is the name shown for a handle.
func displayName(handle string) string {
	for _, p := range personas() {
		if p.handle == handle {
			return p.name
		}
	}
	words := strings.FieldsFunc(handle, func(r rune) bool { return r == '_' || r == '.' })
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " ")
}
