package bluesky

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/platformtest"
	"kentongan/internal/safehttp"
	"kentongan/internal/sandbox"
	"kentongan/test/real"
)

// stage is a real network, our connector and an office that signed in.
type stage struct {
	real.Sky
	c      *Connector
	office platform.Account
}

// The real network: Bluesky's own server, directory and AppView.
func TestRealNetwork(t *testing.T) {
	f := real.Bluesky(t)
	client := safehttp.New(safehttp.Options{AllowLoopback: true})
	t.Cleanup(client.Close)
	s := &stage{Sky: f, c: New(client)}
	g, err := s.c.SignIn(t.Context(), platform.Form{BaseURL: f.Base, Account: "@" + f.Humas.Handle, Password: f.AppPassword})
	if err != nil || g.Profile.RemoteID != f.Humas.DID || g.Profile.Handle != f.Humas.Handle || len(g.Missing) != 1 {
		t.Fatalf("signing in: %+v %v", g, err)
	}
	s.office = platform.Account{Platform: Name, BaseURL: f.Base, RemoteID: g.Profile.RemoteID, Handle: g.Profile.Handle, Token: g.Token}
	for _, part := range []struct {
		name string
		run  func(*testing.T, *stage)
	}{
		{"who we are", realCredential},
		{"texts, cards and pictures arrive once, however often they are sent", realPublish},
		{"citizens are heard, and what they take away", realHear},
		{"an answer, its thread, hiding and showing again", realAnswer},
		{"blocking is not deleting", realBlock},
		{"counting and deleting", realDelete},
		{"what this network has not", realLacks},
		{"tokens are renewed until the password is withdrawn", realTokens},
	} {
		if !t.Run(part.name, func(t *testing.T) { part.run(t, s) }) {
			return // the later parts live in the same world
		}
	}
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(90 * time.Second) // the AppView indexes when it gets to it
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
		time.Sleep(50 * time.Millisecond) // polling another program
	}
}

func realCredential(t *testing.T, s *stage) {
	if p, err := s.c.Verify(t.Context(), s.office); err != nil || p.RemoteID != s.Humas.DID || p.Name == "" {
		t.Errorf("%+v %v", p, err)
	}
	for _, token := range []string{"0-wrong", "a.b.c", s.office.Token.Refresh, ""} {
		a := s.office
		a.Token.Access = token
		if _, err := s.c.Verify(t.Context(), a); platform.AsRefusal(err) == nil || !platform.AsRefusal(err).Auth {
			t.Errorf("with a wrong token: %v", err)
		}
	}
	for _, password := range []string{"salah", s.AppPassword + "x"} {
		_, err := s.c.SignIn(t.Context(), platform.Form{BaseURL: s.Base, Account: s.Humas.Handle, Password: password})
		if r := platform.AsRefusal(err); r == nil || r.Code != "platform.bluesky.wrong_password" {
			t.Errorf("with a wrong password: %v", err)
		}
	}
}

// send stages and publishes, twice, and looks.
func (s *stage) send(t *testing.T, out platform.Outgoing) platform.Receipt {
	t.Helper()
	at := platform.Attempt{Out: out, Started: time.Now(), Notes: &platformtest.Notes{}}
	if err := s.c.Stage(t.Context(), s.office, out, at.Notes); err != nil {
		t.Fatalf("%q: stage: %v", out.Text, err)
	}
	if f, err := s.c.Find(t.Context(), s.office, at); err != nil || len(f.Receipts) != 0 || !f.Complete {
		t.Errorf("%q: before: %+v %v", out.Text, f, err)
	}
	first, err := s.c.Publish(t.Context(), s.office, out, at.Notes)
	if err != nil || first.RemoteID == "" {
		t.Fatalf("%q: %+v %v", out.Text, first, err)
	}
	again, err := s.c.Publish(t.Context(), s.office, out, at.Notes)
	if err != nil || again.RemoteID != first.RemoteID {
		t.Errorf("%q again: %+v %v", out.Text, again, err)
	}
	for what, notes := range map[string]platform.Notes{"by its key": at.Notes, "among our own": &platformtest.Notes{}} {
		look := at
		look.Notes = notes
		if f, err := s.c.Find(t.Context(), s.office, look); err != nil || len(f.Receipts) != 1 || f.Receipts[0].RemoteID != first.RemoteID || !f.Complete {
			t.Errorf("%q, %s: %+v %v", out.Text, what, f, err)
		}
	}
	return first
}

