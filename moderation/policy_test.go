package moderation_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kentongan/configs"
	"kentongan/internal/fault"
	"kentongan/moderation"
)

func sample() configs.Policy {
	w := func(s string) configs.Words { return configs.Words{ID: s, EN: s} }
	return configs.Policy{
		Name: "uji", Version: 1, Title: w("Pedoman"),
		Clauses: []configs.PolicyPart{
			{Number: "2.1", Title: w("Kritik sah"), Text: w("Kritik dilindungi, setajam apa pun."), Severity: "none", Acts: []string{"keep", "answer"}, Protected: true},
			{Number: "3.4", Title: w("Judi"), Text: w("Promosi judi."), Severity: "high", Acts: []string{"hide", "block"}},
			{Number: "3.6", Title: w("Makian"), Text: w("Makian jorok kepada orang."), Severity: "medium", Acts: []string{"warn"}},
		},
		Rules: []configs.PolicyRule{{Name: "judi", Label: "gambling", AtLeast: 0.6, Clause: "3.4", Suggest: "hide"}},
	}
}

func TestPolicyRefusesToHideWhatCitizensThink(t *testing.T) {
	if _, err := moderation.NewPolicy(sample()); err != nil {
		t.Fatalf("the sample is refused: %v", err)
	}
	for name, c := range map[string]struct {
		change func(*configs.Policy)
		code   string
	}{
		"a rule that hides by sentiment":                {func(p *configs.Policy) { p.Rules[0].Label = "negative" }, "policy.hides_by_sentiment"},
		"a rule that hides by sentiment, disguised":     {func(p *configs.Policy) { p.Rules[0].Label = "sеntimеn" }, "policy.hides_by_sentiment"},
		"a rule that hides by emotion":                  {func(p *configs.Policy) { p.Rules[0].Label = "anger" }, "policy.hides_by_sentiment"},
		"a rule on sentiment that does not hide":        {func(p *configs.Policy) { p.Rules[0].Label, p.Rules[0].Suggest = "negative", "keep" }, "policy.hides_by_sentiment"},
		"a rule that hides criticism":                   {func(p *configs.Policy) { p.Rules[0].Label = "criticism" }, "policy.hides_by_sentiment"},
		"a rule that hides complaints":                  {func(p *configs.Policy) { p.Rules[0].Label = "complaint" }, "policy.hides_by_sentiment"},
		"a rule that hides questions":                   {func(p *configs.Policy) { p.Rules[0].Label = "question" }, "policy.hides_by_sentiment"},
		"a rule that hides a plea for help":             {func(p *configs.Policy) { p.Rules[0].Label = "life_safety" }, "policy.hides_by_sentiment"},
		"a rule that blocks for thanks":                 {func(p *configs.Policy) { p.Rules[0].Label, p.Rules[0].Suggest = "thanks", "block" }, "policy.hides_by_sentiment"},
		"a rule on a label nobody gives":                {func(p *configs.Policy) { p.Rules[0].Label = "wali_kota" }, "policy.unknown_label"},
		"a rule that hides under a protected clause":    {func(p *configs.Policy) { p.Rules[0].Clause = "2.1" }, "policy.act_not_in_clause"},
		"a rule that hides where the clause only warns": {func(p *configs.Policy) { p.Rules[0].Clause = "3.6" }, "policy.act_not_in_clause"},
		"a protected clause that allows hiding":         {func(p *configs.Policy) { p.Clauses[0].Acts = []string{"hide"} }, "policy.protected_restricts"},
		"a protected clause that allows warning":        {func(p *configs.Policy) { p.Clauses[0].Acts = []string{"warn"} }, "policy.protected_restricts"},
		"no clause protects":                            {func(p *configs.Policy) { p.Clauses[0].Protected = false; p.Clauses[0].Acts = nil }, "policy.criticism_unprotected"},
		"a clause against criticism":                    {func(p *configs.Policy) { p.Clauses[1].Text.ID = "Kritik yang tidak membangun." }, "policy.against_criticism"},
		"a clause against negative comments":            {func(p *configs.Policy) { p.Clauses[1].Title.ID = "Komentar negatif tentang instansi" }, "policy.against_criticism"},
		"a clause for the office's good name":           {func(p *configs.Policy) { p.Clauses[2].Text.ID = "Tulisan yang merusak nama baik pemerintah." }, "policy.against_criticism"},
		"a clause that shields an official":             {func(p *configs.Policy) { p.Clauses[2].Text.ID = "Menghina wali kota atau jajarannya." }, "policy.against_criticism"},
		"a clause that shields the office":              {func(p *configs.Policy) { p.Clauses[2].Title.EN = "Disrespect towards the government" }, "policy.against_criticism"},
		"a clause against criticism, in English":        {func(p *configs.Policy) { p.Clauses[1].Text.EN = "Unconstructive criticism." }, "policy.against_criticism"},
		"a clause against criticism, disguised":         {func(p *configs.Policy) { p.Clauses[1].Text.ID = "𝐊𝐫𝐢𝐭𝐢𝐤 pedas." }, "policy.against_criticism"},
		"an act nobody knows":                           {func(p *configs.Policy) { p.Clauses[1].Acts = []string{"delete"} }, "policy.unknown_act"},
	} {
		t.Run(name, func(t *testing.T) {
			p := sample()
			c.change(&p)
			_, err := moderation.NewPolicy(p)
			if !slices.ContainsFunc(fault.All(err), func(f *fault.Fault) bool { return f.Code == c.code && f.Field != "" }) {
				t.Errorf("want %s, got %v", c.code, err)
			}
		})
	}
}

