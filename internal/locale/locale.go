// Package locale says everything a person reads, in Indonesian and English.
//
// Sentences live in messages/{id,en}/*.json: flat objects from a key to a text
// with {name} placeholders. Every part of the program adds a fragment of its
// own; they are merged when the first Printer is made. A fault's sentence has
// the key "fault.<code>" and says what happened, what is safe and what to do
// next.
package locale

import (
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Languages are the languages there are, the default first.
func Languages() []string { return []string{"id", "en"} }

// Printer writes in one language, for one time zone. It never changes after
// New and may be shared.
type Printer struct {
	lang    string
	texts   map[string]string
	numbers *message.Printer
	zone    *time.Location
	missing func(key string)
}

// Option completes a Printer.
type Option func(*Printer)

// Zone sets the time zone in which times are told; Asia/Jakarta otherwise.
func Zone(zone *time.Location) Option { return func(p *Printer) { p.zone = zone } }

// Missing is told every key that has no text: tests fail there.
func Missing(report func(key string)) Option { return func(p *Printer) { p.missing = report } }

// New returns a Printer for "id" or "en"; any other language gets Indonesian.
func New(lang string, options ...Option) *Printer {
	if lang != "en" {
		lang = "id"
	}
	p := &Printer{
		lang:    lang,
		texts:   messages().texts[lang],
		numbers: message.NewPrinter(language.Make(lang)),
		zone:    western(),
		missing: func(string) {},
	}
	for _, o := range options {
		o(p)
	}
	return p
}

// Match picks the language for a browser's Accept-Language header.
func Match(header string) string {
	matcher := language.NewMatcher([]language.Tag{language.Indonesian, language.English})
	wanted, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return Languages()[0]
	}
	_, index, _ := matcher.Match(wanted...)
	return Languages()[index]
}

// In returns the same Printer for another time zone.
func (p *Printer) In(zone *time.Location) *Printer {
	q := *p
	q.zone = zone
	return &q
}

// Lang is "id" or "en".
func (p *Printer) Lang() string { return p.lang }

// Has says whether there is a text for key.
func (p *Printer) Has(key string) bool { _, ok := p.texts[key]; return ok }

// T returns the text of key with its placeholders filled from name and value
// pairs. A key without a text returns itself, so that the gap is seen.
func (p *Printer) T(key string, pairs ...any) string {
	text, ok := p.texts[key]
	if !ok {
		p.missing(key)
		return key
	}
	if len(pairs) == 0 || !strings.Contains(text, "{") {
		return text
	}
	args := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		args[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return p.fill(text, args)
}

// fill replaces every {name} in one pass, so that a value which itself holds
// braces is never expanded again.
func (p *Printer) fill(text string, args map[string]any) string {
	var b strings.Builder
	for {
		start := strings.IndexByte(text, '{')
		if start < 0 {
			break
		}
		end := strings.IndexByte(text[start:], '}')
		if end < 0 {
			break
		}
		b.WriteString(text[:start])
		name := text[start+1 : start+end]
		if value, ok := args[name]; ok {
			b.WriteString(p.Value(value))
		} else {
			b.WriteString(text[start : start+end+1])
		}
		text = text[start+end+1:]
	}
	b.WriteString(text)
	return b.String()
}
