package train

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kentongan/internal/model"
)

// TestNoCivilLineIsAmongThoseThatJudge: what is learned from may not be what
// the program is held to.
func TestNoCivilLineIsAmongThoseThatJudge(t *testing.T) {
	t.Parallel()
	learned := civilLines()
	if len(learned) < 100 {
		t.Fatalf("only %d civil lines", len(learned))
	}
	files, err := filepath.Glob("../../../moderation/testdata/criticism/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("the criticisms that judge are not where they were: %v", err)
	}
	texts := append([]string(nil), learned...)
	for _, name := range files {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(body)) {
			if part := strings.Split(line, " | "); len(part) >= 2 {
				texts = append(texts, part[1])
			}
		}
	}
	clusters := Clusters(texts)
	first := map[int]string{}
	for i, c := range clusters {
		switch before, seen := first[c]; {
		case i < len(learned):
			first[c] = texts[i]
		case seen:
			t.Errorf("%q is learned from, and %q judges", before, texts[i])
		}
	}
}

// TestToxicityLearnsFromAPartOfTheSet reads a quarter of the rows with what it
// learned from others. With all rows it is better: see the model card.
func TestToxicityLearnsFromAPartOfTheSet(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("short: trains on the public sets")
	}
	const folder = "../../../../shared/moderation"
	if _, err := os.Stat(folder); err != nil {
		t.Skip("moderation data: not beside this checkout, so nothing to measure")
	}
	sets, err := ReadFolder(folder)
	if err != nil {
		t.Fatal(err)
	}
	for k := range sets {
		var rows []Row
		for i := 0; i < len(sets[k].Rows); i += 4 {
			rows = append(rows, sets[k].Rows[i])
		}
		sets[k].Rows = rows
	}
	x, err := newToxic(sets, 1)
	if err != nil {
		t.Fatal(err)
	}
	dealt := Folds(x.clusters[:x.n], 4, 1)
	var learn, test []int
	for i := range x.n {
		if dealt[i] == 0 {
			test = append(test, i)
		} else {
			learn = append(learn, i)
		}
	}
	m, err := model.Join(Assemble("", "", 1, x.train(learn)))
	if err != nil {
		t.Fatal(err)
	}
	judged := x.judge(m, test)
	hate, abuse, exact, jaccard := F1Of(0)(judged), F1Of(1)(judged), Exact(judged), Jaccard(judged)
	t.Logf("learned from %d, read %d: hs %.3f, abusive %.3f, all right %.3f, Jaccard %.3f", len(learn), len(test), hate, abuse, exact, jaccard)
	if hate < .74 || abuse < .82 || exact < .58 || jaccard < .68 {
		t.Error("that is less than it can")
	}
}
