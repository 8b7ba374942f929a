package locale

import (
	"strings"

	"kentongan/internal/fault"
)

// Sentence is one fault as a person reads it.
type Sentence struct {
	Field string // the form field or setting it concerns; "" for the whole request
	Text  string
}

// Fault says every failure in err. What is nobody's fault but ours gets one
// sentence that promises no detail: the inner error is for the log.
func (p *Printer) Fault(err error) []Sentence {
	if err == nil {
		return nil
	}
	all := fault.All(err)
	if len(all) == 0 {
		return []Sentence{{Text: p.T("fault.internal")}}
	}
	said := make([]Sentence, 0, len(all))
	for _, f := range all {
		s := Sentence{Field: f.Field, Text: p.faultText(f)}
		if len(said) == 0 || said[len(said)-1] != s {
			said = append(said, s)
		}
	}
	return said
}

func (p *Printer) faultText(f *fault.Fault) string {
	if f.Kind == fault.Internal {
		return p.T("fault.internal")
	}
	key := "fault." + f.Code
	text, ok := p.texts[key]
	if !ok {
		p.missing(key)
		return p.T("fault.kind." + string(f.Kind))
	}
	args := map[string]any{"field": f.Field}
	if !f.RetryAt.IsZero() {
		args["retry_at"] = f.RetryAt
	}
	for name, value := range f.Args {
		args[name] = p.said(value)
	}
	return p.fill(text, args)
}

// said is a fault's value in this language.
func (p *Printer) said(value any) any {
	switch v := value.(type) {
	case fault.Word:
		return strings.TrimSpace(p.T(v.Key) + " " + v.Name)
	case []fault.Word:
		var all []string
		for _, w := range v {
			all = append(all, strings.TrimSpace(p.T(w.Key)+" "+w.Name))
		}
		return p.List(all)
	}
	return value
}
