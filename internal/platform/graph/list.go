package graph

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// When is Graph's time: ISO 8601 without a colon in the zone.
type When struct{ time.Time }

// UnmarshalJSON implements json.Unmarshaler.
func (w *When) UnmarshalJSON(raw []byte) error {
	s := strings.Trim(string(raw), `"`)
	if s == "null" || s == "" {
		return nil
	}
	for _, layout := range []string{"2006-01-02T15:04:05-0700", time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil {
			w.Time = t.UTC()
			return nil
		}
	}
	return &time.ParseError{Layout: time.RFC3339, Value: s}
}

// Text is an id that Meta writes as a text here and as a number there.
type Text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *Text) UnmarshalJSON(raw []byte) error {
	var n json.Number
	if err := json.Unmarshal(raw, &n); err == nil {
		*t = Text(n.String())
		return nil
	}
	var s string
	err := json.Unmarshal(raw, &s)
	*t = Text(s)
	return err
}

// List is one page of an edge.
type List[T any] struct {
	Data   []T `json:"data"`
	Paging struct {
		Next    string `json:"next"`
		Cursors struct {
			After string `json:"after"`
		} `json:"cursors"`
	} `json:"paging"`
}

// More are the parameters that lead to the next page; nil at the end. The next
// address itself is not followed: it carries the token and may name another
// host.
func (l List[T]) More() (url.Values, error) {
	if l.Paging.Next == "" {
		return nil, nil
	}
	params := url.Values{}
	if u, err := url.Parse(l.Paging.Next); err == nil {
		for _, name := range []string{"after", "until", "offset", "__paging_token"} {
			if v := u.Query().Get(name); v != "" {
				params.Set(name, v)
			}
		}
	}
	if len(params) == 0 {
		return nil, &platform.Unclear{Status: http.StatusOK, Said: "next page without a cursor"}
	}
	return params, nil
}

// ReadList reads a page of an edge; an answer without data is none.
func ReadList[T any](answer safehttp.Answer) (l List[T], more url.Values, err error) {
	if err := wire.Listed(answer, "data"); err != nil {
		return l, nil, err
	}
	if err := wire.Whole(answer.Body, &l); err != nil {
		return l, nil, &platform.Unclear{Status: answer.Status, Said: "unreadable answer", Err: err}
	}
	more, err = l.More()
	return l, more, err
}

// Edge is a list to walk.
type Edge struct {
	Path   []string
	Params url.Values
	Pages  int // at most so many
}

// Walk reads a list page by page until see says that it has enough, and says
// whether the list was read to that point or to its end.
func Walk[T any](ctx context.Context, g API, a platform.Account, e Edge, see func(page []T, h http.Header) (enough bool)) (whole bool, err error) {
	var more url.Values
	for range e.Pages {
		params := url.Values{}
		for _, from := range []url.Values{e.Params, more} {
			for k, v := range from {
				params[k] = slices.Clone(v)
			}
		}
		var raw json.RawMessage
		answer, err := g.Get(ctx, a, &raw, params, e.Path...)
		if err != nil {
			return false, err
		}
		l, next, err := ReadList[T](answer)
		if err != nil {
			return false, err
		}
		if see(l.Data, answer.Header) || next == nil {
			return true, nil
		}
		more = next
	}
	return false, nil
}
