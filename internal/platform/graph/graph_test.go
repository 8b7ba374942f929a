package graph

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/safehttp"
)

// The table of Graph's error codes.
// https://developers.facebook.com/docs/graph-api/guides/error-handling
func TestWhatGraphsErrorsMean(t *testing.T) {
	now := time.Date(2026, time.November, 23, 8, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		status, code, sub int
		outcome           platform.Outcome
		refusal           string
	}{
		"unknown":                                 {500, 1, 0, platform.Unknown, ""},
		"service":                                 {400, 2, 0, platform.Unknown, ""},
		"Instagram's server":                      {400, -1, 2207001, platform.Unknown, ""},
		"too many calls of the app":               {400, 4, 0, platform.Throttled, ""},
		"of a user":                               {400, 17, 0, platform.Throttled, ""},
		"of a page":                               {400, 32, 0, platform.Throttled, ""},
		"341":                                     {400, 341, 0, platform.Throttled, ""},
		"613":                                     {400, 613, 0, platform.Throttled, ""},
		"business use case: pages":                {400, 80001, 0, platform.Throttled, ""},
		"business use case: Instagram":            {400, 80002, 0, platform.Throttled, ""},
		"business use case: Messenger":            {400, 80006, 0, platform.Throttled, ""},
		"Instagram's day is full":                 {400, 9, 2207042, platform.Throttled, ""},
		"session":                                 {400, 102, 0, platform.Refused, "platform.auth_lost"},
		"no token":                                {400, 104, 0, platform.Refused, "platform.auth_lost"},
		"app removed":                             {400, 190, 458, platform.Refused, "platform.auth_lost"},
		"password changed":                        {401, 190, 460, platform.Refused, "platform.auth_lost"},
		"permission":                              {403, 200, 0, platform.Refused, "platform.forbidden"},
		"permission of the app":                   {403, 10, 0, platform.Refused, "platform.forbidden"},
		"a Page's token is needed":                {403, 210, 0, platform.Refused, "platform.forbidden"},
		"outside of Messenger's window":           {403, 10, 2018278, platform.Refused, "platform.window_closed"},
		"outside of Instagram's window":           {403, 10, 2534022, platform.Refused, "platform.window_closed"},
		"a comment answered privately before":     {400, 10900, 0, platform.Refused, "platform.private_reply_used"},
		"a comment too old for a private reply":   {400, 10903, 0, platform.Refused, "platform.window_closed"},
		"nobody with this id":                     {400, 100, 2018001, platform.Refused, "platform.parent_gone"},
		"policy":                                  {400, 368, 0, platform.Refused, "platform.account_blocked"},
		"page publishing authorisation":           {403, 200, 1404078, platform.Refused, "platform.account_blocked"},
		"security check":                          {400, 100, 1404006, platform.Refused, "platform.account_blocked"},
		"identity to confirm":                     {400, 100, 4854002, platform.Refused, "platform.account_blocked"},
		"too fast":                                {400, 1, 1390008, platform.Refused, "platform.account_blocked"},
		"Instagram: action blocked":               {400, 4, 2207051, platform.Refused, "platform.account_blocked"},
		"Instagram: restricted":                   {400, 25, 2207050, platform.Refused, "platform.account_blocked"},
		"a duplicate":                             {400, 506, 1455006, platform.Unknown, ""},
		"a parameter":                             {400, 100, 0, platform.Refused, "platform.invalid"},
		"not there":                               {400, 100, 33, platform.Refused, "platform.not_found"},
		"alias":                                   {404, 803, 0, platform.Refused, "platform.not_found"},
		"the link cannot be read":                 {400, 1609005, 0, platform.Refused, "platform.link_refused"},
		"a link to Facebook":                      {400, 100, 1609008, platform.Refused, "platform.link_refused"},
		"a photo too big":                         {400, 100, 1366046, platform.Refused, "platform.media_too_large"},
		"photos posted before":                    {400, 100, 1366051, platform.Refused, "platform.media_refused"},
		"no picture":                              {400, 324, 0, platform.Refused, "platform.media_refused"},
		"no film":                                 {400, 352, 0, platform.Refused, "platform.media_refused"},
		"a film in the wrong format":              {400, 352, 2207026, platform.Refused, "platform.media_unsupported"},
		"Instagram could not fetch it":            {400, 9004, 2207052, platform.Refused, "platform.media_unreachable"},
		"Instagram's fetching took too long":      {400, -2, 2207003, platform.Unknown, ""},
		"a picture too large for Instagram":       {400, 36000, 2207004, platform.Refused, "platform.media_too_large"},
		"no JPEG":                                 {400, 36001, 2207005, platform.Refused, "platform.media_unsupported"},
		"a shape that Instagram does not take":    {400, 36003, 2207009, platform.Refused, "platform.media_shape"},
		"a caption too long":                      {400, 36004, 2207010, platform.Refused, "platform.text_too_long"},
		"the container is not ready":              {400, 9007, 2207027, platform.Unsent, ""},
		"the container has expired":               {400, 24, 2207008, platform.Unknown, ""},
		"the media has expired":                   {400, -2, 2207020, platform.Unknown, ""},
		"a refusal while the server broke down":   {500, 100, 0, platform.Unknown, ""},
		"a block while the server broke down":     {500, 368, 0, platform.Unknown, ""},
		"a code that nobody knows":                {400, 99999, 0, platform.Unknown, ""},
		"a transient error with a code we refuse": {400, -3, 0, platform.Unknown, ""},
	} {
		err := Meaning(Error{Code: c.code, Subcode: c.sub, Transient: c.code == -3}, "said", safehttp.Answer{Status: c.status,
			Header: http.Header{"X-Business-Use-Case-Usage": {`{"1":[{"type":"pages","call_count":100,"estimated_time_to_regain_access":7}]}`}}}, now)
		if got := platform.Classify(platform.Receipt{}, err); got != c.outcome {
			t.Errorf("%s: %s (%v)", name, got, err)
			continue
		}
		if r := platform.AsRefusal(err); r != nil && (r.Code != c.refusal || r.Fix == "" || r.Auth != (c.refusal == "platform.auth_lost") || r.Block != (c.refusal == "platform.account_blocked")) {
			t.Errorf("%s: %+v", name, r)
		}
		if w, ok := errors.AsType[*platform.Throttle](err); ok && c.sub == 0 && w.Until != now.Add(7*time.Minute) {
			t.Errorf("%s: until %v, and the platform said seven minutes", name, w.Until)
		}
		if u, ok := errors.AsType[*platform.Unclear](err); ok && u.Duplicate != (c.code == 506) {
			t.Errorf("%s: duplicate %v", name, u.Duplicate)
		}
	}
	err := Meaning(Error{Code: 100}, "THREADS_API__LINK_LIMIT_EXCEEDED", safehttp.Answer{Status: 400}, now)
	if r := platform.AsRefusal(err); r == nil || r.Code != "platform.too_many_links" {
		t.Errorf("six links: %v", err)
	}
}

