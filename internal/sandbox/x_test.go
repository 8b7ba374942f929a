package sandbox

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	//lint:ignore SA1019 no longer developed; the only client for contracts that still have v1.1
	"github.com/dghubble/go-twitter/twitter"
	"github.com/dghubble/oauth1"
)

func TestXPostWithPictureIsAnsweredHiddenAndMeasured(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Seed: 1})
	me := s.credential(t, X, "")
	api, tok := me.BaseURL+"/2", me.Token.Access
	want(t, "my handle", send(t, request{method: "GET", url: api + "/users/me", bearer: tok}).str("data.username"), me.Handle)

	up := send(t, request{method: "POST", url: api + "/media/upload/initialize", bearer: tok, json: map[string]any{"media_type": "image/png", "total_bytes": len(png()), "media_category": "tweet_image"}})
	id := up.str("data.id")
	early := send(t, request{method: "POST", url: api + "/tweets", bearer: tok, json: map[string]any{"text": "a", "media": map[string]any{"media_ids": []string{id}}}})
	want(t, "a picture that is not finished", early.status, http.StatusBadRequest)
	half := len(png()) / 2
	send(t, request{method: "POST", url: api + "/media/upload/" + id + "/append", bearer: tok, file: png()[:half], fileName: "media", form: url.Values{"segment_index": {"0"}}})
	send(t, request{method: "POST", url: api + "/media/upload/" + id + "/append", bearer: tok, json: map[string]any{"media": base64.StdEncoding.EncodeToString(png()[half:]), "segment_index": 1}})
	want(t, "finalize", send(t, request{method: "POST", url: api + "/media/upload/" + id + "/finalize", bearer: tok}).status, http.StatusOK)
	alt := send(t, request{method: "POST", url: api + "/media/metadata", bearer: tok, json: map[string]any{"id": id, "metadata": map[string]any{"alt_text": map[string]any{"text": "Peta genangan"}}}})
	want(t, "alt text", alt.str("data.associated_metadata.alt_text.text"), "Peta genangan")

	text := "Air & lumpur <surut>, lihat https://tirtawangi.example/banjir/peta ya #banjir"
	post := send(t, request{method: "POST", url: api + "/tweets", bearer: tok, json: map[string]any{"text": text, "media": map[string]any{"media_ids": []string{id}}}})
	want(t, "created", post.status, http.StatusCreated)
	root := post.str("data.id")
	if n := s.said(text); len(n) != 1 || n[0].Media[0].Alt != "Peta genangan" {
		t.Fatalf("world has %+v", n)
	}
	lines := send(t, request{method: "GET", url: api + "/users/" + me.AccountID + "/tweets?tweet.fields=created_at,entities,conversation_id", bearer: tok})
	want(t, "own timeline", lines.str("data.0.id"), root)
	if got := lines.str("data.0.text"); !strings.HasPrefix(got, "Air &amp; lumpur &lt;surut&gt;, lihat https://t.co/") {
		t.Errorf("text on the wire is %q", got)
	}
	want(t, "the long link", lines.str("data.0.entities.urls.0.expanded_url"), "https://tirtawangi.example/banjir/peta")

	comment, err := s.Say(Saying{Platform: X, InReplyTo: root, Text: "Kapan air PAM nyala?", Author: "bu_sri"})
	if err != nil {
		t.Fatal(err)
	}
	heard := send(t, request{method: "GET", url: api + "/users/" + me.AccountID + "/mentions?max_results=100&tweet.fields=author_id,conversation_id&expansions=author_id&since_id=" + root, bearer: tok})
	want(t, "mention", heard.str("data.0.id"), comment)
	want(t, "its text names us", heard.str("data.0.text"), "@"+me.Handle+" Kapan air PAM nyala?")
	want(t, "its author", heard.str("includes.users.0.username"), "bu_sri")
	found := send(t, request{method: "GET", url: api + "/tweets/search/recent?max_results=10&query=" + url.QueryEscape("conversation_id:"+root+" is:reply"), bearer: tok})
	want(t, "conversation search", found.str("data.0.id"), comment)

	reply := send(t, request{method: "POST", url: api + "/tweets", bearer: tok, json: map[string]any{"text": "Besok pagi, Bu.", "reply": map[string]any{"in_reply_to_tweet_id": comment}}})
	want(t, "reply", reply.str("data.text"), "@bu_sri Besok pagi, Bu.")
	want(t, "hide", send(t, request{method: "PUT", url: api + "/tweets/" + comment + "/hidden", bearer: tok, json: map[string]any{"hidden": true}}).get("data.hidden"), true)
	want(t, "hiding one's own is refused", send(t, request{method: "PUT", url: api + "/tweets/" + root + "/hidden", bearer: tok, json: map[string]any{"hidden": true}}).status, http.StatusForbidden)
	old := send(t, request{method: "GET", url: api + "/tweets?ids=" + root + ",1&tweet.fields=public_metrics", bearer: tok})
	want(t, "replies counted", old.get("data.0.public_metrics.reply_count"), 1.0)
	want(t, "the missing one is an error beside data", old.str("errors.0.resource_id"), "1")
	now := send(t, request{method: "GET", url: api + "/tweets?ids=" + root + "&post.fields=public_metrics", bearer: tok})
	want(t, "the new dialect", now.get("data.0.public_metrics.repost_count"), 0.0)
	want(t, "delete", send(t, request{method: "DELETE", url: api + "/tweets/" + root, bearer: tok}).get("data.deleted"), true)
}

