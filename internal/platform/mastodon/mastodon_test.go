package mastodon

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/platformtest"
	"kentongan/internal/safehttp"
	"kentongan/internal/sandbox"
)

// server is a connector and an account at a server written for one test.
func server(t *testing.T, h http.Handler) (*Connector, platform.Account) {
	t.Helper()
	s := httptest.NewServer(h)
	client := safehttp.New(safehttp.Options{AllowLoopback: true})
	t.Cleanup(func() { client.Close(); s.Close() })
	return New(client), platform.Account{BaseURL: s.URL, RemoteID: "1", Token: platform.Token{Access: "SECRETTOKEN"}}
}

func told(t *testing.T, status int, header map[string]string, body string) (*Connector, platform.Account) {
	return server(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for k, v := range header {
			w.Header().Set(k, v)
		}
		w.WriteHeader(status)
		w.Write([]byte(body))
	}))
}

func TestAnswersToAPost(t *testing.T) {
	for name, c := range map[string]struct {
		status  int
		body    string
		outcome platform.Outcome
		code    string
	}{
		"made":                           {200, `{"id":"1","created_at":"2026-11-23T07:00:00.000Z"}`, platform.Published, ""},
		"made without an id":             {200, `{}`, platform.Unknown, ""},
		"a page instead":                 {200, `<html>`, platform.Unknown, ""},
		"bad token, Mastodon":            {401, `{"error":"The access token is invalid"}`, platform.Refused, "platform.auth_lost"},
		"bad token, GoToSocial":          {401, `{"error":"Unauthorized: token not supplied"}`, platform.Refused, "platform.auth_lost"},
		"bad token, snac2":               {422, ``, platform.Refused, "platform.auth_lost"},
		"too long, Mastodon":             {422, `{"error":"Validation failed: Text character limit of 500 exceeded"}`, platform.Refused, "platform.text_too_long"},
		"too long, GoToSocial":           {400, `{"error":"Bad Request: text with spoiler exceed max chars (5000)"}`, platform.Refused, "platform.text_too_long"},
		"something else invalid":         {422, `{"error":"Validation failed"}`, platform.Refused, "platform.invalid"},
		"the media are not ready":        {422, `{"error":"Cannot attach files that have not finished processing. Try again in a moment!"}`, platform.Unsent, ""},
		"not allowed":                    {403, `{"error":"This action is not allowed"}`, platform.Refused, "platform.forbidden"},
		"a gateway's 403":                {403, `{"title":"Forbidden","status":403}`, platform.Unknown, ""},
		"too many":                       {429, `{"error":"Too many requests"}`, platform.Throttled, ""},
		"503":                            {503, `{"error":"x"}`, platform.Unknown, ""},
		"moved":                          {308, ``, platform.Unknown, ""},
		"the status answered is deleted": {404, `{"error":"Record not found"}`, platform.Refused, "platform.parent_gone"},
	} {
		t.Run(name, func(t *testing.T) {
			c1, a := told(t, c.status, map[string]string{"X-RateLimit-Reset": "2026-11-23T08:00:00.000000Z", "X-RateLimit-Remaining": "7"}, c.body)
			notes := &platformtest.Notes{}
			notes.Save(t.Context(), noteParent, `{"visibility":"public","acct":"warga@other.example"}`)
			var quota platform.Quota
			ctx := platform.WithQuota(t.Context(), func(q platform.Quota) { quota = q })
			r, err := c1.Publish(ctx, a, platform.Outgoing{Text: "x", InReplyTo: "9"}, notes)
			if got := platform.Classify(r, err); got != c.outcome {
				t.Fatalf("got %s: %v", got, err)
			}
			if c.code != "" && platform.AsRefusal(err).Code != c.code {
				t.Errorf("got %+v", platform.AsRefusal(err))
			}
			if th, ok := errors.AsType[*platform.Throttle](err); ok && th.Until.Hour() != 8 {
				t.Errorf("until %v", th.Until)
			}
			if quota.Remaining != 7 || quota.Reset.Hour() != 8 {
				t.Errorf("quota %+v", quota)
			}
		})
	}
}

