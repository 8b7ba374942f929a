package pii

import (
	"regexp"
	"strings"

	"kentongan/internal/text"
)

var (
	plainEmail = regexp.MustCompile(`[a-z0-9][a-z0-9._%+\-]*@[a-z0-9][a-z0-9\-]*(\.[a-z0-9\-]+)*\.[a-z]{2,24}`)
	// "budi [at] contoh dot com", "budi @ contoh . com": only with an ending
	// that is surely one, for "at" and "dot" are words too.
	hiddenEmail = regexp.MustCompile(`[a-z0-9][a-z0-9._%+\-]*` + at + `[a-z0-9][a-z0-9\-]*(` + point + `[a-z0-9\-]+){0,2}` + point +
		`(com|net|org|id|info|xyz|my|sg)\b`)
	atSign  = regexp.MustCompile(at)
	dotWord = regexp.MustCompile(`\s*(\[dot\]|\(dot\)|\[titik\]|\(titik\)|\.)\s*|\s+(dot|titik)\s+`)
)

const (
	at    = `(?:@| @ |\s?[\[(]\s?at\s?[\])]\s?| at )` // not " @": that names an account
	point = `(?:\.| \. |\s?[\[(]\s?(?:dot|titik)\s?[\])]\s?| dot | titik )`
)

func emails(f text.Folded) []Found {
	if !strings.Contains(f.Text, "@") && !strings.Contains(f.Text, " at ") && !strings.Contains(f.Text, "[") && !strings.Contains(f.Text, "(") {
		return nil
	}
	var out []Found
	taken := func(p []int) bool {
		for _, x := range out {
			if s := f.Span(p[0], p[1]); s.Overlaps(x.Span()) {
				return true
			}
		}
		return false
	}
	for _, p := range plainEmail.FindAllStringIndex(f.Text, -1) {
		s := f.Span(p[0], p[1])
		out = append(out, Found{Email, s.Start, s.End, Sure})
	}
	for _, p := range hiddenEmail.FindAllStringIndex(f.Text, -1) {
		if !taken(p) {
			s := f.Span(p[0], p[1])
			out = append(out, Found{Email, s.Start, s.End, Likely})
		}
	}
	return out
}
