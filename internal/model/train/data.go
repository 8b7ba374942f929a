// Package train makes the embedded model: it reads the labelled sets, keeps
// copies of one text on one side of every split, trains the heads, and says
// with confidence intervals how good they are on what they have not seen.
//
// It runs on a desk or in CI, never while messages are classified. The sets
// themselves stay outside the project: most may not be passed on.
package train

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kentongan/internal/fault"
	"kentongan/internal/model"
)

// Row is one labelled text.
type Row struct {
	ID     string   `json:"id"`
	Source string   `json:"source"`
	Task   string   `json:"task"`
	Lang   string   `json:"lang"`
	Split  string   `json:"orig_split"`
	Text   string   `json:"text"`
	Labels []string `json:"labels"`
	Spans  []Span   `json:"spans"`

	HasLabels bool `json:"-"` // "labels" was given, perhaps empty
	HasSpans  bool `json:"-"`
}

// Span is personal data marked by hand, in bytes of Text.
type Span struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Label string `json:"label"`
}

// Has says whether the row carries the label.
func (r Row) Has(label string) bool { return slices.Contains(r.Labels, label) }

// Source is one labelled set and what its licence lets us do.
type Source struct {
	Name          string
	From          string
	Licence       string
	NonCommercial bool
	Labels        []string
}

// Sources are the sets that training uses, in the order they are read. Sets
// for "personal use" only (ig-cyberbully) and sets whose texts lie inside
// another one (okky2018 in okky2019) are left out.
func Sources() []Source {
	sentiment := []string{"positive", "neutral", "negative"}
	return []Source{
		{"okky2019", "github.com/okkyibrohim/id-multi-label-hate-speech-and-abusive-language-detection@be98de98", "CC BY-NC-SA 4.0", true, Toxicity()},
		{"netifier", "github.com/ahmadizzan/netifier@725b7ebc", "none stated", false, []string{"porn", "sara", "radicalism", "defamation"}},
		{"local-abusive", "github.com/Shofianina/local-indonesian-abusive-hate-speech-dataset@a07628f", "none stated", false, []string{"hs", "abusive"}},
		{"judol-gbennnn", "github.com/gbennnn/judol-comment-classification@efabf6ce", "MIT", false, []string{"gambling"}},
		{"judol-muzazr", "github.com/muzazr/findit-judi-online@95e0991a", "none stated", false, []string{"gambling"}},
		{"sms", "github.com/ksnugroho/klasifikasi-spam-sms@d8606df3", "none stated", false, []string{"normal", "fraud", "promo"}},
		{"smsa", "github.com/IndoNLP/indonlu@ce728f67", "Apache-2.0", false, sentiment},
		{"nusax", "github.com/IndoNLP/nusax@75b0be5d", "CC BY-SA 4.0", false, sentiment},
		{"emot", "github.com/IndoNLP/indonlu@ce728f67", "Apache-2.0", false, Emotions()},
	}
}

// Toxicity lists the twelve labels of hate speech and abuse.
func Toxicity() []string {
	return []string{"hs", "abusive", "hs_individual", "hs_group", "hs_religion", "hs_race", "hs_physical", "hs_gender", "hs_other",
		"hs_weak", "hs_moderate", "hs_strong"}
}

// Emotions lists the five emotions.
func Emotions() []string { return []string{"anger", "fear", "happy", "love", "sadness"} }

// Set is one source's rows as read.
type Set struct {
	Source
	Rows   []Row
	Digest string // SHA-256 of the file
}

// ReadFolder reads every source from FOLDER/<name>.jsonl. All must be there:
// a model trained on half the data would look like the whole one.
func ReadFolder(folder string) ([]Set, error) {
	var sets []Set
	for _, source := range Sources() {
		set, err := readSource(folder, source)
		if err != nil {
			return nil, err
		}
		sets = append(sets, set)
	}
	return sets, nil
}

