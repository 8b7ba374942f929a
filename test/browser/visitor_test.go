package browser

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"testing"
)

// visitor asks without a browser, with a person's own session.
type visitor struct {
	http.Client
	base string
}

// visitor signs somebody in; nobody when the name is empty.
func (tw town) visitor(t *testing.T, name string) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{http.Client{Jar: jar}, tw.base}
	if name == "" {
		return v
	}
	if answer := v.send(t, "/masuk", url.Values{"username": {name}, "password": {password}}); answer.Request.URL.Path != "/hari-ini" {
		t.Fatalf("%s could not sign in: %s %s", name, answer.Status, answer.Request.URL)
	}
	return v
}

func (v *visitor) send(t *testing.T, path string, form url.Values) *http.Response {
	t.Helper()
	answer, err := v.PostForm(v.base+path, form)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer
}

// read is a page's status, type and text. A stream is not read.
func (v *visitor) read(t *testing.T, path string) (*http.Response, string) {
	t.Helper()
	answer, err := v.Get(v.base + path)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.Header.Get("Content-Type") == "text/event-stream" {
		return answer, ""
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}
