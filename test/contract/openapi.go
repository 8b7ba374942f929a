package contract

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// OpenAPIOptions say where a platform and its own document differ on purpose.
type OpenAPIOptions struct {
	// Prefix is what stands before the document's paths below the mount ("/v1").
	Prefix string
	// Mend corrects what the document says wrongly. Each correction needs its
	// reason beside it.
	Mend func(doc *openapi3.T)
	// FormAsJSON holds a form or multipart body against the schema for JSON,
	// where a platform takes either and documents one.
	FormAsJSON bool
	// Brackets reads name[]=a and name[key]=b as lists and objects (Rails).
	Brackets bool
	// NullIsAbsent takes null for a field that is not there.
	NullIsAbsent bool
	// Extra names fields that true exchanges have and the document lacks, as
	// "METHOD template" or "*" -> field names, each with its reason.
	Extra map[string]map[string]string
}

// OpenAPI is a Specification read from an OpenAPI document.
type OpenAPI struct {
	doc    *openapi3.T
	o      OpenAPIOptions
	prefix string
	paths  []template
}

type template struct {
	path    string
	item    *openapi3.PathItem
	match   *regexp.Regexp
	names   []string
	literal int
}

// LoadOpenAPI reads a document (JSON or YAML). It takes a third of a second for
// a large one: tests of one package share it.
func LoadOpenAPI(t testing.TB, file string, o OpenAPIOptions) *OpenAPI {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromFile(file)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	resolve(doc)
	if o.Mend != nil {
		o.Mend(doc)
	}
	a := &OpenAPI{doc: doc, o: o, prefix: o.Prefix}
	if len(doc.Servers) > 0 && a.prefix == "" {
		if u, err := url.Parse(doc.Servers[0].URL); err == nil {
			a.prefix = strings.TrimSuffix(u.Path, "/")
		}
	}
	for path, item := range doc.Paths.Map() {
		a.paths = append(a.paths, newTemplate(path, item))
	}
	// The most literal template wins: /2/users/me before /2/users/{id}.
	slices.SortFunc(a.paths, func(x, y template) int {
		if x.literal != y.literal {
			return y.literal - x.literal
		}
		return strings.Compare(x.path, y.path)
	})
	return a
}

// resolve finds the schemas that discriminators name, which the loader leaves.
func resolve(doc *openapi3.T) {
	if doc.Components == nil {
		return
	}
	for _, s := range doc.Components.Schemas {
		if s.Value == nil || s.Value.Discriminator == nil {
			continue
		}
		for kind, ref := range s.Value.Discriminator.Mapping {
			if to := doc.Components.Schemas[ref.Ref[strings.LastIndexByte(ref.Ref, '/')+1:]]; to != nil {
				ref.Value = to.Value
				s.Value.Discriminator.Mapping[kind] = ref
			}
		}
	}
}

var hole = regexp.MustCompile(`\{([^}]+)\}`)

func newTemplate(path string, item *openapi3.PathItem) template {
	t := template{path: path, item: item}
	var pattern strings.Builder
	at := 0
	for _, m := range hole.FindAllStringSubmatchIndex(path, -1) {
		pattern.WriteString(regexp.QuoteMeta(path[at:m[0]]) + "([^/]+)")
		t.literal += m[0] - at
		t.names = append(t.names, path[m[2]:m[3]])
		at = m[1]
	}
	t.literal += len(path) - at
	pattern.WriteString(regexp.QuoteMeta(path[at:]))
	t.match = regexp.MustCompile("^" + pattern.String() + "$")
	return t
}

