package web

import "kentongan/internal/identity"

func objectionSamples() []sample {
	return []sample{
		{"keberatan", pleaSample(nil), ""},
		{"keberatan-salah", pleaSample(Problems{{Field: "number", Text: "Nomor kasus belum benar. Bentuknya MOD-2026-00042-K7QX."}, {Field: "why", Text: "Tulis alasan Anda, paling sedikit 10 huruf."}}), ""},
		{"keberatan-masuk", &PleaFiledView{Office: sampleOffice, Number: "MOD-2026-00042-K7QX", Receipt: "7K3FM-2QX9T-0ABCD-HJ45N", Deadline: []string{"Sampai 7 Desember 2026, tutup jam kerja (10 hari kerja). Sumber: UU 30/2014 pasal 77(4). Belum diverifikasi bagian hukum."}}, ""},
		{"keberatan-tanda", &ReceiptView{Office: sampleOffice, Typed: "7K3FM", Problems: Problems{{Field: "receipt", Text: "Tanda terima itu tidak kami kenali."}}}, ""},
		{"kasus-cari", &CaseLookView{Office: sampleOffice}, ""},
		{"kasus", caseSample(), ""},
		{"kasus-tanda", heldCaseSample(), ""},
		{"moderasi-keberatan", hearingsSample(), identity.Moderator},
		{"moderasi-keberatan-satu", hearingSample(), identity.Moderator},
	}
}

var sampleOffice = Office{Name: "Dinas Komunikasi dan Informatika", Slug: "diskominfo"}

func sampleWays() []Way {
	return []Way{
		{"PPID instansi ini", "Minta informasi tentang keputusan ini, atau sampaikan keberatan tertulis kepada atasan PPID.", "", "UU 14/2008 pasal 22, 35, 36"},
		{"Ombudsman Republik Indonesia", "Laporkan dugaan maladministrasi.", "https://ombudsman.go.id", "UU 37/2008"},
	}
}

func pleaSample(p Problems) *PleaView {
	return &PleaView{Office: sampleOffice, Number: "MOD-2026-00042-K7QX", Form: "abcdefghijklmnopqrstuvwxyz", Problems: p, Elsewhere: sampleWays(),
		Notes: []string{"Waktu mengajukan: 21 hari kerja sejak keputusan. Sumber: UU 30/2014 pasal 77(1). Belum diverifikasi bagian hukum."}}
}

func caseSample() *PublicCaseView {
	return &PublicCaseView{
		Office: sampleOffice, Number: "MOD-2026-00042-K7QX", State: Tag{"Keberatan dikabulkan", "ok", "rotate-ccw"}, Act: "Komentar disembunyikan", Clause: "3.4 Judi daring",
		Text: "Promosi, tautan, atau ajakan judi daring.", Basis: "Rujukan: UU ITE (belum diverifikasi bagian hukum)", Policy: "contoh/2", Reason: "Promosi judi daring di kolom komentar",
		Cannot: "Keberatan atas kasus ini sudah diputus oleh petugas lain.", Elsewhere: sampleWays(), Steps: []CaseStep{
			{Icon: "eye-off", Tone: "bad", Title: "Komentar disembunyikan", When: "23 November 2026"},
			{Icon: "message-square", Tone: "info", Title: "Keberatan masuk", When: "24 November 2026", Lines: []string{"2 tulisan untuk keberatan ini."}},
			{Icon: "scale", Tone: "ok", Title: "Keberatan dikabulkan: keputusan dibatalkan", When: "26 November 2026", Lines: []string{"Komentar ini pertanyaan tentang layanan, bukan promosi.", "Diputus petugas lain setelah 2 hari."}},
			{Icon: "rotate-ccw", Tone: "warn", Bad: true, Title: "Platform menolak menampilkan kembali", Lines: []string{"Petugas menindaklanjuti."}},
		},
	}
}

