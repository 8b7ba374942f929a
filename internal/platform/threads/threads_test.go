package threads

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/graph"
	"kentongan/internal/platform/platformtest"
	"kentongan/internal/safehttp"
	"kentongan/internal/sandbox"
)

// told is a connector whose platform answers as said: the first row whose
// method and end of path fit.
func told(t *testing.T, rows ...answer) (*Connector, platform.Account) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, row := range rows {
			method, end, _ := strings.Cut(row.call, " ")
			if r.Method == method && strings.HasSuffix(r.URL.Path, end) {
				w.WriteHeader(row.status)
				_, _ = w.Write([]byte(row.body))
				return
			}
		}
		w.WriteHeader(http.StatusTeapot)
	}))
	client := safehttp.New(safehttp.Options{AllowLoopback: true})
	t.Cleanup(func() { client.Close(); server.Close() })
	return New(client), platform.Account{BaseURL: server.URL, RemoteID: "27300000000000101", Handle: "kota", Token: platform.Token{Access: "THAATOKEN"},
		App: platform.App{ClientID: "1", ClientSecret: "APPSECRET"}}
}

type answer struct {
	call   string
	status int
	body   string
}

func staged(t *testing.T, out platform.Outgoing) *platformtest.Notes {
	t.Helper()
	n := &platformtest.Notes{}
	if err := n.Save(t.Context(), noteContainer, "c1 "+digest(out)); err != nil {
		t.Fatal(err)
	}
	return n
}

const ready = `{"id":"c1","status":"FINISHED"}`

func problem(code, message string) string {
	return `{"error":{"message":"` + message + `","type":"OAuthException","code":` + code + `,"fbtrace_id":"A"}}`
}