func shots(t *testing.T, n int) []platform.Media {
	var all []platform.Media
	for i := range n {
		var b bytes.Buffer
		if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 20+i, 10))); err != nil {
			t.Fatal(err)
		}
		all = append(all, platform.Media{Key: fmt.Sprintf("media.%d", i), Type: "image/png", Alt: fmt.Sprintf("Peta %d", i+1), Size: int64(b.Len()), Open: platform.Bytes(b.Bytes())})
	}
	return all
}

func realPublish(t *testing.T, s *stage) {
	sent := map[string]platform.Outgoing{}
	for _, out := range []platform.Outgoing{
		{Key: "k1", Text: "Layanan KTP buka hari ini."},
		{Key: "k2", Text: "Sugeng énjing 🙏🏽🇮🇩 — “harga” <5% & >3% ꦗꦮ\n\n#tirtawangi @warga.test @tidak-ada.test https://tirtawangi.example/a?b=1&c=2."},
		{Key: "k3", Text: strings.Repeat("👩‍👩‍👧‍👦", 100) + strings.Repeat("a", 200)},
		{Key: "k4", Text: "Baca selengkapnya", Link: "https://tirtawangi.example/berita?id=7"},
		{Key: "k5", Text: "Peta", Media: shots(t, 4), Link: "https://tirtawangi.example/peta"},
		// There is no film service here: the film goes into the repository as it is.
		{Key: "k6", Text: "Simulasi", Media: []platform.Media{{Key: "media.0", Type: "video/mp4", Alt: "Simulasi", Size: 8, Width: 16, Height: 9, Open: platform.Bytes([]byte("\x00\x00\x00\x08ftyp"))}}},
	} {
		r := s.send(t, out)
		sent[r.RemoteID] = out
		if out.Key == "k2" {
			s.facets(t, r.RemoteID)
		}
		if len(out.Media) == 0 {
			s.sameVersion(t, r.RemoteID)
		}
	}
	list, _, err := s.c.records(t.Context(), s.office, posts, "")
	if err != nil || len(list) != len(sent) {
		t.Errorf("%d sent, each twice; %d are there: %v", len(sent), len(list), err)
	}
	page, err := s.c.Pull(t.Context(), s.office, feedOwn, "")
	if err != nil || len(page.Items) != len(sent) {
		t.Fatalf("own: %+v %v", page, err)
	}
	for _, i := range page.Items {
		if want := platform.Compose(sent[i.RemoteID]); i.Kind != platform.OwnPost || platform.Fold(i.Text) != platform.Fold(want) || len(i.Files) != len(sent[i.RemoteID].Media) {
			t.Errorf("%+v, want %q", i, want)
		}
	}
	// What the server would refuse does not leave; its own words are these.
	long := strings.Repeat("a", 301)
	notes := &platformtest.Notes{}
	if err := s.c.Stage(t.Context(), s.office, platform.Outgoing{Text: long}, notes); platform.AsRefusal(err) == nil {
		t.Errorf("too long: %v", err)
	}
	record, _ := json.Marshal(map[string]any{"$type": posts, "text": long, "createdAt": datetime(time.Now())})
	_ = notes.Save(t.Context(), noteRecord, string(record))
	_ = notes.Save(t.Context(), noteKey, newTID(time.Now()))
	_, err = s.c.Publish(t.Context(), s.office, platform.Outgoing{Text: "pendek"}, notes)
	if r := platform.AsRefusal(err); r == nil || r.Code != "platform.text_too_long" {
		t.Errorf("the server's own refusal: %v", err)
	}
	// A key that is there already: createRecord answers 500, and we never ask it.
	at, _ := parseAddress(page.Items[0].RemoteID)
	body, _ := json.Marshal(map[string]any{"repo": at.did, "collection": posts, "rkey": at.rkey, "record": map[string]any{"$type": posts, "text": "dua", "createdAt": datetime(time.Now())}})
	if status, said := s.Call(t, s.Humas.Access, http.MethodPost, "com.atproto.repo.createRecord", body); status != http.StatusInternalServerError {
		t.Errorf("createRecord with a key that exists: %d %s", status, said)
	}
}

