package moderation

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"
)

// Row is one line of the open data: a month, a measure, a clause, a platform
// (or an outcome), and the number as it is told. A sum has "*" for what it sums.
type Row struct {
	Month   string `json:"month"`
	Measure string `json:"measure"`
	Clause  string `json:"clause"`
	Channel string `json:"channel"`
	Outcome string `json:"outcome"`
	By      string `json:"by"`
	Count   any    `json:"count"` // a number, "<5" or ">=5"
}

// NoClause stands where a message was restored that no clause had hidden.
const NoClause = "none"

// DataColumns are the columns of data.csv, in order.
func DataColumns() []string {
	return []string{"month", "measure", "clause", "channel", "outcome", "by", "count"}
}

// DataRows lists everything that the accounts tell, in one order: by month,
// measure, clause and channel. The same accounts give the same rows.
func DataRows(months []MonthAccount) (all []Row) {
	for _, m := range months {
		for _, t := range m.Tables {
			for _, clause := range append([]string{Every}, t.Clauses...) {
				for _, place := range append([]string{Every}, t.Places...) {
					r := Row{Month: m.Name, Measure: t.Measure, Clause: clause, Channel: place, Outcome: "", By: Every, Count: t.At(clause, place).value()}
					if t.Measure == MeasureObjection {
						r.Channel, r.Outcome = Every, place
					}
					if r.Clause == "" {
						r.Clause = NoClause
					}
					all = append(all, r)
				}
			}
			for _, who := range []string{ByPerson, ByProgram} {
				if c, told := t.by[who]; told {
					all = append(all, Row{Month: m.Name, Measure: t.Measure, Clause: Every, Channel: Every, By: who, Count: c.value()})
				}
			}
		}
	}
	return all
}

func (c Cell) value() any {
	if c.Told == Exact {
		return c.N
	}
	return c.Text()
}

// DataCSV is RFC 4180 with a heading: no cell of it can be taken for a formula.
func DataCSV(rows []Row) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if err := w.Write(DataColumns()); err != nil {
		return nil, err
	}
	for _, r := range rows {
		count := Cell{}
		text, isText := r.Count.(string)
		if n, ok := r.Count.(int64); ok {
			count.N = n
			text, isText = count.Text(), true
		}
		if !isText {
			text = ""
		}
		line := []string{r.Month, r.Measure, r.Clause, r.Channel, r.Outcome, r.By, text}
		for i := range line {
			line[i] = noFormula(line[i])
		}
		if err := w.Write(line); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// noFormula puts an apostrophe before what a spreadsheet would calculate
// (OWASP, CSV Injection).
func noFormula(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n|", rune(s[0])) {
		return "'" + s
	}
	return s
}

// DataJSON is the same rows as an array.
func DataJSON(rows []Row) ([]byte, error) {
	if rows == nil {
		rows = []Row{}
	}
	return plainJSON(rows)
}

// plainJSON keeps "<5" readable: the files are served as what they are, never
// inside a page.
func plainJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(v)
	return b.Bytes(), err
}

// Sum is the SHA-256 of a file, as people compare it.
func Sum(file []byte) string {
	s := sha256.Sum256(file)
	return hex.EncodeToString(s[:])
}

// DataField is one column of the open data, with what it means.
type DataField struct {
	Name        string   `json:"name"`
	Type        string   `json:"type"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Format      string   `json:"format,omitempty"`
	Constraints *Allowed `json:"constraints,omitempty"`
}

// Allowed is what a column may hold.
type Allowed struct {
	Required bool     `json:"required,omitempty"`
	Pattern  string   `json:"pattern,omitempty"`
	Enum     []string `json:"enum,omitempty"`
}

// Describing is what the package says of itself beside the files.
type Describing struct {
	Name, Title, Description string
	Office                   string
	Home                     string // address of the account, without a slash at its end
	Policy                   string // "contoh/2"
	Last                     time.Time
	Fields                   []DataField
}

// MissingValues are what stands where a number is not told.
func MissingValues() []string { return []string{"<5", ">=5"} }

// DataPackage describes the files: a Data Package, version 2
// (https://datapackage.org/standard/data-package/). Programs of version 1 read
// it, too.
func DataPackage(d Describing, csvFile, jsonFile []byte) ([]byte, error) {
	type object = map[string]any
	schema := object{
		"$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
		"fields":  d.Fields, "missingValues": MissingValues(), "primaryKey": []string{"month", "measure", "clause", "channel", "outcome", "by"},
	}
	resource := func(name, path, format, media string, file []byte) object {
		return object{
			"name": name, "type": "table", "profile": "tabular-data-resource", "path": path, "format": format, "mediatype": media, "encoding": "utf-8",
			"bytes": len(file), "hash": "sha256:" + Sum(file), "schema": schema,
		}
	}
	table := resource("data", "data.csv", "csv", "text/csv", csvFile)
	table["dialect"] = object{"$schema": "https://datapackage.org/profiles/2.0/tabledialect.json", "delimiter": ",", "lineTerminator": "\r\n", "quoteChar": `"`, "doubleQuote": true, "header": true}
	list := resource("data-json", "data.json", "json", "application/json", jsonFile)
	return plainJSON(object{
		"$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
		"profile": "tabular-data-package", "name": d.Name, "title": d.Title, "description": d.Description, "homepage": d.Home,
		"version": "1." + strings.ReplaceAll(d.Last.Format("2006.01"), ".0", ".") + ".0", "created": d.Last.UTC().Format(time.RFC3339),
		"licenses":     []object{{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/", "title": "Creative Commons Attribution 4.0"}},
		"sources":      []object{{"title": d.Office, "path": d.Home}, {"title": d.Policy, "path": d.Home + "/pedoman"}},
		"contributors": []object{{"title": d.Office, "role": "publisher", "roles": []string{"publisher"}}},
		"resources":    []object{table, list},
	})
}
