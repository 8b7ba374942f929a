package train_test

import (
	"fmt"
	"slices"
	"testing"

	"kentongan/internal/model"
	"kentongan/internal/model/train"
	"kentongan/internal/text"
)

// twoTongues is a small NusaX: "edan" is bad in Indonesian and good in
// Javanese, everything else is told apart by its own words.
func twoTongues() []train.Set {
	var nusax, smsa []train.Row
	add := func(to *[]train.Row, lang, label, pattern string, fill ...string) {
		for _, w := range fill {
			*to = append(*to, train.Row{ID: fmt.Sprint(len(*to)), Source: "nusax", Lang: lang, Split: "train", Text: fmt.Sprintf(pattern, w), Labels: []string{label}})
		}
	}
	places := []string{"pasar", "kantor", "sekolah", "warung", "terminal", "taman", "stasiun", "masjid", "pabrik", "bandara"}
	add(&nusax, "id", "negative", "pelayanan yang di %s itu edan dan jelek", places...)
	add(&nusax, "id", "positive", "pelayanan yang di %s itu bagus dan ramah", places...)
	add(&nusax, "id", "neutral", "pelayanan yang di %s itu dibuka jam delapan", places...)
	add(&nusax, "jv", "positive", "dodolan sing nang %s kuwi edan tenan", places...)
	add(&nusax, "jv", "negative", "dodolan sing nang %s kuwi elek tenan", places...)
	add(&nusax, "jv", "neutral", "dodolan sing nang %s kuwi dibukak jam wolu", places...)
	for _, r := range nusax[:30] {
		r.Source, r.Text = "smsa", r.Text+" kata ibu saya"
		smsa = append(smsa, r)
	}
	return []train.Set{{Source: train.Source{Name: "nusax"}, Rows: nusax}, {Source: train.Source{Name: "smsa"}, Rows: smsa}}
}

func TestAWordMeansWhatItMeansInItsLanguage(t *testing.T) {
	t.Parallel()
	tongue := train.NewTongue(twoTongues(), 1)
	steps := 0
	folds, _ := tongue.Cross(func(int, int) { steps++ })
	if steps != 7 || len(folds) != 90 {
		t.Fatalf("%d steps, %d rows read", steps, len(folds))
	}
	sentiment, language := tongue.Train(folds)
	part := train.Assemble("uji", "uji", 1, language, sentiment)
	m, err := model.Join(part)
	if err != nil {
		t.Fatal(err)
	}
	s := model.NewScratch()
	for message, want := range map[string][2]string{
		"pelayanan yang di rumah sakit itu edan":  {"id", "negative"},
		"dodolan sing nang rumah sakit kuwi edan": {"jv", "positive"},
		"dodolan sing nang rumah sakit kuwi elek": {"jv", "negative"},
		"pelayanan yang di rumah sakit itu ramah": {"id", "positive"},
	} {
		f := text.Fold(message)
		r := m.Score(f, f.Tokens(), s)
		var said []string
		for i, h := range m.Heads() {
			if r.Decided[i] {
				said = append(said, h.Name)
			}
		}
		if !slices.Equal(said, want[:]) {
			t.Errorf("%q: %v, want %v (%v)", message, said, want, r.Probability)
		}
	}
}

func TestTranslationsOfASentenceAreOneCluster(t *testing.T) {
	t.Parallel()
	rows := []train.Row{
		{Lang: "id", Split: "train", Labels: []string{"positive"}, Text: "Nasi goreng di Kedai Melati 25 ribu enak sekali"},
		{Lang: "id", Split: "train", Labels: []string{"positive"}, Text: "Hotel Anggrek kamarnya bersih, resepsionis ramah"},
		{Lang: "id", Split: "valid", Labels: []string{"positive"}, Text: "Hotel Anggrek di Bandung bersih"},
		{Lang: "jv", Split: "train", Labels: []string{"positive"}, Text: "Hotel Anggrek kamare resik, resepsionis grapyak"},
		{Lang: "jv", Split: "train", Labels: []string{"positive"}, Text: "Sego goreng nang Kedai Melati 25 ewu enak tenan"},
		{Lang: "jv", Split: "train", Labels: []string{"negative"}, Text: "Sego goreng nang Kedai Melati 25 ewu ora enak"},
	}
	if got := train.Parallel(rows, train.Buckets(rows), "id"); !slices.Equal(got, []int{0, 1, 2, 1, 0, 5}) {
		t.Errorf("clusters %v", got)
	}
}

func TestMergeJoinsWhatEitherNumberingJoins(t *testing.T) {
	t.Parallel()
	if got := train.Merge([]int{0, 0, 2, 3, 4}, []int{0, 1, 1, 3, 3}); !slices.Equal(got, []int{0, 0, 0, 3, 3}) {
		t.Errorf("clusters %v", got)
	}
}
