package sandbox

import (
	"net/http"
	"strings"
	"testing"

	fb "github.com/huandu/facebook/v2"
)

func graphSession(s *stage, me Credential) *fb.Session {
	app := fb.New(me.App.ClientID, me.App.ClientSecret)
	app.EnableAppsecretProof = true
	session := app.Session(me.Token.Access)
	session.BaseURL, session.Version, session.HttpClient = s.url+"/fb/", "v25.0", http.DefaultClient
	return session
}

func TestHuanduPostsPhotosAnswersHidesAndDeletes(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Seed: 1, Rules: Rules{RequireProof: true}})
	me := s.credential(t, Facebook, "")
	for _, header := range []bool{false, true} {
		session := graphSession(s, me)
		if header {
			session.UseAuthorizationHeader()
		}
		page, err := session.Get("/me", fb.Params{"fields": "id,name,username"})
		if err != nil || page["id"] != me.AccountID || page["username"] != me.Handle {
			t.Fatalf("me: %v %v", err, page)
		}
		photo, err := session.Post("/"+me.AccountID+"/photos", fb.Params{"source": fb.Data("peta.png", strings.NewReader(string(png()))), "published": false, "alt_text_custom": "Peta"})
		if err != nil || photo["id"] == nil || photo["post_id"] != nil {
			t.Fatalf("unpublished photo: %v %v", err, photo)
		}
		text := "Jalan Melati ditutup sementara"
		if header {
			text += " lagi"
		}
		post, err := session.Post("/"+me.AccountID+"/feed?fields=id,permalink_url", fb.Params{"message": text, "attached_media": []map[string]any{{"media_fbid": photo["id"]}}})
		if err != nil || post["permalink_url"] == nil {
			t.Fatalf("feed: %v %v", err, post)
		}
		root := post["id"].(string)
		if n := s.said(text); len(n) != 1 || len(n[0].Media) != 1 || n[0].Media[0].Alt != "Peta" {
			t.Fatalf("world: %+v", n)
		}
		comment, err := s.Say(Saying{Platform: Facebook, InReplyTo: root, Text: "Sampai kapan ya?", Author: "Sri Wahyuni"})
		if err != nil {
			t.Fatal(err)
		}
		list, err := session.Get("/"+root+"/comments", fb.Params{"filter": "stream", "fields": "id,from{id,name},message,can_hide,is_hidden,parent{id}"})
		var heard []struct {
			ID, Message string
			CanHide     bool `facebook:"can_hide"`
			From        struct{ ID, Name string }
		}
		if err != nil || list.DecodeField("data", &heard) != nil || len(heard) != 1 || heard[0].ID != comment || heard[0].From.Name != "Sri Wahyuni" || !heard[0].CanHide {
			t.Fatalf("comments: %v %v", err, list)
		}
		reply, err := session.Post("/"+comment+"/comments", fb.Params{"message": "Sampai pukul 16.00, Bu."})
		if err != nil || !strings.HasPrefix(reply["id"].(string), strings.Split(root, "_")[1]+"_") {
			t.Fatalf("reply: %v %v", err, reply)
		}
		if _, err := session.Post("/"+comment, fb.Params{"is_hidden": true}); err != nil {
			t.Fatal(err)
		}
		counts, err := session.Get("/"+root, fb.Params{"fields": "id,shares,reactions.summary(total_count).limit(0),comments.summary(true).limit(0)"})
		if err != nil || counts.GetField("comments", "summary", "total_count").(interface{ String() string }).String() != "2" {
			t.Fatalf("counts: %v %v", err, counts)
		}
		batch, err := session.BatchApi(fb.Params{"method": "GET", "relative_url": root + "?fields=id"}, fb.Params{"method": "POST", "relative_url": me.AccountID + "/feed", "body": "message=" + text + "+batch"})
		if err != nil || len(batch) != 2 {
			t.Fatalf("batch: %v %v", err, batch)
		}
		if one, err := batch[0].Batch(); err != nil || one.StatusCode != 200 || one.Result["id"] != root {
			t.Fatalf("batch result: %v %+v", err, one)
		}
		if _, err := session.Delete("/"+root, nil); err != nil {
			t.Fatal(err)
		}
		if res, err := session.Get("/"+root, nil); err == nil {
			t.Errorf("deleted post still answers: %v", res)
		} else if e, ok := err.(*fb.Error); !ok || e.Code != 100 || e.ErrorSubcode != 33 {
			t.Errorf("deleted: %v", err)
		}
	}
}

