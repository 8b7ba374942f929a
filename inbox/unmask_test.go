package inbox_test

import (
	"slices"
	"testing"

	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
)

func TestThePurposeIsOneOfTheList(t *testing.T) {
	t.Parallel()
	for want, given := range map[string][2]string{
		"verify":              {"verify", "  "},
		"contact: telepon":    {"contact", "telepon"},
		"":                    {"ingin tahu", "saja"},
		"safety: banjir di A": {"safety", " banjir   di A "},
	} {
		if got := inbox.PurposeOf(given[0], given[1]); got != want {
			t.Errorf("%q is kept as %q, want %q", given, got, want)
		}
	}
}

// Each tenth opening within an hour stands out in the trail, and says nothing
// of what was read.
func TestManyOpeningsStandOutInTheTrail(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		m := h.load(t, h.arrive(t, wrote, inbox.Normal).ID).Messages[0]
		for n := range 21 {
			if _, err := h.Unmask(t.Context(), h.officer, m.ID, "verify"); err != nil {
				t.Fatal(err)
			}
			deeds := h.deeds(t, "person/"+string(h.officer.ID))
			many := 0
			for _, deed := range deeds {
				if deed == "unmask.many" {
					many++
				}
			}
			if want := (n + 1) / 10; many != want {
				t.Fatalf("after %d openings: %v", n+1, deeds)
			}
		}
		if got := h.deeds(t, "message/"+string(m.ID)); !slices.Contains(got, "message.unmask") {
			t.Errorf("the openings themselves: %v", got)
		}
	})
}
