package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxBody is above every platform's picture limit and below a film's.
const maxBody = 64 << 20

// call is one request, read whole: parameters from query, form, multipart or
// JSON, told apart only where a platform does.
type call struct {
	r       *http.Request
	base    string // scheme://host as the client sees it
	query   url.Values
	form    url.Values     // urlencoded or multipart fields
	json    map[string]any // JSON object body
	files   map[string]file
	raw     []byte          // the body as it came
	fetched map[string]file // files that the platform fetched from addresses in the call
	account *Account        // whose token it came with; nil without one
	token   *token
	now     time.Time
}

type file struct {
	name, typ string
	data      []byte
}

var errBody = errors.New("unreadable body")

// readCall takes a request's body apart.
func readCall(r *http.Request, now time.Time) (*call, error) {
	c := &call{r: r, base: "http://" + r.Host, query: r.URL.Query(), form: url.Values{}, files: map[string]file{}, now: now}
	if p := r.Header.Get("X-Forwarded-Proto"); p == "https" {
		c.base = "https://" + r.Host
	}
	if r.Body == nil {
		return c, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil || len(body) > maxBody {
		return c, fmt.Errorf("%w: %w", errBody, errors.Join(err, io.ErrShortBuffer))
	}
	c.raw = body
	return c, c.parse(r.Header.Get("Content-Type"), body)
}

// parse fills form, json and files from a body.
func (c *call) parse(contentType string, body []byte) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind = contentType
	}
	switch {
	case strings.HasPrefix(kind, "multipart/"):
		return c.parseParts(multipart.NewReader(bytes.NewReader(body), params["boundary"]))
	case kind == "application/json" || strings.HasSuffix(kind, "+json"):
		d := json.NewDecoder(bytes.NewReader(body))
		d.UseNumber()
		if err := d.Decode(&c.json); err != nil {
			return fmt.Errorf("%w: %w", errBody, err)
		}
		return nil
	case kind != "application/x-www-form-urlencoded" && kind != "":
		return nil // bytes of a file
	default:
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return fmt.Errorf("%w: %w", errBody, err)
		}
		c.form = form
		return nil
	}
}

func (c *call) parseParts(r *multipart.Reader) error {
	for {
		part, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %w", errBody, err)
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return fmt.Errorf("%w: %w", errBody, err)
		}
		// twitter-api-v2 sends its chunk without a file name, only typed.
		typ := part.Header.Get("Content-Type")
		if part.FileName() == "" && (typ == "" || strings.HasPrefix(typ, "text/")) {
			c.form.Add(part.FormName(), string(data))
			continue
		}
		c.files[part.FormName()] = file{name: part.FileName(), typ: typ, data: data}
	}
}

// value is one parameter as it was sent, from wherever it came.
func (c *call) value(name string) (any, bool) {
	if v, ok := c.json[name]; ok {
		return v, true
	}
	if v, ok := c.form[name]; ok {
		return v[0], true
	}
	if v, ok := c.query[name]; ok {
		return v[0], true
	}
	return nil, false
}

// has says whether a parameter was sent at all.
func (c *call) has(name string) bool { _, ok := c.value(name); return ok }

// str is a parameter as text; "" when it is missing or something else.
func (c *call) str(name string) string {
	v, _ := c.value(name)
	return asText(v)
}

func asText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// flag is a yes-or-no parameter in any of the spellings clients use.
func (c *call) flag(name string) bool {
	switch strings.ToLower(c.str(name)) {
	case "true", "1", "t", "yes", "on":
		return true
	}
	return false
}

// number is a parameter as a number, within bounds.
func (c *call) number(name string, fallback, low, high int) int {
	n, err := strconv.Atoi(c.str(name))
	if err != nil {
		return fallback
	}
	return min(max(n, low), high)
}

// object is a nested JSON object.
func (c *call) object(name string) map[string]any {
	v, _ := c.value(name)
	o, _ := v.(map[string]any)
	return o
}

// list is a list parameter: name[]=a&name[]=b, name=a,b, name[0]=a, a JSON
// array, or a JSON array inside a form field.
func (c *call) list(name string) []any {
	if v, ok := c.json[name]; ok {
		return asList(v)
	}
	for _, from := range []url.Values{c.form, c.query} {
		if v, ok := from[name+"[]"]; ok {
			return anys(v)
		}
		if v, ok := from[name]; ok && len(v) > 1 {
			return anys(v)
		} else if ok {
			return asList(v[0])
		}
		if out := indexed(from, name); len(out) > 0 {
			return out
		}
	}
	return nil
}

// texts is a list of texts.
func (c *call) texts(name string) []string {
	var out []string
	for _, v := range c.list(name) {
		if s := asText(v); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func indexed(from url.Values, name string) []any {
	var keys []string
	for k := range from {
		if strings.HasPrefix(k, name+"[") && strings.HasSuffix(k, "]") {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	var out []any
	for _, k := range keys {
		out = append(out, asList(from.Get(k))...)
	}
	return out
}

func asList(v any) []any {
	switch v := v.(type) {
	case []any:
		return v
	case string:
		var parsed []any
		if strings.HasPrefix(v, "[") && json.Unmarshal([]byte(v), &parsed) == nil {
			return parsed
		}
		var object map[string]any
		if strings.HasPrefix(v, "{") && json.Unmarshal([]byte(v), &object) == nil {
			return []any{object}
		}
		if v == "" {
			return nil
		}
		return anys(strings.Split(v, ","))
	case nil:
		return nil
	}
	return []any{v}
}

func anys(in []string) []any {
	out := make([]any, len(in))
	for i, s := range in {
		out[i] = s
	}
	return out
}
