package x

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"kentongan/internal/fault"
	"kentongan/internal/platform"
	"kentongan/internal/platform/platformtest"
	"kentongan/internal/safehttp"
	"kentongan/internal/sandbox"
)

// told is a connector whose platform always gives one answer.
func told(t *testing.T, status int, header map[string]string, body string) (*Connector, platform.Account) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for k, v := range header {
			w.Header().Set(k, v)
		}
		w.WriteHeader(status)
		w.Write([]byte(body))
	}))
	client := safehttp.New(safehttp.Options{AllowLoopback: true})
	t.Cleanup(func() { client.Close(); server.Close() })
	return New(client), platform.Account{BaseURL: server.URL, RemoteID: "111", Token: platform.Token{Access: "SECRETTOKEN"}}
}

func TestAnswersToAPost(t *testing.T) {
	for name, c := range map[string]struct {
		status  int
		body    string
		outcome platform.Outcome
		code    string
	}{
		"made":                      {201, `{"data":{"id":"1","text":"x"}}`, platform.Published, ""},
		"made without an id":        {201, `{"data":{"text":"x"}}`, platform.Unknown, ""},
		"made, body cut off":        {201, `{"data":{"id":"1"`, platform.Unknown, ""},
		"an empty success":          {200, ``, platform.Unknown, ""},
		"duplicate":                 {403, `{"detail":"You are not allowed to create a Tweet with duplicate content.","type":"about:blank","title":"Forbidden","status":403}`, platform.Unknown, ""},
		"not summoned":              {403, `{"detail":"Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author of the post you are replying to.","title":"Forbidden","status":403}`, platform.Refused, "platform.not_summoned"},
		"the post answered is gone": {403, `{"detail":"You attempted to reply to a Tweet that is deleted or not visible to you.","title":"Forbidden"}`, platform.Refused, "platform.parent_gone"},
		"two cashtags":              {403, `{"detail":"Posts may contain a maximum of one cashtag.","title":"Forbidden"}`, platform.Refused, "platform.invalid"},
		"a bad link":                {403, `{"detail":"The Tweet contains an invalid URL.","title":"Forbidden"}`, platform.Refused, "platform.link_refused"},
		"the app, new type":         {403, `{"title":"Client Forbidden","reason":"client-not-enrolled","type":"https://api.x.com/2/problems/client-forbidden"}`, platform.Refused, "platform.app_forbidden"},
		"the app, old type":         {403, `{"title":"Client Forbidden","type":"https://api.twitter.com/2/problems/client-forbidden"}`, platform.Refused, "platform.app_forbidden"},
		"closed v1.1":               {403, `{"errors":[{"code":453,"message":"You currently have access to a subset of X API V2 endpoints"}]}`, platform.Refused, "platform.app_forbidden"},
		"no credit":                 {402, `{"title":"CreditsDepleted","type":"https://api.x.com/2/problems/credits"}`, platform.Refused, "platform.credits_exhausted"},
		"suspended":                 {403, `{"title":"Forbidden","detail":"Your account is suspended and is not permitted to access this feature."}`, platform.Refused, "platform.account_blocked"},
		"revoked":                   {401, `{"title":"Unauthorized","status":401}`, platform.Refused, "platform.auth_lost"},
		"invalid":                   {400, `{"errors":[{"message":"bad"}],"title":"Invalid Request","type":"https://api.x.com/2/problems/invalid-request"}`, platform.Refused, "platform.invalid"},
		"too many, v2":              {429, `{"title":"Too Many Requests","status":429}`, platform.Throttled, ""},
		"too many, code 88":         {429, `{"errors":[{"code":88,"message":"Rate limit exceeded"}]}`, platform.Throttled, ""},
		"a gateway's 403":           {403, `<html>Forbidden</html>`, platform.Unknown, ""},
		"a proxy's 404":             {404, `not here`, platform.Unknown, ""},
		"503 problem":               {503, `{"title":"Service Unavailable","status":503}`, platform.Unknown, ""},
		"moved":                     {307, ``, platform.Unknown, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c1, a := told(t, c.status, map[string]string{"x-rate-limit-reset": "1795500000"}, c.body)
			r, err := c1.Publish(t.Context(), a, platform.Outgoing{Text: "x", InReplyTo: "9"}, &platformtest.Notes{})
			if got := platform.Classify(r, err); got != c.outcome {
				t.Fatalf("got %s: %v", got, err)
			}
			if c.code != "" && platform.AsRefusal(err).Code != c.code {
				t.Errorf("got %+v", platform.AsRefusal(err))
			}
			if u, ok := errors.AsType[*platform.Unclear](err); ok && u.Duplicate != (name == "duplicate") {
				t.Errorf("duplicate: %+v", u)
			}
			if th, ok := errors.AsType[*platform.Throttle](err); ok && th.Until.Unix() != 1795500000 {
				t.Errorf("until %v", th.Until)
			}
		})
	}
}

