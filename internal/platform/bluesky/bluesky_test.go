package bluesky

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kentongan/internal/fault"
	"kentongan/internal/platform"
	"kentongan/internal/platform/platformtest"
	"kentongan/internal/safehttp"
	"kentongan/internal/sandbox"
)

func TestFacetsCountBytes(t *testing.T) {
	known := map[string]string{"warga.test": "did:plc:w", "a.example": "did:plc:a"}
	for name, row := range map[string]struct {
		text string
		want []string
	}{
		"a link ends before the full stop":          {"Lihat https://a.example/x?y=1&z=2.", []string{"https://a.example/x?y=1&z=2 -> https://a.example/x?y=1&z=2"}},
		"a bracket that it opened is the link's":    {"(https://a.example/(x))", []string{"https://a.example/(x)) -> https://a.example/(x))"}},
		"a bracket around it is not":                {"(https://a.example/x)", []string{"https://a.example/x -> https://a.example/x"}},
		"after letters of three bytes":              {"ꦗꦮ @warga.test", []string{"@warga.test -> did:plc:w"}},
		"a name in capitals is the same":            {"@Warga.Test!", []string{"@Warga.Test -> did:plc:w"}},
		"nobody's name stays text":                  {"@siapa.test", nil},
		"an e-mail address is no name":              {"humas@warga.test", nil},
		"a tag without its comma":                   {"#banjir, #RW03 #", []string{"#banjir -> banjir", "#RW03 -> RW03"}},
		"a number is no tag":                        {"#1 #2026", nil},
		"a tag inside a link is the link's":         {"https://a.example/ #a https://a.example/#b", []string{"https://a.example/ -> https://a.example/", "#a -> a", "https://a.example/#b -> https://a.example/#b"}},
		"a name inside a link is the link's":        {"https://a.example/@warga.test", []string{"https://a.example/@warga.test -> https://a.example/@warga.test"}},
		"half an address is none":                   {"https:// http://", nil},
		"a tag of more than sixty-four signs is no": {"#" + strings.Repeat("a", 65), nil},
	} {
		var got []string
		for _, m := range facetsOf(row.text, known) {
			f := m.Features[0]
			got = append(got, row.text[m.Index.Start:m.Index.End]+" -> "+f.URI+f.DID+f.Tag)
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: %q, want %q", name, got, row.want)
		}
	}
}

func TestCitizensWordsAreToldWhole(t *testing.T) {
	link := func(start, end int, uri string) string {
		return fmt.Sprintf(`,"facets":[{"index":{"byteStart":%d,"byteEnd":%d},"features":[{"$type":"app.bsky.richtext.facet#link","uri":%q}]}]`, start, end, uri)
	}
	for name, row := range map[string]struct{ record, text, files string }{
		"a shortened link in full":         {`{"text":"lihat a.example/lap..."` + link(6, 22, "https://a.example/laporan") + `}`, "lihat https://a.example/laporan", "[]"},
		"words that lead somewhere":        {`{"text":"klik di sini"` + link(0, 12, "https://a.example") + `}`, "klik di sini (https://a.example)", "[]"},
		"offsets beside the text":          {`{"text":"ya"` + link(1, 9, "https://a.example") + `}`, "ya", "[]"},
		"a card below the words":           {`{"text":"baca","embed":{"$type":"app.bsky.embed.external","external":{"uri":"https://a.example"}}}`, "baca\n\nhttps://a.example", "[]"},
		"pictures without words":           {`{"text":"","embed":{"$type":"app.bsky.embed.images","images":[{},{}]}}`, "", "[image image]"},
		"a film":                           {`{"text":"","embed":{"$type":"app.bsky.embed.video"}}`, "", "[video]"},
		"a quote without words":            {`{"text":"","embed":{"$type":"app.bsky.embed.record","record":{"uri":"at://did:plc:x/app.bsky.feed.post/k"}}}`, "https://bsky.app/profile/did:plc:x/post/k", "[]"},
		"a quote with a picture":           {`{"text":"a","embed":{"$type":"app.bsky.embed.recordWithMedia","media":{"$type":"app.bsky.embed.images","images":[{}]},"record":{"record":{"uri":"x"}}}}`, "a", "[image]"},
		"something newer than the program": {`{"text":"","embed":{"$type":"app.bsky.embed.hologram"}}`, "", "[file]"},
		"parts of another kind":            {`{"text":"a","facets":{},"reply":[],"embed":"x","createdAt":"kemarin"}`, "a", "[]"},
	} {
		v := postView{URI: "at://did:plc:w/app.bsky.feed.post/k", Record: json.RawMessage(row.record), IndexedAt: time.Unix(1e9, 0)}
		i, ok := v.item(us())
		if !ok || i.Text != row.text || fmt.Sprint(i.Files) != row.files || i.AuthorID != "did:plc:w" || i.At.IsZero() {
			t.Errorf("%s: %v %+v", name, ok, i)
		}
	}
}

