package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

const (
	formType      = "application/x-www-form-urlencoded"
	multipartType = "multipart/form-data"
)

// decode reads a body into the values that schemas are held against. Texts of
// a form take the type that the schema wants, where they can.
func (j *judgement) decode(schema *openapi3.Schema, header string, body []byte) (any, error) {
	kind, params, _ := mime.ParseMediaType(header)
	switch {
	case kind == "application/json" || strings.HasSuffix(kind, "+json"):
		d := json.NewDecoder(bytes.NewReader(body))
		d.UseNumber()
		var v any
		if err := d.Decode(&v); err != nil {
			return nil, fmt.Errorf("not JSON: %w", err)
		}
		return v, nil
	case kind == formType:
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, err
		}
		return j.typed(schema, form), nil
	case kind == multipartType:
		form, err := parts(body, params["boundary"])
		if err != nil {
			return nil, err
		}
		return j.typed(schema, form), nil
	}
	return string(body), nil
}

// parts are a multipart body's fields; a file is its bytes as text.
func parts(body []byte, boundary string) (url.Values, error) {
	r := multipart.NewReader(bytes.NewReader(body), boundary)
	form := url.Values{}
	for {
		part, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return form, nil
		}
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return nil, err
		}
		form.Add(part.FormName(), string(data))
	}
}

func (j *judgement) typed(schema *openapi3.Schema, form url.Values) any {
	out := map[string]any{}
	for name, values := range form {
		var v any = values[0]
		steps := []string{name}
		if j.o.Brackets {
			steps = strings.Split(strings.ReplaceAll(name, "]", ""), "[")
		}
		if len(values) > 1 || steps[len(steps)-1] == "" && len(steps) > 1 {
			list := make([]any, len(values))
			for i, s := range values {
				list[i] = s
			}
			v = list
		}
		if len(steps) > 1 && steps[len(steps)-1] == "" {
			steps = steps[:len(steps)-1]
		}
		put(out, steps, v)
	}
	return coerce(schema, out)
}

func put(into map[string]any, steps []string, v any) {
	for len(steps) > 1 {
		next, ok := into[steps[0]].(map[string]any)
		if !ok {
			next = map[string]any{}
			into[steps[0]] = next
		}
		into, steps = next, steps[1:]
	}
	into[steps[0]] = v
}

// coerce gives the texts of a form the types of a schema.
func coerce(schema *openapi3.Schema, v any) any {
	if schema == nil {
		return v
	}
	switch v := v.(type) {
	case map[string]any:
		for name, x := range v {
			if p := property(schema, name); p != nil {
				v[name] = coerce(p, x)
			}
		}
	case []any:
		for i, x := range v {
			v[i] = coerce(items(schema), x)
		}
	case string:
		return coerceText(schema, v)
	}
	return v
}

func coerceText(schema *openapi3.Schema, s string) any {
	if wants(schema, "string") {
		return s
	}
	var parsed any
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	ok := d.Decode(&parsed) == nil
	switch parsed.(type) {
	case json.Number:
		if ok && (wants(schema, "integer") || wants(schema, "number")) {
			return parsed
		}
	case bool:
		if ok && wants(schema, "boolean") {
			return parsed
		}
	case map[string]any, []any:
		return parsed
	}
	if wants(schema, "array") {
		return []any{coerce(items(schema), s)}
	}
	return s
}

func wants(schema *openapi3.Schema, kind string) bool {
	return schema.Type.Includes(kind) || slices.ContainsFunc(branches(schema), func(s *openapi3.Schema) bool { return wants(s, kind) })
}

func items(schema *openapi3.Schema) *openapi3.Schema {
	if schema == nil {
		return nil
	}
	if schema.Items != nil {
		return schema.Items.Value
	}
	for _, s := range branches(schema) {
		if found := items(s); found != nil {
			return found
		}
	}
	return nil
}

func property(schema *openapi3.Schema, name string) *openapi3.Schema {
	if p := schema.Properties[name]; p != nil {
		return p.Value
	}
	for _, s := range branches(schema) {
		if found := property(s, name); found != nil {
			return found
		}
	}
	return nil
}

// branches are the schemas that a schema is composed of.
func branches(schema *openapi3.Schema) []*openapi3.Schema {
	var all []*openapi3.Schema
	for _, refs := range []openapi3.SchemaRefs{schema.AllOf, schema.OneOf, schema.AnyOf} {
		for _, ref := range refs {
			all = append(all, ref.Value)
		}
	}
	return all
}

// unknown are the fields of a value that no branch of its schema has. A schema
// that says nothing about an object's fields leaves them free.
func unknown(schema *openapi3.Schema, v any, where string) []string {
	return unknownIn([]*openapi3.Schema{schema}, v, where)
}

func unknownIn(schemas []*openapi3.Schema, v any, where string) []string {
	all := expand(schemas, v, map[*openapi3.Schema]bool{})
	var out []string
	switch v := v.(type) {
	case []any:
		var of []*openapi3.Schema
		for _, s := range all {
			if s.Items != nil {
				of = append(of, s.Items.Value)
			}
		}
		for _, x := range v {
			out = append(out, unknownIn(of, x, where)...)
		}
	case map[string]any:
		free, open := described(all)
		for name, x := range v {
			var of []*openapi3.Schema
			for _, s := range all {
				if p := s.Properties[name]; p != nil {
					of = append(of, p.Value)
				}
			}
			if len(of) == 0 {
				of = open
			}
			if len(of) == 0 && !free {
				out = append(out, where+"."+name)
				continue
			}
			out = append(out, unknownIn(of, x, where+"."+name)...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// described says whether schemas leave an object's fields free, and what they
// say about fields that they do not name.
func described(all []*openapi3.Schema) (free bool, open []*openapi3.Schema) {
	named := false
	for _, s := range all {
		named = named || len(s.Properties) > 0
		if extra := s.AdditionalProperties; extra.Schema != nil {
			open = append(open, extra.Schema.Value)
		} else if extra.Has != nil && *extra.Has {
			free = true
		}
	}
	return free || !named, open
}

// expand adds the branches of composed schemas; of alternatives only those that
// the value fits, or all of them where it fits none.
func expand(schemas []*openapi3.Schema, v any, seen map[*openapi3.Schema]bool) []*openapi3.Schema {
	var all []*openapi3.Schema
	for _, s := range schemas {
		if seen[s] {
			continue // a branch that names its whole again
		}
		seen[s] = true
		all = append(all, s)
		for _, ref := range s.AllOf {
			all = append(all, expand([]*openapi3.Schema{ref.Value}, v, seen)...)
		}
		if d, ok := v.(map[string]any); ok && s.Discriminator != nil {
			kind, _ := d[s.Discriminator.PropertyName].(string)
			if ref := s.Discriminator.Mapping[kind]; ref.Value != nil {
				all = append(all, expand([]*openapi3.Schema{ref.Value}, v, seen)...)
			}
		}
		var fits, every []*openapi3.Schema
		for _, ref := range slices.Concat(s.OneOf, s.AnyOf) {
			every = append(every, ref.Value)
			if ref.Value.VisitJSON(v) == nil {
				fits = append(fits, ref.Value)
			}
		}
		if len(fits) == 0 {
			fits = every
		}
		all = append(all, expand(fits, v, seen)...)
	}
	return all
}
