package sandbox

import (
	"regexp"
	"strings"
)

var (
	skyMentions = regexp.MustCompile(`(^|[\s(])(@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+)`)
	skyTags     = regexp.MustCompile(`(^|\s)(#[\p{L}0-9_]*\p{L}[\p{L}0-9_]*)`)
)

// skyFacets marks mentions, links and tags in a citizen's text, as the
// network's own app does.
func (w *world) skyFacets(text string) []object {
	var out []object
	add := func(from, to int, feature object) {
		out = append(out, object{"index": object{"byteStart": from, "byteEnd": to}, "features": []object{feature}})
	}
	for _, m := range skyMentions.FindAllStringSubmatchIndex(text, -1) {
		name := strings.TrimRight(text[m[4]:m[5]], "-.")
		if who := w.knows(Bluesky, strings.ToLower(name[1:])); who != nil {
			add(m[4], m[4]+len(name), object{"$type": "app.bsky.richtext.facet#mention", "did": who.ID})
		}
	}
	for _, m := range urlPattern.FindAllStringIndex(text, -1) {
		add(m[0], m[1], object{"$type": "app.bsky.richtext.facet#link", "uri": text[m[0]:m[1]]})
	}
	for _, m := range skyTags.FindAllStringSubmatchIndex(text, -1) {
		add(m[4], m[5], object{"$type": "app.bsky.richtext.facet#tag", "tag": text[m[4]+1 : m[5]]})
	}
	return out
}
