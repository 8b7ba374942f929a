package train_test

import (
	"fmt"
	"slices"
	"testing"

	"kentongan/internal/model/train"
)

func TestCopiesShareACluster(t *testing.T) {
	t.Parallel()
	texts := []string{
		"ayo main di garuda77 dijamin wd lancar setiap hari bosku",
		"jalan di depan pasar rusak sejak bulan lalu, mohon diperbaiki",
		"ayo main di garuda88 dijamin wd lancar setiap hari bosku",   // other digits
		"𝐚𝐲𝐨 main di garuda77 dijamin wd lancar setiap hari bosku!!", // in disguise
		"jalan di depan pasar bagus sekali",
		"", "🙏", "🙏",
	}
	got := train.Clusters(texts)
	if want := []int{0, 1, 0, 0, 4, 5, 6, 6}; !slices.Equal(got, want) {
		t.Errorf("clusters %v, want %v", got, want)
	}
}

func TestFoldsSplitNoClusterAndAreEven(t *testing.T) {
	t.Parallel()
	var texts []string
	for i := range 300 {
		for range 1 + i%7 {
			texts = append(texts, fmt.Sprintf("pesan ke %c%c%c tentang hal %c%c", 'a'+i%26, 'a'+i/26, 'a'+i%11, 'k'+i%9, 'b'+i%5))
		}
	}
	clusters := train.Clusters(texts)
	folds := train.Folds(clusters, 5, 1)
	of, load := map[int]int{}, make([]int, 5)
	for i, c := range clusters {
		if f, seen := of[c]; seen && f != folds[i] {
			t.Fatalf("cluster %d lies in folds %d and %d", c, f, folds[i])
		}
		of[c] = folds[i]
		load[folds[i]]++
	}
	if least, most := slices.Min(load), slices.Max(load); most-least > len(texts)/20 {
		t.Errorf("folds of %v rows", load)
	}
	if again := train.Folds(train.Clusters(texts), 5, 1); !slices.Equal(folds, again) {
		t.Error("the same seed gave other folds")
	}
	if other := train.Folds(clusters, 5, 2); slices.Equal(folds, other) {
		t.Error("another seed gave the same folds")
	}
}
