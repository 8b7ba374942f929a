package sandbox

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// stage is a sandbox behind real HTTP and the credentials to use it.
type stage struct {
	*Sandbox
	url string
}

func open(t *testing.T, o Options) *stage {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s.Handler())
	t.Cleanup(func() { srv.Close(); _ = s.Close() })
	return &stage{Sandbox: s, url: srv.URL}
}

// credential is the platform's first account's.
func (s *stage) credential(t *testing.T, platform, mode string) Credential {
	t.Helper()
	for _, c := range s.Credentials(s.url) {
		if c.Platform == platform && c.Mode == mode {
			return c
		}
	}
	t.Fatalf("no credential for %s %s", platform, mode)
	return Credential{}
}

// reply is an answer with its body read.
type reply struct {
	status int
	header http.Header
	body   []byte
	json   any
}

// get walks into the JSON: "data.0.id".
func (r reply) get(path string) any {
	v := r.json
	for step := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[step]
		case []any:
			n := 0
			if json.Unmarshal([]byte(step), &n) != nil || n >= len(x) {
				return nil
			}
			v = x[n]
		default:
			return nil
		}
	}
	return v
}

func (r reply) str(path string) string { s, _ := r.get(path).(string); return s }

type request struct {
	method, url, bearer string
	header              map[string]string
	form                url.Values
	json                any
	file                []byte // multipart, under fileName
	fileName            string
}

func send(t *testing.T, q request) reply {
	t.Helper()
	r, err := try(q)
	if err != nil {
		t.Fatalf("%s %s: %v", q.method, q.url, err)
	}
	return r
}

func try(q request) (reply, error) {
	var body io.Reader
	kind := ""
	switch {
	case q.file != nil:
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		for k, v := range q.form {
			_ = w.WriteField(k, v[0])
		}
		part, _ := w.CreateFormFile(q.fileName, "gambar.png")
		_, _ = part.Write(q.file)
		_ = w.Close()
		body, kind = &b, w.FormDataContentType()
	case q.json != nil:
		b, _ := json.Marshal(q.json)
		body, kind = bytes.NewReader(b), "application/json"
	case q.form != nil:
		body, kind = strings.NewReader(q.form.Encode()), "application/x-www-form-urlencoded"
	}
	req, err := http.NewRequest(q.method, q.url, body)
	if err != nil {
		return reply{}, err
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if q.bearer != "" {
		req.Header.Set("Authorization", "Bearer "+q.bearer)
	}
	for k, v := range q.header {
		req.Header.Set(k, v)
	}
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		return reply{}, err
	}
	defer res.Body.Close()
	out := reply{status: res.StatusCode, header: res.Header}
	if out.body, err = io.ReadAll(res.Body); err != nil {
		return out, err
	}
	_ = json.Unmarshal(out.body, &out.json)
	return out, nil
}

// png is a picture of one point.
func png() []byte {
	return []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82")
}

// said is what the world shows with a text.
func (s *stage) said(text string) []Seen {
	var out []Seen
	for _, p := range s.World() {
		if p.Text == text {
			out = append(out, p)
		}
	}
	return out
}

func want(t *testing.T, what string, got, expected any) {
	t.Helper()
	if got != expected {
		t.Errorf("%s: got %v, want %v", what, got, expected)
	}
}
