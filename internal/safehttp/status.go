package safehttp

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
)

// StatusError is an answer that a library would have mistaken for a success.
type StatusError struct{ Answer }

func (e *StatusError) Error() string { return fmt.Sprintf("HTTP status %d", e.Status) }

// StatusGuard stands under a client library that does not look at the HTTP
// status: it reads the whole answer, shows it to Saw, and turns everything
// that is not 2xx into a *StatusError, unless Pass says that the library reads
// this answer correctly by itself.
type StatusGuard struct {
	Base http.RoundTripper
	Saw  func(Answer)
	Pass func(Answer) bool
}

// RoundTrip implements http.RoundTripper.
func (g *StatusGuard) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := g.Base.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil {
		return nil, AsFailure(err)
	}
	a := Answer{Status: resp.StatusCode, Header: resp.Header, Body: body}
	if g.Saw != nil {
		g.Saw(a)
	}
	if !a.OK() && (g.Pass == nil || !g.Pass(a)) {
		return nil, &StatusError{a}
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}
