package configs

import (
	"embed"
	"fmt"
	"os"
	"slices"
	"strings"

	"kentongan/internal/fault"
)

//go:embed objection/keberatan.yaml
var objectionFile embed.FS

// Objection is how an office hears objections, as data with its sources: the
// clocks, the other ways a citizen has, and what she is told.
type Objection struct {
	Name       string            `yaml:"name"`
	Version    int               `yaml:"version"`
	VerifiedBy string            `yaml:"verified_by"`
	VerifiedOn string            `yaml:"verified_on"`
	CountRule  string            `yaml:"count_rule"`
	Clocks     []ObjectionClock  `yaml:"clocks"`
	Elsewhere  []Elsewhere       `yaml:"elsewhere"`
	Notices    map[string]string `yaml:"notices"`
}

// ObjectionClock is one deadline with its source.
type ObjectionClock struct {
	ID         string   `yaml:"id"`
	Law        string   `yaml:"law"`
	Article    string   `yaml:"article"`
	Unit       string   `yaml:"unit"` // wd, d, h
	N          int      `yaml:"n"`
	Start      string   `yaml:"start"`
	Stop       string   `yaml:"stop"`
	Party      string   `yaml:"party"`
	Force      string   `yaml:"force"`   // statute, guidance, office
	Enabled    string   `yaml:"enabled"` // yes, no, office_choice
	Acts       []string `yaml:"acts"`
	Certainty  string   `yaml:"certainty"` // read, reported, recalled
	Source     string   `yaml:"source"`
	OnExpiry   string   `yaml:"on_expiry"`
	VerifiedBy string   `yaml:"verified_by"`
	VerifiedOn string   `yaml:"verified_on"`
}

// Elsewhere is another way that is open to a citizen.
type Elsewhere struct {
	Name   Words  `yaml:"name"`
	Text   Words  `yaml:"text"`
	URL    string `yaml:"url"`
	Source string `yaml:"source"`
}

// What ends a clock.
const (
	ObjectionFiled   = "objection_filed"
	ObjectionDecided = "objection_decided"
)

// NoticeNames are the texts that a file must have.
func NoticeNames() []string {
	return []string{"hide", "remove", "warn", "block", "short", "public", "granted", "granted_removed", "partly", "denied", "outcome_public"}
}

// ObjectionData reads an office's own file, or the one shipped when path is "".
func ObjectionData(path string) (Objection, error) {
	name := "objection/keberatan.yaml"
	raw, err := objectionFile.ReadFile(name)
	if path != "" {
		name = path
		if raw, err = os.ReadFile(path); err != nil {
			return Objection{}, fault.Wrap(fault.Invalid, "config.unreadable", err, fault.Field("moderation.objection_file"), fault.Arg("path", path))
		}
	}
	if err != nil {
		return Objection{}, fmt.Errorf("configs: %s: %w", name, err)
	}
	return ParseObjection(name, raw)
}

// Choose reads which clocks an office has chosen, and refuses a name that is
// none: a slip must not silently switch a deadline off.
func (o Objection) Choose(list string) (chosen []string, err error) {
	var ids []string
	for _, c := range o.Clocks {
		if c.Enabled == "office_choice" {
			ids = append(ids, c.ID)
		}
	}
	for _, id := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		if err := oneOf("moderation.objection_clocks", id, ids...); err != nil {
			return nil, err
		}
		chosen = append(chosen, id)
	}
	return chosen, nil
}

// ParseObjection reads one file and names everything wrong in it.
func ParseObjection(name string, raw []byte) (Objection, error) {
	var o Objection
	if err := decodeStrict(raw, &o); err != nil {
		return Objection{}, fault.Wrap(fault.Invalid, "objection.file_unreadable", err, fault.Arg("file", name), fault.Arg("what", err.Error()))
	}
	w := wrong{file: name, code: "objection.file_wrong"}
	w.unless(plainName.MatchString(o.Name), "name", "small letters, digits and dashes")
	w.unless(o.Version >= 1, "version", "1 or more")
	w.verified("verified_on", o.VerifiedBy, o.VerifiedOn)
	seen := map[string]bool{}
	for i, c := range o.Clocks {
		w.unless(!seen[c.ID], fmt.Sprintf("clocks[%d].id", i), "each id once")
		seen[c.ID] = true
		w.clock(fmt.Sprintf("clocks[%d]", i), c)
	}
	for i, e := range o.Elsewhere {
		at := fmt.Sprintf("elsewhere[%d]", i)
		w.words(at+".name", e.Name)
		w.words(at+".text", e.Text)
		w.unless(e.URL == "" || strings.HasPrefix(e.URL, "https://"), at+".url", "an https address or none")
	}
	for _, n := range NoticeNames() {
		text := o.Notices[n]
		w.unless(strings.Contains(text, "{nomor}") && strings.Contains(text, "{tautan}"), "notices."+n, "a text with {nomor} and {tautan}: whoever is told must learn how to object")
	}
	// A notice in public must not tell the world what its author is accused of.
	for _, n := range []string{"public", "outcome_public"} {
		w.unless(!strings.Contains(o.Notices[n], "{alasan}") && !strings.Contains(o.Notices[n], "{klausul}"), "notices."+n, "a text without {alasan} and {klausul}")
	}
	for n := range o.Notices {
		w.unless(slices.Contains(NoticeNames(), n), "notices."+n, "one of "+strings.Join(NoticeNames(), ", "))
	}
	if err := w.err(); err != nil {
		return Objection{}, err
	}
	return o, nil
}

func (w *wrong) clock(at string, c ObjectionClock) {
	limit := map[string]int{"wd": 260, "d": 366, "h": 8760}[c.Unit]
	w.unless(c.ID != "", at+".id", "a name such as adm.objection")
	w.unless(limit > 0, at+".unit", "wd, d or h")
	w.unless(c.N >= 1 && c.N <= limit, at+".n", fmt.Sprintf("1 to %d", limit))
	w.unless(c.Start != "", at+".start", "what starts it")
	w.unless(c.Stop == ObjectionFiled || c.Stop == ObjectionDecided, at+".stop", "objection_filed or objection_decided")
	w.unless(slices.Contains([]string{"statute", "guidance", "office"}, c.Force), at+".force", "statute, guidance or office")
	w.unless(slices.Contains([]string{"yes", "no", "office_choice"}, c.Enabled), at+".enabled", "yes, no or office_choice")
	w.unless(slices.Contains([]string{"read", "reported", "recalled"}, c.Certainty), at+".certainty", "read, reported or recalled")
	w.unless(c.Source != "", at+".source", "where it was read")
	w.unless(c.Force == "office" || c.Law != "", at+".law", "the law it comes from")
	// Silence decides nothing by itself (UU 30/2014 pasal 77: a person must act).
	w.unless(c.OnExpiry == "alert" || c.Stop == ObjectionFiled && c.OnExpiry == "refuse_kindly", at+".on_expiry", "alert; refuse_kindly where a citizen's time is over")
	w.unless(len(c.Acts) > 0, at+".acts", "one or more acts")
	for _, a := range c.Acts {
		w.unless(slices.Contains([]string{"hide", "remove", "warn", "block"}, a), at+".acts", "hide, remove, warn or block")
	}
	w.verified(at+".verified_on", c.VerifiedBy, c.VerifiedOn)
}

func (w *wrong) verified(field, by, on string) {
	w.unless((by == "") == (on == ""), field, "a name and a day, or neither")
	w.unless(on == "" || isDay(on), field, "a day such as 2026-01-31")
}
