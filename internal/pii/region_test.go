package pii

import (
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write regiontable.go anew")

// TestDistrictTable compares the table with the list of Kepmendagri 2025 as
// github.com/cahyadsn/wilayah (MIT) has it, where that is beside the checkout.
func TestDistrictTable(t *testing.T) {
	file, err := os.Open("../../../shared/moderation/region/kemendagri-2025-prov-kab-kec.csv")
	if err != nil {
		t.Skip("list of districts: not beside this checkout, so nothing to compare")
	}
	defer file.Close()
	regencies, rows := map[int][]int{}, csv.NewReader(file)
	n := 0
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		var p, r, d int
		if k, _ := fmt.Sscanf(row[0], "%d.%d.%d", &p, &r, &d); k < 3 {
			continue
		}
		n++
		regencies[p*100+r] = append(regencies[p*100+r], d)
		if !*update && knownPlace(p, r, d) != Sure {
			t.Errorf("%s %s is not in the table", row[0], row[1])
		}
	}
	if *update {
		writeTable(t, regencies)
	}
	have := 0
	for code, set := range districts() {
		for d := range 128 {
			if set.has(d) {
				have++
				if !slices.Contains(regencies[code], d) {
					t.Errorf("the table has %04d.%02d, the list does not", code, d)
				}
			}
		}
	}
	t.Logf("%d districts in %d regencies", n, len(regencies))
	if have != n && !*update {
		t.Errorf("the table has %d districts, the list %d", have, n)
	}
}

func writeTable(t *testing.T, regencies map[int][]int) {
	t.Helper()
	old, err := os.ReadFile("regiontable.go")
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(old), "`")
	var b strings.Builder
	b.WriteString(head + "`")
	var codes []int
	for code := range regencies {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	province := 0
	for _, code := range codes {
		if code/100 != province {
			if province != 0 {
				b.WriteString("\n")
			}
			province = code / 100
			fmt.Fprint(&b, province)
		}
		fmt.Fprintf(&b, "|%d:%s", code%100, ranges(regencies[code]))
	}
	b.WriteString("\n`\n")
	if err := os.WriteFile("regiontable.go", []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

func ranges(all []int) string {
	slices.Sort(all)
	var parts []string
	for i := 0; i < len(all); {
		j := i
		for j+1 < len(all) && all[j+1] == all[j]+1 {
			j++
		}
		if i == j {
			parts = append(parts, fmt.Sprint(all[i]))
		} else {
			parts = append(parts, fmt.Sprintf("%d-%d", all[i], all[j]))
		}
		i = j + 1
	}
	return strings.Join(parts, ",")
}

// TestPlacesThatNIKsName: the table needs no file to be judged by.
func TestPlacesThatNIKsName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		code                 string
		province, regency, d int
		want                 Certainty
	}{
		{"a district of Bandung", 32, 73, 1, Sure},
		{"Merauke, while it was in Papua", 91, 1, 1, Sure},
		{"Merauke today", 93, 1, 1, Sure},
		{"Tarakan, while it was in Kalimantan Timur", 64, 73, 1, Sure},
		{"Mamuju, while it was in Sulawesi Selatan", 73, 21, 4, Sure},
		{"Dili", 54, 1, 1, Sure},
		{"a district of Bandung that no list knows", 32, 73, 77, Likely},
		{"a regency that no list knows", 35, 44, 1, Likely},
		{"no province", 20, 1, 1, ""},
		{"district 00", 32, 73, 0, ""},
		{"regency 80", 32, 80, 1, ""},
	} {
		if got := knownPlace(c.province, c.regency, c.d); got != c.want {
			t.Errorf("%s is %q, want %q", c.code, got, c.want)
		}
	}
}
