package instagram

import (
	"bytes"
	"encoding/json"
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
func told(t *testing.T, rows ...[3]string) (*Connector, platform.Account) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, row := range rows {
			method, end, _ := strings.Cut(row[0], " ")
			if r.Method == method && strings.HasSuffix(r.URL.Path, end) {
				status := 0
				for _, c := range row[1] {
					status = status*10 + int(c-'0')
				}
				w.WriteHeader(status)
				_, _ = w.Write([]byte(row[2]))
				return
			}
		}
		w.WriteHeader(http.StatusTeapot)
	}))
	client := safehttp.New(safehttp.Options{AllowLoopback: true})
	t.Cleanup(func() { client.Close(); server.Close() })
	return New(client), platform.Account{BaseURL: server.URL, RemoteID: "17841400000000101", Handle: "kota", Token: platform.Token{Access: "IGAATOKEN"},
		App: platform.App{ClientID: "1", ClientSecret: "APPSECRET"}}
}

func post() platform.Outgoing {
	return platform.Outgoing{Text: "Halo", Media: []platform.Media{{Key: "media.0", Type: "image/jpeg", Size: 3, URL: "https://x.example/a.jpg", Open: platform.Bytes([]byte("abc"))}}}
}

// staged are the notes of a post whose container is c1.
func staged(t *testing.T, out platform.Outgoing) *platformtest.Notes {
	t.Helper()
	n := &platformtest.Notes{}
	if err := n.Save(t.Context(), noteContainer, "c1 "+digest(out)); err != nil {
		t.Fatal(err)
	}
	return n
}

const ready = `{"id":"c1","status_code":"FINISHED","status":"Finished"}`

func problem(code, subcode string) string {
	return `{"error":{"message":"said","type":"OAuthException","code":` + code + `,"error_subcode":` + subcode + `,"fbtrace_id":"A"}}`
}

func TestAnswersToPublishing(t *testing.T) {
	for name, c := range map[string]struct {
		state   [2]string // of the container, asked before
		answer  [2]string // of media_publish
		outcome platform.Outcome
	}{
		"made":                              {[2]string{"200", ready}, [2]string{"200", `{"id":"179"}`}, platform.Published},
		"made without an id":                {[2]string{"200", ready}, [2]string{"200", `{}`}, platform.Unknown},
		"503 with an empty object":          {[2]string{"200", ready}, [2]string{"503", `{}`}, platform.Unknown},
		"an error with a good status":       {[2]string{"200", ready}, [2]string{"200", problem("2", "0")}, platform.Unknown},
		"a gateway's page":                  {[2]string{"200", ready}, [2]string{"502", `<html>`}, platform.Unknown},
		"somebody else's refusal":           {[2]string{"200", ready}, [2]string{"403", `{"title":"Forbidden","status":403}`}, platform.Unknown},
		"not ready after all":               {[2]string{"200", ready}, [2]string{"400", problem("9007", "2207027")}, platform.Unsent},
		"expired in between":                {[2]string{"200", ready}, [2]string{"400", problem("24", "2207008")}, platform.Unknown},
		"the day is full":                   {[2]string{"200", ready}, [2]string{"400", problem("9", "2207042")}, platform.Throttled},
		"token":                             {[2]string{"200", ready}, [2]string{"400", problem("190", "463")}, platform.Refused},
		"still in work":                     {[2]string{"200", `{"id":"c1","status_code":"IN_PROGRESS"}`}, [2]string{"418", ``}, platform.Unsent},
		"expired":                           {[2]string{"200", `{"id":"c1","status_code":"EXPIRED"}`}, [2]string{"418", ``}, platform.Unsent},
		"broken":                            {[2]string{"200", `{"id":"c1","status_code":"ERROR","status":"2207026"}`}, [2]string{"418", ``}, platform.Refused},
		"published by an earlier attempt":   {[2]string{"200", `{"id":"c1","status_code":"PUBLISHED"}`}, [2]string{"418", ``}, platform.Unknown},
		"its state cannot be read":          {[2]string{"503", `{}`}, [2]string{"418", ``}, platform.Unsent},
		"its state is refused with a token": {[2]string{"400", problem("190", "463")}, [2]string{"418", ``}, platform.Refused},
		"a state without a word":            {[2]string{"200", `{"id":"c1"}`}, [2]string{"418", ``}, platform.Unsent},
	} {
		connector, a := told(t, [3]string{"GET /c1", c.state[0], c.state[1]}, [3]string{"POST /media_publish", c.answer[0], c.answer[1]}, [3]string{"GET /179", "200", `{"id":"179","permalink":"https://www.instagram.com/p/x/"}`})
		out := post()
		r, err := connector.Publish(t.Context(), a, out, staged(t, out))
		if got := platform.Classify(r, err); got != c.outcome {
			t.Errorf("%s: %s (%v)", name, got, err)
		}
		if name == "made" && (r.URL != "https://www.instagram.com/p/x/" || r.RemoteID != "179") {
			t.Errorf("%s: %+v", name, r)
		}
	}
	connector, a := told(t)
	if r, err := connector.Publish(t.Context(), a, post(), &platformtest.Notes{}); platform.Classify(r, err) != platform.Unsent {
		t.Errorf("nothing staged: %v", err)
	}
	other := post()
	other.Text = "Lain"
	if r, err := connector.Publish(t.Context(), a, other, staged(t, post())); platform.Classify(r, err) != platform.Unsent {
		t.Errorf("a container of other words: %v", err)
	}
}

