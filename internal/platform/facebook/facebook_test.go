package facebook

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

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
	return New(client), platform.Account{BaseURL: server.URL, RemoteID: "111", Token: platform.Token{Access: "EAATOKEN"},
		App: platform.App{ClientID: "1", ClientSecret: "APPSECRET"}}
}

func problem(code, subcode string) string {
	return `{"error":{"message":"said","type":"OAuthException","code":` + code + `,"error_subcode":` + subcode + `,"fbtrace_id":"A"}}`
}

func TestAnswersToAPost(t *testing.T) {
	for name, c := range map[string]struct {
		status  int
		body    string
		outcome platform.Outcome
		code    string
	}{
		"made":                         {200, `{"id":"111_1"}`, platform.Published, ""},
		"made without an id":           {200, `{}`, platform.Unknown, ""},
		"just true":                    {200, `true`, platform.Unknown, ""},
		"an empty success":             {200, ``, platform.Unknown, ""},
		"cut off":                      {200, `{"id":"111`, platform.Unknown, ""},
		"503 with an empty object":     {503, `{}`, platform.Unknown, ""},
		"an error that is no object":   {500, `{"error":"boom"}`, platform.Unknown, ""},
		"the same with a good status":  {200, `{"error":"boom"}`, platform.Unknown, ""},
		"an error without a code":      {400, `{"error":{"message":"x"}}`, platform.Unknown, ""},
		"a gateway's page":             {502, `<html>`, platform.Unknown, ""},
		"unknown":                      {500, problem("1", "0"), platform.Unknown, ""},
		"service":                      {500, problem("2", "0"), platform.Unknown, ""},
		"duplicate":                    {400, problem("506", "1455006"), platform.Unknown, ""},
		"a code nobody knows":          {400, problem("99999", "0"), platform.Unknown, ""},
		"app limit":                    {400, problem("4", "0"), platform.Throttled, ""},
		"user limit":                   {400, problem("17", "0"), platform.Throttled, ""},
		"page limit":                   {400, problem("32", "0"), platform.Throttled, ""},
		"341":                          {400, problem("341", "0"), platform.Throttled, ""},
		"613":                          {400, problem("613", "0"), platform.Throttled, ""},
		"business limit":               {400, problem("80001", "0"), platform.Throttled, ""},
		"token":                        {400, problem("190", "463"), platform.Refused, "platform.auth_lost"},
		"session":                      {401, problem("102", "0"), platform.Refused, "platform.auth_lost"},
		"permission":                   {403, problem("200", "0"), platform.Refused, "platform.forbidden"},
		"permission of the app":        {403, problem("10", "0"), platform.Refused, "platform.forbidden"},
		"blocked":                      {400, problem("368", "0"), platform.Refused, "platform.account_blocked"},
		"security check":               {400, problem("100", "1404006"), platform.Refused, "platform.account_blocked"},
		"bad parameter":                {400, problem("100", "0"), platform.Refused, "platform.invalid"},
		"the message answered is gone": {400, problem("100", "33"), platform.Refused, "platform.parent_gone"},
		"the link cannot be opened":    {400, problem("100", "1609005"), platform.Refused, "platform.link_refused"},
		"moved":                        {307, ``, platform.Unknown, ""},
		"a refusal as it broke down":   {500, problem("100", "0"), platform.Unknown, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c1, a := told(t, c.status, map[string]string{"X-Business-Use-Case-Usage": `{"111":[{"type":"pages","call_count":100,"estimated_time_to_regain_access":7}]}`}, c.body)
			var quota platform.Quota
			ctx := platform.WithQuota(t.Context(), func(q platform.Quota) { quota = q })
			r, err := c1.Publish(ctx, a, platform.Outgoing{Text: "x", InReplyTo: "9"}, &platformtest.Notes{})
			if got := platform.Classify(r, err); got != c.outcome {
				t.Fatalf("got %s: %v", got, err)
			}
			if c.code != "" && (platform.AsRefusal(err).Code != c.code || platform.AsRefusal(err).Fix == "") {
				t.Errorf("got %+v", platform.AsRefusal(err))
			}
			if u, ok := errors.AsType[*platform.Unclear](err); ok && u.Duplicate != (name == "duplicate") {
				t.Errorf("duplicate: %+v", u)
			}
			minutes := time.Until(quota.Reset).Minutes()
			if quota.Remaining != 0 || minutes < 6 || minutes > 8 {
				t.Errorf("quota %+v", quota)
			}
			if th, ok := errors.AsType[*platform.Throttle](err); ok && time.Until(th.Until).Minutes() < 6 {
				t.Errorf("until %v", th.Until)
			}
		})
	}
}

