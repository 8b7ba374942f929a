package x

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
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

// citizen is what happens at the platform without us.
func citizen(t *testing.T, control, deed string, what map[string]any) string {
	t.Helper()
	what["platform"] = Name
	raw, err := json.Marshal(what)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.Post(control+"/sandbox/"+deed, "application/json", bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var said struct{ ID string }
	if err := json.NewDecoder(res.Body).Decode(&said); err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(deed, res.StatusCode, err)
	}
	return said.ID
}

// The trap of PLATFORMS: go-twitter takes X's v2 problem for success.
func TestA403ProblemJSONIsNoSuccess(t *testing.T) {
	const problem = `{"title":"Forbidden","status":403,"detail":"You are not permitted to perform this action.","type":"about:blank"}`
	for _, mode := range []string{"", V11} {
		c, a := told(t, http.StatusForbidden, map[string]string{"Content-Type": "application/problem+json"}, problem)
		a.Mode = mode
		if mode == V11 {
			a.Token.Secret = "s"
		}
		r, err := c.Publish(t.Context(), a, platform.Outgoing{Text: "x"}, &platformtest.Notes{})
		if got := platform.Classify(r, err); got == platform.Published || r.RemoteID != "" {
			t.Errorf("mode %q: %s %+v", mode, got, r)
		}
	}
}

func TestA503EmptyObjectIsNoSuccess(t *testing.T) {
	c, a := told(t, http.StatusServiceUnavailable, nil, `{}`)
	if r, err := c.Publish(t.Context(), a, platform.Outgoing{Text: "x"}, &platformtest.Notes{}); platform.Classify(r, err) != platform.Unknown {
		t.Errorf("%+v %v", r, err)
	}
}

// A 200 may carry data and errors at once: what is there counts.
func TestAPartialAnswerIsRead(t *testing.T) {
	for _, names := range []string{"retweet_count", "repost_count"} {
		c, a := told(t, http.StatusOK, nil, `{"data":[{"id":"1","text":"a","public_metrics":{"like_count":4,"`+names+`":2}}],"errors":[{"value":"2","title":"Not Found Error","type":"https://api.twitter.com/2/problems/resource-not-found"}]}`)
		all, err := c.Measure(t.Context(), a, []string{"1", "2"})
		if err != nil || len(all) != 1 || all["1"]["likes"] != 4 || all["1"]["shares"] != 2 {
			t.Errorf("%s: %v %v", names, all, err)
		}
	}
}

func TestTheDaysAllowanceIsRespected(t *testing.T) {
	day := time.Now().Add(5 * time.Hour).Unix()
	headers := map[string]string{"x-rate-limit-remaining": "90", "x-rate-limit-reset": strconv.FormatInt(time.Now().Add(time.Minute).Unix(), 10),
		"x-app-limit-24hour-remaining": "0", "x-app-limit-24hour-reset": strconv.FormatInt(day, 10)}
	c, a := told(t, http.StatusTooManyRequests, headers, `{"title":"Too Many Requests","status":429,"type":"about:blank"}`)
	var seen platform.Quota
	ctx := platform.WithQuota(t.Context(), func(q platform.Quota) { seen = q })
	_, err := c.Publish(ctx, a, platform.Outgoing{Text: "x"}, nil)
	th, ok := errors.AsType[*platform.Throttle](err)
	if !ok || th.Until.Unix() != day || seen.Remaining != 0 || seen.Reset.Unix() != day {
		t.Errorf("%v, pace %+v", err, seen)
	}
}

func TestWhatCallsCost(t *testing.T) {
	c := New(nil)
	for name, row := range map[string]struct {
		out  platform.Outgoing
		want int64
	}{
		"a post":                     {platform.Outgoing{Text: "Halo"}, 15_000},
		"a post with a link":         {platform.Outgoing{Text: "Halo", Link: "https://tirtawangi.example.go.id"}, 200_000},
		"a link written in the text": {platform.Outgoing{Text: "Lihat tirtawangi.go.id"}, 200_000},
		"an answer":                  {platform.Outgoing{Text: "Baik", InReplyTo: "1", Thread: "1", To: "2"}, 10_000},
		"a private message":          {platform.Outgoing{Text: "Baik", InReplyTo: "9", Thread: "1-2", To: "2"}, 15_000},
	} {
		if got := c.Price(platform.Account{}, row.out); got != row.want {
			t.Errorf("%s: %d, want %d", name, got, row.want)
		}
	}
	s := pretended(t, "", sandbox.Rules{})
	total := int64(0)
	ctx := platform.WithSpending(t.Context(), func(n int64) { total += n })
	r, err := s.Connector.Publish(ctx, s.Account, platform.Outgoing{Text: "Halo"}, nil)
	if err != nil || total != 15_000 {
		t.Fatalf("publishing cost %d, %v", total, err)
	}
	if err := s.Connector.Delete(ctx, s.Account, r.RemoteID); err != nil || total != 25_000 {
		t.Errorf("and deleting %d, %v", total, err)
	}
}

