package webhook_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"kentongan/cmd/kentongan/webhook"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/platform"
	"kentongan/internal/platform/facebook"
	"kentongan/internal/platform/x"
	"kentongan/internal/sandbox"
)

func mac(secret string, body []byte) []byte {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write(body)
	return m.Sum(nil)
}

func signX(secret string, body []byte) (string, string) {
	return "x-twitter-webhooks-signature", "sha256=" + base64.StdEncoding.EncodeToString(mac(secret, body))
}

func signMeta(secret string, body []byte) (string, string) {
	return "X-Hub-Signature-256", "sha256=" + hex.EncodeToString(mac(secret, body))
}

func (h *house) secrets(t *testing.T, id channel.AppID) (secrets platform.App) {
	t.Helper()
	must(t, h.db.View(t.Context(), func(tx *db.Tx) error {
		app, err := channel.AppByID(t.Context(), tx, id)
		if err == nil {
			secrets, err = h.channels.Secrets(app)
		}
		return err
	}))
	return secrets
}

// push knocks with a body and one header and returns status and answer.
func (h *house) push(t *testing.T, path string, body []byte, header, value string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.url+path, bytes.NewReader(body))
	must(t, err)
	r.Header[header] = []string{value} // X writes its header in small letters
	return do(t, r)
}

func do(t *testing.T, r *http.Request) (int, string) {
	t.Helper()
	res, err := http.DefaultClient.Do(r)
	must(t, err)
	defer res.Body.Close()
	said, err := io.ReadAll(res.Body)
	must(t, err)
	return res.StatusCode, string(said)
}

func TestOnlyTheAppsOwnSignatureOpensTheDoor(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	onX, onPage := webhook.Path(h.x.App), webhook.Path(h.page.App)
	mention := fmt.Appendf(nil, `{"data":{"event_uuid":"u1","event_type":"post.mention.create","filter":{"user_id":%q},"payload":{"id":"501","text":"@kota halo","author_id":"42"}}}`, h.x.RemoteID)
	comment := fmt.Appendf(nil, `{"object":"page","entry":[{"id":%q,"time":1,"changes":[{"field":"feed","value":{"item":"comment","verb":"add","comment_id":"9_1","post_id":"9","from":{"id":"7"},"message":"halo","created_time":1}}]}]}`, h.page.RemoteID)
	ofX, ofPage := h.secrets(t, h.x.App).ClientSecret, h.secrets(t, h.page.App).ClientSecret
	for _, row := range []struct {
		name, path string
		body       []byte
		sign       func(secret string, body []byte) (string, string)
		secret     string
		want       int
	}{
		{"X, with another app's secret", onX, mention, signX, "another", http.StatusUnauthorized},
		{"X, with Meta's header", onX, mention, signMeta, ofX, http.StatusUnauthorized},
		{"X, signed with nothing", onX, mention, signX, "", http.StatusUnauthorized},
		{"Meta, with X's secret", onPage, comment, signMeta, ofX, http.StatusUnauthorized},
		{"an app that nobody registered", "/webhook/0197-none", mention, signX, ofX, http.StatusNotFound},
		{"the root of all doors", "/webhook/", mention, signX, ofX, http.StatusNotFound},
	} {
		header, value := row.sign(row.secret, row.body)
		if got, said := h.push(t, row.path, row.body, header, value); got != row.want || row.want == http.StatusUnauthorized && said != "" {
			t.Errorf("%s: %d %q, want %d", row.name, got, said, row.want)
		}
	}
	header, value := signX(ofX, mention)
	if got, _ := h.push(t, onX, append(bytes.Clone(mention), ' '), header, value); got != http.StatusUnauthorized {
		t.Errorf("one byte added after signing: %d", got)
	}
	if got, _ := h.push(t, onX, mention, "Accept", "*/*"); got != http.StatusUnauthorized {
		t.Errorf("no signature: %d", got)
	}
	if n := h.pushes(t); n != 0 {
		t.Fatalf("%d refused pushes were stored", n)
	}
	for path, body := range map[string][]byte{onX: mention, onPage: comment} {
		header, value := signX(ofX, body)
		if path == onPage {
			header, value = signMeta(ofPage, body)
		}
		if got, said := h.push(t, path, body, header, value); got != http.StatusOK || said != "" {
			t.Errorf("%s, signed: %d %q", path, got, said)
		}
	}
	if n := h.pushes(t); n != 2 {
		t.Errorf("%d of 2 signed pushes stored", n)
	}
	if h.parse(t); !slices.Equal(ids(h.messages(t)), []string{"501", "9_1"}) {
		t.Errorf("the office has %v", ids(h.messages(t)))
	}
}