// asked answers by a function and remembers the metrics it was asked for.
func asked(t *testing.T, answer func(q url.Values) (int, string)) (API, platform.Account, *[]string) {
	t.Helper()
	var metrics []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		metrics = append(metrics, r.URL.Query().Get("metric"))
		status, body := answer(r.URL.Query())
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	client := safehttp.New(safehttp.Options{AllowLoopback: true})
	t.Cleanup(func() { client.Close(); server.Close() })
	return API{Client: client, Version: "v25.0", Proof: true}, platform.Account{BaseURL: server.URL, Token: platform.Token{Access: "EAATOKEN"}, App: platform.App{ClientSecret: "APPSECRET"}}, &metrics
}

// PLATFORMS' trap: one withdrawn metric is an error of the whole call.
func TestDeadMetricIsAskedForOnceAndTheOthersAreCounted(t *testing.T) {
	g, a, metrics := asked(t, func(q url.Values) (int, string) {
		if strings.Contains(q.Get("metric"), "impressions") {
			return 400, `{"error":{"message":"(#100) The value must be a valid insights metric","type":"OAuthException","code":100,"fbtrace_id":"A"}}`
		}
		return 200, `{"data":[{"name":"` + q.Get("metric") + `","period":"lifetime","values":[{"value":12}]}]}`
	})
	counts := platform.Counts{}
	if err := Insights(t.Context(), g, a, "1", map[string]string{"views": "views", "seen": "impressions"}, counts); err != nil {
		t.Fatal(err)
	}
	if _, dead := counts["seen"]; counts["views"] != 12 || dead || len(*metrics) != 3 {
		t.Errorf("counted %v, asked %v", counts, *metrics)
	}
	g, a, _ = asked(t, func(url.Values) (int, string) { return 503, "{}" })
	if err := Insights(t.Context(), g, a, "1", map[string]string{"views": "views"}, counts); err == nil {
		t.Error("503 {} is no count")
	}
}

