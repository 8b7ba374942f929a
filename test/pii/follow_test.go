package pii

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// What the citizens tell of themselves. Nobody has these numbers.
var (
	hers = map[string]string{
		"NIK":     "3273015708850017",
		"KK":      "3273011206120018",
		"NPWP":    "48.213.577.8-429.000",
		"phone":   "0857-9182-4417",
		"email":   "kartini.rahmawati77@suratcontoh.id",
		"plate":   "D 4871 ZKW",
		"account": "5712098341",
		"address": "Jl. Anggrek Merpati No. 417 RT 03/RW 09",
		"handle":  "kartini_rahmawati77",
	}
	// What she writes when she edits, and what a second person quotes and deletes.
	later   = map[string]string{"phone after an edit": "0813-7755-2094", "spelled phone": "nol delapan satu enam tiga satu tujuh dua sembilan dua tiga empat"}
	quoted  = map[string]string{"quoted NIK": "3171065503900023"}
	deleted = map[string]string{"deleted phone": "0821-9034-1186"}
	direct  = map[string]string{"direct NIK": "3578012304910042", "direct phone": "0819-0055-7731"}
	pushed  = map[string]string{"NIK in a parked push": "6471044811790031"}
	typed   = map[string]string{"NIK that an officer types": "3515084409860027", "phone that an officer types": "0838-4417-2093"}
	sought  = map[string]string{"NIK in a query": "1471046203880016"}
	pleaded = map[string]string{"NIK in an objection": "5171034902930025", "phone in an objection": "0877-3120-9946"}
)

func everything() map[string]string {
	all := map[string]string{}
	for _, m := range []map[string]string{hers, later, quoted, deleted, direct, pushed, typed, sought, pleaded} {
		for k, v := range m {
			all[k] = v
		}
	}
	return all
}

// staff is one person of the first office for each role, and a stranger.
var staff = []string{"rina", "hendra", "siti", "dewi", "agus", "bayu", "mega", ""}

func TestOnlySealedAndMaskedFormsExist(t *testing.T) {
	tw := openTown(t)
	must(t, os.MkdirAll(tw.data, 0o700))
	secrets := hide(everything())
	stream := listen(t, tw)

	tw.speak(t)
	siti := tw.visitor(t, "siti")
	tw.awaitMasked(t, siti, 5)
	// WhatsApp only pushes, and by now the door is registered.
	for name, forms := range hide(tw.numbersOfWriters(t)) {
		secrets[name] = forms
	}
	threads := tw.awaitMasked(t, siti, 6)
	tw.change(t, siti)
	tw.work(t, siti, threads)
	tw.park(t)

	pages := 0
	for _, name := range staff {
		pages += crawl(t, tw.visitor(t, name), secrets)
	}
	t.Logf("%d pages and files were read", pages)

	thread := thread(t, siti, threads[0])
	unmaskOnce(t, siti, thread)
	if found := secrets.in([]byte(stream())); len(found) > 0 {
		t.Errorf("the stream tells %q", found)
	}
	tw.stop(t)
	tw.search(t, secrets)
	tw.exports(t, secrets)
}

// speak lets citizens write on a platform that pushes and on one that is
// polled, in public and directly.
func (tw *town) speak(t *testing.T) {
	t.Helper()
	text := "Min, NIK saya " + hers["NIK"] + " dan no KK " + hers["KK"] + ", npwp " + hers["NPWP"] + " ditolak terus. WA " + hers["phone"] +
		" atau " + hers["email"] + ". Rumah saya " + hers["address"] + ". Motor " + hers["plate"] + " hilang, rek BCA " + hers["account"] + " dibobol"
	for _, platform := range []string{"facebook", "bluesky", "mastodon"} {
		post := tw.ours(t, platform)
		tw.do(t, "say", map[string]any{"platform": platform, "account": post.Account, "in_reply_to": post.ID, "author": hers["handle"], "text": text})
		if platform == "facebook" {
			tw.do(t, "say", map[string]any{"platform": platform, "account": post.Account, "in_reply_to": post.ID, "author": "joko_w_1971",
				"text": "saya juga NIK " + quoted["quoted NIK"] + " ditolak, seperti " + hers["NIK"]})
		}
	}
	post := tw.ours(t, "facebook")
	tw.do(t, "say", map[string]any{"platform": "facebook", "account": post.Account, "kind": "direct", "author": "yuli_s_1991",
		"text": "Mohon rahasia, NIK " + direct["direct NIK"] + " hp " + direct["direct phone"]})
}

