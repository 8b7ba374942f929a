package sandbox

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// What is escaped is read whole; what is not may be cut off, never more.
func FuzzLinkedInText(f *testing.F) {
	for _, s := range []string{`Info \(PBB\)`, "Info (PBB)", `{hashtag|\#|banjir}`, `@[Kota](urn:li:organization:1)`, "#siaga #", `\`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			s = strings.ToValidUTF8(s, "\uFFFD")
		}
		if got := linkedinRead(linkedinEscape(s)); got != s {
			t.Errorf("%q was read as %q", s, got)
		}
		if got := linkedinRead(linkedinWrite(s)); got != s {
			t.Errorf("%q came back as %q", s, got)
		}
		linkedinRead(s)
	})
}