func TestXRefuses(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Seed: 1, Rules: Rules{SummonedOnly: true}})
	me := s.credential(t, X, "")
	call := func(body map[string]any) reply {
		return send(t, request{method: "POST", url: me.BaseURL + "/2/tweets", bearer: me.Token.Access, json: body})
	}
	want(t, "first", call(map[string]any{"text": "Sama"}).status, http.StatusCreated)
	stranger, _ := s.Say(Saying{Platform: X, Text: "@protokol_tirta halo", Account: "protokol_tirta", Author: "pak_joko"})
	for _, row := range []struct {
		name   string
		body   map[string]any
		status int
		says   string
	}{
		{"the same text again", map[string]any{"text": "Sama"}, 403, "duplicate content"},
		{"more than 280", map[string]any{"text": strings.Repeat("é", 281)}, 403, "too long"},
		{"141 full-width characters", map[string]any{"text": strings.Repeat("水", 141)}, 403, "too long"},
		{"nothing", map[string]any{"text": " "}, 400, "empty"},
		{"a field the contract does not have", map[string]any{"text": "x", "in_reply_to": "1"}, 400, "additional properties"},
		{"an answer to nothing", map[string]any{"text": "x", "reply": map[string]any{"in_reply_to_tweet_id": "5"}}, 403, "deleted or not visible"},
		{"an answer to somebody who did not call us", map[string]any{"text": "x", "reply": map[string]any{"in_reply_to_tweet_id": stranger}}, 403, "not been mentioned"},
		{"two cashtags", map[string]any{"text": "$AB dan $CD"}, 403, "one cashtag"},
	} {
		r := call(row.body)
		want(t, row.name, r.status, row.status)
		if !strings.Contains(string(r.body), row.says) {
			t.Errorf("%s: said %q", row.name, r.body)
		}
	}
	want(t, "280 with a long link", call(map[string]any{"text": strings.Repeat("a", 256) + " https://tirtawangi.example/" + strings.Repeat("b", 90)}).status, http.StatusCreated)
}

func TestXRefreshTokenWorksOnce(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Seed: 1})
	me := s.credential(t, X, "")
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte(me.App.ClientID+":"+me.App.ClientSecret))
	trade := func(refresh string) reply {
		return send(t, request{method: "POST", url: me.BaseURL + "/2/oauth2/token", header: map[string]string{"Authorization": basic}, form: url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}}})
	}
	if err := s.Expire(X, me.Handle); err != nil {
		t.Fatal(err)
	}
	want(t, "expired", send(t, request{method: "GET", url: me.BaseURL + "/2/users/me", bearer: me.Token.Access}).status, http.StatusUnauthorized)
	first := trade(me.Token.Refresh)
	want(t, "new pair works", send(t, request{method: "GET", url: me.BaseURL + "/2/users/me", bearer: first.str("access_token")}).status, http.StatusOK)
	want(t, "the old refresh token is spent", trade(me.Token.Refresh).status, http.StatusBadRequest)
	want(t, "the new one works", trade(first.str("refresh_token")).status, http.StatusOK)
	want(t, "credentials page knows the newest", s.credential(t, X, "").Token.Access != me.Token.Access, true)
}

// toSandbox sends what is meant for api.twitter.com to the sandbox instead.
type toSandbox struct{ base string }

