package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Discovery is a Specification read from a Google API discovery document
// (developers.google.com/discovery/v1/reference/apis).
type Discovery struct {
	doc     discoveryDoc
	methods []discoveryMethod
}

type discoveryDoc struct {
	Parameters map[string]discoverySchema   `json:"parameters"`
	Schemas    map[string]discoverySchema   `json:"schemas"`
	Resources  map[string]discoveryResource `json:"resources"`
}

type discoveryResource struct {
	Methods   map[string]discoveryMethod   `json:"methods"`
	Resources map[string]discoveryResource `json:"resources"`
}

type discoveryMethod struct {
	ID         string                     `json:"id"`
	HTTPMethod string                     `json:"httpMethod"`
	Path       string                     `json:"path"`
	Parameters map[string]discoverySchema `json:"parameters"`
	Request    *discoverySchema           `json:"request"`
	Response   *discoverySchema           `json:"response"`
	Upload     *struct {
		Protocols map[string]struct {
			Path string `json:"path"`
		} `json:"protocols"`
	} `json:"mediaUpload"`

	match    *regexp.Regexp
	byUpload bool
}

type discoverySchema struct {
	Ref        string                     `json:"$ref"`
	Type       string                     `json:"type"`
	Format     string                     `json:"format"`
	Enum       []string                   `json:"enum"`
	Pattern    string                     `json:"pattern"`
	Minimum    string                     `json:"minimum"`
	Maximum    string                     `json:"maximum"`
	Required   bool                       `json:"required"`
	Repeated   bool                       `json:"repeated"`
	Location   string                     `json:"location"`
	Items      *discoverySchema           `json:"items"`
	Properties map[string]discoverySchema `json:"properties"`
	Additional *discoverySchema           `json:"additionalProperties"`
}

// LoadDiscovery reads a discovery document.
func LoadDiscovery(t testing.TB, file string) *Discovery {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	d := &Discovery{}
	if err := json.Unmarshal(raw, &d.doc); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	for _, r := range d.doc.Resources {
		d.collect(r)
	}
	if len(d.methods) == 0 || len(d.doc.Schemas) == 0 {
		t.Fatalf("%s: no methods or no schemas", file)
	}
	return d
}

func (d *Discovery) collect(r discoveryResource) {
	for _, m := range r.Methods {
		m.match = discoveryPath("/" + strings.TrimPrefix(m.Path, "/"))
		d.methods = append(d.methods, m)
		if m.Upload == nil {
			continue
		}
		for _, p := range m.Upload.Protocols {
			up := m
			up.match, up.byUpload = discoveryPath(p.Path), true
			d.methods = append(d.methods, up)
		}
	}
	for _, below := range r.Resources {
		d.collect(below)
	}
}

func discoveryPath(path string) *regexp.Regexp {
	return regexp.MustCompile("^" + hole.ReplaceAllString(strings.ReplaceAll(path, ".", `\.`), `([^/]+)`) + "$")
}

// ErrorBody is the kind of every 4xx answer: a discovery document says nothing
// of errors.
const ErrorBody = "an error's body"

// Judge implements Specification. A 5xx answer promises nothing; a request that
// was refused is not judged, it may be wrong on purpose.
func (d *Discovery) Judge(e Exchange) (string, bool, error) {
	m, ok := d.find(e)
	if !ok {
		return e.Method + " " + e.Path, false, nil
	}
	kind := fmt.Sprintf("%s %d", m.ID, e.Status)
	if e.Status >= 500 {
		return kind, true, nil
	}
	if e.Status >= 400 {
		return ErrorBody, false, nil
	}
	j := &discoveryJudge{d: d}
	chunk := m.byUpload && e.Query.Has("upload_id")
	if chunk {
		kind = fmt.Sprintf("%s, a chunk %d", m.ID, e.Status)
		j.chunk(e)
	} else {
		j.parameters(m, e)
		j.body(m, e)
	}
	j.answer(m, e, chunk)
	if len(j.wrong) > 0 {
		slices.Sort(j.wrong)
		return kind, true, errors.New(strings.Join(slices.Compact(j.wrong), "; "))
	}
	return kind, true, nil
}

func (d *Discovery) find(e Exchange) (discoveryMethod, bool) {
	for _, m := range d.methods {
		// The chunks of an upload go to the same address by PUT, too.
		verb := e.Method == m.HTTPMethod || m.byUpload && e.Method == http.MethodPut && e.Query.Has("upload_id")
		if verb && m.match.MatchString(e.Path) {
			return m, true
		}
	}
	return discoveryMethod{}, false
}

type discoveryJudge struct {
	d     *Discovery
	wrong []string
}

func (j *discoveryJudge) say(format string, args ...any) {
	j.wrong = append(j.wrong, fmt.Sprintf(format, args...))
}

var wantedRange = regexp.MustCompile(`^bytes (\*|\d+-\d+)/(\*|\d+)$`)

func (j *discoveryJudge) chunk(e Exchange) {
	if r := e.Header.Get("Content-Range"); r != "" && !wantedRange.MatchString(r) {
		j.say("Content-Range %q", r)
	}
}

