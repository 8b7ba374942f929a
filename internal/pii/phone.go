package pii

import (
	"bytes"
	"strings"
)

// phone reads Indonesian numbers: +62, 62, 0062 or 0, then 8 for a mobile or
// an area code; and foreign ones after a +. A fixed line needs a word or a sign
// that says so, and none that says it is an office's: those must stay readable.
func (c candidate) phone() (Kind, Certainty) {
	d := c.digits
	if len(d) < 8 || len(d) > 16 || c.n > 14 {
		return "", ""
	}
	plus, called := c.plus(), c.label == namesPhone
	if c.label == namesOther && !plus || c.label == namesMoney && d[0] != '0' && !plus {
		return "", ""
	}
	if c.label == hints && !plus && !(d[0] == '0' && operator(d[1:]) || starts(d, "62") && operator(d[2:]) || starts(d, "0062")) {
		return "", ""
	}
	if !called && c.dateOrHours() {
		return "", ""
	}
	home := true
	switch {
	case starts(d, "0062"):
		d = d[4:]
	case starts(d, "620"):
		d = d[3:]
	case starts(d, "62") && (plus || called || len(d) >= 11):
		d = d[2:]
	case starts(d, "0"):
		d = d[1:]
	case plus:
		return c.foreign()
	default:
		home = false
	}
	switch {
	case !c.groupsOf(d, plus || called):
		return "", ""
	case d[0] == '8':
		return c.mobile(d, home, called || plus)
	case home && len(d) < len(c.digits):
		return c.fixed(d, called || plus)
	}
	return "", ""
}

func (c candidate) mobile(d []byte, home, named bool) (Kind, Certainty) {
	switch {
	case len(d) < 8 || d[1] == '0': // 0800, 0804, 0807, 0809: an organisation's
		return "", ""
	case named && len(d) <= 13:
		if !home && (len(d) < 9 || len(d) > 12 || bytes.HasSuffix(d, []byte("00000"))) {
			return "", ""
		}
		return Phone, Sure
	case home && len(d) >= 9 && len(d) <= 12:
		return Phone, Likely
	case !home && c.label == unnamed && len(d) >= 10 && len(d) <= 12 && operator(d) && c.n == 3 &&
		c.size(0) == 3 && c.size(1) >= 3 && c.inner(1) == c.inner(2):
		return Phone, Likely // "812-3456-7890"
	}
	return "", ""
}

func (c candidate) fixed(d []byte, named bool) (Kind, Certainty) {
	if d[0] < '2' || d[0] == '8' || len(d) < 8 || len(d) > 11 || c.office() {
		return "", ""
	}
	switch {
	case named:
		return Phone, Sure
	case c.bracketed(), c.area():
		return Phone, Likely
	}
	return "", ""
}

// foreign: Indonesians abroad write, too.
func (c candidate) foreign() (Kind, Certainty) {
	if d := c.digits; d[0] == '0' || len(d) < 9 || len(d) > 15 || c.n > 5 {
		return "", ""
	}
	if c.n == 1 && c.label != namesPhone && len(c.digits) < 10 {
		return "", ""
	}
	return Phone, known(c.label == namesPhone)
}

// plus: a "+" before the number that is no sum.
func (c candidate) plus() bool {
	at := c.start()
	return at > 0 && c.s[at-1] == '+' && (at == 1 || !isLetter(c.s[at-2]) && !isDigit(c.s[at-2]))
}

// groupsOf says whether a phone number may be cut like this: into single
// digits, into pairs, or into groups of at least two; not into 0.81… .
func (c candidate) groupsOf(d []byte, named bool) bool {
	singles, pairs, longer := 0, 0, 0
	for k := range c.n {
		switch c.size(k) {
		case 1:
			singles++
		case 2:
			pairs++
		default:
			longer++
		}
		if k > 0 && c.inner(k) == "," && c.size(k) < 3 {
			return false
		}
	}
	spelled := c.spelled()
	switch {
	case c.n == 1:
		return true
	case spelled > 0:
		return spelled >= 3 || named || longer > 0 || singles == c.n
	case longer == 0 && singles == c.n:
		return len(c.digits) >= 9 && c.inner(1) == c.inner(2) && c.inner(2) == c.inner(c.n-1)
	case longer == 0: // "08 12 34 56 78 90": as likely a list
		return named
	case c.size(0) == 1 && strings.TrimSpace(c.inner(1)) != "" && c.inner(1) != "-":
		return false // 0.8123
	case !named && pairs+singles > 2 && !operator(d):
		return false
	}
	return c.n <= 7 || named
}

// spelled is how many groups are words: "nol delapan satu dua".
func (c candidate) spelled() (n int) {
	for k := range c.n {
		if c.groups[c.first+k].spelled {
			n++
		}
	}
	return n
}

// dateOrHours: "08-12-2026 10.00", "08.30-12.00 13.00".
func (c candidate) dateOrHours() bool {
	if c.n >= 3 && c.size(0) <= 2 && c.size(1) <= 2 && c.size(2) == 4 {
		year := string(c.digits[c.size(0)+c.size(1):][:2])
		if year == "20" || year == "19" {
			return true
		}
	}
	dotted := false
	for k := range c.n {
		if c.size(k) != 2 {
			return false
		}
		dotted = dotted || k > 0 && c.inner(k) == "."
	}
	return dotted
}

// bracketed: "(021) 5551234".
func (c candidate) bracketed() bool {
	at := c.start()
	return c.n > 1 && at > 0 && c.s[at-1] == '(' && strings.HasPrefix(c.inner(1), ")")
}

// area: "0274-512345", an area code and a number, and nothing else.
func (c candidate) area() bool {
	if c.n != 2 && c.n != 3 || strings.TrimSpace(c.inner(1)) != "-" || c.size(0) < 3 || c.size(0) > 4 {
		return false
	}
	for k := 1; k < c.n; k++ {
		if c.size(k) < 3 {
			return false
		}
	}
	return len(c.digits) >= 9
}

// office: the line is one that the public is meant to call.
func (c candidate) office() bool {
	if anyWord(c.s, max(0, c.start()-32), c.start(), selfWords) {
		return false
	}
	return near(c.s, c.start(), c.end(), 64, officeWords) || strings.Contains(c.s[max(0, c.start()-24):c.start()], "hubungi kami")
}

// operator: prefixes in use (Kominfo's numbering plan; the operators' sites).
func operator(d []byte) bool {
	if len(d) < 3 || d[0] != '8' {
		return false
	}
	switch d[1] {
	case '1', '8':
		return true
	case '2':
		return d[2] >= '1' && d[2] <= '3'
	case '3':
		return d[2] == '1' || d[2] == '2' || d[2] == '3' || d[2] == '8'
	case '5':
		return d[2] >= '1' && d[2] != '4'
	case '7':
		return d[2] >= '7'
	case '9':
		return d[2] >= '5'
	}
	return false
}

func starts(d []byte, with string) bool { return len(d) >= len(with) && string(d[:len(with)]) == with }
