package pii_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"kentongan/internal/pii"
)

// mixedFrames hold several kinds in one message, as pleas for help do. Written
// after the rules, like the frames of one kind.
var mixedFrames = []string{
	"Nama Sumarni, NIK {NIK}, no hp {PHONE}, mohon bantuannya",
	"nik {NIK} kk {KK} wa {PHONE}",
	"NIK: {NIK}\nKK: {KK}\nHP: {PHONE}\nEmail: {EMAIL}",
	"Data saya: {NIK} / {PHONE} / {EMAIL}",
	"kk {KK} dan nik {NIK} tidak sinkron, hubungi {PHONE}",
	"npwp {NPWP} atas nama suami, email {EMAIL}, telp {PHONE}",
	"transfer ke rek bca {BANK_ACCOUNT} lalu wa ke {PHONE} katanya, penipuan!",
	"alamat {ADDRESS}, wa {PHONE}, tolong diangkut sampahnya",
	"saya tinggal di {ADDRESS}. NIK {NIK}",
	"mobil plat {PLATE} parkir depan rumah, lapor ke {PHONE} ga diangkat",
	"min tolong ya, ini wa saya {PHONE} kalau email {EMAIL}",
	"{PHONE} atau {PHONE}",
	"anak saya nik {NIK}, bapaknya {NIK}, ibunya {NIK}, satu kk {KK}",
	"no rek mandiri {BANK_ACCOUNT} dan hp {PHONE} pelaku",
	"Pelapor: Agus (HP {PHONE}). Lokasi: jalan rusak 2 km. Surel {EMAIL}",
	"sudah kirim email ke {EMAIL} 3x tgl 12-05-2025 jam 10.30, tiket 482913, hp {PHONE}",
	"NPWP {NPWP}, NIK {NIK}, kenapa beda?",
	"budget Rp 1.250.000.000 tapi warga {ADDRESS} tetap kebanjiran, CP {PHONE}",
	"motor {PLATE} dan {PLATE} balapan liar, hubungi saya {PHONE}",
}

func TestSeveralKindsInOneMessage(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(20261123, 6))
	right, all, more := map[pii.Kind]int{}, map[pii.Kind]int{}, map[pii.Kind]int{}
	told := map[string]int{}
	for range 6000 {
		frame := mixedFrames[r.IntN(len(mixedFrames))]
		s, want := fill(r, frame)
		found := pii.Find(s)
		hits := 0
		for _, w := range want {
			all[w.Kind]++
			hit := false
			for _, x := range found {
				hit = hit || x.Kind == w.Kind && x.Start == w.Start && x.End == w.End
			}
			if hit {
				right[w.Kind]++
				hits++
			} else if told[frame]++; told[frame] <= 3 {
				t.Logf("%s %q missed in %q: %v", w.Kind, s[w.Start:w.End], s, show2(s, found))
			}
		}
		if len(found) > hits && len(want) == hits {
			for _, x := range found {
				more[x.Kind]++
			}
			if told["more"+frame]++; told["more"+frame] <= 2 {
				t.Logf("too many in %q: %v", s, show2(s, found))
			}
		}
	}
	for _, kind := range pii.Kinds() {
		share := float64(right[kind]) / float64(all[kind])
		t.Logf("%-12s %.4f exact of %d, %d others found", kind, share, all[kind], more[kind])
		bar := .99
		if kind == pii.Plate || kind == pii.Bank || kind == pii.Address {
			bar = .9
		}
		if share < bar {
			t.Errorf("%s: %.4f", kind, share)
		}
	}
}

// fill puts invented data in the places of a frame and tells where.
func fill(r *rand.Rand, frame string) (string, []pii.Found) {
	var b strings.Builder
	var want []pii.Found
	for {
		before, rest, more := strings.Cut(frame, "{")
		b.WriteString(before)
		if !more {
			return b.String(), want
		}
		name, after, _ := strings.Cut(rest, "}")
		value := invent(r, pii.Kind(name))
		want = append(want, pii.Found{Kind: pii.Kind(name), Start: b.Len(), End: b.Len() + len(value)})
		b.WriteString(value)
		frame = after
	}
}
