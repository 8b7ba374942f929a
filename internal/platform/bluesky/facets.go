package bluesky

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// facet marks a part of a text (app.bsky.richtext.facet). The offsets count
// bytes of the UTF-8 text.
type facet struct {
	Index struct {
		Start int `json:"byteStart"`
		End   int `json:"byteEnd"`
	} `json:"index"`
	Features []feature `json:"features"`
}

type feature struct {
	Type string `json:"$type"`
	DID  string `json:"did,omitempty"`
	URI  string `json:"uri,omitempty"`
	Tag  string `json:"tag,omitempty"`
}

// Kinds of feature.
const (
	isMention = "app.bsky.richtext.facet#mention"
	isLink    = "app.bsky.richtext.facet#link"
	isTag     = "app.bsky.richtext.facet#tag"
)

// span is a part of a text that can become a facet: value is the handle, the
// address or the tag.
type span struct {
	kind       string
	start, end int
	value      string
}

var (
	addresses = regexp.MustCompile(`https?://[^\s<>"]+`)
	// A handle is a host name (atproto.com/specs/handle).
	handles = regexp.MustCompile(`(^|[\s(\[{"'“‘/])@((?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)`)
	tags    = regexp.MustCompile(`(^|\s)[#＃]([^\s\x{00AD}\x{2060}\x{200A}-\x{200D}]+)`)
)

const maxTag = 64 // grapheme clusters, and 640 bytes

// spans finds links, mentions and tags. What lies inside a link is the link's.
func spans(text string) []span {
	var all []span
	add := func(s span) {
		inside := slices.ContainsFunc(all, func(o span) bool { return s.start < o.end && o.start < s.end })
		if !inside && s.start < s.end {
			all = append(all, s)
		}
	}
	for _, m := range addresses.FindAllStringIndex(text, -1) {
		link := trimLink(text[m[0]:m[1]])
		if _, rest, _ := strings.Cut(link, "://"); rest != "" {
			add(span{isLink, m[0], m[0] + len(link), link})
		}
	}
	for _, m := range handles.FindAllStringSubmatchIndex(text, -1) {
		add(span{isMention, m[4] - 1, m[5], strings.ToLower(text[m[4]:m[5]])})
	}
	for _, m := range tags.FindAllStringSubmatchIndex(text, -1) {
		tag := strings.TrimRightFunc(text[m[4]:m[5]], unicode.IsPunct)
		letter := strings.ContainsFunc(tag, func(r rune) bool { return !unicode.IsDigit(r) && !unicode.IsPunct(r) && r != '\ufe0f' })
		if !letter || len(tag) > 640 || uniseg.GraphemeClusterCount(tag) > maxTag || !utf8.ValidString(tag) {
			continue
		}
		add(span{isTag, m[3], m[4] + len(tag), tag})
	}
	slices.SortFunc(all, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	return all
}

// trimLink takes off what ends the sentence, not the address; a closing
// bracket stays where the address opened one.
func trimLink(link string) string {
	for {
		r, n := utf8.DecodeLastRuneInString(link)
		switch {
		case n == 0:
			return link
		case strings.ContainsRune(`.,;:!?'"…”’`, r):
		case r == ')' && !strings.Contains(link, "("), r == ']' && !strings.Contains(link, "["):
		default:
			return link
		}
		link = link[:len(link)-n]
	}
}

// facetsOf builds the facets of a text; known has the DIDs of the handles in
// it. A handle that nobody has stays plain text.
func facetsOf(text string, known map[string]string) []facet {
	var all []facet
	for _, s := range spans(text) {
		f := feature{Type: s.kind}
		switch s.kind {
		case isMention:
			if f.DID = known[s.value]; f.DID == "" {
				continue
			}
		case isLink:
			f.URI = s.value
		case isTag:
			f.Tag = s.value
		}
		one := facet{Features: []feature{f}}
		one.Index.Start, one.Index.End = s.start, s.end
		all = append(all, one)
	}
	return all
}

// mentions are the handles that a text names, once each.
func mentions(text string) []string {
	var all []string
	for _, s := range spans(text) {
		if s.kind == isMention && !slices.Contains(all, s.value) {
			all = append(all, s.value)
		}
	}
	return all
}

// unfold puts the full addresses back into a text: the network's own app
// shortens what is shown and keeps the address in the facet. Facets are
// somebody else's data: what does not fit the text is passed over.
func unfold(text string, facets []facet) string {
	facets = slices.Clone(facets)
	slices.SortStableFunc(facets, func(a, b facet) int { return cmp.Compare(a.Index.Start, b.Index.Start) })
	var b strings.Builder
	from := 0
	for _, f := range facets {
		start, end := f.Index.Start, f.Index.End
		if start < from || end <= start || end > len(text) || !utf8.RuneStart(text[start]) || end < len(text) && !utf8.RuneStart(text[end]) {
			continue
		}
		for _, x := range f.Features {
			shown := strings.TrimSuffix(strings.TrimSuffix(text[start:end], "..."), "…")
			if x.Type == isLink && x.URI != "" && strings.Contains(x.URI, strings.TrimSpace(shown)) {
				b.WriteString(text[from:start])
				b.WriteString(x.URI)
				from = end
				break
			} else if x.Type == isLink && x.URI != "" {
				// Words that lead elsewhere: both are told.
				b.WriteString(text[from:end])
				b.WriteString(" (" + x.URI + ")")
				from = end
				break
			}
		}
	}
	b.WriteString(text[from:])
	return b.String()
}