func TestClauseMayMentionCriticismToExemptIt(t *testing.T) {
	p := sample()
	p.Clauses[2].Text.ID = "Makian jorok kepada orang. Kata kasar dalam kritik tidak termasuk."
	p.Clauses[2].Text.EN = "Obscene abuse of a person. A coarse word in criticism does not count."
	if _, err := moderation.NewPolicy(p); err != nil {
		t.Error(err)
	}
}

func TestSuggestionFollowsThePolicy(t *testing.T) {
	p := policy(t)
	c := moderation.NewClassifier()
	for s, want := range map[string]moderation.Suggestion{
		"slot gacor maxwin":            {Act: moderation.Hide, Clause: "3.4", Rule: "judi-daring"},
		"NIK saya 3273015708850003":    {Act: moderation.Hide, Clause: "4.1", Rule: "data-pribadi"},
		"dasar goblok, bangsat kau":    {Act: moderation.Review, Clause: "3.6", Rule: "makian-kasar"},
		"jalan rusak belum diperbaiki": {Act: moderation.Reply, Clause: "2.2", Rule: "keluhan"},
		"Tolong kami terjebak banjir di atap, ada bayi, NIK 3273015708850003": {Act: moderation.Escalate},
		"halo semua": {},
	} {
		if got := p.Suggest(c.Classify(s)); got != want {
			t.Errorf("%q: %+v, want %+v", s, got, want)
		}
	}
}

