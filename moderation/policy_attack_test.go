package moderation_test

import (
	"strings"
	"testing"

	"kentongan/configs"
	"kentongan/internal/fault"
	"kentongan/internal/locale"
	"kentongan/moderation"
)

// ruled is the sample with one rule written as an expression.
func ruled(when, suggest, clause, mode string) configs.Policy {
	p := sample()
	p.Clauses = append(p.Clauses, configs.PolicyPart{Number: "3.9", Title: configs.Words{ID: "Lain", EN: "Other"}, Text: configs.Words{ID: "Lain", EN: "Other"},
		Severity: "low", Acts: []string{"hide", "remove", "warn", "block", "escalate"}})
	p.Rules = []configs.PolicyRule{{Name: "uji", Title: configs.Words{ID: "Uji", EN: "Test"}, When: when, Suggest: suggest, Clause: clause, Mode: mode}}
	return p
}

// smuggled are rules that somebody writes who wants criticism gone and knows
// that the loader reads the rule.
func smuggled() map[string]struct{ when, code string } {
	return map[string]struct{ when, code string }{
		"sentiment by name":                         {`sentiment == "negative"`, "policy.hides_by_sentiment"},
		"sentiment denied":                          {`sentiment != "positive"`, "policy.hides_by_sentiment"},
		"a negative score":                          {`labels.negative >= 0.7`, "policy.hides_by_sentiment"},
		"not positive enough":                       {`labels.positive < 0.2`, "policy.hides_by_sentiment"},
		"not happy":                                 {`not (labels.happy > 0.1)`, "policy.unknown_name"},
		"an emotion":                                {`labels.anger >= 0.5`, "policy.hides_by_sentiment"},
		"an emotion beside gambling":                {`labels.gambling >= 0.6 or labels.anger >= 0.5`, "policy.hides_by_sentiment"},
		"an emotion that gambling seems to demand":  {`labels.gambling >= 0.6 and labels.sadness < 0.5`, "policy.hides_by_sentiment"},
		"criticism":                                 {`labels.criticism >= 0.5`, "policy.hides_by_sentiment"},
		"criticism beside abuse":                    {`labels.abusive >= 0.8 and labels.criticism >= 0.5`, "policy.hides_by_sentiment"},
		"complaints":                                {`labels.complaint > 0`, "policy.hides_by_sentiment"},
		"questions, turned around":                  {`0.5 <= labels.question`, "policy.hides_by_sentiment"},
		"whoever does not thank":                    {`labels.thanks == 0`, "policy.hides_by_sentiment"},
		"a plea for help":                           {`labels.life_safety > 0`, "policy.hides_by_sentiment"},
		"an intent in brackets":                     {`labels["complaint"] >= 0.5`, "policy.hides_by_sentiment"},
		"a sentiment in brackets":                   {`labels["negative"] >= 0.5`, "policy.hides_by_sentiment"},
		"a name put together":                       {`labels["nega" + "tive"] >= 0.5`, "policy.hides_by_sentiment"},
		"a name that is computed":                   {`labels[platform] >= 0.5`, "policy.computed_name"},
		"a name chosen by a condition":              {`labels[kind == "x" ? "a" : "b"] >= 0.5`, "policy.computed_name"},
		"a name asked for carefully":                {`labels?.negative >= 0.5`, ""},
		"a label in a variable":                     {`let l = labels; l.negative > 0.5`, "policy.hides_by_sentiment"},
		"a label in a variable with an honest name": {`let gambling = labels.complaint; gambling > 0.5`, ""},
		"a loop over all labels":                    {`any(labels, # > 0.5)`, "policy.not_in_rules"},
		"a loop over keys":                          {`any(keys(labels), # == "negative")`, ""},
		"a pipe":                                    {`labels | keys() | len() > 0`, "policy.not_in_rules"},
		"membership of the labels":                  {`"negative" in labels`, "policy.hides_by_sentiment"},
		"membership, put together":                  {`("posi" + "tive") in labels`, "policy.hides_by_sentiment"},
		"the whole environment":                     {`$env["labels"]["negative"] > 0.5`, ""},
		"a list of feelings":                        {`platform in ["nega", "tif"]`, "policy.hides_by_sentiment"},
		"a choice":                                  {`labels.gambling >= 0.5 ? true : labels.hs < 0.5`, "policy.not_in_rules"},
		"several statements":                        {`true; labels.gambling >= 0.5`, ""},
		"nothing at all":                            {`true`, "policy.no_ground"},
		"everything":                                {`not false`, "policy.no_ground"},
		"words alone":                               {`has("jalan rusak")`, "policy.no_ground"},
		"words, or gambling":                        {`labels.gambling >= 0.6 or has("jalan")`, "policy.no_ground"},
		"a way around in brackets":                  {`(labels.gambling >= 0.6 or text.words > 1) and platform == "x"`, "policy.no_ground"},
		"a way around by a double not":              {`not (not (labels.fraud >= 0.5) and not (text.words > 2))`, "policy.no_ground"},
		"not gambling":                              {`not (labels.gambling >= 0.6)`, "policy.no_ground"},
		"gambling below a bound":                    {`labels.gambling < 0.6`, "policy.no_ground"},
		"gambling at nothing":                       {`labels.gambling >= 0`, "policy.no_ground"},
		"gambling at almost nothing":                {`labels.gambling > 0.01`, "policy.no_ground"},
		"gambling above a negative number":          {`labels.gambling > -1`, "policy.no_ground"},
		"gambling that is at least itself":          {`labels.gambling >= labels.gambling`, "policy.no_ground"},
		"gambling times nothing":                    {`labels.gambling * 0 + 1 >= 0.5`, "policy.no_ground"},
		"gambling that is not a number":             {`labels.gambling != 0.7`, "policy.no_ground"},
		"no gambling, said by equality":             {`(labels.gambling >= 0.6) == false`, "policy.no_ground"},
		"repetition alone: a petition":              {`repetition.copies > 5`, "policy.no_ground"},
		"an account alone":                          {`account.hidden > 2`, "policy.no_ground"},
		"hints of personal data alone":              {`pii.other`, "policy.no_ground"},
		"personal data at nothing":                  {`pii.count >= 0`, "policy.no_ground"},
		"a thank-you rule":                          {`labels.fraud >= 0.5 and matched("thanks_word")`, "policy.hides_by_sentiment"},
		"a criticism rule":                          {`labels.abusive >= 0.5 and matched("criticism_of_office")`, "policy.hides_by_sentiment"},
		"words of criticism beside abuse":           {`labels.abusive >= 0.5 and has("kritik", "protes")`, "policy.hides_by_sentiment"},
		"words of criticism in figures":             {`labels.abusive >= 0.5 and has("kr1t1k")`, "policy.hides_by_sentiment"},
		"an official":                               {`labels.abusive >= 0.5 and has("bupati")`, "policy.names_official"},
		"an official in capitals":                   {`labels.abusive >= 0.5 and has("BUPATI")`, "policy.names_official"},
		"an official, spaced":                       {`labels.hs >= 0.5 and has("b u p a t i")`, "policy.names_official"},
		"an official in two words":                  {`labels.hs >= 0.5 and has("wali kota")`, "policy.names_official"},
		"an official with a hyphen":                 {`labels.hs >= 0.5 and has("wali-kota")`, "policy.names_official"},
		"an official with full stops":               {`labels.hs >= 0.5 and has("g.u.b.e.r.n.u.r")`, "policy.names_official"},
		"an official in figures":                    {`labels.hs >= 0.5 and has("pr3s1d3n")`, "policy.names_official"},
		"an official in Greek letters":              {`labels.hs >= 0.5 and has("βupατι")`, ""},
		"an official in Cyrillic letters":           {`labels.hs >= 0.5 and has("bupаti")`, "policy.names_official"},
		"an official in wide letters":               {`labels.hs >= 0.5 and has("ｂｕｐａｔｉ")`, "policy.names_official"},
		"an official with an escape":                {`labels.hs >= 0.5 and has("bu\u0070ati")`, "policy.names_official"},
		"an official with a zero-width space":       {"labels.hs >= 0.5 and has(\"bu\u200bpati\")", "policy.names_official"},
		"an official misspelt":                      {`labels.hs >= 0.5 and has("gubenur")`, "policy.names_official"},
		"an official without vowels":                {`labels.hs >= 0.5 and has("gbrnr")`, "policy.names_official"},
		"an official in short":                      {`labels.hs >= 0.5 and has("pak bup")`, "policy.names_official"},
		"a head of department":                      {`labels.hs >= 0.5 and has("kepala dinas")`, "policy.names_official"},
		"a village head among words":                {`labels.abusive >= 0.5 and has("jalan", "lampu", "lurah")`, "policy.names_official"},
		"a minister, and gambling":                  {`labels.gambling >= 0.6 and has("menteri")`, "policy.names_official"},
		"whoever does not name the president":       {`labels.gambling >= 0.6 and not has("presiden")`, "policy.names_official"},
		"the office":                                {`labels.abusive >= 0.5 and has("pemkot")`, "policy.names_official"},
		"an official by contains":                   {`labels.abusive >= 0.5 and text contains "bupati"`, "policy.names_official"},
		"an official by a pattern":                  {`labels.abusive >= 0.5 and text matches "b[u]p.ti"`, "policy.not_in_rules"},
		"an official by a plain pattern":            {`labels.abusive >= 0.5 and text matches "(?i)camat"`, "policy.names_official"},
		"an official put together":                  {`labels.abusive >= 0.5 and has("bu" + "pati")`, "policy.names_official"},
		"an official as a host":                     {`labels.fraud >= 0.5 and link("bupati-watch.id")`, "policy.names_official"},
		"an official in a list":                     {`labels.fraud >= 0.5 and platform in ["x", "camat"]`, "policy.names_official"},
		"our own official by name":                  {`labels.abusive >= 0.5 and has("Suryani Wiratama")`, "policy.names_official"},
		"our own official by one name":              {`labels.abusive >= 0.5 and has("wiratama")`, "policy.names_official"},
		"our own official, disguised":               {`labels.abusive >= 0.5 and has("w1ratama")`, "policy.names_official"},
		"our own official, drawn out":               {`labels.abusive >= 0.5 and has("wiratamaaa")`, "policy.names_official"},
		"our own official, run together":            {`labels.abusive >= 0.5 and has("suryaniwiratama")`, "policy.names_official"},
		"a pattern in a word":                       {`labels.abusive >= 0.5 and has("bup*ti")`, ""},
		"words that are computed":                   {`labels.abusive >= 0.5 and has(platform)`, "policy.computed_name"},
		"no words":                                  {`labels.abusive >= 0.5 and has()`, "policy.call_empty"},
		"empty words":                               {`labels.abusive >= 0.5 and has(" ")`, "policy.text_disguised"},
		"a text compared with a number":             {`labels.abusive >= "0.5"`, "policy.text_alone"},
		"a number that is no answer":                {`labels.gambling`, "policy.expression_wrong"},
		"half a sentence":                           {`labels.gambling >= `, "policy.expression_wrong"},
		"an expression that never ends":             {strings.Repeat("not ", 600) + "true", "policy.expression_too_long"},
		"a deep one":                                {strings.Repeat("(", 900) + "true" + strings.Repeat(")", 900), ""},
		"a method":                                  {`labels.gambling.String() == "x"`, ""},
		"the time of day":                           {`now().Hour() > 3`, ""},
		"a range":                                   {`1 in 0..9999999`, "policy.not_in_rules"},
		"a power":                                   {`9 ** 9 > 1`, "policy.not_in_rules"},
	}
}

