package bluesky

import (
	"slices"
	"strings"
	"testing"

	"kentongan/internal/platform"
	"kentongan/internal/platform/platformtest"
	"kentongan/internal/sandbox"
)

// The requests of Bluesky's own client (@atproto/api 0.19.19, captured 23
// November 2026): ours have the same method, path and fields. Where it creates
// a record under a key of the server's choosing, we put one under ours.
func TestRequestsAreThoseOfTheOfficialClient(t *testing.T) {
	tape := &platformtest.Tape{}
	s := taped(t, "", sandbox.Rules{}, tape)
	ctx, a := t.Context(), s.Account
	c := s.Connector.(*Connector)
	notes := &platformtest.Notes{}
	out := platform.Outgoing{Key: "k", Text: "Halo gambar #info", Media: shots(t, 1)}
	var post platform.Receipt
	const put = "POST /bsky/xrpc/com.atproto.repo.putRecord json collection,record,repo,rkey"
	for _, step := range []struct {
		do   func() error
		want []string
	}{
		{func() error { _, err := c.SignIn(ctx, s.Form); return err }, []string{
			"POST /bsky/xrpc/com.atproto.server.createSession json identifier,password",
			"GET /bsky/xrpc/com.atproto.server.getSession", "GET /bsky/xrpc/app.bsky.actor.getProfile query actor"}},
		{func() error { return c.Stage(ctx, a, out, notes) }, []string{"POST /bsky/xrpc/com.atproto.repo.uploadBlob png "}},
		{func() (err error) { post, err = c.Publish(ctx, a, out, notes); return err }, []string{put}},
		{func() error { _, err := c.Pull(ctx, a, feedMentions, ""); return err }, []string{"GET /bsky/xrpc/app.bsky.notification.listNotifications query limit,reasons"}},
		{func() error { _, err := c.Measure(ctx, a, []string{post.RemoteID}); return err }, []string{"GET /bsky/xrpc/app.bsky.feed.getPosts query uris"}},
		{func() error { _, err := c.PullThread(ctx, a, platform.Watch{RemoteID: post.RemoteID}, ""); return err }, []string{"GET /bsky/xrpc/app.bsky.feed.getPostThread query depth,parentHeight,uri"}},
		{func() error { return c.Delete(ctx, a, post.RemoteID) }, []string{"POST /bsky/xrpc/com.atproto.repo.deleteRecord json collection,repo,rkey"}},
		{func() error { _, err := c.Refresh(ctx, a); return err }, []string{"POST /bsky/xrpc/com.atproto.server.refreshSession"}},
	} {
		if got := tape.Sent(t, step.do); !slices.Equal(got, step.want) {
			t.Errorf("sent\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(step.want, "\n  "))
		}
		if h := tape.Header(); !strings.HasPrefix(h.Get("User-Agent"), "Kentongan/") {
			t.Errorf("headers %v", h)
		}
	}
	reply := say(t, s, map[string]any{"text": "judi", "in_reply_to": publish(t, c, a, "Jadwal").RemoteID, "kind": "comment"})
	get := "GET /bsky/xrpc/com.atproto.repo.getRecord query collection,repo,rkey"
	want := []string{get, get, "POST /bsky/xrpc/com.atproto.repo.putRecord json collection,record,repo,rkey,swapRecord"}
	if got := tape.Sent(t, func() error { return c.SetHidden(ctx, a, reply, true) }); !slices.Equal(got, want) {
		t.Errorf("hiding sent\n  %s", strings.Join(got, "\n  "))
	}
}

func publish(t *testing.T, c *Connector, a platform.Account, text string) platform.Receipt {
	t.Helper()
	out, notes := platform.Outgoing{Key: text, Text: text}, &platformtest.Notes{}
	if err := c.Stage(t.Context(), a, out, notes); err != nil {
		t.Fatal(err)
	}
	r, err := c.Publish(t.Context(), a, out, notes)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
