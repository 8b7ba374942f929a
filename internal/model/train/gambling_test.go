package train_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"kentongan/internal/model"
	"kentongan/internal/model/train"
	"kentongan/internal/text"
)

// campaign is a small world: advertisements for some brands, and what ordinary
// people write.
func campaign(brands ...string) ([]train.Row, []int) {
	var rows []train.Row
	ads := []string{"gas main di %s wd lancar terus", "modal receh auto sultan berkat %s", "kemenangan menantimu di %s bosku", "iseng coba %s eh langsung jackpot",
		"situs %s emang gacor parah", "depo dikit di %s cair banyak"}
	talk := []string{"jalan di kampung %s rusak sejak bulan lalu tolong diperbaiki", "kapan jadwal vaksin di puskesmas %s dibuka", "terima kasih petugas %s sangat membantu warga",
		"kemarin main di lapangan %s sama anak anak seru sekali", "harga beras di pasar %s naik terus kasihan warga", "lampu jalan di desa %s mati sudah dua minggu"}
	places := []string{"melati", "kenanga", "cempaka", "anggrek", "mawar", "dahlia"}
	for _, b := range brands {
		for _, ad := range ads {
			rows = append(rows, train.Row{Source: "judol-uji", Text: fmt.Sprintf(ad, b), Labels: []string{"gambling"}})
		}
	}
	for _, p := range places {
		for _, s := range talk {
			rows = append(rows, train.Row{Source: "uji", Text: fmt.Sprintf(s, p)})
		}
	}
	clusters := make([]int, len(rows))
	for i := range clusters {
		clusters[i] = i
	}
	return rows, clusters
}

func openWith(t *testing.T, c *model.Campaign) *model.Model {
	t.Helper()
	part := train.Assemble("uji", "uji", 1, &train.Trained{
		Group: model.Group{Name: "uji", Kind: model.Each, Heads: []model.Head{{Name: "uji", Inputs: []model.Input{{Lane: 0, Weight: 1}}}}},
		Lanes: []train.Lane{{Name: "uji", Linear: &train.Linear{Weights: make([]float32, model.Buckets)}}},
		Sizes: make(train.Sizes, model.Buckets),
	})
	part.Campaign = c
	var file bytes.Buffer
	if err := part.Write(&file); err != nil {
		t.Fatal(err)
	}
	read, err := model.Read(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	m, err := model.Join(read)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAGamblingBrandThatNobodyHasSeenIsFound(t *testing.T) {
	t.Parallel()
	rows, clusters := campaign("garuda77", "𝐒𝐔𝐑𝐘𝐀𝟖𝟖", "⭐MERAPI⭐99⭐", "bulan4d", "l a u t 7 7 7", "pelitatoto")
	c := train.Gambling(rows, clusters, 1)
	m := openWith(t, c)
	s := model.NewScratch()
	for _, row := range []struct {
		text string
		want bool
	}{
		{"gas main di kerikil333 wd lancar", true},
		{"modal receh auto sultan berkat 🍀K E R I K I L🍀 3 3 3", true},
		{"kemenangan menantimu di 𝐊𝐄𝐑𝐈𝐊𝐈𝐋𝟑𝟑", true},
		{"iseng coba kerikiltoto eh langsung jackpot", true},
		{"jalan di kampung kerikil rusak tolong diperbaiki", false},
		{"kapan lampu jalan di desa kerikil diperbaiki petugas", false},
	} {
		f := text.Fold(row.text)
		tokens := f.Tokens()
		p, decided, ok := m.Gambling(f, tokens, s)
		if !ok || decided != row.want || p < 0 || p > 1 {
			t.Errorf("%q: %.3f, %v, want %v", row.text, p, decided, row.want)
		}
		if !row.want {
			continue
		}
		why := m.ExplainGambling(tokens, s)
		if len(why) == 0 || !slices.IsSortedFunc(why, func(a, b model.Contribution) int { return int(1e6 * (b.Weight - a.Weight)) }) {
			t.Errorf("%q: reasons %v", row.text, why)
		}
	}
}

func TestTheSameRowsGiveTheSameWeights(t *testing.T) {
	t.Parallel()
	rows, clusters := campaign("garuda77", "bulan4d")
	a, b := train.Gambling(rows, clusters, 3), train.Gambling(rows, clusters, 3)
	if !bytes.Equal(a.Weights, b.Weights) || !bytes.Equal(a.Sizes, b.Sizes) || !bytes.Equal(a.Known, b.Known) || a.Bias != b.Bias {
		t.Error("two runs with one seed differ")
	}
}

// Not parallel: allocations of the whole program are counted.
func TestReadingForGamblingAllocatesNothing(t *testing.T) {
	rows, clusters := campaign("garuda77", "bulan4d")
	m := openWith(t, train.Gambling(rows, clusters, 1))
	s := model.NewScratch()
	f := text.Fold("Gasken main di ⭐𝐒𝐔𝐑𝐘𝐀⭐88 wd lanc4r terusss #slot @admin, makasihhh ALEXIS-17")
	tokens := f.Tokens()
	m.Gambling(f, tokens, s)
	if n := testing.AllocsPerRun(20, func() { m.Gambling(f, tokens, s) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestLeaveOneOutKeepsCopiesOnOneSide(t *testing.T) {
	t.Parallel()
	rows, clusters := campaign("garuda77", "bulan4d")
	for i, r := range rows[:6] { // the same advertisements in a second source
		r.Source = "judol-lain"
		rows, clusters = append(rows, r), append(clusters, clusters[i])
	}
	tests := train.LeaveOneOut(rows, clusters, 1)
	if len(tests) != 2 || tests[0].Source != "judol-uji" || tests[1].Source != "judol-lain" {
		t.Fatalf("%d tests", len(tests))
	}
	own := 0
	for i, r := range tests[0].Rows {
		if r.Source == "judol-uji" {
			own++
		} else if r.Source != "uji" {
			t.Errorf("row %d of %s is read as ordinary", i, r.Source)
		}
	}
	if own != 12 || len(tests[0].Values) != len(tests[0].Rows) || len(tests[0].Rows) != 12+36 {
		t.Errorf("%d of %d rows are its own", own, len(tests[0].Rows))
	}
}
