package whatsapp

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/platformtest"
	"kentongan/internal/safehttp"
	"kentongan/internal/sandbox"
)

const (
	secret = "EAAWSECRETTOKEN"
	wamid  = "wamid.HBgNNjI4MTIwMDAwMDAwMRUCABIYFjNFQjA="
	bsuid  = "ID.13491208655302741918"
)

// server is a connector and an account at a server written for one test.
func server(t *testing.T, h http.HandlerFunc) (*Connector, platform.Account) {
	t.Helper()
	s := httptest.NewServer(h)
	client := safehttp.New(safehttp.Options{AllowLoopback: true})
	t.Cleanup(func() { client.Close(); s.Close() })
	return New(client), platform.Account{Platform: Name, BaseURL: s.URL, RemoteID: "104", Also: []string{"204"},
		App: platform.App{ClientSecret: "APPSECRET", VerifyToken: "VERIFYTOKEN"}, Token: platform.Token{Access: secret}}
}

func told(t *testing.T, status int, body string) (*Connector, platform.Account) {
	t.Helper()
	return server(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	})
}

func no(code int, details string) string {
	return fmt.Sprintf(`{"error":{"message":"(#%d) %s","type":"OAuthException","code":%d,"error_data":{"messaging_product":"whatsapp","details":"x"},"fbtrace_id":"A"}}`, code, details, code)
}

func answer() platform.Outgoing {
	return platform.Outgoing{Key: "k1", Text: "Segera kami perbaiki.", InReplyTo: wamid, Thread: "6281200000001", To: "6281200000001"}
}

func TestAnswersToAnAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		status  int
		body    string
		outcome platform.Outcome
		code    string
	}{
		"accepted":                            {200, `{"messaging_product":"whatsapp","contacts":[{"input":"62","wa_id":"62"}],"messages":[{"id":"` + wamid + `"}]}`, platform.Published, ""},
		"accepted without an id":              {200, `{"messages":[{}]}`, platform.Unknown, ""},
		"accepted without anything":           {200, `{}`, platform.Unknown, ""},
		"a page instead":                      {200, `<html>`, platform.Unknown, ""},
		"the window is closed":                {400, no(131047, "Re-engagement message"), platform.Refused, "platform.window_closed"},
		"not on WhatsApp":                     {400, no(131026, "Message undeliverable"), platform.Refused, "platform.undeliverable"},
		"held back for the person's sake":     {400, no(131049, "healthy ecosystem"), platform.Refused, "platform.undeliverable"},
		"the token has ended":                 {401, no(190, "Session has expired"), platform.Refused, "platform.auth_lost"},
		"the token, without Graph's words":    {401, `Unauthorized`, platform.Refused, "platform.auth_lost"},
		"no permission":                       {403, no(200, "Permissions error"), platform.Refused, "platform.forbidden"},
		"the number is not registered":        {400, no(133010, "Phone number not registered"), platform.Refused, "platform.forbidden"},
		"the account is locked":               {403, no(131031, "Account locked"), platform.Refused, "platform.account_blocked"},
		"nobody has paid":                     {400, no(131042, "Business eligibility payment issue"), platform.Refused, "platform.credits_exhausted"},
		"a template that is paused":           {400, no(132015, "Template is Paused"), platform.Refused, "platform.template_unusable"},
		"a template that is not there":        {404, no(132001, "Template name does not exist"), platform.Refused, "platform.template_unusable"},
		"a file that cannot be used":          {400, no(131053, "Media upload error"), platform.Refused, "platform.media_refused"},
		"a parameter is wrong":                {400, no(100, "Invalid parameter"), platform.Refused, "platform.invalid"},
		"too much from one number":            {429, no(130429, "Rate limit hit"), platform.Throttled, ""},
		"too much to one person":              {400, no(131056, "pair rate limit hit"), platform.Throttled, ""},
		"too many calls of the app":           {400, no(4, "Application request limit reached"), platform.Throttled, ""},
		"maintenance":                         {500, no(131057, "Account in maintenance mode"), platform.Throttled, ""},
		"something went wrong":                {500, no(131000, "Something went wrong"), platform.Unknown, ""},
		"a temporary fault of Graph's":        {400, no(2, "Service temporarily unavailable"), platform.Unknown, ""},
		"a refusal's number on a broken call": {500, no(131047, "Re-engagement message"), platform.Unknown, ""},
		"503 with an empty object":            {503, `{}`, platform.Unknown, ""},
		"a gateway's 403":                     {403, `{"title":"Forbidden","status":403}`, platform.Unknown, ""},
		"a gateway's 429":                     {429, `slow down`, platform.Throttled, ""},
		"a number that nobody knows yet":      {400, no(139999, "Something new"), platform.Unknown, ""},
	} {
		conn, a := told(t, c.status, c.body)
		r, err := conn.Publish(t.Context(), a, answer(), &platformtest.Notes{})
		if got := platform.Classify(r, err); got != c.outcome {
			t.Errorf("%s: %s (%v)", name, got, err)
		}
		if refusal := platform.AsRefusal(err); c.code != "" && (refusal == nil || refusal.Code != c.code || refusal.Fix == "" || refusal.Auth != (c.code == "platform.auth_lost") || refusal.Block != (c.code == "platform.account_blocked")) {
			t.Errorf("%s: %+v", name, refusal)
		}
	}
}

