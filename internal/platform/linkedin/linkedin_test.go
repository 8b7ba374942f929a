package linkedin

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/quick"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/platformtest"
	"kentongan/internal/safehttp"
	"kentongan/internal/sandbox"
)

// told is a connector whose platform always gives one answer.
func told(t *testing.T, status int, header map[string]string, body string) (*Connector, platform.Account) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for k, v := range header {
			w.Header().Set(k, v)
		}
		w.WriteHeader(status)
		w.Write([]byte(body))
	}))
	client := safehttp.New(safehttp.Options{AllowLoopback: true})
	t.Cleanup(func() { client.Close(); server.Close() })
	return New(client), platform.Account{BaseURL: server.URL, RemoteID: "urn:li:organization:1", Token: platform.Token{Access: "SECRETTOKEN"}}
}

func TestAnswersToAPost(t *testing.T) {
	id := map[string]string{"x-restli-id": "urn:li:share:7"}
	for name, c := range map[string]struct {
		status  int
		header  map[string]string
		body    string
		outcome platform.Outcome
		code    string
	}{
		"made, with an empty body":     {201, id, ``, platform.Published, ""},
		"made, without an id":          {201, nil, ``, platform.Unknown, ""},
		"an id, but no success":        {202 + 100, id, ``, platform.Unknown, ""},
		"duplicate, as seen in 2023":   {422, nil, `{"errorDetailType":"com.linkedin.common.error.BadRequest","message":"com.linkedin.content.common.exception.BadRequestResponseException: Content is a duplicate of urn:li:share:7141138937766391808","errorDetails":{"inputErrors":[{"description":"Duplicate post is detected","input":{},"code":"DUPLICATE_POST"}]},"status":422}`, platform.Unknown, ""},
		"a version that has ended":     {426, nil, `{"status":426,"code":"NONEXISTENT_VERSION","message":"Requested version 20240701 is not active"}`, platform.Refused, "platform.linkedin.version_ended"},
		"a permission that is missing": {403, nil, `{"status":403,"serviceErrorCode":100,"code":"ACCESS_DENIED","message":"Not enough permissions to access: partnerApiPostsExternal.CREATE.20260101"}`, platform.Refused, "platform.consent.missing_permission"},
		"a page that is not ours":      {403, nil, `{"status":403,"code":"ACCESS_DENIED","message":"Member is restricted"}`, platform.Refused, "platform.forbidden"},
		"an expired token":             {401, nil, `{"status":401,"serviceErrorCode":65602,"code":"EXPIRED_ACCESS_TOKEN","message":"expired"}`, platform.Refused, "platform.auth_lost"},
		"too many calls":               {429, nil, `{"status":429,"serviceErrorCode":101,"code":"TOO_MANY_REQUESTS","message":"Resource level throttle limit"}`, platform.Throttled, ""},
		"invalid":                      {422, nil, `{"status":422,"code":"INVALID","message":"not an enum symbol"}`, platform.Refused, "platform.invalid"},
		"a broken server":              {500, nil, `{"status":500,"code":"INTERNAL_SERVER_ERROR","message":"Internal server error"}`, platform.Unknown, ""},
		"503 with an empty object":     {503, nil, `{}`, platform.Unknown, ""},
		"a gateway's 403":              {403, nil, `<html>`, platform.Unknown, ""},
		"403 in another dialect":       {403, nil, `{"title":"Forbidden","status":403}`, platform.Unknown, ""},
	} {
		t.Run(name, func(t *testing.T) {
			li, a := told(t, c.status, c.header, c.body)
			r, err := li.Publish(t.Context(), a, platform.Outgoing{Text: "x"}, &platformtest.Notes{})
			if got := platform.Classify(r, err); got != c.outcome {
				t.Fatalf("got %s: %v", got, err)
			}
			if c.code != "" && platform.AsRefusal(err).Code != c.code {
				t.Errorf("got %+v", platform.AsRefusal(err))
			}
			if u, ok := errors.AsType[*platform.Unclear](err); ok && u.Duplicate != strings.HasPrefix(name, "duplicate") {
				t.Errorf("duplicate: %+v", u)
			}
		})
	}
}

