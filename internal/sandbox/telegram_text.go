package sandbox

import (
	"html"
	"regexp"
	"strings"
	"unicode/utf16"
)

// Limits after entities are parsed, in UTF-16 units as entities are counted.
const (
	tgMaxText    = 4096
	tgMaxCaption = 1024
)

func tgUnits(text string) int { return len(utf16.Encode([]rune(text))) }

// tgWords is a text after its markup has been read: trimmed and measured.
func tgWords(text, mode string, limit int, tooLong string) (string, *answer) {
	plain, problem := tgPlain(text, mode)
	if problem != "" {
		no := tgBad("can't parse entities: " + problem)
		return "", &no
	}
	plain = strings.TrimSpace(plain)
	if tgUnits(plain) > limit {
		no := tgBad(tooLong)
		return "", &no
	}
	return plain, nil
}

var (
	tgTag    = regexp.MustCompile(`<(/?)([a-zA-Z-]+)([^>]*)>`)
	tgMarked = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
)

// tgTags are the tags that parse_mode HTML knows
// (core.telegram.org/bots/api#html-style).
const tgTags = " b strong i em u ins s strike del span tg-spoiler a tg-emoji code pre blockquote "

// tgPlain takes markup away; problem is Telegram's sentence when it is broken.
func tgPlain(text, mode string) (plain, problem string) {
	switch strings.ToLower(mode) {
	case "":
		return text, ""
	case "html":
		return tgHTML(text)
	case "markdown":
		text = tgMarked.ReplaceAllString(text, "$1")
		for _, mark := range []string{"```", "`", "*", "_"} {
			if strings.Count(text, mark)%2 != 0 {
				return "", "Can't find end of the entity starting at byte offset 0"
			}
			text = strings.ReplaceAll(text, mark, "")
		}
		return text, ""
	case "markdownv2":
		return tgMarkdown2(text)
	}
	return "", "unsupported parse_mode"
}

func tgHTML(text string) (string, string) {
	var open []string
	for _, tag := range tgTag.FindAllStringSubmatch(text, -1) {
		name := strings.ToLower(tag[2])
		switch {
		case !strings.Contains(tgTags, " "+name+" "):
			return "", `Unsupported start tag "` + name + `" at byte offset 0`
		case tag[1] == "":
			open = append(open, name)
		case len(open) == 0 || open[len(open)-1] != name:
			return "", "Unexpected end tag at byte offset 0"
		default:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		return "", `Can't find end tag corresponding to start tag "` + open[len(open)-1] + `"`
	}
	bare := tgTag.ReplaceAllString(text, "")
	if strings.ContainsRune(bare, '<') {
		return "", `Unsupported start tag "" at byte offset 0`
	}
	return html.UnescapeString(bare), ""
}

// tgMarkdown2: signs with a meaning must be escaped where they mean nothing.
func tgMarkdown2(text string) (string, string) {
	text = tgMarked.ReplaceAllString(text, "$1")
	var b strings.Builder
	marks := map[rune]int{}
	escaped := false
	for _, r := range text {
		switch {
		case escaped:
			b.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case strings.ContainsRune("*_~|`", r):
			marks[r]++
		case strings.ContainsRune("[]()>#+-={}.!", r):
			return "", "Character '" + string(r) + "' is reserved and must be escaped with the preceding '\\'"
		default:
			b.WriteRune(r)
		}
	}
	for _, n := range marks {
		if n%2 != 0 {
			return "", "Can't find end of the entity starting at byte offset 0"
		}
	}
	return b.String(), ""
}

var tgFound = regexp.MustCompile(`https?://[^\s]+|@[A-Za-z]\w{4,31}|#\w+|(?:^|\s)/[a-z_]+`)

// tgEntities are the links, names and commands that Telegram finds by itself.
func tgEntities(text string) []object {
	var all []object
	for _, span := range tgFound.FindAllStringIndex(text, -1) {
		word := text[span[0]:span[1]]
		trimmed := strings.TrimLeft(word, " \n\t")
		kind := map[byte]string{'@': "mention", '#': "hashtag", '/': "bot_command"}[trimmed[0]]
		if kind == "" {
			kind = "url"
		}
		start := span[0] + len(word) - len(trimmed)
		all = append(all, object{"type": kind, "offset": tgUnits(text[:start]), "length": tgUnits(trimmed)})
	}
	return all
}
