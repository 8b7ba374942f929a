package telegram

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"kentongan/internal/platform"
	"kentongan/internal/platform/platformtest"
	"kentongan/internal/sandbox"
	"kentongan/test/contract"
)

// happens asks the sandbox for something that somebody does.
func happens(t *testing.T, s platformtest.Setup, deed string, what map[string]any) string {
	t.Helper()
	what["platform"] = Name
	raw, err := json.Marshal(what)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Post(s.Control+"/sandbox/"+deed, "application/json", bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var said struct{ ID string }
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK || json.Unmarshal(body, &said) != nil {
		t.Fatalf("%s: %d %s", deed, resp.StatusCode, body)
	}
	return said.ID
}

func (m *memory) empty() bool { return len(m.threads)+len(m.albums) == 0 }

func pulled(t *testing.T, s platformtest.Setup, c *Connector, cursor string) (map[string]platform.Item, string) {
	t.Helper()
	all := map[string]platform.Item{}
	for range 20 {
		page, err := c.Pull(t.Context(), s.Account, feed, cursor)
		if err != nil {
			t.Fatal(err)
		}
		cursor = page.Cursor
		for _, i := range page.Items {
			all[i.RemoteID] = i
		}
		if !page.More {
			return all, cursor
		}
	}
	t.Fatal("it never ends")
	return nil, ""
}

// A comment on a comment says only in which thread it stands: whose copy that
// thread begins with must outlive the program.
func TestAThreadIsKnownAfterARestart(t *testing.T) {
	s := pretended(t, sandbox.Rules{})
	c := s.Connector.(*Connector)
	post, err := c.Publish(t.Context(), s.Account, platform.Outgoing{Text: "Jadwal air bersih"}, &platformtest.Notes{})
	if err != nil {
		t.Fatal(err)
	}
	first := happens(t, s, "say", map[string]any{"text": "Kapan di RW 03?", "in_reply_to": post.RemoteID, "author": "bu_sri"})
	heard, cursor := pulled(t, s, c, "")
	if i := heard[first]; i.Kind != platform.Comment || i.Thread != post.RemoteID || i.InReplyTo != post.RemoteID || i.Author != "bu_sri" || !strings.HasPrefix(i.URL, "https://t.me/c/2450000101/") {
		t.Errorf("a comment %+v", i)
	}
	if i := heard[post.RemoteID]; i.Kind != platform.OwnPost || i.Text != "Jadwal air bersih" || i.URL != post.URL || !i.At.Equal(post.At) || i.InReplyTo != "" {
		t.Errorf("our own %+v", i)
	}
	second := happens(t, s, "say", map[string]any{"text": "saya juga", "in_reply_to": first, "author": "pak_joko"})
	fresh := New(c.client)
	heard, cursor = pulled(t, s, fresh, cursor)
	if i := heard[second]; i.Thread != post.RemoteID || i.InReplyTo != first || len(heard) != 1 {
		t.Errorf("after a restart %+v", heard)
	}
	if again, _ := pulled(t, s, New(c.client), cursor); len(again) != 0 {
		t.Errorf("again %v", again)
	}
}

// Telegram forgets what is confirmed: before the caller has stored a page,
// nothing of it may be.
func TestAPageThatWasNotStoredComesAgain(t *testing.T) {
	s := pretended(t, sandbox.Rules{})
	c := s.Connector.(*Connector)
	for n := range 150 {
		happens(t, s, "say", map[string]any{"text": fmt.Sprintf("laporan %d", n), "kind": "direct"})
	}
	first, err := c.Pull(t.Context(), s.Account, feed, "")
	if err != nil || len(first.Items) != 100 || !first.More {
		t.Fatalf("%d items, more %v, %v", len(first.Items), first.More, err)
	}
	for _, cursor := range []string{"", "", "tidak terbaca", `{"offset":"x"}`} {
		again, err := New(c.client).Pull(t.Context(), s.Account, feed, cursor)
		if err != nil || len(again.Items) != 100 || again.Items[0].RemoteID != first.Items[0].RemoteID {
			t.Fatalf("after %q: %d items, %v", cursor, len(again.Items), err)
		}
	}
	rest, _ := pulled(t, s, c, first.Cursor)
	if len(rest) != 50 {
		t.Errorf("%d of 50 after it", len(rest))
	}
	if lost, err := c.Pull(t.Context(), s.Account, feed, first.Cursor); err != nil || len(lost.Items) != 50 {
		t.Errorf("the second page again: %d %v", len(lost.Items), err)
	}
}

// An album is one post: seen once, and deleted whole, also by a program that
// was started since.
func TestAnAlbumIsOnePost(t *testing.T) {
	s := pretended(t, sandbox.Rules{})
	c := s.Connector.(*Connector)
	var pictures []platform.Media
	for n := range 3 {
		raw := smallPNG(t, uint8(n))
		pictures = append(pictures, platform.Media{Key: fmt.Sprint("media.", n), Type: "image/png", Width: 4, Height: 4, Size: int64(len(raw)), Open: platform.Bytes(raw)})
	}
	for _, text := range []string{"Tiga peta", ""} {
		r, err := c.Publish(t.Context(), s.Account, platform.Outgoing{Text: text, Media: pictures}, &platformtest.Notes{})
		if err != nil {
			t.Fatal(err)
		}
		heard, cursor := pulled(t, s, c, "")
		if i, ok := heard[r.RemoteID]; !ok || len(heard) != 1 || i.Text != text || !slices.Equal(i.Files, []string{"image"}) {
			t.Fatalf("%q: heard %+v", text, heard)
		}
		fresh := New(c.client)
		if !fresh.memory.empty() {
			t.Fatal("it knows before it has read")
		}
		pulled(t, s, fresh, cursor)
		if err := fresh.Delete(t.Context(), s.Account, r.RemoteID); err != nil {
			t.Fatal(err)
		}
		if !takenAway(t, s, r.RemoteID) {
			t.Errorf("%q: pictures of it are still there", text)
		}
	}
}

// takenAway says that nothing of an album is left.
func takenAway(t *testing.T, s platformtest.Setup, id string) bool {
	t.Helper()
	resp, err := http.Get(s.Control + "/sandbox/world?platform=telegram")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var world struct {
		Posts []struct {
			ID      string
			Deleted bool
		}
	}
	if err := json.NewDecoder(resp.Body).Decode(&world); err != nil {
		t.Fatal(err)
	}
	for _, p := range world.Posts {
		if p.ID == id {
			return p.Deleted
		}
	}
	return false
}

// What comes without words is not lost, and every update, polled and pushed,
// is what Telegram's own description says.
func TestFilesAreHeard(t *testing.T) {
	s := pretended(t, sandbox.Rules{})
	c := s.Connector.(*Connector)
	api := contract.Telegram(t, contract.Path(t, "telegram", "api.min.json"))
	var mu sync.Mutex
	bodies := 0
	door := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		body, err := io.ReadAll(r.Body)
		if err != nil || c.Signed(s.Account.App, r.Header, body) != nil {
			t.Errorf("not signed: %v", err)
		}
		if err := api.Type("Update", body); err != nil {
			t.Errorf("%v: %s", err, body)
		}
		bodies++
	}))
	t.Cleanup(door.Close)
	want := map[string]string{}
	tell := func() {
		for _, kind := range []string{"image", "video", "audio", "file", "sticker", "location"} {
			want[happens(t, s, "say", map[string]any{"files": []string{kind}, "kind": "direct"})] = kind
			want[happens(t, s, "say", map[string]any{"text": "lihat ini @tirtawangikota https://contoh.example #banjir", "files": []string{kind}, "kind": "mention"})] = kind
		}
		edited := happens(t, s, "say", map[string]any{"text": "/start", "kind": "direct"})
		happens(t, s, "edit", map[string]any{"id": edited, "text": "/mulai"})
		happens(t, s, "say", map[string]any{"text": "Pengumuman", "author": s.Account.Handle})
	}
	tell()
	heard, _ := pulled(t, s, c, "")
	for id, kind := range want {
		if i := heard[id]; !slices.Equal(i.Files, []string{kind}) || i.AuthorID == "" {
			t.Errorf("%s: %+v", kind, i)
		}
	}
	if err := c.Subscribe(t.Context(), s.Account, door.URL+"/x"); err != nil {
		t.Fatal(err)
	}
	tell()
	for s.Deliver(t.Context()) > 0 {
	}
	mu.Lock()
	defer mu.Unlock()
	if bodies < 15 {
		t.Errorf("%d pushed", bodies)
	}
}

