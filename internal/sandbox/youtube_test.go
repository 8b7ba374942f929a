package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// youtubeCall sends one request as the account and gives its answer.
func (s *stage) youtubeCall(t *testing.T, me Credential, method, address, kind string, header map[string]string, body []byte) reply {
	t.Helper()
	req, err := http.NewRequest(method, address, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+me.Token.Access)
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	for k, v := range header {
		req.Header.Set(k, v)
	}
	res, err := http.DefaultTransport.RoundTrip(req) // 308 is no redirect here
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	r := reply{status: res.StatusCode, header: res.Header, body: raw}
	_ = json.Unmarshal(raw, &r.json) // not every answer has a body
	return r
}

const ytAboutFilm = `{"snippet":{"title":"Judul","description":"d"},"status":{"privacyStatus":"public"}}`

// filmBytes look like an MP4 at their beginning.
func filmBytes(n int) []byte {
	raw := bytes.Repeat([]byte{7}, n)
	copy(raw, "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom")
	return raw
}

// What Google's own client for Node sent, again: an upload in one piece,
// reading, answering, holding back and deleting a comment, and figures.
func TestGooglesClientIsAccepted(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join(shared(t, "captures"), "googleapis_youtube_35.0.0.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all struct{ Requests []recorded }
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	s := open(t, Options{Seed: 1})
	me := s.credential(t, YouTube, "")
	film := s.youtubeCall(t, me, "POST", me.BaseURL+"/upload/youtube/v3/videos?uploadType=multipart&part=snippet", related, nil, relatedBody(t, ytAboutFilm))
	want(t, "the first film", film.status, 200)
	comment, err := s.Say(Saying{Platform: YouTube, InReplyTo: film.str("id"), Text: "Tanya", Author: "bu_sri"})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := s.Say(Saying{Platform: YouTube, InReplyTo: comment, Text: "Jawab", Author: me.Handle})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all.Requests {
		ids := strings.NewReplacer("abc", film.str("id"), "c1", comment)
		if r.Step == "delete comment" { // the client deletes its own
			ids = strings.NewReplacer("c1", answer)
		}
		var query []string
		for _, p := range r.Query {
			query = append(query, p[0]+"="+ids.Replace(p[1]))
		}
		kind, body := r.header("Content-Type"), []byte(nil)
		switch {
		case r.Body == nil:
		case r.Body.Multipart != nil:
			kind, body = related, relatedBody(t, r.Body.Multipart[0].Value)
		case r.Body.JSON != nil:
			b, _ := json.Marshal(r.Body.JSON)
			body = []byte(ids.Replace(string(b)))
		}
		got := s.youtubeCall(t, me, r.Method, me.BaseURL+r.Path+"?"+strings.Join(query, "&"), kind, nil, body)
		if got.status/100 != 2 {
			t.Errorf("%s: %d %s", r.Step, got.status, got.body)
		}
	}
}

// related is the kind of an upload in one piece.
const related = "multipart/related; boundary=batas"

func relatedBody(t *testing.T, about string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if err := w.SetBoundary("batas"); err != nil {
		t.Fatal(err)
	}
	for n, raw := range [][]byte{[]byte(about), filmBytes(74)} {
		part, err := w.CreatePart(textproto.MIMEHeader{"Content-Type": {[]string{"application/json", "video/mp4"}[n]}})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write(raw) // a buffer takes everything
	}
	_ = w.Close()
	return b.Bytes()
}

// An upload in parts as Google's library for Go makes it: POST, the whole
// length unknown until the last part.
func TestResumableUploadByPost(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Seed: 1})
	me := s.credential(t, YouTube, "")
	session := s.youtubeCall(t, me, "POST", me.BaseURL+"/upload/youtube/v3/videos?uploadType=resumable&part=snippet%2Cstatus", "application/json", nil, []byte(ytAboutFilm))
	address := session.header.Get("Location")
	want(t, "a session", session.status, 200)
	film := filmBytes(ytChunkUnit + 9)
	put := func(header string, body []byte) reply {
		return s.youtubeCall(t, me, "POST", address, "application/octet-stream", map[string]string{"Content-Range": header}, body)
	}
	for _, step := range []struct {
		what, header string
		body         []byte
		status       int
		has          string
	}{
		{"nothing yet", fmt.Sprintf("bytes */%d", len(film)), nil, 308, ""},
		{"a part of odd length", "bytes 0-9/*", film[:10], 400, ""},
		{"a part from the middle", "bytes 5-9/*", film[5:10], 400, ""},
		{"the first part", fmt.Sprintf("bytes 0-%d/*", ytChunkUnit-1), film[:ytChunkUnit], 308, fmt.Sprintf("bytes=0-%d", ytChunkUnit-1)},
		{"a header nobody understands", "bytes x", nil, 400, ""},
		{"the last part", fmt.Sprintf("bytes %d-%d/%d", ytChunkUnit, len(film)-1, len(film)), film[ytChunkUnit:], 200, ""},
		{"asked after the end", fmt.Sprintf("bytes */%d", len(film)), nil, 200, ""},
	} {
		got := put(step.header, step.body)
		if got.status != step.status || got.header.Get("Range") != step.has {
			t.Errorf("%s: %d %q %s", step.what, got.status, got.header.Get("Range"), got.body)
		}
	}
	if posts := s.World(); len(posts) != 1 || posts[0].Media[0].Size != int64(len(film)) {
		t.Errorf("%+v", posts)
	}
}

func TestYouTubeRefuses(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Seed: 1})
	me := s.credential(t, YouTube, "")
	for reason, about := range map[string]string{
		"invalidTitle":       `{"snippet":{"title":"a<b"}}`,
		"invalidDescription": fmt.Sprintf(`{"snippet":{"title":"a","description":%q}}`, strings.Repeat("é", 2501)),
		"invalidPublishAt":   `{"snippet":{"title":"a"},"status":{"privacyStatus":"public","publishAt":"2026-12-01T00:00:00Z"}}`,
		"parseError":         `{`,
	} {
		got := s.youtubeCall(t, me, "POST", me.BaseURL+"/upload/youtube/v3/videos?uploadType=resumable&part=snippet", "application/json", nil, []byte(about))
		if got.status != 400 || got.str("error.errors.0.reason") != reason {
			t.Errorf("%s: %d %s", reason, got.status, got.body)
		}
	}
	got := s.youtubeCall(t, me, "POST", me.BaseURL+"/youtube/v3/comments/setModerationStatus?id=Ug1&moderationStatus=published&banAuthor=true", "", nil, nil)
	if got.str("error.errors.0.reason") != "banWithoutReject" {
		t.Errorf("%s", got.body)
	}
}

// FuzzContentRange: what is read is within its whole, and nothing is negative.
func FuzzContentRange(f *testing.F) {
	for _, h := range []string{"", "bytes 0-9/10", "bytes 0-9/*", "bytes */10", "bytes 9-0/10", "bytes -1-2/3", "bytes 0-9223372036854775807/9223372036854775807", "x"} {
		f.Add(h, int64(10))
	}
	f.Fuzz(func(t *testing.T, header string, length int64) {
		r, err := readContentRange(header, length)
		if err != nil || header == "" {
			return
		}
		if r.from < 0 || r.total < 0 || !r.ask && r.to < r.from || !r.ask && r.total > 0 && r.to >= r.total {
			t.Fatalf("%q: %+v", header, r)
		}
	})
}
