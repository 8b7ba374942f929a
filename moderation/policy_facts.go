package moderation

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kentongan/internal/pii"
	"kentongan/internal/text"
)

// Facts are everything a rule of a policy can read about a message. What a
// citizen feels is not among them: there is no sentiment and no emotion here,
// and no text that could be searched for them by other means than whole words.
type Facts struct {
	Labels     map[string]float64 `expr:"labels"`
	PII        PIIFacts           `expr:"pii"`
	Text       TextFacts          `expr:"text"`
	Account    AccountFacts       `expr:"account"`
	Repetition RepetitionFacts    `expr:"repetition"`
	Platform   string             `expr:"platform"` // "facebook"
	Kind       string             `expr:"kind"`     // "comment", "mention", "direct"

	gross, aimed bool // a gross word, and a person at whom it aims
	speaks       bool // Verdict.Speaks
	words        []string
	hosts        []string
	matched      []string
}

// PIIFacts count the personal data in a message. Own and Other are hints from
// the words in front of it; both may be false.
type PIIFacts struct {
	Count   int  `expr:"count"`
	NIK     int  `expr:"nik"`
	KK      int  `expr:"kk"`
	NPWP    int  `expr:"npwp"`
	Phone   int  `expr:"phone"`
	Email   int  `expr:"email"`
	Bank    int  `expr:"bank_account"`
	Address int  `expr:"address"`
	Plate   int  `expr:"plate"`
	Own     bool `expr:"own"`
	Other   bool `expr:"other"`
}

// TextFacts are what can be counted in a text.
type TextFacts struct {
	Letters    int    `expr:"letters"`
	Words      int    `expr:"words"`
	Links      int    `expr:"links"`
	ShortLinks int    `expr:"short_links"`
	Disguised  int    `expr:"disguised"` // words with letters that were not written as such
	Language   string `expr:"language"`  // id, jv, su, en or mixed; "" when too short to tell
}

// AccountFacts come from our own inbox, not from the platform; the account is
// known by a masked key only.
type AccountFacts struct {
	Messages int `expr:"messages"` // that it wrote here before
	Hidden   int `expr:"hidden"`   // of those, hidden
	Days     int `expr:"days"`     // since it first wrote here
}

// RepetitionFacts tell how often one text came within 24 hours, this one included.
type RepetitionFacts struct {
	Copies   int `expr:"copies"`
	Accounts int `expr:"accounts"`
}

// ruleLabels are the labels that a rule can read, fixed here: a label that the
// classifier gives is not offered by itself.
func ruleLabels() []Label {
	return []Label{Gambling, Fraud, "promo", Abusive, "hs", "hs_individual", "hs_group", "hs_religion", "hs_race", "hs_physical", "hs_gender",
		"hs_other", "hs_weak", "hs_moderate", "hs_strong", PersonalData, SafetyPlea, Complaint, Criticism, Question, Thanks, "idea"}
}

func isRuleLabel(name string) bool { return slices.Contains(ruleLabels(), Label(name)) }

// shortHosts are services that hide where a link leads.
func shortHosts() []string {
	return []string{"bit.ly", "s.id", "tinyurl.com", "cutt.ly", "linktr.ee", "shorturl.at", "t.ly", "rebrand.ly", "is.gd", "rb.gy", "heylink.me", "lynk.id", "wa.me", "t.me", "t.co", "goo.gl"}
}

// FactsOf reads what a message itself tells. The account, the repetition and
// the channel are left to whoever knows them.
func FactsOf(words string, v Verdict) Facts {
	folded := text.Fold(words)
	tokens := folded.Tokens()
	f := Facts{Labels: map[string]float64{}, Repetition: RepetitionFacts{Copies: 1, Accounts: 1}, speaks: v.Speaks}
	for l, score := range v.Scores {
		if isRuleLabel(string(l)) {
			f.Labels[string(l)] = score
		}
	}
	f.readReasons(v.Reasons)
	f.readPII(words, v.PII)
	f.readWords(words, tokens)
	f.Text.Language = v.Language
	f.aimed = f.aimed || aimedAt(tokens, v.Reasons)
	return f
}

func (f *Facts) readReasons(reasons []Reason) {
	rules := map[string]bool{}
	for _, r := range reasons {
		rules[string(r.Rule)] = true
		f.gross = f.gross || r.Rule == RuleAbuseWord
		f.aimed = f.aimed || r.Rule == RuleAbuseAimed
	}
	f.matched = slices.Sorted(maps.Keys(rules))
}

func (f *Facts) readPII(words string, all []pii.Found) {
	p := &f.PII
	count := map[pii.Kind]*int{pii.NIK: &p.NIK, pii.KK: &p.KK, pii.NPWP: &p.NPWP, pii.Phone: &p.Phone, pii.Email: &p.Email, pii.Bank: &p.Bank,
		"ADDRESS": &p.Address, "PLATE": &p.Plate}
	for _, x := range all {
		p.Count++
		if n := count[x.Kind]; n != nil {
			*n++
		}
		before := wordsBefore(words[:min(x.Start, len(words))], 6)
		p.Own = p.Own || slices.ContainsFunc(before, func(w string) bool { return slices.Contains(ownWords(), w) })
		p.Other = p.Other || slices.ContainsFunc(before, func(w string) bool { return slices.Contains(otherWords(), w) })
	}
}

