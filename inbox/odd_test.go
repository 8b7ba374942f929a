package inbox_test

import (
	"errors"
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

// A push waits at the door it came through; the account may be connected by
// another agency with the same registration.
func TestAParkedPushWaitsForEveryAgencyOfItsRegistration(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.push(t, mention("999", "9004", "Untuk protokol"))
		h.parse(t)
		app, err := h.Channels.Secrets(h.app(t, h.x))
		if err != nil {
			t.Fatal(err)
		}
		connect := func(secret string) channel.Channel {
			app.ClientSecret = secret
			for _, c := range h.sandbox.Credentials(h.url) {
				if c.Platform != "x" || c.Mode != "" {
					continue
				}
				ch, err := h.Channels.ConnectSandbox(t.Context(), h.protokol.ID, channel.Credential{
					Platform: "x", BaseURL: c.BaseURL, App: app, Token: platform.Token{Access: c.Token.Access, Secret: c.Token.Secret}})
				if err != nil {
					t.Fatal(err)
				}
				h.update(t, func(tx *db.Tx) error {
					if _, err := tx.Exec(t.Context(), `UPDATE channel SET remote_id = '999' WHERE id = $1`, ch.ID); err != nil {
						return err
					}
					ch, err = channel.ByID(t.Context(), tx, ch.ID)
					return errors.Join(err, h.Connected(t.Context(), tx, ch))
				})
				h.parse(t)
				h.update(t, func(tx *db.Tx) error { // the next connection finds it
					_, err := tx.Exec(t.Context(), `UPDATE channel SET remote_id = $1 WHERE id = $2`, h.x.RemoteID, ch.ID)
					return err
				})
				return ch
			}
			t.Fatal("no account")
			return channel.Channel{}
		}
		same := app.ClientSecret
		connect("another registration")
		if parked, _ := h.Parked(t.Context(), h.admin); len(parked) != 1 {
			t.Errorf("whoever has another registration took it: %+v", parked)
		}
		ch := connect(same)
		if _, o := h.original(t, ch, "9004"); o.Text != "Untuk protokol" {
			t.Errorf("%+v", o)
		}
		if parked, _ := h.Parked(t.Context(), h.admin); len(parked) != 0 {
			t.Errorf("parked %+v", parked)
		}
	})
}