func heldCaseSample() *PublicCaseView {
	v := caseSample()
	v.State, v.Cannot, v.Steps = Tag{"Keberatan sedang diperiksa", "info", "clock"}, "", v.Steps[:2]
	v.Receipt, v.Form, v.MayAdd, v.Added = "7K3FM-2QX9T-0ABCD-HJ45N", "abcdefghijklmnopqrstuvwxyz", true, true
	v.Steps = append(v.Steps, CaseStep{Icon: "clock", Tone: "bad", Bad: true, Title: "Menunggu putusan petugas lain", When: "Paling lambat 7 Desember 2026", Lines: []string{"Kami terlambat memutus.", "Sampai 7 Desember 2026, tutup jam kerja."}})
	return v
}

func hearingRowSample() HearingRow {
	return HearingRow{Number: "MOD-2026-00042-K7QX", Path: "/moderasi/keberatan/1", Act: "Komentar disembunyikan", Clause: "3.4 Judi daring", Filed: "hari ini 08.20 WIB", Words: 2, Due: Tag{"Tenggat 7 Desember 2026", "warn", "clock"}, State: Tag{Text: "Keberatan sedang diperiksa", Tone: "info"}}
}

func hearingsSample() HearingsView {
	late := hearingRowSample()
	late.Number, late.Due, late.Mine = "MOD-2026-00031-9FTB", Tag{"Terlambat sejak 20 November 2026", "bad", "clock"}, "Diputus orang lain"
	return HearingsView{
		Tabs:  []Link{{Text: "Antrean", Path: "/moderasi"}, {Text: "Keberatan", Path: "/moderasi/keberatan", Here: true, Count: 1}},
		Lists: []Link{{Text: "Menunggu putusan", Path: "/moderasi/keberatan", Here: true}, {Text: "Sudah diputus", Path: "/moderasi/keberatan?status=diputus"}},
		Rows:  []HearingRow{late, hearingRowSample()},
	}
}

func hearingSample() *HearingView {
	return &HearingView{
		ID: "1", Row: hearingRowSample(), State: Tag{"Selesai dijalankan", "ok", ""}, Reason: "Promosi judi daring di kolom komentar", By: "Siti Nurjanah", When: "kemarin 14.02 WIB", Policy: "contoh/2", Targets: 4,
		Evidence: "/moderasi/bukti/1", Case: "/moderasi/pesan/1", Messages: []string{"Info judi s••• di bio, hati-hati ya"}, MoreMessages: 3, MayUnmask: true, Open: true,
		Said: []PleaWord{
			{ID: "1", Text: "Ini peringatan, bukan promosi. NIK saya 31••••••••••••03.", When: "hari ini 08.20 WIB", Reveal: true, Problems: Problems{{Field: "purpose", Text: "Tulis tujuan membukanya."}}},
			{ID: "2", Text: "Tambahan dari saya.", When: "hari ini 08.40 WIB", Added: true, Revealed: true},
		},
		Deadline: []string{"Sampai 7 Desember 2026, tutup jam kerja (10 hari kerja). Sumber: UU 30/2014 pasal 77(4). Belum diverifikasi bagian hukum."},
		Notices:  []NoticeRow{{State: Tag{Text: "Terkirim", Tone: "ok"}, Way: "Balasan pribadi", Text: "Komentar Anda kami sembunyikan dari umum, tidak dihapus."}, {State: Tag{Text: "Tidak mungkin", Tone: "warn"}, Way: "Tidak dapat diberi tahu", Why: "Waktu yang diberikan platform untuk membalas pribadi sudah lewat.", Outcome: true}},
		Similar:  []SimilarLine{{"MOD-2026-00012-R4MC · Sembunyikan · 3.4 Judi daring · dibatalkan MOD-2026-00018-2WHP", "Awas ada yang promosi judi di sini"}},
		Form: &RulingForm{Act: "Komentar disembunyikan", Gives: "Komentar ditampilkan kembali lewat platform.", Clauses: []Choice{{Value: "3.7", Text: "3.7 Spam berulang"}}, Outcome: "granted", Reason: "pendek",
			Way: "Balasan pribadi", CanTell: true, Problems: Problems{{Field: "reason", Text: "Tulis alasan yang dapat dibaca warga, paling sedikit 20 huruf."}}},
	}
}
