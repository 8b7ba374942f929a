package moderation

import (
	"testing"

	"kentongan/internal/fault"
)

// What is signed is what the platform will say.
func TestATemplateIsFilledAsThePlatformFillsIt(t *testing.T) {
	for _, c := range []struct {
		name, body, text, code string
		values                 []string
	}{
		{"values in their places", "Halo {{1}}, loket {{2}}.", "Halo Bu Ani, loket 3.", "", []string{"Bu Ani", "3"}},
		{"a value that looks like a place", "Halo {{1}}, loket {{2}}.", "Halo {{2}}, loket 3.", "", []string{"{{2}}", "3"}},
		{"the same place twice", "{{1}} dan {{1}}", "a dan a", "", []string{"a"}},
		{"ten places", "{{1}}{{2}}{{3}}{{4}}{{5}}{{6}}{{7}}{{8}}{{9}}{{10}}", "abcdefghij", "", []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}},
		{"one value too few", "{{1}} {{2}}", "", "reply.template_values", []string{"a"}},
		{"one value too many", "{{1}}", "", "reply.template_values", []string{"a", "b"}},
		{"an empty value", "{{1}}", "", "reply.template_values", []string{""}},
		{"a value of spaces", "{{1}}", "", "reply.template_values", []string{"  "}},
	} {
		text, err := fill(c.body, trimmed(c.values))
		if text != c.text || fault.Code(err) != c.code {
			t.Errorf("%s: %q, %v", c.name, text, err)
		}
	}
}