// What X does not let programs do has a page for people, the text in it.
func TestByHand(t *testing.T) {
	c := New(nil)
	got := c.ByHand(platform.Account{}, "reply", "146", "Baik & terima kasih")
	u, err := url.Parse(got)
	if err != nil || u.Host != "x.com" || u.Path != "/intent/post" || u.Query().Get("in_reply_to") != "146" || u.Query().Get("text") != "Baik & terima kasih" {
		t.Error(got, err)
	}
	if got := c.ByHand(platform.Account{}, "hide", "146", ""); got != "https://x.com/i/status/146" {
		t.Error(got)
	}
}

func TestConsentIsAskedOnXsOwnHost(t *testing.T) {
	for base, want := range map[string]string{
		"https://api.x.com": "https://x.com/i/oauth2/authorize?", "": "https://x.com/i/oauth2/authorize?", "https://gerbang.example/x": "https://gerbang.example/x/i/oauth2/authorize?",
	} {
		got, err := New(nil).ConsentURL(platform.Consent{BaseURL: base, App: platform.App{ClientID: "C"}, Redirect: "https://k.example/back", State: "s", Verifier: "v"})
		if err != nil || !strings.HasPrefix(got, want) || !strings.Contains(got, "code_challenge_method=S256") || strings.Contains(got, "code_verifier") {
			t.Errorf("%q: %s %v", base, got, err)
		}
	}
}

// Subscribing twice is one webhook and one subscription each; afterwards X
// pushes what was subscribed.
func TestSubscribeIsRepeatable(t *testing.T) {
	s := pretended(t, "", sandbox.Rules{})
	c := s.Connector.(*Connector)
	got := make(chan []platform.Item, 10)
	ear := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if answer, ok := c.Challenge(s.Account.App, r.URL.Query()); ok {
			w.Write([]byte(answer))
			return
		}
		var body bytes.Buffer
		body.ReadFrom(r.Body)
		if err := c.Signed(s.Account.App, r.Header, body.Bytes()); err != nil {
			t.Error(err)
		}
		all, err := c.Parse(body.Bytes())
		if err != nil {
			t.Error(err)
		}
		got <- all[s.Account.RemoteID]
	}))
	defer ear.Close()
	for range 2 {
		if err := c.Subscribe(t.Context(), s.Account, ear.URL+"/dorong"); err != nil {
			t.Fatal(err)
		}
	}
	id := citizen(t, s.Control, "say", map[string]any{"text": "@" + s.Account.Handle + " halo", "kind": "mention", "account": s.Account.Handle})
	for s.Deliver(t.Context()) > 0 {
	}
	if items := <-got; len(items) != 1 || items[0].RemoteID != id || items[0].Kind != platform.Mention {
		t.Errorf("pushed %+v", items)
	}
	if len(got) != 0 {
		t.Error("pushed twice")
	}
	wrong := s.Account
	wrong.App.ClientSecret = "salah-sekali"
	if err := c.Subscribe(t.Context(), wrong, ear.URL); platform.AsRefusal(err) == nil || platform.AsRefusal(err).Code != "platform.consent.wrong_secret" || strings.Contains(err.Error(), "salah-sekali") {
		t.Errorf("a wrong secret: %v", err)
	}
}

// An app that uses OAuth 2.0 has its API key and secret beside the client's.
func TestConsumerKeyBesideTheClient(t *testing.T) {
	if key, secret := consumer(platform.App{ClientID: "c", ClientSecret: "s", VerifyToken: "KEY:SECRET"}); key != "KEY" || secret != "SECRET" {
		t.Error(key, secret)
	}
	if key, secret := consumer(platform.App{ClientID: "c", ClientSecret: "s", VerifyToken: "plain"}); key != "c" || secret != "s" {
		t.Error(key, secret)
	}
}