// go-twitter takes a 403 whose body is no v1.1 error for a success.
func TestV11StatusGuard(t *testing.T) {
	for name, c := range map[string]struct {
		status  int
		body    string
		outcome platform.Outcome
	}{
		"made":                       {200, `{"id":1,"id_str":"1","text":"x"}`, platform.Published},
		"success without an id":      {200, `{}`, platform.Unknown},
		"success that is no JSON":    {200, `ok`, platform.Unknown},
		"403 problem of another API": {403, `{"title":"Forbidden","status":403,"detail":"x","type":"about:blank"}`, platform.Unknown},
		"503 empty object":           {503, `{}`, platform.Unknown},
		"502 page":                   {502, `<html>`, platform.Unknown},
		"too long":                   {403, `{"errors":[{"code":186,"message":"Tweet needs to be a bit shorter."}]}`, platform.Refused},
		"duplicate":                  {403, `{"errors":[{"code":187,"message":"Status is a duplicate."}]}`, platform.Unknown},
		"bad token":                  {401, `{"errors":[{"code":89,"message":"Invalid or expired token."}]}`, platform.Refused},
		"too many":                   {429, `{"errors":[{"code":88,"message":"Rate limit exceeded"}]}`, platform.Throttled},
	} {
		c1, a := told(t, c.status, nil, c.body)
		a.Mode, a.Token.Secret = V11, "s"
		r, err := c1.Publish(t.Context(), a, platform.Outgoing{Text: "x"}, nil)
		if got := platform.Classify(r, err); got != c.outcome {
			t.Errorf("%s: got %s: %v", name, got, err)
		}
	}
}

func TestTextAsItsAuthorWroteIt(t *testing.T) {
	got := plain("@warga a &amp;&lt; &gt; https://t.co/1 dan https://t.co/2 https://t.co/3", []link{
		{URL: "https://t.co/1", Expanded: "https://tirtawangi.example/a?b=1&c=2"},
		{URL: "https://t.co/2", Expanded: "http://kota.id"},
		{URL: "https://t.co/3", Expanded: "https://x.com/a/status/1/photo/1"},
		{URL: "https://t.co/3", Expanded: "https://x.com/a/status/1/photo/2", MediaKey: "3_1"},
	})
	if want := "@warga a &< > https://tirtawangi.example/a?b=1&c=2 dan http://kota.id"; got != want {
		t.Errorf("got %q", got)
	}
	if fold(got) != fold("a &< > https://tirtawangi.example/a?b=1&c=2 dan kota.id") {
		t.Errorf("fold %q", fold(got))
	}
}

func TestBothDialectsOfAPost(t *testing.T) {
	for _, body := range []string{
		`{"id":"2","author_id":"5","in_reply_to_user_id":"111","conversation_id":"1","referenced_tweets":[{"type":"replied_to","id":"1"}],"public_metrics":{"retweet_count":3,"like_count":4}}`,
		`{"id":"2","author_id":"5","in_reply_to_user_id":"111","conversation_id":"1","referenced_posts":[{"type":"replied_to","id":"1"}],"public_metrics":{"repost_count":3,"like_count":4}}`,
	} {
		var p post
		if err := json.Unmarshal([]byte(body), &p); err != nil {
			t.Fatal(err)
		}
		i := p.item(platform.Account{RemoteID: "111"}, includes{})
		if i.InReplyTo != "1" || i.Kind != platform.Comment || i.Thread != "1" || p.Metrics.counts()["shares"] != 3 {
			t.Errorf("%s: %+v %v", body, i, p.Metrics.counts())
		}
	}
	if at := snowflake("1460323737035677698"); at.Format(time.RFC3339) != "2021-11-15T19:08:05Z" {
		t.Errorf("snowflake %v", at)
	}
}

// A refresh token is good once: the new one is in the caller's hand before
// anything is done with it, and a spent one means to connect again.
func TestRefresh(t *testing.T) {
	s := pretended(t, "", sandbox.Rules{})
	c, a := s.Connector.(*Connector), s.Account
	body := bytes.NewReader([]byte(`{"platform":"x","account":"` + a.Handle + `"}`))
	resp, err := http.Post(s.Control+"/sandbox/expire", "application/json", body)
	if err != nil || resp.StatusCode != 200 {
		t.Fatal(resp, err)
	}
	resp.Body.Close()
	if _, err := c.Verify(t.Context(), a); platform.AsRefusal(err) == nil || !platform.AsRefusal(err).Auth {
		t.Fatalf("an expired token: %v", err)
	}
	a.Token.Expires = time.Now().Add(time.Minute)
	if !c.Expired(a, time.Now()) {
		t.Error("a token with a minute left must be renewed first")
	}
	fresh, err := c.Refresh(t.Context(), a)
	if err != nil || fresh.Access == a.Token.Access || fresh.Refresh == a.Token.Refresh || time.Until(fresh.Expires) < time.Hour {
		t.Fatalf("got %v, %v", fresh.Expires, err)
	}
	if _, err := c.Refresh(t.Context(), a); platform.AsRefusal(err) == nil || !platform.AsRefusal(err).Auth {
		t.Errorf("a spent refresh token: %v", err)
	}
	a.Token = fresh
	if c.Expired(a, time.Now()) {
		t.Error("fresh already expired")
	}
	if _, err := c.Verify(t.Context(), a); err != nil {
		t.Error(err)
	}
	lost, b := told(t, 503, nil, "<html>")
	b.Token.Refresh = "r"
	if _, err := lost.Refresh(t.Context(), b); err == nil || platform.AsRefusal(err) != nil {
		t.Errorf("a failed call does not lose the channel: %v", err)
	}
}

