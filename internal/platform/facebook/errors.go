package facebook

import (
	"errors"
	"net/http"
	"time"

	fb "github.com/huandu/facebook/v2"

	"kentongan/internal/platform"
	"kentongan/internal/platform/graph"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// spoken says that a body is Graph's own well-formed error, which the library
// reads correctly.
func spoken(body []byte) bool {
	_, ok := graph.Parse(body)
	return ok
}

// refused reads the library's error in the contract's words.
func refused(err error, seen safehttp.Answer, a platform.Account, now time.Time) error {
	if e, ok := errors.AsType[*fb.Error](err); ok {
		said := safehttp.Said([]byte(e.Message+" "+e.UserMessage), a.Token.Access, a.App.ClientSecret)
		return graph.Meaning(graph.Error{Message: e.Message, Type: e.Type, Code: e.Code, Subcode: e.ErrorSubcode, Transient: e.IsTransient}, said, seen, now)
	}
	if s, ok := errors.AsType[*safehttp.StatusError](err); ok {
		said := safehttp.Said(s.Body, a.Token.Access, a.App.ClientSecret)
		if s.Status == http.StatusTooManyRequests {
			return &platform.Throttle{Until: graph.Again(s.Header, now), Said: said}
		}
		return &platform.Unclear{Status: s.Status, Said: said}
	}
	if _, ok := errors.AsType[*fb.UnmarshalError](err); ok {
		return &platform.Unclear{Status: seen.Status, Said: "unreadable answer"}
	}
	return wire.Failed(err)
}