// LinkedIn's daily limits end at midnight UTC and say so in words only.
func TestThrottleWithoutHeaders(t *testing.T) {
	now := time.Date(2026, 11, 23, 21, 30, 0, 0, time.UTC)
	for message, want := range map[string]time.Time{
		"Resource level throttle APPLICATION DAY limit for calls to this resource is reached": time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC),
		"Resource level throttle limit for calls to this resource is reached":                 now.Add(15 * time.Minute),
	} {
		if got := reset(message, http.Header{}, now); !got.Equal(want) {
			t.Errorf("%s: until %v, want %v", message, got, want)
		}
	}
}

// What is escaped is read back as it was, whatever it is.
func TestLittleText(t *testing.T) {
	back := func(text string) bool { return unescape(escape(text)) == strings.ToValidUTF8(text, "\uFFFD") }
	if err := quick.Check(back, nil); err != nil {
		t.Error(err)
	}
	for text, little := range map[string]string{
		"Info (PBB) < 5% & #siaga-3":         `Info \(PBB\) \< 5% & #siaga-3`,
		"a_b*c~d|e{f}[g]\\h # 1":             `a\_b\*c\~d\|e\{f\}\[g\]\\h \# 1`,
		"surel: humas@tirtawangi.example":    `surel: humas\@tirtawangi.example`,
		"{hashtag|\\#|x} @[A](urn:li:org:1)": `\{hashtag\|\\\#\|x\} \@\[A\]\(urn:li:org:1\)`,
	} {
		if got := escape(text); got != little {
			t.Errorf("%q: got %q, want %q", text, got, little)
		}
		if got := unescape(little); got != text {
			t.Errorf("%q: read %q", little, got)
		}
	}
	if got := unescape(`Siaga {hashtag|\#|banjir} oleh @[Kota Tirtawangi](urn:li:organization:1)\.`); got != `Siaga #banjir oleh Kota Tirtawangi\.` {
		t.Errorf("read %q", got)
	}
}

