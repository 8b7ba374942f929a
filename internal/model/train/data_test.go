package train_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kentongan/internal/fault"
	"kentongan/internal/model/train"
)

func TestReadNamesFileLineAndField(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		says, body, line, why string
	}{
		{"a labels field that is no list", `{"text":"a","labels":[]}` + "\n\n" + `{"text":"b","labels":"hs"}`, "3", "labels"},
		{"no text", `{"id":"1","labels":[]}`, "1", `"text" is missing`},
		{"text that is a number", `{"text":7}`, "1", "text"},
		{"no JSON", `{"text":"a"}` + "\n{oops", "2", "invalid character"},
		{"a span outside the text", `{"text":"nik 12","spans":[{"start":4,"end":9,"label":"NIK"}]}`, "1", "4-9"},
		{"an id that is a list", `{"text":"a","id":[1]}`, "1", "id"},
		{"an empty file", "\n", "1", "no rows"},
	} {
		t.Run(row.says, func(t *testing.T) {
			t.Parallel()
			_, err := train.Read("uji.jsonl", strings.NewReader(row.body))
			f := fault.Find(err)
			if f == nil || f.Code != "train.bad_row" {
				t.Fatalf("error %v", err)
			}
			if f.Args["file"] != "uji.jsonl" || f.Args["line"] == nil || !strings.Contains(f.Args["why"].(string), row.why) {
				t.Errorf("args %v, want line %s and %q", f.Args, row.line, row.why)
			}
			if n, ok := f.Args["line"].(int); !ok || row.line != string(rune('0'+n)) {
				t.Errorf("line %v, want %s", f.Args["line"], row.line)
			}
		})
	}
}

func TestReadTakesRowsWithFewerFieldsAndMore(t *testing.T) {
	t.Parallel()
	rows, err := train.Read("uji.jsonl", strings.NewReader("\ufeff"+`{"text":"a"}`+"\n"+
		`{"id":12,"source":"x","task":"sms","lang":"id","text":"b","labels":["fraud"],"weight":3}`+"\n"+
		`{"text":"nik 31","spans":[{"start":4,"end":6,"label":"NIK"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if rows[0].HasLabels || rows[0].HasSpans || !rows[1].HasLabels || rows[1].ID != "12" || !rows[1].Has("fraud") || !rows[2].HasSpans {
		t.Errorf("rows %+v", rows)
	}
}

func TestReadFolderRefusesALabelOfAnotherSet(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	name := train.Sources()[0].Name
	body := `{"id":"1","source":"` + name + `","text":"a","labels":[]}` + "\n" + `{"id":"2","source":"` + name + `","text":"b","labels":["gambling"]}`
	if err := os.WriteFile(filepath.Join(folder, name+".jsonl"), []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := train.ReadFolder(folder)
	f := fault.Find(err)
	if f == nil || f.Code != "train.bad_row" || f.Args["line"] != 2 || !strings.Contains(f.Args["why"].(string), "gambling") {
		t.Errorf("error %v", err)
	}
}