// A message's id holds a telephone number: neither may stand in an error, nor
// may a secret.
func TestNoErrorNamesAnybody(t *testing.T) {
	for _, status := range []int{200, 400, 401, 403, 404, 429, 500} {
		for _, words := range []string{secret, "APPSECRET", "VERIFYTOKEN", wamid, bsuid, "6281200000001", "+62 812-0000-0001"} {
			for _, body := range []string{no(100, "about "+words), "plain " + words} {
				conn, a := told(t, status, body)
				_, err := conn.Publish(t.Context(), a, answer(), &platformtest.Notes{})
				if err == nil || strings.Contains(err.Error(), words) {
					t.Errorf("%d: %v", status, err)
				}
			}
		}
	}
}

// What is sent, byte for byte where it matters.
func TestWhatIsSent(t *testing.T) {
	var got map[string]any
	var path, auth string
	c, a := server(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = nil
		_ = json.Unmarshal(body, &got)
		path, auth = r.URL.Path, r.Header.Get("Authorization")+r.Header.Get("D360-API-KEY")
		fmt.Fprint(w, `{"messages":[{"id":"`+wamid+`"}]}`)
	})
	staged := &platformtest.Notes{}
	if err := staged.Save(t.Context(), "media.0", "77"); err != nil {
		t.Fatal(err)
	}
	with := func(change func(*platform.Outgoing)) platform.Outgoing {
		out := answer()
		change(&out)
		return out
	}
	picture := platform.Media{Key: "media.0", Type: "image/png", Size: 3}
	for name, s := range map[string]struct {
		out  platform.Outgoing
		want string
	}{
		"words": {answer(), `{"biz_opaque_callback_data":"kt:k1","context":{"message_id":"` + wamid + `"},"messaging_product":"whatsapp","recipient_type":"individual","text":{"body":"Segera kami perbaiki."},"to":"6281200000001","type":"text"}`},
		"words to somebody without a number": {with(func(o *platform.Outgoing) { o.To, o.InReplyTo = bsuid, "" }),
			`{"biz_opaque_callback_data":"kt:k1","messaging_product":"whatsapp","recipient":"` + bsuid + `","recipient_type":"individual","text":{"body":"Segera kami perbaiki."},"type":"text"}`},
		"a link": {with(func(o *platform.Outgoing) { o.Link, o.InReplyTo = "https://tirtawangi.example.go.id/a", "" }),
			`{"biz_opaque_callback_data":"kt:k1","messaging_product":"whatsapp","recipient_type":"individual","text":{"body":"Segera kami perbaiki.\n\nhttps://tirtawangi.example.go.id/a","preview_url":true},"to":"6281200000001","type":"text"}`},
		"a picture": {with(func(o *platform.Outgoing) { o.Media, o.InReplyTo = []platform.Media{picture}, "" }),
			`{"biz_opaque_callback_data":"kt:k1","image":{"caption":"Segera kami perbaiki.","id":"77"},"messaging_product":"whatsapp","recipient_type":"individual","to":"6281200000001","type":"image"}`},
		"a template": {with(func(o *platform.Outgoing) {
			o.Template = &platform.Template{Name: "jawaban_aduan", Language: "id", Values: []string{"Bu Sri", "A-17"}}
		}), `{"biz_opaque_callback_data":"kt:k1","messaging_product":"whatsapp","recipient_type":"individual","template":{"components":[{"parameters":[{"text":"Bu Sri","type":"text"},{"text":"A-17","type":"text"}],"type":"body"}],"language":{"code":"id","policy":"deterministic"},"name":"jawaban_aduan"},"to":"6281200000001","type":"template"}`},
	} {
		if _, err := c.Publish(t.Context(), a, s.out, staged); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		raw, err := json.Marshal(got)
		if err != nil || string(raw) != s.want {
			t.Errorf("%s:\nsent %s\nwant %s", name, raw, s.want)
		}
		if path != "/v25.0/104/messages" || auth != "Bearer "+secret {
			t.Errorf("%s: %s %s", name, path, auth)
		}
	}
	a.Version = "v26.0"
	if _, err := c.Publish(t.Context(), a, answer(), staged); err != nil || path != "/v26.0/104/messages" {
		t.Errorf("another version: %s %v", path, err)
	}
	a.Mode = Provider
	if _, err := c.Publish(t.Context(), a, answer(), staged); err != nil || path != "/messages" || auth != secret {
		t.Errorf("through a provider: %s %s %v", path, auth, err)
	}
	if r, err := c.Publish(t.Context(), a, with(func(o *platform.Outgoing) { o.Media = []platform.Media{{Key: "media.9", Type: "image/png", Size: 3}} }), staged); platform.Classify(r, err) != platform.Unsent {
		t.Errorf("a file that was not staged: %v", err)
	}
}

