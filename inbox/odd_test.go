package inbox_test

import (
	"testing"
	"time"

	"kentongan/inbox"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/platform"
)

func (h *house) original(t *testing.T, ch channel.Channel, remoteID string) (m inbox.Message, o inbox.Original) {
	t.Helper()
	err := h.DB.View(t.Context(), func(tx *db.Tx) error {
		id, err := db.One(t.Context(), tx, "", db.Value[inbox.MessageID], `SELECT id FROM message WHERE channel_id = $1 AND remote_id = $2`, ch.ID, remoteID)
		if err != nil {
			return err
		}
		m, err = inbox.LoadMessage(t.Context(), tx, ch.Agency, id)
		return err
	})
	if err == nil {
		o, err = h.Original(m)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m, o
}

// What a citizen can type, or a platform can send, must not keep the rest of
// the batch out of the database.
func TestNoCharacterKeepsAMessageOut(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		odd := platform.Item{Kind: platform.Mention, RemoteID: "9001", AuthorID: "77", Author: "dewi\x00", Text: "Lampu\x00 jalan \xff mati", URL: "https://x.example/\x00", At: monday}
		fine := platform.Item{Kind: platform.Mention, RemoteID: "9002", AuthorID: "78", Author: "tono", Text: "Air mati", At: monday}
		h.receive(t, h.x, odd, fine)
		if _, o := h.original(t, h.x, "9002"); o.Text != "Air mati" {
			t.Errorf("%+v", o)
		}
		if m, _ := h.original(t, h.x, "9001"); m.Masked == "" {
			t.Error("nothing is left of it")
		}
	})
}

// An answer reaches who wrote the message, whoever an edit names.
func TestAnEditDoesNotChangeWhomAnAnswerReaches(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		said := platform.Item{Kind: platform.Direct, RemoteID: "9003", AuthorID: "628111", Author: "Bu Ani", Text: "Kapan buka?", At: monday}
		h.receive(t, h.x, said)
		for i, author := range []string{"", "628999"} {
			edit := said
			edit.Text, edit.AuthorID, edit.Author, edit.Edited = "Kapan buka"+string(rune('1'+i)), author, "", monday.Add(time.Duration(i+1)*time.Minute)
			h.receive(t, h.x, edit)
			m, o := h.original(t, h.x, "9003")
			if o.Text != edit.Text || o.AuthorID != "628111" || o.Author != "Bu Ani" || m.HandleMasked == "" {
				t.Errorf("%+v", o)
			}
		}
	})
}
