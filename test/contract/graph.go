package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Graph is the specification that Meta generates its business SDKs from: for
// each node its fields, and for each edge and method the parameters and what
// comes back.
type Graph struct {
	nodes map[string]graphNode
	enums map[string][]string
	o     GraphOptions
}

// GraphOptions say what the specification leaves to its reader.
type GraphOptions struct {
	// Nodes are what an id may stand for, best first; none is nothing that the
	// specification has.
	Nodes func(id, edge string, c GraphCall) []string
	// Same are edges that stand in the documentation under another name.
	Same map[string]string
	// Extra are parameters ("POST Page/photos source") and fields of answers
	// ("Page/photos post_id") that true calls have and the specification lacks,
	// each with its reason.
	Extra map[string]string
}

// GraphCall is a request in Graph's terms: either dialect, the method override
// and every way to carry parameters read.
type GraphCall struct {
	Method, ID, Edge string
	Params           map[string]any
}

type graphNode struct {
	APIs   []graphAPI
	Fields []graphField
	fields map[string]string
	edges  map[string]graphAPI // by GET
}

type graphAPI struct {
	Method, Endpoint, Name, Return string
	Params                         []graphParam
}

type graphParam struct {
	Name, Type string
	Required   bool
}

type graphField struct{ Name, Type string }

// LoadGraph reads a folder of node specifications.
func LoadGraph(t testing.TB, folder string, o GraphOptions) *Graph {
	t.Helper()
	g := &Graph{nodes: map[string]graphNode{}, enums: map[string][]string{}, o: o}
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: no specifications: %v", folder, err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		if name == "enum_types" {
			var all []struct {
				Name   string
				Values []string
			}
			if err := json.Unmarshal(raw, &all); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			for _, e := range all {
				g.enums[e.Name] = e.Values
			}
			continue
		}
		n := graphNode{fields: map[string]string{}, edges: map[string]graphAPI{}}
		if err := json.Unmarshal(raw, &n); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, f := range n.Fields {
			n.fields[f.Name] = f.Type
		}
		for _, a := range n.APIs {
			if a.Method == http.MethodGet && a.Endpoint != "" {
				n.edges[a.Endpoint] = a
			}
		}
		g.nodes[name] = n
	}
	return g
}

var graphVersion = regexp.MustCompile(`^v\d+\.\d+$`)

// Judge implements Specification.
func (g *Graph) Judge(e Exchange) (string, bool, error) {
	c, err := graphCall(e)
	kind := c.Method + " /" + c.ID
	if err != nil {
		return kind, true, err
	}
	names := g.o.Nodes(c.ID, c.Edge, c)
	api, node := g.find(names, c)
	if node == "" {
		if len(names) > 0 {
			return c.Method + " " + names[0] + "/" + c.Edge, false, nil
		}
		return c.Method + " " + graphShape(c), false, nil
	}
	kind = strings.TrimSuffix(c.Method+" "+node+"/"+c.Edge, "/")
	if e.Status >= http.StatusInternalServerError {
		return kind, true, nil // promises nothing
	}
	j := &graphJudge{g: g, c: c, node: node, api: api}
	if e.Status/100 == 2 {
		j.request()
		j.answer(e.Answer)
	} else {
		graphRefusal(j, e.Answer)
	}
	return kind, true, errors.Join(j.wrong...)
}

// graphShape is a path without its ids, for what nothing is known of.
func graphShape(c GraphCall) string {
	id := c.ID
	if c.Edge == "uploads" {
		id = "{app}"
	} else if strings.ContainsAny(id, "0123456789") {
		id = "{id}"
		if before, _, ok := strings.Cut(c.ID, ":"); ok {
			id = before + ":{id}"
		}
	}
	edge := regexp.MustCompile(`[0-9][0-9_]{5,}`).ReplaceAllString(c.Edge, "{id}")
	return strings.TrimSuffix("/"+id+"/"+edge, "/")
}

// find is the call's description on the first node that has it.
func (g *Graph) find(names []string, c GraphCall) (graphAPI, string) {
	for _, name := range names {
		for _, a := range g.nodes[name].APIs {
			plain := map[string]string{http.MethodGet: "#get", http.MethodPost: "#update", http.MethodDelete: "#delete"}[c.Method]
			other := g.o.Same[c.Edge]
			if a.Method == c.Method && (c.Edge != "" && (a.Endpoint == c.Edge || other != "" && a.Endpoint == other) || c.Edge == "" && a.Name == plain) {
				return a, name
			}
		}
	}
	return graphAPI{}, ""
}

