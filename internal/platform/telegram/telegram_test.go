package telegram

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/platformtest"
	"kentongan/internal/safehttp"
	"kentongan/internal/sandbox"
)

const secret = "7100000101:AASECRETSECRETSECRETSECRETSECRETSEC"

// told is a connector at a server that always says the same.
func told(t *testing.T, status int, header map[string]string, body string) (*Connector, platform.Account) {
	t.Helper()
	return server(t, func(w http.ResponseWriter, _ *http.Request) {
		for k, v := range header {
			w.Header().Set(k, v)
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	})
}

// server is a connector and an account at a server written for one test.
func server(t *testing.T, h http.HandlerFunc) (*Connector, platform.Account) {
	t.Helper()
	s := httptest.NewServer(h)
	client := safehttp.New(safehttp.Options{AllowLoopback: true})
	t.Cleanup(func() { client.Close(); s.Close() })
	return New(client), platform.Account{BaseURL: s.URL, RemoteID: "-1001", Also: []string{"-1002"}, Token: platform.Token{Access: secret}}
}

func no(code int, words string) string {
	return fmt.Sprintf(`{"ok":false,"error_code":%d,"description":%q}`, code, words)
}

func TestAnswersToAPost(t *testing.T) {
	for name, c := range map[string]struct {
		status  int
		body    string
		outcome platform.Outcome
		code    string
	}{
		"made":                              {200, `{"ok":true,"result":{"message_id":7,"date":1795417200,"chat":{"id":-1001,"type":"channel"}}}`, platform.Published, ""},
		"a film that is put off has no id":  {200, `{"ok":true,"result":{"message_id":0,"date":1795417200,"chat":{"id":-1001,"type":"channel"}}}`, platform.Unknown, ""},
		"made, and says nothing":            {200, `{"ok":true}`, platform.Unknown, ""},
		"an empty object":                   {200, `{}`, platform.Unknown, ""},
		"a page instead":                    {200, `<html>`, platform.Unknown, ""},
		"a refusal under 200":               {200, no(400, "Bad Request: chat not found"), platform.Refused, "platform.forbidden"},
		"an unknown token":                  {401, no(401, "Unauthorized"), platform.Refused, "platform.auth_lost"},
		"what is no token":                  {404, no(404, "Not Found"), platform.Refused, "platform.auth_lost"},
		"somebody else's 404":               {404, `{"message":"Not Found"}`, platform.Unknown, ""},
		"the bot was thrown out":            {403, no(403, "Forbidden: bot was kicked from the channel chat"), platform.Refused, "platform.forbidden"},
		"no right to post":                  {400, no(400, "Bad Request: need administrator rights in the channel chat"), platform.Refused, "platform.forbidden"},
		"the citizen blocks us":             {403, no(403, "Forbidden: bot was blocked by the user"), platform.Refused, "platform.person_unreachable"},
		"the citizen never wrote":           {403, no(403, "Forbidden: bot can't initiate conversation with a user"), platform.Refused, "platform.person_unreachable"},
		"too long":                          {400, no(400, "Bad Request: message is too long"), platform.Refused, "platform.text_too_long"},
		"a caption too long":                {400, no(400, "Bad Request: message caption is too long"), platform.Refused, "platform.text_too_long"},
		"the question is gone":              {400, no(400, "Bad Request: message to be replied not found"), platform.Refused, "platform.parent_gone"},
		"a picture of odd size":             {400, no(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"), platform.Refused, "platform.media_refused"},
		"a file too large":                  {413, no(413, "Request Entity Too Large"), platform.Refused, "platform.media_too_large"},
		"the group moved":                   {400, `{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-1009}}`, platform.Refused, "platform.chat_moved"},
		"another refusal of Telegram's own": {400, no(400, "Bad Request: something new"), platform.Refused, "platform.invalid"},
		"flood control":                     {429, `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7","parameters":{"retry_after":7}}`, platform.Throttled, ""},
		"a gateway's flood control":         {429, `slow down`, platform.Throttled, ""},
		"Telegram's own 502":                {502, no(502, "Bad Gateway"), platform.Unknown, ""},
		"503 with an empty object":          {503, `{}`, platform.Unknown, ""},
		"a gateway's 403":                   {403, `{"title":"Forbidden","status":403}`, platform.Unknown, ""},
	} {
		conn, a := told(t, c.status, nil, c.body)
		r, err := conn.Publish(t.Context(), a, platform.Outgoing{Text: "Halo"}, &platformtest.Notes{})
		if got := platform.Classify(r, err); got != c.outcome {
			t.Errorf("%s: %s (%v)", name, got, err)
		}
		if refusal := platform.AsRefusal(err); c.code != "" && (refusal == nil || refusal.Code != c.code || refusal.Fix == "" || refusal.Auth != (c.code == "platform.auth_lost")) {
			t.Errorf("%s: %+v", name, refusal)
		}
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("%s: shows the token", name)
		}
	}
}

func TestFloodControlSaysWhen(t *testing.T) {
	for name, c := range map[string]struct {
		header map[string]string
		body   string
		wait   time.Duration
	}{
		"in its own words":   {nil, `{"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":7}}`, 7 * time.Second},
		"in the header":      {map[string]string{"Retry-After": "9"}, `x`, 9 * time.Second},
		"nowhere":            {nil, `x`, time.Minute},
		"for far too long":   {nil, `{"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":99999999}}`, 24 * time.Hour},
		"both, its own wins": {map[string]string{"Retry-After": "90"}, `{"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":3}}`, 3 * time.Second},
	} {
		conn, a := told(t, 429, c.header, c.body)
		_, err := conn.Publish(t.Context(), a, platform.Outgoing{Text: "Halo"}, &platformtest.Notes{})
		throttle, ok := err.(*platform.Throttle)
		if !ok || (time.Until(throttle.Until)-c.wait).Abs() > 2*time.Second {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatIsRefusedBeforehand(t *testing.T) {
	c, a := told(t, 500, nil, "nothing may be sent")
	picture := platform.Media{Key: "media.0", Type: "image/jpeg", Size: 10, Width: 400, Height: 300, Open: platform.Bytes(make([]byte, 10))}
	with := func(change func(*platform.Media)) []platform.Media {
		m := picture
		change(&m)
		return []platform.Media{m}
	}
	for name, s := range map[string]struct {
		out  platform.Outgoing
		code string
	}{
		"nothing at all":                      {platform.Outgoing{}, "platform.invalid"},
		"4097 signs":                          {platform.Outgoing{Text: strings.Repeat("a", 4097)}, "platform.text_too_long"},
		"2049 signs that count twice":         {platform.Outgoing{Text: strings.Repeat("🙏", 2049)}, "platform.text_too_long"},
		"1025 signs below a picture":          {platform.Outgoing{Text: strings.Repeat("a", 1025), Media: []platform.Media{picture}}, "platform.text_too_long"},
		"eleven pictures":                     {platform.Outgoing{Text: "x", Media: slices.Repeat([]platform.Media{picture}, 11)}, "platform.media_too_many"},
		"a picture of another kind":           {platform.Outgoing{Text: "x", Media: with(func(m *platform.Media) { m.Type = "image/webp" })}, "platform.media_unsupported"},
		"a film of another kind":              {platform.Outgoing{Text: "x", Media: with(func(m *platform.Media) { m.Type = "video/quicktime" })}, "platform.media_unsupported"},
		"a picture of 11 MB":                  {platform.Outgoing{Text: "x", Media: with(func(m *platform.Media) { m.Size = 11 << 20 })}, "platform.media_too_large"},
		"a film of 51 MB":                     {platform.Outgoing{Text: "x", Media: with(func(m *platform.Media) { m.Type, m.Size = "video/mp4", 51<<20 })}, "platform.media_too_large"},
		"sides of more than 10000 together":   {platform.Outgoing{Text: "x", Media: with(func(m *platform.Media) { m.Width, m.Height = 6000, 5000 })}, "platform.media_refused"},
		"a strip":                             {platform.Outgoing{Text: "x", Media: with(func(m *platform.Media) { m.Width, m.Height = 2100, 100 })}, "platform.media_refused"},
		"a template":                          {platform.Outgoing{Text: "x", Template: &platform.Template{Name: "a"}}, "platform.invalid"},
		"a private answer to a comment":       {platform.Outgoing{Text: "x", InReplyTo: "-1002_7", To: "5", Private: true}, "platform.person_unreachable"},
		"an answer to what is no message":     {platform.Outgoing{Text: "x", InReplyTo: "tujuh"}, "platform.parent_gone"},
		"an answer to a message without name": {platform.Outgoing{Text: "x", InReplyTo: "-1002_0"}, "platform.parent_gone"},
	} {
		for step, err := range map[string]error{
			"stage":   c.Stage(t.Context(), a, s.out, &platformtest.Notes{}),
			"publish": func() error { _, err := c.Publish(t.Context(), a, s.out, &platformtest.Notes{}); return err }(),
		} {
			if r := platform.AsRefusal(err); r == nil || r.Code != s.code {
				t.Errorf("%s, %s: %v", name, step, err)
			}
		}
	}
	if all := c.Check(a, platform.Outgoing{Text: strings.Repeat("a", 1024), Media: []platform.Media{picture}}); len(all) > 0 {
		t.Errorf("a full caption: %v", all[0])
	}
}

func TestConnectingTellsWhatIsMissing(t *testing.T) {
	for name, c := range map[string]struct {
		rules   sandbox.Rules
		change  func(*platform.Form)
		code    string
		missing []string
	}{
		"all is there":                      {},
		"the name without its sign":         {change: func(f *platform.Form) { f.Account = "tirtawangikota" }},
		"the address":                       {change: func(f *platform.Form) { f.Account = "https://t.me/tirtawangikota/" }},
		"the number":                        {change: func(f *platform.Form) { f.Account = "-1001450000101" }},
		"no discussion group":               {rules: sandbox.Rules{WithoutDiscussion: true}, missing: []string{noDiscussion}},
		"the bot is no administrator":       {rules: sandbox.Rules{BotDemoted: true}, code: "platform.bot_cannot_post"},
		"a group's number":                  {change: func(f *platform.Form) { f.Account = "-1002450000101" }, code: "platform.not_a_channel"},
		"a channel that is not there":       {change: func(f *platform.Form) { f.Account = "@tidak_ada" }, code: "platform.forbidden"},
		"another office's channel":          {change: func(f *platform.Form) { f.Account = "@protokol_tirtawangi" }, code: "platform.forbidden"},
		"a token with a typing error":       {change: func(f *platform.Form) { f.Token.Access += "x" }, code: "platform.auth_lost"},
		"something else instead of a token": {change: func(f *platform.Form) { f.Token.Access = "rahasia" }, code: "platform.auth_lost"},
	} {
		s := pretended(t, c.rules)
		form := s.Form
		if c.change != nil {
			c.change(&form)
		}
		g, err := s.Connector.(*Connector).SignIn(t.Context(), form)
		if r := platform.AsRefusal(err); (c.code == "") != (err == nil) || r != nil && (r.Code != c.code || r.Fix == "") {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && (!slices.Equal(g.Missing, c.missing) || g.Profile.RemoteID != s.Account.RemoteID || g.Token.Access == "" || (len(g.Profile.Also) == 0) != (len(c.missing) > 0)) {
			t.Errorf("%s: %+v", name, g)
		}
	}
}
