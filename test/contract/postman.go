package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// Postman is a specification read from a collection of example requests and
// answers: paths, parameters, what they can be, and the fields of what comes
// back.
type Postman struct {
	calls []postmanCall
	lists map[string][]string // variables that list what something can be
}

type postmanCall struct {
	method, path string
	match        *regexp.Regexp
	params       map[string]bool // true where every example of a write sends it
	lists        map[string]string
	answer       map[string]any // of all examples together
	edge         bool
}

type postmanItem struct {
	Item    []postmanItem
	Request *struct {
		Method string
		URL    struct {
			Raw   string
			Query []postmanQuery
		}
	}
	Response []struct{ Body string }
}

type postmanQuery struct {
	Key      string
	Value    string
	Disabled bool
}

// Threads is the specification of Threads: Meta's own Postman collection.
func Threads(t testing.TB) *Postman {
	t.Helper()
	return LoadPostman(t, Path(t, "threads", "threads-api.postman_collection.json"))
}

// LoadPostman reads a collection.
func LoadPostman(t testing.TB, file string) *Postman {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var c struct {
		Item     []postmanItem
		Variable []struct{ Key, Value string }
	}
	if err := json.Unmarshal(raw, &c); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	p := &Postman{lists: map[string][]string{}}
	for _, v := range c.Variable {
		if strings.Contains(v.Value, ",") {
			for _, f := range graphSelection(strings.ReplaceAll(v.Value, " ", "")) {
				p.lists[v.Key] = append(p.lists[v.Key], f.name)
			}
		}
	}
	for _, i := range c.Item {
		p.collect(i)
	}
	// The most literal path wins: me before an id.
	slices.SortStableFunc(p.calls, func(x, y postmanCall) int { return strings.Count(x.path, "{") - strings.Count(y.path, "{") })
	if len(p.calls) < 20 {
		t.Fatalf("%s: only %d calls", file, len(p.calls))
	}
	return p
}

var postmanHole = regexp.MustCompile(`\{\{[a-z_]+\}\}`)

func (p *Postman) collect(i postmanItem) {
	for _, below := range i.Item {
		p.collect(below)
	}
	if i.Request == nil {
		return
	}
	path, _, _ := strings.Cut(i.Request.URL.Raw, "?")
	path = strings.Trim(strings.TrimPrefix(path, "{{api_host}}"), "/")
	path = postmanHole.ReplaceAllString(path, "{id}")
	at := slices.IndexFunc(p.calls, func(c postmanCall) bool { return c.method == i.Request.Method && c.path == path })
	if at < 0 {
		pattern := strings.ReplaceAll(regexp.QuoteMeta(path), `\{id\}`, `[0-9][0-9_]*`)
		p.calls = append(p.calls, postmanCall{method: i.Request.Method, path: path, match: regexp.MustCompile("^" + pattern + "$"), lists: map[string]string{}, answer: map[string]any{}})
		at = len(p.calls) - 1
	}
	p.calls[at].learn(i)
}

// learn adds one example to a call.
func (c *postmanCall) learn(i postmanItem) {
	sent := map[string]bool{}
	for _, q := range i.Request.URL.Query {
		sent[q.Key] = !q.Disabled
		if v := strings.TrimSuffix(strings.TrimPrefix(q.Value, "{{"), "}}"); v != q.Value {
			c.lists[q.Key+" "+v] = v
		}
	}
	if c.params == nil {
		c.params = sent
	} else {
		for k := range c.params {
			c.params[k] = c.params[k] && sent[k]
		}
		for k := range sent {
			c.params[k] = c.params[k] && sent[k]
		}
	}
	for _, r := range i.Response {
		var example map[string]any
		// Some examples stand for what varies: <string>, and "..." for more.
		body := strings.NewReplacer("<string>", `"string"`, `"<string>"`, `"string"`, "...\n", "", "},\n        ]", "}]").Replace(r.Body)
		body = regexp.MustCompile(`,\s*\]`).ReplaceAllString(body, "]")
		if json.Unmarshal([]byte(body), &example) != nil {
			continue
		}
		if data, ok := example["data"].([]any); ok {
			c.edge = true
			for _, d := range data {
				if o, ok := d.(map[string]any); ok {
					maps.Copy(c.answer, o)
				}
			}
			continue
		}
		maps.Copy(c.answer, example)
	}
}

