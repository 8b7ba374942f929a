package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// BotAPI is Telegram's Bot API as PaulSonOfLars/telegram-bot-api-spec reads it
// from core.telegram.org: methods with their parameters, and types.
type BotAPI struct {
	Methods map[string]botMethod `json:"methods"`
	Types   map[string]botType   `json:"types"`
	lower   map[string]string    // method names are not case sensitive
}

type botMethod struct {
	Returns []string   `json:"returns"`
	Fields  []botField `json:"fields"`
}

type botType struct {
	Fields   []botField `json:"fields"`
	Subtypes []string   `json:"subtypes"`
}

type botField struct {
	Name        string   `json:"name"`
	Types       []string `json:"types"`
	Required    bool     `json:"required"`
	Description string   `json:"description"`
}

// Telegram reads the Bot API's description.
func Telegram(t testing.TB, file string) *BotAPI {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	api := &BotAPI{lower: map[string]string{}}
	if err := json.Unmarshal(raw, api); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	for name := range api.Methods {
		api.lower[strings.ToLower(name)] = name
	}
	return api
}

// Judge implements Specification.
func (a *BotAPI) Judge(e Exchange) (kind string, covered bool, err error) {
	_, called, ok := strings.Cut(strings.TrimPrefix(e.Path, "/bot"), "/")
	name := a.lower[strings.ToLower(called)]
	if !ok || name == "" {
		return e.Method + " " + called, false, nil
	}
	kind = fmt.Sprintf("%s %d", name, e.Status)
	if !strings.HasPrefix(e.AnswerHeader.Get("Content-Type"), "application/json") || bytes.Equal(e.Answer, []byte("{}")) || e.Status == http.StatusForbidden && bytes.Contains(e.Answer, []byte(`"title"`)) {
		return "an answer of somebody in between", false, nil
	}
	given, err := botParameters(e)
	if err == nil {
		err = a.request(a.Methods[name], given)
	}
	// A refused request may be wrong; an accepted one may not.
	if err != nil && e.Status == http.StatusOK {
		return kind, true, fmt.Errorf("request: %w", err)
	}
	if err := a.answer(a.Methods[name], e); err != nil {
		return kind, true, fmt.Errorf("answer: %w", err)
	}
	return kind, true, nil
}

// Type holds a value that the platform pushes against a type ("Update").
func (a *BotAPI) Type(kind string, raw []byte) error {
	var v any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return err
	}
	return a.fits(kind, v)
}

// botFile stands for an uploaded file among the parameters.
type botFile struct{}

// botParameters are a call's parameters: typed in JSON, text elsewhere.
func botParameters(e Exchange) (map[string]any, error) {
	all := map[string]any{}
	put := func(from url.Values) {
		for k, v := range from {
			all[k] = v[0]
		}
	}
	put(e.Query)
	kind, params, _ := mime.ParseMediaType(e.Header.Get("Content-Type")) // none at all for GET
	switch kind {
	case "application/json":
		d := json.NewDecoder(bytes.NewReader(e.Body))
		d.UseNumber()
		var body map[string]any
		if err := d.Decode(&body); err != nil {
			return nil, err
		}
		maps.Copy(all, body)
	case "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(e.Body))
		if err != nil {
			return nil, err
		}
		put(form)
	case "multipart/form-data":
		for r := multipart.NewReader(bytes.NewReader(e.Body), params["boundary"]); ; {
			part, err := r.NextPart()
			if err == io.EOF {
				break
			}
			if err != nil {
				return nil, err
			}
			raw, err := io.ReadAll(part)
			if err != nil {
				return nil, err
			}
			if part.FileName() != "" {
				all[part.FormName()] = botFile{}
			} else {
				all[part.FormName()] = string(raw)
			}
		}
	}
	return all, nil
}

