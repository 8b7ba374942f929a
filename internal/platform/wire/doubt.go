package wire

import (
	"bytes"
	"encoding/json"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/safehttp"
)

// Lists says whether a JSON document has a list of that name. One that is
// missing, or null, has not said that there is nothing: a look that takes it
// for an empty list would send a post again, or call comments deleted.
func Lists(body []byte, name string) bool {
	var all map[string]json.RawMessage
	return Whole(body, &all) == nil && bytes.HasPrefix(bytes.TrimSpace(all[name]), []byte("["))
}

// Listed is Lists as an error of the contract.
func Listed(answer safehttp.Answer, name string) error {
	if !Lists(answer.Body, name) {
		return &platform.Unclear{Status: answer.Status, Said: "no list"}
	}
	return nil
}

// Done reads the answer to a change that promises no content (204). A page, or
// an error with a good status, is not the platform's word that it was done.
func Done(answer safehttp.Answer) error {
	body := bytes.TrimSpace(answer.Body)
	if len(body) == 0 {
		return nil
	}
	var all map[string]json.RawMessage
	if err := Whole(body, &all); err != nil {
		return &platform.Unclear{Status: answer.Status, Said: "unreadable answer", Err: err}
	}
	for _, name := range []string{"error", "errors", "serviceErrorCode"} {
		if v, has := all[name]; has && string(v) != "null" {
			return &platform.Unclear{Status: answer.Status, Said: "an error with a good status"}
		}
	}
	return nil
}

// longest is how long a platform's word makes us wait. No limit that is known
// lasts longer than a day; after an absurd one we ask again.
const longest = 24 * time.Hour

// Within keeps a moment to try again at within a day.
func Within(until, now time.Time) time.Time {
	if last := now.Add(longest); until.After(last) {
		return last
	}
	return until
}

// Every is Listed, and every entry of the list was read: n of them.
func Every(answer safehttp.Answer, name string, n int) error {
	var all map[string]json.RawMessage
	var rows []json.RawMessage
	if Whole(answer.Body, &all) != nil || all[name] != nil && json.Unmarshal(all[name], &rows) != nil || len(rows) != n {
		return &platform.Unclear{Status: answer.Status, Said: "an entry that cannot be read"}
	}
	return nil
}

// Rows is a list in which one entry that cannot be read takes nothing else
// with it: feeds would otherwise stand still at it forever. It is for feeds
// only: a look for a post of ours must fail at what it cannot read.
type Rows[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (r *Rows[T]) UnmarshalJSON(raw []byte) error {
	var all []json.RawMessage
	if err := json.Unmarshal(raw, &all); err != nil {
		return err
	}
	if *r = nil; all == nil {
		return nil
	}
	*r = make(Rows[T], 0, len(all))
	for _, one := range all {
		var v T
		if json.Unmarshal(one, &v) == nil {
			*r = append(*r, v)
		}
	}
	return nil
}
