package train_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"kentongan/internal/model/train"
)

func rowsOf(t *testing.T, lines ...string) []train.Row {
	t.Helper()
	rows, err := train.Read("uji.jsonl", strings.NewReader(strings.Join(lines, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func labels(names ...string) train.Said {
	s := train.Said{Labels: map[string]bool{}, Grades: map[string]float64{}}
	for i, n := range names {
		s.Labels[n], s.Grades[n] = true, .9-.1*float64(i)
	}
	return s
}

// value is the figure of that task and name, in the order printed.
func value(t *testing.T, figures []train.Figure, task, what string) float64 {
	t.Helper()
	for _, f := range figures {
		if f.Task == task && f.What == what {
			return f.Value.Value
		}
	}
	t.Fatalf("no figure %q of %q", what, task)
	return 0
}

func TestScoreJudgesEachFamilyByItsOwnRules(t *testing.T) {
	t.Parallel()
	rows := rowsOf(t,
		`{"id":"1","task":"toxicity","text":"satu dua tiga","labels":["hs","abusive"]}`,
		`{"id":"2","task":"toxicity","text":"empat lima enam","labels":[]}`,
		`{"id":"3","task":"sms","text":"tujuh delapan sembilan","labels":["fraud"]}`,
		`{"id":"4","task":"sms","text":"sepuluh sebelas selusin","labels":["normal"]}`,
		`{"id":"5","task":"sms","text":"kodi gros rim","labels":["promo"]}`,
		`{"id":"6","text":"senang sekali hari ini","labels":["positive"]}`,
		`{"id":"7","text":"biasa saja menurut saya","labels":["neutral","panas"]}`,
	)
	said := []train.Said{labels("hs", "complaint"), labels(), labels("promo", "fraud"), labels("question"), labels("promo"), labels("positive", "anger"), labels("negative")}
	figures, unknown, err := train.Score(rows, said, 1)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(unknown, []string{"panas"}) {
		t.Errorf("unknown labels %v", unknown)
	}
	for _, want := range []struct {
		task, what string
		value      float64
	}{
		{"toxicity", "F1 hs", 1}, {"toxicity", "F1 abusive", 0}, {"toxicity", "all labels exactly right", .5}, {"toxicity", "Jaccard", .75},
		{"sms", "accuracy", 2. / 3}, {"sms", "F1 normal", 1}, {"sms", "F1 promo", 2. / 3}, {"sms", "macro-F1", (1 + 2./3) / 3},
		{"sentiment", "accuracy", .5}, {"sentiment", "F1 positive", 1},
	} {
		if got := value(t, figures, want.task, want.what); math.Abs(got-want.value) > 1e-9 {
			t.Errorf("%s, %s: %v, want %v", want.task, want.what, got, want.value)
		}
	}
}

func TestScoreReadsAFileThatHoldsOnlyCleanMessages(t *testing.T) {
	t.Parallel()
	rows := rowsOf(t, `{"task":"gambling","text":"jalan rusak","labels":[]}`, `{"task":"gambling","text":"air mati","labels":[]}`)
	figures, _, err := train.Score(rows, []train.Said{labels(), labels("gambling")}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := value(t, figures, "gambling", "said of messages without the label"); got != .5 {
		t.Errorf("share %v", got)
	}
}

func TestScoreOfPersonalDataCountsKindsMasksAndCleanMessages(t *testing.T) {
	t.Parallel()
	rows := rowsOf(t,
		`{"text":"nik 3171 ada","spans":[{"start":4,"end":8,"label":"NIK"}]}`,
		`{"text":"nik 3172 lagi","spans":[{"start":4,"end":8,"label":"NIK"}]}`,
		`{"text":"nama Budi saja","spans":[{"start":5,"end":9,"label":"NAME"}]}`,
		`{"text":"tidak ada apa apa","spans":[]}`,
	)
	at := func(start, end int, kind string) train.Said {
		return train.Said{Spans: []train.Span{{Start: start, End: end, Label: kind}}}
	}
	figures, _, err := train.Score(rows, []train.Said{at(4, 8, "KK"), at(3, 7, "NIK"), {}, at(0, 5, "NIK")}, 1)
	if err != nil {
		t.Fatal(err)
	}
	for what, want := range map[string]float64{"NIK found under its name, recall": .5, "NIK masked whole, recall": .5, "clean messages altered": .5} {
		if got := value(t, figures, "personal data", what); got != want {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
}

func TestScoreRefusesAFileOfOtherLabels(t *testing.T) {
	t.Parallel()
	if _, _, err := train.Score(rowsOf(t, `{"text":"a","labels":["panas"]}`), []train.Said{labels()}, 1); err == nil {
		t.Error("a file without a label that the program knows was scored")
	}
}
