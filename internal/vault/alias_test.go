package vault

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestAnAliasIsTheSameForTheSameNameAndTellsNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	v, other := open(t, path), open(t, filepath.Join(t.TempDir(), "key"))
	const name = "wamid.HBgNNjI4MTIzNDU2Nzg5"
	alias := v.Alias("whatsapp", name)
	if strings.Contains(alias, name) || alias != v.Alias("whatsapp", name) || alias == v.Alias("other", name) || alias == v.Alias("whatsapp", name+"x") {
		t.Errorf("alias %q", alias)
	}
	if err := Rotate(path); err != nil {
		t.Fatal(err)
	}
	rotated := open(t, path)
	if rotated.Alias("whatsapp", name) != alias {
		t.Error("a rotation changed the alias")
	}
	for what, row := range map[string]struct {
		v       *Vault
		purpose string
		alias   string
		want    string
		fails   bool
	}{
		"its own key opens it":            {v, "whatsapp", alias, name, false},
		"after a rotation, too":           {rotated, "whatsapp", alias, name, false},
		"another installation's key":      {other, "whatsapp", alias, "", true},
		"another purpose":                 {v, "other", alias, "", true},
		"cut short":                       {v, "whatsapp", alias[:20], "", true},
		"not written in its letters":      {v, "whatsapp", aliasMark + "!!", "", true},
		"a name that was never sealed":    {v, "whatsapp", name, name, false},
		"nothing at all is nothing again": {v, "whatsapp", v.Alias("whatsapp", ""), "", false},
	} {
		got, err := row.v.Name(row.purpose, row.alias)
		if got != row.want || (err != nil) != row.fails {
			t.Errorf("%s: %q, %v", what, got, err)
		}
	}
}
