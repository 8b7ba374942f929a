package platformtest

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Tape writes down what a connector sends, one line a request: method, path
// with ids left out, kind of body, names of fields.
type Tape struct {
	mu    sync.Mutex
	lines []string
	last  http.Header
}

// Wrap records what passes through to h.
func (tape *Tape) Wrap(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		tape.mu.Lock()
		if !strings.HasPrefix(r.URL.Path, "/sandbox/") {
			tape.lines = append(tape.lines, line(r, body))
			tape.last = r.Header.Clone()
		}
		tape.mu.Unlock()
		h.ServeHTTP(w, r)
	})
}

// Header is the last request's.
func (tape *Tape) Header() http.Header {
	tape.mu.Lock()
	defer tape.mu.Unlock()
	return tape.last
}

// Sent is what do made the connector send.
func (tape *Tape) Sent(t *testing.T, do func() error) []string {
	t.Helper()
	tape.mu.Lock()
	tape.lines = nil
	tape.mu.Unlock()
	if err := do(); err != nil {
		t.Fatal(err)
	}
	tape.mu.Lock()
	defer tape.mu.Unlock()
	return slices.Clone(tape.lines)
}

var ids = regexp.MustCompile(`/[0-9][0-9_]{4,}(/|\.json|$)`)

func line(r *http.Request, body []byte) string {
	path := ids.ReplaceAllString(ids.ReplaceAllString(r.URL.Path, "/:id$1"), "/:id$1")
	parts := []string{r.Method, path}
	if q := slices.Sorted(maps.Keys(r.URL.Query())); len(q) > 0 {
		parts = append(parts, "query", strings.Join(q, ","))
	}
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "" || len(body) == 0 {
		return strings.Join(parts, " ")
	}
	var names []string
	switch kind {
	case "application/json":
		var fields map[string]any
		_ = json.Unmarshal(body, &fields) // no object: no names
		names = slices.Sorted(maps.Keys(fields))
	case "application/x-www-form-urlencoded":
		form, _ := url.ParseQuery(string(body))
		names = slices.Sorted(maps.Keys(form))
	case "multipart/form-data":
		for m := multipart.NewReader(bytes.NewReader(body), params["boundary"]); ; {
			part, err := m.NextPart()
			if err != nil {
				break
			}
			names = append(names, part.FormName())
		}
		slices.Sort(names)
	}
	_, short, _ := strings.Cut(kind, "/")
	return strings.Join(append(parts, short, strings.Join(names, ",")), " ")
}
