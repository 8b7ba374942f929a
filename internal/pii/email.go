package pii

import (
	"strings"

	"kentongan/internal/text"
)

// emails finds every sign or word that can be an @, and reads the name before
// it and the house behind it.
func emails(f text.Folded, out []Found) []Found {
	s := f.Text
	for i := 0; i < len(s); i++ {
		if c := s[i]; c != '@' && c != 'a' && c != 'e' {
			continue
		}
		from, to, how := atSign(s, i)
		if how == noAt {
			continue
		}
		start := localPart(s, from, how)
		end, house := domainPart(s, to, how)
		if start == from || end == to || !isAddress(s, start, from, house, how) {
			continue
		}
		certainty := Sure
		if how != plainAt || house == houseAlone {
			certainty = Likely
		}
		out = add(out, Email, f.Span(start, end), certainty)
		i = end - 1
	}
	return out
}

// at is how an @ is written.
type at uint8

const (
	noAt      at = iota
	plainAt      // budi@contoh.id
	spacedAt     // budi @ contoh . id
	nameAt       // budi @contoh.id: names an account, unless it is a mail house
	bracketAt    // budi [at] contoh
	wordAt       // budi at contoh
)

func atSign(s string, i int) (from, to int, how at) {
	from, to = i, i+1
	switch {
	case s[i] == '@':
		how = plainAt
		if i > 1 && to < len(s) && strings.IndexByte("([{", s[i-1]) >= 0 && strings.IndexByte(")]}", s[to]) >= 0 {
			return i - 1, to + 1, bracketAt // "budi[@]contoh.id"
		}
		before, behind := i > 0 && s[i-1] == ' ', to < len(s) && s[to] == ' '
		switch {
		case before && behind:
			how = spacedAt
		case before:
			how = nameAt
		case behind:
			how = spacedAt
		}
	case strings.HasPrefix(s[i:], "at") || strings.HasPrefix(s[i:], "et ") || i > 0 && (s[i-1] == '(' || s[i-1] == '[') && strings.HasPrefix(s[i:], "a"):
		to = i + 1
		if to < len(s) && s[to] == 't' {
			to++
		}
		if i == 0 || to >= len(s) {
			return 0, 0, noAt
		}
		l, r := i, to
		for l > 0 && s[l-1] == ' ' && i-l < 2 {
			l--
		}
		for r < len(s) && s[r] == ' ' && r-to < 2 {
			r++
		}
		switch {
		case l > 0 && r < len(s) && strings.IndexByte("([{<", s[l-1]) >= 0 && strings.IndexByte(")]}>", s[r]) >= 0:
			from, to, how = l-1, r+1, bracketAt
		case s[i-1] == ' ' && s[to] == ' ', s[i-1] == '-' && s[to] == '-', s[i-1] == '_' && s[to] == '_':
			how = wordAt
			if s[i-1] != ' ' {
				from, to = i-1, to+1
			}
		default:
			return 0, 0, noAt
		}
	default:
		return 0, 0, noAt
	}
	for how != plainAt && from > 0 && s[from-1] == ' ' && i-from < 4 {
		from--
	}
	for how != plainAt && to < len(s) && s[to] == ' ' && to-i < 8 {
		to++
	}
	return from, to, how
}

// localPart goes back from the @ to the beginning of the name.
func localPart(s string, from int, how at) int {
	start := from
	for start > 0 {
		if isLocal(s[start-1]) {
			start--
			continue
		}
		if n := pointBefore(s, start, how); n > 0 && start-n > 0 && isLocal(s[start-n-1]) {
			start -= n
			continue
		}
		break
	}
	for start < from && strings.IndexByte("._-+%", s[start]) >= 0 {
		start++
	}
	if start < from && strings.IndexByte(".+%", s[from-1]) >= 0 {
		return from
	}
	return start
}

func isLocal(c byte) bool {
	return isLetter(c) || isDigit(c) || c == '.' || c == '_' || c == '%' || c == '+' || c == '-'
}

// pointBefore is the length of a spelled point that ends at i: "budi dot rini
// [at] …". Only where the @ is spelled, too.
func pointBefore(s string, i int, how at) int {
	if how != bracketAt && how != wordAt {
		return 0
	}
	for _, w := range [...]string{" dot ", " titik ", "[dot]", "(dot)", "(titik)", "[titik]", " [dot] ", " (dot) ", " underscore ", " garis bawah "} {
		if strings.HasSuffix(s[:i], w) {
			return len(w)
		}
	}
	return 0
}

// house is how surely the part behind the @ is one that has mail.
type house uint8

const (
	noHouse    house = iota
	houseAlone       // "gmail" without an ending
	houseKnown       // "gmail.com"
	houseOther       // "contoh.go.id"
	houseSpelt       // "contoh dot id"
)

