package model_test

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"kentongan/internal/model"
	"kentongan/internal/text"
)

var toxic = []string{"hs", "abusive", "hs_individual", "hs_group", "hs_religion", "hs_race", "hs_physical", "hs_gender", "hs_other", "hs_weak", "hs_moderate", "hs_strong"}

func open(t testing.TB, noncommercial bool) *model.Model {
	t.Helper()
	m, err := model.Open(noncommercial)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAnOfficeCanDoWithoutTheNonCommercialWeights(t *testing.T) {
	t.Parallel()
	free, all := open(t, false), open(t, true)
	for _, name := range toxic {
		if _, ok := free.Head(name); ok {
			t.Errorf("%s is in the free weights", name)
		}
		if _, ok := all.Head(name); !ok {
			t.Errorf("%s is in neither", name)
		}
	}
	if len(all.Heads()) != len(free.Heads())+len(toxic) {
		t.Errorf("%d heads with, %d without", len(all.Heads()), len(free.Heads()))
	}
}

func TestTheFilesSayWhatTheyAreAndStaySmall(t *testing.T) {
	t.Parallel()
	size := 0
	for name, notice := range map[string]string{model.FreeFile: "Free", model.NonCommercialFile: "CC BY-NC-SA 4.0"} {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		size += len(file)
		p, err := model.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(p.Notice, notice) || p.Trained == "" {
			t.Errorf("%s: notice %q, trained on %q", name, p.Notice, p.Trained)
		}
		if strings.Contains(p.Trained, "okky") != (name == model.NonCommercialFile) {
			t.Errorf("%s was trained on %s", name, p.Trained)
		}
	}
	if size > 8<<20 {
		t.Errorf("the weights take %d bytes", size)
	}
	if !strings.Contains(model.Notice(), "CC BY-NC-SA 4.0") {
		t.Error("the notice beside them does not name the licence")
	}
}

func TestProbabilitiesOfRealWeightsArePossible(t *testing.T) {
	t.Parallel()
	m := open(t, true)
	s := m.Borrow()
	defer m.Return(s)
	groups, first := m.Groups()
	for _, message := range []string{"", "😀", "terima kasih", strings.Repeat("dasar kalian semua ", 500), "\xff\xfe\xfd", "M A N T A P sl0t g4c0r"} {
		f := text.Fold(message)
		r := m.Score(f, f.Tokens(), s)
		for g, group := range groups {
			sum, chosen := float32(0), 0
			for h := range group.Heads {
				p := r.Probability[first[g]+h]
				if p < 0 || p > 1.0001 || p != p {
					t.Errorf("%.20q: %s is %v", message, group.Heads[h].Name, p)
				}
				sum += p
				if r.Decided[first[g]+h] {
					chosen++
				}
			}
			if group.Kind == model.One && (sum < .999 || sum > 1.001 || chosen > 1) {
				t.Errorf("%.20q: %s adds up to %v, %d chosen", message, group.Name, sum, chosen)
			}
		}
	}
}

// TestTheWeightsBelongToTheFeatures reads messages that the weights learned
// from: they know them well, unless the features have changed since. How good
// they are on others is told by "kentongan moderation eval".
func TestTheWeightsBelongToTheFeatures(t *testing.T) {
	t.Parallel()
	file, err := os.Open("../../../shared/moderation/okky2019.jsonl")
	if err != nil {
		t.Skip("moderation data: not beside this checkout, so nothing to measure")
	}
	defer file.Close()
	m := open(t, true)
	s := m.Borrow()
	defer m.Return(s)
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	rows, exact, hit, said, labelled := 0, 0, 0, 0, 0
	for n := 0; lines.Scan(); n++ {
		if n%7 != 0 {
			continue
		}
		var row struct {
			Text   string
			Labels []string
		}
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		f := text.Fold(row.Text)
		r := m.Score(f, f.Tokens(), s)
		same := true
		for _, name := range toxic {
			h, _ := m.Head(name)
			is := slices.Contains(row.Labels, name)
			same = same && is == r.Decided[h]
			if name == "hs" {
				hit, said, labelled = hit+count(is && r.Decided[h]), said+count(r.Decided[h]), labelled+count(is)
			}
		}
		rows, exact = rows+1, exact+count(same)
	}
	f1, share := 2*float64(hit)/float64(said+labelled), float64(exact)/float64(rows)
	t.Logf("%d messages learned from: F1 of hs %.3f, all labels right %.3f", rows, f1, share)
	if f1 < .95 || share < .92 {
		t.Error("the weights do not know what they learned: train them anew")
	}
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

// BenchmarkEverything reads messages one after the other with all real heads,
// as the program does: no message is in the cache from the last time.
func BenchmarkEverything(b *testing.B) {
	m := open(b, true)
	s := m.Borrow()
	defer m.Return(s)
	words := strings.Fields("jalan rusak tolong pak bupati kapan diperbaiki anak kami sakit obat habis antre lama petugas ramah terima kasih banjir lagi rumah sampah bau listrik mati harga naik pasar macet hujan sekolah guru bantuan belum cair warga desa nomor pelayanan")
	var folded []text.Folded
	var tokens [][]text.Token
	for i := range 2000 {
		var message []string
		for k := range 16 { // some 110 bytes
			message = append(message, words[(i*31+k*k*7+i/len(words)*k)%len(words)])
		}
		f := text.Fold(strings.Join(message, " "))
		folded, tokens = append(folded, f), append(tokens, f.Tokens())
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		m.Score(folded[i%len(folded)], tokens[i%len(folded)], s)
	}
}