// numbersOfWriters are the phone numbers by which WhatsApp names who writes:
// there the sender itself is personal data, and so is every id made of it.
func (tw *town) numbersOfWriters(t *testing.T) map[string]string {
	t.Helper()
	post := map[string]any{"platform": "whatsapp", "kind": "direct", "author": "wati_s_1983", "text": "Min, ini Bu Wati, NIK " + direct["direct NIK"] + ", kapan bansos cair?"}
	tw.do(t, "say", post)
	number := ""
	until(t, "the pretended world remembers the writer's number", func() bool {
		raw, err := os.ReadFile(filepath.Join(tw.data, "sandbox", "world.jsonl"))
		must(t, err)
		for line := range strings.Lines(string(raw)) {
			if strings.Contains(line, "Bu Wati") {
				if m := regexp.MustCompile(`"(62\d{9,12})"`).FindStringSubmatch(line); m != nil {
					number = m[1]
				}
			}
		}
		return number != ""
	})
	return map[string]string{"number of a WhatsApp writer": number}
}

// awaitMasked waits until the inbox shows n of what was said, and returns the
// paths of the conversations.
func (tw *town) awaitMasked(t *testing.T, v *visitor, n int) (threads []string) {
	t.Helper()
	link := regexp.MustCompile(`/kotak-masuk/[0-9a-f-]{36}`)
	until(t, "every message is in the inbox, masked", func() bool {
		_, page := v.read(t, "/kotak-masuk")
		threads = nil
		hits := 0
		for _, path := range unique(link.FindAllString(page, -1)) {
			one := v.talk(t, path)
			switch {
			case strings.Contains(one, "32••••••••••••17") && strings.Contains(one, "facebook.com/"):
				threads = append([]string{path}, threads...)
				hits++
			case strings.Contains(one, "32••••••••••••17"), strings.Contains(one, "31••••••••••••23"), strings.Contains(one, "35••••••••••••42"):
				threads = append(threads, path)
				hits++
			}
		}
		return hits >= n
	})
	return threads
}

// talk is the part of a conversation's page that holds its messages; beside it
// stands the list with the beginning of all others.
func (v *visitor) talk(t *testing.T, path string) string {
	t.Helper()
	_, page := v.read(t, path)
	_, page, _ = strings.Cut(page, `id="messages"`)
	page, _, _ = strings.Cut(page, `class="answer"`)
	return page
}

// change edits, quotes and deletes on the platforms.
func (tw *town) change(t *testing.T, v *visitor) {
	t.Helper()
	for _, platform := range []string{"facebook", "bluesky", "mastodon"} {
		var all struct{ Posts []seen }
		tw.ask(t, http.MethodGet, "/sandbox/world?platform="+platform, nil, &all)
		for _, p := range all.Posts {
			if !p.Ours && strings.Contains(p.Text, hers["NIK"]) && p.Author != "joko_w_1971" && platform != "bluesky" {
				tw.do(t, "edit", map[string]any{"platform": platform, "id": p.ID, "text": p.Text + " RALAT: " + later["phone after an edit"] + " atau " + later["spelled phone"]})
			}
		}
		post := tw.ours(t, platform)
		id := tw.do(t, "say", map[string]any{"platform": platform, "account": post.Account, "in_reply_to": post.ID, "author": "budi_k_1988", "text": "telp saja " + deleted["deleted phone"] + " ya"})
		if platform != "bluesky" {
			defer tw.do(t, "remove", map[string]any{"platform": platform, "id": id})
		}
	}
	until(t, "what was said later is masked, too", func() bool {
		_, list := v.read(t, "/kotak-masuk")
		edited := 0
		for _, path := range unique(regexp.MustCompile(`/kotak-masuk/[0-9a-f-]{36}`).FindAllString(list, -1)) {
			one := v.talk(t, path)
			if strings.Contains(one, "0813-••••-••94") {
				edited |= 1
			}
			if strings.Contains(one, "0821-••••-••86") {
				edited |= 2
			}
		}
		return edited == 3
	})
}

