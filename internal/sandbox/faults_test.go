package sandbox

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// publishOn makes one post on a platform by its own protocol.
func publishOn(s *stage, me Credential, text string) (reply, error) {
	q := request{method: "POST", bearer: me.Token.Access}
	switch me.Platform {
	case X:
		q.url, q.json = me.BaseURL+"/2/tweets", map[string]any{"text": text}
	case Facebook:
		q.url, q.json = me.BaseURL+"/v25.0/me/feed", map[string]any{"message": text}
	case LinkedIn:
		q.url, q.header = me.BaseURL+"/rest/posts", map[string]string{"LinkedIn-Version": "202601", "X-Restli-Protocol-Version": "2.0.0"}
		q.json = map[string]any{"author": me.AccountID, "commentary": linkedinEscape(text), "visibility": "PUBLIC", "lifecycleState": "PUBLISHED", "distribution": map[string]any{"feedDistribution": "MAIN_FEED"}}
	default:
		q.url, q.json = me.BaseURL+"/api/v1/statuses", map[string]any{"status": text}
	}
	return try(q)
}

func TestFaultsOnEveryFace(t *testing.T) {
	t.Parallel()
	for _, platform := range []string{X, Facebook, Mastodon} {
		for _, row := range []struct {
			fault  Fault
			lands  int // posts in the world afterwards
			hangup bool
			status int // 0: the platform's own
			says   string
		}{
			{Fault{Kind: "commit-then-drop"}, 1, true, 0, ""},
			{Fault{Kind: "drop"}, 0, true, 0, ""},
			{Fault{Kind: "429"}, 0, false, 0, "oo"},
			{Fault{Kind: "5xx-html"}, 0, false, 502, "<html>"},
			{Fault{Kind: "5xx-html", Commit: true}, 1, false, 502, "<html>"},
			{Fault{Kind: "503-empty"}, 0, false, 503, "{}"},
			{Fault{Kind: "503-empty", Commit: true}, 1, false, 503, "{}"},
			{Fault{Kind: "403-problem"}, 0, false, 403, `"title":"Forbidden"`},
			{Fault{Kind: "revoked"}, 0, false, 0, ""},
			{Fault{Kind: "slow", MS: 60}, 1, false, 0, ""},
		} {
			name := fmt.Sprintf("%s: %s commit=%v", platform, row.fault.Kind, row.fault.Commit)
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s := open(t, Options{Seed: 1})
				me := s.credential(t, platform, "")
				row.fault.Platform, row.fault.Op, row.fault.Account = platform, "publish", me.Handle
				r := send(t, request{method: "POST", url: s.url + "/sandbox/faults", json: row.fault})
				want(t, "fault taken", r.status, http.StatusOK)
				started := time.Now()
				got, err := publishOn(s, me, "Kabar")
				want(t, "connection closed without an answer", err != nil, row.hangup)
				want(t, "landed", len(s.said("Kabar")), row.lands)
				if row.status != 0 {
					want(t, "status", got.status, row.status)
				}
				if !strings.Contains(string(got.body), row.says) {
					t.Errorf("said %q", got.body)
				}
				if row.fault.Kind == "slow" && time.Since(started) < 50*time.Millisecond {
					t.Error("not slow")
				}
				again, err := publishOn(s, me, "Kabar kedua")
				if err != nil || again.status/100 != 2 {
					t.Errorf("the fault outlived its count: %v %d", err, again.status)
				}
			})
		}
	}
}

func Test429CarriesThePlatformsOwnHeaders(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Seed: 1})
	for _, row := range []struct {
		platform string
		status   int
		header   string
		holds    string
	}{
		{X, 429, "x-rate-limit-remaining", "0"},
		{Mastodon, 429, "X-RateLimit-Remaining", "0"},
		{Facebook, 400, "X-App-Usage", `"call_count":100`},
	} {
		me := s.credential(t, row.platform, "")
		s.AddFault(Fault{Platform: row.platform, Op: "any", Kind: "429"})
		got, err := publishOn(s, me, "x")
		if err != nil {
			t.Fatal(err)
		}
		want(t, row.platform, got.status, row.status)
		if !strings.Contains(got.header.Get(row.header), row.holds) {
			t.Errorf("%s: %s is %q", row.platform, row.header, got.header.Get(row.header))
		}
	}
}

func TestFaultsHitOnlyWhatTheyName(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Seed: 1})
	me := s.credential(t, Mastodon, "")
	s.AddFault(Fault{Platform: Mastodon, Op: "hide", Kind: "drop", Count: -1})
	s.AddFault(Fault{Platform: Mastodon, Op: "publish", Kind: "drop", Account: "protokol_tirtawangi", Count: -1})
	s.AddFault(Fault{Platform: Mastodon, Op: "publish", Kind: "503-empty", After: 1})
	first, err := publishOn(s, me, "satu")
	if err != nil || first.status != http.StatusOK {
		t.Fatalf("let through first: %v %d", err, first.status)
	}
	second, _ := publishOn(s, me, "dua")
	want(t, "then disturbed", second.status, http.StatusServiceUnavailable)
	s.ClearFaults()
	third, _ := publishOn(s, me, "tiga")
	want(t, "then cleared", third.status, http.StatusOK)
	bad := send(t, request{method: "POST", url: s.url + "/sandbox/faults", json: map[string]any{"kind": "meteor"}})
	want(t, "an unknown fault is refused", bad.status, http.StatusUnprocessableEntity)
}

func TestTrueLimitsEndWithTheWindow(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	s := open(t, Options{Seed: 1, Rules: Rules{TrueLimits: true}, Now: func() time.Time { return now }})
	me := s.credential(t, X, "")
	url := me.BaseURL + "/2/dm_events"
	for range 15 {
		want(t, "within the limit", send(t, request{method: "GET", url: url, bearer: me.Token.Access}).status, 200)
	}
	over := send(t, request{method: "GET", url: url, bearer: me.Token.Access})
	want(t, "sixteenth in fifteen minutes", over.status, 429)
	want(t, "reset in fifteen minutes", over.header.Get("x-rate-limit-reset"), fmt.Sprint(now.Add(15*time.Minute).Unix()))
	now = now.Add(15 * time.Minute)
	want(t, "a new window", send(t, request{method: "GET", url: url, bearer: me.Token.Access}).status, 200)
}