func (j *discoveryJudge) parameters(m discoveryMethod, e Exchange) {
	for name, values := range e.Query {
		p, ok := m.Parameters[name]
		if !ok {
			p, ok = j.d.doc.Parameters[name]
		}
		if !ok || p.Location != "" && p.Location != "query" {
			j.say("parameter %s is unknown", name)
			continue
		}
		if len(values) > 1 && !p.Repeated {
			j.say("parameter %s is given %d times", name, len(values))
		}
		for _, v := range values {
			j.parameter(name, p, v)
		}
	}
	for name, p := range m.Parameters {
		if p.Required && p.Location != "path" && !e.Query.Has(name) {
			j.say("parameter %s is missing", name)
		}
	}
}

func (j *discoveryJudge) parameter(name string, p discoverySchema, value string) {
	switch p.Type {
	case "boolean":
		if value != "true" && value != "false" {
			j.say("parameter %s: %q is no boolean", name, value)
		}
	case "integer":
		n, err := strconv.ParseInt(value, 10, 64)
		low, _ := strconv.ParseInt(p.Minimum, 10, 64) // "" is no bound
		high, _ := strconv.ParseInt(p.Maximum, 10, 64)
		if err != nil || p.Minimum != "" && n < low || p.Maximum != "" && n > high {
			j.say("parameter %s: %q", name, value)
		}
	}
	if len(p.Enum) > 0 && !slices.Contains(p.Enum, value) {
		j.say("parameter %s: %q is not one of %v", name, value, p.Enum)
	}
	if p.Pattern != "" && !regexp.MustCompile(p.Pattern).MatchString(value) {
		j.say("parameter %s: %q is not like %s", name, value, p.Pattern)
	}
}

// body holds a request's resource against its schema: the whole body, or the
// first part of an upload in one piece.
func (j *discoveryJudge) body(m discoveryMethod, e Exchange) {
	raw := e.Body
	kind, params, _ := mime.ParseMediaType(e.Header.Get("Content-Type")) // "" fits nothing below
	switch {
	case m.byUpload && kind == "multipart/related":
		part, err := multipart.NewReader(bytes.NewReader(raw), params["boundary"]).NextPart()
		if err != nil {
			j.say("the upload's first part: %v", err)
			return
		}
		if raw, err = io.ReadAll(part); err != nil {
			j.say("the upload's first part: %v", err)
			return
		}
	case m.Request == nil && m.byUpload:
		return // bytes only
	case m.Request == nil:
		if len(raw) > 0 {
			j.say("a body of %d bytes where none belongs", len(raw))
		}
		return
	case kind != "application/json":
		j.say("Content-Type %q", kind)
		return
	}
	j.document("request", *m.Request, raw)
}

func (j *discoveryJudge) answer(m discoveryMethod, e Exchange, chunk bool) {
	switch {
	case e.Status == http.StatusPermanentRedirect && chunk:
		if len(e.Answer) > 0 {
			j.say("308 with a body")
		}
	case m.byUpload && !chunk && e.Query.Get("uploadType") == "resumable":
		if e.AnswerHeader.Get("Location") == "" {
			j.say("a session without an address")
		}
	case m.Response == nil:
		if e.Status != http.StatusNoContent || len(e.Answer) > 0 {
			j.say("answered %d with %d bytes where 204 and nothing belong", e.Status, len(e.Answer))
		}
	case e.Status/100 != 2:
		j.say("status %d", e.Status)
	default:
		j.document("answer", *m.Response, e.Answer)
	}
}

func (j *discoveryJudge) document(where string, s discoverySchema, raw []byte) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		j.say("%s: %v", where, err)
		return
	}
	j.value(where, s, v)
}

// value holds one value against its schema; fields nobody declared are wrong.
func (j *discoveryJudge) value(where string, s discoverySchema, v any) {
	if s.Ref != "" {
		s = j.d.doc.Schemas[s.Ref]
	}
	switch s.Type {
	case "object":
		o, ok := v.(map[string]any)
		if !ok {
			j.say("%s is no object", where)
			return
		}
		for name, below := range o {
			p, known := s.Properties[name]
			if !known && s.Additional != nil {
				p, known = *s.Additional, true
			}
			if !known {
				j.say("%s.%s is unknown", where, name)
				continue
			}
			j.value(where+"."+name, p, below)
		}
	case "array":
		list, ok := v.([]any)
		if !ok {
			j.say("%s is no list", where)
			return
		}
		for _, below := range list {
			j.value(where+"[]", *s.Items, below)
		}
	case "any":
	default:
		j.scalar(where, s, v)
	}
}

func (j *discoveryJudge) scalar(where string, s discoverySchema, v any) {
	text, isText := v.(string)
	number, isNumber := v.(json.Number)
	_, isBool := v.(bool)
	var err error
	switch {
	case s.Type == "string" && isText:
		err = textOf(s.Format, text)
	case s.Type == "boolean" && isBool:
	case s.Type == "number" && isNumber:
	case s.Type == "integer" && isNumber:
		_, err = strconv.ParseInt(number.String(), 10, 64)
	default:
		err = fmt.Errorf("%T is no %s", v, s.Type)
	}
	if err == nil && isText && len(s.Enum) > 0 && !slices.Contains(s.Enum, text) {
		err = fmt.Errorf("%q is not one of %v", text, s.Enum)
	}
	if err != nil {
		j.say("%s: %v", where, err)
	}
}

// textOf is a string's format: 64-bit numbers travel as strings.
func textOf(format, text string) (err error) {
	switch format {
	case "uint64":
		_, err = strconv.ParseUint(text, 10, 64)
	case "int64":
		_, err = strconv.ParseInt(text, 10, 64)
	case "date-time":
		_, err = time.Parse(time.RFC3339, text)
	}
	return err
}
