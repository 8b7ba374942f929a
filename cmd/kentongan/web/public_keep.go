package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Kept is a public page or file that is made once and given to everybody until
// something moves.
type Kept struct {
	body    []byte
	packed  []byte // gzip; nil where it would save nothing
	media   string
	tag     string // strong validator of body
	name    string // of a file to be saved as; "" for what is read here
	madeAt  time.Time
	mark    string // what it was made of
	changed time.Time
}

// keepFor is how long a browser or a proxy may show it without asking; keptFor
// is how long it is shown here when only what the mark does not see has moved
// (messages that came in, answers that went out).
const (
	keepFor  = "public, max-age=15, must-revalidate"
	keptFor  = time.Minute
	mostKept = 2000
)

func keep(body []byte, media, name string, now time.Time) Kept {
	sum := sha256.Sum256(body)
	k := Kept{body: body, media: media, name: name, tag: hex.EncodeToString(sum[:12]), madeAt: now, changed: now.UTC().Truncate(time.Second)}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(body); err == nil && z.Close() == nil && b.Len() < len(body) {
		k.packed = b.Bytes()
	}
	return k
}

func (k Kept) send(_ *Server, w http.ResponseWriter, r *Request) error {
	h := w.Header()
	h.Set("Content-Type", k.media)
	h.Set("Cache-Control", keepFor)
	h.Set("Last-Modified", k.changed.Format(http.TimeFormat))
	for _, by := range []string{"Accept-Encoding", "Accept-Language", "Cookie"} {
		h.Add("Vary", by)
	}
	if k.name != "" {
		h.Set("Content-Disposition", `attachment; filename="`+k.name+`"`)
		h.Set("Access-Control-Allow-Origin", "*") // open data may be read by anybody's program
	}
	tag, body := `"`+k.tag+`"`, k.body
	if k.packed != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		tag, body = `"`+k.tag+`-gz"`, k.packed
	}
	h.Set("ETag", tag)
	if k.known(r.Request) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	if tag != `"`+k.tag+`"` {
		h.Set("Content-Encoding", "gzip")
	}
	_, err := w.Write(body)
	return err
}

// known says whether the browser has it already (RFC 9110, 13.1: a tag counts
// before a time).
func (k Kept) known(r *http.Request) bool {
	if match := r.Header.Get("If-None-Match"); match != "" {
		for part := range strings.SplitSeq(match, ",") {
			part = strings.TrimPrefix(strings.TrimSpace(part), "W/")
			if part == "*" || part == `"`+k.tag+`"` || part == `"`+k.tag+`-gz"` {
				return true
			}
		}
		return false
	}
	since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
	return err == nil && !k.changed.After(since)
}

// shelf holds what was made, by address and language.
type shelf struct {
	mu   sync.Mutex
	kept map[string]Kept
	work sync.Mutex // one at a time makes something: a crowd waits for one copy
}

// take returns what is kept under a key if it was made of the same mark and is
// not too old.
func (s *shelf) take(key, mark string, now time.Time) (Kept, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.kept[key]
	return k, ok && k.mark == mark && now.Sub(k.madeAt) < keptFor && !now.Before(k.madeAt)
}

// put keeps a copy. One that says the same as before keeps its time.
func (s *shelf) put(key, mark string, k Kept) Kept {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil || len(s.kept) >= mostKept {
		s.kept = map[string]Kept{}
	}
	if was, ok := s.kept[key]; ok && was.tag == k.tag {
		k.changed = was.changed
	}
	k.mark = mark
	s.kept[key] = k
	return k
}

// of returns what is kept, or makes it.
func (s *shelf) of(key, mark string, now time.Time, build func() (Kept, error)) (Kept, error) {
	if k, ok := s.take(key, mark, now); ok {
		return k, nil
	}
	s.work.Lock()
	defer s.work.Unlock()
	if k, ok := s.take(key, mark, now); ok { // made while this one waited
		return k, nil
	}
	k, err := build()
	if err != nil {
		return k, err
	}
	return s.put(key, mark, k), nil
}
