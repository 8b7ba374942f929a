package x

import (
	_ "embed"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// What X makes a link of, after twitter-text (github.com/twitter/twitter-text,
// extractUrlsWithIndices): an address with or without a scheme; without one
// only its ASCII domains count. The list of top-level domains is twitter-text's
// own, which is not the root zone's.
//
//go:embed tlds.txt
var tldText string

var tlds = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for t := range strings.FieldsSeq(tldText) {
		all[t] = true
	}
	return all
})

// longestTLD bounds the search, in bytes.
const longestTLD = 64

// Groups of characters, as regular expressions.
const (
	markers  = `\x{202A}-\x{202E}\x{061C}\x{200E}\x{200F}\x{2066}-\x{2069}`
	spaces   = `\x09-\x0D\x20\x{85}\x{A0}\x{1680}\x{180E}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}`
	invalid  = `\x{FFFE}\x{FEFF}\x{FFFF}`
	punct    = `!'#%&()*+,\\\-./:;<=>?@\[\]^_{|}~$`
	accents  = `\x{c0}-\x{d6}\x{d8}-\x{f6}\x{f8}-\x{24f}\x{253}\x{254}\x{256}\x{257}\x{259}\x{25b}\x{263}\x{268}\x{26f}\x{272}\x{289}\x{2bb}\x{300}-\x{36f}\x{1e00}-\x{1eff}`
	cyrillic = `\x{400}-\x{4ff}`
	inPath   = `[a-z` + cyrillic + `0-9!*';:=+,.$/%#\[\]\-\x{2013}_~@|&` + accents + `]`
	parens   = `\((?:` + inPath + `+|` + inPath + `*\(` + inPath + `+\)` + inPath + `*)\)`
	pathEnd  = `(?:[+\-a-z` + cyrillic + `0-9=_#/` + accents + `]|` + parens + `)`
	inQuery  = `[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]`
	query    = `\?` + inQuery + `*[a-z0-9\-_&=#/]`
)

var (
	schemes  = regexp.MustCompile(`(?i)^https?://`)
	paths    = regexp.MustCompile(`(?i)^/(?:` + inPath + `*(?:` + parens + inPath + `*)*` + pathEnd + `|@` + inPath + `+/)*`)
	queries  = regexp.MustCompile(`(?i)^` + query)
	ports    = regexp.MustCompile(`^:[0-9]+`)
	hostRun  = regexp.MustCompile(`^(?:[^` + punct + spaces + invalid + markers + `]|[_.\-])+`)
	label    = regexp.MustCompile(`^[^_\-](?:.*[^_\-])?$`)
	asciiRun = regexp.MustCompile(`(?i)^(?:[\-a-z0-9` + accents + `]+\.)+`)
	shortURL = regexp.MustCompile(`(?i)^https?://t\.co/([a-z0-9]+)(?:` + query + `)?`)
	notAhead = regexp.MustCompile(`[A-Za-z0-9@＠$#＃` + invalid + `]`)
)

// The longest address X makes a link of, and the longest name behind t.co/.
const (
	maxURL  = 4096
	maxSlug = 40
)

// addresses are the places of what X counts as links.
func addresses(text string) [][2]int {
	var all [][2]int
	for at := 0; at < len(text); {
		found, end := next(text, at)
		if end == 0 {
			return all
		}
		all = append(all, found...)
		at = end
	}
	return all
}

// next looks for the first candidate at or after at: what it gives, and where
// the search goes on; 0 means nowhere.
func next(text string, at int) (found [][2]int, end int) {
	for p := at; p < len(text); {
		r, size := utf8.DecodeRuneInString(text[p:])
		before := string(r)
		if !notAhead.MatchString(before) {
			if found, end, ok := candidate(text, p+size, before); ok {
				return found, end
			}
		}
		if p == 0 {
			if found, end, ok := candidate(text, 0, ""); ok {
				return found, end
			}
		}
		p += size
	}
	return nil, 0
}

// candidate reads an address that begins at start. ok says that its form fits;
// found may still be empty, for X passes over some.
func candidate(text string, start int, before string) (found [][2]int, end int, ok bool) {
	scheme := len(schemes.FindString(text[start:]))
	host := domain(text[start+scheme:])
	if host == 0 && scheme > 0 {
		scheme, host = 0, domain(text[start:])
	}
	if host == 0 {
		return nil, 0, false
	}
	from := start + scheme
	end = from + host
	end += len(ports.FindString(text[end:]))
	path := len(paths.FindString(text[end:]))
	end += path
	end += len(queries.FindString(text[end:]))
	switch {
	case len("https://")+end-start > maxURL || !validHost(text[from:from+host]):
		return nil, end, true
	case scheme > 0:
		if m := shortURL.FindStringSubmatch(text[start:end]); m != nil {
			if len(m[1]) > maxSlug {
				return nil, end, true
			}
			return [][2]int{{start, start + len(m[0])}}, end, true
		}
		return [][2]int{{start, end}}, end, true
	case before != "" && strings.Contains("-_./", before):
		return nil, end, true
	}
	found = asciiDomains(text[start:start+host], start)
	if len(found) > 0 && path > 0 {
		found[len(found)-1][1] = end
	}
	return found, end, true
}

// maxLabels is how many labels a name can have (RFC 1035).
const maxLabels = 127

// domain is the length of the host at the start of s: as many labels as end in
// a top-level domain. The last label before it has no underscore.
func domain(s string) int {
	run := hostRun.FindString(s)
	best, at := 0, 0
	for range maxLabels {
		size := strings.IndexByte(run[at:], '.')
		if size < 0 || !label.MatchString(run[at:at+size]) {
			break
		}
		dot := at + size
		if !strings.Contains(run[at:dot], "_") {
			if n := topLevel(s[dot+1:]); n > 0 {
				best = dot + 1 + n
			}
		}
		at = dot + 1
	}
	return best
}

// topLevel is the length of the top-level domain at the start of s; behind it
// no ASCII letter, digit, @, + or - may follow.
func topLevel(s string) int {
	best := 0
	if n := len(punycode.FindString(s)); n > 0 {
		best = n
	}
	for i := range min(len(s), longestTLD) + 1 {
		if i == 0 || i < len(s) && !utf8.RuneStart(s[i]) {
			continue
		}
		if i > best && tlds()[strings.ToLower(s[:i])] && (i == len(s) || !notBehind(s[i])) {
			best = i
		}
	}
	return best
}

var punycode = regexp.MustCompile(`(?i)^xn--[\-0-9a-z]+`)

func notBehind(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '@' || c == '+' || c == '-'
}

// asciiDomains are the places of the domains in host that are written in Latin
// letters; host begins at offset in the text.
func asciiDomains(host string, offset int) [][2]int {
	var all [][2]int
	for p := 0; p < len(host); {
		end := 0
		run := asciiRun.FindString(host[p:])
		for dot := strings.LastIndexByte(run, '.'); dot > 0; dot = strings.LastIndexByte(run[:dot], '.') {
			if n := topLevel(host[p+dot+1:]); n > 0 {
				end = p + dot + 1 + n
				break
			}
		}
		if end > 0 {
			all = append(all, [2]int{offset + p, offset + end})
			p = end
			continue
		}
		_, size := utf8.DecodeRuneInString(host[p:])
		p += size
	}
	return all
}

// validHost: every label at most 63 characters as the network writes it.
func validHost(host string) bool {
	puny, err := idna.ToASCII(host)
	if err != nil {
		return false
	}
	for l := range strings.SplitSeq(puny, ".") {
		if l == "" || len(l) > 63 {
			return false
		}
	}
	return true
}
