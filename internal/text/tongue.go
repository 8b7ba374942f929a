package text

import "strings"

// vote is what a small word says about the language.
type vote struct {
	word   string
	tongue tongue
	weight int
}

// voters is how many places there are for small words: a power of two, some
// four times the words.
const voters = 2048

// ballot are small words that only one of the languages has, and where each is
// found: the place holds its number among them, counted from one.
type ballot struct {
	votes []vote
	at    [voters]uint16
}

var ballots = func() (b ballot) {
	for _, list := range [...]struct {
		tongue tongue
		weight int
		words  string
	}{
		{en, 1, `all at can get go good he if in it no of on out so to up we`},
		{en, 2, `about and are be because been but could did do does dont for from has have her his how im is its just like my
			not our please she should than thank thanks that the their them then there these they this those very was were
			what when which who why will with would you your`},
		{id, 1, `ada apa banyak biar bu buat buka deh di dia ga hari jadi jalan kamu ke kok lu mau min nih pak sama terus trus
			tutup`},
		{id, 2, `adalah agar aja akan anda apakah bagaimana banget begini begitu belum besok bila bisa bukan dan dapat dari
			dengan dgn dimana dong enggak gak gimana gua gue hanya harus ini itu jangan jika juga kalau kalo kami karena
			karna kasih kemarin kenapa kita klo lagi lebih makasih masih mengapa mereka mohon nggak oleh orang pada pernah
			saja sampai sangat saya sebagai sejak sekarang selamat semua seperti setiap siapa sih sudah supaya tapi tdk
			telah terima tetapi tidak tolong tp udah untuk utk yang yg`},
		{jv, 2, `akeh amarga anyar apik arep awake awakmu badhe banyu bocah bojo dadi dadine dalan delok dereng dhateng dhuwit
			durung elek endi gawe gedhe iki iku inggih ingkang iso kaliyan kanthi karo kaya kowe koyo kula lagek lan
			lanang lunga lungo mangan marang mbiyen mboten menika mergo mesti mlaku mlayu mung nang nanging ndelok nek
			neng ngendi ngene ngerti nggih nggo ngombe ngomong ngono ngopo ning nopo nuwun ojo omah opo ora panjenengan
			pira piro piye punika rak rampung saiki saka sampeyan sampun sapa seko sesuk sing sithik soko sopo teko tenan
			tuku turu utawa utawi wedok wingi wis wong yen`},
		{su, 2, `abdi acan ageung aing anjeun anu atos atuh aya ayeuna bade bageur boga dahar deui dina enggeus eta euy gaduh
			geulis geus hareudang hatur hayang henteu heula hoyong ieu imah indit iraha isukan jalma jeung kamari kasep
			keur kieu kitu kumaha kuring lamun leutik lieur loba mah maranehna meureun mun naha naon nepi ngan ningal
			ningali nu nuhun nyaeta nyaho oge palay parantos pikeun pisan punten resep saeutik saha sanes sare sareng sia
			sieun teu teuing tiasa tiris tuluy ulah upami urang wungkul`},
	} {
		for _, w := range strings.Fields(list.words) {
			at := place(w)
			for b.at[at] != 0 {
				at = (at + 1) % voters
			}
			b.votes = append(b.votes, vote{w, list.tongue, list.weight})
			b.at[at] = uint16(len(b.votes))
		}
	}
	return b
}()

// place is where a word's vote is looked for first.
func place(w string) uint32 {
	n := len(w)
	return (uint32(n)*0x9E3779B1 ^ uint32(w[0])*0x85EBCA6B ^ uint32(w[n/2])*0xC2B2AE35 ^ uint32(w[n-1])*0x27D4EB2F) >> 21
}

// evidence is what one word says about the language: small words that only one
// of them has, and endings.
func evidence(w string) (tongue, int, bool) {
	for at := place(w); ballots.at[at] != 0; at = (at + 1) % voters {
		if v := &ballots.votes[ballots.at[at]-1]; v.word == w {
			return v.tongue, v.weight, true
		}
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
