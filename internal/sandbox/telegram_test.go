package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func (s *stage) tg(t *testing.T, method string, in any) reply {
	t.Helper()
	me := s.credential(t, Telegram, "")
	return send(t, request{method: "POST", url: me.BaseURL + "/bot" + me.Token.Access + "/" + method, json: in})
}

func TestWhatTelegramClientsReallySendIsAccepted(t *testing.T) {
	t.Parallel()
	folder := shared(t, "captures")
	picture := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(clientsPNG()) }))
	t.Cleanup(picture.Close)
	for _, file := range []string{"grammy_1.46.0.json", "telegraf_4.16.3.json"} {
		raw, err := os.ReadFile(filepath.Join(folder, file))
		if err != nil {
			t.Fatal(err)
		}
		var all struct{ Requests []recorded }
		if err := json.Unmarshal(raw, &all); err != nil {
			t.Fatal(err)
		}
		for _, r := range all.Requests {
			t.Run(file+"/"+r.Step, func(t *testing.T) {
				s := open(t, Options{Seed: 1})
				me := s.credential(t, Telegram, "")
				for n := range 7 { // the recorded calls are about message 7
					want(t, "a post", s.tg(t, "sendMessage", map[string]any{"chat_id": "@" + me.Handle, "text": fmt.Sprint("kiriman ", n)}).status, 200)
				}
				person, err := s.Say(Saying{Platform: Telegram, Text: "Halo", Kind: kindDirect})
				if err != nil {
					t.Fatal(err)
				}
				user, _ := tgSplit(person)
				chat := me.AccountID
				if r.Step == "restrict member" {
					chat = tgGroup(me.AccountID)
				}
				real := strings.NewReplacer("bot123456:TESTTOKEN", "bot"+me.Token.Access, "@humas_kanal", "@"+me.Handle, `:-1001,`, ":"+chat+",", `:-1001}`, ":"+chat+"}",
					`"user_id":5`, `"user_id":`+user, "https://humas.example/i.png", picture.URL+"/i.png")
				if r.Body != nil { // these were written down without the blank
					for _, part := range r.Body.Multipart {
						for i, line := range part.Headers {
							k, v, _ := strings.Cut(line, ":")
							part.Headers[i] = k + ": " + strings.TrimSpace(v)
						}
					}
				}
				req := r.rebuild(t, me.BaseURL, real)
				res, err := http.DefaultClient.Do(req)
				if err != nil {
					t.Fatal(err)
				}
				defer res.Body.Close()
				var answer struct {
					OK          bool
					Description string
				}
				if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || !answer.OK || res.StatusCode != http.StatusOK {
					t.Errorf("%d %s %v", res.StatusCode, answer.Description, err)
				}
			})
		}
	}
}

