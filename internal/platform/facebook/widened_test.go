package facebook

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/platformtest"
	"kentongan/internal/sandbox"
)

func clip() []platform.Media {
	raw := []byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom")
	return []platform.Media{{Key: "media.0", Type: "video/mp4", Size: int64(len(raw)), Open: platform.Bytes(raw)}}
}

// Films, private words, blocking and changing, as Meta's documents write them.
func TestRequestsBeyondTheLibrary(t *testing.T) {
	tape := &platformtest.Tape{}
	s := taped(t, "", sandbox.Rules{RequireProof: true}, tape)
	ctx, a, c, n := t.Context(), s.Account, s.Connector.(*Connector), &platformtest.Notes{}
	out := platform.Outgoing{Text: "Simulasi evakuasi", Media: clip()}
	var film platform.Receipt
	session := regexp.MustCompile(`upload:\d+`)
	step := func(do func() error, want ...string) {
		t.Helper()
		got := tape.Sent(t, do)
		for i := range got {
			got[i] = session.ReplaceAllString(got[i], "upload:id")
		}
		if !slices.Equal(got, want) {
			t.Errorf("sent\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
		}
	}
	step(func() error { return c.Stage(ctx, a, out, n) },
		"POST /fb/v25.0/sandbox-facebook/uploads x-www-form-urlencoded appsecret_proof,file_length,file_name,file_type",
		"POST /fb/v25.0/upload:id query appsecret_proof,sig octet-stream ")
	if tape.Header().Get("Authorization") != "OAuth "+a.Token.Access {
		t.Errorf("the upload's headers: %v", tape.Header())
	}
	step(func() error { return c.Stage(ctx, a, out, n) })
	step(func() (err error) { film, err = c.Publish(ctx, a, out, n); return err },
		"POST /fb/v25.0/:id/videos x-www-form-urlencoded appsecret_proof,description,fbuploader_video_file_chunk",
		"GET /fb/v25.0/:id query appsecret_proof,fields")
	if !strings.HasPrefix(film.RemoteID, a.RemoteID+"_") {
		t.Errorf("comments hang on the post, not on the film: %+v", film)
	}
	step(func() error { return c.Edit(ctx, a, film.RemoteID, platform.Outgoing{Text: "Ralat"}) },
		"POST /fb/v25.0/:id x-www-form-urlencoded appsecret_proof,format,message")
	step(func() error { return c.Subscribe(ctx, a, "https://kantor.example/hook") },
		"POST /fb/v25.0/:id/subscribed_apps x-www-form-urlencoded appsecret_proof,subscribed_fields")
	a.Version = "v24.0"
	step(func() error { _, err := c.Verify(ctx, a); return err }, "GET /fb/v24.0/me query appsecret_proof,fields,format")
}

// Facebook works at a film for a while; a Page without it proves nothing yet.
func TestAFilmThatIsStillWorkedAtIsNotMissing(t *testing.T) {
	c, a := told(t, 200, nil, `{"data":[]}`)
	at := platform.Attempt{Out: platform.Outgoing{Text: "Simulasi", Media: clip()}, Started: time.Now()}
	if f, err := c.Find(t.Context(), a, at); err != nil || f.Complete {
		t.Errorf("at once: %+v %v", f, err)
	}
	at.Started = time.Now().Add(-time.Hour)
	if f, err := c.Find(t.Context(), a, at); err != nil || !f.Complete {
		t.Errorf("an hour later: %+v %v", f, err)
	}
	at.Out.Media, at.Started = nil, time.Now()
	if f, err := c.Find(t.Context(), a, at); err != nil || !f.Complete {
		t.Errorf("words are there at once: %+v %v", f, err)
	}
}

func TestWhatAnEditorCanMend(t *testing.T) {
	c, a := told(t, http.StatusTeapot, nil, "")
	picture := platform.Media{Key: "media.0", Type: "image/png", Size: 3, Open: platform.Bytes([]byte("abc"))}
	for name, row := range map[string]struct {
		out  platform.Outgoing
		want string
	}{
		"a film and a picture":     {platform.Outgoing{Text: "x", Media: append(clip(), picture)}, "platform.media_mixed"},
		"eleven pictures":          {platform.Outgoing{Text: "x", Media: slices.Repeat([]platform.Media{picture}, 11)}, "platform.media_too_many"},
		"a film in a comment":      {platform.Outgoing{Text: "x", Media: clip(), InReplyTo: "1"}, "platform.media_unsupported"},
		"two pictures in one":      {platform.Outgoing{Text: "x", Media: []platform.Media{picture, picture}, InReplyTo: "1"}, "platform.media_too_many"},
		"2,001 in a private word":  {platform.Outgoing{Text: strings.Repeat("a", 2001), InReplyTo: "1", Thread: "5", To: "5"}, "platform.text_too_long"},
		"8,001 below a post":       {platform.Outgoing{Text: strings.Repeat("a", 8001), InReplyTo: "1"}, "platform.text_too_long"},
		"a picture that is a text": {platform.Outgoing{Text: "x", Media: []platform.Media{{Key: "media.0", Type: "text/plain"}}}, "platform.media_unsupported"},
	} {
		if no := c.Check(a, row.out); len(no) == 0 || no[0].Code != row.want {
			t.Errorf("%s: %+v", name, no)
		}
		if r := platform.AsRefusal(c.Stage(t.Context(), a, row.out, &platformtest.Notes{})); r == nil || r.Code != row.want {
			t.Errorf("%s: staged: %+v", name, r)
		}
	}
}

func TestWhatIsPushedBesideNewWords(t *testing.T) {
	for name, row := range map[string]struct {
		entry string
		check func(platform.Item) bool
	}{
		"a changed comment":      {`"changes":[{"field":"feed","value":{"item":"comment","verb":"edited","post_id":"111_1","comment_id":"1_2","from":{"id":"5","name":"W"},"message":"b","created_time":1}}]`, func(i platform.Item) bool { return !i.Edited.IsZero() && i.Text == "b" }},
		"a comment taken away":   {`"changes":[{"field":"feed","value":{"item":"comment","verb":"remove","post_id":"111_1","comment_id":"1_2","from":{"id":"5","name":"W"},"created_time":1}}]`, func(i platform.Item) bool { return i.Deleted }},
		"a comment hidden":       {`"changes":[{"field":"feed","value":{"item":"comment","verb":"hide","post_id":"111_1","comment_id":"1_2","from":{"id":"5","name":"W"},"message":"b","created_time":1}}]`, func(i platform.Item) bool { return i.Hidden }},
		"a comment of a picture": {`"changes":[{"field":"feed","value":{"item":"comment","verb":"add","post_id":"111_1","comment_id":"1_2","from":{"id":"5","name":"W"},"photo":"https://x.example/a.jpg","created_time":1}}]`, func(i platform.Item) bool { return i.Text == "" && slices.Equal(i.Files, []string{"image"}) }},
		"a mention in a post":    {`"changes":[{"field":"mention","value":{"item":"post","verb":"add","post_id":"9_1","sender_id":"5","from":{"id":"5","name":"W"},"message":"@kota"}}]`, func(i platform.Item) bool { return i.Kind == platform.Mention && i.RemoteID == "9_1" }},
		"a message of a picture": {`"messaging":[{"sender":{"id":"5"},"recipient":{"id":"111"},"timestamp":1764000000000,"message":{"mid":"m","attachments":[{"type":"image","payload":{"url":"x"}},{"type":"location"}]}}]`, func(i platform.Item) bool {
			return i.Kind == platform.Direct && slices.Equal(i.Files, []string{"image", "location"}) && i.Thread == "5"
		}},
		"a changed message": {`"messaging":[{"sender":{"id":"5"},"recipient":{"id":"111"},"timestamp":1764000000000,"message_edit":{"mid":"m","text":"ralat","num_edit":2}}]`, func(i platform.Item) bool {
			return !i.Edited.IsZero() && i.Text == "ralat" && strings.HasSuffix(i.Seq, ":2")
		}},
	} {
		all, err := New(nil).Parse([]byte(`{"object":"page","entry":[{"id":"111","time":1764000000,` + row.entry + `}]}`))
		if err != nil || len(all["111"]) != 1 || !row.check(all["111"][0]) {
			t.Errorf("%s: %+v %v", name, all, err)
		}
	}
}

// What arrived before a connection broke is not sent again, and nothing is
// made twice.
func TestABrokenUploadGoesOnWhereItEnded(t *testing.T) {
	for _, kind := range []string{"drop", "commit-then-drop", "5xx-html", "503-empty", "429"} {
		tape := &platformtest.Tape{}
		s := taped(t, "", sandbox.Rules{}, tape)
		out, n := platform.Outgoing{Text: "Simulasi " + kind, Media: clip()}, &platformtest.Notes{}
		for _, after := range []string{"0", "1"} { // making the place for it, bringing the bytes
			res, err := http.Post(s.Control+"/sandbox/faults", "application/json", strings.NewReader(`{"platform":"facebook","op":"stage","kind":"`+kind+`","after":`+after+`}`))
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
