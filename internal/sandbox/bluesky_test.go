package sandbox

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

func (s *stage) xrpc(t *testing.T, me Credential, nsid string, in any) reply {
	t.Helper()
	return send(t, request{method: "POST", url: me.BaseURL + "/xrpc/" + nsid, bearer: me.Token.Access, json: in})
}

func skyHello(text string) map[string]any {
	return map[string]any{"$type": skyPost, "text": text, "createdAt": "2026-11-23T07:00:00.000Z"}
}

func TestBlueskyNamesAreValid(t *testing.T) {
	t.Parallel()
	did := regexp.MustCompile(`^did:plc:[a-z2-7]{24}$`)
	handle := regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]+$`)
	for _, a := range blueskyHabit().accounts {
		if !did.MatchString(a.ID) || !handle.MatchString(a.Handle) {
			t.Errorf("%+v", a)
		}
	}
	names := []string{"", "__", "Bu Sri", "warga.tirta", "x" + skyDomain}
	for _, p := range personas() {
		names = append(names, p.handle)
	}
	for _, name := range names {
		id, shown := skyPerson(name)
		again, same := skyPerson(shown)
		if !did.MatchString(id) || !handle.MatchString(shown) || again != id || same != shown {
			t.Errorf("%q is %s %s", name, id, shown)
		}
	}
}

// The blob is the one that Bluesky's own client was answered with; the records
// are compared with a real server's in TestRealNetwork of the connector.
func TestBlueskyCIDs(t *testing.T) {
	t.Parallel()
	sum, _ := hex.DecodeString("59edf55565bcecb9dede3d708fcf92e81ada5391a064bc2bdba46b51fb529e15")
	if got, err := cidBytes("bafkreicz5x2vkzn45s455xr5och47exidlnfhenams6cxw5enni7wuu6cu"); err != nil || string(got[4:]) != string(sum) || got[1] != codecRaw {
		t.Errorf("%x %v", got, err)
	}
	for name, row := range map[string]struct{ json, cbor string }{
		"keys by length, then bytes": {`{"bb":1,"a":-1,"ab":[true,false,null]}`, "a361612062616283f5f4f662626201"},
		"long heads":                 {`{"n":[23,24,255,256,65535,65536,4294967296]}`, "a1616e8717181818ff19010019ffff1a000100001b0000000100000000"},
		"a link":                     {`{"$link":"bafkreicz5x2vkzn45s455xr5och47exidlnfhenams6cxw5enni7wuu6cu"}`, "d82a58250001551220" + hex.EncodeToString(sum)},
		"bytes":                      {`{"$bytes":"AQI"}`, "420102"},
		"words":                      {`"ꦗ"`, "63ea a697"},
	} {
		d := json.NewDecoder(strings.NewReader(row.json))
		d.UseNumber()
		var v any
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		got, err := dagCBOR(nil, v)
		if err != nil || hex.EncodeToString(got) != strings.ReplaceAll(row.cbor, " ", "") {
			t.Errorf("%s: %x %v", name, got, err)
		}
	}
	for _, bad := range []any{json.Number("1.5"), map[string]any{"$link": "x"}, 1.5} {
		if _, err := dagCBOR(nil, bad); err == nil {
			t.Errorf("%v has no place in the data model", bad)
		}
	}
}

// What a real server refuses, in its words.
func TestBlueskyRefuses(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Seed: 1})
	me := s.credential(t, Bluesky, "")
	put := func(rkey string, record map[string]any) map[string]any {
		return map[string]any{"repo": me.AccountID, "collection": skyPost, "rkey": rkey, "record": record}
	}
	const key = "3mb5xzq2abc2k"
	with := func(name string, v any) map[string]any {
		r := skyHello("Halo")
		r[name] = v
		return r
	}
	want(t, "the first", s.xrpc(t, me, "com.atproto.repo.putRecord", put(key, skyHello("Halo"))).status, 200)
	for name, row := range map[string]struct {
		nsid   string
		in     any
		status int
		says   string
	}{
		"a key that is there":          {"com.atproto.repo.createRecord", put(key, skyHello("Lain")), 500, "InternalServerError"},
		"a key that is no TID":         {"com.atproto.repo.putRecord", put("3kentongan2222", skyHello("Halo")), 400, "Invalid TID string"},
		"301 grapheme clusters":        {"com.atproto.repo.putRecord", put("3mb5xzq2abc22", skyHello(strings.Repeat("👩‍👩‍👧‍👦", 100)+strings.Repeat("a", 201))), 400, "grapheme too big (maximum 300, got 301) at $.record.text"},
		"3,001 bytes":                  {"com.atproto.repo.putRecord", put("3mb5xzq2abc22", skyHello(strings.Repeat("👩‍👩‍👧‍👦", 121))), 400, "string too big (maximum 3000"},
		"a facet beside the text":      {"com.atproto.repo.putRecord", put("3mb5xzq2abc22", with("facets", []any{map[string]any{"index": map[string]int{"byteStart": 0, "byteEnd": 5}, "features": []any{}}})), 400, "byte slice"},
		"a picture that is not there":  {"com.atproto.repo.putRecord", put("3mb5xzq2abc22", with("embed", map[string]any{"$type": "app.bsky.embed.images", "images": []any{map[string]any{"alt": "", "image": map[string]any{"$type": "blob", "ref": map[string]string{"$link": cidOf(codecRaw, []byte("x"))}, "mimeType": "image/png", "size": 1}}}})), 400, "BlobNotFound"},
		"somebody else's repository":   {"com.atproto.repo.putRecord", map[string]any{"repo": "did:plc:protokoltirtaaaaaaaaaaaa", "collection": skyPost, "rkey": key, "record": skyHello("x")}, 401, "AuthenticationRequired"},
		"a record of another kind":     {"com.atproto.repo.putRecord", put("3mb5xzq2abc22", map[string]any{"$type": skyLike, "createdAt": "2026-11-23T07:00:00Z"}), 400, "Invalid $type"},
		"a state that it is not in":    {"com.atproto.repo.putRecord", map[string]any{"repo": me.AccountID, "collection": skyPost, "rkey": key, "record": skyHello("x"), "swapRecord": nil}, 400, "InvalidSwap"},
		"a message without the header": {"chat.bsky.convo.sendMessage", map[string]any{"convoId": "x", "message": map[string]any{"text": "x"}}, 404, "XRPCNotSupported"},
		"a method that nobody has":     {"com.atproto.repo.applyMagic", map[string]any{}, 501, "MethodNotImplemented"},
	} {
		if r := s.xrpc(t, me, row.nsid, row.in); r.status != row.status || !strings.Contains(string(r.body), row.says) {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	want(t, "one post", len(s.said("Halo")), 1)
	for bearer, says := range map[string]string{"x": `400 {"error":"InvalidToken"`, "": `401 {"error":"AuthMissing"`} {
		r := send(t, request{method: "GET", url: me.BaseURL + "/xrpc/com.atproto.server.getSession", bearer: bearer})
		if got := fmt.Sprint(r.status, " ", string(r.body)); !strings.HasPrefix(got, says) {
			t.Errorf("with the token %q: %s", bearer, got)
		}
	}
}

func TestBlueskySessions(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Seed: 1, Rules: Rules{TrueLimits: true}})
	me := s.credential(t, Bluesky, "")
	in := func(password string) reply {
		return send(t, request{method: "POST", url: me.BaseURL + "/xrpc/com.atproto.server.createSession", json: map[string]any{"identifier": me.Handle, "password": password}})
	}
	good := in(me.Password)
	want(t, "signed in", good.status, 200)
	refresh := func(token string) reply {
		return send(t, request{method: "POST", url: me.BaseURL + "/xrpc/com.atproto.server.refreshSession", bearer: token})
	}
	next := refresh(good.str("refreshJwt"))
	want(t, "refreshed", next.status, 200)
	want(t, "a refresh token works once", refresh(good.str("refreshJwt")).str("error"), "ExpiredToken")
	want(t, "an access token does not refresh", refresh(next.str("accessJwt")).str("error"), "InvalidToken")
	get := func(token string) reply {
		return send(t, request{method: "GET", url: me.BaseURL + "/xrpc/com.atproto.server.getSession", bearer: token})
	}
	want(t, "the new session", get(next.str("accessJwt")).str("did"), me.AccountID)
	s.Advance(2*time.Hour + time.Minute)
	want(t, "after two hours", get(next.str("accessJwt")).str("error"), "ExpiredToken")
	want(t, "the refresh token lives on", refresh(next.str("refreshJwt")).status, 200)
	for range 30 {
		want(t, "a wrong password", in("salah").str("error"), "AuthenticationRequired")
	}
	over := in(me.Password)
	want(t, "thirty in five minutes", over.status, http.StatusTooManyRequests)
	want(t, "the platform's own header", over.header.Get("Ratelimit-Policy"), "30;w=300")
}

// A restarted sandbox knows what is in a repository beside posts.
func TestBlueskyRecordsPersist(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	s := open(t, Options{Seed: 1, Path: path})
	me := s.credential(t, Bluesky, "")
	block := map[string]any{"$type": skyBlock, "subject": "did:plc:protokoltirtaaaaaaaaaaaa", "createdAt": "2026-11-23T07:00:00Z"}
	made := s.xrpc(t, me, "com.atproto.repo.createRecord", map[string]any{"repo": me.AccountID, "collection": skyBlock, "record": block})
	gone := s.xrpc(t, me, "com.atproto.repo.createRecord", map[string]any{"repo": me.AccountID, "collection": skyBlock, "record": block})
	_, _, rkey, _ := skyParts(gone.str("uri"))
	want(t, "deleted", s.xrpc(t, me, "com.atproto.repo.deleteRecord", map[string]any{"repo": me.AccountID, "collection": skyBlock, "rkey": rkey}).status, 200)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, Options{Seed: 1, Path: path})
	me = s.credential(t, Bluesky, "")
	list := send(t, request{method: "GET", url: me.BaseURL + "/xrpc/com.atproto.repo.listRecords?collection=" + skyBlock + "&repo=" + me.AccountID})
	want(t, "the block", list.str("records.0.cid"), made.str("cid"))
	if strings.Contains(string(list.body), rkey) {
		t.Errorf("a deleted record is back: %s", list.body)
	}
}
