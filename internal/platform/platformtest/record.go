package platformtest

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"kentongan/internal/platform"
)

// Row is one line of the support matrix.
type Row struct{ Key, Title string }

// Rows are the support matrix's lines, in the manual's order.
func Rows() []Row {
	return []Row{
		{"text", "Posts of text"},
		{"link", "Links"},
		{"pictures", "Pictures"},
		{"film", "Film"},
		{"thread", "Thread below an own post"},
		{"first_comment", "First comment below an own post"},
		{"edit", "Change a published text"},
		{"delete", "Delete what is ours"},
		{"once", "Published once, whatever the answer"},
		{"comment", "Comments come in"},
		{"mention", "Mentions come in"},
		{"direct", "Private messages come in"},
		{"edits", "Citizens' later changes are seen"},
		{"deletions", "Citizens' deletions are seen"},
		{"push", "The platform pushes"},
		{"stream", "Kept connection tells at once"},
		{"strange", "A stranger's post on our account is seen"},
		{"reply", "Answer in public"},
		{"reply_direct", "Answer a private message"},
		{"private_reply", "Answer a comment privately"},
		{"templates", "Approved templates after the window"},
		{"hide", "Hide a comment"},
		{"remove", "Delete somebody's comment"},
		{"block", "Block a person"},
		{"metrics", "Figures of a post"},
		{"quota", "Used share of the daily limit"},
		{"pace", "Rate headers set the pace"},
		{"consent", "Connect in the browser"},
		{"sign_in", "Connect by what is typed"},
		{"refresh", "Credentials are renewed"},
	}
}

// Cell is one platform's answer on one line.
type Cell struct {
	Answer string `json:"answer"` // "yes", "no", "hand": a person does it on the platform's own page
	Note   string `json:"note,omitempty"`
}

// Support is one platform's column, as a real run found it.
type Support struct {
	Platform platform.Name   `json:"platform"`
	Mode     string          `json:"mode,omitempty"`
	Rows     map[string]Cell `json:"rows"`
}

// SupportFile is where a connector's package keeps its column.
func SupportFile(mode string) string {
	if mode == "" {
		return filepath.Join("testdata", "support.json")
	}
	return filepath.Join("testdata", "support."+mode+".json")
}

// record collects what the parts found.
type record struct {
	mu    sync.Mutex
	parts int
	cells map[string]Cell
	who   platform.Name
	mode  string
}

func (r *record) add(s *suite) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.parts++
	r.who, r.mode = s.Connector.Name(), s.Account.Mode
	for k, c := range s.cells {
		r.cells[k] = c
	}
}

// yes records that the platform has it and that it was seen working.
func (s *suite) yes(row, note string) { s.cells[row] = Cell{Answer: "yes", Note: note} }

// no records that the platform does not have it; deed is what Guide calls the
// way around it.
func (s *suite) no(row, deed, note string) {
	cell := Cell{Answer: "no", Note: note}
	if g, ok := s.Connector.(platform.Guide); ok && deed != "" && g.ByHand(s.Account, deed, "1", "Halo") != "" {
		cell.Answer = "hand"
	}
	s.cells[row] = cell
}

// lacks records that it is not there, and ends the part.
func (s *suite) lacks(t *testing.T, row, deed, note string) {
	t.Helper()
	s.no(row, deed, note)
	t.SkipNow()
}

// compare holds the whole run against the file; with -update it writes it.
func (r *record) compare(t *testing.T, all int) {
	if t.Failed() || r.parts != all {
		return // a run of some parts only says nothing about the others
	}
	for _, row := range Rows() {
		if _, ok := r.cells[row.Key]; !ok {
			t.Errorf("no part of the suite answered %q", row.Key)
		}
	}
	raw, err := json.MarshalIndent(Support{Platform: r.who, Mode: r.mode, Rows: r.cells}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	name := SupportFile(r.mode)
	if Updating() {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, append(raw, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	old, err := os.ReadFile(name)
	if err != nil || !slices.Equal(old, append(raw, '\n')) {
		t.Errorf("%s is not what this run found (go test -update writes it): %v\n%s", name, err, raw)
	}
}

// The flag of go test; a connector's own golden files use it through Updating.
var update = flag.Bool("update", false, "write what the tests compare with")

// Updating says that go test was given -update.
func Updating() bool { return *update }