func TestWhatIsRefusedBeforehand(t *testing.T) {
	c, a := told(t, 500, "nothing may be sent")
	for name, s := range map[string]struct {
		change func(*platform.Outgoing)
		code   string
	}{
		"a post":               {func(o *platform.Outgoing) { o.To, o.Thread, o.InReplyTo = "", "", "" }, "platform.no_posts"},
		"a template to nobody": {func(o *platform.Outgoing) { *o = platform.Outgoing{Template: &platform.Template{Name: "a"}} }, "platform.no_posts"},
		"nothing":              {func(o *platform.Outgoing) { o.Text = "" }, "platform.invalid"},
		"4097 signs":           {func(o *platform.Outgoing) { o.Text = strings.Repeat("a", 4097) }, "platform.text_too_long"},
		"1025 below a picture": {func(o *platform.Outgoing) {
			o.Text = strings.Repeat("a", 1025)
			o.Media = []platform.Media{{Type: "image/png"}}
		}, "platform.text_too_long"},
		"two pictures":             {func(o *platform.Outgoing) { o.Media = []platform.Media{{Type: "image/png"}, {Type: "image/png"}} }, "platform.media_too_many"},
		"a picture of 6 MB":        {func(o *platform.Outgoing) { o.Media = []platform.Media{{Type: "image/png", Size: 6 << 20}} }, "platform.media_too_large"},
		"a film of 17 MB":          {func(o *platform.Outgoing) { o.Media = []platform.Media{{Type: "video/mp4", Size: 17 << 20}} }, "platform.media_too_large"},
		"a picture of other kinds": {func(o *platform.Outgoing) { o.Media = []platform.Media{{Type: "image/gif"}} }, "platform.media_unsupported"},
	} {
		out := answer()
		s.change(&out)
		err := c.Stage(t.Context(), a, out, &platformtest.Notes{})
		_, err2 := c.Publish(t.Context(), a, out, &platformtest.Notes{})
		for _, err := range []error{err, err2} {
			if r := platform.AsRefusal(err); r == nil || r.Code != s.code || r.Fix == "" {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestConnectingTellsWhatIsWrong(t *testing.T) {
	spec := specification(t)
	for name, c := range map[string]struct {
		rules  sandbox.Rules
		change func(*platform.Form)
		code   string
	}{
		"all is right":                        {},
		"the token of the developers' page":   {rules: sandbox.Rules{ShortTokens: true}, code: "platform.token_short_lived"},
		"the number itself instead of its id": {change: func(f *platform.Form) { f.Account = "62211500701" }, code: "platform.number_unknown"},
		"another office's number":             {change: func(f *platform.Form) { f.Account = "104500000000702" }, code: "platform.number_unknown"},
		"a token with a typing error":         {change: func(f *platform.Form) { f.Token.Access += "x" }, code: "platform.auth_lost"},
	} {
		s := pretended(t, spec, c.rules)
		form := s.Form
		if c.change != nil {
			c.change(&form)
		}
		g, err := s.Connector.(*Connector).SignIn(t.Context(), form)
		if r := platform.AsRefusal(err); (c.code == "") != (err == nil) || r != nil && (r.Code != c.code || r.Fix == "") {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && (g.Profile.RemoteID != "104500000000701" || !slices.Equal(g.Profile.Also, []string{"204500000000701"}) || g.Profile.URL != "https://wa.me/62211500701" || !g.Token.Expires.IsZero()) {
			t.Errorf("%s: %+v", name, g)
		}
	}
	c, a := server(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"data":{"is_valid":true,"expires_at":%d,"scopes":["whatsapp_business_management"]}}`, time.Now().Add(50*24*time.Hour).Unix())
	})
	_, err := c.SignIn(t.Context(), platform.Form{BaseURL: a.BaseURL, Account: "104", Token: a.Token})
	if r := platform.AsRefusal(err); r == nil || r.Code != "platform.consent.missing_permission" || r.Said != "whatsapp_business_messaging" {
		t.Errorf("without the right to send: %v", err)
	}
}

// A solution provider's key names the number: no path holds it.
func TestThroughASolutionProvider(t *testing.T) {
	s := pretended(t, specification(t), sandbox.Rules{})
	a := s.Account
	a.Mode, a.Also = Provider, nil
	c := s.Connector.(*Connector)
	// The provider's paths are in no specification: past the judge.
	direct := provided(t, a)
	p, err := c.Verify(t.Context(), direct)
	if err != nil || p.RemoteID != a.RemoteID || !slices.Equal(p.Also, []string{"204500000000701"}) {
		t.Fatalf("%+v %v", p, err)
	}
	all, err := c.Templates(t.Context(), direct)
	if err != nil || len(all) != 5 || all[0].Body == "" {
		t.Errorf("%+v %v", all, err)
	}
	if err := c.Subscribe(t.Context(), direct, "http://127.0.0.1:1/x"); err != nil {
		t.Error(err)
	}
	direct.Token.Access += "x"
	if _, err := c.Verify(t.Context(), direct); platform.AsRefusal(err) == nil || !platform.AsRefusal(err).Auth {
		t.Errorf("a wrong key: %v", err)
	}
}

// provided is the same kind of account at a sandbox that nobody judges.
func provided(t *testing.T, a platform.Account) platform.Account {
	t.Helper()
	world, err := sandbox.New(sandbox.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(world.Handler())
	t.Cleanup(func() {
		s.Close()
		if err := world.Close(); err != nil {
			t.Error(err)
		}
	})
	a.BaseURL = s.URL + "/wa"
	return a
}

// pushes are what a door hears.
type pushes struct {
	mu  sync.Mutex
	all []platform.Item
	raw [][]byte
}

func (p *pushes) serve(t *testing.T, c *Connector, a platform.Account) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			if words, ok := c.Challenge(a.App, r.URL.Query()); ok {
				fmt.Fprint(w, words)
				return
			}
			w.WriteHeader(http.StatusForbidden)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil || c.Signed(a.App, r.Header, body) != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		items, err := c.Parse(body)
		p.mu.Lock()
		defer p.mu.Unlock()
		if err != nil {
			t.Errorf("%v: %s", err, body)
		}
		p.all, p.raw = append(p.all, items[a.RemoteID]...), append(p.raw, body)
	}))
	t.Cleanup(s.Close)
	return s
}
