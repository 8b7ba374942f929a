package mastodon

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/unicode/norm"
)

// plain is the text of a status: paragraphs and line breaks kept, links as
// their full address (servers shorten what is shown), mentions as written.
func plain(content string) string {
	z := html.NewTokenizer(strings.NewReader(content))
	var b strings.Builder
	link := "" // address of the link we are inside of
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.TrimSpace(b.String())
		case html.TextToken:
			if link == "" {
				b.Write(z.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			switch t.DataAtom {
			case atom.Br:
				b.WriteByte('\n')
			case atom.P, atom.Li, atom.Blockquote:
				if b.Len() > 0 && !strings.HasSuffix(b.String(), "\n") {
					b.WriteString(map[bool]string{true: "\n\n", false: "\n"}[t.DataAtom == atom.P])
				}
			case atom.A:
				if link = outside(t); link != "" {
					b.WriteString(link)
				}
			}
		case html.EndTagToken:
			if t := z.Token(); t.DataAtom == atom.A {
				link = ""
			}
		}
	}
}

// outside is the address of a link that is neither a mention nor a hashtag.
func outside(t html.Token) string {
	address := ""
	for _, at := range t.Attr {
		switch at.Key {
		case "class":
			for c := range strings.FieldsSeq(at.Val) {
				if c == "mention" || c == "hashtag" {
					return ""
				}
			}
		case "rel":
			if strings.Contains(at.Val, "tag") {
				return ""
			}
		case "href":
			address = at.Val
		}
	}
	if strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://") {
		return address
	}
	return ""
}

var leadingMentions = regexp.MustCompile(`^(?:@[\w.-]+(?:@[\w.-]+(?::\d+)?)?[\s,:]+)+`)

// fold makes our text and what a server made of it equal: servers turn marks
// into HTML (snac2 reads Markdown), drop the server from a mention, and add the
// mention that addresses an answer. What stays are letters, digits and symbols.
func fold(text string) string {
	text = leadingMentions.ReplaceAllString(strings.TrimSpace(text)+" ", "")
	text = remoteMention.ReplaceAllString(text, "$1")
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsSymbol(r) && !strings.ContainsRune("`~<>|^", r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKC.String(text))
}