// domainPart goes on from the @ to the end of the house, which is the last
// ending that is one: "contoh.id.Mohon dibaca" ends behind id.
func domainPart(s string, to int, how at) (end int, h house) {
	i, last := to, to
	spelt, known := false, false
	for labels := 0; labels < 6; labels++ {
		start := i
		for i < len(s) && (isLetter(s[i]) || isDigit(s[i]) || s[i] == '-') {
			i++
		}
		stop := i
		for stop > start && s[stop-1] == '-' {
			stop--
		}
		if stop == start {
			break
		}
		word := s[start:stop]
		switch {
		case labels == 0:
			known = mailHouse(word)
			if known {
				end, h = stop, houseAlone
			}
			if known && strings.HasSuffix(word, "com") {
				h = houseKnown
			}
		case isEnding(word) || labels == 1 && !spelt && how == plainAt && longEnding(word):
			end = stop
			switch {
			case known:
				h = houseKnown
			case spelt:
				h = houseSpelt
			default:
				h = houseOther
			}
		}
		last = i
		n, word2 := pointAfter(s, last, how, known)
		if n == 0 {
			break
		}
		spelt = spelt || word2
		i = last + n
	}
	if end == 0 {
		return to, noHouse
	}
	return end, h
}

// pointAfter is the length of what stands for a point at i, and whether it is
// spelled.
func pointAfter(s string, i int, how at, known bool) (n int, spelt bool) {
	rest := s[i:]
	if strings.HasPrefix(rest, ".") {
		if strings.HasPrefix(rest, ". ") {
			if how == spacedAt && len(rest) > 2 && isEnding(firstWord(rest[2:])) {
				return 2, false
			}
			return 0, false
		}
		return 1, false
	}
	if known && strings.HasPrefix(rest, ",") && isEnding(firstWord(rest[1:])) {
		return 1, false // a slip of the finger: "gmail,com"
	}
	for _, w := range [...]string{"[dot]", "(dot)", "{dot}", "[titik]", "(titik)", " [dot] ", " (dot) ", " [titik] ", " (titik) ", "[.]", "(.)", " dot ", " titik ", "-dot-", "_dot_", " . ", " ."} {
		if strings.HasPrefix(rest, w) && isEnding(firstWord(rest[len(w):])) {
			return len(w), w != " . " && w != " ."
		}
		if strings.HasPrefix(rest, w) && (how != plainAt && w[0] != ' ' || how == bracketAt && len(w) > 4 && firstWord(rest[len(w):]) != "") {
			return len(w), true // "kota [dot] go [dot] id"
		}
	}
	return 0, false
}

func firstWord(s string) string {
	i := 0
	for i < len(s) && isLetter(s[i]) {
		i++
	}
	return s[:i]
}

// isAddress weighs the whole: "at" is a word, and " @name" is an account.
func isAddress(s string, start, from int, h house, how at) bool {
	switch how {
	case plainAt:
		// "@budi@kota.id" is an account of the open networks.
		if start > 0 && s[start-1] == '@' && h != houseKnown {
			return false
		}
		return h == houseKnown || h == houseOther || h == houseAlone || h == houseSpelt
	case spacedAt, bracketAt:
		return h != noHouse && (h != houseOther || how == bracketAt || from-start > 1)
	case nameAt:
		return h == houseKnown && !names(s[start:from], "di", "ke", "dan", "min", "via", "email", "dari", "kepada", "cc")
	case wordAt:
		return h == houseKnown || h == houseSpelt || h == houseAlone && from-start > 3
	}
	return false
}

func mailHouse(word string) bool {
	switch word {
	case "gmail", "yahoo", "ymail", "hotmail", "outlook", "icloud", "rocketmail", "proton", "protonmail", "live", "gmai", "gmial", "gmaill", "yaho", "zoho", "aol", "msn", "gmailcom", "yahoocom",
		"googlemail", "telkom", "mail", "email":
		return word != "mail" && word != "email" && word != "live" && word != "telkom"
	}
	return false
}

// isEnding: the last parts that Indonesian addresses have.
func isEnding(word string) bool {
	switch word {
	case "com", "net", "org", "id", "co", "go", "ac", "sch", "or", "web", "my", "biz", "desa", "mil", "info", "xyz", "sg", "edu", "gov", "io", "me", "tv", "app", "dev", "site", "online", "store",
		"asia", "uk", "au", "jp", "de", "nl", "us", "cc", "ponpes", "email", "cloud", "tech", "int", "eu", "in", "ph", "th", "hk", "tw", "kr", "cn", "sa", "ae", "qa":
		return true
	}
	return false
}

// longEnding lets an unknown ending pass where nothing is disguised.
func longEnding(word string) bool {
	if len(word) < 2 || len(word) > 12 {
		return false
	}
	for i := 0; i < len(word); i++ {
		if !isLetter(word[i]) {
			return false
		}
	}
	return true
}