func TestReadBackAsksTheContainer(t *testing.T) {
	now := time.Now().UTC().Format("2006-01-02T15:04:05-0700")
	old := time.Now().Add(-time.Hour).UTC().Format("2006-01-02T15:04:05-0700")
	mine := func(id, at string) string {
		return `{"id":"` + id + `","caption":"Halo","media_type":"IMAGE","timestamp":"` + at + `","permalink":"https://www.instagram.com/p/x/"}`
	}
	for name, c := range map[string]struct {
		state, list string
		found       int
		complete    bool
	}{
		"finished: it was not published":                     {ready, `{"data":[` + mine("179", now) + `]}`, 0, true},
		"expired: it was not published":                      {`{"status_code":"EXPIRED"}`, `{"data":[]}`, 0, true},
		"published, and in the list":                         {`{"status_code":"PUBLISHED"}`, `{"data":[` + mine("179", now) + `]}`, 1, true},
		"published, and the list is behind":                  {`{"status_code":"PUBLISHED"}`, `{"data":[]}`, 0, false},
		"published long ago, by an attempt before":           {`{"status_code":"PUBLISHED"}`, `{"data":[` + mine("178", old) + `]}`, 0, true},
		"a list that goes on without saying where":           {`{"status_code":"PUBLISHED"}`, `{"data":[],"paging":{"next":"https://x.example/?access_token=IGAATOKEN"}}`, -1, false},
		"an answer that is no list":                          {`{"status_code":"PUBLISHED"}`, `{"ok":true}`, -1, false},
		"a container that Instagram has forgotten: the list": {problem("100", "33"), `{"data":[` + mine("179", now) + `]}`, 1, true},
	} {
		status := "200"
		if strings.Contains(c.state, "error") {
			status = "400"
		}
		connector, a := told(t, [3]string{"GET /c1", status, c.state}, [3]string{"GET /media", "200", c.list})
		out := post()
		f, err := connector.Find(t.Context(), a, platform.Attempt{Out: out, Started: time.Now(), Notes: staged(t, out)})
		if c.found < 0 {
			if err == nil || f.Complete || strings.Contains(err.Error(), "IGAATOKEN") {
				t.Errorf("%s: %+v %v", name, f, err)
			}
			continue
		}
		if err != nil || len(f.Receipts) != c.found || f.Complete != c.complete {
			t.Errorf("%s: %+v %v", name, f, err)
		}
	}
}

// A container lives a day: what waited longer for its approval is prepared anew.
func TestAContainerThatExpiredIsMadeAnew(t *testing.T) {
	s := pretended(t, "", sandbox.Rules{})
	files := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"))
	}))
	defer files.Close()
	out := post()
	out.Media[0].URL = files.URL + "/a.jpg"
	n := &platformtest.Notes{}
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

