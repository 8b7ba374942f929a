package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

var cashtag = regexp.MustCompile(`(^|\s)\$[A-Za-z]{1,6}\b`)

// xLink is one shortened link in a post's text; indices count code points.
type xLink struct {
	short, full, display string
	start, end           int
	media                *Media
}

// xText is a post's text as X gives it back: the name of whom it answers in
// front, links shortened to t.co, a link to the pictures behind, and & < >
// escaped.
func (s *Sandbox) xText(p *Post) (string, []xLink) {
	raw := s.fullText(p)
	var b strings.Builder
	var links []xLink
	points := 0
	write := func(t string) { b.WriteString(t); points += utf8.RuneCountInString(t) }
	last := 0
	for _, m := range xLinks(raw) {
		write(xEscape(raw[last:m[0]]))
		full := raw[m[0]:m[1]]
		if !strings.Contains(full, "://") {
			full = "http://" + full
		}
		l := xLink{short: shortLink(full), full: full, display: displayLink(full), start: points}
		write(l.short)
		l.end = points
		links = append(links, l)
		last = m[1]
	}
	write(xEscape(raw[last:]))
	if len(p.Media) > 0 {
		short := shortLink("media" + p.ID)
		if raw != "" {
			write(" ")
		}
		start := points
		write(short)
		for i := range p.Media {
			links = append(links, xLink{
				short: short, full: fmt.Sprintf("https://x.com/%s/status/%s/photo/%d", p.Author, p.ID, i+1), display: "pic.x.com/" + short[len("https://t.co/"):],
				start: start, end: points, media: &p.Media[i],
			})
		}
	}
	return b.String(), links
}

func xEscape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// shortLink is the same t.co address for the same link.
func shortLink(full string) string {
	sum := sha256.Sum256([]byte(full))
	return "https://t.co/" + hex.EncodeToString(sum[:])[:10]
}

func displayLink(full string) string {
	_, rest, _ := strings.Cut(full, "://")
	if len(rest) > 26 {
		return rest[:26] + "…"
	}
	return rest
}

// span is a name or tag in a text, in code points.
type span struct {
	word       string
	start, end int
}

// spans finds what a pattern's second group matches, led by its sign.
func spans(text string, pattern *regexp.Regexp) []span {
	var out []span
	for _, m := range pattern.FindAllStringSubmatchIndex(text, -1) {
		start := m[4] - 1 // the sign before the word
		out = append(out, span{word: text[m[4]:m[5]], start: utf8.RuneCountInString(text[:start]), end: utf8.RuneCountInString(text[:m[5]])})
	}
	return out
}