func TestWhatIsPushedFindsItsAccount(t *testing.T) {
	c := New(nil)
	for name, want := range map[string]struct {
		body, account string
		item          platform.Item
	}{
		"a private message is the address's own": {`{"update_id":1,"message":{"message_id":3,"date":1795400000,"chat":{"id":5001,"type":"private","first_name":"Sri"},"from":{"id":5001,"first_name":"Sri","last_name":"W"},"text":"Halo"}}`,
			"", platform.Item{Kind: platform.Direct, RemoteID: "5001_3", Thread: "5001", AuthorID: "5001", Author: "Sri W", Text: "Halo", Seq: "1"}},
		"a word in the group": {`{"update_id":2,"message":{"message_id":4,"date":1795400000,"chat":{"id":-1002,"type":"supergroup","title":"D"},"from":{"id":5001,"username":"bu_sri"},"text":"Halo"}}`,
			"-1002", platform.Item{Kind: platform.Mention, RemoteID: "-1002_4", Thread: "-1002_4", AuthorID: "5001", Author: "bu_sri", Text: "Halo", Seq: "2", URL: "https://t.me/c/2/4"}},
		"the channel's copy in its group": {`{"update_id":3,"message":{"message_id":9,"date":1795400000,"chat":{"id":-1002,"type":"supergroup"},"from":{"id":777000},"sender_chat":{"id":-1001,"type":"channel"},"is_automatic_forward":true,"forward_origin":{"type":"channel","date":1795400000,"message_id":7,"chat":{"id":-1001,"type":"channel","username":"kota"}},"text":"Berita"}}`,
			"-1001", platform.Item{Kind: platform.OwnPost, RemoteID: "-1001_7", Thread: "-1001_7", AuthorID: "-1001", Author: "kota", Text: "Berita", Seq: "3", URL: "https://t.me/kota/7"}},
		"an administrator who shows the group's name": {`{"update_id":4,"message":{"message_id":5,"date":1795400000,"chat":{"id":-1002,"type":"supergroup"},"sender_chat":{"id":-1002,"type":"supergroup","title":"D"},"from":{"id":1087968824},"text":"Dijawab"}}`,
			"-1002", platform.Item{Kind: platform.OwnPost, RemoteID: "-1002_5", Thread: "-1002_5", AuthorID: "-1002", Author: "D", Text: "Dijawab", Seq: "4", URL: "https://t.me/c/2/5"}},
		"a poll in the channel": {`{"update_id":5,"channel_post":{"message_id":8,"date":1795400000,"chat":{"id":-1001,"type":"channel","username":"kota"},"sender_chat":{"id":-1001},"poll":{"question":"Setuju?"}}}`,
			"-1001", platform.Item{Kind: platform.OwnPost, RemoteID: "-1001_8", Thread: "-1001_8", AuthorID: "-1001", Text: "Setuju?", Seq: "5", URL: "https://t.me/kota/8"}},
	} {
		got, err := c.Parse([]byte(want.body))
		if err != nil || len(got[want.account]) != 1 {
			t.Errorf("%s: %v %v", name, got, err)
			continue
		}
		i := got[want.account][0]
		want.item.At = i.At
		if fmt.Sprintf("%+v", i) != fmt.Sprintf("%+v", want.item) || i.At.Unix() != 1795400000 {
			t.Errorf("%s:\n got %+v\nwant %+v", name, i, want.item)
		}
	}
	for name, body := range map[string]string{
		"somebody joined":            `{"update_id":6,"message":{"message_id":3,"date":1,"chat":{"id":-1002,"type":"supergroup"},"new_chat_members":[]}}`,
		"a kind that we do not know": `{"update_id":7,"poll_answer":{"poll_id":"1"}}`,
		"an album's second picture":  `{"update_id":8,"channel_post":{"message_id":8,"date":1,"media_group_id":"5","chat":{"id":-1001,"type":"channel"},"photo":[{}]}}`,
	} {
		if got, err := c.Parse([]byte(body)); err != nil || len(got) != 0 {
			t.Errorf("%s: %v %v", name, got, err)
		}
	}
	for name, body := range map[string]string{"nothing": ``, "a list": `[]`, "no number": `{}`, "more behind it": `{"update_id":1}{}`} {
		if _, err := c.Parse([]byte(body)); err == nil {
			t.Errorf("%s is read", name)
		}
	}
}