func TestPlainText(t *testing.T) {
	for _, c := range [][2]string{
		{`<p>Halo &amp; selamat<br>pagi</p><p>Baris &lt;dua&gt;</p>`, "Halo & selamat\npagi\n\nBaris <dua>"},
		{`<p><span class="h-card"><a href="https://a.example/@humas" class="u-url mention">@<span>humas</span></a></span> apa kabar</p>`, "@humas apa kabar"},
		{`<p><a href="https://tirtawangi.example/berita/panjang?a=1&amp;b=2" rel="nofollow"><span class="invisible">https://</span><span class="ellipsis">tirtawangi.example/beri</span><span class="invisible">ta</span></a>.</p>`, "https://tirtawangi.example/berita/panjang?a=1&b=2."},
		{`<p><a href="https://a.example/tags/banjir" class="mention hashtag" rel="tag">#<span>banjir</span></a></p>`, "#banjir"},
		{`<ul><li>satu</li><li>dua</li></ul>`, "satu\ndua"},
		{`<script>alert(1)</script>teks`, "alert(1)teks"},
		{`tanpa html`, "tanpa html"},
	} {
		if got := plain(c[0]); got != c[1] {
			t.Errorf("%s\n got %q\nwant %q", c[0], got, c[1])
		}
	}
}

func TestFoldSeesThroughTheServersMarks(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"@warga@lain.example Terima kasih", "@warga Terima kasih", true},
		{"Terima kasih", "@warga Terima kasih", true},
		{"Jalan *Melati*  ditutup", "Jalan Melati ditutup", true},
		{"“Harga” naik", "\"Harga\" naik", true},
		{"Pukul 08.00", "Pukul 09.00", false},
		{"Jalan ditutup 🙏", "Jalan ditutup", false},
	} {
		if got := fold(c.a) == fold(c.b); got != c.same {
			t.Errorf("%q and %q: %q %q", c.a, c.b, fold(c.a), fold(c.b))
		}
	}
}

func TestCount(t *testing.T) {
	c := New(nil)
	for text, want := range map[string]int{
		"Halo": 4, "https://tirtawangi.example/sangat/panjang/sekali/ya": 23, "@warga@lain.example hai": 10, "e\u0301": 1, "🙏": 1,
	} {
		if got := c.Count(platform.Account{}, platform.Outgoing{Text: text}); got.Used != want || got.Limit != 500 {
			t.Errorf("%q: %+v, want %d", text, got, want)
		}
	}
}

// A server may treat min_id as since_id and give the newest page: what lies
// between it and the cursor must not be lost.
func TestNothingIsLostOnServersThatMisreadMinID(t *testing.T) {
	start := time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)
	c, a := server(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		after, _ := strconv.Atoi(r.URL.Query().Get("min_id") + r.URL.Query().Get("since_id"))
		before, err := strconv.Atoi(r.URL.Query().Get("max_id"))
		if err != nil {
			before = 1000
		}
		list := []map[string]any{}
		for n := min(before-1, 150); n > after && len(list) < 40; n-- {
			at := start.Add(time.Duration(n) * time.Second)
			list = append(list, map[string]any{"id": strconv.Itoa(n), "type": "mention", "created_at": at,
				"status": map[string]any{"id": "s" + strconv.Itoa(n), "created_at": at, "content": "x", "account": map[string]string{"id": "5"}}})
		}
		json.NewEncoder(w).Encode(list)
	}))
	cursor, heard := mark{ID: "10", At: start.Add(10 * time.Second)}.String(), map[string]int{}
	for more := true; more; {
		page, err := c.Pull(t.Context(), a, feedMentions, cursor)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range page.Items {
			heard[i.RemoteID]++
		}
		cursor, more = page.Cursor, page.More
	}
	for n := 11; n <= 150; n++ {
		if heard[fmt.Sprintf("s%d", n)] != 1 {
			t.Errorf("s%d heard %d times", n, heard[fmt.Sprintf("s%d", n)])
		}
	}
	if len(heard) != 140 {
		t.Errorf("%d heard", len(heard))
	}
}

