package x

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// candidate is anything that may be an address: scheme, host, port, path and
// query as twitter-text reads them. What it matches is judged by whole.
var candidate = regexp.MustCompile(`(?i)(https?://)?` +
	`((?:[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}_-]*[\p{L}\p{M}\p{N}])?\.)+[\p{L}\p{M}\p{N}-]{2,})` +
	`(:\d+)?(/[\p{Latin}\p{Cyrillic}\p{N}!*';:=+,.$%/#\[\]–_~@|&(){}-]*)?(\?[a-z0-9!?*'();:&=+$/%#\[\]_.,~|@-]*)?`)

// maxURL is the longest address X makes a link of (twitter-text: 4096).
const maxURL = 4096

// addresses are the places of what X counts as links.
func addresses(text string) [][2]int {
	var all [][2]int
	for start := 0; start < len(text); {
		m := candidate.FindStringSubmatchIndex(text[start:])
		if m == nil {
			return all
		}
		for i := range m {
			if m[i] >= 0 {
				m[i] += start
			}
		}
		end, ok := whole(text, m)
		if ok {
			all = append(all, [2]int{m[0], end})
			start = end
			continue
		}
		// Not an address as matched; one may begin further inside.
		_, size := utf8.DecodeRuneInString(text[m[0]:])
		start = m[0] + size
		if m[2] < 0 {
			if next := strings.Index(text[start:m[1]], "http"); next >= 0 {
				start += next
			} else {
				start = m[1]
			}
		}
	}
	return all
}

// whole judges a candidate and gives its true end.
func whole(text string, m []int) (end int, ok bool) {
	if !free(text[:m[0]], m[2] >= 0) {
		return 0, false
	}
	host, hostEnd := trimHost(text[m[4]:m[5]], m[4])
	if host == "" || m[2] < 0 && !ascii(host) {
		return 0, false
	}
	end = hostEnd
	if hostEnd == m[5] {
		end = m[5]
		if m[6] >= 0 {
			end = m[7]
		}
		if m[8] >= 0 {
			end += pathLen(text[m[8]:m[9]])
			if end == m[9] && m[10] >= 0 {
				end += queryLen(text[m[10]:m[11]])
			}
		} else if m[10] >= 0 {
			end += queryLen(text[m[10]:m[11]])
		}
	}
	if end-m[0] > maxURL {
		return 0, false
	}
	return end, validHost(host)
}

// free says whether an address may begin after before.
func free(before string, withScheme bool) bool {
	if before == "" {
		return true
	}
	r, _ := utf8.DecodeLastRuneInString(before)
	if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) || strings.ContainsRune("@＠$#＃", r) {
		return false
	}
	return withScheme || !strings.ContainsRune("-_./", r)
}

// trimHost drops labels from the end until a top-level domain stands there.
func trimHost(host string, at int) (string, int) {
	for {
		dot := strings.LastIndexByte(host, '.')
		if dot < 0 {
			return "", 0
		}
		if topLevel(host[dot+1:]) {
			return host, at + len(host)
		}
		host = host[:dot]
	}
}

func topLevel(label string) bool {
	puny, err := idna.ToASCII(strings.ToLower(label))
	if err != nil {
		return false
	}
	_, icann := publicsuffix.PublicSuffix("x." + puny)
	return icann
}

// validHost: every label at most 63 characters as the network writes it.
func validHost(host string) bool {
	puny, err := idna.ToASCII(host)
	if err != nil {
		return false
	}
	for label := range strings.SplitSeq(puny, ".") {
		if label == "" || len(label) > 63 {
			return false
		}
	}
	return true
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// pathLen is how much of a path belongs to the address: punctuation at the end
// is the sentence's, and a bracket closes only what it opened.
func pathLen(path string) int {
	for len(path) > 1 {
		r, size := utf8.DecodeLastRuneInString(path)
		switch {
		case r == ')' && strings.Count(path, "(") >= strings.Count(path, ")"):
			return len(path)
		case unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("=_#/+-", r):
			return len(path)
		}
		path = path[:len(path)-size]
	}
	return len(path)
}

func queryLen(query string) int {
	for len(query) > 1 {
		r, size := utf8.DecodeLastRuneInString(query)
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_&=#/-", r) {
			return len(query)
		}
		query = query[:len(query)-size]
	}
	return 0
}
