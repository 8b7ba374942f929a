package inbox_test

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/platform"
)

// dump is every column of every row of every table, blobs in hex.
func dump(t *testing.T, d *db.DB) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := d.View(t.Context(), func(tx *db.Tx) error {
		list, text := `SELECT name FROM sqlite_master WHERE type = 'table'`, ""
		if d.Engine() == db.Postgres {
			list, text = `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`, "t::text"
		}
		tables, err := db.All(t.Context(), tx, db.Value[string], list)
		if err != nil {
			return err
		}
		for _, table := range tables {
			if d.Engine() == db.SQLite {
				columns, err := db.All(t.Context(), tx, db.Value[string], fmt.Sprintf(`SELECT 'quote("' || name || '")' FROM pragma_table_info('%s')`, table))
				if err != nil {
					return err
				}
				text = strings.Join(columns, ` || ' ' || `)
			}
			rows, err := db.All(t.Context(), tx, db.Value[string], fmt.Sprintf(`SELECT %s FROM %q t`, text, table))
			if err != nil {
				return err
			}
			out[table] = strings.ToLower(strings.Join(rows, "\n"))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A stolen database tells nobody's number: neither as it was written, nor
// without its spaces, nor inside a blob.
func TestADumpHoldsNoPersonalNumber(t *testing.T) {
	t.Parallel()
	const nik, phone, email, handle = "3174052505900003", "081298765432", "dewi.anggrek@contoh.example", "dewi_anggrek_77"
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		it := wrote
		it.Author, it.URL = handle, "https://sosial.example/@"+handle+"/77"
		it.Text = "NIK saya " + nik + " dan HP 0812-9876-5432, email " + email + ", tolong dibantu"
		h.receive(t, h.mastodon, it, edited(it, it.Text+" segera, telepon "+phone, 1))
		h.push(t, mention(h.x.RemoteID, "701", "HP saya "+phone+" NIK "+nik))
		h.push(t, mention("999", "702", "HP saya "+phone+" NIK "+nik)) // stays parked
		h.parse(t)
		c := h.list(t, inbox.Unanswered)[0]
		if err := h.Note(t.Context(), h.officer, c.ID, "hubungi "+phone); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Unmask(t.Context(), h.officer, h.load(t, c.ID).Messages[0].ID, "menelepon "+phone); err != nil {
			t.Fatal(err)
		}
		all := dump(t, d)
		if len(all) < 20 || !strings.Contains(all["message"], "tolong dibantu") {
			t.Fatalf("the dump is blind: %d tables", len(all))
		}
		for table, text := range all {
			for _, secret := range []string{nik, phone, "0812-9876-5432", email, handle} {
				for _, form := range []string{secret, hex.EncodeToString([]byte(secret))} {
					if strings.Contains(text, form) {
						t.Errorf("table %s holds %q", table, form)
					}
				}
			}
		}
	})
}

// The control: without masks the search above would find the number.
func TestTheDumpTestSees(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.receive(t, h.mastodon, platform.Item{Kind: platform.Comment, RemoteID: "1", AuthorID: "2", Text: "x", At: monday, URL: "https://a.example/081298765432"})
		if !strings.Contains(dump(t, d)["message"], "081298765432") {
			t.Error("it does not")
		}
	})
}