func TestGraphRefuses(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Seed: 1})
	me := s.credential(t, Facebook, "")
	url := me.BaseURL + "/v25.0/" + me.AccountID
	call := func(path string, body map[string]any) reply {
		return send(t, request{method: "POST", url: path, bearer: me.Token.Access, json: body})
	}
	first := call(url+"/feed", map[string]any{"message": "Sama"})
	want(t, "first", first.status, http.StatusOK)
	for _, row := range []struct {
		name, url string
		body      map[string]any
		code      float64
	}{
		{"the same status in a row", url + "/feed", map[string]any{"message": "Sama"}, 506},
		{"nothing to show", url + "/feed", map[string]any{"message": ""}, 100},
		{"a photo nobody uploaded", url + "/feed", map[string]any{"message": "x", "attached_media": []map[string]any{{"media_fbid": "1"}}}, 100},
		{"a wrong proof", url + "/feed?appsecret_proof=00", map[string]any{"message": "y"}, 100},
		{"another Page", me.BaseURL + "/v25.0/104500000000202/feed", map[string]any{"message": "y"}, 200},
		{"hiding one's own post", me.BaseURL + "/v25.0/" + first.str("id"), map[string]any{"is_hidden": true}, 200},
		{"an edge that is not there", url + "/nothing", map[string]any{}, 2500},
	} {
		r := call(row.url, row.body)
		want(t, row.name, r.get("error.code"), row.code)
		want(t, row.name+": status", r.status/100, 4)
	}
	bad := send(t, request{method: "POST", url: url + "/feed", bearer: "x", json: map[string]any{"message": "z"}})
	want(t, "an unknown token", bad.get("error.code"), 190.0)
	want(t, "the same after another", call(url+"/feed", map[string]any{"message": "Lain"}).status, http.StatusOK)
	want(t, "is no longer in a row", call(url+"/feed", map[string]any{"message": "Sama"}).status, http.StatusOK)
	if h := call(url+"/feed", map[string]any{"message": "Usage"}).header; h.Get("X-App-Usage") == "" || h.Get("X-Business-Use-Case-Usage") == "" {
		t.Error("no usage headers")
	}
}

func TestGraphPagesForwardAndBack(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Seed: 1})
	me := s.credential(t, Facebook, "")
	for _, text := range []string{"satu", "dua", "tiga", "empat", "lima"} {
		send(t, request{method: "POST", url: me.BaseURL + "/v25.0/me/feed", bearer: me.Token.Access, json: map[string]any{"message": text}})
	}
	var seen []string
	next := me.BaseURL + "/v25.0/me/published_posts?limit=2&fields=message"
	for next != "" {
		r := send(t, request{method: "GET", url: next, bearer: me.Token.Access})
		for i := range 2 {
			if m := r.str("data." + string(rune('0'+i)) + ".message"); m != "" {
				seen = append(seen, m)
			}
		}
		next = r.str("paging.next")
	}
	want(t, "newest first, each once", strings.Join(seen, " "), "lima empat tiga dua satu")
}

func TestFieldSelectionIsReadAsGraphWritesIt(t *testing.T) {
	t.Parallel()
	got := parseFields("id, from{id,name},comments.filter(stream).limit(5).summary(true){id,parent{id}},shares")
	want(t, "count", len(got), 4)
	want(t, "spaces", got[1].name, "from")
	want(t, "children", got[1].children[1].name, "name")
	want(t, "modifier", got[2].mods["filter"], "stream")
	want(t, "nested", got[2].children[1].children[0].name, "id")
	want(t, "after a group", got[3].name, "shares")
}