func TestWhatAnEditorCanMend(t *testing.T) {
	c, a := told(t)
	picture := post().Media[0]
	film := platform.Media{Key: "media.0", Type: "video/mp4", Size: 5, Open: platform.Bytes([]byte("abcde"))}
	for name, row := range map[string]struct {
		out  platform.Outgoing
		want string
	}{
		"a picture":                          {post(), ""},
		"a film needs no public address":     {platform.Outgoing{Text: "x", Media: []platform.Media{film}}, ""},
		"a film and a picture":               {platform.Outgoing{Text: "x", Media: []platform.Media{film, picture}}, ""},
		"words alone":                        {platform.Outgoing{Text: "x"}, "platform.needs_media"},
		"a PNG":                              {with(picture, func(m *platform.Media) { m.Type = "image/png" }), "platform.media_unsupported"},
		"a picture without a public address": {with(picture, func(m *platform.Media) { m.URL = "" }), "platform.needs_public_media"},
		"nine megabytes":                     {with(picture, func(m *platform.Media) { m.Size = 9 << 20 }), "platform.media_too_large"},
		"a banner":                           {with(picture, func(m *platform.Media) { m.Width, m.Height = 1600, 400 }), "platform.media_shape"},
		"a tall poster":                      {with(picture, func(m *platform.Media) { m.Width, m.Height = 900, 1600 }), "platform.media_shape"},
		"a square":                           {with(picture, func(m *platform.Media) { m.Width, m.Height = 900, 900 }), ""},
		"a film of an hour":                  {with(film, func(m *platform.Media) { m.Length = time.Hour }), "platform.video_too_long"},
		"eleven pictures":                    {platform.Outgoing{Text: "x", Media: slices.Repeat([]platform.Media{picture}, 11)}, "platform.media_too_many"},
		"31 hashtags":                        {caption(strings.Repeat("#a ", 31)), "platform.too_many_hashtags"},
		"21 names":                           {caption(strings.Repeat("@a ", 21)), "platform.too_many_mentions"},
		"2,201 characters":                   {caption(strings.Repeat("é", 2201)), "platform.text_too_long"},
		"301 characters below a post":        {platform.Outgoing{Text: strings.Repeat("a", 301), InReplyTo: "1", Thread: "1"}, "platform.text_too_long"},
		"two links below a post":             {platform.Outgoing{Text: "https://a.id https://b.id", InReplyTo: "1", Thread: "1"}, "platform.too_many_links"},
		"a private answer of 1,001 bytes":    {platform.Outgoing{Text: strings.Repeat("a", 1001), InReplyTo: "1", Thread: "9", To: "9"}, "platform.text_too_long"},
	} {
		no := c.Check(a, row.out)
		if row.want == "" && len(no) > 0 || row.want != "" && (len(no) == 0 || no[0].Code != row.want) {
			t.Errorf("%s: %+v", name, no)
		}
		if row.want == "" {
			continue
		}
		if r := platform.AsRefusal(c.Stage(t.Context(), a, row.out, &platformtest.Notes{})); r == nil || r.Code != row.want {
			t.Errorf("%s: staged: %+v", name, r)
		}
	}
}

func with(m platform.Media, change func(*platform.Media)) platform.Outgoing {
	change(&m)
	return platform.Outgoing{Text: "x", Media: []platform.Media{m}}
}

func caption(text string) platform.Outgoing {
	out := post()
	out.Text = text
	return out
}