// A look that cannot reach back to the attempt must say so.
func TestLookThatDoesNotReachBackIsNotComplete(t *testing.T) {
	now := time.Now().UTC()
	full := func(_ string) []map[string]any {
		var list []map[string]any
		for n := range pageSize {
			list = append(list, map[string]any{"id": fmt.Sprint("x", n), "created_at": now, "content": "lain"})
		}
		return list
	}
	c, a := server(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		json.NewEncoder(w).Encode(full(r.URL.Query().Get("max_id"))) // always the same page
	}))
	f, err := c.Find(t.Context(), a, platform.Attempt{Out: platform.Outgoing{Text: "Halo"}, Started: now})
	if err != nil || f.Complete || len(f.Receipts) != 0 {
		t.Errorf("%+v %v", f, err)
	}
}

func TestAnswerIsAsPrivateAsItsQuestion(t *testing.T) {
	tape := &platformtest.Tape{}
	s := pretended(t, sandbox.Rules{}, tape.Wrap)
	form := map[string][]string{"status": {"Baik, kami cek."}}
	if err := address(form, platform.Outgoing{Text: "Baik, kami cek.", InReplyTo: "9"}, `{"visibility":"direct","acct":"warga@lain.example"}`); err != nil {
		t.Fatal(err)
	}
	if form["visibility"][0] != "direct" || form["status"][0] != "@warga@lain.example Baik, kami cek." {
		t.Errorf("%v", form)
	}
	if err := address(form, platform.Outgoing{InReplyTo: "9"}, ""); platform.Classify(platform.Receipt{}, err) != platform.Unsent {
		t.Errorf("without knowing the question: %v", err)
	}
	if got := tape.Sent(t, func() error {
		_, err := s.Connector.Publish(t.Context(), s.Account, platform.Outgoing{Key: "kunci", Text: "Halo", Link: "https://a.example"}, &platformtest.Notes{})
		return err
	}); !slices.Equal(got, []string{"POST /masto/api/v1/statuses x-www-form-urlencoded status"}) {
		t.Errorf("sent %v", got)
	}
	if h := tape.Header(); h.Get("Idempotency-Key") != "kunci" || h.Get("Authorization") != "Bearer "+s.Account.Token.Access {
		t.Errorf("headers %v", h)
	}
	media := []platform.Media{{Key: "media.0", Type: "image/png", Alt: "peta", Size: 12, Open: platform.Bytes([]byte("\x89PNG\r\n\x1a\n0000"))}}
	got := tape.Sent(t, func() error {
		return s.Connector.Stage(t.Context(), s.Account, platform.Outgoing{Media: media}, &platformtest.Notes{})
	})
	if !slices.Contains(got, "POST /masto/api/v2/media form-data description,file") {
		t.Errorf("sent %s", strings.Join(got, "\n"))
	}
}

func FuzzPlain(f *testing.F) {
	for _, s := range []string{`<p>a<br/>b</p>`, `<a href="https://x">y`, `&#0;&lt;`, "<a class=mention>@x</a>", "\xff<"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := plain(s); len(got) > 3*len(s)+16 {
			t.Errorf("%q grew to %d", s, len(got))
		}
		fold(plain(s))
	})
}

func FuzzStatuses(f *testing.F) {
	f.Add([]byte(`[{"id":"1","created_at":"2026-11-23T07:00:00.000Z","content":"<p>a</p>","account":{"id":"2"},"edited_at":null,"in_reply_to_id":null}]`), `<https://a/?max_id=1>; rel="next"`)
	f.Fuzz(func(t *testing.T, body []byte, link string) {
		var list []status
		if json.Unmarshal(body, &list) != nil {
			return
		}
		for _, s := range list {
			s.item(platform.Account{RemoteID: "1"}, "r")
		}
		older(http.Header{"Link": {link}}, "last")
	})
}

func FuzzRefused(f *testing.F) {
	f.Add(422, []byte(`{"error":"x","error_description":"y"}`), "2026-11-23T07:00:00Z")
	f.Fuzz(func(t *testing.T, code int, body []byte, when string) {
		words, _ := said(body)
		err := refused(safehttp.Answer{Status: code, Header: http.Header{"X-Ratelimit-Reset": {when}, "Retry-After": {when}}, Body: body}, safehttp.Said(words), time.Now())
		if err == nil {
			t.Error("a refusal without an error")
		}
	})
}