// postmanFixed are parameters whose words the collection's variables list.
func postmanFixed() map[string]string {
	return map[string]string{"media_type": "media_type", "reply_control": "reply_control"}
}

// Judge implements Specification.
func (p *Postman) Judge(e Exchange) (string, bool, error) {
	c, err := graphCall(e)
	path := strings.TrimSuffix(c.ID+"/"+c.Edge, "/")
	for _, call := range p.calls {
		if call.method != c.Method || !call.match.MatchString(path) {
			continue
		}
		kind := call.method + " /" + call.path
		if err != nil || e.Status >= http.StatusInternalServerError {
			return kind, true, err
		}
		j := &graphJudge{g: &Graph{nodes: map[string]graphNode{}}, c: c}
		if e.Status/100 == 2 {
			p.request(j, call)
			p.answer(j, call, e.Answer)
		} else {
			graphRefusal(j, e.Answer)
		}
		return kind, true, errors.Join(j.wrong...)
	}
	return c.Method + " " + graphShape(c), false, nil
}

func (p *Postman) request(j *graphJudge, call postmanCall) {
	for _, name := range slices.Sorted(maps.Keys(call.params)) {
		if _, sent := j.c.Params[name]; call.params[name] && !sent && call.method == http.MethodPost {
			j.say("the required parameter %s was not sent", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(j.c.Params)) {
		text := fmt.Sprint(j.c.Params[name])
		// Every list can be paged: developers.facebook.com/docs/graph-api/results
		paging := call.edge && slices.Contains([]string{"limit", "after", "before"}, name)
		if _, ok := call.params[name]; !ok && name != "access_token" && !paging {
			j.say("parameter %s is not described", name)
		}
		if list := postmanFixed()[name]; list != "" && !slices.Contains(p.lists[list], text) {
			j.say("parameter %s is %s, not one of %v", name, text, p.lists[list])
		}
		if strings.HasPrefix(name, "is_") || name == "hide" || name == "auto_publish_text" || name == "reverse" {
			j.param(graphParam{Name: name, Type: "bool"}, j.c.Params[name])
		}
		if name != "fields" && name != "metric" {
			continue
		}
		for _, f := range graphSelection(text) {
			if !slices.Contains(p.allowed(call, name), f.name) {
				j.say("%s: no %s", name, f.name)
			}
		}
	}
}

// allowed is everything that a parameter may list in any example of the call.
func (p *Postman) allowed(call postmanCall, name string) []string {
	var all []string
	for key, variable := range call.lists {
		if strings.HasPrefix(key, name+" ") {
			all = append(all, p.lists[variable]...)
		}
	}
	return all
}

func (p *Postman) answer(j *graphJudge, call postmanCall, raw []byte) {
	var all map[string]any
	if err := json.Unmarshal(raw, &all); err != nil {
		j.say("the answer is no JSON object: %v", err)
		return
	}
	if !call.edge {
		p.object(j, call, all)
		return
	}
	data, ok := all["data"].([]any)
	if !ok {
		j.say("an edge answers with data")
	}
	j.page(all)
	for _, x := range data {
		if o, ok := x.(map[string]any); ok {
			p.object(j, call, o)
		} else {
			j.say("data holds %v", x)
		}
	}
}

// object holds one thing against the examples and against what was asked for.
func (p *Postman) object(j *graphJudge, call postmanCall, o map[string]any) {
	fields, _ := j.c.Params["fields"].(string)
	asked := []string{"id"}
	for _, f := range graphSelection(fields) {
		asked = append(asked, f.name)
	}
	for _, name := range slices.Sorted(maps.Keys(o)) {
		example, shown := call.answer[name]
		switch {
		case fields != "" && !slices.Contains(asked, name):
			j.say("%s comes unasked", name)
		case !shown && !slices.Contains(p.allowed(call, "fields"), name) && len(call.answer) > 0:
			j.say("%s is in no example", name)
		case shown && fmt.Sprintf("%T", example) != fmt.Sprintf("%T", o[name]):
			j.say("%s is %v, the example has %v", name, o[name], example)
		case name == "timestamp":
			text, _ := o[name].(string)
			if _, err := time.Parse("2006-01-02T15:04:05-0700", text); err != nil {
				j.say("timestamp is %q", text)
			}
		}
	}
}