// The traps that a real server set: REALSERVERS in one table.
func TestWhatAnAnswerMeans(t *testing.T) {
	for name, row := range map[string]struct {
		status int
		body   string
		want   platform.Outcome
		code   string
	}{
		"a bad token is 400, not 401":        {400, `{"error":"InvalidToken","message":"Token could not be verified"}`, platform.Refused, "platform.auth_lost"},
		"a token that ran out":               {400, `{"error":"ExpiredToken","message":"Token has expired"}`, platform.Refused, "platform.auth_lost"},
		"no token":                           {401, `{"error":"AuthMissing","message":"Authentication Required"}`, platform.Refused, "platform.auth_lost"},
		"an app password without messages":   {400, `{"error":"InvalidToken","message":"Bad token method"}`, platform.Refused, "platform.consent.missing_permission"},
		"a duplicate key is 500":             {500, `{"error":"InternalServerError","message":"Internal Server Error"}`, platform.Unknown, ""},
		"503 with an empty object":           {503, `{}`, platform.Unknown, ""},
		"400 with an empty object":           {400, `{}`, platform.Unknown, ""},
		"a problem of somebody in between":   {403, `{"title":"Forbidden","status":403}`, platform.Unknown, ""},
		"a gateway's page":                   {404, `<html>`, platform.Unknown, ""},
		"the AppView is down":                {502, `{"error":"UpstreamFailure","message":"Upstream Failure"}`, platform.Unknown, ""},
		"too many calls":                     {429, `{"error":"RateLimitExceeded","message":"Rate Limit Exceeded"}`, platform.Throttled, ""},
		"too many calls, says a gateway":     {429, `slow down`, platform.Throttled, ""},
		"too long":                           {400, `{"error":"InvalidRequest","message":"Invalid app.bsky.feed.post record: grapheme too big (maximum 300, got 301) at $.record.text"}`, platform.Refused, "platform.text_too_long"},
		"another record is wrong":            {400, `{"error":"InvalidRequest","message":"Invalid app.bsky.feed.post record: Invalid datetime"}`, platform.Refused, "platform.invalid"},
		"the account was taken down":         {401, `{"error":"AccountTakedown","message":"Account has been taken down"}`, platform.Refused, "platform.account_blocked"},
		"a picture is too large":             {400, `{"error":"BlobTooLarge","message":"This file is too large."}`, platform.Refused, "platform.media_too_large"},
		"the server takes no such upload":    {413, `{"error":"PayloadTooLarge","message":"request entity too large"}`, platform.Refused, "platform.media_too_large"},
		"a record that is not there":         {400, `{"error":"RecordNotFound","message":"Could not locate record"}`, platform.Refused, "platform.not_found"},
		"a method that the server lacks":     {501, `{"error":"MethodNotImplemented","message":"Method Not Implemented"}`, platform.Refused, "platform.forbidden"},
		"somebody changed it meanwhile":      {400, `{"error":"InvalidSwap","message":"Record was at x"}`, platform.Unknown, ""},
		"a name from a newer server":         {400, `{"error":"TooManyMoons","message":"no"}`, platform.Refused, "platform.invalid"},
		"a name from a newer server, inside": {500, `{"error":"TooManyMoons","message":"no"}`, platform.Unknown, ""},
	} {
		err := refused(safehttp.Answer{Status: row.status, Header: http.Header{"Ratelimit-Reset": {"1900000000"}}, Body: []byte(row.body)}, time.Now())
		outcome := platform.Classify(platform.Receipt{}, err)
		code := ""
		if r := platform.AsRefusal(err); r != nil {
			code = r.Code
		}
		if outcome != row.want || code != row.code {
			t.Errorf("%s: %s %v", name, outcome, err)
		}
	}
}

