package contract

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// What does not fit is told; a judge that lets everything pass proves nothing.
func TestLexiconsRefuse(t *testing.T) {
	t.Parallel()
	s := Lexicons(t)
	put := func(record string) Exchange {
		return Exchange{
			Method: "POST", Path: "/xrpc/com.atproto.repo.putRecord", Status: 200,
			Header:       http.Header{"Content-Type": {"application/json"}},
			Body:         []byte(`{"repo":"did:plc:tirtawangikotaaaaaaaaaaa","collection":"app.bsky.feed.post","rkey":"3mb5xzq2abc2k","record":` + record + `}`),
			AnswerHeader: http.Header{"Content-Type": {"application/json; charset=utf-8"}},
			Answer:       []byte(`{"uri":"at://did:plc:tirtawangikotaaaaaaaaaaa/app.bsky.feed.post/3mb5xzq2abc2k","cid":"bafyreiago4ovb3bavf7xhtg7gbyamtdxktf5lcgoibmppwx3kmnwi6lfai"}`),
		}
	}
	post := func(more string) string {
		return `{"$type":"app.bsky.feed.post","text":"Halo","createdAt":"2026-11-23T07:00:00.000Z"` + more + `}`
	}
	if kind, covered, err := s.Judge(put(post(""))); err != nil || !covered || kind != "POST com.atproto.repo.putRecord 200" {
		t.Fatalf("%s %v %v", kind, covered, err)
	}
	with := func(e Exchange, change func(*Exchange)) Exchange { change(&e); return e }
	for name, row := range map[string]struct {
		e    Exchange
		says string
	}{
		"a record without its time":   {put(`{"$type":"app.bsky.feed.post","text":"Halo"}`), "lacks createdAt"},
		"a record without its type":   {put(`{"text":"Halo","createdAt":"2026-11-23T07:00:00.000Z"}`), "without $type"},
		"an unknown field of it":      {put(post(`,"title":"x"`)), "title is unknown"},
		"too many signs":              {put(strings.Replace(post(""), "Halo", strings.Repeat("a", 301), 1)), "301 graphemes"},
		"a time in words":             {put(strings.Replace(post(""), "2026-11-23T07:00:00.000Z", "kemarin", 1)), "no datetime"},
		"a facet without its offsets": {put(post(`,"facets":[{"features":[]}]`)), "lacks index"},
		"an embed of no known kind":   {put(post(`,"embed":{"$type":"app.bsky.embed.sound"}`)), "none of"},
		"an answer without a version": {with(put(post("")), func(e *Exchange) {
			e.Answer = []byte(`{"uri":"at://did:plc:tirtawangikotaaaaaaaaaaa/app.bsky.feed.post/3mb5xzq2abc2k"}`)
		}), "lacks cid"},
		"an error nobody knows": {with(put(post("")), func(e *Exchange) { e.Status, e.Answer = 400, []byte(`{"error":"Meteor","message":"x"}`) }), "Meteor"},
		"the wrong verb":        {with(put(post("")), func(e *Exchange) { e.Method = "GET" }), "sent by POST"},
		"a parameter nobody has": {Exchange{Method: "GET", Path: "/xrpc/app.bsky.feed.getPosts", Status: 200, Query: url.Values{"ids": {"1"}},
			AnswerHeader: http.Header{"Content-Type": {"application/json"}}, Answer: []byte(`{"posts":[]}`)}, "parameter ids is unknown"},
		"a message without the chat service's name": {Exchange{Method: "GET", Path: "/xrpc/chat.bsky.convo.getLog", Status: 200,
			AnswerHeader: http.Header{"Content-Type": {"application/json"}}, Answer: []byte(`{"logs":[]}`)}, "atproto-proxy"},
	} {
		if _, _, err := s.Judge(row.e); err == nil || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, covered, _ := s.Judge(Exchange{Method: "GET", Path: "/xrpc/app.bsky.nowhere"}); covered {
		t.Error("covers what is not there")
	}
}
