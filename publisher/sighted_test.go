package publisher

import (
	"testing"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/platform"
	"kentongan/internal/platform/telegram"
	"kentongan/internal/safehttp"
	"kentongan/internal/sandbox"
)

// telegram connects the city's channel, where nothing can be looked up.
func (o *office) telegram() (channel.Channel, *telegram.Connector) {
	o.t.Helper()
	client := safehttp.New(safehttp.Options{AllowLoopback: true})
	o.t.Cleanup(client.Close)
	c := telegram.New(client)
	o.Channels.Connectors[telegram.Name] = c
	for _, cred := range o.sandbox.Credentials(o.url) {
		if cred.Platform == string(telegram.Name) {
			return must(o.Channels.ConnectSandbox(o.t.Context(), o.home, channel.Credential{
				Platform: telegram.Name, BaseURL: cred.BaseURL, App: platform.App{VerifyToken: cred.App.VerifyToken},
				Token: platform.Token{Access: cred.Token.Access}, Of: platform.Profile{RemoteID: cred.AccountID, Handle: cred.Handle},
			}))(o.t), c
		}
	}
	o.t.Fatal("the sandbox has no channel on Telegram")
	return channel.Channel{}, nil
}

// heardOf is the copy of our own post that the discussion group got.
func (o *office) heardOf(ch channel.Channel, c *telegram.Connector, cursor string) (channel.Sighting, string) {
	o.t.Helper()
	account := must(o.Channels.Account(o.t.Context(), ch))(o.t)
	page := must(c.Pull(o.t.Context(), account, "updates", cursor))(o.t)
	if len(page.Items) != 1 || page.Items[0].Kind != platform.OwnPost {
		o.t.Fatalf("heard %+v", page.Items)
	}
	i := page.Items[0]
	return channel.Sighting{RemoteID: i.RemoteID, URL: i.URL, InReplyTo: i.InReplyTo, Fingerprint: channel.Fingerprint(i.Text), PostedAt: i.At}, page.Cursor
}

// Nobody answered, and a bot cannot look: what the discussion group shows is
// the proof, however late it is heard.
func TestASightingProvesWhatCannotBeLookedUp(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ch, c := o.telegram()
		cursor := ""
		for _, when := range []State{Unconfirmed, NeedsPerson} {
			o.sandbox.AddFault(sandbox.Fault{Platform: "telegram", Op: "publish", Kind: "commit-then-drop"})
			post := o.one(ch, func(in *DraftInput) { in.Text += " " + string(when) })
			lost := o.until(post.ID, when)
			if lost.RemoteID != "" {
				t.Fatalf("%s: known as %s", when, lost.RemoteID)
			}
			var s channel.Sighting
			s, cursor = o.heardOf(ch, c, cursor)
			stranger := s
			stranger.RemoteID, stranger.Fingerprint = s.RemoteID+"9", channel.Fingerprint("lain")
			if state := o.saw(ch, stranger); state != channel.SightingNew {
				t.Errorf("%s: other words: %s", when, state)
			}
			if got := o.delivery(post.ID); got.State != when {
				t.Errorf("%s: proved by other words: %s", when, got.State)
			}
			o.exec(`DELETE FROM sighting WHERE remote_id = $1`, stranger.RemoteID)
			o.saw(ch, s)
			done := o.until(post.ID, Published)
			if done.RemoteID != s.RemoteID || done.RemoteURL != s.URL || s.URL == "" {
				t.Errorf("%s: published as %q %q", when, done.RemoteID, done.RemoteURL)
			}
			if state := o.watch(ch, s.RemoteID); state != channel.SightingOurs {
				t.Errorf("%s: the sighting is %s", when, state)
			}
			o.wait(time.Hour)
		}
		n := 0
		for _, p := range o.sandbox.World() {
			if p.Platform == "telegram" {
				n++
			}
		}
		if n != 2 {
			t.Errorf("%d posts on the channel, 2 were approved", n)
		}
	})
}