// between puts a handler of the test's own before the sandbox.
func between(t *testing.T, s platformtest.Setup, h func(http.ResponseWriter, *http.Request) bool) platform.Account {
	t.Helper()
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h(w, r) {
			return
		}
		req, err := http.NewRequestWithContext(r.Context(), r.Method, s.Control+r.URL.RequestURI(), r.Body)
		if err != nil {
			t.Error(err)
			return
		}
		req.Header, req.ContentLength = r.Header, r.ContentLength
		answer, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Error(err)
			return
		}
		defer answer.Body.Close()
		w.Header().Set("Content-Type", answer.Header.Get("Content-Type"))
		w.WriteHeader(answer.StatusCode)
		_, _ = io.Copy(w, answer.Body) // the client may be gone
	}))
	t.Cleanup(front.Close)
	a := s.Account
	a.BaseURL = front.URL + "/bsky"
	return a
}

// A server throws away what no record names: the file goes up again, the key
// stays.
func TestForgottenUploadsAreSentAgain(t *testing.T) {
	old, fresh := pretended(t, "", sandbox.Rules{}), pretended(t, "", sandbox.Rules{})
	out := platform.Outgoing{Key: "k", Text: "Peta", Media: shots(t, 2)}
	notes := &platformtest.Notes{}
	if err := old.Connector.Stage(t.Context(), old.Account, out, notes); err != nil {
		t.Fatal(err)
	}
	key := notes.Value(noteKey)
	r, err := fresh.Connector.Publish(t.Context(), fresh.Account, out, notes)
	if platform.Classify(r, err) != platform.Unsent {
		t.Fatalf("%+v %v", r, err)
	}
	if err := fresh.Connector.Stage(t.Context(), fresh.Account, out, notes); err != nil {
		t.Fatal(err)
	}
	r, err = fresh.Connector.Publish(t.Context(), fresh.Account, out, notes)
	if err != nil || !strings.HasSuffix(r.RemoteID, "/"+key) {
		t.Errorf("%+v %v, the key was %s", r, err, key)
	}
}

