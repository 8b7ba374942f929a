package contract

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/rivo/uniseg"
)

// value holds one JSON value against a schema, strictly: a field that the
// schema does not have is wrong, although the protocol lets servers add some.
func (v *lexCheck) value(want *lexDef, x any, where string) {
	switch want.Type {
	case "ref":
		v.value(v.find(want.Ref, want.home, where), x, where)
	case "union":
		v.union(want, x, where)
	case "object", "params":
		v.object(want, x, where)
	case "array":
		list, ok := x.([]any)
		if !ok {
			v.no(where, "is %T, not an array", x)
			return
		}
		v.bounds(where, "elements", len(list), want.MinLength, want.MaxLength)
		for i, one := range list {
			v.value(want.Items.in(want.home), one, fmt.Sprintf("%s[%d]", where, i))
		}
	case "string":
		v.text(want, x, where)
	case "integer":
		n, ok := x.(json.Number)
		i, err := n.Int64()
		if !ok || err != nil {
			v.no(where, "is %v, not an integer", x)
			return
		}
		v.bounds(where, "", int(i), want.Minimum, want.Maximum)
	case "boolean":
		if _, ok := x.(bool); !ok {
			v.no(where, "is %T, not a boolean", x)
		}
	case "blob":
		v.blob(want, x, where)
	case "cid-link":
		v.link(x, where)
	case "unknown":
		v.unknown(x, where)
	case "bytes", "token":
	default:
		v.no(where, "has a schema of type %q", want.Type)
	}
}

// find follows a reference: "#name" into the same document, "nsid" to a
// document's main part.
func (v *lexCheck) find(ref, home, where string) *lexDef {
	full := ref
	if strings.HasPrefix(ref, "#") {
		full = home + ref
	} else if !strings.Contains(ref, "#") {
		full = ref + "#main"
	}
	if def := v.l[full]; def != nil {
		return def
	}
	v.no(where, "refers to %s, which is nowhere", full)
	return &lexDef{Type: "token"}
}

func (v *lexCheck) union(want *lexDef, x any, where string) {
	m, ok := x.(map[string]any)
	kind, named := m["$type"].(string)
	if !ok || !named {
		v.no(where, "is one of several and does not say which by $type")
		return
	}
	for _, ref := range want.Refs {
		full := ref
		if strings.HasPrefix(ref, "#") {
			full = want.home + ref
		}
		if strings.TrimSuffix(full, "#main") == kind {
			v.value(v.find(ref, want.home, where), x, where)
			return
		}
	}
	v.no(where, "is %s, which is none of %s", kind, strings.Join(want.Refs, ", "))
}

func (v *lexCheck) object(want *lexDef, x any, where string) {
	m, ok := x.(map[string]any)
	if !ok {
		v.no(where, "is %T, not an object", x)
		return
	}
	for _, name := range want.Required {
		if _, ok := m[name]; !ok {
			v.no(where, "lacks %s", name)
		}
	}
	for name, one := range m {
		def := want.Properties[name]
		switch {
		case name == "$type":
		case def == nil:
			v.no(where+"."+name, "is unknown")
		case one == nil && slices.Contains(want.Nullable, name):
		default:
			v.value(def.in(want.home), one, where+"."+name)
		}
	}
}

// unknown is where records stand: they say what they are, and are held
// against that.
func (v *lexCheck) unknown(x any, where string) {
	m, ok := x.(map[string]any)
	kind, named := m["$type"].(string)
	if !ok || !named {
		if strings.HasSuffix(where, ".record") || strings.HasSuffix(where, ".value") {
			v.no(where, "is a record without $type")
		}
		return
	}
	def := v.l[kind+"#main"]
	if def == nil || def.Type != "record" {
		v.no(where, "is %s, which is no record", kind)
		return
	}
	v.value(def.Record.in(kind), x, where)
}