// indexed waits until the AppView has a post: it tells nobody of an answer to
// something that it has not seen yet, and reads repositories side by side.
func (s *stage) indexed(t *testing.T, uri string) ref {
	t.Helper()
	until(t, uri+" is indexed", func() bool {
		all, err := s.c.Measure(t.Context(), s.office, []string{uri})
		return err == nil && len(all) == 1
	})
	at, _ := parseAddress(uri)
	var p ref
	if err := s.c.record(t.Context(), s.office, at, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// sameVersion: the sandbox gives the same record the same CID.
func (s *stage) sameVersion(t *testing.T, uri string) {
	t.Helper()
	at, _ := parseAddress(uri)
	var theirs found
	if err := s.c.record(t.Context(), s.office, at, &theirs); err != nil {
		t.Fatal(err)
	}
	p := pretended(t, "", sandbox.Rules{})
	var ours ref
	err := s.c.post(t.Context(), p.Account, "com.atproto.repo.putRecord", map[string]any{"repo": p.Account.RemoteID, "collection": posts, "rkey": at.rkey, "record": theirs.Value}, &ours)
	if err != nil || ours.CID != theirs.CID {
		t.Errorf("the sandbox calls it %s, the network %s: %v", ours.CID, theirs.CID, err)
	}
}

// facets: the AppView shows the marks where we put them.
func (s *stage) facets(t *testing.T, uri string) {
	t.Helper()
	at, _ := parseAddress(uri)
	var r struct{ Value post }
	if err := s.c.record(t.Context(), s.office, at, &r); err != nil {
		t.Fatal(err)
	}
	var marks []facet
	if err := json.Unmarshal(r.Value.Facets, &marks); err != nil || len(marks) != 3 {
		t.Fatalf("%d marks: %v", len(marks), err)
	}
	var got []string
	for _, m := range marks {
		got = append(got, r.Value.Text[m.Index.Start:m.Index.End]+" "+m.Features[0].Tag+m.Features[0].DID+m.Features[0].URI)
	}
	want := []string{"#tirtawangi tirtawangi", "@warga.test " + s.Warga.DID, "https://tirtawangi.example/a?b=1&c=2 https://tirtawangi.example/a?b=1&c=2"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("marks:\n%s", strings.Join(got, "\n"))
	}
}

// hear pulls the mentions once, to their end.
func (s *stage) hear(t *testing.T, cursor *string) []platform.Item {
	t.Helper()
	var all []platform.Item
	for range 20 {
		page, err := s.c.Pull(t.Context(), s.office, feedMentions, *cursor)
		if err != nil {
			t.Fatal(err)
		}
		*cursor = page.Cursor
		all = append(all, page.Items...)
		if !page.More {
			return all
		}
	}
	t.Fatal("no end")
	return nil
}

func mention(text, handle, did string) map[string]any {
	start := strings.Index(text, "@"+handle)
	return map[string]any{"facets": []any{map[string]any{
		"index":    map[string]int{"byteStart": start, "byteEnd": start + len(handle) + 1},
		"features": []any{map[string]any{"$type": isMention, "did": did}},
	}}}
}

func realHear(t *testing.T, s *stage) {
	root := s.send(t, platform.Outgoing{Key: "r", Text: "Posko banjir dibuka"})
	p := s.indexed(t, root.RemoteID)
	top := map[string]any{"uri": p.URI, "cid": p.CID}
	cursor := ""
	s.hear(t, &cursor)
	reply, replyCID := s.Post(t, s.Warga, "Di RW mana?", map[string]any{"reply": map[string]any{"root": top, "parent": top}})
	text := "Halo @humas.test, lampu mati"
	named, _ := s.Post(t, s.Warga, text, mention(text, "humas.test", s.Humas.DID))
	quote, _ := s.Post(t, s.Warga, "Penting!", map[string]any{"embed": map[string]any{"$type": "app.bsky.embed.record", "record": top}})
	deep, _ := s.Post(t, s.Warga, "Di RW 3", map[string]any{"reply": map[string]any{"root": top, "parent": map[string]any{"uri": reply, "cid": replyCID}}})
	heard := map[string]platform.Item{}
	until(t, "all four are told", func() bool {
		for _, i := range s.hear(t, &cursor) {
			if _, twice := heard[i.RemoteID]; twice {
				t.Errorf("%s twice", i.RemoteID)
			}
			heard[i.RemoteID] = i
		}
		return len(heard) >= 4
	})
	for uri, want := range map[string]struct {
		kind           platform.ItemKind
		thread, parent string
	}{
		reply: {platform.Comment, root.RemoteID, root.RemoteID}, named: {platform.Mention, named, ""},
		quote: {platform.Mention, quote, ""}, deep: {platform.Comment, root.RemoteID, reply},
	} {
		i := heard[uri]
		if i.Kind != want.kind || i.Thread != want.thread || i.InReplyTo != want.parent || i.AuthorID != s.Warga.DID || i.Author != s.Warga.Handle || i.Text == "" || i.At.IsZero() || !strings.HasPrefix(i.URL, pages) {
			t.Errorf("%s: %+v, want %+v", uri, i, want)
		}
	}
	gone, _ := parseAddress(named)
	s.Do(t, s.Warga, "com.atproto.repo.deleteRecord", map[string]any{"repo": gone.did, "collection": gone.collection, "rkey": gone.rkey}, nil)
	until(t, "the deletion is seen", func() bool {
		news := s.hear(t, &cursor)
		for _, i := range news {
			if !i.Deleted || i.RemoteID != named {
				t.Errorf("news: %+v", i)
			}
		}
		return len(news) > 0
	})
}

// underneath reads a thread until it has what is waited for.
func (s *stage) underneath(t *testing.T, root string, cursor *string, what string, ok func(map[string]platform.Item) bool) {
	t.Helper()
	all := map[string]platform.Item{}
	until(t, what, func() bool {
		page, err := s.c.PullThread(t.Context(), s.office, platform.Watch{RemoteID: root}, *cursor)
		if err != nil {
			t.Fatal(err)
		}
		*cursor = page.Cursor
		for _, i := range page.Items {
			all[i.RemoteID] = i
		}
		return ok(all)
	})
}

func realAnswer(t *testing.T, s *stage) {
	root := s.send(t, platform.Outgoing{Key: "r", Text: "Jadwal air bersih"})
	second := s.send(t, platform.Outgoing{Key: "r2", Text: "2/2 Nomor darurat", InReplyTo: root.RemoteID, Thread: root.RemoteID})
	at, _ := parseAddress(root.RemoteID)
	p := s.indexed(t, root.RemoteID)
	top := map[string]any{"uri": p.URI, "cid": p.CID}
	asked, _ := s.Post(t, s.Warga, "sl0t g4c0r", map[string]any{"reply": map[string]any{"root": top, "parent": top}})
	cursor := ""
	s.underneath(t, root.RemoteID, &cursor, "the question", func(all map[string]platform.Item) bool {
		return all[asked].Kind == platform.Comment && all[second.RemoteID].Kind == platform.OwnPost
	})
	answer := s.send(t, platform.Outgoing{Key: "a", Text: "Mohon sopan.", InReplyTo: asked, Thread: root.RemoteID})
	s.underneath(t, root.RemoteID, &cursor, "our answer", func(all map[string]platform.Item) bool {
		i := all[answer.RemoteID]
		return i.Kind == platform.OwnPost && i.InReplyTo == asked && i.Thread == root.RemoteID
	})
	// Few programs can, but a citizen may change the record itself.
	that, _ := parseAddress(asked)
	s.Do(t, s.Warga, "com.atproto.repo.putRecord", map[string]any{"repo": that.did, "collection": posts, "rkey": that.rkey, "record": map[string]any{
		"$type": posts, "text": "maaf", "createdAt": datetime(time.Now()), "reply": map[string]any{"root": top, "parent": top}}}, nil)
	s.underneath(t, root.RemoteID, &cursor, "the change", func(all map[string]platform.Item) bool {
		return !all[asked].Edited.IsZero() && all[asked].Text == "maaf"
	})
	// A gate that a person made in the app keeps its rules.
	s.Do(t, s.Humas, "com.atproto.repo.putRecord", map[string]any{"repo": s.Humas.DID, "collection": gates, "rkey": at.rkey, "record": map[string]any{
		"$type": gates, "post": root.RemoteID, "createdAt": datetime(time.Now()), "allow": []any{map[string]any{"$type": gates + "#mentionRule"}}}}, nil)
	for _, hidden := range []bool{true, true, false, false} {
		if err := s.c.SetHidden(t.Context(), s.office, asked, hidden); err != nil {
			t.Fatalf("hidden %v: %v", hidden, err)
		}
		s.underneath(t, root.RemoteID, &cursor, fmt.Sprint("hidden is ", hidden), func(all map[string]platform.Item) bool {
			i, told := all[asked]
			return told && i.Hidden == hidden || !told
		})
	}
	var g found
	if err := s.c.record(t.Context(), s.office, address{s.Humas.DID, gates, at.rkey}, &g); err != nil || len(g.Value["allow"].([]any)) != 1 || len(g.Value["hiddenReplies"].([]any)) != 0 {
		t.Errorf("the gate: %+v %v", g.Value, err)
	}
	alone, _ := s.Post(t, s.Warga, "sendiri", nil)
	until(t, "a thread of somebody else's cannot be gated", func() bool {
		r := platform.AsRefusal(s.c.SetHidden(t.Context(), s.office, alone, true))
		return r != nil && r.Code == "platform.hide_unsupported"
	})
	del, _ := parseAddress(asked)
	s.Do(t, s.Warga, "com.atproto.repo.deleteRecord", map[string]any{"repo": del.did, "collection": del.collection, "rkey": del.rkey}, nil)
	s.underneath(t, root.RemoteID, &cursor, "the deletion", func(all map[string]platform.Item) bool { return all[asked].Deleted })
}

func realBlock(t *testing.T, s *stage) {
	cursor := ""
	s.hear(t, &cursor)
	text := "Halo @humas.test"
	uri, _ := s.Post(t, s.Warga, text, mention(text, "humas.test", s.Humas.DID))
	until(t, "it is told", func() bool { return len(s.hear(t, &cursor)) == 1 })
	for range 2 {
		if err := s.c.SetBlocked(t.Context(), s.office, s.Warga.DID, uri, true); err != nil {
			t.Fatal(err)
		}
	}
	if all, err := s.c.blocksOf(t.Context(), s.office, s.Warga.DID); err != nil || len(all) != 1 {
		t.Errorf("%d blocks: %v", len(all), err)
	}
	until(t, "the AppView knows of the block", func() bool {
		var said struct{ Notifications []postView }
		if err := s.c.get(t.Context(), s.office, "app.bsky.notification.listNotifications", nil, &said); err != nil {
			t.Fatal(err)
		}
		return len(said.Notifications) == 0
	})
	for _, i := range s.hear(t, &cursor) {
		t.Errorf("blocked, and told as %+v", i)
	}
	for range 2 {
		if err := s.c.SetBlocked(t.Context(), s.office, s.Warga.DID, uri, false); err != nil {
			t.Fatal(err)
		}
	}
	if all, err := s.c.blocksOf(t.Context(), s.office, s.Warga.DID); err != nil || len(all) != 0 {
		t.Errorf("%d blocks: %v", len(all), err)
	}
}

func realDelete(t *testing.T, s *stage) {
	r := s.send(t, platform.Outgoing{Key: "d", Text: "Keliru"})
	p := s.indexed(t, r.RemoteID)
	s.Do(t, s.Warga, "com.atproto.repo.createRecord", map[string]any{"repo": s.Warga.DID, "collection": "app.bsky.feed.like",
		"record": map[string]any{"$type": "app.bsky.feed.like", "subject": p, "createdAt": datetime(time.Now())}}, nil)
	until(t, "the like counts", func() bool {
		all, err := s.c.Measure(t.Context(), s.office, []string{r.RemoteID, "1", address{s.Humas.DID, posts, newTID(time.Now())}.String()})
		if err != nil {
			t.Fatal(err)
		}
		return len(all) == 1 && all[r.RemoteID]["likes"] == 1 && all[r.RemoteID]["replies"] == 0
	})
	for range 2 {
		if err := s.c.Delete(t.Context(), s.office, r.RemoteID); err != nil {
			t.Fatal(err)
		}
	}
	f, err := s.c.Find(t.Context(), s.office, platform.Attempt{Out: platform.Outgoing{Text: "Keliru"}, Started: time.Now().Add(-time.Minute), Notes: &platformtest.Notes{}})
	if err != nil || len(f.Receipts) != 0 || !f.Complete {
		t.Errorf("after deleting: %+v %v", f, err)
	}
}

// realLacks: what docs/platforms/bluesky.md says that this network has not, in
// its own words.
func realLacks(t *testing.T, s *stage) {
	_, err := s.c.Pull(t.Context(), s.office, feedDirect, "")
	t.Logf("direct messages with a limited app password: %v", err)
	if r := platform.AsRefusal(err); err == nil || r != nil && r.Auth {
		t.Errorf("direct messages with a limited app password: %v", err)
	}
	full := s.office
	full.Token.Access = s.Humas.Access
	_, err = s.c.Pull(t.Context(), full, feedDirect, "")
	t.Logf("direct messages with a full credential: %v", err)
	if err == nil {
		t.Error("this network has a chat service now: let the suite use it")
	}
	if feeds := s.c.Feeds(s.office); len(feeds) != 2 {
		t.Errorf("feeds of a limited app password: %v", feeds)
	}
}

func realTokens(t *testing.T, s *stage) {
	if s.c.Expired(s.office, time.Now()) || !s.c.Expired(s.office, time.Now().Add(2*time.Hour)) {
		t.Errorf("the token ends at %v", s.office.Token.Expires)
	}
	old := s.office.Token
	next, err := s.c.Refresh(t.Context(), s.office)
	if err != nil || next.Access == "" || next.Refresh == old.Refresh || !next.Expires.After(time.Now()) {
		t.Fatalf("refresh: %v", err)
	}
	// A refresh whose answer was lost can be asked for again: this server keeps
	// the spent token for a while and gives the same session.
	again, err := s.c.Refresh(t.Context(), s.office)
	t.Logf("a spent refresh token: renewed again: %v, %v", err == nil && again.Access != "", err)
	s.office.Token = next
	if _, err := s.c.Verify(t.Context(), s.office); err != nil {
		t.Errorf("with the new token: %v", err)
	}
	s.Do(t, s.Humas, "com.atproto.server.revokeAppPassword", map[string]any{"name": "kentongan"}, nil)
	_, err = s.c.Refresh(t.Context(), s.office)
	if r := platform.AsRefusal(err); r == nil || !r.Auth || r.Fix != platform.FixAdmin {
		t.Errorf("after the app password was withdrawn: %v", err)
	}
}