// The network pages by time alone: what shares the last instant of a page must
// not be passed over.
func TestNothingIsLostWhereAPageEnds(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	world, err := sandbox.New(sandbox.Options{Seed: 1, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(world.Handler())
	client := safehttp.New(safehttp.Options{AllowLoopback: true})
	t.Cleanup(func() { client.Close(); server.Close(); _ = world.Close() })
	c := New(client)
	var a platform.Account
	for _, cr := range world.Credentials(server.URL) {
		if cr.Platform == string(Name) && a.RemoteID == "" {
			a = platform.Account{Platform: Name, BaseURL: cr.BaseURL, RemoteID: cr.AccountID, Handle: cr.Handle, Token: platform.Token{Access: cr.Token.Access}}
		}
	}
	cursor := ""
	heard := map[string]int{}
	drain := func() {
		t.Helper()
		for range 20 {
			page, err := c.Pull(t.Context(), a, feedMentions, cursor)
			if err != nil {
				t.Fatal(err)
			}
			again, err := c.Pull(t.Context(), a, feedMentions, cursor)
			if err != nil || fmt.Sprint(again.Items) != fmt.Sprint(page.Items) || again.Cursor != page.Cursor {
				t.Fatalf("the same cursor gives something else: %v", err)
			}
			cursor = page.Cursor
			for _, i := range page.Items {
				heard[i.RemoteID]++
			}
			if !page.More {
				return
			}
		}
		t.Fatal("no end")
	}
	drain()
	said := 0
	for round := range 3 {
		for range []int{3, 4, 2}[round] {
			now = now.Add(time.Second)
			for range 60 { // in one instant
				said++
				if _, err := world.Say(sandbox.Saying{Platform: string(Name), Account: a.Handle, Kind: "mention", Text: fmt.Sprint("lapor ", said)}); err != nil {
					t.Fatal(err)
				}
			}
		}
		drain()
		for id, n := range heard {
			if n != 1 {
				t.Errorf("%s is told %d times", id, n)
			}
		}
		if len(heard) != said {
			t.Fatalf("%d said, %d heard", said, len(heard))
		}
	}
}

// A film of several parts: an interruption goes on with the parts that are
// missing, and without a film service it goes up as it is.
func TestFilmsGoUpInParts(t *testing.T) {
	raw := append([]byte("\x00\x00\x00\x18ftypmp42"), make([]byte, 11<<20)...)
	out := platform.Outgoing{Key: "k", Text: "Film", Media: []platform.Media{{Key: "media.0", Type: "video/mp4", Size: int64(len(raw)), Open: platform.Bytes(raw)}}}
	s := pretended(t, "", sandbox.Rules{})
	notes := &platformtest.Notes{}
	var parts, fail atomic.Int32
	fail.Store(2)
	a := between(t, s, func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, ".uploadPart") {
			return false
		}
		if parts.Add(1) == fail.Load() {
			w.WriteHeader(http.StatusBadGateway)
			return true
		}
		return false
	})
	if err := s.Connector.Stage(t.Context(), a, out, notes); platform.Classify(platform.Receipt{}, err) != platform.Unknown {
		t.Fatalf("interrupted: %v", err)
	}
	if err := s.Connector.Stage(t.Context(), a, out, notes); err != nil {
		t.Fatal(err)
	}
	if n := parts.Load(); n != 4 {
		t.Errorf("%d parts sent; there are 3, and one failed", n)
	}
	if r, err := s.Connector.Publish(t.Context(), a, out, notes); err != nil || r.RemoteID == "" {
		t.Errorf("%+v %v", r, err)
	}
	none := between(t, s, func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.Contains(r.URL.Path, "app.bsky.video.") {
			return false
		}
		w.WriteHeader(http.StatusNotImplemented)
		_, _ = io.WriteString(w, `{"error":"MethodNotImplemented","message":"Method Not Implemented"}`)
		return true
	})
	out.Text, notes = "Film lain", &platformtest.Notes{}
	if err := s.Connector.Stage(t.Context(), none, out, notes); err != nil {
		t.Fatal(err)
	}
	if r, err := s.Connector.Publish(t.Context(), none, out, notes); err != nil || r.RemoteID == "" {
		t.Errorf("without a film service: %+v %v", r, err)
	}
}

// Two moderators hide two replies of one thread at the same time: both stay
// hidden.
func TestHidingDoesNotUndoSomebodyElses(t *testing.T) {
	s := pretended(t, "", sandbox.Rules{})
	c, notes := s.Connector.(*Connector), &platformtest.Notes{}
	out := platform.Outgoing{Key: "k", Text: "Jadwal"}
	if err := c.Stage(t.Context(), s.Account, out, notes); err != nil {
		t.Fatal(err)
	}
	post, err := c.Publish(t.Context(), s.Account, out, notes)
	if err != nil {
		t.Fatal(err)
	}
	var replies [2]string
	for i := range replies {
		replies[i] = say(t, s, map[string]any{"text": fmt.Sprint("judi ", i), "in_reply_to": post.RemoteID, "kind": "comment"})
	}
	first := true
	a := between(t, s, func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, ".putRecord") && first {
			first = false // the other one is quicker
			if err := c.SetHidden(t.Context(), s.Account, replies[1], true); err != nil {
				t.Error(err)
			}
		}
		return false
	})
	if err := c.SetHidden(t.Context(), a, replies[0], true); err != nil {
		t.Fatal(err)
	}
	at, _ := parseAddress(post.RemoteID)
	var g found
	if err := c.record(t.Context(), s.Account, address{at.did, gates, at.rkey}, &g); err != nil || fmt.Sprint(g.Value["hiddenReplies"]) != fmt.Sprintf("[%s %s]", replies[1], replies[0]) {
		t.Errorf("%v %v", g.Value["hiddenReplies"], err)
	}
}