func TestCallsProveThemselvesAndKeepTheTokenOutOfTheAddress(t *testing.T) {
	var got *http.Request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.Clone(t.Context())
		_ = r.ParseForm()
		got.Form = r.Form
		_, _ = w.Write([]byte(`{"id":"1"}`))
	}))
	defer server.Close()
	client := safehttp.New(safehttp.Options{AllowLoopback: true})
	defer client.Close()
	g := API{Client: client, Version: "v25.0", Proof: true}
	a := platform.Account{BaseURL: server.URL, Version: "v24.0", Token: platform.Token{Access: "EAATOKEN"}, App: platform.App{ClientSecret: "APPSECRET"}}
	var id ID
	for _, call := range []func() error{
		func() error { _, err := g.Get(t.Context(), a, &id, nil, "me"); return err },
		func() error {
			_, err := g.Post(t.Context(), a, &id, url.Values{"message": {"x"}}, "me", "feed")
			return err
		},
	} {
		if err := call(); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(got.URL.Path, "/v24.0/me") || got.Header.Get("Authorization") != "Bearer EAATOKEN" || strings.Contains(got.URL.String(), "EAATOKEN") {
			t.Errorf("%s %s %v", got.Method, got.URL, got.Header)
		}
		// echo -n EAATOKEN | openssl dgst -sha256 -hmac APPSECRET
		if p := got.Form.Get("appsecret_proof"); p != Prove("EAATOKEN", "APPSECRET") || len(p) != 64 {
			t.Errorf("proof %q", p)
		}
	}
}

func TestThreadThatWasReadAgainTellsChangesAndDeletions(t *testing.T) {
	item := func(id, text string, hidden bool) platform.Item {
		return platform.Item{Kind: platform.Comment, RemoteID: id, Text: text, Hidden: hidden, At: time.Unix(1, 0)}
	}
	at := time.Unix(100, 0)
	first, m := Memory{}.Compare([]platform.Item{item("1", "a", false), item("2", "b", false), item("3", "c", false)}, true, "root", at)
	if len(first) != 3 {
		t.Fatalf("first: %+v", first)
	}
	again, m := ReadMemory(m.String()).Compare([]platform.Item{item("1", "a", false), item("2", "b", false), item("3", "c", false)}, true, "root", at)
	if len(again) != 0 {
		t.Errorf("nothing happened: %+v", again)
	}
	news, m := ReadMemory(m.String()).Compare([]platform.Item{item("1", "a!", false), item("2", "b", true), item("4", "d", false)}, true, "root", at)
	by := map[string]platform.Item{}
	for _, i := range news {
		by[i.RemoteID] = i
	}
	if len(by) != 4 || by["1"].Edited.IsZero() || !by["2"].Hidden || !by["2"].Edited.IsZero() || !by["3"].Deleted || by["3"].Thread != "root" || by["4"].Text != "d" {
		t.Errorf("news: %+v", news)
	}
	// A thread that was not read to its end proves no deletion.
	if part, _ := m.Compare([]platform.Item{item("4", "d", false)}, false, "root", at); len(part) != 0 {
		t.Errorf("a part: %+v", part)
	}
}

// Graph's error object and the flat one of Instagram's and Threads' first step.
func TestEachFailureOfATradeHasItsSentence(t *testing.T) {
	for name, c := range map[string]struct {
		status     int
		body, code string
	}{
		"a wrong secret":            {400, `{"error":{"message":"Error validating client secret.","type":"OAuthException","code":1,"fbtrace_id":"A"}}`, "platform.consent.wrong_secret"},
		"an unknown app":            {400, `{"error":{"message":"Error validating application. Cannot get application info due to a system error.","type":"OAuthException","code":101,"fbtrace_id":"A"}}`, "platform.consent.wrong_secret"},
		"an unknown app, flat":      {400, `{"error_type":"OAuthException","code":400,"error_message":"Invalid platform app"}`, "platform.consent.wrong_secret"},
		"a code that is too old":    {400, `{"error":{"message":"This authorization code has expired.","type":"OAuthException","code":100,"error_subcode":36007,"fbtrace_id":"A"}}`, "platform.consent.expired"},
		"a code that was used":      {400, `{"error_type":"OAuthException","code":400,"error_message":"This authorization code has been used"}`, "platform.consent.expired"},
		"another return address":    {400, `{"error":{"message":"Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request","type":"OAuthException","code":100,"error_subcode":36008,"fbtrace_id":"A"}}`, "platform.consent.redirect"},
		"a token that has ended":    {400, `{"error":{"message":"Session has expired.","type":"OAuthException","code":190,"error_subcode":463,"fbtrace_id":"A"}}`, "platform.auth_lost"},
		"503 with an empty object":  {503, `{}`, ""},
		"a gateway's page":          {400, `<html>`, ""},
		"an error of another shape": {400, `{"error":"invalid_grant"}`, ""},
	} {
		err := untraded(safehttp.Answer{Status: c.status, Body: []byte(c.body), Header: http.Header{}}, []string{"SECRET"})
		r := platform.AsRefusal(err)
		if c.code == "" && r != nil || c.code != "" && (r == nil || r.Code != c.code || r.Fix == "") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
