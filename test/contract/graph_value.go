package contract

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// param holds one parameter against its type. Forms carry everything as text.
func (j *graphJudge) param(p graphParam, v any) {
	kind := p.Type
	if inner, ok := strings.CutPrefix(kind, "list<"); ok {
		for _, x := range graphList(v) {
			if _, text := x.(string); text && inner == "Object>" {
				continue // lists of names are described as lists of objects
			}
			j.param(graphParam{Name: p.Name, Type: strings.TrimSuffix(inner, ">")}, x)
		}
		return
	}
	text, isText := v.(string)
	if values, ok := j.g.enums[kind]; ok {
		if !slices.ContainsFunc(values, func(x string) bool { return strings.EqualFold(x, text) }) {
			j.say("parameter %s is %v, not one of %v", p.Name, v, values)
		}
		return
	}
	fits := true
	switch kind {
	case "bool":
		_, isBool := v.(bool)
		fits = isBool || text == "true" || text == "false"
	case "int", "unsigned int", "long":
		n, isNumber := v.(float64)
		_, err := strconv.ParseUint(text, 10, 64)
		fits = isNumber && n == float64(int64(n)) || isText && err == nil
	case "float":
		_, isNumber := v.(float64)
		_, err := strconv.ParseFloat(text, 64)
		fits = isNumber || isText && err == nil
	case "Object", "map":
		_, isObject := v.(map[string]any)
		fits = isObject || isText && json.Valid([]byte(text))
	case "file":
		_, fits = v.(graphFile)
	case "string":
		_, isNumber := v.(float64)
		fits = isText || isNumber
	}
	if !fits {
		j.say("parameter %s is %v, no %s", p.Name, v, kind)
	}
}

// graphList reads a list as Graph does: JSON, or texts with commas.
func graphList(v any) []any {
	switch v := v.(type) {
	case []any:
		return v
	case string:
		var all []any
		if strings.HasPrefix(v, "[") && json.Unmarshal([]byte(v), &all) == nil {
			return all
		}
		for part := range strings.SplitSeq(v, ",") {
			all = append(all, part)
		}
		return all
	}
	return []any{v}
}

// answer holds what came back against the returned node.
func (j *graphJudge) answer(raw []byte) {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		j.say("the answer is no JSON: %v", err)
		return
	}
	all, ok := v.(map[string]any)
	if !ok {
		j.say("the answer is no object")
		return
	}
	fields, _ := j.c.Params["fields"].(string)
	switch data, list := all["data"].([]any); {
	case j.c.Method != "GET":
		j.made(all)
	case j.c.Edge == "":
		j.object(j.node, all, fields, true)
	case !list:
		j.say("an edge answers with data")
	default:
		j.page(all)
		for _, x := range data {
			if o, ok := x.(map[string]any); ok {
				j.object(j.api.Return, o, fields, true)
			} else {
				j.say("data holds %v", x)
			}
		}
	}
}

// page holds the frame of a list.
func (j *graphJudge) page(all map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if !slices.Contains([]string{"data", "paging", "summary"}, name) {
			j.say("a list has no %s", name)
		}
	}
	paging, _ := all["paging"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(paging)) {
		if !slices.Contains([]string{"cursors", "next", "previous"}, name) {
			j.say("paging has no %s", name)
		}
	}
}

// made is the answer to a change: the new node's id, or that it succeeded.
func (j *graphJudge) made(all map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(all)) {
		switch kind, known := j.g.nodes[j.api.Return].fields[name]; {
		case name == "success":
			if _, ok := all[name].(bool); !ok {
				j.say("success is %v", all[name])
			}
		case known:
			j.value(j.api.Return+"."+name, kind, all[name], "")
		case name == "id":
			if _, ok := all[name].(string); !ok {
				j.say("id is %v, no text", all[name])
			}
		case j.api.Return == "Object", j.g.o.Extra[j.node+"/"+j.c.Edge+" "+name] != "":
		default:
			j.say("%s answers with %s, which is not described", j.node+"/"+j.c.Edge, name)
		}
	}
}

// object holds a node against its fields. What was not asked for does not
// come; asked is false below what has its own default fields.
func (j *graphJudge) object(node string, o map[string]any, fields string, asked bool) {
	n, known := j.g.nodes[node]
	selected := map[string]string{}
	for _, f := range graphSelection(fields) {
		selected[f.name] = f.inner
	}
	for _, name := range slices.Sorted(maps.Keys(o)) {
		if _, ok := selected[name]; asked && fields != "" && !ok && name != "id" {
			j.say("%s.%s comes unasked", node, name)
		}
		if !known {
			continue
		}
		if kind, ok := n.fields[name]; ok {
			j.value(node+"."+name, kind, o[name], selected[name])
			continue
		}
		edge, ok := n.edges[name]
		if !ok {
			if name != "id" && j.g.o.Extra[node+" "+name] == "" {
				j.say("%s has no field %s", node, name)
			}
			continue
		}
		below, _ := o[name].(map[string]any)
		data, ok := below["data"].([]any)
		if !ok {
			j.say("%s.%s is an edge without data", node, name)
		}
		j.page(below)
		for _, x := range data {
			if o, ok := x.(map[string]any); ok {
				j.object(edge.Return, o, selected[name], selected[name] != "")
			}
		}
	}
}

// value holds one field against its type.
func (j *graphJudge) value(where, kind string, v any, fields string) {
	if v == nil {
		return
	}
	fits := true
	switch kind {
	case "string":
		_, fits = v.(string)
	case "bool":
		_, fits = v.(bool)
	case "int", "unsigned int":
		n, ok := v.(float64)
		// Instagram writes user_id as a text although it is described as a number.
		text, isText := v.(string)
		_, err := strconv.ParseUint(text, 10, 64)
		fits = ok && n == float64(int64(n)) || isText && err == nil && strings.HasSuffix(where, "_id")
	case "float":
		_, fits = v.(float64)
	case "datetime":
		text, _ := v.(string)
		_, err := time.Parse("2006-01-02T15:04:05-0700", text)
		fits = err == nil
	case "Object", "map":
		_, fits = v.(map[string]any)
	default:
		if strings.HasPrefix(kind, "list") {
			_, fits = v.([]any)
		} else if _, ok := j.g.nodes[kind]; ok {
			o, isObject := v.(map[string]any)
			if fits = isObject; fits {
				j.object(kind, o, fields, fields != "")
			}
		}
	}
	if !fits {
		j.say("%s is %v, no %s", where, v, kind)
	}
}

// graphRefusal holds an error object against Meta's description of it.
// https://developers.facebook.com/docs/graph-api/guides/error-handling
func graphRefusal(j *graphJudge, raw []byte) {
	var body struct {
		Error map[string]any `json:"error"`
	}
	if json.Unmarshal(raw, &body) != nil || body.Error == nil {
		return // somebody in between spoke
	}
	types := map[string]string{"message": "string", "type": "string", "code": "int", "error_subcode": "int", "error_user_title": "string", "error_user_msg": "string", "is_transient": "bool", "fbtrace_id": "string", "error_data": "Object"}
	for _, name := range slices.Sorted(maps.Keys(body.Error)) {
		if kind, ok := types[name]; ok {
			j.value("error."+name, kind, body.Error[name], "")
		} else {
			j.say("an error has no %s", name)
		}
	}
	for _, name := range []string{"message", "type", "code", "fbtrace_id"} {
		if _, ok := body.Error[name]; !ok {
			j.say("an error lacks %s", name)
		}
	}
}