// An agency's administrator knows the secret of that agency's registration. It
// opens the inbox of nobody else, unless both use the same registration.
func TestAnotherAgencysSecretPutsNoWordsIntoOurInbox(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		credential := h.credential(t, x.Name, 1)
		theirs := credential.App
		knock := func(app platform.App, id string) {
			credential.App = app
			ch, err := h.channels.ConnectSandbox(t.Context(), h.other, credential)
			must(t, err)
			body := fmt.Appendf(nil, `{"data":{"event_uuid":%q,"event_type":"post.mention.create","filter":{"user_id":%q},"payload":{"id":%q,"text":"@kota halo","author_id":"42"}}}`, id, h.x.RemoteID, id)
			header, value := signX(app.ClientSecret, body)
			if got, _ := h.push(t, webhook.Path(ch.App), body, header, value); got != http.StatusOK {
				t.Fatalf("refused at their own door: %d", got)
			}
			h.parse(t)
		}
		knock(theirs, "701")
		if got := ids(h.messages(t)); !slices.Equal(got, []string{"701"}) {
			t.Fatalf("through the same registration came %v", got)
		}
		knock(platform.App{ClientID: "lain", ClientSecret: "rahasia lain"}, "702")
		if got := ids(h.messages(t)); !slices.Equal(got, []string{"701"}) {
			t.Errorf("forged: %v", got)
		}
		if h.pushes(t) != 1 {
			t.Error("the forged push is not parked for somebody to look at")
		}
	})
}

func TestTooLargeAPushIsRefusedUnread(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	secret := h.secrets(t, h.x.App).ClientSecret
	for name, row := range map[string]struct{ size, want int }{
		"the largest that Meta or X sends": {4 << 20, http.StatusOK},
		"one byte more":                    {4<<20 + 1, http.StatusRequestEntityTooLarge},
	} {
		body := bytes.Repeat([]byte(" "), row.size)
		header, value := signX(secret, body)
		if got, _ := h.push(t, webhook.Path(h.x.App), body, header, value); got != row.want {
			t.Errorf("%s: %d, want %d", name, got, row.want)
		}
	}
	if n := h.pushes(t); n != 1 {
		t.Errorf("%d stored", n)
	}
}

// The platforms check an address before they push to it, each in its own way.
func TestTheAddressIsCheckedTheWayEachPlatformDoes(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t)) // the sandbox has checked both addresses here
	onX, onPage := h.secrets(t, h.x.App), h.secrets(t, h.page.App)
	meta := func(mode, token, challenge string) url.Values {
		return url.Values{"hub.mode": {mode}, "hub.verify_token": {token}, "hub.challenge": {challenge}}
	}
	proof := `{"response_token":"sha256=` + base64.StdEncoding.EncodeToString(mac(onX.ClientSecret, []byte("t0k"))) + `"}`
	for _, row := range []struct {
		name string
		app  channel.AppID
		ask  url.Values
		want int
		said string
	}{
		{"X's challenge-response check", h.x.App, url.Values{"crc_token": {"t0k"}}, http.StatusOK, proof},
		{"X's without a token", h.x.App, url.Values{}, http.StatusUnauthorized, ""},
		{"Meta's with our word", h.page.App, meta("subscribe", onPage.VerifyToken, "1158201444"), http.StatusOK, "1158201444"},
		{"Meta's with another word", h.page.App, meta("subscribe", "guess", "1158201444"), http.StatusUnauthorized, ""},
		{"Meta's without a word", h.page.App, meta("subscribe", "", "1158201444"), http.StatusUnauthorized, ""},
		{"another wish of Meta's", h.page.App, meta("unsubscribe", onPage.VerifyToken, "1"), http.StatusUnauthorized, ""},
		{"Meta's at X's door", h.x.App, meta("subscribe", onPage.VerifyToken, "1"), http.StatusUnauthorized, ""},
		{"an app that nobody registered", "0197-none", meta("subscribe", onPage.VerifyToken, "1"), http.StatusNotFound, ""},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.url+webhook.Path(row.app)+"?"+row.ask.Encode(), nil)
		must(t, err)
		if got, said := do(t, r); got != row.want || said != row.said {
			t.Errorf("%s: %d %q, want %d %q", row.name, got, said, row.want, row.said)
		}
	}
}

