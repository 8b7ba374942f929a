package sandbox

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Little text, the format of a post's commentary
// (learn.microsoft.com/linkedin, "little Text Format"): reserved characters are
// escaped by a backslash, {template|\#|tag} and @[name](urn) are elements, and
// a bare #tag is a hashtag.
const linkedinReserved = `\|{}@[]()<>#*_~`

var (
	linkedinTemplate = regexp.MustCompile(`^\{hashtag\|\\?#\|([^|{}]+)\}`)
	linkedinMention  = regexp.MustCompile(`^@\[([^\]]*)\]\((urn:li:(?:organization|person):[^)]+)\)`)
)

// linkedinRead is what people see of a commentary. A reserved character that is
// neither escaped nor an element ends the text there without a word: LinkedIn
// cuts such posts off.
func linkedinRead(little string) string {
	var b strings.Builder
	for len(little) > 0 {
		if m := linkedinTemplate.FindStringSubmatch(little); m != nil {
			b.WriteString("#" + linkedinUnescape(m[1]))
			little = little[len(m[0]):]
			continue
		}
		if m := linkedinMention.FindStringSubmatch(little); m != nil {
			b.WriteString(m[1])
			little = little[len(m[0]):]
			continue
		}
		r, size := utf8.DecodeRuneInString(little)
		switch {
		case r == '\\' && len(little) > size && strings.IndexByte(linkedinReserved, little[size]) >= 0:
			b.WriteByte(little[size])
			size++
		case r == '#' && linkedinTag(little[size:]):
			b.WriteRune(r)
		case strings.ContainsRune(linkedinReserved, r):
			return b.String()
		default:
			b.WriteRune(r)
		}
		little = little[size:]
	}
	return b.String()
}

// linkedinTag says whether a hashtag goes on here.
func linkedinTag(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

func linkedinUnescape(s string) string {
	for _, r := range linkedinReserved {
		s = strings.ReplaceAll(s, `\`+string(r), string(r))
	}
	return s
}

var linkedinHashtag = regexp.MustCompile(`#([\p{L}\p{N}]+)`)

// linkedinWrite is a text as the API gives it back: escaped, with hashtags as
// templates.
func linkedinWrite(text string) string {
	var b strings.Builder
	last := 0
	for _, m := range linkedinHashtag.FindAllStringSubmatchIndex(text, -1) {
		b.WriteString(linkedinEscape(text[last:m[0]]))
		b.WriteString(`{hashtag|\#|` + text[m[2]:m[3]] + `}`)
		last = m[1]
	}
	b.WriteString(linkedinEscape(text[last:]))
	return b.String()
}

func linkedinEscape(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune(linkedinReserved, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