func TestSummonedOnly(t *testing.T) {
	s := pretended(t, "", sandbox.Rules{SummonedOnly: true})
	say := []byte(`{"platform":"x","account":"` + s.Account.Handle + `","text":"jalan rusak","kind":"mention","author":"warga_x"}`)
	resp, err := http.Post(s.Control+"/sandbox/say", "application/json", bytes.NewReader(say))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	post, err := s.Connector.Publish(t.Context(), s.Account, platform.Outgoing{Text: "Halo"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	say = []byte(`{"platform":"x","account":"` + s.Account.Handle + `","text":"komentar","in_reply_to":"` + post.RemoteID + `"}`)
	resp, err = http.Post(s.Control+"/sandbox/say", "application/json", bytes.NewReader(say))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var said struct{ ID string }
	if err := json.NewDecoder(resp.Body).Decode(&said); err != nil {
		t.Fatal(err)
	}
	_, err = s.Connector.Publish(t.Context(), s.Account, platform.Outgoing{Text: "Baik", InReplyTo: said.ID}, nil)
	if r := platform.AsRefusal(err); r == nil || r.Code != "platform.not_summoned" || r.Fix != platform.FixNobody {
		t.Errorf("got %v", err)
	}
}

// An upload that X has forgotten is made again, not a reason to give up.
func TestForgottenUploadIsMadeAgain(t *testing.T) {
	s := pretended(t, "", sandbox.Rules{})
	notes := &platformtest.Notes{}
	out := platform.Outgoing{Text: "Gambar", Media: png()}
	soon := time.Now().Add(time.Hour).Unix()
	notes.Save(t.Context(), "media.0", "123 "+time.Unix(soon, 0).Format("20060102")) // nonsense expiry: not used
	if _, ok := stagedMedia("123 "+time.Now().Add(5*time.Minute).Format("x"), time.Now()); ok {
		t.Error("an unreadable note is no upload")
	}
	notes.Save(t.Context(), "media.0", "123 9999999999")
	r, err := s.Connector.Publish(t.Context(), s.Account, out, notes)
	if platform.Classify(r, err) != platform.Unsent || notes.Value("media.0") != "" {
		t.Fatalf("%v, note %q", err, notes.Value("media.0"))
	}
	if err := s.Connector.Stage(t.Context(), s.Account, out, notes); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Connector.Publish(t.Context(), s.Account, out, notes); err != nil {
		t.Error(err)
	}
}

func TestUnknownFeed(t *testing.T) {
	if _, err := New(nil).Pull(t.Context(), platform.Account{}, "x", ""); fault.Code(err) != "platform.feed_unknown" {
		t.Error(err)
	}
}

func FuzzTimeline(f *testing.F) {
	f.Add([]byte(`{"data":[{"id":"1","text":"a &amp; https://t.co/1","entities":{"urls":[{"url":"https://t.co/1","expanded_url":"https://a.id"}]}}],"meta":{"next_token":"x"}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var page timeline
		if json.Unmarshal(body, &page) != nil {
			return
		}
		for _, p := range page.Data {
			i := p.item(platform.Account{RemoteID: "1"}, page.Includes)
			fold(i.Text)
			if p.Metrics != nil {
				p.Metrics.counts()
			}
		}
	})
}

func FuzzProblem(f *testing.F) {
	f.Add(403, []byte(`{"errors":[{"code":187}],"title":"x"}`))
	f.Add(429, []byte(`{}`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		err := refused(safehttp.Answer{Status: status, Header: http.Header{}, Body: body}, platform.Account{}, time.Now())
		if err == nil {
			t.Error("a refusal without an error")
		}
		if r := platform.AsRefusal(err); r != nil && (status >= 500 || r.Code == "" || r.Fix == "") {
			t.Errorf("%d %q: %+v", status, body, r)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"data":{"event_uuid":"u","event_type":"post.reply.create","filter":{"user_id":"1"},"payload":{"id":"2","text":"a"}}}`))
	f.Add([]byte(`{"for_user_id":"1","tweet_create_events":[{"id_str":"2","text":"a","user":{"id_str":"3"}}],"direct_message_events":[{"id":"4","type":"message_create","message_create":{"sender_id":"3","message_data":{"text":"t"}}}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		all, err := New(nil).Parse(body)
		for us, items := range all {
			for _, i := range items {
				if err != nil || us == "" || i.RemoteID == "" || i.Kind == "" {
					t.Errorf("%+v %v", i, err)
				}
			}
		}
	})
}