func FuzzLittleText(f *testing.F) {
	for _, s := range []string{`{hashtag|\#|a}`, `@[a](urn:li:person:1)`, `\`, `\\(`, "#a#", "\xff\\"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		unescape(s)
		if got := unescape(escape(s)); got != strings.ToValidUTF8(s, "\uFFFD") && strings.ToValidUTF8(s, "") == s {
			t.Errorf("%q came back as %q", s, got)
		}
	})
}

func FuzzAnswers(f *testing.F) {
	f.Add(422, []byte(`{"status":422,"message":"Content is a duplicate of urn:li:share:1"}`))
	f.Add(200, []byte(`{"elements":[{"commentUrn":"urn:li:comment:(urn:li:activity:1,2)","actor":"urn:li:person:a","message":{"text":"a"},"created":{"time":1},"lastModified":{"time":2}}]}`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status/100 != 2 {
			err := refused(safehttp.Answer{Status: status, Header: http.Header{}, Body: body}, platform.Account{}, time.Now())
			if r := platform.AsRefusal(err); err == nil || r != nil && (status >= 500 || r.Code == "" || r.Fix == "") {
				t.Errorf("%d %q: %v", status, body, err)
			}
			return
		}
		var page struct {
			Elements []remark `json:"elements"`
		}
		var own posts
		if json.Unmarshal(body, &page) != nil || json.Unmarshal(body, &own) != nil {
			return
		}
		v := visit{w: platform.Watch{RemoteID: "urn:li:share:1"}, next: thread{Known: map[string]known{}}}
		_ = json.Unmarshal(body, &v.from)
		for _, r := range page.Elements {
			v.see(r, "")
		}
		v.due(page.Elements)
		v.missing(true, map[string]bool{})
		for _, p := range own.Elements {
			v.items = append(v.items, p.item(platform.Account{}))
		}
		for _, i := range v.items {
			if i.Kind == "" || i.RemoteID == "" && i.Kind == platform.Comment && !i.Deleted {
				t.Errorf("%+v", i)
			}
			address(i.RemoteID)
		}
	})
}

// citizen is what happens at the platform without us.
func citizen(t *testing.T, control, deed string, what map[string]any) string {
	t.Helper()
	what["platform"] = Name
	raw, err := json.Marshal(what)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.Post(control+"/sandbox/"+deed, "application/json", bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var said struct{ ID string }
	if err := json.NewDecoder(res.Body).Decode(&said); err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(res.StatusCode, err)
	}
	return said.ID
}

// ids are URNs in an address, percent-encoded on the wire.
var ids = regexp.MustCompile(`/(?:urn:[^ /]+|C5F[0-9]+/[0-9]+)`)

func TestRequestsAreThoseOfTheOfficialClient(t *testing.T) {
	tape := &platformtest.Tape{}
	s := pretended(t, sandbox.Rules{}, tape)
	ctx, a, c := t.Context(), s.Account, s.Connector.(*Connector)
	notes := &platformtest.Notes{}
	raw := []byte("\x89PNG\r\n\x1a\n0000")
	picture := []platform.Media{{Key: "media.0", Type: "image/png", Alt: "peta", Size: int64(len(raw)), Open: platform.Bytes(raw)}}
	var made platform.Receipt
	for _, step := range []struct {
		do   func() error
		want []string
	}{
		{func() (err error) {
			made, err = c.Publish(ctx, a, platform.Outgoing{Text: "Halo warga"}, notes)
			return err
		}, []string{"POST /li/rest/posts json author,commentary,distribution,isReshareDisabledByAuthor,lifecycleState,visibility"}},
		{func() error { return c.Stage(ctx, a, platform.Outgoing{Media: picture}, notes) }, []string{
			"POST /li/rest/images query action json initializeUploadRequest", "PUT /li/dms-uploads/* png ", "GET /li/rest/images/*"}},
		{func() error {
			_, err := c.Publish(ctx, a, platform.Outgoing{Text: "Terima kasih", InReplyTo: made.RemoteID}, notes)
			return err
		}, []string{"POST /li/rest/socialActions/*/comments json actor,message,object"}},
		{func() error { _, err := c.Measure(ctx, a, []string{made.RemoteID}); return err },
			[]string{"GET /li/rest/organizationalEntityShareStatistics query count,organizationalEntity,q,shares"}},
		{func() error {
			_, err := c.PullThread(ctx, a, platform.Watch{RemoteID: made.RemoteID}, "")
			return err
		}, []string{"GET /li/rest/socialActions/*/comments query count,start"}},
		{func() error { return c.Delete(ctx, a, made.RemoteID) }, []string{"DELETE /li/rest/posts/*"}},
	} {
		got := tape.Sent(t, step.do)
		for i, line := range got {
			got[i] = ids.ReplaceAllString(line, "/*")
		}
		got = slices.Compact(got) // however often the picture's state was asked
		if !slices.Equal(got, step.want) {
			t.Errorf("sent\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(step.want, "\n  "))
		}
		h := tape.Header()
		if h.Get("LinkedIn-Version") != version || h.Get("X-Restli-Protocol-Version") != "2.0.0" || h.Get("Authorization") != "Bearer "+a.Token.Access {
			t.Errorf("headers %v", h)
		}
	}
}

// A person's way through the consent page: each page becomes a channel.
func TestConsentOpensEveryPage(t *testing.T) {
	s := pretended(t, sandbox.Rules{}, &platformtest.Tape{})
	c, a := s.Connector.(*Connector), s.Account
	k := platform.Consent{BaseURL: a.BaseURL, App: a.App, Redirect: "http://127.0.0.1:1/back", State: "st"}
	ask, err := c.ConsentURL(k)
	if err != nil || !strings.HasPrefix(ask, a.BaseURL+"/oauth/v2/authorization?") {
		t.Fatal(ask, err)
	}
	allow := func(scopes ...string) url.Values {
		stay := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		res, err := stay.PostForm(ask, url.Values{"redirect": {k.Redirect}, "state": {"st"}, "decision": {"allow"}, "scope": scopes,
			"account": {"urn:li:organization:10450101", "urn:li:organization:10450202"}})
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		u, err := res.Location()
		if err != nil {
			t.Fatal(res.StatusCode, err)
		}
		return u.Query()
	}
	back := allow(scopes()...)
	all, err := c.Redeem(t.Context(), k, back)
	if err != nil || len(all) != 2 || len(all[0].Missing) != 0 || all[1].Profile.RemoteID != "urn:li:organization:10450202" || time.Until(all[0].Token.Expires) < 50*24*time.Hour {
		t.Fatalf("%+v %v", all, err)
	}
	second := a
	second.RemoteID, second.Token = all[1].Profile.RemoteID, all[1].Token
	if r, err := c.Publish(t.Context(), second, platform.Outgoing{Text: "Dari halaman kedua"}, &platformtest.Notes{}); platform.Classify(r, err) != platform.Published {
		t.Errorf("the second page: %v", err)
	}
	fresh, err := c.Refresh(t.Context(), second)
	if err != nil || fresh.Access == second.Token.Access || fresh.Refresh != second.Token.Refresh {
		t.Errorf("refreshed %v %v", fresh.Access == "", err)
	}
	code := func(err error) string {
		if r := platform.AsRefusal(err); r != nil {
			return r.Code
		}
		return ""
	}
	if _, err := c.Redeem(t.Context(), k, back); code(err) != "platform.consent.expired" {
		t.Errorf("a code used twice: %v", err)
	}
	wrong := k
	wrong.App.ClientSecret = "wrong-secret"
	if _, err := c.Redeem(t.Context(), wrong, allow(scopes()...)); code(err) != "platform.consent.wrong_secret" || strings.Contains(err.Error(), "wrong-secret") {
		t.Errorf("a wrong secret: %v", err)
	}
	if _, err := c.Redeem(t.Context(), k, url.Values{"error": {"user_cancelled_authorize"}}); code(err) != "platform.consent.denied" {
		t.Errorf("denied: %v", err)
	}
	less, err := c.Redeem(t.Context(), k, allow("rw_organization_admin", "r_organization_social"))
	if err != nil || !slices.Equal(less[0].Missing, []string{"w_organization_social"}) {
		t.Fatalf("%+v %v", less, err)
	}
	second.Token = less[0].Token
	if _, err := c.Publish(t.Context(), second, platform.Outgoing{Text: "Tanpa izin"}, nil); code(err) != "platform.consent.missing_permission" {
		t.Errorf("without the permission: %v", err)
	}
}

// A version that LinkedIn has shut down is told as such; so is a limit.
func TestTheFacesOwnRefusals(t *testing.T) {
	s := pretended(t, sandbox.Rules{TrueLimits: true}, &platformtest.Tape{})
	old := s.Account
	old.Version = "202502"
	_, err := s.Connector.Publish(t.Context(), old, platform.Outgoing{Text: "x"}, nil)
	if r := platform.AsRefusal(err); r == nil || r.Code != "platform.linkedin.version_ended" || r.Fix != platform.FixAdmin {
		t.Errorf("an ended version: %v", err)
	}
	for range 501 {
		if _, err = s.Connector.Verify(t.Context(), s.Account); err != nil {
			break
		}
	}
	if th, ok := errors.AsType[*platform.Throttle](err); !ok || time.Until(th.Until) < 10*time.Minute {
		t.Errorf("the day's calls: %v", err)
	}
}

// A reserved character that is not escaped ends the post: LinkedIn says nothing.
func TestUnescapedTextIsCutOff(t *testing.T) {
	s := pretended(t, sandbox.Rules{}, &platformtest.Tape{})
	c, a := s.Connector.(*Connector), s.Account
	answer, err := c.send(t.Context(), a, "posts", "", outgoing{Author: a.RemoteID, Commentary: "Bayar (PBB) sekarang", Visibility: "PUBLIC", State: "PUBLISHED",
		Distribution: map[string]any{"feedDistribution": "MAIN_FEED"}})
	if err != nil {
		t.Fatal(err)
	}
	var cut post
	if err := c.get(t.Context(), a, &cut, "posts/"+url.QueryEscape(answer.Header.Get("x-restli-id")), ""); err != nil || cut.text() != "Bayar " {
		t.Errorf("%q %v", cut.text(), err)
	}
}

// Changing the text of a post leaves its link where it was.
func TestEditingKeepsTheLink(t *testing.T) {
	s := pretended(t, sandbox.Rules{}, &platformtest.Tape{})
	c, a := s.Connector.(*Connector), s.Account
	raw := []byte("\x89PNG\r\n\x1a\n0000")
	picture := []platform.Media{{Key: "media.0", Type: "image/png", Size: int64(len(raw)), Open: platform.Bytes(raw)}}
	const link = "https://tirtawangi.example.go.id/a"
	for name, media := range map[string][]platform.Media{"a card": nil, "in the text": picture} {
		notes := &platformtest.Notes{}
		out := platform.Outgoing{Text: "Jadwal (lama) " + name, Link: link, Media: media}
		if err := c.Stage(t.Context(), a, out, notes); err != nil {
			t.Fatal(err)
		}
		r, err := c.Publish(t.Context(), a, out, notes)
		if err != nil {
			t.Fatal(err)
		}
		// Whoever edits gives the words and the link, not the files.
		if err := c.Edit(t.Context(), a, r.RemoteID, platform.Outgoing{Text: "Jadwal (baru) " + name, Link: link}); err != nil {
			t.Fatal(err)
		}
		var now post
		if err := c.get(t.Context(), a, &now, "posts/"+url.QueryEscape(r.RemoteID), ""); err != nil || strings.Count(now.text(), link) != 1 || !strings.HasPrefix(now.text(), "Jadwal (baru)") || (now.Content.Article.Source != "") != (media == nil) {
			t.Errorf("%s: %+v %v", name, now, err)
		}
	}
}

// Edits and deletions below a post are seen by comparing with what was known.
func TestAThreadsEditsAndDeletions(t *testing.T) {
	s := pretended(t, sandbox.Rules{}, &platformtest.Tape{})
	c, a := s.Connector.(*Connector), s.Account
	post, err := c.Publish(t.Context(), a, platform.Outgoing{Text: "Jadwal air"}, &platformtest.Notes{})
	if err != nil {
		t.Fatal(err)
	}
	w := platform.Watch{RemoteID: post.RemoteID}
	first := citizen(t, s.Control, "say", map[string]any{"text": "kapan?", "in_reply_to": post.RemoteID})
	deep := citizen(t, s.Control, "say", map[string]any{"text": "iya kapan", "in_reply_to": first})
	page, err := c.PullThread(t.Context(), a, w, "")
	if err != nil || len(page.Items) != 2 || page.Items[1].RemoteID != deep || page.Items[1].InReplyTo != first {
		t.Fatalf("%+v %v", page.Items, err)
	}
	again, err := c.PullThread(t.Context(), a, w, page.Cursor)
	if err != nil || len(again.Items) != 0 {
		t.Fatalf("nothing new: %+v %v", again.Items, err)
	}
	citizen(t, s.Control, "edit", map[string]any{"id": first, "text": "kapan airnya?"})
	citizen(t, s.Control, "remove", map[string]any{"id": deep})
	page, err = c.PullThread(t.Context(), a, w, again.Cursor)
	if err != nil || len(page.Items) != 2 || page.Items[0].Text != "kapan airnya?" || page.Items[0].Edited.IsZero() || page.Items[1].RemoteID != deep || !page.Items[1].Deleted {
		t.Fatalf("%+v %v", page.Items, err)
	}
	// Ours: an answer to the answer hangs below the first level, as LinkedIn has it.
	reply := platform.Outgoing{Text: "Pukul 08.00", InReplyTo: first, Thread: post.RemoteID}
	notes := &platformtest.Notes{}
	if err := c.Stage(t.Context(), a, reply, notes); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Publish(t.Context(), a, reply, notes); err != nil {
		t.Fatal(err)
	}
	if err := c.Remove(t.Context(), a, first); err != nil {
		t.Fatal(err)
	}
	if err := c.Delete(t.Context(), a, post.RemoteID); err != nil {
		t.Fatal(err)
	}
	page, err = c.PullThread(t.Context(), a, w, page.Cursor)
	if err != nil || len(page.Items) != 2 || page.Items[0].RemoteID != post.RemoteID || !page.Items[0].Deleted || !page.Items[1].Deleted {
		t.Fatalf("%+v %v", page.Items, err)
	}
	if page, err = c.PullThread(t.Context(), a, w, page.Cursor); err != nil || len(page.Items) != 0 {
		t.Errorf("told twice: %+v %v", page.Items, err)
	}
}