// Judge implements Specification. A 5xx answer promises nothing and is not
// judged; a request that was refused as malformed (400, 422) is not either.
func (a *OpenAPI) Judge(e Exchange) (string, bool, error) {
	path, below := strings.CutPrefix(e.Path, a.prefix)
	t, params := a.find(e.Method, path)
	if t == nil || !below {
		return e.Method + " " + plain(e.Path), false, nil
	}
	op := t.item.GetOperation(e.Method)
	kind := e.Method + " " + t.path + " " + strconv.Itoa(e.Status)
	if e.Status >= 500 {
		return kind, true, nil
	}
	j := judgement{OpenAPI: a, e: e, t: t, op: op, params: params}
	if e.Status != http.StatusBadRequest && e.Status != http.StatusUnprocessableEntity {
		j.request()
	}
	j.answer()
	slices.Sort(j.wrong)
	if len(j.wrong) > 0 {
		return kind, true, errors.New(strings.Join(slices.Compact(j.wrong), "; "))
	}
	return kind, true, nil
}

// Operations are the document's own calls, "METHOD template".
func (a *OpenAPI) Operations() []string {
	var all []string
	for _, t := range a.paths {
		for method := range t.item.Operations() {
			all = append(all, method+" "+t.path)
		}
	}
	slices.Sort(all)
	return all
}

func (a *OpenAPI) find(method, path string) (*template, map[string]string) {
	for i, t := range a.paths {
		m := t.match.FindStringSubmatch(path)
		if m == nil || t.item.GetOperation(method) == nil {
			continue
		}
		params := map[string]string{}
		for k, name := range t.names {
			params[name] = m[k+1]
		}
		return &a.paths[i], params
	}
	return nil, nil
}

// plain is a path with its identifiers taken out, to name a kind.
func plain(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		digits := strings.Count(strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return '0'
			}
			return r
		}, p), "0")
		if digits > 4 {
			parts[i] = "{}"
		}
	}
	return strings.Join(parts, "/")
}

// judgement is one exchange under examination.
type judgement struct {
	*OpenAPI
	e      Exchange
	t      *template
	op     *openapi3.Operation
	params map[string]string
	wrong  []string
}

func (j *judgement) say(where, format string, args ...any) {
	j.wrong = append(j.wrong, where+": "+fmt.Sprintf(format, args...))
}

// excused says whether a field that the document lacks is known to exist.
func (j *judgement) excused(field string) bool {
	return j.o.Extra["*"][field] != "" || j.o.Extra[j.e.Method+" "+j.t.path][field] != ""
}

func (j *judgement) request() {
	query := j.e.Query
	if j.o.Brackets {
		query = url.Values{}
		for name, values := range j.e.Query {
			query[strings.TrimSuffix(name, "[]")] = values
		}
	}
	known := map[string]bool{}
	r := &http.Request{Method: j.e.Method, Header: j.e.Header, URL: &url.URL{Path: j.e.Path, RawQuery: query.Encode()}}
	input := &openapi3filter.RequestValidationInput{
		Request: r, PathParams: j.params, QueryParams: query,
		Route:   &routers.Route{Spec: j.doc, Path: j.t.path, PathItem: j.t.item, Method: j.e.Method, Operation: j.op},
		Options: &openapi3filter.Options{SkipSettingDefaults: true},
	}
	for _, ref := range slices.Concat(j.t.item.Parameters, j.op.Parameters) {
		p := ref.Value
		if p.In == openapi3.ParameterInQuery {
			known[p.Name], known[strings.TrimSuffix(p.Name, "[]")] = true, true
		}
		if p.In == openapi3.ParameterInHeader && p.Schema != nil && p.Schema.Value.Type.Is("object") {
			continue // documented as a header of any text, typed by mistake
		}
		if err := openapi3filter.ValidateParameter(context.Background(), input, p); err != nil {
			j.say(p.In+" "+p.Name, "%s", reason(err))
		}
	}
	for name := range query {
		if !known[name] && !j.excused(name) {
			j.say("query "+name, "not a parameter")
		}
	}
	j.requestBody()
}