func TestAnswersToPublishing(t *testing.T) {
	for name, c := range map[string]struct {
		state   answer
		publish answer
		outcome platform.Outcome
		code    string
	}{
		"made":                            {answer{"", 200, ready}, answer{"", 200, `{"id":"179"}`}, platform.Published, ""},
		"made without an id":              {answer{"", 200, ready}, answer{"", 200, `{}`}, platform.Unknown, ""},
		"503 with an empty object":        {answer{"", 200, ready}, answer{"", 503, `{}`}, platform.Unknown, ""},
		"a gateway's page":                {answer{"", 200, ready}, answer{"", 502, `<html>`}, platform.Unknown, ""},
		"somebody else's refusal":         {answer{"", 200, ready}, answer{"", 403, `{"title":"Forbidden"}`}, platform.Unknown, ""},
		"too many calls":                  {answer{"", 200, ready}, answer{"", 400, problem("4", "limit")}, platform.Throttled, ""},
		"token":                           {answer{"", 200, ready}, answer{"", 400, problem("190", "expired")}, platform.Refused, "platform.auth_lost"},
		"permission":                      {answer{"", 200, ready}, answer{"", 403, problem("10", "no")}, platform.Refused, "platform.forbidden"},
		"still in work":                   {answer{"", 200, `{"status":"IN_PROGRESS"}`}, answer{"", 418, ""}, platform.Unsent, ""},
		"expired":                         {answer{"", 200, `{"status":"EXPIRED"}`}, answer{"", 418, ""}, platform.Unsent, ""},
		"the file could not be fetched":   {answer{"", 200, `{"status":"ERROR","error_message":"FAILED_DOWNLOADING_VIDEO"}`}, answer{"", 418, ""}, platform.Refused, "platform.media_unreachable"},
		"the file is not what it says":    {answer{"", 200, `{"status":"ERROR","error_message":"INVALID_ASPEC_RATIO"}`}, answer{"", 418, ""}, platform.Refused, "platform.media_refused"},
		"published by an earlier attempt": {answer{"", 200, `{"status":"PUBLISHED"}`}, answer{"", 418, ""}, platform.Unknown, ""},
		"its state cannot be read":        {answer{"", 503, `{}`}, answer{"", 418, ""}, platform.Unsent, ""},
	} {
		c.state.call, c.publish.call = "GET /c1", "POST /threads_publish"
		connector, a := told(t, c.state, c.publish, answer{"GET /179", 200, `{"id":"179","permalink":"https://www.threads.com/@kota/post/x"}`})
		out := platform.Outgoing{Text: "Halo"}
		r, err := connector.Publish(t.Context(), a, out, staged(t, out))
		if got := platform.Classify(r, err); got != c.outcome {
			t.Errorf("%s: %s (%v)", name, got, err)
		}
		if no := platform.AsRefusal(err); c.code != "" && (no == nil || no.Code != c.code) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReadBackAsksTheContainer(t *testing.T) {
	now := time.Now().UTC().Format("2006-01-02T15:04:05-0700")
	mine := `{"id":"179","text":"Halo","media_type":"TEXT_POST","timestamp":"` + now + `","permalink":"https://www.threads.com/@kota/post/x"}`
	for name, c := range map[string]struct {
		state, list string
		found       int
		complete    bool
	}{
		"finished: it was not published":    {ready, `{"data":[` + mine + `]}`, 0, true},
		"published, and in the list":        {`{"status":"PUBLISHED"}`, `{"data":[` + mine + `]}`, 1, true},
		"published, and the list is behind": {`{"status":"PUBLISHED"}`, `{"data":[]}`, 0, false},
	} {
		connector, a := told(t, answer{"GET /c1", 200, c.state}, answer{"GET /me/threads", 200, c.list})
		out := platform.Outgoing{Text: "Halo"}
		f, err := connector.Find(t.Context(), a, platform.Attempt{Out: out, Started: time.Now(), Notes: staged(t, out)})
		if err != nil || len(f.Receipts) != c.found || f.Complete != c.complete {
			t.Errorf("%s: %+v %v", name, f, err)
		}
	}
}

// A container lives a day: what waited longer for its approval is prepared anew.
func TestAContainerThatExpiredIsMadeAnew(t *testing.T) {
	s := pretended(t, "", sandbox.Rules{})
	out, n := platform.Outgoing{Text: "Halo"}, &platformtest.Notes{}
	if err := s.Connector.Stage(t.Context(), s.Account, out, n); err != nil {
		t.Fatal(err)
	}
	first := n.Value(noteContainer)
	res, err := http.Post(s.Control+"/sandbox/clock", "application/json", strings.NewReader(`{"seconds":90000}`))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if r, err := s.Connector.Publish(t.Context(), s.Account, out, n); platform.Classify(r, err) != platform.Unsent {
		t.Errorf("an expired container: %+v %v", r, err)
	}
	if err := s.Connector.Stage(t.Context(), s.Account, out, n); err != nil || n.Value(noteContainer) == first {
		t.Fatalf("staged anew: %v, %q", err, n.Value(noteContainer))
	}
	if r, err := s.Connector.Publish(t.Context(), s.Account, out, n); platform.Classify(r, err) != platform.Published {
		t.Errorf("the new one: %+v %v", r, err)
	}
}

func TestTextIsWeighedAsThreadsDoes(t *testing.T) {
	c, a := told(t)
	for text, want := range map[string]int{"Halo": 4, "énjing": 6, "ꦗꦮ": 2, "😀": 4, "🇮🇩": 8, "❤️": 6, "👍🏽": 8} {
		if got := c.Count(a, platform.Outgoing{Text: text}).Used; got != want {
			t.Errorf("%s weighs %d, not %d", text, got, want)
		}
	}
	film := platform.Media{Key: "media.0", Type: "video/mp4", Size: 5, URL: "https://x.example/a.mp4", Open: platform.Bytes([]byte("abcde"))}
	hidden, long := film, film
	hidden.URL, long.Length = "", time.Hour
	for name, row := range map[string]struct {
		out  platform.Outgoing
		want string
	}{
		"126 emoji":                       {platform.Outgoing{Text: strings.Repeat("😀", 126)}, "platform.text_too_long"},
		"six links":                       {platform.Outgoing{Text: strings.Repeat("https://a.id ", 6)}, "platform.too_many_links"},
		"five links and one for the card": {platform.Outgoing{Text: strings.Repeat("https://a.id ", 5), Link: "https://b.id"}, "platform.too_many_links"},
		"nothing":                         {platform.Outgoing{}, "platform.invalid"},
		"a film without a public address": {platform.Outgoing{Text: "x", Media: []platform.Media{hidden}}, "platform.needs_public_media"},
		"a film of an hour":               {platform.Outgoing{Text: "x", Media: []platform.Media{long}}, "platform.video_too_long"},
		"21 files":                        {platform.Outgoing{Text: "x", Media: slices.Repeat([]platform.Media{film}, 21)}, "platform.media_too_many"},
	} {
		if no := c.Check(a, row.out); len(no) == 0 || no[0].Code != row.want {
			t.Errorf("%s: %+v", name, no)
		}
		if r := platform.AsRefusal(c.Stage(t.Context(), a, row.out, &platformtest.Notes{})); r == nil || r.Code != row.want {
			t.Errorf("%s: staged: %+v", name, r)
		}
	}
}

// The second step is never skipped, and the token never stands in an address.
func TestTextIsNeverPublishedInOneStep(t *testing.T) {
	tape := &platformtest.Tape{}
	s := taped(t, "", sandbox.Rules{}, tape)
	n, out := &platformtest.Notes{}, platform.Outgoing{Text: "Halo", Link: "https://tirtawangi.example"}
	const state = "GET /threads/v1.0/:id query fields"
	got := tape.Sent(t, func() error { return s.Connector.Stage(t.Context(), s.Account, out, n) })
	if want := []string{"POST /threads/v1.0/me/threads x-www-form-urlencoded media_type,text", state}; !slices.Equal(got, want) {
		t.Errorf("staging sent %v", got)
	}
	got = tape.Sent(t, func() error { _, err := s.Connector.Publish(t.Context(), s.Account, out, n); return err })
	if want := []string{state, "POST /threads/v1.0/me/threads_publish x-www-form-urlencoded creation_id", state}; !slices.Equal(got, want) {
		t.Errorf("publishing sent %v", got)
	}
	if tape.Header().Get("Authorization") != "Bearer "+s.Account.Token.Access {
		t.Errorf("headers %v", tape.Header())
	}
}

// The second level follows the first; hiding it alone is refused by name.
func TestOnlyTheFirstLevelCanBeHidden(t *testing.T) {
	c, a := told(t, answer{"POST /manage_reply", 400, problem("100", "Only top-level replies can be hidden")})
	if r := platform.AsRefusal(c.SetHidden(t.Context(), a, "18", true)); r == nil || r.Code != "platform.hide_unsupported" || r.Fix != platform.FixNobody {
		t.Errorf("got %+v", r)
	}
}

func TestWhatIsPushed(t *testing.T) {
	for name, row := range map[string]struct {
		field, value string
		want         platform.Item
	}{
		"a reply": {"replies", `{"id":"8","username":"sri","text":"a","media_type":"TEXT_POST","timestamp":"2026-11-23T07:00:00+0000","replied_to":{"id":"7"},"root_post":{"id":"6","owner_id":"111"}}`,
			platform.Item{Kind: platform.Comment, RemoteID: "8", Thread: "6", InReplyTo: "7", AuthorID: "sri"}},
		"a mention": {"mentions", `{"id":"8","username":"sri","text":"a","timestamp":"2026-11-23T07:00:00+0000"}`,
			platform.Item{Kind: platform.Mention, RemoteID: "8", Thread: "8", AuthorID: "sri"}},
		"our own post": {"publish", `{"id":"8","username":"kota","timestamp":"2026-11-23T07:00:00+0000"}`,
			platform.Item{Kind: platform.OwnPost, RemoteID: "8", Thread: "8", AuthorID: "111"}},
		"our own post taken away": {"delete", `{"id":"8","owner":{"owner_id":"111"},"deleted_at":"2026-11-23T07:00:00+0000"}`,
			platform.Item{Kind: platform.OwnPost, RemoteID: "8", Thread: "8", AuthorID: "111", Deleted: true}},
	} {
		all, err := New(nil).Parse([]byte(`{"app_id":"1","topic":"moderate","target_id":"111","time":1764000000,"values":{"field":"` + row.field + `","value":` + row.value + `}}`))
		if err != nil || len(all["111"]) != 1 {
			t.Errorf("%s: %v %v", name, all, err)
			continue
		}
		i, w := all["111"][0], row.want
		if i.Kind != w.Kind || i.RemoteID != w.RemoteID || i.Thread != w.Thread || i.InReplyTo != w.InReplyTo || i.AuthorID != w.AuthorID || i.Deleted != w.Deleted || i.At.IsZero() || i.Seq == "" {
			t.Errorf("%s: %+v", name, i)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"app_id":"1","topic":"moderate","target_id":"7","time":1,"values":{"value":{"id":"8","username":"w","text":"a","timestamp":"2026-11-23T07:00:00+0000","replied_to":{"id":"5"},"root_post":{"id":"4","owner_id":"7"}},"field":"replies"}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		all, err := New(nil).Parse(body)
		for us, items := range all {
			for _, i := range items {
				if err != nil || us == "" || i.RemoteID == "" || i.Kind == "" || i.Seq == "" || i.Thread == "" {
					t.Errorf("%+v %v", i, err)
				}
			}
		}
	})
}

func FuzzReplies(f *testing.F) {
	f.Add([]byte(`{"data":[{"id":"1","text":"a","username":"w","timestamp":"2026-11-23T07:00:00+0000","media_type":"CAROUSEL_ALBUM","children":{"data":[{"id":"3"}]},"root_post":{"id":"2"},"replied_to":{"id":"2"},"hide_status":"HIDDEN"}],"paging":{"next":"https://x/?after=b"}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		l, _, err := graph.ReadList[post](safehttp.Answer{Status: 200, Body: body})
		if err != nil {
			return
		}
		for _, p := range l.Data {
			p.files()
			if i := p.item(platform.Account{Handle: "kota"}, platform.Comment, "9"); i.Thread != "9" {
				t.Errorf("%+v", i)
			}
		}
	})
}
