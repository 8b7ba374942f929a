package moderation_test

import (
	"path/filepath"
	"strings"
	"testing"

	"kentongan/internal/model"
	"kentongan/moderation"
)

// shipped is the classifier as the program runs it.
func shipped(t testing.TB) *moderation.Classifier {
	t.Helper()
	c := moderation.NewClassifier()
	if !model.Built(true) {
		return c
	}
	m, err := model.Open(true)
	if err != nil {
		t.Fatal(err)
	}
	return c.With(m)
}

// The rules and the model together: no civil criticism is taken for spam or
// proposed for hiding, and its priority is never that of abuse alone.
func TestTheShippedClassifierLeavesCivilCriticismAlone(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/criticism/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	c, p := shipped(t), policy(t)
	n, flagged := 0, 0
	for _, file := range files {
		for _, line := range lines(t, file) {
			parts := strings.SplitN(line, " | ", 3)
			n++
			v := c.Classify(parts[1])
			for _, l := range []moderation.Label{moderation.Gambling, moderation.Fraud} {
				if v.Has(l) {
					t.Errorf("called %s: %q %v", l, parts[1], v.ReasonsFor(l))
				}
			}
			if a := p.Suggest(v).Act; a == moderation.Hide || a == moderation.Warn || a == moderation.Block || a == moderation.Remove {
				t.Errorf("proposed to %s: %q %v", a, parts[1], v.Scores)
			}
			if v.Has(moderation.Hate) || v.Has(moderation.Abusive) {
				flagged++
			}
			everyLabelHasAReason(t, parts[1], v)
		}
	}
	t.Logf("0 of %d civil criticisms proposed for hiding; %d are called hateful or abusive and at most read by a person", n, flagged)
	if n < 300 {
		t.Errorf("only %d lines", n)
	}
}

func everyLabelHasAReason(t *testing.T, s string, v moderation.Verdict) {
	t.Helper()
	for l := range v.Scores {
		if len(v.ReasonsFor(l)) == 0 {
			t.Errorf("%q is called %s without a reason", s, l)
		}
	}
	for _, r := range v.Reasons {
		if r.Start < 0 || r.End > len(s) || r.Start >= r.End || !v.Has(r.Label) {
			t.Errorf("%q: reason %v", s, r)
		}
	}
}

// What is felt is noted beside the verdict, never in it.
func TestFeelingsAreNoGround(t *testing.T) {
	t.Parallel()
	c := shipped(t)
	for _, s := range []string{"Saya marah sekali, pelayanan buruk, kecewa berat", "Sedih melihat kota begini terus", "Senang sekali, terima kasih banyak pak"} {
		v := c.Classify(s)
		for _, l := range []moderation.Label{moderation.Positive, moderation.Neutral, moderation.Negative, moderation.Anger, moderation.Fear, moderation.Happy, moderation.Love, moderation.Sadness} {
			if v.Has(l) {
				t.Errorf("%q has the label %s", s, l)
			}
		}
		if model.Built(false) && (v.Sentiment == "" || v.Emotion == "") {
			t.Errorf("%q: sentiment %q, emotion %q", s, v.Sentiment, v.Emotion)
		}
	}
}

// Most of what is written under a post wants nothing of the office, and whoever
// leaves a number to be called back is no fraud.
func TestOrdinaryTalkWantsNothing(t *testing.T) {
	t.Parallel()
	if !model.Built(false) {
		t.Skip("built without weights")
	}
	c := shipped(t)
	talk := []string{
		"Persib menang 3-1 semalam, mantap maung bandung!", "Hoki Dewi buka lapak di CFD minggu besok", "Film 4D di planetarium bagus",
		"Selamat menunaikan ibadah puasa, mohon maaf lahir batin", "Bakso Pak Kumis 77 rame terus", "Raja Ampat indah, ayo dukung wisata",
		"Burung murai saya gacor tiap pagi", "Nonton wayang semalam suntuk, dalangnya top", "Resep rendang: daging 1 kg, santan 2 liter",
		"Menang terus tim voli RW 07", "Kopi toraja asli memang juara", "Poker face banget pak camat waktu ditanya",
	}
	complaints := 0
	for _, s := range talk {
		if c.Classify(s).Has(moderation.Complaint) {
			complaints++
			t.Logf("called a complaint: %q", s)
		}
	}
	if complaints > len(talk)/4 {
		t.Errorf("%d of %d ordinary comments are called complaints", complaints, len(talk))
	}
	for _, s := range []string{"Tolong telepon ibu saya di 081234567890 kalau petugas sudah berangkat", "Hubungi saya di (+62) 85930955972 ya kak", "NIK saya 3174012505900001, kok tidak terdaftar"} {
		if v := c.Classify(s); v.Has(moderation.Fraud) {
			t.Errorf("called fraud: %q", s)
		}
	}
}

// A message of any length costs the same few allocations, whatever it holds.
func TestAllocationsOfAVerdictDoNotGrowWithTheMessage(t *testing.T) {
	c := shipped(t)
	for _, s := range []string{"Jalan di depan pasar rusak sudah lama sekali ", "main di 𝓟𝓤𝓛𝓐𝓤777 langsung jp, g4c0r ", "pagi yang biasa saja di kota ini "} {
		cost := func(n int) float64 {
			long := strings.Repeat(s, n)
			c.Classify(long)
			return testing.AllocsPerRun(10, func() { c.Classify(long) })
		}
		if short, long := cost(2), cost(100); long > short+12 || long > 40 {
			t.Errorf("%q: %v allocations said twice, %v said a hundred times", s, short, long)
		} else {
			t.Logf("%q: %v allocations said twice, %v said a hundred times", s, short, long)
		}
	}
}