func TestASecretIsNeeded(t *testing.T) {
	c, a := told(t, 200, nil, `{"ok":true,"result":true}`)
	for secret, fits := range map[string]bool{"": false, "dengan spasi": false, "rahasia_1-A": true, strings.Repeat("a", 257): false} {
		a.App.VerifyToken = secret
		err := c.Subscribe(t.Context(), a, "https://humas.example/webhook/1")
		if r := platform.AsRefusal(err); fits != (err == nil) || r != nil && r.Code != "platform.verify_token_unfit" {
			t.Errorf("%q: %v", secret, err)
		}
	}
	// Somebody else polls the same bot, or has set a webhook: without one of ours
	// the words go elsewhere, and that must be said.
	c, a = told(t, 409, nil, no(409, "Conflict: can't use getUpdates method while webhook is active"))
	if _, err := c.Pull(t.Context(), a, feed, ""); platform.AsRefusal(err) == nil || platform.AsRefusal(err).Code != "platform.webhook_elsewhere" {
		t.Errorf("a webhook that is not ours: %v", err)
	}
	a.App.VerifyToken = "rahasia"
	if _, err := c.Pull(t.Context(), a, feed, ""); platform.AsRefusal(err) == nil {
		t.Errorf("a webhook that nobody tells about: %v", err)
	}
	for address, ours := range map[string]bool{
		"https://humas.example/webhook/1?by=kentongan": true, "https://bot-lama.example/hook": false, "http://127.0.0.1:8080/x": true, "": false, "::": false,
	} {
		c, a := server(t, func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/getWebhookInfo") {
				fmt.Fprintf(w, `{"ok":true,"result":{"url":%q,"has_custom_certificate":false,"pending_update_count":0}}`, address)
				return
			}
			w.WriteHeader(http.StatusConflict)
			fmt.Fprint(w, no(409, "Conflict: can't use getUpdates method while webhook is active"))
		})
		a.App.VerifyToken = "rahasia"
		page, err := c.Pull(t.Context(), a, feed, "70")
		if r := platform.AsRefusal(err); ours != (err == nil) || ours && page.Cursor != "70" || !ours && r.Code != "platform.webhook_elsewhere" {
			t.Errorf("%q: %+v %v", address, page, err)
		}
	}
}