// A film whose upload broke off goes on where it was, on the same upload.
func TestAFilmGoesOnWhereItBroke(t *testing.T) {
	tape := &platformtest.Tape{}
	s := taped(t, "", sandbox.Rules{}, tape)
	raw := make([]byte, 2*chunk+1000)
	copy(raw, "\x00\x00\x00\x18ftypisom")
	out := platform.Outgoing{Text: "Film", Media: []platform.Media{{Key: "media.0", Type: "video/mp4", Size: int64(len(raw)), Open: platform.Bytes(raw)}}}
	notes := &platformtest.Notes{}
	citizen(t, s.Control, "faults", map[string]any{"op": "stage", "kind": "5xx-html", "after": 2, "count": 1}) // initialize and one segment pass
	if err := s.Connector.Stage(t.Context(), s.Account, out, notes); err == nil || platform.AsRefusal(err) != nil {
		t.Fatalf("staged in spite of it: %v", err)
	}
	id, _, _ := strings.Cut(notes.Value("media.0"), " ")
	sent := tape.Sent(t, func() error { return s.Connector.Stage(t.Context(), s.Account, out, notes) })
	appends := slices.DeleteFunc(slices.Clone(sent), func(l string) bool { return !strings.Contains(l, "/append") })
	if len(appends) != 2 || strings.Contains(strings.Join(sent, " "), "initialize") {
		t.Errorf("sent %s", strings.Join(sent, "\n"))
	}
	if now, ok := stagedMedia(notes.Value("media.0"), time.Now()); !ok || now != id {
		t.Errorf("another upload: %s, then %s", id, now)
	}
	if _, err := s.Connector.Publish(t.Context(), s.Account, out, notes); err != nil {
		t.Error(err)
	}
}

// X works films through; what it cannot read is the editor's to mend, and the
// next attempt begins a new upload.
func TestAFilmThatXCannotRead(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/finalize"):
			w.Write([]byte(`{"data":{"id":"7","processing_info":{"state":"pending","check_after_secs":0}}}`))
		case r.Method == http.MethodGet && r.URL.Query().Get("command") == "STATUS":
			if asked++; asked == 1 {
				w.Write([]byte(`{"data":{"id":"7","processing_info":{"state":"in_progress","check_after_secs":1,"progress_percent":8}}}`))
				return
			}
			w.Write([]byte(`{"data":{"id":"7","processing_info":{"state":"failed","error":{"code":1,"name":"InvalidMedia","message":"Unsupported video format"}}}}`))
		default:
			w.Write([]byte(`{"data":{"id":"7","expires_after_secs":86400}}`))
		}
	}))
	defer server.Close()
	client := safehttp.New(safehttp.Options{AllowLoopback: true})
	defer client.Close()
	raw := []byte("not a film")
	out := platform.Outgoing{Media: []platform.Media{{Key: "media.0", Type: "video/mp4", Size: int64(len(raw)), Open: platform.Bytes(raw)}}}
	notes := &platformtest.Notes{}
	err := New(client).Stage(t.Context(), platform.Account{BaseURL: server.URL, Token: platform.Token{Access: "SECRETTOKEN"}}, out, notes)
	if r := platform.AsRefusal(err); r == nil || r.Code != "platform.media_refused" || r.Fix != platform.FixAuthor || !strings.Contains(r.Said, "Unsupported video format") || asked != 2 || notes.Value("media.0") != "" {
		t.Errorf("%v, asked %d times, note %q", err, asked, notes.Value("media.0"))
	}
}

// X reads out private messages fifteen times in fifteen minutes.
func TestDirectMessagesKeepToTheirLimit(t *testing.T) {
	s := pretended(t, "", sandbox.Rules{TrueLimits: true})
	c := s.Connector.(*Connector)
	left := -1
	ctx := platform.WithQuota(t.Context(), func(q platform.Quota) { left = q.Remaining })
	for n := range 15 {
		if _, err := c.Pull(ctx, s.Account, feedDirect, ""); err != nil || left != 14-n {
			t.Fatalf("call %d: %d left, %v", n, left, err)
		}
	}
	_, err := c.Pull(ctx, s.Account, feedDirect, "")
	th, ok := errors.AsType[*platform.Throttle](err)
	if !ok || time.Until(th.Until) < time.Minute || time.Until(th.Until) > 16*time.Minute {
		t.Errorf("%v", err)
	}
}

func TestWhatXWouldRefuseOfMedia(t *testing.T) {
	film, gif, photo := platform.Media{Type: "video/mp4"}, platform.Media{Type: "image/gif"}, platform.Media{Type: "image/png"}
	for name, row := range map[string]struct {
		out  platform.Outgoing
		want string
	}{
		"a film and a photo":              {platform.Outgoing{Media: []platform.Media{film, photo}}, "platform.media_mixed"},
		"two GIFs":                        {platform.Outgoing{Media: []platform.Media{gif, gif}}, "platform.media_mixed"},
		"five photos":                     {platform.Outgoing{Media: []platform.Media{photo, photo, photo, photo, photo}}, "platform.media_too_many"},
		"a film of three minutes":         {platform.Outgoing{Media: []platform.Media{{Type: "video/mp4", Length: 3 * time.Minute}}}, "platform.video_too_long"},
		"two photos in a private message": {platform.Outgoing{InReplyTo: "1", Thread: "1-2", To: "2", Media: []platform.Media{photo, photo}}, "platform.media_too_many"},
		"four photos":                     {platform.Outgoing{Media: []platform.Media{photo, photo, photo, photo}}, ""},
	} {
		got := ""
		if no := New(nil).Check(platform.Account{}, row.out); len(no) > 0 {
			got = no[0].Code
		}
		if got != row.want {
			t.Errorf("%s: %q, want %q", name, got, row.want)
		}
	}
}