// request holds parameters against a method's.
func (a *BotAPI) request(m botMethod, given map[string]any) error {
	known := map[string]botField{}
	for _, f := range m.Fields {
		known[f.Name] = f
		if v, ok := given[f.Name]; f.Required && (!ok || v == "") {
			return fmt.Errorf("%s is missing", f.Name)
		}
	}
	var said strings.Builder // where attached files are named
	for _, v := range given {
		fmt.Fprintln(&said, v)
	}
	for name, v := range given {
		f, ok := known[name]
		if _, file := v.(botFile); file && !ok {
			if !strings.Contains(said.String(), "attach://"+name) {
				return fmt.Errorf("the file %s belongs to nothing", name)
			}
			continue
		}
		if !ok {
			return fmt.Errorf("no parameter is called %s", name)
		}
		if err := a.parameter(f, v); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// parameter: outside JSON everything is text, and what is more than a number
// or a word is JSON inside of it.
func (a *BotAPI) parameter(f botField, v any) error {
	if _, file := v.(botFile); file {
		if slices.Contains(f.Types, "InputFile") {
			return nil
		}
		return fmt.Errorf("a file, want %v", f.Types)
	}
	if text, ok := v.(string); ok && !slices.Contains(f.Types, "String") {
		var typed any
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		if err := d.Decode(&typed); err != nil {
			return fmt.Errorf("%q, want %v", text, f.Types)
		}
		v = typed
	}
	return a.any(f, v)
}

// any says whether a value is of one of a field's types.
func (a *BotAPI) any(f botField, v any) error {
	var first error
	for _, t := range f.Types {
		err := a.fits(t, v)
		if err == nil {
			return worded(f.Description, v)
		}
		if first == nil {
			first = err
		}
	}
	return first
}

// fits holds a value against a type, without fields that the type does not have.
func (a *BotAPI) fits(kind string, v any) error {
	if of, ok := strings.CutPrefix(kind, "Array of "); ok {
		list, ok := v.([]any)
		if !ok {
			return fmt.Errorf("want %s, not %v", kind, v)
		}
		for _, one := range list {
			if err := a.fits(of, one); err != nil {
				return err
			}
		}
		return nil
	}
	ok := true
	switch kind {
	case "Integer":
		n, number := v.(json.Number)
		_, err := n.Int64()
		ok = number && err == nil
	case "Float":
		_, ok = v.(json.Number)
	case "String":
		_, ok = v.(string)
	case "Boolean", "True":
		_, ok = v.(bool)
	case "InputFile":
		ok = false // only a multipart form carries one
	default:
		return a.object(kind, v)
	}
	if !ok {
		return fmt.Errorf("want %s, not %v", kind, v)
	}
	return nil
}

func (a *BotAPI) object(kind string, v any) error {
	t, known := a.Types[kind]
	o, ok := v.(map[string]any)
	switch {
	case !known:
		return fmt.Errorf("the description has no type %s", kind)
	case !ok:
		return fmt.Errorf("want %s, not %v", kind, v)
	}
	if len(t.Subtypes) > 0 {
		var last error
		for _, s := range t.Subtypes {
			if last = a.object(s, v); last == nil {
				return nil
			}
		}
		return fmt.Errorf("none of %s: %w", kind, last)
	}
	known2 := map[string]bool{}
	for _, f := range t.Fields {
		known2[f.Name] = true
		one, there := o[f.Name]
		if !there {
			if f.Required {
				return fmt.Errorf("%s.%s is missing", kind, f.Name)
			}
			continue
		}
		if err := a.any(f, one); err != nil {
			return fmt.Errorf("%s.%s: %w", kind, f.Name, err)
		}
	}
	for name := range o {
		if !known2[name] {
			return fmt.Errorf("%s has no %s", kind, name)
		}
	}
	return nil
}

var (
	oneWord   = regexp.MustCompile(`(?:, must be|, always) "?([a-z_]+)"?`)
	manyWords = regexp.MustCompile(`can be either (.+)$`)
	quoted    = regexp.MustCompile(`"([a-z_]+)"`)
)

// worded: the description gives the allowed words in its prose.
func worded(description string, v any) error {
	word, ok := v.(string)
	if !ok {
		return nil
	}
	if m := oneWord.FindStringSubmatch(description); m != nil && m[1] != word {
		return fmt.Errorf("%q, want %q", word, m[1])
	}
	if m := manyWords.FindStringSubmatch(description); m != nil && !strings.Contains(m[1], `"`+word+`"`) && quoted.MatchString(m[1]) {
		return fmt.Errorf("%q, want %s", word, m[1])
	}
	return nil
}

// answer holds an answer against the envelope and the method's result.
func (a *BotAPI) answer(m botMethod, e Exchange) error {
	var r struct {
		OK          *bool           `json:"ok"`
		Result      json.RawMessage `json:"result"`
		Code        int             `json:"error_code"`
		Description *string         `json:"description"`
		Parameters  json.RawMessage `json:"parameters"`
	}
	d := json.NewDecoder(bytes.NewReader(e.Answer))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return err
	}
	if r.OK == nil || *r.OK != (e.Status == http.StatusOK) {
		return fmt.Errorf("ok is %v under %d", r.OK, e.Status)
	}
	typed := func(raw json.RawMessage) (v any, err error) {
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		return v, d.Decode(&v)
	}
	if !*r.OK {
		if r.Code != e.Status || r.Description == nil || *r.Description == "" {
			return fmt.Errorf("error_code %d and description %v under %d", r.Code, r.Description, e.Status)
		}
		if r.Parameters == nil {
			return nil
		}
		v, err := typed(r.Parameters)
		if err != nil {
			return err
		}
		return a.object("ResponseParameters", v)
	}
	v, err := typed(r.Result)
	if err != nil {
		return fmt.Errorf("result: %w", err)
	}
	return a.any(botField{Types: m.Returns}, v)
}