func ownWords() []string {
	return []string{"saya", "sy", "aku", "ku", "gue", "gw", "kami", "nikku", "nomorku", "my", "kulo", "abdi"}
}

func otherWords() []string {
	return []string{"dia", "ia", "nya", "niknya", "nomornya", "tetangga", "milik", "pelaku", "orang", "si", "mereka", "teman", "temen", "his", "her", "their"}
}

func wordsBefore(s string, n int) (all []string) {
	tokens := text.Fold(s).Tokens()
	for _, t := range tokens[max(0, len(tokens)-n):] {
		all = append(all, t.Plain)
	}
	return all
}

func (f *Facts) readWords(words string, tokens []text.Token) {
	f.Text.Words = len(tokens)
	for _, r := range words {
		if unicode.IsLetter(r) {
			f.Text.Letters++
		}
	}
	var plain, meant strings.Builder
	for _, t := range tokens {
		plain.WriteString(" " + t.Plain)
		meant.WriteString(" " + t.Text)
		if t.Disguised > 0 || t.Joined {
			f.Text.Disguised++
		}
	}
	f.words = []string{plain.String() + " ", meant.String() + " "}
	f.hosts = hostsIn(words)
	f.Text.Links = len(f.hosts)
	for _, h := range f.hosts {
		if slices.Contains(shortHosts(), h) {
			f.Text.ShortLinks++
		}
	}
}

// hostsIn lists the hosts of the links in a text, also of those without a
// scheme in front.
func hostsIn(words string) (all []string) {
	for _, field := range strings.Fields(words) {
		field = strings.ToLower(strings.Trim(field, `.,;:!?()[]<>"'“”`))
		scheme := strings.HasPrefix(field, "http://") || strings.HasPrefix(field, "https://")
		if !scheme {
			field = "http://" + field
		}
		u, err := url.Parse(field)
		if err != nil || u.User != nil {
			continue
		}
		host := strings.TrimPrefix(u.Hostname(), "www.")
		dot := strings.LastIndexByte(host, '.')
		if dot < 1 || !isTop(host[dot+1:]) || !scheme && u.Path == "" && !strings.HasPrefix(u.Host, "www.") && len(host)-dot > 4 {
			continue
		}
		all = append(all, host)
	}
	return all
}

func isTop(s string) bool {
	return len(s) >= 2 && len(s) <= 12 && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && r < utf8.RuneSelf })
}

// aimedAt: a gross word stands within three words of somebody who is spoken to
// or named.
func aimedAt(tokens []text.Token, reasons []Reason) bool {
	for _, r := range reasons {
		if r.Rule != RuleAbuseWord {
			continue
		}
		for i, t := range tokens {
			if t.Span.Start < r.Start || t.Span.End > r.End {
				continue
			}
			for _, near := range tokens[max(0, i-3):min(len(tokens), i+4)] {
				if slices.Contains(persons(), near.Plain) {
					return true
				}
			}
		}
	}
	return false
}

// persons are words for one person who is spoken to. "Maneh" is left out: it is
// "you" in Sundanese and "again" in Javanese. So is "kalian": it is mostly the
// office that is meant.
func persons() []string {
	return []string{"kau", "lu", "lo", "loe", "elu", "elo", "kamu", "kowe", "koen", "sira", "ente", "ngana", "anda", "mu", "you",
		"bapakmu", "ibumu", "emakmu", "mukamu", "mulutmu", "otakmu"}
}

// has says whether one of the words or phrases stands in the text: whole words,
// in any disguise.
func (f Facts) has(phrases ...string) bool {
	return slices.ContainsFunc(phrases, func(p string) bool {
		var plain, meant strings.Builder
		for _, t := range text.Fold(p).Tokens() {
			plain.WriteString(" " + t.Plain)
			meant.WriteString(" " + t.Text)
		}
		if plain.Len() == 0 {
			return false
		}
		return slices.ContainsFunc(f.words, func(w string) bool {
			return strings.Contains(w, plain.String()+" ") || strings.Contains(w, meant.String()+" ")
		})
	})
}

// link says whether a link leads to one of the hosts or below it.
func (f Facts) link(hosts ...string) bool {
	return slices.ContainsFunc(f.hosts, func(h string) bool {
		return slices.ContainsFunc(hosts, func(want string) bool {
			want = strings.ToLower(want)
			return want != "" && (h == want || strings.HasSuffix(h, "."+want))
		})
	})
}

func (f Facts) matchedRule(names ...string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return slices.Contains(f.matched, n) })
}