// work lets people write about it, with numbers in what they type.
func (tw *town) work(t *testing.T, siti *visitor, threads []string) {
	t.Helper()
	nik, phone := typed["NIK that an officer types"], typed["phone that an officer types"]
	_, page := siti.read(t, threads[0])
	revision := field(page, "revision")
	siti.send(t, threads[0]+"/catatan", url.Values{"note": {"sudah ditelepon " + phone + ", NIK " + nik + " benar"}, "revision": {revision}})
	_, page = siti.read(t, threads[0])
	siti.send(t, threads[0]+"/eskalasi", url.Values{"reason": {"periksa NIK " + nik}, "revision": {field(page, "revision")}})
	_, page = siti.read(t, threads[0])
	siti.send(t, threads[0]+"/balas", url.Values{"in_reply_to": {field(page, "in_reply_to")}, "text": {"Ibu dengan NIK " + nik + " mohon datang"}, "revision": {field(page, "revision")}})
	if page = siti.talk(t, threads[0]); !strings.Contains(page, "0838-••••-••93") || !strings.Contains(page, "35••••••••••••27") {
		t.Error("what was typed into a note and an escalation is not there, masked")
	}
	tw.decide(t, siti, regexp.MustCompile(`/moderasi/pesan/[0-9a-f-]{36}`).FindString(page))
	// Somebody looks for a number in the address line, on every list.
	for _, path := range []string{"/kotak-masuk", "/moderasi", "/jejak", "/unggahan", "/antrean"} {
		for _, name := range []string{"q", "cari", "tampilan", "subjek", "sesudah"} {
			siti.read(t, path+"?"+name+"="+sought["NIK in a query"])
		}
	}
}

// decide hides the message, and the citizen objects; both write numbers.
func (tw *town) decide(t *testing.T, siti *visitor, message string) {
	t.Helper()
	if message == "" {
		t.Fatal("nobody offers to moderate the message")
	}
	_, form := siti.read(t, message)
	values := url.Values{
		"message": {field(form, "message")}, "seen": {field(form, "seen")}, "act": {"hide"}, "clause": {first(regexp.MustCompile(`name="clause" value="([^"]+)"`).FindAllStringSubmatch(form, -1))},
		"reason": {"memuat NIK " + typed["NIK that an officer types"] + " dan " + typed["phone that an officer types"] + " milik orang lain"},
	}
	answer, said := siti.send(t, "/moderasi/keputusan", values)
	var number string
	until(t, "the hide has a number", func() bool {
		for _, path := range []string{message, "/jejak", "/moderasi"} {
			_, page := siti.read(t, path)
			if number = regexp.MustCompile(`MOD-\d{4}-\d{5}-[0-9A-Z]{4}`).FindString(page); number != "" {
				return true
			}
		}
		if answer.StatusCode >= 400 {
			t.Fatalf("the decision was refused: %s %.2000s", answer.Status, regexp.MustCompile(`<[^>]*>\s*`).ReplaceAllString(said, " "))
		}
		return false
	})
	until(t, "the platform has hidden it", func() bool {
		var all struct{ Posts []seen }
		tw.ask(t, http.MethodGet, "/sandbox/world", nil, &all)
		return slices.ContainsFunc(all.Posts, func(p seen) bool { return p.Hidden })
	})
	until(t, "the decision is carried out in our books, too", func() bool {
		_, page := siti.read(t, "/t/diskominfo/kasus/"+number)
		return !strings.Contains(page, "dijalankan di platform")
	})
	citizen := tw.visitor(t, "")
	_, plea := citizen.read(t, "/t/diskominfo/keberatan?kasus="+number)
	answer, said = citizen.send(t, "/t/diskominfo/keberatan", url.Values{"number": {number}, "form": {field(plea, "form")},
		"why": {"Itu NIK saya sendiri " + pleaded["NIK in an objection"] + ", tolong tampilkan lagi. HP " + pleaded["phone in an objection"] + " siap dihubungi."}})
	if answer.StatusCode >= 400 {
		t.Errorf("the objection was refused: %s %.2000s", answer.Status, regexp.MustCompile(`<[^>]*>\s*`).ReplaceAllString(said, " "))
	}
}

