// Package matrix keeps the manual's support matrix true: each connector's suite
// writes its column from a real run against the sandbox, and this test compares
// the manual with the columns.
package matrix

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kentongan/internal/platform"
	"kentongan/internal/platform/platformtest"
)

const (
	root   = "../.."
	manual = root + "/docs/platforms/README.md"
	begin  = "<!-- matrix: made by go test ./test/matrix -update -->\n"
	end    = "<!-- end of matrix -->\n"
)

// titles are the columns' heads, in the manual's order.
func titles() [][2]string {
	return [][2]string{
		{string(platform.X), "X"}, {string(platform.Facebook), "Facebook"}, {string(platform.Instagram), "Instagram"}, {string(platform.Threads), "Threads"},
		{string(platform.YouTube), "YouTube"}, {string(platform.TikTok), "TikTok"}, {string(platform.LinkedIn), "LinkedIn"}, {string(platform.Telegram), "Telegram"},
		{string(platform.Mastodon), "Mastodon"}, {string(platform.Bluesky), "Bluesky"}, {string(platform.WhatsApp), "WhatsApp"},
	}
}

func TestTheManualsMatrixIsWhatTheSuitesFound(t *testing.T) {
	notes := &footnotes{texts: sentences(t)}
	table := render(t, columns(t), notes)
	raw, err := os.ReadFile(manual)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(raw), begin)
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("%s has no place for the matrix", manual)
	}
	fresh := before + begin + table + end + after
	if platformtest.Updating() {
		if err := os.WriteFile(manual, []byte(fresh), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if fresh != string(raw) {
		t.Errorf("%s is stale: go test ./test/matrix -update", manual)
	}
}

// columns are what the suites of all connectors wrote down.
func columns(t *testing.T) map[string]platformtest.Support {
	t.Helper()
	all := map[string]platformtest.Support{}
	for _, c := range titles() {
		name := filepath.Join(root, "internal", "platform", c[0], platformtest.SupportFile(""))
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Errorf("%s: its suite has not written its column: %v", c[1], err)
			continue
		}
		var s platformtest.Support
		if err := json.Unmarshal(raw, &s); err != nil || string(s.Platform) != c[0] {
			t.Fatalf("%s: %v %q", name, err, s.Platform)
		}
		for _, row := range platformtest.Rows() {
			if !slices.Contains([]string{"yes", "no", "hand"}, s.Rows[row.Key].Answer) {
				t.Errorf("%s: no answer to %q", c[1], row.Key)
			}
		}
		all[c[0]] = s
	}
	return all
}

// footnotes number the sentences that cells point to.
type footnotes struct {
	texts map[string]string
	keys  []string
}

func (f *footnotes) mark(key string) string {
	n := slices.Index(f.keys, key)
	if n < 0 {
		f.keys = append(f.keys, key)
		n = len(f.keys) - 1
	}
	return fmt.Sprintf(" [%d]", n+1)
}

func render(t *testing.T, columns map[string]platformtest.Support, notes *footnotes) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("|  |")
	for _, c := range titles() {
		b.WriteString(" " + c[1] + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(titles())) + "\n")
	for _, row := range platformtest.Rows() {
		b.WriteString("| " + row.Title + " |")
		for _, c := range titles() {
			cell := columns[c[0]].Rows[row.Key]
			text := map[string]string{"yes": "yes", "no": "no", "hand": "by hand"}[cell.Answer]
			switch {
			case notes.texts[cell.Note] != "":
				text += notes.mark(cell.Note)
			case strings.HasPrefix(cell.Note, "cap."):
				t.Errorf("%s, %s: nobody wrote the sentence %q", c[1], row.Title, cell.Note)
			case cell.Note != "":
				text += ": " + cell.Note
			}
			b.WriteString(" " + text + " |")
		}
		b.WriteString("\n")
	}
	for n, key := range notes.keys {
		fmt.Fprintf(&b, "\n[%d] %s\n", n+1, notes.texts[key])
	}
	return b.String()
}

// sentences are the English texts that capabilities point to.
func sentences(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, "internal", "locale", "messages", "en", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no texts: %v", err)
	}
	all := map[string]string{}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]string
		if err := json.Unmarshal(raw, &texts); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for key, text := range texts {
			if strings.HasPrefix(key, "cap.") {
				all[key] = text
			}
		}
	}
	return all
}