// Pushes come twice and in the wrong order: each citizen's message is in the
// inbox once, in its last form.
func TestRepeatedAndUnorderedPushes(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		var want []string
		for _, name := range []platform.Name{x.Name, facebook.Name} {
			h.control(t, "/sandbox/faults", map[string]any{"platform": name, "op": "any", "kind": "webhook-duplicate", "count": 4})
			h.control(t, "/sandbox/faults", map[string]any{"platform": name, "op": "any", "kind": "webhook-unordered", "count": 3})
			for n := range 6 {
				want = append(want, h.say(t, name, fmt.Sprintf("Keluhan %d: sampah belum diangkut", n)))
				if n%2 == 1 {
					h.box.Deliver(t.Context())
				}
			}
		}
		if n := h.pushes(t); n != int64(len(want))+8 {
			t.Errorf("%d pushes stored; %d and 8 repeated were sent", n, len(want))
		}
		h.parse(t)
		h.parse(t)
		if got := ids(h.messages(t)); !slices.Equal(got, sorted(want)) {
			t.Errorf("the office has %d messages of %d:\n%v\n%v", len(got), len(want), got, sorted(want))
		}
		if n := h.pushes(t); n != 0 {
			t.Errorf("%d pushes left after they were read", n)
		}
	})
}

// What a citizen changed or took back stays so, even when the news of it came
// before the message itself.
func TestAnEditAndARemovalThatComeFirst(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		turn := func(name platform.Name) {
			h.box.AddFault(sandbox.Fault{Platform: string(name), Kind: "webhook-unordered"})
		}
		turn(facebook.Name)
		edited := h.say(t, facebook.Name, "Jembatan Ciliwah retak?")
		h.control(t, "/sandbox/edit", map[string]any{"platform": "facebook", "id": edited, "text": "Jembatan Ciliwah retak di sisi timur."})
		h.box.Deliver(t.Context())
		h.parse(t)
		turn(facebook.Name)
		removed := h.say(t, facebook.Name, "Maaf, salah tulis.")
		h.control(t, "/sandbox/remove", map[string]any{"platform": "facebook", "id": removed})
		h.box.Deliver(t.Context())
		h.parse(t)
		turn(x.Name)
		gone := h.say(t, x.Name, "Ini juga salah.")
		h.control(t, "/sandbox/remove", map[string]any{"platform": "x", "id": gone})
		h.box.Deliver(t.Context())
		h.parse(t)
		seen := map[string]int{}
		for _, m := range h.messages(t) {
			seen[m.RemoteID]++
			switch m.RemoteID {
			case edited:
				if m.Masked != "Jembatan Ciliwah retak di sisi timur." || !m.DeletedAt.IsZero() {
					t.Errorf("the edit is lost: %q, removed %v", m.Masked, m.DeletedAt)
				}
			case removed, gone:
				if m.DeletedAt.IsZero() {
					t.Errorf("the removal is lost: %q", m.Masked)
				}
			}
		}
		if len(seen) != 3 || seen[edited] != 1 || seen[removed] != 1 || seen[gone] != 1 {
			t.Errorf("not each once: %v", seen)
		}
	})
}

// The process ends after it said "taken" and before it read anything; later
// the database is away while the platform pushes.
func TestNothingIsLostBetweenArrivalAndReading(t *testing.T) {
	t.Parallel()
	address := dbtest.SQLite(t)
	open := func() *db.DB {
		d, err := db.Open(t.Context(), address)
		must(t, err)
		t.Cleanup(func() { d.Close() })
		return d
	}
	h := newHouse(t, open())
	var want []string
	for _, name := range []platform.Name{x.Name, facebook.Name} {
		want = append(want, h.say(t, name, "Lampu jalan padam sejak kemarin"), h.say(t, name, "NIK saya 3271014509900003, mohon dibantu"))
	}
	h.box.Deliver(t.Context())
	if n := h.pushes(t); n < int64(len(want)) {
		t.Fatalf("%d pushes stored", n)
	}
	must(t, h.db.Close())
	h.db = open()
	h.restart(t)
	h.parse(t)
	if got := ids(h.messages(t)); !slices.Equal(got, sorted(want)) {
		t.Errorf("after the restart the office has %v, want %v", got, sorted(want))
	}

	must(t, h.db.Close())
	want = append(want, h.say(t, x.Name, "Air mati di Kelurahan Melati"))
	if taken := h.box.Deliver(t.Context()); taken != 0 {
		t.Errorf("%d pushes taken without a database", taken)
	}
	h.db = open()
	h.restart(t)
	h.clock.Add(60_000_000) // the platform tries again
	if taken := h.box.Deliver(t.Context()); taken != 1 {
		t.Errorf("%d pushes taken the second time", taken)
	}
	if h.parse(t); !slices.Equal(ids(h.messages(t)), sorted(want)) {
		t.Errorf("after the outage the office has %v, want %v", ids(h.messages(t)), sorted(want))
	}
}