// The requests of Meta's own kit (captured 23 November 2026), with the token in
// the header and parameters as a form.
func TestRequestsAreThoseOfTheOfficialClients(t *testing.T) {
	tape := &platformtest.Tape{}
	s := taped(t, "", sandbox.Rules{RequireProof: true}, tape)
	files := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"))
	}))
	defer files.Close()
	out := post()
	out.Media[0].URL, out.Media[0].Alt = files.URL+"/a.jpg", "peta"
	n, c, a := &platformtest.Notes{}, s.Connector.(*Connector), s.Account
	var made platform.Receipt
	const state = "GET /ig/v25.0/:id query appsecret_proof,fields"
	for _, step := range []struct {
		do   func() error
		want []string
	}{
		{func() error { return c.Stage(t.Context(), a, out, n) },
			[]string{"POST /ig/v25.0/:id/media x-www-form-urlencoded alt_text,appsecret_proof,caption,image_url", state, state}},
		{func() (err error) { made, err = c.Publish(t.Context(), a, out, n); return err },
			[]string{state, "POST /ig/v25.0/:id/media_publish x-www-form-urlencoded appsecret_proof,creation_id", state}},
		{func() error {
			_, err := c.Publish(t.Context(), a, platform.Outgoing{Text: "Tautan", InReplyTo: made.RemoteID, Thread: made.RemoteID}, n)
			return err
		}, []string{"POST /ig/v25.0/:id/comments x-www-form-urlencoded appsecret_proof,message"}},
		{func() error {
			_, err := c.PullThread(t.Context(), a, platform.Watch{RemoteID: made.RemoteID}, "")
			return err
		},
			[]string{"GET /ig/v25.0/:id/comments query appsecret_proof,fields,limit"}},
		{func() error { _, err := c.Quota(t.Context(), a); return err },
			[]string{"GET /ig/v25.0/:id/content_publishing_limit query appsecret_proof,fields"}},
	} {
		if got := tape.Sent(t, step.do); !slices.Equal(got, step.want) {
			t.Errorf("sent\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(step.want, "\n  "))
		}
		if tape.Header().Get("Authorization") != "Bearer "+a.Token.Access {
			t.Errorf("headers %v", tape.Header())
		}
	}
	a.Version = "v24.0"
	if got := tape.Sent(t, func() error { _, err := c.Verify(t.Context(), a); return err }); !slices.Equal(got, []string{"GET /ig/v24.0/me query appsecret_proof,fields"}) {
		t.Errorf("the version of the settings: %v", got)
	}
}

