package sandbox

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestMastodonPostWithPictureIsAnsweredAndReadBack(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Seed: 1})
	me := s.credential(t, Mastodon, "")
	api := me.BaseURL + "/api"
	who := send(t, request{method: "GET", url: api + "/v1/accounts/verify_credentials", bearer: me.Token.Access})
	want(t, "my id", who.str("id"), me.AccountID)

	up := send(t, request{method: "POST", url: api + "/v2/media", bearer: me.Token.Access, file: png(), fileName: "file", form: url.Values{"description": {"Peta banjir"}}})
	want(t, "upload is still processed", up.status, http.StatusAccepted)
	want(t, "its url is null", up.get("url"), nil)
	early := send(t, request{method: "POST", url: api + "/v1/statuses", bearer: me.Token.Access, form: url.Values{"status": {"Awal"}, "media_ids[]": {up.str("id")}}})
	want(t, "attaching too early", early.status, http.StatusUnprocessableEntity)
	want(t, "first look", send(t, request{method: "GET", url: api + "/v1/media/" + up.str("id"), bearer: me.Token.Access}).status, http.StatusPartialContent)
	want(t, "second look", send(t, request{method: "GET", url: api + "/v1/media/" + up.str("id"), bearer: me.Token.Access}).status, http.StatusOK)

	post := request{
		method: "POST", url: api + "/v1/statuses", bearer: me.Token.Access, header: map[string]string{"Idempotency-Key": "k-1"},
		json: map[string]any{"status": "Air mulai surut <3\n\nInfo: https://tirtawangi.example/banjir", "media_ids": []string{up.str("id")}},
	}
	first, second := send(t, post), send(t, post)
	want(t, "published", first.status, http.StatusOK)
	want(t, "same key, same post", first.str("id"), second.str("id"))
	want(t, "alt text", first.str("media_attachments.0.description"), "Peta banjir")
	if c := first.str("content"); !strings.HasPrefix(c, "<p>Air mulai surut &lt;3</p><p>Info: <a href=\"https://tirtawangi.example/banjir\"") {
		t.Errorf("content is %q", c)
	}
	if h := first.header.Get("X-RateLimit-Reset"); !strings.HasSuffix(h, "Z") || !strings.Contains(h, "T") {
		t.Errorf("rate reset is %q, not an ISO time", h)
	}

	id, err := s.Say(Saying{Platform: Mastodon, InReplyTo: first.str("id"), Text: "Jalan mana saja?", Author: "bu_sri"})
	if err != nil {
		t.Fatal(err)
	}
	seen := send(t, request{method: "GET", url: api + "/v1/notifications?types[]=mention&limit=40", bearer: me.Token.Access})
	want(t, "notification", seen.str("0.status.id"), id)
	want(t, "its author", seen.str("0.account.acct"), "bu_sri")
	if seen.header.Get("Link") == "" {
		t.Error("no Link header")
	}
	after := send(t, request{method: "GET", url: api + "/v1/notifications?min_id=" + id, bearer: me.Token.Access})
	want(t, "nothing after it", string(after.body), "[]")
	context := send(t, request{method: "GET", url: api + "/v1/statuses/" + first.str("id") + "/context"})
	want(t, "below the post", context.str("descendants.0.id"), id)
	mine := send(t, request{method: "GET", url: api + "/v1/accounts/" + me.AccountID + "/statuses?min_id=0", bearer: me.Token.Access})
	want(t, "own timeline", mine.str("0.id"), first.str("id"))

	gone := send(t, request{method: "DELETE", url: api + "/v1/statuses/" + first.str("id"), bearer: me.Token.Access})
	want(t, "deleted with its source", gone.str("text"), "Air mulai surut <3\n\nInfo: https://tirtawangi.example/banjir")
	want(t, "then not found", send(t, request{method: "GET", url: api + "/v1/statuses/" + first.str("id")}).status, http.StatusNotFound)
}

func TestMastodonRefuses(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Seed: 1})
	me := s.credential(t, Mastodon, "")
	long := strings.Repeat("panjang ", 63)
	for _, row := range []struct {
		name, bearer string
		form         url.Values
		status       int
		says         string
	}{
		{"without a token", "", url.Values{"status": {"a"}}, 401, "authenticated user"},
		{"a wrong token", "x", url.Values{"status": {"a"}}, 401, "access token is invalid"},
		{"nothing to say", me.Token.Access, url.Values{"status": {"  "}}, 422, "can't be blank"},
		{"more than 500 characters", me.Token.Access, url.Values{"status": {long}}, 422, "limit of 500"},
		{"an answer to nothing", me.Token.Access, url.Values{"status": {"a"}, "in_reply_to_id": {"77"}}, 404, "trying to reply"},
		{"a picture that is not there", me.Token.Access, url.Values{"status": {"a"}, "media_ids[]": {"9"}}, 422, "not found"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			r := send(t, request{method: "POST", url: me.BaseURL + "/api/v1/statuses", bearer: row.bearer, form: row.form})
			want(t, "status", r.status, row.status)
			if !strings.Contains(r.str("error"), row.says) {
				t.Errorf("said %q", r.body)
			}
		})
	}
	if n := len(s.World()); n != 0 {
		t.Errorf("%d posts in the world after refusals", n)
	}
}
