package sandbox

import (
	"encoding/base64"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"kentongan/test/contract"
)

// TestXAnswersFitTheContract makes calls that our own connector never makes, in
// both sets of names: every field there is, media in each of the shapes that
// clients send. The connectors' suites hold the other platforms' faces against
// their contracts.
func TestXAnswersFitTheContract(t *testing.T) {
	t.Parallel()
	spec := contract.X(t)
	for name, fields := range map[string]string{
		"tweet": "tweet.fields=created_at,author_id,conversation_id,in_reply_to_user_id,referenced_tweets,entities,public_metrics,non_public_metrics,organic_metrics,attachments,lang,possibly_sensitive,reply_settings,edit_history_tweet_ids" +
			"&expansions=author_id,attachments.media_keys,referenced_tweets.id,in_reply_to_user_id",
		"post": "post.fields=created_at,conversation_id,entities,public_metrics,non_public_metrics,organic_metrics,attachments,lang,possibly_sensitive,reply_settings" +
			"&expansions=author_id,attachments.media_keys,referenced_posts,in_reply_to_user_id,edit_history_post_ids",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := New(Options{Seed: 1})
			if err != nil {
				t.Fatal(err)
			}
			srv := httptest.NewServer(contract.Watch(t, spec, "/x", nil, s.Handler()))
			t.Cleanup(func() { srv.Close(); _ = s.Close() })
			xEveryField(t, &stage{Sandbox: s, url: srv.URL}, fields+"&user.fields=created_at,description,public_metrics,verified,protected&media.fields=alt_text,url")
		})
	}
}

func xEveryField(t *testing.T, s *stage, fields string) {
	me := s.credential(t, X, "")
	do := func(method, path string, status int, q request) reply {
		t.Helper()
		q.method, q.url, q.bearer = method, me.BaseURL+path, me.Token.Access
		r := send(t, q)
		if r.status != status {
			t.Fatalf("%s %s: %d %s", method, path, r.status, r.body)
		}
		return r
	}
	get := func(path string) reply {
		t.Helper()
		mark := "?"
		if strings.Contains(path, "?") {
			mark = "&"
		}
		return do("GET", path+mark+fields, 200, request{})
	}
	post := func(path string, status int, body any) reply {
		t.Helper()
		return do("POST", path, status, request{json: body})
	}
	do("GET", "/2/users/me?user.fields=created_at,public_metrics,description", 200, request{})
	do("GET", "/2/users/"+me.AccountID+"?user.fields=created_at,description", 200, request{})
	do("GET", "/2/users/by/username/"+me.Handle, 200, request{})
	do("GET", "/2/users/by/username/nobody_here", 200, request{})
	begin := func() string {
		return post("/2/media/upload/initialize", 200, map[string]any{"media_type": "image/png", "total_bytes": len(png()), "media_category": "tweet_image"}).str("data.id")
	}
	first, second := begin(), begin()
	do("POST", "/2/media/upload/"+first+"/append", 200, request{file: png(), fileName: "media", form: url.Values{"segment_index": {"0"}}})
	post("/2/media/upload/"+second+"/append", 200, map[string]any{"media": base64.StdEncoding.EncodeToString(png()), "segment_index": 0})
	for _, id := range []string{first, second} {
		do("POST", "/2/media/upload/"+id+"/finalize", 200, request{})
		do("GET", "/2/media/upload?command=STATUS&media_id="+id, 200, request{})
		post("/2/media/metadata", 200, map[string]any{"id": id, "metadata": map[string]any{"alt_text": map[string]any{"text": "Peta"}}})
	}
	third := post("/2/media/upload", 200, map[string]any{"media": base64.StdEncoding.EncodeToString(png()), "media_category": "tweet_image"}).str("data.id")
	root := post("/2/tweets", 201, map[string]any{"text": "Halo #warga https://tirtawangi.example.go.id/a", "media": map[string]any{"media_ids": []string{first, second, third}}}).str("data.id")
	comment, err := s.Say(Saying{Platform: X, InReplyTo: root, Text: "Halo juga @tirtawangikota", Author: "bu_sri"})
	if err != nil {
		t.Fatal(err)
	}
	post("/2/tweets", 201, map[string]any{"text": "Ya", "reply": map[string]any{"in_reply_to_tweet_id": comment}})
	post("/2/tweets", 403, map[string]any{"text": "Ya", "reply": map[string]any{"in_reply_to_tweet_id": comment}})
	if err := s.alter(alteration{Platform: X, ID: comment, Text: "Halo semua"}, s.edit); err != nil {
		t.Fatal(err)
	}
	edited := get("/2/users/" + me.AccountID + "/mentions")
	if id := edited.str("data.0.id"); id == comment || id == "" {
		t.Errorf("an edited post has the id %s", id)
	}
	get("/2/users/" + me.AccountID + "/tweets")
	get("/2/tweets/search/recent?query=conversation_id:" + root)
	get("/2/tweets?ids=" + root + ",12")
	get("/2/tweets/" + edited.str("data.0.id"))
	do("PUT", "/2/tweets/"+comment+"/hidden", 200, request{json: map[string]any{"hidden": true}})
	do("DELETE", "/2/tweets/"+root, 200, request{})
	if _, err := s.Say(Saying{Platform: X, Kind: "direct", Text: "Rahasia", Author: "bu_sri"}); err != nil {
		t.Fatal(err)
	}
	events := do("GET", "/2/dm_events?dm_event.fields=created_at,dm_conversation_id&expansions=sender_id", 200, request{})
	post("/2/dm_conversations/with/"+events.str("data.0.sender_id")+"/messages", 201, map[string]any{"text": "Baik"})
}