// graphCall reads a request in either of the clients' dialects.
func graphCall(e Exchange) (GraphCall, error) {
	c := GraphCall{Method: e.Method, Params: map[string]any{}}
	path := strings.Trim(e.Path, "/")
	if first, rest, _ := strings.Cut(path, "/"); graphVersion.MatchString(first) {
		path = rest
	}
	c.ID, c.Edge, _ = strings.Cut(path, "/")
	for k, v := range e.Query {
		c.Params[strings.TrimSuffix(k, "[]")] = v[0]
	}
	kind, params, _ := mime.ParseMediaType(e.Header.Get("Content-Type"))
	switch kind {
	case "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(e.Body))
		if err != nil {
			return c, err
		}
		for k, v := range form {
			c.Params[strings.TrimSuffix(k, "[]")] = v[0]
		}
	case "multipart/form-data":
		form, err := multipart.NewReader(strings.NewReader(string(e.Body)), params["boundary"]).ReadForm(64 << 20)
		if err != nil {
			return c, err
		}
		for k, v := range form.Value {
			c.Params[k] = v[0]
		}
		for k := range form.File {
			c.Params[k] = graphFile{}
		}
	case "application/json":
		var all map[string]any
		if len(e.Body) > 0 && json.Unmarshal(e.Body, &all) != nil {
			return c, errors.New("the body is no JSON object")
		}
		maps.Copy(c.Params, all)
	}
	if m, ok := c.Params["method"].(string); ok && e.Method == http.MethodPost {
		c.Method = strings.ToUpper(m)
	}
	return c, nil
}

type graphFile struct{}

// graphEvery are the parameters that every call of the Graph API takes.
// https://developers.facebook.com/docs/graph-api/overview
func graphEvery() []string {
	return []string{"access_token", "appsecret_proof", "fields", "format", "method", "limit", "after", "before", "date_format", "summary", "pretty", "offset", "until", "__paging_token", "id"}
}

type graphJudge struct {
	g     *Graph
	c     GraphCall
	node  string
	api   graphAPI
	wrong []error
}

func (j *graphJudge) say(format string, args ...any) {
	err := fmt.Errorf(format, args...)
	if !slices.ContainsFunc(j.wrong, func(w error) bool { return w.Error() == err.Error() }) {
		j.wrong = append(j.wrong, err)
	}
}

// request holds the parameters against the description.
func (j *graphJudge) request() {
	known := map[string]graphParam{}
	for _, p := range j.api.Params {
		known[p.Name] = p
		if _, sent := j.c.Params[p.Name]; p.Required && !sent {
			j.say("the required parameter %s was not sent", p.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(j.c.Params)) {
		p, ok := known[name]
		switch {
		case ok:
			j.param(p, j.c.Params[name])
		case slices.Contains(graphEvery(), name), j.g.o.Extra[j.c.Method+" "+j.node+"/"+j.c.Edge+" "+name] != "":
		default:
			j.say("parameter %s is not described", name)
		}
	}
	if fields, ok := j.c.Params["fields"].(string); ok {
		j.selection(j.returned(), fields)
	}
}

// returned is the node whose fields come back.
func (j *graphJudge) returned() string {
	if j.c.Edge == "" {
		return j.node
	}
	return j.api.Return
}

// selection holds fields= against a node's fields and edges.
func (j *graphJudge) selection(node, fields string) {
	n, ok := j.g.nodes[node]
	if !ok {
		return // a node that the folder does not have
	}
	for _, f := range graphSelection(fields) {
		kind, field := n.fields[f.name]
		edge, isEdge := n.edges[f.name]
		switch {
		case field && f.inner != "":
			j.selection(kind, f.inner)
		case isEdge && f.inner != "":
			j.selection(edge.Return, f.inner)
		case !field && !isEdge && f.name != "id":
			j.say("%s has no field %s", node, f.name)
		}
	}
}

type graphSelected struct{ name, inner string }

// graphSelection splits a,b.limit(2){c,d} at its own level.
func graphSelection(s string) (out []graphSelected) {
	depth, start := 0, 0
	add := func(part string) {
		inner := ""
		if i := strings.IndexByte(part, '{'); i >= 0 {
			inner, part = strings.TrimSuffix(part[i+1:], "}"), part[:i]
		}
		name, _, _ := strings.Cut(part, ".")
		if name = strings.TrimSpace(name); name != "" {
			out = append(out, graphSelected{name: name, inner: inner})
		}
	}
	for i, r := range s {
		switch r {
		case '{', '(':
			depth++
		case '}', ')':
			depth--
		case ',':
			if depth == 0 {
				add(s[start:i])
				start = i + 1
			}
		}
	}
	add(s[start:])
	return out
}
