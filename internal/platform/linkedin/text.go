package linkedin

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A post's commentary is "little text": reserved characters that are not
// escaped end it or become something else, silently.
// learn.microsoft.com/linkedin/marketing/community-management/shares/little-text-format
const reserved = `\|{}@[]()<>#*_~`

// escape writes a text as little text. A # before a letter or digit stays bare:
// it makes the hashtag that its author meant.
func escape(text string) string {
	var b strings.Builder
	for i, r := range text {
		if strings.ContainsRune(reserved, r) && !(r == '#' && tag(text[i+1:])) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func tag(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

var (
	template = regexp.MustCompile(`^\{hashtag\|\\?#\|((?:[^\\|{}]|\\.)*)\}`)
	mention  = regexp.MustCompile(`^@\[((?:[^\\\]]|\\.)*)\]\((urn:li:[^()]*)\)`)
)

// unescape reads little text as people see it: hashtag templates as #tag,
// mentions as their name.
func unescape(little string) string {
	var b strings.Builder
	for len(little) > 0 {
		if m := template.FindStringSubmatch(little); m != nil {
			b.WriteString("#" + unescape(m[1]))
			little = little[len(m[0]):]
			continue
		}
		if m := mention.FindStringSubmatch(little); m != nil {
			b.WriteString(unescape(m[1]))
			little = little[len(m[0]):]
			continue
		}
		if little[0] == '\\' && len(little) > 1 && strings.IndexByte(reserved, little[1]) >= 0 {
			little = little[1:]
		}
		_, size := utf8.DecodeRuneInString(little)
		b.WriteString(little[:size])
		little = little[size:]
	}
	return b.String()
}