// An edited post has a new id; it stays the same thing to us.
func TestAnEditedMentionIsTheSame(t *testing.T) {
	for _, version := range []string{"2", "2.167"} {
		s := pretended(t, "", sandbox.Rules{})
		s.Account.Version = version
		c := s.Connector.(*Connector)
		id := citizen(t, s.Control, "say", map[string]any{"text": "@" + s.Account.Handle + " lampu mati di RT 1", "kind": "mention", "account": s.Account.Handle})
		page, err := c.Pull(t.Context(), s.Account, feedMentions, "")
		if err != nil || len(page.Items) != 1 {
			t.Fatal(page.Items, err)
		}
		citizen(t, s.Control, "edit", map[string]any{"id": id, "text": "@" + s.Account.Handle + " lampu mati di RT 2"})
		again, err := c.Pull(t.Context(), s.Account, feedMentions, page.Cursor)
		if err != nil || len(again.Items) != 1 {
			t.Fatal(again.Items, err)
		}
		if i := again.Items[0]; i.RemoteID != id || i.Edited.IsZero() || !strings.HasSuffix(i.Text, "RT 2") || !i.At.Equal(page.Items[0].At.Truncate(time.Millisecond)) {
			t.Errorf("%s: %+v, was %+v", version, i, page.Items[0])
		}
		if err := c.SetHidden(t.Context(), s.Account, id, true); platform.AsRefusal(err) == nil {
			t.Errorf("a mention that answers nothing of ours cannot be hidden: %v", err)
		}
	}
}

// Without pushes, what was taken away is missed at the next look, not sooner.
func TestAMentionThatWasTakenAwayIsMissed(t *testing.T) {
	s := pretended(t, "", sandbox.Rules{})
	c := s.Connector.(*Connector)
	first := citizen(t, s.Control, "say", map[string]any{"text": "@" + s.Account.Handle + " satu", "kind": "mention", "account": s.Account.Handle})
	citizen(t, s.Control, "say", map[string]any{"text": "@" + s.Account.Handle + " dua", "kind": "mention", "account": s.Account.Handle})
	cursor := ""
	pull := func() []platform.Item {
		t.Helper()
		page, err := c.Pull(t.Context(), s.Account, feedMentions, cursor)
		if err != nil {
			t.Fatal(err)
		}
		cursor = page.Cursor
		return page.Items
	}
	if got := pull(); len(got) != 2 {
		t.Fatalf("heard %+v", got)
	}
	citizen(t, s.Control, "remove", map[string]any{"id": first})
	if got := pull(); len(got) != 0 {
		t.Errorf("looked too soon: %+v", got)
	}
	c.look = 0
	if got := pull(); len(got) != 1 || got[0].RemoteID != first || !got[0].Deleted {
		t.Errorf("heard %+v", got)
	}
	if got := pull(); len(got) != 0 {
		t.Errorf("told twice: %+v", got)
	}
}

func FuzzDirects(f *testing.F) {
	f.Add([]byte(`{"data":[{"id":"9","event_type":"MessageCreate","text":"a &amp; b","sender_id":"5","dm_conversation_id":"1-5","attachments":{"media_keys":["3_1","7_2"]}}],"includes":{"users":[{"id":"5","username":"w"}],"media":[{"media_key":"3_1","type":"photo"}]}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var page events
		if json.Unmarshal(body, &page) != nil {
			return
		}
		for _, e := range page.Data {
			if i := e.item(page.Includes); i.Kind != platform.Direct || len(i.Files) != len(e.Attachments.MediaKeys) {
				t.Errorf("%+v", i)
			}
		}
	})
}

func FuzzTokenAnswer(f *testing.F) {
	f.Add(200, []byte(`{"access_token":"a","refresh_token":"r","expires_in":7200,"scope":"tweet.read users.read"}`))
	f.Add(400, []byte(`{"error":"invalid_request","error_description":"Value passed for the authorization code was invalid."}`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		got, _, err := redeemed(safehttp.Answer{Status: status, Header: http.Header{}, Body: body}, "code", platform.Consent{})
		if (err == nil) != (got.Access != "") || err == nil && status/100 != 2 {
			t.Errorf("%d %q: %+v %v", status, body, got, err)
		}
	})
}

func FuzzUploadNote(f *testing.F) {
	f.Add("71 9999999999 3")
	f.Add("71 9999999999")
	f.Fuzz(func(t *testing.T, note string) {
		r := readRunning(note, time.Now())
		if r.segments < 0 || r.id == "" && r.segments > 0 {
			t.Errorf("%q: %+v", note, r)
		}
		stagedMedia(note, time.Now())
	})
}
