package configs

import (
	"strings"
	"testing"

	"kentongan/internal/fault"
)

func TestTheShippedRulesForObjections(t *testing.T) {
	t.Parallel()
	o, err := ObjectionData("")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range o.Clocks {
		if c.Force == "statute" && c.VerifiedBy == "" && c.Certainty == "read" {
			t.Errorf("%s: nobody verified it, yet it claims to be read in the law", c.ID)
		}
	}
	if chosen, err := o.Choose(Default().Moderation.ObjectionClocks); err != nil || len(chosen) != 2 {
		t.Errorf("the default choice: %v, %v", chosen, err)
	}
	if _, err := o.Choose("adm.objection, adm.objekdecide"); fault.Code(err) != "config.not_one_of" {
		t.Errorf("a slip in the choice: %v", err)
	}
	if _, err := ObjectionData(t.TempDir() + "/none.yaml"); fault.Code(err) != "config.unreadable" {
		t.Errorf("no file: %v", err)
	}
}

func TestWhatIsWrongInObjectionRulesIsNamed(t *testing.T) {
	t.Parallel()
	raw, err := objectionFile.ReadFile("objection/keberatan.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ what, old, new, field string }{
		{"a unit nobody knows", "    unit: wd", "    unit: weeks", "clocks[0].unit"},
		{"no day at all", "n: 21", "n: 0", "clocks[0].n"},
		{"silence that decides", "    on_expiry: alert", "    on_expiry: grant", "clocks[1].on_expiry"},
		{"a statute without its law", "law: UU 30/2014", `law: ""`, "clocks[0].law"},
		{"a clock for an act that takes nothing", "acts: [hide, remove, warn, block]", "acts: [keep]", "clocks[0].acts"},
		{"an id twice", "id: adm.objdecide", "id: adm.objection", "clocks[1].id"},
		{"verified by nobody", `verified_on: ""`, `verified_on: "2026-11-23"`, "verified_on"},
		{"a notice that does not say how to object", "Keberatan{batas}, tanpa akun, ke petugas lain: {tautan}", "Titik.", "notices.hide"},
		{"a public notice that accuses", `public: "Ada keputusan`, `public: "{klausul} {alasan} Ada keputusan`, "notices.public"},
		{"an address in clear", "https://ombudsman.go.id", "http://ombudsman.go.id", "elsewhere[1].url"},
	} {
		text := strings.Replace(string(raw), c.old, c.new, 1)
		if text == string(raw) {
			t.Fatalf("%s: nothing was changed", c.what)
		}
		_, err := ParseObjection("contoh.yaml", []byte(text))
		named := false
		for _, f := range fault.All(err) {
			named = named || f.Field == c.field
		}
		if !named {
			t.Errorf("%s: %v does not name %s", c.what, err, c.field)
		}
	}
	if _, err := ParseObjection("contoh.yaml", []byte("nama: salah")); fault.Code(err) != "objection.file_unreadable" {
		t.Errorf("an unknown field: %v", err)
	}
}

func FuzzParseObjection(f *testing.F) {
	raw, err := objectionFile.ReadFile("objection/keberatan.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte("clocks: [{id: a, unit: wd, n: 99999999}]"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		o, err := ParseObjection("fuzz", raw)
		if err != nil {
			return
		}
		for _, c := range o.Clocks {
			if c.N < 1 || c.N > 8760 || len(c.Acts) == 0 {
				t.Errorf("passed: %+v", c)
			}
		}
	})
}