// park pushes news of an account that nobody here has: it is kept until it is
// known whose it is.
func (tw *town) park(t *testing.T) {
	t.Helper()
	var all []struct {
		Platform string
		App      struct {
			ClientSecret string `json:"client_secret"`
		}
	}
	tw.ask(t, http.MethodGet, "/sandbox/credentials", nil, &all)
	body := `{"object":"page","entry":[{"id":"999000999","time":1795400000,"changes":[{"field":"feed","value":{"item":"comment","verb":"add","comment_id":"1_2","post_id":"999000999_1","created_time":1795400000,"from":{"id":"5","name":"Warga"},"message":"NIK ` + pushed["NIK in a parked push"] + `"}}]}]}`
	for _, c := range all {
		if c.Platform != "facebook" {
			continue
		}
		sum := hmac.New(sha256.New, []byte(c.App.ClientSecret))
		sum.Write([]byte(body))
		taken := 0
		for _, app := range tw.apps(t) {
			r, err := http.NewRequest(http.MethodPost, tw.base+"/webhook/"+app, strings.NewReader(body))
			must(t, err)
			r.Header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(sum.Sum(nil)))
			answer, err := http.DefaultClient.Do(r)
			must(t, err)
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				taken++
			}
		}
		if taken == 0 {
			t.Error("no door took the push: the test is blind for parked ones")
		}
		return
	}
}

// apps are the names of the doors: the sandbox knows where it pushes to.
func (tw *town) apps(t *testing.T) []string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(tw.data, "kentongan.db"))
	must(t, err)
	wal, _ := os.ReadFile(filepath.Join(tw.data, "kentongan.db-wal"))
	ids := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`)
	var out []string
	for _, id := range unique(ids.FindAllString(string(raw)+string(wal), -1)) {
		answer, err := http.Post(tw.base+"/webhook/"+id, "application/json", strings.NewReader("{}"))
		must(t, err)
		answer.Body.Close()
		if answer.StatusCode == http.StatusUnauthorized {
			out = append(out, id)
		}
		if len(out) > 24 {
			break
		}
	}
	return out
}

// stop ends the program as a person does, so that everything is on disk.
func (tw *town) stop(t *testing.T) {
	t.Helper()
	must(t, tw.server.Process.Signal(os.Interrupt))
	until(t, "the program has ended", func() bool {
		_, err := http.Get(tw.base + "/healthz")
		return err != nil
	})
	until(t, "Redis has ended", func() bool {
		_, err := os.Stat(filepath.Join(tw.data, "redis", "redis.sock"))
		return err != nil
	})
}

// search reads every byte that the program has written: the database with its
// log, what it told Redis, its own log. The pretended platforms' memory is the
// citizens' own, and shows that the search can find.
func (tw *town) search(t *testing.T, secrets needles) {
	t.Helper()
	found, files := secrets.inFolder(t, tw.data, "sandbox")
	for _, f := range found {
		t.Error(f)
	}
	if raw, err := os.ReadFile(tw.log); err != nil {
		t.Error(err)
	} else if found := secrets.in(raw); len(found) > 0 {
		t.Errorf("the log holds %q", found)
	}
	inWorld, _ := secrets.inFolder(t, filepath.Join(tw.data, "sandbox"))
	if len(inWorld) < 8 {
		t.Errorf("the search finds only %d of what the citizens said: it is blind", len(inWorld))
	}
	redis := 0
	for _, name := range []string{"kentongan.db", "redis"} {
		_, n := needles{}.inFolder(t, filepath.Join(tw.data, name))
		redis += n
	}
	t.Logf("%d files were searched; %d findings in the citizens' own world", files, len(inWorld))
	if redis < 2 {
		t.Error("there is no database or no Redis to search")
	}
	raw, err := os.ReadFile(filepath.Join(tw.data, "kentongan.db"))
	must(t, err)
	if !strings.Contains(string(raw), "32••••••••••••17") {
		t.Error("the masked form is not in the database either")
	}
}

// exports are what the commands print.
func (tw *town) exports(t *testing.T, secrets needles) {
	t.Helper()
	bin, err := program()
	must(t, err)
	for _, args := range [][]string{{"audit", "export", "--data", tw.data}, {"audit", "verify", "--data", tw.data}, {"doctor", "--data", tw.data}} {
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		out, _ := exec.CommandContext(ctx, bin, args...).CombinedOutput() // a command that an office has not is an answer, too
		stop()
		if found := secrets.in(out); len(found) > 0 {
			t.Errorf("%v prints %q", args, found)
		}
	}
}

func field(page, name string) string {
	for _, pattern := range []string{`name="` + name + `"[^>]*value="([^"]*)"`, `value="([^"]*)"[^>]*name="` + name + `"`} {
		if m := regexp.MustCompile(pattern).FindStringSubmatch(page); m != nil {
			return m[1]
		}
	}
	return ""
}

func first(all [][]string) string {
	for _, m := range all {
		if m[1] != "" {
			return m[1]
		}
	}
	return ""
}

func unique(all []string) []string {
	slices.Sort(all)
	return slices.Compact(all)
}
