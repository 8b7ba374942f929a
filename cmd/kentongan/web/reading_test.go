package web

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"kentongan/inbox"
	"kentongan/internal/identity"
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
		says        string
		part, whole int64
		count, want string
	}{
		{"nothing is told as nothing", 0, 0, "0", "–"},
		{"one citizen is fewer than five", 1, 1, "<5", "–"},
		{"four are fewer than five", 4, 4, "<5", "–"},
		{"five are told", 5, 5, "5", "100 %"},
		{"all but one: who waited too long is not told", 9, 10, "9", "≥ 60 %"},
		{"all but four look the same", 6, 10, "6", "≥ 60 %"},
		{"one of ten looks like four of ten", 1, 10, "<5", "≤ 40 %"},
		{"large parts are told", 181, 212, "181", "85,4 %"},
	} {
		t.Run(c.says, func(t *testing.T) {
			if got := cell(f, c.part); got != c.count {
				t.Errorf("%d is told as %q, want %q", c.part, got, c.count)
			}
			if got := shareText(f, c.part, c.whole); got != c.want {
				t.Errorf("%d of %d is told as %q, want %q", c.part, c.whole, got, c.want)
			}
		})
	}
}

// drawnOf is everything that the public can read of one month: each page, each
// file and the feed.
func drawnOf(t *testing.T, cells map[[2]string]int64, few int64) string {
	t.Helper()
	counts := []moderation.Count{{Measure: moderation.MeasureCorrected, Clause: "3.1", Place: "x", By: moderation.ByPerson, N: few}}
	for at, n := range cells {
		counts = append(counts, moderation.Count{Measure: moderation.MeasureHidden, Clause: at[0], Place: at[1], By: moderation.ByPerson, N: n})
	}
	m := moderation.MonthAccount{Name: "2026-10", First: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)}
	for _, measure := range []string{moderation.MeasureHidden, moderation.MeasureCorrected, moderation.MeasureObjection} {
		m.Tables = append(m.Tables, moderation.Publish(measure, counts, nil, nil))
	}
	b := &books{
		f: &Frame{Printer: locale.New("id"), Now: galleryNow}, now: galleryNow, home: "/t/a", base: "https://a.example", months: []moderation.MonthAccount{m},
		agency: identity.Agency{Slug: "a", Name: "Dinas A", Zone: "Asia/Jakarta", CreatedAt: m.First}, versions: []version{{now: true}},
		heard: map[string]insight.Month{"2026-10": {Received: few, Response: insight.Response{Answered: few, Within: few, Median: time.Duration(few) * time.Minute}}},
	}
	var out bytes.Buffer
	for _, draw := range []func(*books) View{summary, hidden, waiting, policyNow, dictionary} {
		if err := draw(b).Body(b.f).Render(t.Context(), &out); err != nil {
			t.Fatal(err)
		}
	}
	for _, write := range []func(*books) ([]byte, error){dataCSV, dataJSON, dataPackage, feed} {
		body, err := write(b)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(body)
	}
	return out.String()
}

// Two months that differ in a small number, and in what could tell it, read the
// same everywhere: on every page, in every file, in the feed, byte by byte.
func TestTwoMonthsThatDifferInASmallNumberReadTheSame(t *testing.T) {
	t.Parallel()
	at := func(clause, place string) [2]string { return [2]string{clause, place} }
	one := drawnOf(t, map[[2]string]int64{at("3.1", "x"): 40, at("3.1", "facebook"): 2, at("3.4", "x"): 9, at("3.4", "facebook"): 20}, 1)
	other := drawnOf(t, map[[2]string]int64{at("3.1", "x"): 41, at("3.1", "facebook"): 1, at("3.4", "x"): 8, at("3.4", "facebook"): 21}, 4)
	if one != other {
		t.Error("the two months can be told apart")
	}
	if third := drawnOf(t, map[[2]string]int64{at("3.1", "x"): 40, at("3.1", "facebook"): 30, at("3.4", "x"): 9, at("3.4", "facebook"): 20}, 1); third == one {
		t.Error("nothing is told at all: the comparison proves nothing")
	}
	for _, want := range []string{">71<", "≥5", "&lt;5", "3.1,x,,*,>=5", `"count": "<5"`} {
		if !strings.Contains(one, want) {
			t.Errorf("%q is told nowhere", want)
		}
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
