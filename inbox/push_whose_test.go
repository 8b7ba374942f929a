package inbox_test

import (
	"testing"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/platform"
	"kentongan/internal/platform/telegram"
	"kentongan/internal/safehttp"
)

// A private message to a bot does not say which bot it is: it belongs to the
// one channel of the address that it came to.
func TestAPrivateMessageBelongsToItsAddress(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		client := safehttp.New(safehttp.Options{AllowLoopback: true})
		t.Cleanup(client.Close)
		h.Channels.Connectors[telegram.Name] = telegram.New(client)
		var bot channel.Channel
		for _, c := range h.sandbox.Credentials(h.url) {
			if c.Platform == string(telegram.Name) && bot.ID == "" {
				var err error
				bot, err = h.Channels.ConnectSandbox(t.Context(), h.info.ID, channel.Credential{
					Platform: telegram.Name, BaseURL: c.BaseURL, App: platform.App{VerifyToken: c.App.VerifyToken},
					Token: platform.Token{Access: c.Token.Access}, Of: platform.Profile{RemoteID: c.AccountID, Handle: c.Handle},
				})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		body := `{"update_id":70,"message":{"message_id":3,"date":1795400000,"chat":{"id":5001,"type":"private","first_name":"Sri"},` +
			`"from":{"id":5001,"is_bot":false,"first_name":"Sri"},"text":"lampu mati di RT 3"}}`
		if err := h.KeepPush(t.Context(), h.app(t, bot), []byte(body)); err != nil {
			t.Fatal(err)
		}
		if n := h.parse(t); n != 1 {
			t.Fatalf("%d pushes read", n)
		}
		var kept int64
		h.update(t, func(tx *db.Tx) (err error) {
			kept, err = db.One(t.Context(), tx, "", db.Value[int64], `SELECT COUNT(*) FROM message WHERE channel_id = $1`, bot.ID)
			return err
		})
		if kept != 1 {
			t.Errorf("%d messages in the channel's inbox", kept)
		}
	})
}
