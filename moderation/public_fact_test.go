package moderation

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestFactsAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	all := []Fact{
		{Count{MeasureHidden, "3.4", "facebook", ByPerson, 12}, 35 * time.Minute}, {Count{MeasureCorrected, "", "x", ByProgram, 1}, 0},
		{Count{MeasureObjection, "3.1", OutcomeGranted, ByPerson, 1}, 50 * time.Hour},
	}
	detail := "MOD-2026-00042-K7QX platform.refused" + spaced(writeFacts(all))
	if detail != "MOD-2026-00042-K7QX platform.refused {corrected - x program 1 0m; hidden 3.4 facebook person 12 35m; objection 3.1 granted person 1 3000m}" {
		t.Errorf("written as %s", detail)
	}
	back, ok := readFacts(detail)
	slices.SortFunc(back, func(a, b Fact) int { return strings.Compare(b.Place+b.Clause, a.Place+a.Clause) })
	slices.SortFunc(all, func(a, b Fact) int { return strings.Compare(b.Place+b.Clause, a.Place+a.Clause) })
	if !ok || !slices.Equal(back, all) {
		t.Errorf("read as %+v", back)
	}
	for why, detail := range map[string]string{
		"none": "MOD-2026-00042-K7QX x", "cut off": "MOD {hidden 3.4 x person 1 0m", "a measure of nobody's": "{liked 3.4 x person 1 0m}", "less than one": "{hidden 3.4 x person 0 0m}",
		"too many": "{hidden 3.4 x person 99999999999 0m}", "nobody's deed": "{hidden 3.4 x robot 1 0m}", "one good and one bad": "{hidden 3.4 x person 1 0m; hidden}",
		"something behind": "{hidden 3.4 x person 1 0m} more", "no minutes": "{hidden 3.4 x person 1 0}", "time before it began": "{hidden 3.4 x person 1 -5m}",
	} {
		if facts, ok := readFacts(detail); ok || facts != nil {
			t.Errorf("%s: %+v", why, facts)
		}
	}
}

func TestMedianNeedsFive(t *testing.T) {
	t.Parallel()
	m := func(minutes ...int) (all []time.Duration) {
		for _, n := range minutes {
			all = append(all, time.Duration(n)*time.Minute)
		}
		return all
	}
	for _, c := range []struct {
		why  string
		all  []time.Duration
		want time.Duration
		ok   bool
	}{
		{"nobody", nil, 0, false}, {"four", m(1, 2, 3, 4), 0, false}, {"five, in any order", m(9, 1, 5, 3, 7), 5 * time.Minute, true},
		{"six: between the two in the middle", m(1, 2, 3, 5, 8, 13), 4 * time.Minute, true}, {"all the same", m(2, 2, 2, 2, 2), 2 * time.Minute, true},
	} {
		if got, ok := Median(c.all); got != c.want || ok != c.ok {
			t.Errorf("%s: %v %v", c.why, got, ok)
		}
	}
}

func TestNoCellIsAFormula(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{"=1+1": "'=1+1", "+62": "'+62", "-": "'-", "@x": "'@x", "\tx": "'\tx", "3.4": "3.4", "<5": "<5", ">=5": ">=5", "*": "*", "": ""} {
		if got := noFormula(given); got != want {
			t.Errorf("%q becomes %q", given, got)
		}
	}
	body, err := DataCSV([]Row{{Month: "2026-11", Measure: MeasureHidden, Clause: "=cmd", Channel: "x", By: Every, Count: "<5"}, {Month: "2026-11", Measure: MeasureHidden, Clause: "3.4", Channel: "a,b", By: Every, Count: int64(12)}})
	if want := "month,measure,clause,channel,outcome,by,count\r\n2026-11,hidden,'=cmd,x,,*,<5\r\n2026-11,hidden,3.4,\"a,b\",,*,12\r\n"; err != nil || string(body) != want {
		t.Errorf("%q, %v", body, err)
	}
}

func FuzzFacts(f *testing.F) {
	f.Add("MOD-2026-00042-K7QX {hidden 3.4 facebook person 12 35m; corrected - x program 1 0m}")
	f.Add("{}{hidden")
	f.Fuzz(func(t *testing.T, detail string) {
		all, ok := readFacts(detail)
		if !ok {
			return
		}
		again, ok := readFacts(writeFacts(all))
		if !ok || !slices.Equal(addCounts(countsIn(all)), addCounts(countsIn(again))) {
			t.Errorf("%q is %+v and then %+v", detail, all, again)
		}
	})
}

func countsIn(all []Fact) (counts []Count) {
	for _, f := range all {
		counts = append(counts, f.Count)
	}
	return counts
}
