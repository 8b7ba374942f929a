package contract

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Lexicons is the AT Protocol's own specification: one document for each
// method and record, in JSON (atproto.com/specs/lexicon).
func Lexicons(t testing.TB) Specification {
	t.Helper()
	root := filepath.Join(Path(t, "atproto-lexicons"), "lexicons")
	l := lexicons{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".json" {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var doc struct {
			ID   string
			Defs map[string]lexDef
		}
		if err := json.Unmarshal(raw, &doc); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		for name, def := range doc.Defs {
			def.home = doc.ID
			l[doc.ID+"#"+name] = &def
		}
		return nil
	})
	if err != nil || len(l) < 500 {
		t.Fatalf("%d definitions: %v", len(l), err)
	}
	return l
}

// lexicons are the definitions by "NSID#name".
type lexicons map[string]*lexDef

// lexDef is one schema of a lexicon, whatever its type.
type lexDef struct {
	Type       string
	Properties map[string]*lexDef
	Required   []string
	Nullable   []string
	Items      *lexDef
	Ref        string
	Refs       []string
	Record     *lexDef

	Parameters    *lexDef
	Input, Output *struct {
		Encoding string
		Schema   *lexDef
	}
	Errors []struct{ Name string }

	Format                     string
	MinLength, MaxLength       *int
	MinGraphemes, MaxGraphemes *int
	Minimum, Maximum           *int
	Enum, KnownValues          []any
	Const                      any
	Accept                     []string
	MaxSize                    int

	home string // NSID that "#name" refers into
}

// everywhere are the errors that every method may give (atproto.com/specs/xrpc
// and the PDS's token checks).
const everywhere = " InvalidRequest AuthMissing AuthenticationRequired InvalidToken ExpiredToken RateLimitExceeded PayloadTooLarge " +
	"InternalServerError UpstreamFailure MethodNotImplemented XRPCNotSupported BlobNotFound InvalidMimeType InvalidSize BlobTooLarge RecordNotFound "

// Judge implements Specification.
func (l lexicons) Judge(e Exchange) (string, bool, error) {
	nsid, ok := strings.CutPrefix(e.Path, "/xrpc/")
	kind := e.Method + " " + nsid + " " + strconv.Itoa(e.Status)
	method := l[nsid+"#main"]
	if !ok || method == nil || method.Type != "query" && method.Type != "procedure" {
		return e.Method + " " + e.Path, false, nil
	}
	v := &lexCheck{l: l}
	if want := map[string]string{"query": http.MethodGet, "procedure": http.MethodPost}[method.Type]; e.Method != want {
		v.no("", "is sent by %s, not %s", want, e.Method)
	}
	if strings.HasPrefix(nsid, "chat.bsky.") && e.Header.Get("Atproto-Proxy") != "did:web:api.bsky.chat#bsky_chat" {
		v.no("", "is for the chat service, and no atproto-proxy header says so")
	}
	v.params(method.Parameters, e.Query)
	v.input(method, e)
	v.answer(method, e)
	return kind, true, v.err()
}

// lexCheck collects what does not fit.
type lexCheck struct {
	l     lexicons
	wrong []string
}

func (v *lexCheck) no(where, format string, args ...any) {
	v.wrong = append(v.wrong, where+" "+fmt.Sprintf(format, args...))
}

func (v *lexCheck) err() error {
	if len(v.wrong) == 0 {
		return nil
	}
	return fmt.Errorf("%s", strings.Join(v.wrong, "; "))
}

// params holds a query string against a method's parameters.
func (v *lexCheck) params(want *lexDef, query url.Values) {
	if want == nil {
		want = &lexDef{}
	}
	for name, values := range query {
		def := want.Properties[name]
		if def == nil {
			v.no("parameter "+name, "is unknown")
			continue
		}
		if def.Type != "array" && len(values) != 1 {
			v.no("parameter "+name, "is given %d times", len(values))
		}
		item := def
		if def.Type == "array" {
			item = def.Items
			v.bounds("parameter "+name, "elements", len(values), def.MinLength, def.MaxLength)
		}
		for _, text := range values {
			v.value(item, typed(item.Type, text), "parameter "+name)
		}
	}
	for _, name := range want.Required {
		if !query.Has(name) {
			v.no("parameter "+name, "is missing")
		}
	}
}

// typed is a parameter's text as the JSON value it stands for.
func typed(kind, text string) any {
	switch kind {
	case "integer":
		return json.Number(text)
	case "boolean":
		if text == "true" || text == "false" {
			return text == "true"
		}
	}
	return text
}

// input holds a request's body against a procedure's input.
func (v *lexCheck) input(method *lexDef, e Exchange) {
	if method.Input == nil {
		if len(e.Body) > 0 {
			v.no("input", "is not asked for")
		}
		return
	}
	kind, _, _ := mime.ParseMediaType(e.Header.Get("Content-Type")) // none: ""
	if want := method.Input.Encoding; want != kind && want != "*/*" || kind == "" {
		v.no("input", "is %q, not %s", kind, want)
	}
	if method.Input.Schema == nil {
		if len(e.Body) == 0 {
			v.no("input", "is empty")
		}
		return
	}
	if body, ok := v.json(e.Body, "input"); ok {
		v.value(method.Input.Schema.in(method.home), body, "input")
	}
}

func (v *lexCheck) json(raw []byte, where string) (any, bool) {
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber()
	var body any
	if err := d.Decode(&body); err != nil {
		v.no(where, "is not JSON: %v", err)
		return nil, false
	}
	return body, true
}

// answer holds what came back against a method's output or its errors. What a
// gateway in between says (the faults of the sandbox) is nobody's contract.
func (v *lexCheck) answer(method *lexDef, e Exchange) {
	kind, _, _ := mime.ParseMediaType(e.AnswerHeader.Get("Content-Type")) // none: ""
	switch {
	case e.Status/100 == 2 && method.Output == nil:
		if len(e.Answer) > 0 {
			v.no("answer", "is not promised")
		}
	case e.Status/100 == 2:
		if kind != method.Output.Encoding {
			v.no("answer", "is %q, not %s", kind, method.Output.Encoding)
		}
		if body, ok := v.json(e.Answer, "answer"); ok && method.Output.Schema != nil {
			v.value(method.Output.Schema.in(method.home), body, "answer")
		}
	case kind == "text/html" || kind == "application/problem+json" || e.Status == http.StatusServiceUnavailable:
	case method.home == "app.bsky.video.uploadVideo" && e.Status == http.StatusConflict:
		// The service answers a film that it has with the job in the error.
	default:
		v.complaint(method, e)
	}
}

func (v *lexCheck) complaint(method *lexDef, e Exchange) {
	body, ok := v.json(e.Answer, "error")
	m, isObject := body.(map[string]any)
	if !ok || !isObject {
		v.no("error", "is no object")
		return
	}
	for name, x := range m {
		if _, text := x.(string); !text || name != "error" && name != "message" {
			v.no("error."+name, "is unknown or no text")
		}
	}
	name, _ := m["error"].(string)
	own := slices.ContainsFunc(method.Errors, func(e struct{ Name string }) bool { return e.Name == name })
	if !own && (name == "" || !strings.Contains(everywhere, " "+name+" ")) {
		v.no("error", "%q is not among the method's errors", name)
	}
}

// in says where the schema's own references lead.
func (d *lexDef) in(home string) *lexDef {
	if d == nil || d.home != "" {
		return d
	}
	c := *d
	c.home = home
	return &c
}
