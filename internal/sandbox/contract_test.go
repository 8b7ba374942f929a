package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// contract is an OpenAPI document, read as far as answers need it: $ref, type,
// required, properties, items, enum, pattern, allOf, oneOf, anyOf.
type contract struct{ doc map[string]any }

func loadContract(t *testing.T, path string) contract {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var c contract
	if err := json.Unmarshal(raw, &c.doc); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c contract) at(pointer string) map[string]any {
	var v any = c.doc
	for step := range strings.SplitSeq(strings.TrimPrefix(pointer, "#/"), "/") {
		step = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
		m, _ := v.(map[string]any)
		v = m[step]
	}
	out, _ := v.(map[string]any)
	return out
}

// answerSchema is the JSON schema of an operation's answer.
func (c contract) answerSchema(t *testing.T, path, method, status string) map[string]any {
	t.Helper()
	escaped := strings.ReplaceAll(path, "/", "~1")
	s := c.at("#/paths/" + escaped + "/" + method + "/responses/" + status + "/content/application~1json/schema")
	if s == nil {
		t.Fatalf("the contract has no %s %s %s", method, path, status)
	}
	return s
}

// faults lists where a value does not fit a schema.
func (c contract) faults(schema map[string]any, v any, where string) []string {
	if ref, ok := schema["$ref"].(string); ok {
		return c.faults(c.at(ref), v, where)
	}
	if v == nil {
		return nil // X's and Mastodon's documents mark what may be null in three different ways
	}
	var out []string
	for _, part := range schemas(schema["allOf"]) {
		out = append(out, c.faults(part, v, where)...)
	}
	for _, word := range []string{"oneOf", "anyOf"} {
		choices := schemas(schema[word])
		fits := func(s map[string]any) bool { return len(c.faults(s, v, where)) == 0 }
		if len(choices) > 0 && !slices.ContainsFunc(choices, fits) {
			out = append(out, where+" fits none of "+word)
		}
	}
	if !ofType(schema["type"], v) {
		return append(out, fmt.Sprintf("%s is %T, not %v", where, v, schema["type"]))
	}
	switch v := v.(type) {
	case string:
		if p, ok := schema["pattern"].(string); ok && !regexp.MustCompile(p).MatchString(v) {
			out = append(out, fmt.Sprintf("%s is %q, not %s", where, v, p))
		}
		if e, ok := schema["enum"].([]any); ok && !slices.Contains(e, any(v)) {
			out = append(out, fmt.Sprintf("%s is %q, not one of %v", where, v, e))
		}
	case []any:
		items, _ := schema["items"].(map[string]any)
		for i, x := range v {
			out = append(out, c.faults(items, x, fmt.Sprintf("%s[%d]", where, i))...)
		}
	case map[string]any:
		props, _ := schema["properties"].(map[string]any)
		for _, name := range texts(schema["required"]) {
			if _, ok := v[name]; !ok && name != "meta" { // X's document wants a meta that it does not define
				out = append(out, where+" lacks "+name)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if p, ok := props[name].(map[string]any); ok {
				out = append(out, c.faults(p, v[name], where+"."+name)...)
			}
		}
	}
	return out
}

func schemas(v any) []map[string]any {
	list, _ := v.([]any)
	var out []map[string]any
	for _, x := range list {
		if m, ok := x.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

func texts(v any) []string {
	list, _ := v.([]any)
	var out []string
	for _, x := range list {
		if s, ok := x.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

func ofType(want any, v any) bool {
	switch want := want.(type) {
	case []any:
		return slices.ContainsFunc(want, func(w any) bool { return ofType(w, v) })
	case string:
		switch x := v.(type) {
		case string:
			return want == "string"
		case bool:
			return want == "boolean"
		case float64:
			return want == "number" || want == "integer" && x == float64(int64(x))
		case []any:
			return want == "array"
		case map[string]any:
			return want == "object"
		}
	}
	return true
}

// checked sends a request and holds its answer against the contract.
func checked(t *testing.T, c contract, q request, path, status string) reply {
	t.Helper()
	r := send(t, q)
	if fmt.Sprint(r.status) != status {
		t.Fatalf("%s %s: %d %s", q.method, path, r.status, r.body)
	}
	for _, f := range c.faults(c.answerSchema(t, path, strings.ToLower(q.method), status), r.json, path) {
		t.Errorf("%s %s: %s", q.method, path, f)
	}
	return r
}

func TestXAnswersFitTheContract(t *testing.T) {
	t.Parallel()
	c := loadContract(t, filepath.Join(shared(t, "contracts"), "x", "x-openapi-2.165-2026-06-03.json"))
	s := open(t, Options{Seed: 1})
	me := s.credential(t, X, "")
	do := func(method, path, template, status string, body any) reply {
		return checked(t, c, request{method: method, url: me.BaseURL + path, bearer: me.Token.Access, json: body}, template, status)
	}
	all := "tweet.fields=created_at,author_id,conversation_id,in_reply_to_user_id,referenced_tweets,entities,public_metrics,non_public_metrics,organic_metrics,attachments,lang,possibly_sensitive,reply_settings" +
		"&expansions=author_id,attachments.media_keys,referenced_tweets.id,in_reply_to_user_id&user.fields=created_at,description,public_metrics,verified,protected&media.fields=alt_text,url"
	do("GET", "/2/users/me?user.fields=created_at,public_metrics,description", "/2/users/me", "200", nil)
	up := do("POST", "/2/media/upload/initialize", "/2/media/upload/initialize", "200", map[string]any{"media_type": "image/png", "total_bytes": len(png())}).str("data.id")
	checked(t, c, request{method: "POST", url: me.BaseURL + "/2/media/upload/" + up + "/append", bearer: me.Token.Access, file: png(), fileName: "media", form: url.Values{"segment_index": {"0"}}}, "/2/media/upload/{id}/append", "200")
	do("POST", "/2/media/upload/"+up+"/finalize", "/2/media/upload/{id}/finalize", "200", nil)
	do("GET", "/2/media/upload?command=STATUS&media_id="+up, "/2/media/upload", "200", nil)
	do("POST", "/2/media/metadata", "/2/media/metadata", "200", map[string]any{"id": up, "metadata": map[string]any{"alt_text": map[string]any{"text": "Peta"}}})
	root := do("POST", "/2/tweets", "/2/tweets", "201", map[string]any{"text": "Halo #warga https://tirtawangi.example/a", "media": map[string]any{"media_ids": []string{up}}}).str("data.id")
	comment, _ := s.Say(Saying{Platform: X, InReplyTo: root, Text: "Halo juga @tirtawangikota", Author: "bu_sri"})
	do("POST", "/2/tweets", "/2/tweets", "201", map[string]any{"text": "Ya", "reply": map[string]any{"in_reply_to_tweet_id": comment}})
	do("GET", "/2/users/"+me.AccountID+"/mentions?"+all, "/2/users/{id}/mentions", "200", nil)
	do("GET", "/2/users/"+me.AccountID+"/tweets?"+all, "/2/users/{id}/tweets", "200", nil)
	do("GET", "/2/tweets/search/recent?query=conversation_id:"+root+"&"+all, "/2/tweets/search/recent", "200", nil)
	do("GET", "/2/tweets?ids="+root+",12&"+all, "/2/tweets", "200", nil)
	do("PUT", "/2/tweets/"+comment+"/hidden", "/2/tweets/{tweet_id}/hidden", "200", map[string]any{"hidden": true})
	do("DELETE", "/2/tweets/"+root, "/2/tweets/{id}", "200", nil)
	if _, err := s.Say(Saying{Platform: X, Kind: "direct", Text: "Rahasia", Author: "bu_sri"}); err != nil {
		t.Fatal(err)
	}
	events := do("GET", "/2/dm_events?dm_event.fields=created_at,sender_id,dm_conversation_id", "/2/dm_events", "200", nil)
	do("POST", "/2/dm_conversations/with/"+events.str("data.0.sender_id")+"/messages", "/2/dm_conversations/with/{participant_id}/messages", "201", map[string]any{"text": "Baik"})
}

func TestMastodonAnswersFitTheContract(t *testing.T) {
	t.Parallel()
	c := loadContract(t, filepath.Join(shared(t, "contracts"), "mastodon-openapi", "schema.json"))
	s := open(t, Options{Seed: 1})
	me := s.credential(t, Mastodon, "")
	do := func(method, path, template, status string, body any) reply {
		return checked(t, c, request{method: method, url: me.BaseURL + path, bearer: me.Token.Access, json: body}, template, status)
	}
	do("GET", "/api/v1/accounts/verify_credentials", "/api/v1/accounts/verify_credentials", "200", nil)
	do("GET", "/api/v1/instance", "/api/v1/instance", "200", nil)
	do("GET", "/api/v2/instance", "/api/v2/instance", "200", nil)
	up := checked(t, c, request{method: "POST", url: me.BaseURL + "/api/v1/media", bearer: me.Token.Access, file: png(), fileName: "file"}, "/api/v1/media", "200").str("id")
	root := do("POST", "/api/v1/statuses", "/api/v1/statuses", "200", map[string]any{"status": "Halo #warga https://tirtawangi.example/a", "media_ids": []string{up}}).str("id")
	comment, _ := s.Say(Saying{Platform: Mastodon, InReplyTo: root, Text: "Halo", Author: "bu_sri"})
	do("PUT", "/api/v1/statuses/"+root, "/api/v1/statuses/{id}", "200", map[string]any{"status": "Halo lagi"})
	do("GET", "/api/v1/statuses/"+comment, "/api/v1/statuses/{id}", "200", nil)
	do("GET", "/api/v1/statuses/"+root+"/context", "/api/v1/statuses/{id}/context", "200", nil)
	do("GET", "/api/v1/notifications", "/api/v1/notifications", "200", nil)
	do("GET", "/api/v1/accounts/"+me.AccountID+"/statuses", "/api/v1/accounts/{id}/statuses", "200", nil)
	do("POST", "/api/v1/reports", "/api/v1/reports", "200", map[string]any{"account_id": me.AccountID, "comment": "spam"})
	do("DELETE", "/api/v1/statuses/"+root, "/api/v1/statuses/{id}", "200", nil)
}

func TestGraphFieldsAreThoseOfTheContract(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(shared(t, "contracts"), "facebook")
	s := open(t, Options{Seed: 1})
	me := s.credential(t, Facebook, "")
	root, err := publishOn(s, me, "Halo")
	if err != nil {
		t.Fatal(err)
	}
	comment, _ := s.Say(Saying{Platform: Facebook, InReplyTo: root.str("id"), Text: "Hai", Author: "Bu Sri"})
	edges := []string{"comments", "reactions", "attachments"}
	for _, row := range []struct{ file, id, fields string }{
		{"PagePost.json", root.str("id"), "message,created_time,permalink_url,from,is_published,is_hidden,status_type,updated_time,comments,reactions,attachments"},
		{"Comment.json", comment, "message,created_time,permalink_url,from,is_hidden,can_hide,can_remove,can_comment,can_reply_privately,comment_count,like_count,object,comments,reactions"},
		{"Page.json", me.AccountID, "name,username,link,about,fan_count,followers_count,category,access_token"},
	} {
		raw, err := os.ReadFile(filepath.Join(folder, row.file))
		if err != nil {
			t.Fatal(err)
		}
		var spec struct {
			Fields []struct{ Name, Type string }
		}
		if err := json.Unmarshal(raw, &spec); err != nil {
			t.Fatal(err)
		}
		types := map[string]string{}
		for _, f := range spec.Fields {
			types[f.Name] = f.Type
		}
		r := send(t, request{method: "GET", url: me.BaseURL + "/v25.0/" + row.id + "?fields=" + row.fields, bearer: me.Token.Access})
		object, _ := r.json.(map[string]any)
		for name := range strings.SplitSeq(row.fields, ",") {
			v, ok := object[name]
			if !ok && name != "attachments" {
				t.Errorf("%s: no %s in %s", row.file, name, r.body)
			}
			kind, known := types[name]
			if !known && !slices.Contains(edges, name) {
				t.Errorf("%s has no field %s", row.file, name)
			}
			if text, isText := v.(string); kind == "bool" && ok && isText {
				t.Errorf("%s: %s is %q, not a bool", row.file, name, text)
			}
		}
	}
}