func readSource(folder string, source Source) (Set, error) {
	path := filepath.Join(folder, source.Name+".jsonl")
	body, err := os.ReadFile(path)
	if err != nil {
		return Set{}, fault.Wrap(fault.Invalid, "train.no_file", err, fault.Arg("file", path))
	}
	rows, err := Read(path, bytes.NewReader(body))
	if err != nil {
		return Set{}, err
	}
	for i, r := range rows {
		if err := source.check(r); err != nil {
			return Set{}, bad(path, i+1, err)
		}
	}
	sum := sha256.Sum256(body)
	return Set{source, rows, hex.EncodeToString(sum[:])}, nil
}

// check holds a row of a training set to what the set is known to hold.
func (s Source) check(r Row) error {
	switch {
	case r.ID == "":
		return errors.New(`"id" is missing`)
	case r.Source != s.Name:
		return fmt.Errorf(`"source" is %q, not %q`, r.Source, s.Name)
	case !r.HasLabels:
		return errors.New(`"labels" is missing`)
	}
	for _, l := range r.Labels {
		if !slices.Contains(s.Labels, l) {
			return fmt.Errorf(`"labels" holds %q, which %s does not know`, l, s.Name)
		}
	}
	return nil
}

// ReadFile reads one labelled file.
func ReadFile(path string) ([]Row, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, "train.no_file", err, fault.Arg("file", path))
	}
	defer f.Close()
	return Read(path, f)
}

// longestLine bounds one row.
const longestLine = 4 << 20

// Read reads JSON lines. Fields that we do not know are let be; a field of the
// wrong type, a missing text, or a line that is no JSON is an error that names
// the place.
func Read(name string, r io.Reader) ([]Row, error) {
	var rows []Row
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 0, 64<<10), longestLine)
	line := 0
	for s.Scan() {
		line++
		text := bytes.TrimSpace(bytes.TrimPrefix(s.Bytes(), []byte("\ufeff")))
		if len(text) == 0 {
			continue
		}
		row, err := parseRow(text)
		if err != nil {
			return nil, bad(name, line, err)
		}
		rows = append(rows, row)
	}
	if err := s.Err(); err != nil {
		return nil, bad(name, line+1, err)
	}
	if len(rows) == 0 {
		return nil, bad(name, line, errors.New("no rows"))
	}
	return rows, nil
}

func parseRow(line []byte) (Row, error) {
	given := struct {
		Row
		Text   *string   `json:"text"`
		Labels *[]string `json:"labels"`
		Spans  *[]Span   `json:"spans"`
		ID     any       `json:"id"` // some number their rows
	}{}
	if err := json.Unmarshal(line, &given); err != nil {
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return Row{}, fmt.Errorf("%q is a %s", strings.TrimPrefix(wrong.Field, "Row."), wrong.Value)
		}
		return Row{}, err
	}
	if given.Text == nil {
		return Row{}, errors.New(`"text" is missing`)
	}
	row := given.Row
	row.Text = *given.Text
	switch id := given.ID.(type) {
	case nil:
	case string:
		row.ID = id
	case float64:
		row.ID = fmt.Sprint(id)
	default:
		return Row{}, errors.New(`"id" is neither text nor number`)
	}
	if given.Labels != nil {
		row.Labels, row.HasLabels = *given.Labels, true
	}
	if given.Spans != nil {
		row.Spans, row.HasSpans = *given.Spans, true
		for _, p := range row.Spans {
			if p.Start < 0 || p.End < p.Start || p.End > len(row.Text) {
				return Row{}, fmt.Errorf(`"spans" holds %d-%d, outside the text`, p.Start, p.End)
			}
		}
	}
	return row, nil
}

func bad(file string, line int, err error) error {
	return fault.Wrap(fault.Invalid, "train.bad_row", err, fault.Arg("file", file), fault.Arg("line", line), fault.Arg("why", err.Error()))
}

// Find returns the set of that name.
func Find(sets []Set, name string) Set {
	for _, s := range sets {
		if s.Name == name {
			return s
		}
	}
	return Set{}
}

// Texts of the rows.
func Texts(rows []Row) []string {
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.Text
	}
	return out
}

// Buckets are the features of the rows.
func Buckets(rows []Row) [][]uint32 {
	s := model.NewScratch()
	out := make([][]uint32, len(rows))
	for i, r := range rows {
		out[i] = Extract(s, r.Text)
	}
	return out
}
