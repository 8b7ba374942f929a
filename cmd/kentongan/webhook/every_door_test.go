package webhook_test

import (
	"net/http"
	"testing"

	"kentongan/cmd/kentongan/webhook"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/platform"
	"kentongan/internal/platform/facebook"
	"kentongan/internal/platform/instagram"
	"kentongan/internal/platform/telegram"
	"kentongan/internal/platform/threads"
	"kentongan/internal/platform/whatsapp"
	"kentongan/internal/platform/x"
	"kentongan/internal/safehttp"
	"kentongan/internal/sandbox"
)

// listeners are the platforms that push.
func listeners(out *safehttp.Client) map[platform.Name]platform.Connector {
	all := map[platform.Name]platform.Connector{}
	for _, c := range []platform.Connector{x.New(out), facebook.New(out), instagram.New(out), threads.New(out), telegram.New(out), whatsapp.New(out)} {
		all[c.Name()] = c
	}
	return all
}

// secretOf is what opens a platform's door: a bot of Telegram has no app, and
// the word that it asked to be sent along is its secret.
func secretOf(name platform.Name, app *platform.App) *string {
	if name == platform.Telegram {
		return &app.VerifyToken
	}
	return &app.ClientSecret
}

// On every platform that pushes: we tell it where, a citizen speaks, it knocks,
// and the inbox has the words once. The same push under another secret, or
// changed by a byte, stays outside.
func TestEveryPlatformsPushReachesTheInboxThroughItsOwnDoor(t *testing.T) {
	t.Parallel()
	for name, kind := range map[platform.Name]string{
		x.Name: "mention", facebook.Name: "direct", instagram.Name: "direct", threads.Name: "mention", telegram.Name: "direct", whatsapp.Name: "direct",
	} {
		t.Run(string(name), func(t *testing.T) {
			t.Parallel()
			dbtest.Both(t, func(t *testing.T, d *db.DB) {
				h := newHouse(t, d)
				ch := h.listening(t, name)
				h.clock.Add(1_000_000)
				id, err := h.box.Say(sandbox.Saying{Platform: string(name), Account: ch.RemoteID, Text: "Lampu jalan di Melati padam", Author: "bu_sri", Kind: kind})
				must(t, err)
				if taken := h.box.Deliver(t.Context()); taken == 0 {
					t.Fatal("nothing was pushed, or our door did not take it")
				}
				h.parse(t)
				got := h.messages(t)
				if len(got) != 1 || got[0].Masked == "" || got[0].Channel != ch.ID {
					t.Fatalf("%d messages for %s: %+v", len(got), id, ids(got))
				}
				if n := h.pushes(t); n != 0 {
					t.Errorf("%d pushes parked", n)
				}
			})
		})
	}
}

// listening is a channel whose platform pushes to our door.
func (h *house) listening(t *testing.T, name platform.Name) channel.Channel {
	t.Helper()
	ch := map[platform.Name]channel.Channel{x.Name: h.x, facebook.Name: h.page}[name]
	if ch.ID == "" {
		ch = h.connect(t, name)
	}
	address := h.url + webhook.Path(ch.App)
	must(t, h.box.Register(t.Context(), sandbox.Hook{Platform: string(name), URL: address, Secret: h.secrets(t, ch.App).VerifyToken}))
	return ch
}

// What nobody signed, at every door.
func TestNoDoorOpensWithoutItsSecret(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	body := []byte(`{"object":"page","entry":[],"update_id":1}`)
	for name := range listeners(nil) {
		ch := h.listening(t, name)
		path := webhook.Path(ch.App)
		secrets := h.secrets(t, ch.App)
		if *secretOf(name, &secrets) == "" {
			t.Fatalf("%s: the app has no secret", name)
		}
		for _, row := range []struct{ what, header, value string }{
			{"nothing", "Accept", "*/*"},
			{"an empty signature", "X-Hub-Signature-256", "sha256="},
			{"another secret's signature", "X-Hub-Signature-256", second(signMeta("another", body))},
			{"X's header with another secret", "x-twitter-webhooks-signature", second(signX("another", body))},
			{"an empty word", "X-Telegram-Bot-Api-Secret-Token", ""},
			{"another word", "X-Telegram-Bot-Api-Secret-Token", "another"},
			{"our secret in a foreign header", "Authorization", *secretOf(name, &secrets)},
		} {
			if got, said := h.push(t, path, body, row.header, row.value); got != http.StatusUnauthorized || said != "" {
				t.Errorf("%s with %s: %d %q", name, row.what, got, said)
			}
		}
	}
	if n := h.pushes(t); n != 0 {
		t.Errorf("%d refused pushes were stored", n)
	}
}

func second(_, value string) string { return value }

// Two agencies may have a bot each. What opens one agency's door puts nothing
// into the other's inbox; without app secrets all would look the same.
func TestAnotherAgencysBotPutsNoWordsIntoOurInbox(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		bare := h.credential(t, telegram.Name, 0)
		bare.App = platform.App{} // as an office connects: no app, only a bot
		ours, err := h.channels.ConnectSandbox(t.Context(), h.agency, bare)
		must(t, err)
		theirsOf := h.credential(t, telegram.Name, 1)
		theirsOf.App = platform.App{}
		theirs, err := h.channels.ConnectSandbox(t.Context(), h.other, theirsOf)
		must(t, err)
		word := h.secrets(t, theirs.App).VerifyToken
		if word == "" || word == h.secrets(t, ours.App).VerifyToken {
			t.Fatalf("the doors have no words of their own: %q", word)
		}
		body := []byte(`{"update_id":7,"channel_post":{"message_id":3,"date":1795400000,"chat":{"id":` + ours.RemoteID + `,"type":"channel","title":"Kota"},"text":"forged"}}`)
		if got, _ := h.push(t, webhook.Path(theirs.App), body, "X-Telegram-Bot-Api-Secret-Token", word); got != http.StatusOK {
			t.Fatalf("refused at their own door: %d", got)
		}
		h.parse(t)
		var seen int64
		must(t, h.db.View(t.Context(), func(tx *db.Tx) (err error) {
			seen, err = db.One(t.Context(), tx, "", db.Value[int64], `SELECT count(*) FROM sighting WHERE channel_id = $1`, ours.ID)
			return err
		}))
		if seen != 0 || len(h.messages(t)) != 0 {
			t.Errorf("%d sightings, %d messages from a forged push", seen, len(h.messages(t)))
		}
		if got, _ := h.push(t, webhook.Path(ours.App), body, "X-Telegram-Bot-Api-Secret-Token", h.secrets(t, ours.App).VerifyToken); got != http.StatusOK {
			t.Fatal("our own door is closed")
		}
		h.parse(t)
		must(t, h.db.View(t.Context(), func(tx *db.Tx) (err error) {
			seen, err = db.One(t.Context(), tx, "", db.Value[int64], `SELECT count(*) FROM sighting WHERE channel_id = $1`, ours.ID)
			return err
		}))
		if seen != 1 {
			t.Errorf("our own push is not seen (%d): the test is blind", seen)
		}
	})
}