func (j *judgement) requestBody() {
	body, declared := j.e.Body, j.op.RequestBody
	if len(body) == 0 {
		if declared != nil && declared.Value.Required {
			j.say("body", "required and missing")
		}
		return
	}
	if declared == nil {
		if strings.TrimSpace(string(body)) != "{}" {
			j.say("body", "this call has none")
		}
		return
	}
	schema, err := j.contentSchema(declared.Value.Content, j.e.Header.Get("Content-Type"))
	if err != nil {
		j.say("body", "%v", err)
		return
	}
	if schema == nil {
		return
	}
	value, err := j.decode(schema, j.e.Header.Get("Content-Type"), body)
	if err != nil {
		j.say("body", "%v", err)
		return
	}
	j.check("body", schema, value, openapi3.VisitAsRequest())
}

func (j *judgement) answer() {
	ref := j.op.Responses.Status(j.e.Status)
	if ref == nil {
		ref = j.op.Responses.Default()
	}
	if ref == nil {
		j.say("answer", "status %d is not documented", j.e.Status)
		return
	}
	content := ref.Value.Content
	if len(content) == 0 {
		return
	}
	kind := j.e.AnswerHeader.Get("Content-Type")
	if len(j.e.Answer) == 0 {
		j.say("answer", "empty, wanted %s", strings.Join(slices.Sorted(maps.Keys(content)), " or "))
		return
	}
	schema, err := j.contentSchema(content, kind)
	if err != nil {
		j.say("answer", "%v", err)
		return
	}
	if schema == nil {
		return
	}
	value, err := j.decode(schema, kind, j.e.Answer)
	if err != nil {
		j.say("answer", "%v", err)
		return
	}
	j.check("answer", schema, value, openapi3.VisitAsResponse())
}

// contentSchema picks the schema for a content type; nil where the document
// has none for it.
func (j *judgement) contentSchema(content openapi3.Content, header string) (*openapi3.Schema, error) {
	kind, _, _ := mime.ParseMediaType(header)
	m := content[kind]
	if m == nil {
		m = content["*/*"]
	}
	if m == nil && j.o.FormAsJSON && (kind == formType || kind == multipartType) {
		m = content["application/json"]
	}
	if m == nil {
		return nil, fmt.Errorf("content type %q is none of %v", header, slices.Sorted(maps.Keys(content)))
	}
	if m.Schema == nil {
		return nil, nil
	}
	return m.Schema.Value, nil
}

// check holds a value against a schema and looks for fields it does not have.
func (j *judgement) check(where string, schema *openapi3.Schema, value any, as openapi3.SchemaValidationOption) {
	if j.o.NullIsAbsent {
		value = withoutNulls(value)
	}
	if err := schema.VisitJSON(value, as, openapi3.MultiErrors()); err != nil {
		for _, one := range flat(err) {
			j.say(where, "%s", reason(one))
		}
	}
	for _, field := range unknown(schema, value, "") {
		name := field[strings.LastIndex(field, ".")+1:]
		if !j.excused(name) {
			j.say(where, "the document has no field %s", field)
		}
	}
}

func flat(err error) []error {
	many := openapi3.MultiError{}
	if !errors.As(err, &many) {
		return []error{err}
	}
	var all []error
	for _, one := range many {
		all = append(all, flat(one)...)
	}
	return all
}

// reason is an error without the schema and the value it prints.
func reason(err error) string {
	schema := &openapi3.SchemaError{}
	if errors.As(err, &schema) {
		return "/" + strings.Join(schema.JSONPointer(), "/") + " " + schema.Reason
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

func withoutNulls(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			if x != nil {
				out[k] = withoutNulls(x)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = withoutNulls(x)
		}
		return out
	}
	return v
}

// AnyOf passes an exchange that fits at least one specification whole: one of
// several versions or dialects of a platform.
func AnyOf(specs ...Specification) Specification { return anyOf(specs) }

type anyOf []Specification

// Judge implements Specification.
func (all anyOf) Judge(e Exchange) (string, bool, error) {
	var (
		kind    string
		covered bool
		errs    []error
	)
	for _, s := range all {
		k, known, err := s.Judge(e)
		if known && err == nil {
			return k, true, nil
		}
		if kind == "" || known {
			kind = k
		}
		covered = covered || known
		if err != nil {
			errs = append(errs, err)
		}
	}
	return kind, covered, errors.Join(errs...)
}