func FuzzPolicy(f *testing.F) {
	f.Add([]byte("name: a\nversion: 1\n"))
	f.Add([]byte(`name: uji
version: 1
title: {id: a, en: b}
clauses:
  - {number: "2.1", title: {id: Kritik, en: Criticism}, text: {id: Kritik dilindungi, en: protected}, severity: none, acts: [keep], protected: true}
  - {number: "3.4", title: {id: Judi, en: Gambling}, text: {id: Judi, en: Gambling}, severity: high, acts: [hide]}
rules:
  - {name: judi, label: gambling, at_least: 0.6, clause: "3.4", suggest: hide}
`))
	const head = `format: 2
name: uji
version: 1
title: {id: a, en: b}
clauses:
  - {number: "2.1", title: {id: Kritik, en: Criticism}, text: {id: Kritik dilindungi, en: protected}, severity: none, acts: [keep], protected: true}
  - {number: "3.4", title: {id: Judi, en: Gambling}, text: {id: Judi, en: Gambling}, severity: high, acts: [hide, remove, warn, block]}
rules:
  - {name: judi, title: {id: a, en: b}, clause: "3.4", suggest: hide, when: '`
	for _, c := range smuggled() {
		f.Add([]byte(head + strings.ReplaceAll(c.when, "'", "''") + "'}\n"))
	}
	for _, when := range []string{`labels.gambling >= 0.6 and (has("a") or not pii.own)`, `not (labels.fraud < 0.5) or pii.nik > 0`, `labels.promo >= 0.7 and repetition.copies / repetition.accounts > 3`} {
		f.Add([]byte(head + when + "', mode: shadow}\n"))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		data, err := configs.ParsePolicy("fuzz.yaml", raw)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid && len(fault.All(err)) == 0 {
				t.Fatalf("%q: %v is no fault", raw, err)
			}
			return
		}
		p, err := moderation.NewPolicy(data)
		if err != nil {
			return
		}
		if p.Suggest(moderation.Verdict{}).Act == moderation.Hide {
			t.Fatalf("%q: hides without a verdict", raw)
		}
		for _, l := range []moderation.Label{moderation.Criticism, moderation.Complaint, moderation.Question, moderation.Thanks, moderation.SafetyPlea, "idea", "negative", "anger"} {
			facts := moderation.FactsOf("Bupati tidak becus, air mati terus https://s.id/petisi", moderation.Verdict{Scores: map[moderation.Label]float64{l: 1}})
			facts.Account, facts.Repetition = moderation.AccountFacts{Messages: 40, Hidden: 9, Days: 2}, moderation.RepetitionFacts{Copies: 300, Accounts: 40}
			facts.Platform, facts.Kind = "x", "comment"
			got, all := p.Judge(facts, map[string]moderation.Mode{"judi": moderation.Auto})
			for _, act := range append(acts(all), got.Act) {
				if act == moderation.Hide || act == moderation.Warn || act == moderation.Block || act == moderation.Remove {
					t.Fatalf("%q: %s is proposed to %s", raw, l, act)
				}
			}
		}
	})
}

func acts(all []moderation.Match) (out []moderation.Act) {
	for _, m := range all {
		out = append(out, m.Act)
	}
	return out
}

// harsh is a policy that hides for the model's scores alone, as far as the
// loader lets anybody write it.
func harsh(t *testing.T) moderation.Policy {
	t.Helper()
	p := ruled(`labels.abusive >= 0.5 or labels.hs >= 0.5 or labels.hs_group >= 0.5`, "hide", "3.9", "")
	p.Rules = append(p.Rules, configs.PolicyRule{Name: "dua", Label: "hs_individual", AtLeast: 0.5, Suggest: "block", Clause: "3.9"})
	out, err := moderation.NewPolicy(p)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Whatever the model makes of a sharp tone, however often it is said and
// whoever says it: criticism is read at most, and never proposed for hiding.
func TestNoCivilCriticismIsProposedForHidingWhateverTheModelSays(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/criticism/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	c, n := moderation.NewClassifier(), 0
	policies := []moderation.Policy{policy(t), harsh(t)}
	for _, file := range files {
		for _, line := range lines(t, file) {
			parts := strings.SplitN(line, " | ", 3)
			if len(parts) < 2 {
				t.Fatalf("%s: %q", file, line)
			}
			n++
			v := c.Classify(parts[1])
			for _, l := range []moderation.Label{"hs", "abusive", "hs_individual", "hs_group", "hs_strong"} {
				v.Scores[l] = 1
			}
			f := moderation.FactsOf(parts[1], v)
			f.Account, f.Repetition = moderation.AccountFacts{Messages: 90, Hidden: 30, Days: 1}, moderation.RepetitionFacts{Copies: 200, Accounts: 9}
			f.Platform, f.Kind = "facebook", "comment"
			for _, p := range policies {
				s, all := p.Judge(f, nil)
				for _, act := range append(acts(all), s.Act) {
					if act == moderation.Hide || act == moderation.Warn || act == moderation.Block || act == moderation.Remove {
						t.Errorf("%s proposes to %s: %s", p.ID(), act, parts[1])
					}
				}
			}
		}
	}
	if n < 300 {
		t.Errorf("only %d lines", n)
	}
	gross := c.Classify("dasar goblok, bangsat kau")
	if s, _ := policies[1].Judge(moderation.FactsOf("dasar goblok, bangsat kau", gross), nil); s.Act != moderation.Hide {
		t.Errorf("a gross word at a person: %+v", s)
	}
}
