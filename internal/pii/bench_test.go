package pii_test

import (
	"testing"

	"kentongan/internal/pii"
	"kentongan/internal/text"
)

func BenchmarkFindIn(b *testing.B) {
	for name, s := range map[string]string{
		"ordinary":    "RT USER: Pak wali jalan di kampung kami sudah lama rusak, tolong segera diperbaiki ya sebelum musim hujan datang lagi",
		"with_digits": "Anggaran 2024 naik 12 persen jadi Rp 783.219.650.110, tapi jalan di RT 03 RW 08 tetap rusak sepanjang 5 km sejak 2021",
		"with_data":   "NIK saya 3273011708850003 dan wa 0812-3456-7834, email budi@contoh.id, rumah Jl. Mawar No. 7 RT 03/RW 07",
	} {
		f := text.Fold(s)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				pii.FindIn(f)
			}
		})
	}
}

// TestNothingFoundCostsNoMemory: most messages hold no personal data, and
// looking at them leaves nothing to clean up.
func TestNothingFoundCostsNoMemory(t *testing.T) {
	for _, s := range []string{
		"Pak wali jalan di kampung kami sudah lama rusak, tolong segera diperbaiki",
		"Anggaran 2024 naik 12 persen jadi Rp 783.219.650.110, tapi jalan di RT 03 RW 08 tetap rusak",
	} {
		f := text.Fold(s)
		if n := testing.AllocsPerRun(50, func() { pii.FindIn(f) }); n > 0 {
			t.Errorf("%q: %v allocations", s, n)
		}
	}
}
