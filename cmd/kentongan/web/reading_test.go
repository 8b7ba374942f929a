package web

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"kentongan/inbox"
	"kentongan/internal/insight"
	"kentongan/internal/locale"
	"kentongan/internal/pii"
	"kentongan/moderation"
)

// Every page reads whole in both languages: no key without its text, nothing
// that the content policy would refuse.
func TestPagesReadInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, s := range gallerySamples() {
		for _, lang := range locale.Languages() {
			t.Run(s.name+" "+lang, func(t *testing.T) {
				t.Parallel()
				f := &Frame{Printer: locale.New(lang, locale.Missing(func(key string) { t.Errorf("no text for %q", key) })), Now: galleryNow, Path: "/"}
				var out bytes.Buffer
				if err := page(f, s.view.Head(f), s.view.Body(f)).Render(context.Background(), &out); err != nil {
					t.Fatal(err)
				}
				for _, forbidden := range []string{" style=", " onclick=", "hx-on", "<script>", "javascript:"} {
					if strings.Contains(out.String(), forbidden) {
						t.Errorf("the page holds %q", forbidden)
					}
				}
				if n := strings.Count(out.String(), "<h1"); n != 1 {
					t.Errorf("%d headings of the first order", n)
				}
			})
		}
	}
}

func TestSmallNumbersAreNeverTold(t *testing.T) {
	t.Parallel()
	f := &Frame{Printer: locale.New("id")}
	for _, c := range []struct {
		says  string
		cells []int64
		want  string
	}{
		{"nothing is told as nothing", []int64{0, 0}, "0"},
		{"one citizen is fewer than five", []int64{1, 0}, "<5"},
		{"four are fewer than five", []int64{4}, "<5"},
		{"five are told", []int64{5, 0}, "5"},
		{"large cells add up", []int64{181, 31}, "212"},
		{"a small cell takes the exact sum away", []int64{58, 3}, "≥ 59"},
		{"two small cells are at least two", []int64{3, 4}, "≥ 2"},
	} {
		t.Run(c.says, func(t *testing.T) {
			var b blurred
			for _, n := range c.cells {
				b.add(n)
			}
			if got := b.text(f); got != c.want {
				t.Errorf("%v is told as %q, want %q", c.cells, got, c.want)
			}
		})
	}
}

// Whoever subtracts one number of the register from another must not find a
// small one: two months that differ only in a blurred cell look the same.
func TestRegisterTellsNoDifference(t *testing.T) {
	t.Parallel()
	f := &Frame{Printer: locale.New("id")}
	policy := moderation.Policy{Clauses: []moderation.Clause{{Number: "2.1", Protected: true}, {Number: "3.1", Acts: []moderation.Act{moderation.Hide}}, {Number: "3.4", Acts: []moderation.Act{moderation.Hide}}}}
	told := func(few int64) string {
		reg := newRegister(f, []moderation.PublicCount{
			{Month: "2026-11", Platform: "x", Clause: "3.1", Hidden: 40}, {Month: "2026-11", Platform: "facebook", Clause: "3.1", Hidden: few},
			{Month: "2026-11", Platform: "x", Clause: "3.4", Hidden: 9}, {Month: "2026-11", Platform: "x", Clause: "", Restored: few},
		}, policy)
		m := insight.Month{Name: "2026-11", Received: 5394, Response: insight.Response{Answered: few, Within: few, Median: time.Duration(few) * time.Minute}}
		v := PublicView{Rows: reg.rows("2026-11"), Restored: reg.restored("2026-11"), Figures: reg.figures(m), Platforms: reg.platforms}
		v.History = []PublicMonth{reg.month(m, time.UTC, "diskominfo", true)}
		var out bytes.Buffer
		if err := v.Body(f).Render(context.Background(), &out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	if told(1) != told(4) {
		t.Error("the page tells one from four")
	}
	if !strings.Contains(told(1), "≥ 50") {
		t.Error("the month's sum is not told as at least 50")
	}
	if told(4) == told(5) {
		t.Error("the test is blind: four and five look the same")
	}
}

func TestMarksKeepEveryLetter(t *testing.T) {
	t.Parallel()
	f := &Frame{Printer: locale.New("id")}
	text := "sl0t g4c0r, hubungi 0812-••••-••73 ya"
	at := func(s string) (int, int) { i := strings.Index(text, s); return i, i + len(s) }
	reason := func(l moderation.Label, rule moderation.Rule, words string) moderation.Reason {
		from, to := at(words)
		return moderation.Reason{Label: l, Rule: rule, Start: from, End: to}
	}
	from, to := at("0812-••••-••73")
	msg := inbox.Message{Masked: text, Marks: []inbox.Mark{{Kind: pii.Phone, Start: from, End: to}}}
	parts, lines := marked(f, msg, []moderation.Reason{
		reason(moderation.Gambling, moderation.RuleGamblingWord, "sl0t"), reason(moderation.Gambling, moderation.RuleGamblingWord, "g4c0r"),
		reason(moderation.Gambling, moderation.RuleDisguise, "sl0t g4c0r"), reason(moderation.PersonalData, moderation.RulePII, "0812-••••-••73"),
		{Label: moderation.Fraud, Rule: moderation.RuleFraudWord, Start: 90, End: 900}, // of another writing
	})
	var whole strings.Builder
	for _, p := range parts {
		whole.WriteString(p.Text)
	}
	if whole.String() != text {
		t.Errorf("the message became %q", whole.String())
	}
	if len(lines) != 4 || lines[0].Matched != "“sl0t”, “g4c0r”" || lines[3].Matched != "" {
		t.Errorf("the reasons are %+v", lines)
	}
	var out bytes.Buffer
	if err := markedText(parts).Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	want := `<mark class="bad">sl0t<sup>1</sup></mark><mark class="bad"> </mark><mark class="bad">g4c0r<sup>1, 2</sup></mark>, hubungi <span class="masked">0812-••••-••73<sup>3</sup></span> ya`
	if out.String() != want {
		t.Errorf("printed\n%s\nwant\n%s", out.String(), want)
	}
}

func TestMarkedTextCannotBecomeAPage(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := markedText([]Marked{{Kind: "mark", Text: `<img src=x onerror=alert(1)>`, Numbers: "1"}}).Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "<img") {
		t.Error(out.String())
	}
}

func TestDayBarsStandInsideTheirField(t *testing.T) {
	t.Parallel()
	bars := dayBars([]DayFigures{{"1", 4, 0, 2}, {"2", 0, 8, 8}}, 8)
	if len(bars) != 4 {
		t.Fatalf("%d bars: days without anything have none", len(bars))
	}
	if b := bars[2]; b.Y != "1.0" || b.Height != "178.0" || b.Class != "messages" {
		t.Errorf("the tallest is %+v", b)
	}
	if dayBars(make([]DayFigures, 3), 0) != nil {
		t.Error("an empty span has bars")
	}
}