// The requests of huandu/facebook and Meta's own SDK (captured 23 November
// 2026), with the token in the header instead of the body.
func TestRequestsAreThoseOfTheOfficialClients(t *testing.T) {
	tape := &platformtest.Tape{}
	s := taped(t, "", sandbox.Rules{RequireProof: true}, tape)
	ctx, a := t.Context(), s.Account
	c := s.Connector.(*Connector)
	notes := &platformtest.Notes{}
	media := []platform.Media{{Key: "media.0", Type: "image/png", Alt: "peta", Size: 12, Open: platform.Bytes([]byte("\x89PNG\r\n\x1a\n0000"))}}
	var post, answer platform.Receipt
	for _, step := range []struct {
		do   func() error
		want []string
	}{
		{func() (err error) {
			post, err = c.Publish(ctx, a, platform.Outgoing{Text: "Halo warga", Link: "https://tirtawangi.example"}, notes)
			return err
		}, []string{"POST /fb/v25.0/:id/feed x-www-form-urlencoded appsecret_proof,format,link,message"}},
		{func() error { return c.Stage(ctx, a, platform.Outgoing{Media: media}, notes) },
			[]string{"POST /fb/v25.0/:id/photos form-data alt_text_custom,appsecret_proof,format,published,source"}},
		{func() error {
			_, err := c.Publish(ctx, a, platform.Outgoing{Text: "Halo gambar", Media: media}, notes)
			return err
		}, []string{"POST /fb/v25.0/:id/feed x-www-form-urlencoded appsecret_proof,attached_media,format,message"}},
		{func() (err error) {
			answer, err = c.Publish(ctx, a, platform.Outgoing{Text: "Terima kasih", InReplyTo: post.RemoteID}, notes)
			return err
		}, []string{"POST /fb/v25.0/:id/comments x-www-form-urlencoded appsecret_proof,format,message"}},
		{func() error { _, err := c.PullThread(ctx, a, platform.Watch{RemoteID: post.RemoteID}, ""); return err },
			[]string{"GET /fb/v25.0/:id/comments query appsecret_proof,fields,filter,format,limit,order"}},
		{func() error { return c.Delete(ctx, a, answer.RemoteID) },
			[]string{"POST /fb/v25.0/:id x-www-form-urlencoded appsecret_proof,format,method"}},
	} {
		if got := tape.Sent(t, step.do); !slices.Equal(got, step.want) {
			t.Errorf("sent\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(step.want, "\n  "))
		}
		if tape.Header().Get("Authorization") != "Bearer "+a.Token.Access {
			t.Errorf("headers %v", tape.Header())
		}
	}
	a.App.ClientSecret = "wrong"
	if _, err := c.Publish(ctx, a, platform.Outgoing{Text: "x"}, notes); platform.AsRefusal(err) == nil {
		t.Errorf("a wrong proof: %v", err)
	}
}

// Where the token may not see who wrote a comment, a look is not complete.
func TestCommentWithoutAnAuthorIsNoProof(t *testing.T) {
	now := time.Now().UTC().Format("2006-01-02T15:04:05-0700")
	c, a := told(t, 200, nil, `{"data":[{"id":"1_2","message":"Terima  kasih","created_time":"`+now+`"}]}`)
	at := platform.Attempt{Out: platform.Outgoing{Text: "Terima kasih", InReplyTo: "1"}, Started: time.Now()}
	if f, err := c.Find(t.Context(), a, at); err != nil || f.Complete || len(f.Receipts) != 0 {
		t.Errorf("%+v %v", f, err)
	}
	c, a = told(t, 200, nil, `{"data":[],"paging":{"next":"https://graph.example/x?access_token=EAATOKEN"}}`)
	if f, err := c.Find(t.Context(), a, at); err == nil || f.Complete || strings.Contains(err.Error(), "EAATOKEN") {
		t.Errorf("a page that cannot be turned: %+v %v", f, err)
	}
	c, a = told(t, 200, nil, `{"ok":true}`)
	if f, err := c.Find(t.Context(), a, at); err == nil || f.Complete {
		t.Errorf("no list: %+v %v", f, err)
	}
}

func TestTimes(t *testing.T) {
	for _, s := range []string{`"2026-11-23T07:00:00+0000"`, `"2026-11-23T14:00:00+07:00"`, `"2026-11-23T07:00:00Z"`} {
		var w when
		if err := json.Unmarshal([]byte(s), &w); err != nil || w.Hour() != 7 {
			t.Errorf("%s: %v %v", s, w, err)
		}
	}
}

func FuzzList(f *testing.F) {
	f.Add([]byte(`{"data":[{"id":"1","message":"a","created_time":"2026-11-23T07:00:00+0000","from":{"id":"2"},"attachments":{"data":[{"media_type":"album","subattachments":{"data":[{}]}}]}}],"paging":{"next":"https://x/?after=b"}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		l, _, err := readList(safehttp.Answer{Status: 200, Body: body})
		if err != nil {
			return
		}
		for _, n := range l.Data {
			n.pictures()
			n.comment(platform.Account{RemoteID: "1"}, "9")
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"object":"page","entry":[{"id":"1","time":1,"changes":[{"field":"feed","value":{"item":"comment","verb":"add","post_id":"1_2","comment_id":"1_2_3","from":{"id":"5","name":"W"},"message":"a","created_time":1}}],"messaging":[{"sender":{"id":"4"},"timestamp":1,"message":{"mid":"m","text":"t"}}]}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		all, err := New(nil).Parse(body)
		for us, items := range all {
			for _, i := range items {
				if err != nil || us == "" || i.RemoteID == "" || i.Kind == "" || i.Seq == "" {
					t.Errorf("%+v %v", i, err)
				}
			}
		}
	})
}
