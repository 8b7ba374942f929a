package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"strings"
	"testing"

	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
)

func TestTheRegisterIsForEverybody(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newReadingOffice(t, d)
		for path, wants := range map[string][]string{
			"/t/diskominfo?bulan=2026-10":    {"What we hide, and why", "Legitimate criticism", `<option value="`, "counted from the audit trail", `type="application/atom+xml"`, `name="nomor"`},
			"/t/diskominfo/disembunyikan":    {"What was hidden, by clause and channel", "None in this month."},
			"/t/diskominfo/respons":          {"How long citizens wait"},
			"/t/diskominfo/pedoman":          {"Criticism is never a reason to hide.", "History of the policy", "What changed from"},
			"/t/diskominfo/kamus-data":       {"Open data and its dictionary", "SHA-256", "&gt;=5"},
			"/t/diskominfo/pedoman/contoh/1": {"not in force now"},
		} {
			w := ask(o, "GET", path, "", "Accept-Language", "en")
			if w.Code != http.StatusOK {
				t.Errorf("%s: %d", path, w.Code)
			}
			for _, want := range wants {
				if !strings.Contains(w.Body.String(), want) {
					t.Errorf("%s does not say %q", path, want)
				}
			}
		}
		for _, path := range []string{"/t/tidak-ada", "/t/tidak-ada/data.csv", "/t/diskominfo/pedoman/contoh/99", "/t/diskominfo/pedoman/x/y"} {
			if w := ask(o, "GET", path, ""); w.Code != http.StatusNotFound || w.Header().Get("ETag") != "" {
				t.Errorf("%s: %d", path, w.Code)
			}
		}
	})
}

func TestPublicPagesAreKept(t *testing.T) {
	t.Parallel()
	o := newReadingOffice(t, dbtest.New(t))
	for _, path := range []string{"/t/diskominfo", "/t/diskominfo/pedoman", "/t/diskominfo/data.csv", "/t/diskominfo/umpan.xml"} {
		first := ask(o, "GET", path, "")
		tag, at := first.Header().Get("ETag"), first.Header().Get("Last-Modified")
		if first.Code != http.StatusOK || tag == "" || at == "" || !strings.HasPrefix(first.Header().Get("Cache-Control"), "public") {
			t.Errorf("%s: %d %v", path, first.Code, first.Header())
		}
		for name, header := range map[string][]string{
			"its tag": {"If-None-Match", tag}, "its tag, weakened on the way": {"If-None-Match", `"x", W/` + tag}, "its time": {"If-Modified-Since", at},
			"its tag and an older time": {"If-None-Match", tag, "If-Modified-Since", "Mon, 02 Jan 2006 15:04:05 GMT"},
		} {
			if again := ask(o, "GET", path, "", header...); again.Code != http.StatusNotModified || again.Body.Len() != 0 {
				t.Errorf("%s asked with %s: %d", path, name, again.Code)
			}
		}
		if other := ask(o, "GET", path, "", "If-None-Match", `"else"`, "If-Modified-Since", at); other.Code != http.StatusOK {
			t.Errorf("%s asked with another tag: %d", path, other.Code)
		}
		packed := ask(o, "GET", path, "", "Accept-Encoding", "gzip")
		z, err := gzip.NewReader(packed.Body)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if whole, err := io.ReadAll(z); err != nil || !bytes.Equal(whole, first.Body.Bytes()) || packed.Header().Get("ETag") == tag {
			t.Errorf("%s packed: %v, %s", path, err, packed.Header().Get("ETag"))
		}
	}
	mine := ask(o, "GET", "/t/diskominfo", "officer.diskominfo")
	if mine.Header().Get("Cache-Control") != "no-store" || mine.Header().Get("ETag") != "" || !strings.Contains(mine.Body.String(), "/hari-ini") {
		t.Errorf("whoever is signed in gets a page of their own: %v", mine.Header())
	}
	if id, en := ask(o, "GET", "/t/diskominfo", ""), ask(o, "GET", "/t/diskominfo", "", "Accept-Language", "en"); id.Header().Get("ETag") == en.Header().Get("ETag") {
		t.Error("both languages are one copy")
	}
}

func TestTheOpenDataAgreesWithItself(t *testing.T) {
	t.Parallel()
	o := newReadingOffice(t, dbtest.New(t))
	table, list := ask(o, "GET", "/t/diskominfo/data.csv", ""), ask(o, "GET", "/t/diskominfo/data.json", "")
	for media, w := range map[string]interface{ Header() http.Header }{"text/csv; charset=utf-8; header=present": table, "application/json": list} {
		if got := w.Header().Get("Content-Type"); got != media || w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s, want %s", got, media)
		}
	}
	rows, err := csv.NewReader(bytes.NewReader(table.Body.Bytes())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var same []map[string]any
	if err := json.Unmarshal(list.Body.Bytes(), &same); err != nil || len(same) != len(rows)-1 || len(same) == 0 {
		t.Fatalf("%v: %d rows and %d", err, len(rows)-1, len(same))
	}
	var described struct {
		Name, Version string
		Licenses      []struct{ Name string }
		Resources     []struct {
			Path, Hash string
			Bytes      int
			Schema     struct {
				Fields        []struct{ Name, Type string }
				MissingValues []string
			}
		}
	}
	if err := json.Unmarshal(ask(o, "GET", "/t/diskominfo/datapackage.json", "").Body.Bytes(), &described); err != nil {
		t.Fatal(err)
	}
	if described.Licenses[0].Name != "CC-BY-4.0" || described.Version == "" || len(described.Resources) != 2 {
		t.Errorf("%+v", described)
	}
	page := ask(o, "GET", "/t/diskominfo/kamus-data", "").Body.String()
	for i, body := range [][]byte{table.Body.Bytes(), list.Body.Bytes()} {
		sum := sha256.Sum256(body)
		digest, r := hex.EncodeToString(sum[:]), described.Resources[i]
		if r.Hash != "sha256:"+digest || r.Bytes != len(body) || !strings.Contains(page, digest) {
			t.Errorf("%s: %s and %d bytes, described as %s and %d", r.Path, digest, len(body), r.Hash, r.Bytes)
		}
		for n, field := range r.Schema.Fields {
			if rows[0][n] != field.Name {
				t.Errorf("column %d is %s, described as %s", n, rows[0][n], field.Name)
			}
		}
	}
	var atom struct {
		XMLName xml.Name
		ID      string `xml:"id"`
		Updated string `xml:"updated"`
	}
	feed := ask(o, "GET", "/t/diskominfo/umpan.xml", "")
	if err := xml.Unmarshal(feed.Body.Bytes(), &atom); err != nil || atom.XMLName.Space != "http://www.w3.org/2005/Atom" || atom.ID == "" || atom.Updated == "" {
		t.Errorf("%v: %+v", err, atom)
	}
}
