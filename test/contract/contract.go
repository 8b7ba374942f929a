// Package contract holds our requests and the sandbox's answers against the
// platforms' own published specifications. The specifications lie beside the
// checkout, in ../shared/contracts: most may be tested against, not shipped.
package contract

import (
	"bufio"
	"bytes"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"kentongan/test/real"
)

// Exchange is one request and its answer, as they went over the wire.
type Exchange struct {
	Method string
	Path   string // below the platform's mount
	Query  url.Values
	Header http.Header
	Body   []byte

	Status       int
	AnswerHeader http.Header
	Answer       []byte
}

// Specification judges an exchange. kind names what it was ("POST /2/tweets
// 201"); covered is false when the specification has nothing about it; err says
// what does not fit.
type Specification interface {
	Judge(e Exchange) (kind string, covered bool, err error)
}

// Path is a file of the contracts' folder. Without it the test is skipped by
// name; under CI it fails.
func Path(t testing.TB, elements ...string) string {
	t.Helper()
	root := os.Getenv("KENTONGAN_CONTRACTS")
	if root == "" {
		root = filepath.Join(moduleRoot(t), "..", "shared", "contracts")
	}
	path := filepath.Join(append([]string{root}, elements...)...)
	if _, err := os.Stat(path); err != nil {
		real.Missing(t, "the contract "+filepath.Join(elements...), "put it in ../shared/contracts, or set KENTONGAN_CONTRACTS")
	}
	return path
}

func moduleRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = up
	}
}

// Watch judges every exchange that passes to h below mount. When the test ends
// it reports, once each, what did not fit, and every kind that the
// specification does not know unless excused says why.
func Watch(t testing.TB, s Specification, mount string, excused map[string]string, h http.Handler) http.Handler {
	w := &watch{s: s, covered: map[string]int{}, unknown: map[string]int{}, wrong: map[string]string{}}
	t.Cleanup(func() { w.report(t, excused) })
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, mount+"/") {
			h.ServeHTTP(rw, r)
			return
		}
		body, _ := io.ReadAll(r.Body) // a broken body is the handler's to refuse
		r.Body = io.NopCloser(bytes.NewReader(body))
		answer := httptest.NewRecorder()
		through := &hijackable{ResponseRecorder: answer, under: rw}
		h.ServeHTTP(through, r)
		if through.gone {
			return // the platform hung up: there is no answer to judge
		}
		w.judge(Exchange{
			Method: r.Method, Path: strings.TrimPrefix(r.URL.Path, mount), Query: r.URL.Query(), Header: r.Header, Body: body,
			Status: answer.Code, AnswerHeader: answer.Header(), Answer: answer.Body.Bytes(),
		})
		maps.Copy(rw.Header(), answer.Header())
		rw.WriteHeader(answer.Code)
		_, _ = rw.Write(answer.Body.Bytes()) // the client may be gone
	})
}

// hijackable lets the handler hang up on the real connection.
type hijackable struct {
	*httptest.ResponseRecorder
	under http.ResponseWriter
	gone  bool
}

// Hijack implements http.Hijacker.
func (h *hijackable) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	h.gone = true
	return http.NewResponseController(h.under).Hijack()
}

type watch struct {
	s       Specification
	mu      sync.Mutex
	covered map[string]int
	unknown map[string]int
	wrong   map[string]string // kind and complaint -> first example
}

func (w *watch) judge(e Exchange) {
	kind, covered, err := w.s.Judge(e)
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case err != nil:
		key := kind + ": " + err.Error()
		if w.wrong[key] == "" {
			w.wrong[key] = "sent " + short(e.Body) + " answered " + short(e.Answer)
		}
	case covered:
		w.covered[kind]++
	default:
		w.unknown[kind]++
	}
}

func (w *watch) report(t testing.TB, excused map[string]string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, key := range slices.Sorted(maps.Keys(w.wrong)) {
		t.Errorf("%s\n\t%s", key, w.wrong[key])
	}
	for _, kind := range slices.Sorted(maps.Keys(w.unknown)) {
		if why := excused[kind]; why != "" {
			t.Logf("no contract for %s: %s", kind, why)
			continue
		}
		t.Errorf("no contract for %s, and no reason given", kind)
	}
	t.Logf("%d kinds fit their contract: %s", len(w.covered), strings.Join(slices.Sorted(maps.Keys(w.covered)), ", "))
}

func short(b []byte) string {
	if len(b) > 300 {
		b = b[:300]
	}
	return string(b)
}