func TestTelegramTakesEveryWayToSayIt(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Seed: 1})
	me := s.credential(t, Telegram, "")
	root := me.BaseURL + "/bot" + me.Token.Access
	params := url.Values{"chat_id": {"@" + me.Handle}, "text": {"Halo"}}
	for name, q := range map[string]request{
		"GET":            {method: "GET", url: root + "/sendMessage?" + params.Encode()},
		"form":           {method: "POST", url: root + "/sendMessage", form: params},
		"JSON":           {method: "POST", url: root + "/sendMessage", json: map[string]any{"chat_id": me.AccountID, "text": "Halo"}},
		"other capitals": {method: "POST", url: root + "/SENDmessage", form: params},
		"query on POST":  {method: "POST", url: root + "/sendMessage?" + params.Encode()},
		"a file":         {method: "POST", url: root + "/sendPhoto", form: url.Values{"chat_id": {"@" + me.Handle}}, file: clientsPNG(), fileName: "photo"},
	} {
		if r := send(t, q); r.status != 200 || r.get("ok") != true {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	for name, c := range map[string]struct {
		path   string
		status int
	}{
		"a method that is not there":     {"/bot" + me.Token.Access + "/sendFax", 404},
		"a token with a typing error":    {"/bot" + me.Token.Access + "x/getMe", 401},
		"no token":                       {"/botrahasia/getMe", 404},
		"no method":                      {"/bot" + me.Token.Access, 404},
		"another office's channel":       {"/bot" + me.Token.Access + "/sendMessage?chat_id=@protokol_tirtawangi&text=a", 403},
		"a person who never wrote":       {"/bot" + me.Token.Access + "/sendMessage?chat_id=200000000001&text=a", 400},
		"a picture that is none":         {"/bot" + me.Token.Access + "/sendPhoto?chat_id=@tirtawangikota&photo=tidak", 400},
		"an album of one":                {"/bot" + me.Token.Access + `/sendMediaGroup?chat_id=@tirtawangikota&media=[{"type":"photo","media":"a"}]`, 400},
		"an address that does not exist": {"/bot" + me.Token.Access + "/setWebhook?url=http://humas.example/x", 400},
	} {
		if r := send(t, request{method: "GET", url: me.BaseURL + strings.ReplaceAll(c.path, `"`, "%22")}); r.status != c.status || r.get("ok") != false || int(r.get("error_code").(float64)) != c.status {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
}

// What a bot has not confirmed outlives the server; what it has does not come
// again, and numbers go on.
func TestUpdatesSurviveARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := open(t, Options{Seed: 7, Path: dir})
	say := func(s *stage, text string) {
		if _, err := s.Say(Saying{Platform: Telegram, Text: text, Kind: kindDirect}); err != nil {
			t.Fatal(err)
		}
	}
	say(first, "satu")
	say(first, "dua")
	one := first.tg(t, "getUpdates", map[string]any{"limit": 1})
	after := one.get("result.0.update_id").(float64) + 1
	want(t, "the first", one.str("result.0.message.text"), "satu")
	want(t, "confirmed", first.tg(t, "getUpdates", map[string]any{"offset": after}).str("result.0.message.text"), "dua")
	post := first.tg(t, "sendMessage", map[string]any{"chat_id": "@tirtawangikota", "text": "Halo"})
	second := open(t, Options{Seed: 7, Path: dir})
	list := second.tg(t, "getUpdates", nil)
	want(t, "not confirmed", list.str("result.0.message.text"), "dua")
	want(t, "our own copy", list.str("result.1.message.text"), "Halo")
	want(t, "no more", list.get("result.2"), nil)
	next := second.tg(t, "sendMessage", map[string]any{"chat_id": "@tirtawangikota", "text": "Lagi"})
	want(t, "numbers go on", next.get("result.message_id").(float64), post.get("result.message_id").(float64)+1)
	say(second, "tiga")
	list = second.tg(t, "getUpdates", map[string]any{"offset": -1})
	want(t, "from the newest", list.str("result.0.message.text"), "tiga")
}

// A bot that waits does not hold up the world, and what nobody takes is gone
// after a day.
func TestWaitingForUpdates(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	s := open(t, Options{Seed: 1, Now: func() time.Time { return now }})
	got := make(chan reply, 1)
	go func() {
		me := s.credential(t, Telegram, "")
		r, err := try(request{method: "POST", url: me.BaseURL + "/bot" + me.Token.Access + "/getUpdates", json: map[string]any{"timeout": 30}})
		if err == nil {
			got <- r
		}
		close(got)
	}()
	// Somebody speaks until the one that waits has heard: nobody says when it waits.
	for n := 0; ; n++ {
		want(t, "the world goes on", s.tg(t, "getMe", nil).status, 200)
		if _, err := s.Say(Saying{Platform: Telegram, Text: fmt.Sprint("halo ", n), Kind: kindDirect}); err != nil {
			t.Fatal(err)
		}
		select {
		case r, ok := <-got:
			if !ok || !strings.HasPrefix(r.str("result.0.message.text"), "halo ") {
				t.Errorf("heard %s", r.body)
			}
			s.Advance(25 * time.Hour)
			want(t, "after a day", string(s.tg(t, "getUpdates", nil).body), `{"ok":true,"result":[]}`)
			return
		default:
		}
	}
}

func TestTelegramMarkup(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, mode, plain, problem string }{
		{"<b>a</b> &lt;b&gt;", "HTML", "a <b>", ""},
		{"<b>a", "HTML", "", "Can't find end tag"},
		{"<marquee>a</marquee>", "HTML", "", "Unsupported start tag"},
		{"a < b", "HTML", "", "Unsupported start tag"},
		{"*a* _b_ [c](https://x.example)", "Markdown", "a b c", ""},
		{"*a", "Markdown", "", "Can't find end"},
		{`*a* 1\.5`, "MarkdownV2", "a 1.5", ""},
		{"1.5", "MarkdownV2", "", "is reserved"},
		{"<b>a", "", "<b>a", ""},
		{"a", "BBCode", "", "unsupported"},
	} {
		plain, problem := tgPlain(c.text, c.mode)
		if plain != c.plain || (c.problem == "") != (problem == "") || !strings.Contains(problem, c.problem) {
			t.Errorf("%s %q: %q %q", c.mode, c.text, plain, problem)
		}
	}
}