func TestNobodySmugglesARuleAgainstCriticismPastTheLoader(t *testing.T) {
	t.Parallel()
	id, en := locale.New("id"), locale.New("en")
	for name, c := range smuggled() {
		for _, act := range []string{"hide", "warn", "block", "remove"} {
			t.Run(name+": "+act, func(t *testing.T) {
				t.Parallel()
				_, err := moderation.NewPolicy(ruled(c.when, act, "3.9", ""), "Suryani Wiratama", "Drs. Bambang")
				all := fault.All(err)
				if len(all) == 0 {
					t.Fatalf("%s is let through", c.when)
				}
				f := all[0]
				if c.code != "" && f.Code != c.code || f.Field == "" || f.Args["rule"] != "uji" || f.Args["column"] == nil {
					t.Errorf("%s: %s at %q with %v, want %s", c.when, f.Code, f.Field, f.Args, c.code)
				}
				for _, p := range []*locale.Printer{id, en} {
					if s := p.Fault(f)[0].Text; !strings.Contains(s, "uji") || strings.Contains(s, "{") {
						t.Errorf("%s does not say where: %s", f.Code, s)
					}
				}
			})
		}
	}
}

func TestHonestRulesAreLetThrough(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ when, act, mode string }{
		"gambling":                              {`labels.gambling >= 0.6`, "hide", ""},
		"gambling, turned around":               {`0.6 <= labels.gambling`, "block", ""},
		"gambling, said by a double not":        {`not (labels.gambling < 0.6)`, "hide", "auto"},
		"gambling or fraud":                     {`labels.gambling >= 0.6 or labels.fraud > 0.5`, "hide", "auto"},
		"fraud on every way":                    {`labels.fraud >= 0.6 and (has("transfer") or text.short_links > 0 or not pii.own)`, "hide", "auto"},
		"short links on a topic of aid":         {`labels.fraud >= 0.5 and text.short_links > 0 and has("bansos", "bantuan tunai")`, "hide", ""},
		"a district is no official":             {`labels.fraud >= 0.5 and has("kecamatan", "kelurahan")`, "hide", ""},
		"income is no opinion":                  {`labels.fraud >= 0.5 and has("pendapatan tambahan")`, "hide", ""},
		"two kinds of personal data":            {`pii.nik > 0 or pii.kk >= 1`, "hide", ""},
		"repeated promotion":                    {`labels.promo >= 0.7 and repetition.copies / repetition.accounts > 3`, "hide", ""},
		"platform and kind":                     {`labels.abusive >= 0.8 and platform in ["facebook", "x"] and kind != "direct"`, "warn", ""},
		"a complaint may be answered":           {`labels.complaint >= 0.5`, "escalate", ""},
		"somebody's life":                       {`labels.life_safety > 0`, "escalate", ""},
		"a person may read what names a mayor":  {`labels.hs >= 0.7 and has("wali kota")`, "review", ""},
		"a rule that is watched for the moment": {`labels.fraud >= 0.5`, "hide", "shadow"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := moderation.NewPolicy(ruled(c.when, c.act, "3.9", c.mode), "Suryani Wiratama"); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestOnlyGamblingAndFraudMayEverBeAutomatic(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ when, act string }{
		"abuse":                         {`labels.abusive >= 0.99`, "hide"},
		"promotion":                     {`labels.promo >= 0.9`, "hide"},
		"personal data":                 {`pii.nik > 0`, "hide"},
		"gambling or abuse":             {`labels.gambling >= 0.9 or labels.abusive >= 0.9`, "hide"},
		"gambling, or a way around":     {`(labels.gambling >= 0.9 or labels.promo >= 0.9) and text.links > 0`, "hide"},
		"gambling that blocks":          {`labels.gambling >= 0.9`, "block"},
		"gambling that deletes":         {`labels.gambling >= 0.9`, "remove"},
		"gambling below a useful score": {`labels.gambling >= 0.2 and labels.abusive >= 0.9`, "hide"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := moderation.NewPolicy(ruled(c.when, c.act, "3.9", "auto"))
			if f := fault.All(err); len(f) != 1 || f[0].Code != "policy.auto_needs_spam" {
				t.Errorf("%s: %v", c.when, err)
			}
		})
	}
}