func say(t *testing.T, s platformtest.Setup, what map[string]any) string {
	t.Helper()
	what["platform"], what["account"] = Name, s.Account.Handle
	raw, err := json.Marshal(what)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Post(s.Control+"/sandbox/say", "application/json", strings.NewReader(string(raw)))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var said struct{ ID string }
	if err := json.NewDecoder(answer.Body).Decode(&said); err != nil || said.ID == "" {
		t.Fatalf("%s: %v", answer.Status, err)
	}
	return said.ID
}

// An app password without access to messages connects, is told as such, and
// is not asked for them.
func TestALimitedAppPassword(t *testing.T) {
	world, err := sandbox.New(sandbox.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(world.Handler())
	client := safehttp.New(safehttp.Options{AllowLoopback: true})
	t.Cleanup(func() { client.Close(); server.Close(); _ = world.Close() })
	c := New(client)
	for _, cr := range world.Credentials(server.URL) {
		if cr.Platform != string(Name) {
			continue
		}
		for password, missing := range map[string]int{cr.Password: 0, cr.Limited: 1} {
			g, err := c.SignIn(t.Context(), platform.Form{BaseURL: cr.BaseURL, Account: " @" + strings.ToUpper(cr.Handle) + " ", Password: password})
			if err != nil || len(g.Missing) != missing || g.Profile.RemoteID != cr.AccountID || g.Profile.Name != cr.Name {
				t.Fatalf("%+v %v", g, err)
			}
			a := platform.Account{Platform: Name, BaseURL: cr.BaseURL, RemoteID: cr.AccountID, Handle: cr.Handle, Token: g.Token}
			if feeds := c.Feeds(a); len(feeds) != 3-missing {
				t.Errorf("feeds: %v", feeds)
			}
			_, err = c.Pull(t.Context(), a, feedDirect, "")
			if r := platform.AsRefusal(err); missing == 0 && err != nil || missing == 1 && (r == nil || r.Auth || r.Code != "platform.consent.missing_permission") {
				t.Errorf("messages: %v", err)
			}
			if life := time.Until(g.Token.Expires); life < time.Hour || life > 3*time.Hour {
				t.Errorf("the token lives %v", life)
			}
		}
	}
	if _, err := c.Pull(t.Context(), platform.Account{}, "x", ""); fault.Code(err) != "platform.feed_unknown" {
		t.Error(err)
	}
}

// What has no place in a post is told to the editor.
func TestCheck(t *testing.T) {
	film := platform.Media{Type: "video/mp4", Size: 1, Length: time.Minute}
	c := New(nil)
	for name, row := range map[string]struct {
		out  platform.Outgoing
		code string
	}{
		"three hundred families":        {platform.Outgoing{Text: strings.Repeat("👩‍👩‍👧‍👦", 120)}, ""},
		"more bytes than fit":           {platform.Outgoing{Text: strings.Repeat("👩‍👩‍👧‍👦", 121)}, "platform.text_too_long"},
		"the link is in the card":       {platform.Outgoing{Text: strings.Repeat("a", 300), Link: "https://a.example"}, ""},
		"with a picture it is not":      {platform.Outgoing{Text: strings.Repeat("a", 300), Link: "https://a.example", Media: shots(t, 1)}, "platform.text_too_long"},
		"five pictures":                 {platform.Outgoing{Media: shots(t, 5)}, "platform.media_too_many"},
		"a film beside a picture":       {platform.Outgoing{Media: append(shots(t, 1), film)}, "platform.media_mixed"},
		"a film":                        {platform.Outgoing{Media: []platform.Media{film}}, ""},
		"a film of four minutes":        {platform.Outgoing{Media: []platform.Media{{Type: "video/mp4", Length: 4 * time.Minute}}}, "platform.video_too_long"},
		"a film of another kind":        {platform.Outgoing{Media: []platform.Media{{Type: "video/quicktime"}}}, "platform.media_unsupported"},
		"a document":                    {platform.Outgoing{Media: []platform.Media{{Type: "application/pdf"}}}, "platform.media_unsupported"},
		"a picture in a private answer": {platform.Outgoing{InReplyTo: "3l", Media: shots(t, 1)}, "platform.media_unsupported"},
		"a long private answer":         {platform.Outgoing{InReplyTo: "3l", Text: strings.Repeat("a", 1000)}, ""},
	} {
		got := c.Check(platform.Account{}, row.out)
		if row.code == "" && len(got) > 0 || row.code != "" && (len(got) != 1 || got[0].Code != row.code) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// The network sorts by the time an author claims, and tells some things late:
// what comes up below what was read is heard, too, and what is hidden by
// somebody is not taken for deleted.
func TestLateAndHiddenNotifications(t *testing.T) {
	base := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	told := func(n int) map[string]any {
		did := "did:plc:" + strings.Repeat("a", 24)
		at := datetime(base.Add(time.Duration(n) * time.Second))
		return map[string]any{"uri": fmt.Sprintf("at://%s/%s/%013d", did, posts, n), "author": map[string]any{"did": did, "handle": "warga.test"}, "reason": "mention",
			"record": map[string]any{"text": fmt.Sprint("lapor ", n), "createdAt": at}, "indexedAt": at}
	}
	var list []int // newest first
	network := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if strings.HasSuffix(r.URL.Path, ".getRecord") {
			_, _ = io.WriteString(w, `{"uri":"x","cid":"y","value":{}}`) // it is still there
			return
		}
		page := []any{}
		cursor := ""
		for _, n := range list {
			if before, err := time.Parse(time.RFC3339, r.URL.Query().Get("cursor")); err == nil && !base.Add(time.Duration(n)*time.Second).Before(before) || len(page) == 100 {
				continue
			}
			page = append(page, told(n))
			cursor = datetime(base.Add(time.Duration(n) * time.Second))
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"notifications": page, "cursor": cursor}) // the client may be gone
	}))
	t.Cleanup(network.Close)
	client := safehttp.New(safehttp.Options{AllowLoopback: true})
	t.Cleanup(client.Close)
	c, a, cursor := New(client), platform.Account{BaseURL: network.URL, RemoteID: us().RemoteID}, ""
	hear := func() (texts []string) {
		t.Helper()
		for range 10 {
			page, err := c.Pull(t.Context(), a, feedMentions, cursor)
			if err != nil {
				t.Fatal(err)
			}
			cursor = page.Cursor
			for _, i := range page.Items {
				if i.Deleted {
					t.Errorf("%s is hidden, not deleted", i.RemoteID)
				}
				texts = append(texts, i.Text)
			}
			if !page.More {
				return texts
			}
		}
		t.Fatal("no end")
		return nil
	}
	for n, row := range []struct {
		list []int
		want string
	}{
		{[]int{30, 20, 10}, "[lapor 10 lapor 20 lapor 30]"},
		{[]int{30, 23, 20, 10}, "[lapor 23]"},
		{[]int{40, 23, 20, 10}, "[lapor 40]"}, // 30 was hidden
		{[]int{40, 30, 20, 10, 3}, "[lapor 3 lapor 30]"},
		{[]int{40, 30, 20, 10, 3}, "[]"},
	} {
		list = row.list
		got := hear()
		slices.Sort(got)
		if fmt.Sprint(got) != row.want {
			t.Errorf("visit %d: %v, want %s", n, got, row.want)
		}
	}
}
