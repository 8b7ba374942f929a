package x

import (
	"slices"
	"strings"
	"testing"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/platformtest"
	"kentongan/internal/sandbox"
)

func png() []platform.Media {
	// The first bytes of a picture are enough: nobody here decodes it.
	raw := []byte("\x89PNG\r\n\x1a\n0000")
	return []platform.Media{{Key: "media.0", Type: "image/png", Alt: "peta", Size: int64(len(raw)), Open: platform.Bytes(raw)}}
}

// The requests of X's own SDK and of twitter-api-v2 (captured 23 November
// 2026): ours have the same method, path and fields.
func TestRequestsAreThoseOfTheOfficialClients(t *testing.T) {
	tape := &platformtest.Tape{}
	s := taped(t, "", sandbox.Rules{}, tape)
	ctx, a := t.Context(), s.Account
	c := s.Connector.(*Connector)
	notes := &platformtest.Notes{}
	var post, picture platform.Receipt
	for _, step := range []struct {
		do   func() error
		want []string
	}{
		{func() error { _, err := c.Verify(ctx, a); return err }, []string{"GET /x/2/users/me"}},
		{func() (err error) {
			post, err = c.Publish(ctx, a, platform.Outgoing{Text: "Halo warga"}, notes)
			return err
		},
			[]string{"POST /x/2/tweets json text"}},
		{func() error { return c.Stage(ctx, a, platform.Outgoing{Media: png()}, notes) }, []string{
			"POST /x/2/media/upload/initialize json media_category,media_type,total_bytes",
			"POST /x/2/media/upload/:id/append form-data media,segment_index",
			"POST /x/2/media/upload/:id/finalize",
			"POST /x/2/media/metadata json id,metadata"}},
		{func() (err error) {
			picture, err = c.Publish(ctx, a, platform.Outgoing{Text: "Halo gambar", Media: png()}, notes)
			return err
		}, []string{"POST /x/2/tweets json media,text"}},
		{func() error {
			_, err := c.Publish(ctx, a, platform.Outgoing{Text: "Terima kasih", InReplyTo: post.RemoteID}, notes)
			return err
		}, []string{"POST /x/2/tweets json reply,text"}},
		{func() error { _, err := c.Measure(ctx, a, []string{post.RemoteID}); return err }, []string{"GET /x/2/tweets query ids,tweet.fields"}},
		{func() error { _, err := c.Pull(ctx, a, feedMentions, `{"begun":true,"since":"5"}`); return err },
			[]string{"GET /x/2/users/:id/mentions query expansions,max_results,since_id,tweet.fields,user.fields"}},
		{func() error { _, err := c.PullThread(ctx, a, platform.Watch{RemoteID: post.RemoteID}, ""); return err },
			[]string{"GET /x/2/tweets/search/recent query expansions,max_results,query,tweet.fields,user.fields"}},
		{func() error { return c.Delete(ctx, a, picture.RemoteID) }, []string{"DELETE /x/2/tweets/:id"}},
	} {
		if got := tape.Sent(t, step.do); !slices.Equal(got, step.want) {
			t.Errorf("sent\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(step.want, "\n  "))
		}
		if h := tape.Header(); h.Get("Authorization") != "Bearer "+a.Token.Access || !strings.HasPrefix(h.Get("User-Agent"), "Kentongan/") {
			t.Errorf("headers %v", h)
		}
	}
}

// go-twitter's own requests, as captured, signed for api.twitter.com.
func TestRequestsOfV11(t *testing.T) {
	tape := &platformtest.Tape{}
	s := taped(t, V11, sandbox.Rules{}, tape)
	ctx, a := t.Context(), s.Account
	c := s.Connector.(*Connector)
	var post platform.Receipt
	for _, step := range []struct {
		do   func() error
		want string
	}{
		{func() error { _, err := c.Verify(ctx, a); return err }, "GET /x/1.1/account/verify_credentials.json"},
		{func() (err error) {
			post, err = c.Publish(ctx, a, platform.Outgoing{Text: "Halo warga"}, nil)
			return err
		},
			"POST /x/1.1/statuses/update.json x-www-form-urlencoded status"},
		{func() error { _, err := c.Pull(ctx, a, feedMentions, `{"since":"5"}`); return err },
			"GET /x/1.1/statuses/mentions_timeline.json query count,since_id,tweet_mode"},
		{func() error { return c.Delete(ctx, a, post.RemoteID) }, "POST /x/1.1/statuses/destroy/:id.json x-www-form-urlencoded id"},
	} {
		if got := tape.Sent(t, step.do); len(got) != 1 || got[0] != step.want {
			t.Errorf("sent %v, want %s", got, step.want)
		}
		if h := tape.Header().Get("Authorization"); !strings.HasPrefix(h, "OAuth ") || !strings.Contains(h, "oauth_signature=") {
			t.Errorf("authorization %q", h)
		}
	}
}

// An office may use OAuth 1.0a with API v2, too.
func TestOAuth1SignsV2(t *testing.T) {
	s := pretended(t, V11, sandbox.Rules{})
	a := s.Account
	a.Mode = ""
	notes := &platformtest.Notes{}
	out := platform.Outgoing{Text: "Ditandatangani", Media: png()}
	if err := s.Connector.Stage(t.Context(), a, out, notes); err != nil {
		t.Fatal(err)
	}
	at := platform.Attempt{Out: out, Started: time.Now(), Notes: notes}
	r, err := s.Connector.Publish(t.Context(), a, out, notes)
	if err != nil {
		t.Fatal(err)
	}
	if f, err := s.Connector.Find(t.Context(), a, at); err != nil || len(f.Receipts) != 1 || f.Receipts[0].RemoteID != r.RemoteID {
		t.Errorf("%+v %v", f, err)
	}
	a.Token.Secret = "wrong"
	if _, err := s.Connector.Verify(t.Context(), a); platform.AsRefusal(err) == nil || !platform.AsRefusal(err).Auth {
		t.Errorf("a wrong secret: %v", err)
	}
}
