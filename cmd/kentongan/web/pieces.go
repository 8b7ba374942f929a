package web

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"
)

// pieces prints a text with what was inserted, deleted or masked, and not one
// space more than was written: a template would put one between its parts.
func pieces(f *Frame, all []Piece) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var b strings.Builder
		for _, p := range all {
			open, end := "", ""
			switch p.Kind {
			case "inserted":
				open, end = `<ins><span class="only-read">`+templ.EscapeString(f.T("diff.inserted"))+` </span>`, "</ins>"
			case "deleted":
				open, end = `<del><span class="only-read">`+templ.EscapeString(f.T("diff.deleted"))+` </span>`, "</del>"
			case "masked":
				open, end = `<span class="masked">`, "</span>"
			}
			b.WriteString(open + templ.EscapeString(p.Text) + end)
		}
		_, err := io.WriteString(w, b.String())
		return err
	})
}
