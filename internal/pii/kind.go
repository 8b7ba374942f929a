package pii

import "strings"

// candidate is one way to read some groups of digits as a number.
type candidate struct {
	text   string
	digits string
	groups []group
	named  []string // telling words before it, nearest first
}

func (c candidate) kind() (Kind, Certainty) {
	switch {
	case len(c.digits) == 16 && validNIK(c.digits):
		if c.says("kk", "kartu keluarga") && !c.saysFirst("nik", "ktp", "induk kependudukan") {
			return KK, Sure
		}
		if c.says("nik", "ktp", "induk kependudukan") {
			return NIK, Sure
		}
		if c.money() {
			return "", ""
		}
		return NIK, Likely
	case len(c.digits) == 16 && c.nearest("kk", "kartu keluarga") && knownProvince(pair(c.digits, 0)):
		return KK, Likely // the date in a family card number is the card's
	case len(c.digits) == 16 && c.nearest("npwp"):
		return NPWP, Sure // since 2024 an individual's tax number is the NIK
	case len(c.digits) == 15 && (c.nearest("npwp") || c.npwpShape()):
		return NPWP, Sure
	}
	if c.money() || c.nearest("order", "pesanan", "resi", "tiket", "invoice", "pasal", "rp", "anggaran", "koordinat") {
		return "", ""
	}
	if c.nearest("rek", "rekening", "norek", "bca", "bni", "bri", "mandiri", "bsi", "btn") && len(c.digits) >= 8 && len(c.digits) <= 16 {
		return Bank, Sure
	}
	return c.phone()
}

// phone reads Indonesian numbers: +62, 62 or 0, then 8 for a mobile or an area
// code. A fixed line needs a word or a sign that says so, since an office's
// own ticket numbers look the same.
func (c candidate) phone() (Kind, Certainty) {
	d := c.digits
	plus := c.plus()
	called := c.says("hp", "wa", "whatsapp", "whatsap", "telp", "tlp", "telepon", "telpon", "phone", "hubungi", "kontak", "call", "sms", "dana", "ovo", "gopay")
	switch {
	case strings.HasPrefix(d, "0062"):
		d = d[4:]
	case strings.HasPrefix(d, "620"):
		d = d[3:]
	case strings.HasPrefix(d, "62"):
		d = d[2:]
	case strings.HasPrefix(d, "0"):
		d = d[1:]
	case plus, !called || !strings.HasPrefix(d, "8"):
		return "", ""
	}
	bare := len(d) == len(c.digits)
	if !called && c.dateOrHours() {
		return "", ""
	}
	switch {
	case strings.HasPrefix(d, "8") && len(d) >= 8 && len(d) <= 13:
		if d[1] == '0' { // 0800-… is a free call of an organisation
			return "", ""
		}
		if called || plus {
			return Phone, Sure
		}
		if len(d) < 9 && !strings.HasPrefix(c.digits, "0") {
			return "", ""
		}
		return Phone, Likely
	case bare || len(d) < 8 || len(d) > 11 || d[0] < '2' || d[0] > '9' || d[0] == '8':
		return "", ""
	case called || plus:
		return Phone, Sure
	case c.bracketed():
		return Phone, Likely
	}
	return "", ""
}

func (c candidate) plus() bool {
	return c.groups[0].start > 0 && c.text[c.groups[0].start-1] == '+'
}

// dateOrHours: "08-12-2026 10.00", "08.30-12.00 13.00".
func (c candidate) dateOrHours() bool {
	g := c.groups
	if len(g) >= 3 && len(g[0].digits) == 2 && len(g[1].digits) == 2 && len(g[2].digits) == 4 && (g[2].digits[:2] == "20" || g[2].digits[:2] == "19") {
		return true
	}
	dotted := false
	for i, x := range g {
		if len(x.digits) != 2 {
			return false
		}
		dotted = dotted || i > 0 && x.gap == "."
	}
	return dotted
}

// bracketed: "(021) 5551234".
func (c candidate) bracketed() bool {
	g := c.groups
	return len(g) > 1 && g[0].start > 0 && c.text[g[0].start-1] == '(' && strings.HasPrefix(g[1].gap, ")")
}

// money: groups of three after dots, as in 27.062.988, or coordinates.
func (c candidate) money() bool {
	if len(c.groups) < 2 || strings.HasPrefix(c.digits, "0") || c.plus() {
		return false
	}
	for _, g := range c.groups[1:] {
		if g.gap != "." || len(g.digits) != 3 {
			return false
		}
	}
	return len(c.groups[0].digits) <= 3
}

// npwpShape: 99.999.999.9-999.999, or 15 digits with a right check digit that
// are not a bare run.
func (c candidate) npwpShape() bool {
	if len(c.groups) == 6 {
		lengths := [...]int{2, 3, 3, 1, 3, 3}
		for i, g := range c.groups {
			if len(g.digits) != lengths[i] {
				return false
			}
		}
		return true
	}
	return len(c.groups) > 2 && len(c.groups) < 7 && validNPWP(c.digits) && c.groups[1].gap == "."
}

// says: one of the words stands before the number.
func (c candidate) says(words ...string) bool {
	for _, w := range c.named {
		for _, want := range words {
			if w == want {
				return true
			}
		}
	}
	return false
}

// nearest: the last telling word before the number, "no" and "nomor" aside, is
// one of these.
func (c candidate) nearest(words ...string) bool {
	for _, w := range c.named {
		if w == "no" || w == "nomor" || w == "id" || w == "kode" {
			continue
		}
		for _, want := range words {
			if w == want {
				return true
			}
		}
		return false
	}
	return false
}

// saysFirst: of the words that name a 16-digit number, the nearest is one of
// these.
func (c candidate) saysFirst(words ...string) bool {
	for _, w := range c.named {
		for _, want := range words {
			if w == want {
				return true
			}
		}
		if w == "kk" || w == "kartu keluarga" {
			return false
		}
	}
	return false
}