func (r toSandbox) RoundTrip(q *http.Request) (*http.Response, error) {
	u, err := url.Parse(r.base + q.URL.Path)
	if err != nil {
		return nil, err
	}
	u.RawQuery = q.URL.RawQuery
	next := q.Clone(q.Context())
	next.URL, next.Host = u, u.Host
	return http.DefaultTransport.RoundTrip(next)
}

func TestGoTwitterSpeaksV11(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Seed: 1})
	me := s.credential(t, X, "v1.1")
	ctx := context.WithValue(context.Background(), oauth1.HTTPClient, &http.Client{Transport: toSandbox{me.BaseURL}})
	client := func(secret string) *twitter.Client {
		return twitter.NewClient(oauth1.NewConfig(me.App.ClientID, me.App.ClientSecret).Client(ctx, oauth1.NewToken(me.Token.Access, secret)))
	}
	tw := client(me.Token.Secret)
	user, _, err := tw.Accounts.VerifyCredentials(nil)
	if err != nil || user.ScreenName != me.Handle {
		t.Fatalf("verify: %v, %+v", err, user)
	}
	long := "Jadwal layanan keliling pekan ini: Senin Balai RW 03 Sukamaju, Selasa Pasar Legi, Rabu Kelurahan Tirtasari, Kamis Terminal Barat & Jumat Alun-alun kota."
	post, _, err := tw.Statuses.Update(long, nil)
	if err != nil || !post.Truncated || post.IDStr == "" {
		t.Fatalf("update: %v, %+v", err, post)
	}
	lines, _, err := tw.Timelines.UserTimeline(&twitter.UserTimelineParams{TweetMode: "extended", SinceID: post.ID - 1, Count: 5})
	if err != nil || len(lines) != 1 || !strings.HasSuffix(lines[0].FullText, "&amp; Jumat Alun-alun kota.") {
		t.Fatalf("timeline: %v, %+v", err, lines)
	}
	if at, err := lines[0].CreatedAtTime(); err != nil || time.Since(at) > time.Minute {
		t.Errorf("created_at: %v %v", at, err)
	}
	id, err := s.Say(Saying{Platform: X, InReplyTo: post.IDStr, Text: "Jam berapa?", Author: "mas_agus"})
	if err != nil {
		t.Fatal(err)
	}
	heard, _, err := tw.Timelines.MentionTimeline(&twitter.MentionTimelineParams{SinceID: post.ID, TweetMode: "extended"})
	if err != nil || len(heard) != 1 || heard[0].IDStr != id || heard[0].InReplyToStatusIDStr != post.IDStr {
		t.Fatalf("mentions: %v, %+v", err, heard)
	}
	stray, _, err := tw.Statuses.Update("Pukul delapan", &twitter.StatusUpdateParams{InReplyToStatusID: heard[0].ID})
	if err != nil || stray.InReplyToStatusID != 0 {
		t.Errorf("an answer without the name: %v, %+v", err, stray)
	}
	reply, _, err := tw.Statuses.Update("@mas_agus pukul delapan", &twitter.StatusUpdateParams{InReplyToStatusID: heard[0].ID})
	if err != nil || reply.InReplyToStatusIDStr != id {
		t.Errorf("reply: %v, %+v", err, reply)
	}
	if _, _, err := tw.Statuses.Update("Pukul delapan", nil); err == nil || !strings.Contains(err.Error(), "187") {
		t.Errorf("duplicate: %v", err)
	}
	if _, _, err := tw.Statuses.Destroy(post.ID, nil); err != nil {
		t.Errorf("destroy: %v", err)
	}
	if _, _, err := tw.RateLimits.Status(nil); err != nil {
		t.Errorf("limits: %v", err)
	}
	if _, _, err := client("another secret").Accounts.VerifyCredentials(nil); err == nil || !strings.Contains(err.Error(), "32") {
		t.Errorf("a wrong signature: %v", err)
	}
	s.AddFault(Fault{Platform: X, Op: "publish", Kind: "403-problem"})
	if post, res, err := tw.Statuses.Update("Tidak jadi", nil); err != nil || res.StatusCode != http.StatusForbidden || post.IDStr != "" {
		t.Errorf("the trap is gone: go-twitter said %v, %d, %q", err, res.StatusCode, post.IDStr)
	}
	if len(s.said("Tidak jadi")) != 0 {
		t.Error("a refused post is in the world")
	}
}
