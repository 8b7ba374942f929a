package sandbox

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	//lint:ignore SA1019 no longer developed; the only client for contracts that still have v1.1
	"github.com/dghubble/go-twitter/twitter"
)

// ear is an address that passes the platforms' checks and keeps what is pushed.
type ear struct {
	url, secret, verify string
	mu                  sync.Mutex
	bodies              [][]byte
	signatures          []string
	refuse              int
}

func listen(t *testing.T, app App) *ear {
	e := &ear{secret: app.ClientSecret, verify: app.VerifyToken}
	srv := httptest.NewServer(e)
	t.Cleanup(srv.Close)
	e.url = srv.URL
	return e
}

func (e *ear) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	switch {
	case q.Get("crc_token") != "":
		fmt.Fprintf(w, `{"response_token": "sha256=%s"}`, base64.StdEncoding.EncodeToString(sign(e.secret, []byte(q.Get("crc_token")))))
		return
	case q.Get("hub.mode") == "subscribe" && q.Get("hub.verify_token") == e.verify:
		fmt.Fprint(w, q.Get("hub.challenge"))
		return
	case r.Method == http.MethodGet:
		w.WriteHeader(http.StatusForbidden)
		return
	}
	body, _ := io.ReadAll(r.Body)
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.refuse > 0 {
		e.refuse--
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	e.bodies = append(e.bodies, body)
	e.signatures = append(e.signatures, r.Header.Get("X-Hub-Signature-256")+r.Header.Get("x-twitter-webhooks-signature"))
}

func TestFacebookPushIsSignedOverEscapedBytes(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Seed: 1})
	me := s.credential(t, Facebook, "")
	e := listen(t, me.App)
	ctx := context.Background()
	if err := s.Register(ctx, Hook{Platform: Facebook, URL: e.url}); err != nil {
		t.Fatal(err)
	}
	root := send(t, request{method: "POST", url: me.BaseURL + "/v25.0/me/feed", bearer: me.Token.Access, json: map[string]any{"message": "Halo"}}).str("id")
	id, err := s.Say(Saying{Platform: Facebook, InReplyTo: root, Text: "Tolong 🙏 – air/listrik mati", Author: "Bu Sri"})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "pushed", s.Deliver(ctx), 2)
	body := e.bodies[1]
	want(t, "signature", e.signatures[1], "sha256="+hex.EncodeToString(sign(me.App.ClientSecret, body)))
	if !bytes.Contains(body, []byte(`Tolong \ud83d\ude4f \u2013 air\/listrik`)) {
		t.Errorf("not escaped: %s", body)
	}
	var got any
	if err := json.Unmarshal(body, &got); err != nil {
		t.Fatal(err)
	}
	r := reply{json: got}
	want(t, "comment", r.str("entry.0.changes.0.value.comment_id"), id)
	want(t, "post", r.str("entry.0.changes.0.value.post_id"), root)
	want(t, "page", r.str("entry.0.id"), me.AccountID)
	want(t, "text", r.str("entry.0.changes.0.value.message"), "Tolong 🙏 – air/listrik mati")
}

func TestXPushesInBothShapes(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Seed: 1})
	me := s.credential(t, X, "")
	ctx := context.Background()
	activity, account := listen(t, me.App), listen(t, me.App)
	for _, h := range []Hook{{Platform: X, URL: activity.url}, {Platform: X, URL: account.url, Shape: shapeAccount}} {
		if err := s.Register(ctx, h); err != nil {
			t.Fatal(err)
		}
	}
	root := send(t, request{method: "POST", url: me.BaseURL + "/2/tweets", bearer: me.Token.Access, json: map[string]any{"text": "Halo"}}).str("data.id")
	id, _ := s.Say(Saying{Platform: X, InReplyTo: root, Text: "Kapan?", Author: "bu_sri"})
	s.Deliver(ctx)
	var v any
	_ = json.Unmarshal(activity.bodies[1], &v)
	a := reply{json: v}
	want(t, "event", a.str("data.event_type"), "post.reply.create")
	want(t, "post", a.str("data.payload.id"), id)
	want(t, "signature", activity.signatures[1], "sha256="+base64.StdEncoding.EncodeToString(sign(me.App.ClientSecret, activity.bodies[1])))
	var shaped struct {
		ForUserID string           `json:"for_user_id"`
		Events    []*twitter.Tweet `json:"tweet_create_events"`
	}
	if err := json.Unmarshal(account.bodies[1], &shaped); err != nil || shaped.ForUserID != me.AccountID || shaped.Events[0].IDStr != id || shaped.Events[0].InReplyToStatusIDStr != root {
		t.Errorf("account activity: %v %+v", err, shaped)
	}
}

func TestWebhooksComeTwiceOutOfOrderAndAgain(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Seed: 1})
	me := s.credential(t, X, "")
	ctx := context.Background()
	e := listen(t, me.App)
	if err := s.Register(ctx, Hook{Platform: X, URL: e.url}); err != nil {
		t.Fatal(err)
	}
	speak := func(text string) {
		if _, err := s.Say(Saying{Platform: X, Text: "@" + me.Handle + " " + text, Author: "bu_sri"}); err != nil {
			t.Fatal(err)
		}
	}
	s.AddFault(Fault{Platform: X, Kind: faultHookTwice})
	speak("satu")
	want(t, "twice", s.Deliver(ctx), 2)
	want(t, "the same bytes", string(e.bodies[0]), string(e.bodies[1]))
	s.AddFault(Fault{Platform: X, Kind: faultHookOrder})
	speak("dua")
	want(t, "held until there is another", s.Deliver(ctx), 0)
	speak("tiga")
	want(t, "both", s.Deliver(ctx), 2)
	if !strings.Contains(string(e.bodies[2]), "tiga") || !strings.Contains(string(e.bodies[3]), "dua") {
		t.Error("not turned round")
	}
	e.refuse = 1
	speak("empat")
	want(t, "refused", s.Deliver(ctx), 0)
	want(t, "kept for later", len(s.queue), 1)
	if err := s.Register(ctx, Hook{Platform: X, URL: e.url + "/?x=1"}); err != nil {
		t.Errorf("an address with a query: %v", err)
	}
	e.secret = "wrong"
	if err := s.Register(ctx, Hook{Platform: X, URL: e.url}); err == nil {
		t.Error("a wrong answer to the check was taken")
	}
}
