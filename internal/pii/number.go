package pii

import "strings"

// candidate is one way to read some groups of digits as a number.
type candidate struct {
	*scan
	first, n int // groups
	digits   []byte
	label    label
	away     int  // words between the label and the number
	behind   bool // the label stands behind: "… a.n. Rini"
}

func (c candidate) start() int { return c.groups[c.first].start }
func (c candidate) end() int   { return c.groups[c.first+c.n-1].end }

// size is how many digits the k-th group has.
func (c candidate) size(k int) int { return c.groups[c.first+k].len() }

// inner is what stands before the k-th group.
func (c candidate) inner(k int) string { return c.gap(c.first + k) }

// numbers finds NIK, KK, NPWP, phone and account numbers. At each group it
// tries every joining of following groups and keeps the best reading.
func (sc *scan) numbers(out []Found) []Found {
	for i := 0; i < len(sc.groups); {
		kind, certainty, n := sc.read(i)
		if n == 0 {
			i++
			continue
		}
		start, end := sc.groups[i].start, sc.groups[i+n-1].end
		if kind == Phone {
			start = withPrefix(sc.s, start, end)
		}
		out = add(out, kind, sc.f.Span(start, end), certainty)
		i += n
	}
	return out
}

// withPrefix takes in the "+" of a phone number, and a bracket that closes
// inside it.
func withPrefix(s string, start, end int) int {
	if start > 0 && s[start-1] == '+' {
		start--
	}
	if start > 0 && s[start-1] == '(' {
		for i := start; i < end; i++ {
			if s[i] == ')' {
				return start - 1
			}
		}
	}
	return start
}

// longestNumber: nothing here has more digits than a branch's tax number.
const longestNumber = 22

// read returns the best reading of the groups from i on, and how many groups
// it takes; 0 if they are nothing.
func (sc *scan) read(i int) (kind Kind, best Certainty, taken int) {
	g := sc.groups[i]
	if g.dead || sc.insideNumber(i) {
		return "", "", 0
	}
	c := candidate{scan: sc, first: i}
	c.label, c.away = before(sc.s, g.start)
	if c.label == unnamed {
		total, last := 0, i
		for ; last < len(sc.groups) && (last == i || joins(sc.gap(last))) && total+sc.groups[last].len() <= longestNumber; last++ {
			total += sc.groups[last].len()
		}
		if total < 7 {
			return "", "", 0
		}
		if c.label = after(sc.s, sc.groups[last-1].end); c.label == namesOther || c.label == neutral || c.label == hints {
			c.label = unnamed
		}
		c.behind = true
	}
	web, calls := inURL(sc.s, g.start)
	for n := 1; n <= maxGroups && i+n <= len(sc.groups); n++ {
		x := sc.groups[i+n-1]
		if x.dead || n > 1 && !joins(sc.gap(i+n-1)) || x.to-g.from > longestNumber {
			break
		}
		c.n, c.digits = n, sc.digits[g.from:x.to] // neighbours' digits stand side by side
		k, certainty := c.kind()
		if web && !calls && !(k == NIK && c.label == namesNIK || k == KK && c.label == namesKK) {
			k = ""
		}
		if k != "" && (taken == 0 || rank(k, certainty) >= rank(kind, best)) && !c.goesOn(k) {
			kind, best, taken = k, certainty, n
		}
		if taken == n && c.whole(kind) {
			break
		}
	}
	return kind, best, taken
}

// insideNumber: the first digits of a group that goes on from a group before
// are the middle of a longer number, of a token or a card, and begin nothing.
func (sc *scan) insideNumber(i int) bool {
	if i == 0 || sc.groups[i].spelled || sc.groups[i-1].spelled {
		return false
	}
	g, p := sc.groups[i], sc.groups[i-1]
	gap := sc.gap(i)
	return g.len() == p.len() && g.len() < 8 && (gap == " " || gap == "-" || gap == ".") && !g.dead && !p.dead
}

// goesOn: a number of equal groups with one more of them behind it is another,
// longer number: "1234 5678 9012 3456 7890".
func (c candidate) goesOn(k Kind) bool {
	next := c.first + c.n
	if k == Phone && c.size(c.n-1) < 4 || c.n < 3 || next >= len(c.groups) || c.groups[next].spelled {
		return false
	}
	return c.gap(next) == c.inner(c.n-1) && c.groups[next].len() == c.size(c.n-1) && c.size(c.n-1) == c.size(c.n-2)
}

// whole says that a number needs no further groups: "0812345678 12 kali".
func (c candidate) whole(k Kind) bool {
	switch {
	case k == Phone && c.n == 1:
		return len(c.digits) >= 10
	case k == Phone:
		for i := range c.n {
			if c.size(i) < 2 {
				return false
			}
		}
		next := c.first + c.n
		return len(c.digits) >= 11 && next < len(c.groups) && c.groups[next].len() < 3 && c.size(c.n-1) >= 3
	case k == Bank:
		return c.n == 1 && len(c.digits) >= 8
	}
	return c.n == 1
}

// rank prefers what is proven, and among equals the longer number.
func rank(k Kind, c Certainty) int {
	r := 0
	switch k {
	case NIK, KK:
		r = 4
	case NPWP:
		r = 3
	case Phone:
		r = 2
	case Bank:
		r = 1
	}
	if c == Sure {
		r += 10
	}
	return r
}