func (v *lexCheck) blob(want *lexDef, x any, where string) {
	m, _ := x.(map[string]any)
	kind, _ := m["mimeType"].(string)
	n, _ := m["size"].(json.Number)
	size, err := n.Int64()
	if m["$type"] != "blob" || kind == "" || err != nil || size <= 0 || len(m) != 4 {
		v.no(where, "is no blob: %v", x)
		return
	}
	v.link(m["ref"], where+".ref")
	if want.MaxSize > 0 && int(size) > want.MaxSize {
		v.no(where, "has %d bytes, more than %d", size, want.MaxSize)
	}
	fits := func(accept string) bool {
		front, wild := strings.CutSuffix(accept, "*")
		return accept == kind || wild && strings.HasPrefix(kind, strings.TrimSuffix(front, "*/"))
	}
	if len(want.Accept) > 0 && !slices.ContainsFunc(want.Accept, fits) {
		v.no(where, "is %s, not %v", kind, want.Accept)
	}
}

func (v *lexCheck) link(x any, where string) {
	m, _ := x.(map[string]any)
	cid, _ := m["$link"].(string)
	if len(m) != 1 || !lexFormat("cid", cid) {
		v.no(where, "is no link to a CID: %v", x)
	}
}

func (v *lexCheck) text(want *lexDef, x any, where string) {
	s, ok := x.(string)
	if !ok {
		v.no(where, "is %T, not a string", x)
		return
	}
	if want.Format != "" && !lexFormat(want.Format, s) {
		v.no(where, "is no %s: %q", want.Format, s)
	}
	v.bounds(where, "bytes", len(s), want.MinLength, want.MaxLength)
	if want.MaxGraphemes != nil || want.MinGraphemes != nil {
		v.bounds(where, "graphemes", uniseg.GraphemeClusterCount(s), want.MinGraphemes, want.MaxGraphemes)
	}
	if len(want.Enum) > 0 && !slices.Contains(want.Enum, x) || len(want.KnownValues) > 0 && !slices.Contains(want.KnownValues, x) || want.Const != nil && want.Const != x {
		v.no(where, "is %q, which is none of its values", s)
	}
}

func (v *lexCheck) bounds(where, unit string, n int, low, high *int) {
	if low != nil && n < *low || high != nil && n > *high {
		v.no(where, "has %d %s", n, unit)
	}
}

var (
	lexDID      = regexp.MustCompile(`^did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]$`)
	lexPLC      = regexp.MustCompile(`^did:plc:[a-z2-7]{24}$`)
	lexHandle   = regexp.MustCompile(`^([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$`)
	lexNSID     = regexp.MustCompile(`^[a-zA-Z]([a-zA-Z0-9-]{0,62})?(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+\.[a-zA-Z][a-zA-Z0-9]{0,62}$`)
	lexCID      = regexp.MustCompile(`^baf(yrei|krei)[a-z2-7]{52}$`)
	lexTID      = regexp.MustCompile(`^[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}$`)
	lexKey      = regexp.MustCompile(`^[a-zA-Z0-9._:~-]{1,512}$`)
	lexLanguage = regexp.MustCompile(`^([a-z]{2,3}|i)(-[a-zA-Z0-9]+)*$`)
)

// lexFormat says whether a text has one of the string formats
// (atproto.com/specs/lexicon#string-formats).
func lexFormat(name, s string) bool {
	did := func(s string) bool {
		return lexDID.MatchString(s) && (!strings.HasPrefix(s, "did:plc:") || lexPLC.MatchString(s))
	}
	switch name {
	case "did":
		return did(s)
	case "handle":
		return lexHandle.MatchString(s)
	case "at-identifier":
		return did(s) || lexHandle.MatchString(s)
	case "nsid":
		return lexNSID.MatchString(s)
	case "cid":
		return lexCID.MatchString(s)
	case "tid":
		return lexTID.MatchString(s)
	case "language":
		return lexLanguage.MatchString(s)
	case "record-key":
		return lexKey.MatchString(s) && s != "." && s != ".."
	case "at-uri":
		rest, ok := strings.CutPrefix(s, "at://")
		parts := strings.Split(rest, "/")
		return ok && (did(parts[0]) || lexHandle.MatchString(parts[0])) && len(parts) <= 3 &&
			(len(parts) < 2 || lexNSID.MatchString(parts[1])) && (len(parts) < 3 || lexKey.MatchString(parts[2]))
	case "datetime":
		_, err := time.Parse(time.RFC3339, s)
		return err == nil && strings.Contains(s, "T")
	case "uri":
		u, err := url.Parse(s)
		return err == nil && u.Scheme != ""
	}
	return false
}
