package sandbox

import "strings"

// field is one entry of a fields= selection: name.modifier(argument){children}.
type field struct {
	name     string
	mods     map[string]string
	children []field
}

const maxFieldDepth = 8

// parseFields reads Graph's selection syntax. What it cannot read ends it:
// Graph, too, ignores a broken tail rather than the request.
func parseFields(s string) []field {
	out, _ := fieldList(s, 0)
	return out
}

func fieldList(s string, depth int) (out []field, rest string) {
	for s != "" && s[0] != '}' {
		var f field
		f, s = oneField(s, depth)
		if f.name != "" {
			out = append(out, f)
		}
		if strings.HasPrefix(s, ",") {
			s = s[1:]
		} else if s != "" && s[0] != '}' {
			return out, ""
		}
	}
	return out, strings.TrimPrefix(s, "}")
}

func oneField(s string, depth int) (field, string) {
	f := field{mods: map[string]string{}}
	f.name, s = fieldWord(s)
	for strings.HasPrefix(s, ".") {
		var mod, arg string
		mod, s = fieldWord(s[1:])
		if strings.HasPrefix(s, "(") {
			arg, s, _ = strings.Cut(s[1:], ")")
		}
		f.mods[mod] = arg
	}
	if strings.HasPrefix(s, "{") && depth < maxFieldDepth {
		f.children, s = fieldList(s[1:], depth+1)
	}
	return f, s
}

func fieldWord(s string) (word, rest string) {
	i := strings.IndexAny(s, ",.(){}")
	if i < 0 {
		return strings.TrimSpace(s), ""
	}
	return strings.TrimSpace(s[:i]), s[i:]
}

// fieldsOr is the selection of a call, or a default one.
func (c *call) fieldsOr(fallback string) []field {
	if list := c.texts("fields"); len(list) > 0 && !strings.ContainsAny(c.str("fields"), "{(") {
		return parseFields(strings.Join(list, ","))
	}
	if v := c.str("fields"); v != "" {
		return parseFields(v)
	}
	return parseFields(fallback)
}