func (c candidate) kind() (Kind, Certainty) {
	if c.money() && c.label != namesBank {
		return "", ""
	}
	if k, certainty := c.register(); k != "" {
		return k, certainty
	}
	if c.label == namesBank {
		if (c.behind || c.away > 1) && c.digits[0] == '0' && c.digits[min(1, len(c.digits)-1)] == '8' {
			if k, certainty := c.phone(); k != "" {
				return k, certainty // "0812… a.n. Rini", "BCA, hubungi saya 0812…"
			}
		}
		if k, certainty := c.account(); k != "" {
			return k, certainty
		}
	}
	return c.phone()
}

// register reads the numbers of the state's registers.
func (c candidate) register() (Kind, Certainty) {
	d := c.digits
	switch {
	case c.label == namesBank && !c.behind || c.label == namesMoney || len(d) < 15:
		return "", ""
	case len(d) == 22:
		if c.label == namesNPWP && c.regular() {
			return NPWP, Sure // the number of a branch (NITKU)
		}
		return "", ""
	case len(d) > 17:
		return "", ""
	case c.label == namesNPWP:
		if len(d) == 17 || !c.regular() && !c.npwpShape() {
			return "", ""
		}
		return NPWP, Sure // since 2024 an individual's tax number is the NIK
	case len(d) == 15 && c.npwpShape():
		return NPWP, known(validNPWP(d))
	case len(d) == 15 && c.n == 1 && c.label == unnamed && validNPWP(d) && d[12] == '0' && (d[0] != '0' || d[1] != '0'):
		return NPWP, Likely // a bare run: the check digit and a head office's 00x
	case len(d) == 16 && d[0] == '0' && c.n == 1 && c.label == unnamed && validNPWP(d[1:]) && d[13] == '0' && (d[1] != '0' || d[2] != '0'):
		return NPWP, Likely
	}
	return c.population()
}

// population reads NIK and family card numbers. One that is mistyped beside
// its name is a person's all the same; only what calls itself an example is
// none.
func (c candidate) population() (Kind, Certainty) {
	d := c.digits
	named := c.label == namesNIK || c.label == namesKK
	kind := NIK
	if c.label == namesKK && !c.firstOfTwo() {
		kind = KK
	}
	if len(d) == 16 && c.regular() {
		switch valid := checkNIK(d); {
		case valid != Sure && named && c.example():
			return "", ""
		case valid == Sure && (c.label == namesOther || c.label == hints):
			return kind, Likely
		case valid == Sure, valid == Likely && named:
			return kind, Sure
		case valid == Likely && (c.label == unnamed || c.label == namesPhone || c.label == hints):
			return kind, Likely
		}
	}
	if !named || c.away > 3 || d[0] == '0' || c.n > 1 && (len(d) != 16 || !c.even()) || c.example() {
		return "", ""
	}
	return kind, Likely
}

// firstOfTwo: "NIK dan KK: 1…, 2…": the first number is the first-named.
func (c candidate) firstOfTwo() bool {
	if c.behind || c.first > 0 && c.groups[c.first-1].len() > 12 && c.start()-c.groups[c.first-1].end < 24 {
		return false
	}
	s, at := c.s[max(0, c.start()-reach):c.start()], -1
	for _, w := range [...]string{"kk", "kartu keluarga"} {
		at = max(at, strings.LastIndex(s, w))
	}
	if at < 1 {
		return false
	}
	before := strings.TrimRight(s[:at], " &/+,-")
	for _, w := range [...]string{" no", " nomor", " dan", "&", "/"} {
		before = strings.TrimRight(strings.TrimSuffix(before, w), " ")
	}
	return strings.HasSuffix(before, "nik") || strings.HasSuffix(before, "ktp")
}

// example: "contoh NIK 1234567890123456".
func (c candidate) example() bool {
	return near(c.s, c.start(), c.end(), 48, exampleWords)
}

func known(sure bool) Certainty {
	if sure {
		return Sure
	}
	return Likely
}

// regular: the groups of one number have one kind of gap, or are the parts
// that a card shows.
func (c candidate) regular() bool {
	if c.n <= 2 {
		return true
	}
	odd, single := 0, c.size(0) == 1
	for k := 2; k < c.n; k++ {
		single = single && c.size(k) == 1
		if c.inner(k) != c.inner(1) {
			odd++
		}
	}
	return odd <= 1 || single
}

// even: equal groups, as people cut a long number.
func (c candidate) even() bool {
	for k := 1; k < c.n; k++ {
		if c.size(k) != c.size(0) || c.inner(k) != c.inner(1) {
			return false
		}
	}
	return true
}

// account reads a bank account or a virtual account beside a word that says
// so. A mobile number beside the name of a wallet is a phone number.
func (c candidate) account() (Kind, Certainty) {
	d := c.digits
	if len(d) < 8 || len(d) > 19 || c.away > 4 || c.n > 6 || c.money() && c.away > 1 {
		return "", ""
	}
	if c.n > 1 && c.size(0) >= 8 {
		return "", "" // whole before: "1234567890 500.000"
	}
	if c.plus() || c.dateOrHours() {
		return "", ""
	}
	return Bank, Sure
}

// money: groups of three after dots, as in 27.062.988.
func (c candidate) money() bool {
	if c.n < 2 || c.digits[0] == '0' || c.plus() || c.size(0) > 3 {
		return false
	}
	for k := 1; k < c.n; k++ {
		if gap := c.inner(k); gap != "." && gap != "," || c.size(k) != 3 {
			return false
		}
	}
	return true
}

// npwpShape: 99.999.999.9-999.999, with any single signs between.
func (c candidate) npwpShape() bool {
	if c.n != 6 {
		return false
	}
	for k, n := range [...]int{2, 3, 3, 1, 3, 3} {
		if c.size(k) != n || k > 0 && len(c.inner(k)) > 3 {
			return false
		}
	}
	return true
}