func TestWhatIsPushed(t *testing.T) {
	c := New(nil)
	for name, row := range map[string]struct {
		body string
		want platform.Item
	}{
		"a comment": {`{"field":"comments","value":{"from":{"id":"5","username":"sri"},"media":{"id":"9"},"id":"7","text":"a"}}`,
			platform.Item{Kind: platform.Comment, RemoteID: "7", Thread: "9", InReplyTo: "9", AuthorID: "5", Author: "sri", Text: "a"}},
		"an answer below a comment": {`{"field":"comments","value":{"from":{"id":"5","username":"sri"},"media":{"id":"9"},"id":"8","parent_id":"7","text":"b"}}`,
			platform.Item{Kind: platform.Comment, RemoteID: "8", Thread: "9", InReplyTo: "7", AuthorID: "5", Author: "sri", Text: "b"}},
		"our own comment": {`{"field":"comments","value":{"from":{"id":"111","username":"kota"},"media":{"id":"9"},"id":"8","text":"b"}}`,
			platform.Item{Kind: platform.OwnPost, RemoteID: "8", Thread: "9", InReplyTo: "9", AuthorID: "111", Author: "kota", Text: "b"}},
		"a mention by its ids only": {`{"field":"mentions","value":{"media_id":"9","comment_id":"8"}}`,
			platform.Item{Kind: platform.Mention, RemoteID: "8", Thread: mentioned + "9", Files: []string{"image"}}},
	} {
		all, err := c.Parse([]byte(`{"object":"instagram","entry":[{"id":"111","time":1764000000,"changes":[` + row.body + `]}]}`))
		if err != nil || len(all["111"]) != 1 {
			t.Errorf("%s: %v %v", name, all, err)
			continue
		}
		got := all["111"][0]
		if got.Seq == "" || got.At.Year() != 2025 {
			t.Errorf("%s: %+v", name, got)
		}
		got.Seq, got.URL, got.At = "", "", time.Time{}
		a, _ := json.Marshal(got)
		b, _ := json.Marshal(row.want)
		if !bytes.Equal(a, b) {
			t.Errorf("%s: %s, want %s", name, a, b)
		}
	}
	messages, err := c.Parse([]byte(`{"object":"instagram","entry":[{"id":111,"time":1764000000000,"messaging":[
		{"sender":{"id":"5"},"recipient":{"id":"111"},"timestamp":1764000000000,"message":{"mid":"m1","attachments":[{"type":"image"},{"type":"ig_reel"}]}},
		{"sender":{"id":"5"},"recipient":{"id":"111"},"timestamp":1764000000000,"message":{"mid":"m1","is_deleted":true}},
		{"sender":{"id":"111"},"recipient":{"id":"5"},"timestamp":1764000000000,"message":{"mid":"m2","text":"ours","is_echo":true}},
		{"sender":{"id":"5"},"recipient":{"id":"111"},"timestamp":1764000000000,"message_edit":{"mid":"m3","text":"ralat","num_edit":1}},
		{"sender":{"id":"5"},"recipient":{"id":"111"},"timestamp":1764000000000,"reaction":{"mid":"m1"}}]}]}`))
	got := messages["111"]
	if err != nil || len(got) != 3 || !slices.Equal(got[0].Files, []string{"image", "video"}) || !got[1].Deleted || got[2].Edited.IsZero() || got[0].Seq == got[1].Seq || got[0].Thread != "5" {
		t.Errorf("messages: %+v %v", got, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"object":"instagram","entry":[{"id":"1","time":1,"changes":[{"field":"comments","value":{"from":{"id":"5","username":"w"},"media":{"id":"2"},"id":"3","text":"a"}},{"field":"mentions","value":{"media_id":"9"}}],"messaging":[{"sender":{"id":"4"},"timestamp":1,"message":{"mid":"m","text":"t"}}]}]}`))
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

func FuzzComments(f *testing.F) {
	f.Add([]byte(`{"data":[{"id":"1","text":"a","username":"w","from":{"id":"5"},"timestamp":"2026-11-23T07:00:00+0000","replies":{"data":[{"id":"2","text":"b","parent_id":"1"}],"paging":{"next":"x"}}}],"paging":{"next":"https://x/?after=b"}}`))
	f.Add([]byte(`{"data":[{"id":"1","media_type":"CAROUSEL_ALBUM","children":{"data":[{"id":"2"}]},"caption":"a"}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		a := platform.Account{RemoteID: "1", Handle: "kota"}
		if l, _, err := graph.ReadList[comment](safehttp.Answer{Status: 200, Body: body}); err == nil {
			for _, c := range l.Data {
				if i := c.item(a, "9", "9"); i.RemoteID != c.ID || i.Thread != "9" {
					t.Errorf("%+v", i)
				}
			}
		}
		if l, _, err := graph.ReadList[media](safehttp.Answer{Status: 200, Body: body}); err == nil {
			for _, m := range l.Data {
				m.files()
				m.item(platform.Mention)
			}
		}
	})
}

// What arrived before a connection broke is not sent again, and nothing is
// made twice.
func TestABrokenUploadGoesOnWhereItEnded(t *testing.T) {
	for _, kind := range []string{"drop", "commit-then-drop", "5xx-html", "503-empty", "429"} {
		tape := &platformtest.Tape{}
		s := taped(t, "", sandbox.Rules{}, tape)
		out, n := platform.Outgoing{Text: "Simulasi " + kind, Media: []platform.Media{{Key: "media.0", Type: "video/mp4", Size: 24, Open: platform.Bytes([]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"))}}}, &platformtest.Notes{}
		for _, after := range []string{"0", "1"} { // making the place for it, bringing the bytes
			res, err := http.Post(s.Control+"/sandbox/faults", "application/json", strings.NewReader(`{"platform":"instagram","op":"stage","kind":"`+kind+`","after":`+after+`}`))
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if err := s.Connector.Stage(t.Context(), s.Account, out, n); err == nil || platform.AsRefusal(err) != nil {
				t.Errorf("%s after %s: %v", kind, after, err)
			}
		}
		if err := s.Connector.Stage(t.Context(), s.Account, out, n); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		if r, err := s.Connector.Publish(t.Context(), s.Account, out, n); platform.Classify(r, err) != platform.Published {
			t.Errorf("%s: %+v %v", kind, r, err)
		}
	}
}
