package sandbox

import (
	"bytes"
	"encoding/json"
	"image"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// shelf serves a JPEG, a PNG and a film as an office's public address does.
func shelf(t *testing.T) string {
	t.Helper()
	var picture bytes.Buffer
	if err := jpeg.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 4, 4)), nil); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/a.jpg":
			_, _ = w.Write(picture.Bytes())
		case "/wide.jpg":
			_ = jpeg.Encode(w, image.NewRGBA(image.Rect(0, 0, 40, 4)), nil)
		case "/a.png":
			_, _ = w.Write(png())
		case "/a.mp4":
			_, _ = w.Write([]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"))
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

// meta is one account of Instagram, Threads or Facebook.
type meta struct {
	*stage
	me   Credential
	root string // with the version
}

func openMeta(t *testing.T, platform, version string, o Options) meta {
	t.Helper()
	s := open(t, o)
	me := s.credential(t, platform, "")
	return meta{stage: s, me: me, root: me.BaseURL + version}
}

func (m meta) post(t *testing.T, path string, form url.Values) reply {
	t.Helper()
	return send(t, request{method: "POST", url: m.root + path, bearer: m.me.Token.Access, form: form})
}

func (m meta) get(t *testing.T, path string) reply {
	t.Helper()
	return send(t, request{method: "GET", url: m.root + path, bearer: m.me.Token.Access})
}

// published makes a post of one picture.
func (m meta) published(t *testing.T, address, caption string) string {
	t.Helper()
	id := m.post(t, "/me/media", url.Values{"image_url": {address}, "caption": {caption}}).str("id")
	for range 2 {
		m.get(t, "/"+id+"?fields=status_code")
	}
	made := m.post(t, "/me/media_publish", url.Values{"creation_id": {id}})
	if made.str("id") == "" {
		t.Fatalf("published: %s", made.body)
	}
	return made.str("id")
}

// Both of Meta's client dialects: JSON with the token in the query, and a form
// whose method field stands for the verb.
func TestInstagramAndThreadsSpeakBothClientDialectsAndDeleteAsPost(t *testing.T) {
	t.Parallel()
	address := shelf(t)
	ig := openMeta(t, Instagram, "/v25.0", Options{Seed: 1})
	token := "?access_token=" + ig.me.Token.Access
	made := send(t, request{method: "POST", url: ig.root + "/" + ig.me.AccountID + "/media" + token, json: map[string]any{"image_url": address + "/a.jpg", "caption": "Halo", "id": ig.me.AccountID}})
	if made.str("id") == "" {
		t.Fatalf("JSON, token in the query: %s", made.body)
	}
	post := ig.published(t, address+"/a.jpg", "Halo")
	comment := send(t, request{method: "POST", url: ig.root + "/" + post + "/comments", form: url.Values{"message": {"Tautan"}, "access_token": {ig.me.Token.Access}, "format": {"json"}}}).str("id")
	gone := send(t, request{method: "POST", url: ig.root + "/" + comment, form: url.Values{"method": {"DELETE"}, "format": {"json"}, "access_token": {ig.me.Token.Access}}})
	want(t, "DELETE as POST", gone.get("success"), true)
	again := send(t, request{method: "DELETE", url: ig.root + "/" + comment + token, json: map[string]any{}})
	want(t, "deleted twice", again.get("error.error_subcode"), 33.0)

	th := openMeta(t, Threads, "/v1.0", Options{Seed: 1})
	box := send(t, request{method: "POST", url: th.root + "/me/threads?media_type=TEXT&text=Halo&access_token=" + th.me.Token.Access}).str("id")
	id := send(t, request{method: "POST", url: th.root + "/me/threads_publish", json: map[string]any{"creation_id": box, "access_token": th.me.Token.Access}}).str("id")
	gone = th.post(t, "/"+id, url.Values{"method": {"DELETE"}})
	want(t, "Threads names what it deleted", gone.str("deleted_id"), id)
}

func TestWhatMetasOwnKitSendsToInstagramIsAccepted(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join(shared(t, "captures"), "facebook_nodejs_business_sdk_24.0.1_Instagram.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all struct{ Requests []recorded }
	if err := json.Unmarshal(raw, &all); err != nil || len(all.Requests) < 8 {
		t.Fatalf("%d requests: %v", len(all.Requests), err)
	}
	address := shelf(t)
	for _, r := range all.Requests {
		t.Run(r.Step, func(t *testing.T) {
			t.Parallel()
			ig := openMeta(t, Instagram, "/v24.0", Options{Seed: 1})
			post := ig.published(t, address+"/a.jpg", "Induk")
			comment, err := ig.Say(Saying{Platform: Instagram, InReplyTo: post, Text: "Tanya", Author: "bu_sri"})
			if err != nil {
				t.Fatal(err)
			}
			box := ig.post(t, "/me/media", url.Values{"image_url": {address + "/a.jpg"}}).str("id")
			ig.get(t, "/"+box+"?fields=status_code")
			real := strings.NewReplacer("PAGE_TOKEN", ig.me.Token.Access, "17841400000000000", ig.me.AccountID, "17890000000000000", box,
				"17900000000000000", comment, "1234_5678", post, "https://humas.example/i.jpg", address+"/a.jpg")
			res, err := http.DefaultClient.Do(r.rebuild(t, ig.me.BaseURL, real))
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if res.StatusCode != http.StatusOK {
				var body bytes.Buffer
				_, _ = body.ReadFrom(res.Body)
				t.Errorf("%s %s: %d %s", r.Method, r.Path, res.StatusCode, body.String())
			}
		})
	}
}

func TestContainersTakeTimeAndExpireAfterADay(t *testing.T) {
	t.Parallel()
	address := shelf(t)
	ig := openMeta(t, Instagram, "/v25.0", Options{Seed: 1})
	state := func(id string) string { return ig.get(t, "/"+id+"?fields=status_code,status").str("status_code") }
	publish := func(id string) reply { return ig.post(t, "/me/media_publish", url.Values{"creation_id": {id}}) }
	box := ig.post(t, "/me/media", url.Values{"image_url": {address + "/a.jpg"}}).str("id")
	want(t, "published at once", publish(box).get("error.error_subcode"), 2207027.0)
	want(t, "first", state(box), "IN_PROGRESS")
	want(t, "then", state(box), "FINISHED")
	want(t, "published", publish(box).status, http.StatusOK)
	want(t, "afterwards", state(box), "PUBLISHED")
	want(t, "again", publish(box).status, http.StatusBadRequest)
	late := ig.post(t, "/me/media", url.Values{"image_url": {address + "/a.jpg"}}).str("id")
	state(late)
	ig.Advance(25 * time.Hour)
	want(t, "a day later", state(late), "EXPIRED")
	want(t, "what was published stays so", state(box), "PUBLISHED")
	want(t, "too late", publish(late).get("error.error_subcode"), 2207008.0)
	want(t, "posts", len(ig.World()), 1)

	th := openMeta(t, Threads, "/v1.0", Options{Seed: 1})
	text := th.post(t, "/me/threads", url.Values{"media_type": {"TEXT"}, "text": {"Halo"}}).str("id")
	want(t, "a text is ready at once", th.get(t, "/"+text+"?fields=status").str("status"), "FINISHED")
	picture := th.post(t, "/me/threads", url.Values{"media_type": {"IMAGE"}, "image_url": {address + "/a.png"}}).str("id")
	want(t, "a picture is not", th.get(t, "/"+picture+"?fields=status").str("status"), "IN_PROGRESS")
	lost := th.post(t, "/me/threads", url.Values{"media_type": {"IMAGE"}, "image_url": {address + "/missing.png"}}).str("id")
	want(t, "what cannot be fetched", th.get(t, "/"+lost+"?fields=status,error_message").str("error_message"), "FAILED_DOWNLOADING_MEDIA")
	th.Advance(25 * time.Hour)
	want(t, "a day later", th.get(t, "/"+text+"?fields=status").str("status"), "EXPIRED")
}

func TestInstagramRefuses(t *testing.T) {
	t.Parallel()
	address := shelf(t)
	ig := openMeta(t, Instagram, "/v25.0", Options{Seed: 1, Rules: Rules{TrueLimits: true}})
	post := ig.published(t, address+"/a.jpg", "Induk")
	comment, err := ig.Say(Saying{Platform: Instagram, InReplyTo: post, Text: "Judi", Author: "bu_sri"})
	if err != nil {
		t.Fatal(err)
	}
	own := ig.post(t, "/"+post+"/comments", url.Values{"message": {"Tautan"}}).str("id")
	want(t, "hidden", ig.post(t, "/"+comment, url.Values{"hide": {"true"}}).get("success"), true)
	for _, row := range []struct {
		name, path string
		form       url.Values
		subcode    float64
	}{
		{"a PNG", "/me/media", url.Values{"image_url": {address + "/a.png"}}, 2207005},
		{"a banner", "/me/media", url.Values{"image_url": {address + "/wide.jpg"}}, 2207009},
		{"what cannot be fetched", "/me/media", url.Values{"image_url": {address + "/b.jpg"}}, 2207052},
		{"a caption that is too long", "/me/media", url.Values{"image_url": {address + "/a.jpg"}, "caption": {strings.Repeat("a", 2201)}}, 2207010},
		{"31 hashtags", "/me/media", url.Values{"image_url": {address + "/a.jpg"}, "caption": {strings.Repeat("#a ", 31)}}, 2207010},
		{"an album of one", "/me/media", url.Values{"media_type": {"CAROUSEL"}, "children": {"1"}}, 2207028},
		{"a media type that is no more", "/me/media", url.Values{"media_type": {"VIDEO"}, "video_url": {address + "/a.mp4"}}, 2207023},
		{"a container that is none", "/me/media_publish", url.Values{"creation_id": {"1"}}, 2207006},
		{"answering a hidden comment", "/" + comment + "/replies", url.Values{"message": {"Ya"}}, 2207066},
		{"two links in a comment", "/" + post + "/comments", url.Values{"message": {"https://a.id https://b.id"}}, 0},
		{"hiding one's own comment", "/" + own, url.Values{"hide": {"true"}}, 0},
		{"a field that cannot be subscribed", "/me/subscribed_apps", url.Values{"subscribed_fields": {"feed"}}, 0},
	} {
		r := ig.post(t, row.path, row.form)
		sub, _ := r.get("error.error_subcode").(float64)
		if r.status/100 != 4 || sub != row.subcode {
			t.Errorf("%s: %d %s", row.name, r.status, r.body)
		}
	}
	dead := ig.get(t, "/"+post+"/insights?metric=views,impressions")
	want(t, "one dead metric refuses the call", dead.get("error.code"), 100.0)
	want(t, "without it", ig.get(t, "/"+post+"/insights?metric=views").status, http.StatusOK)
	gone := send(t, request{method: "DELETE", url: ig.root + "/" + post, bearer: ig.me.Token.Access})
	want(t, "a media object cannot be deleted", gone.get("error.error_subcode"), 33.0)
	for range igPerDay - 1 {
		ig.published(t, address+"/a.jpg", "Lagi")
	}
	want(t, "used up", ig.get(t, "/me/content_publishing_limit?fields=quota_usage,config").get("data.0.quota_usage"), float64(igPerDay))
	box := ig.post(t, "/me/media", url.Values{"image_url": {address + "/a.jpg"}}).str("id")
	ig.get(t, "/"+box+"?fields=status_code")
	want(t, "the 51st of a day", ig.post(t, "/me/media_publish", url.Values{"creation_id": {box}}).get("error.error_subcode"), 2207042.0)
}

func TestThreadsRefuses(t *testing.T) {
	t.Parallel()
	th := openMeta(t, Threads, "/v1.0", Options{Seed: 1})
	box := th.post(t, "/me/threads", url.Values{"media_type": {"TEXT"}, "text": {"Induk"}}).str("id")
	post := th.post(t, "/me/threads_publish", url.Values{"creation_id": {box}}).str("id")
	first, err := th.Say(Saying{Platform: Threads, InReplyTo: post, Text: "Tanya", Author: "bu_sri"})
	if err != nil {
		t.Fatal(err)
	}
	second, err := th.Say(Saying{Platform: Threads, InReplyTo: first, Text: "Setuju", Author: "kangasep77"})
	if err != nil {
		t.Fatal(err)
	}
	text := func(s string) url.Values { return url.Values{"media_type": {"TEXT"}, "text": {s}} }
	for _, row := range []struct {
		name, path string
		form       url.Values
		said       string
	}{
		{"501 characters", "/me/threads", text(strings.Repeat("a", 501)), "500 characters"},
		{"126 emoji, which are 504 bytes", "/me/threads", text(strings.Repeat("😀", 126)), "500 characters"},
		{"six links", "/me/threads", text(strings.Repeat("https://a.id ", 6)), "LINK_LIMIT_EXCEEDED"},
		{"no words", "/me/threads", text(" "), "text is required"},
		{"another kind", "/me/threads", url.Values{"media_type": {"REELS"}, "text": {"a"}}, "media_type must be one of"},
		{"answering nobody", "/me/threads", url.Values{"media_type": {"TEXT"}, "text": {"a"}, "reply_to_id": {"1"}}, "does not exist"},
		{"hiding the second level", "/" + second + "/manage_reply", url.Values{"hide": {"true"}}, "top-level"},
		{"hiding one's own post", "/" + post + "/manage_reply", url.Values{"hide": {"true"}}, "Permissions"},
		{"the same container twice", "/me/threads_publish", url.Values{"creation_id": {box}}, "already been published"},
	} {
		r := th.post(t, row.path, row.form)
		if r.status/100 != 4 || !strings.Contains(r.str("error.message"), row.said) {
			t.Errorf("%s: %d %s", row.name, r.status, r.body)
		}
	}
	want(t, "125 emoji are 500", th.post(t, "/me/threads", text(strings.Repeat("😀", 125))).status, http.StatusOK)
	want(t, "hiding the first level", th.post(t, "/"+first+"/manage_reply", url.Values{"hide": {"true"}}).get("success"), true)
	at := send(t, request{method: "DELETE", url: th.root + "/" + first, bearer: th.me.Token.Access})
	want(t, "somebody else's reply cannot be deleted", at.get("error.code"), 200.0)
}

func TestPrivateMessagesKeepTheirWindows(t *testing.T) {
	t.Parallel()
	page := openMeta(t, Facebook, "/v25.0", Options{Seed: 1})
	root := page.post(t, "/me/feed", url.Values{"message": {"Induk"}}).str("id")
	comment, err := page.Say(Saying{Platform: Facebook, InReplyTo: root, Text: "Tanya", Author: "Sri Wahyuni"})
	if err != nil {
		t.Fatal(err)
	}
	private := func(id string) reply {
		return page.post(t, "/me/messages", url.Values{"recipient": {`{"comment_id":"` + id + `"}`}, "message": {`{"text":"Halo Bu"}`}})
	}
	first := private(comment)
	who := first.str("recipient_id")
	want(t, "a private reply", first.status, http.StatusOK)
	want(t, "once only", private(comment).get("error.code"), 10900.0)
	direct := func() reply {
		return page.post(t, "/me/messages", url.Values{"recipient": {`{"id":"` + who + `"}`}, "message": {`{"text":"Masih ada?"}`}, "messaging_type": {"RESPONSE"}})
	}
	want(t, "nothing more until the person answers", direct().get("error.error_subcode"), 2018278.0)
	if _, err := page.Say(Saying{Platform: Facebook, Kind: "direct", Text: "Terima kasih", Author: "Sri Wahyuni"}); err != nil {
		t.Fatal(err)
	}
	want(t, "within a day", direct().status, http.StatusOK)
	page.Advance(25 * time.Hour)
	want(t, "after a day", direct().get("error.error_subcode"), 2018278.0)
	late, err := page.Say(Saying{Platform: Facebook, InReplyTo: root, Text: "Lama", Author: "Sri Wahyuni"})
	if err != nil {
		t.Fatal(err)
	}
	page.Advance(8 * 24 * time.Hour)
	want(t, "a comment of last week", private(late).get("error.code"), 10903.0)
	want(t, "blocked", page.post(t, "/me/blocked", url.Values{"psid": {`["` + who + `"]`}}).get(who), true)
	if _, err := page.Say(Saying{Platform: Facebook, Kind: "direct", Text: "Halo?", Author: "Sri Wahyuni"}); err == nil {
		t.Error("a blocked person still writes")
	}
}

func TestAFilmsUploadGoesOnWhereItEnded(t *testing.T) {
	t.Parallel()
	page := openMeta(t, Facebook, "/v25.0", Options{Seed: 1})
	film := []byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom")
	session := page.post(t, "/"+page.me.App.ClientID+"/uploads", url.Values{"file_name": {"a.mp4"}, "file_length": {"24"}, "file_type": {"video/mp4"}}).str("id")
	bring := func(from, to int) reply {
		req, err := http.NewRequest("POST", page.root+"/"+session, bytes.NewReader(film[from:to]))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "OAuth "+page.me.Token.Access)
		req.Header["file_offset"] = []string{string(rune('0'+from/10)) + string(rune('0'+from%10))}
		req.Header.Set("Content-Type", "application/octet-stream")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		out := reply{status: res.StatusCode}
		_ = json.NewDecoder(res.Body).Decode(&out.json)
		return out
	}
	want(t, "a part", bring(0, 10).str("h"), "")
	want(t, "how much is there", page.get(t, "/"+session).get("file_offset"), 10.0)
	want(t, "from the wrong place", bring(5, 24).status, http.StatusBadRequest)
	handle := bring(10, 24).str("h")
	made := page.post(t, "/me/videos", url.Values{"description": {"Simulasi"}, "fbuploader_video_file_chunk": {handle}})
	if made.str("id") == "" || len(page.said("Simulasi")) != 1 {
		t.Errorf("handle %q: %s", handle, made.body)
	}
	want(t, "a handle that is none", page.post(t, "/me/videos", url.Values{"fbuploader_video_file_chunk": {"4::1:2"}}).get("error.code"), 352.0)
}
