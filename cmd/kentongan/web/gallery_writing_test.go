package web

import "kentongan/internal/identity"

// writingSamples are sign-in, today, the inbox and everything about posts.
func writingSamples() []sample {
	return []sample{
		{name: "masuk", view: SignInView{}},
		{name: "masuk-salah", view: SignInView{Username: "rina", Problems: Problems{{Text: "Nama pengguna atau kata sandi salah. Periksa keduanya, lalu coba lagi."}}}},
		{name: "hari-ini", view: todaySample(), role: identity.Officer},
		{name: "hari-ini-kosong", view: TodayView{Lead: "Tidak ada yang menunggu.", Queue: Tag{"Antrean terbit normal", "ok", ""}}, role: identity.Admin},
		{name: "kotak-masuk", view: inboxSample(true), role: identity.Officer},
		{name: "kotak-masuk-daftar", view: inboxSample(false), role: identity.Officer},
		{name: "susun", view: composeSample(), role: identity.Officer},
		{name: "susun-salah", view: composeWrongSample(), role: identity.Officer},
		{name: "susun-baru", view: ComposeView{State: Tag{Text: "Konsep"}, Soon: true, Zone: "WIB"}, role: identity.Officer},
		{name: "susun-utas", view: composeThreadSample(), role: identity.Officer},
		{name: "tayang-manual", view: handSample(), role: identity.Officer},
		{name: "tayang-manual-salah", view: handWrongSample(), role: identity.Officer},
		{name: "unggahan", view: postsSample(), role: identity.Officer},
		{name: "unggahan-satu", view: postSample(), role: identity.Officer},
		{name: "persetujuan", view: reviewSample(true), role: identity.Approver},
		{name: "persetujuan-daftar", view: reviewSample(false), role: identity.Approver},
		{name: "gagal-403", view: FailView{Status: 403, Problems: Problems{{Text: "Peran Anda tidak mencakup halaman ini."}}, Back: "/hari-ini"}, role: identity.Auditor},
		{name: "gagal-404", view: FailView{Status: 404, Problems: Problems{{Text: "Yang Anda cari tidak ditemukan."}}, Back: "/hari-ini"}},
	}
}

var threePlatforms = []string{"facebook", "x", "mastodon"}

func todaySample() TodayView {
	return TodayView{
		Lead:  "Dua pesan warga hampir melewati tenggat, satu sudah lewat dan dipegang Siti.",
		Queue: Tag{"Antrean terbit normal", "ok", ""},
		Figures: []Figure{
			{"Belum dijawab", "12", "pesan", "1 lewat tenggat, 2 hampir", "warn", "clock"},
			{"Median waktu respons", "24", "menit", "target 60 menit, membaik 6", "ok", "trending-up"},
			{"Dijawab dalam tenggat", "94", "%", "7 hari terakhir, target 90 %", "ok", "circle-check"},
			{"Menunggu persetujuan", "3", "unggahan", "1 tayang dalam 2 jam", "warn", "stamp"},
			{"Gagal tayang", "1", "unggahan", "Facebook, sambungkan ulang", "bad", "circle-alert"},
		},
		Tasks: []Task{
			{"message-square", "warn", "“Air PDAM mati dari subuh di RW 05, kapan nyala?”", "Facebook · Warga W-7K3F · Gangguan layanan", Tag{"sisa 9 menit", "warn", "clock"}, nil, "/kotak-masuk/1", "Jawab", false},
			{"message-square", "warn", "“Apakah benar bansos harus bayar admin 50 ribu?”", "X · Warga W-2M9Q · dugaan hoaks, 38 tanggapan", Tag{"sisa 14 menit", "warn", "clock"}, nil, "/kotak-masuk/2", "Jawab", false},
			{"circle-alert", "bad", "Vaksinasi lansia di 12 puskesmas: gagal tayang di Facebook", "Ditolak, sambungkan ulang", Tag{"1 dari 3 kanal", "bad", ""}, nil, "/unggahan/1", "Perbaiki", false},
			{"undo-2", "primary", "Jadwal penutupan jembatan Cikawung: diminta perbaikan", "Dewi Anggraini: “Sebutkan rute alternatif dan kontak petugas.”", Tag{}, &Beats{[]string{"ok", "bad", ""}, "tahap 2"}, "/unggahan/2", "Revisi", false},
			{"flag", "", "7 komentar menunggu keputusan moderasi", "Penipuan 3 · Data pribadi 1 · lainnya 3", Tag{"tertua 41 menit", "", ""}, nil, "/moderasi", "Tinjau", false},
			{"pencil", "", "Naskah belum selesai: Bayar PBB tanpa antre", "Disimpan otomatis kemarin 16.20", Tag{"Konsep", "", ""}, nil, "/unggahan/3/susun", "Lanjutkan", false},
		},
		Slots: []Slot{
			{"07.00", "Prakiraan cuaca dan debit Kali Wangi", "/unggahan/4", threePlatforms, "Tayang", Beats{[]string{"ok", "ok", "ok"}, "Tayang"}, true, false},
			{"08.30", "Vaksinasi lansia di 12 puskesmas", "/unggahan/1", threePlatforms, "Sebagian, 1 gagal", Beats{[]string{"ok", "ok", "bad"}, "Sebagian"}, false, false},
			{"10.30", "Layanan Sabtu Disdukcapil", "/unggahan/5", threePlatforms, "Menunggu persetujuan", Beats{[]string{"ok", "now", ""}, "Menunggu persetujuan"}, false, true},
			{"13.00", "Klarifikasi: bansos tidak dipungut biaya", "/unggahan/6", []string{"x"}, "Disetujui, terjadwal", Beats{[]string{"ok", "ok", "set"}, "Terjadwal"}, false, false},
		},
		Channels: []ChannelLine{
			{"facebook", "Pemkot Tirtawangi", Tag{"Sambungkan ulang", "bad", ""}},
			{"x", "@tirtawangikota", Tag{"Kuota bulan ini 62 %", "", ""}},
			{"mastodon", "@tirtawangikota@sosial.example", Tag{"Sehat", "ok", ""}},
		},
	}
}

func inboxSample(open bool) InboxView {
	v := InboxView{
		Title: "Belum dijawab", Back: "/galeri/kotak-masuk-daftar",
		Views: []Link{
			{Text: "Belum dijawab", Path: "/kotak-masuk", Here: true, Count: 12, Icon: "inbox"},
			{Text: "Milik saya", Path: "/kotak-masuk?tampilan=milik-saya", Count: 5, Icon: "user"},
			{Text: "Hampir lewat", Path: "/kotak-masuk?tampilan=hampir-lewat", Count: 2, Icon: "clock", Tone: "warn"},
			{Text: "Belum ditugaskan", Path: "/kotak-masuk?tampilan=belum-ditugaskan", Count: 4, Icon: "users"},
			{Text: "Selesai", Path: "/kotak-masuk?tampilan=selesai", Count: 31, Icon: "check"},
		},
		Team: []TeamLine{{"Rina Wulandari", 5}, {"Bayu Pratama", 4}, {"Siti Nurhaliza", 3}},
		List: []ConversationRow{
			{Path: "/kotak-masuk/0", Platform: "facebook", Citizen: "Warga W-8P0J", Summary: "Tolong, air sudah masuk rumah, ibu saya tidak bisa jalan", Slit: &Slit{0, "bad", "lewat 12 mnt"}, Tags: []Tag{{"Keselamatan jiwa", "bad", "siren"}}, Assignee: "Siti Nurhaliza", Life: true},
			{Path: "/kotak-masuk/1", Platform: "facebook", Citizen: "Warga W-7K3F", Summary: "Air PDAM mati dari subuh di RW 05, kapan nyala?", Slit: &Slit{15, "warn", "sisa 9 mnt"}, Tags: []Tag{{"Gangguan layanan", "info", ""}, {"Air bersih", "", ""}}, Assignee: "Rina Wulandari", Here: open},
			{Path: "/kotak-masuk/2", Platform: "x", Citizen: "Warga W-2M9Q", Summary: "Apakah benar bansos harus bayar admin 50 ribu?", Slit: &Slit{23, "warn", "sisa 14 mnt"}, Tags: []Tag{{"Dugaan hoaks", "bad", ""}}, Assignee: "Bayu Pratama"},
			{Path: "/kotak-masuk/3", Platform: "mastodon", Citizen: "Warga W-9T1C", Summary: "Saya mau tanya syarat pindah KK dari luar kota", Slit: &Slit{62, "", "sisa 37 mnt"}, Tags: []Tag{{"Pertanyaan", "info", ""}, {"Data pribadi", "warn", ""}}},
			{Path: "/kotak-masuk/4", Platform: "facebook", Citizen: "Warga W-4H8L", Summary: "Terima kasih lampu jalannya sudah menyala lagi", Slit: &Slit{70, "", "sisa 42 mnt"}, Tags: []Tag{{"Apresiasi", "ok", ""}}},
			{Path: "/kotak-masuk/5", Platform: "mastodon", Citizen: "Warga W-6B2X", Summary: "Puskesmas Cikawung buka Sabtu?", When: "dijawab 07.58", Tags: []Tag{{"Pertanyaan", "info", ""}}},
		},
		Cut: Cut{Older: "/kotak-masuk?sesudah=x"},
	}
	if open {
		t := threadSample()
		v.Open = &t
	}
	return v
}

func threadSample() Thread {
	return Thread{
		ID: "1", Path: "/kotak-masuk/1", Platform: "facebook", Title: "Air PDAM mati dari subuh di RW 05", Line: "Komentar pada “Prakiraan cuaca dan debit Kali Wangi”", Revision: 3,
		Slit: &Slit{15, "warn", "9 menit"}, Note: "tersisa, jam kerja", Status: Tag{"Belum dijawab", "warn", ""},
		People: []Choice{{"p1", "Rina Wulandari", true}, {"p2", "Bayu Pratama", false}}, Mine: true,
		May:   ThreadMay{Answer: true, Note: true, Assign: true, Close: true, Escalate: true},
		Reply: ReplyForm{Text: "Mohon maaf atas gangguan air di RW 05. Pipa di Jl. Anggrek sedang diperbaiki, perkiraan selesai pukul 12.00.", Limit: 8000, Unit: "karakter", InReplyTo: "m1"},
		Items: []ThreadItem{
			{ID: "m1", Kind: "citizen", Who: "Warga W-7K3F", Meta: "07.49 · komentar publik", Reveal: "/kotak-masuk/1/buka-pii", Hide: "/moderasi/m1", Link: "https://facebook.example/1",
				Pieces: []Piece{{"kept", "Air PDAM mati dari subuh di RW 05, kapan nyala? Ibu saya sakit, butuh air bersih. Tolong hubungi saya "}, {"masked", "0812-••••-••34"}, {"kept", ", terima kasih."}}},
			{ID: "n1", Kind: "note", Who: "Bayu Pratama", Meta: "08.31", Pieces: []Piece{{"kept", "Sudah telepon Perumda Air. Pipa pecah di Jl. Anggrek, perkiraan selesai 12.00."}}},
			{ID: "r1", Kind: "ours", Who: "Rina Wulandari", Meta: "08.33", Pieces: []Piece{{"kept", "Kami cek dulu ke Perumda Air, mohon tunggu sebentar."}}, State: &Tag{"Tayang 08.33", "ok", "check"}, Link: "https://facebook.example/2",
				TakeBack: TakeBackView{Ask: "/kotak-masuk/1/balasan/r1/tarik", Words: "Belum tertarik, masih tayang: Platform menolak."}},
			{ID: "r2", Kind: "ours", Who: "Rina Wulandari", Meta: "08.34", Pieces: []Piece{{"kept", "Air menyala pukul 10.00."}}, State: &Tag{"Ditarik", "warn", ""},
				TakeBack: TakeBackView{Words: "Ditarik 23 Nov 10.12 oleh Siti: jamnya keliru, yang benar pukul 12.00"}},
			{ID: "r3", Kind: "ours", Who: "Rina Wulandari", Meta: "08.35", Pieces: []Piece{{"kept", "Pipa pecah di Jl. Mawar."}}, State: &Tag{"Tayang 08.35", "ok", "check"},
				TakeBack: TakeBackView{Words: "Hapus jawaban ini sendiri di platform, lalu catat di sini. Alasan Siti: jalannya keliru", Page: "https://facebook.example/3", ByHand: "/kotak-masuk/1/balasan/r3/sudah-dihapus"}},
			{ID: "m2", Kind: "citizen", Who: "Warga W-7K3F", Meta: "08.36", Pieces: []Piece{{"kept", "Halo admin? Tolong dijawab"}}},
			{ID: "m3", Kind: "citizen", Who: "Warga W-7K3F", Meta: "08.37", Pieces: []Piece{{"kept", "slot g4cor daftar di bio"}}, Gone: "Disembunyikan menurut pasal 3.4", Earlier: []string{"halo"}},
		},
		About: CitizenView{
			Name: "Warga W-7K3F", Handle: "bud••••_tw · Facebook",
			Facts: []Fact{{Name: "Prioritas", Tag: &Tag{"Tinggi: rentan", "warn", ""}}, {Name: "Target", Value: "60 menit, jam kerja"}},
			Why:   []string{"Kata “mati” dan “air”: gangguan layanan", "“ibu saya sakit”: rentan"},
			Past:  []PastLine{{"12 Nov", "Lampu jalan padam", "/kotak-masuk/9", "Dijawab 21 mnt", "ok"}, {"19 Agu", "Air keruh RW 05", "/kotak-masuk/8", "Lewat tenggat", "bad"}},
			Trail: []string{"08.31 Bayu menambah catatan", "08.02 Ditugaskan ke Rina", "07.50 Data pribadi disamarkan, 1 bagian"},
		},
	}
}

const sabtu = "Mulai Sabtu, 28 November, Disdukcapil Tirtawangi buka 08.00–12.00 untuk KTP-el, KK, dan akta lahir. Tanpa biaya.\n\nAmbil antrean dari rumah.\nBawa fotokopi KK. Ragu? Tanya di sini, dijawab paling lama 1 jam pada jam kerja.\n\n#LayananSabtu #Tirtawangi"

func chainSample() []Person {
	return []Person{{"p1", "Rina Wulandari", "Penyusun", "Mengajukan 08.52", "ok"}, {"p3", "Dewi Anggraini", "Penyetuju", "Menunggu", "now"}}
}

func composeSample() ComposeView {
	return ComposeView{
		ID: "5", Revision: 3, State: Tag{"Konsep", "", ""}, Saved: "Tersimpan 08.44 · versi 3", Title: "Layanan Sabtu Disdukcapil, mulai 28 November", Text: sabtu, Link: "https://antre.tirtawangikota.example",
		Channels: []ComposeChannel{
			{ID: "c1", Platform: "facebook", Handle: "Pemkot Tirtawangi", Picked: true, Used: 318, Limit: 63206},
			{ID: "c2", Platform: "x", Handle: "@tirtawangikota", Picked: true, Own: true, Text: "Disdukcapil buka Sabtu, 08.00–12.00.", Used: 271, Limit: 280, Note: "X menghitung tautan sebagai 23 karakter dan emoji sebagai 2."},
			{ID: "c3", Platform: "mastodon", Handle: "@tirtawangikota@sosial.example", Used: 318, Limit: 500, Broken: "Sambungkan ulang."},
		},
		Media: []ComposeMedia{{ID: "md1", Name: "poster-sabtu.png", Line: "184 KB · 1200 × 500", Src: "/galeri/poster.svg", Alt: "Poster jam layanan Sabtu Disdukcapil pukul 08.00 sampai 12.00."}},
		Date:  "2026-11-23", Time: "10:30", Zone: "WIB",
		Checks: []Check{{"warn", "Ada nomor telepon di naskah. Pastikan itu nomor dinas.", "text"}, {"ok", "Tidak memuat NIK atau nomor KK.", ""}, {"ok", "Tautan dapat dipakai.", "link"}},
		Chain:  chainSample(), MayWithdraw: true, Returned: "“Sebutkan jam tutup yang benar.” — Dewi Anggraini",
	}
}

// composeThreadSample has everything that may go with a post: a film, parts
// below it, a first comment, a channel that a person publishes on, and a cost.
func composeThreadSample() ComposeView {
	v := composeSample()
	v.Returned = ""
	v.Parts, v.Comment = []string{"2/3 Syarat: fotokopi KK dan KTP orang tua.", "3/3 Tanpa biaya. Laporkan pungutan ke 112."}, "Tanya di sini, dijawab pada jam kerja."
	v.Channels[0].FirstComment, v.Channels[0].CommentCount = true, Count{38, 8000}
	v.Channels[1].Thread, v.Channels[1].Parts = true, []Count{{42, 280}, {301, 280}}
	v.Channels = append(v.Channels, ComposeChannel{ID: "c4", Platform: "whatsapp_channel", Handle: "Kota Tirtawangi", Picked: true, Used: 318, Hand: true})
	v.Media = append(v.Media, ComposeMedia{ID: "md2", Name: "layanan.mp4", Line: "12 MB · 1920 × 1080 · 0:45 menit", Src: "/galeri/film.mp4", Alt: "Petugas menunjukkan cara mengambil antrean.", Film: true})
	v.Costs = []Fact{{Name: "X @tirtawangikota", Value: "US$ 0.045 (sekitar Rp 738)"}}
	return v
}

func handSample() HandView {
	return HandView{
		ID: "d9", Platform: "whatsapp_channel", Handle: "Kota Tirtawangi", Page: "https://whatsapp.com/channel/0029", Post: "/unggahan/5", Text: sabtu, Rows: 8, Guide: "https://web.whatsapp.com/",
		Hosts: "whatsapp.com, wa.me", Digest: "9f3a61d0c87e2b14e05d77aa3c19f6b2", Due: "Senin, 23 November 2026, 10.30 WIB", When: "sejak hari ini 10.30", Tone: "ok",
		Files: []HandFile{{"/galeri/poster.svg", "media-1.png", "Poster jam layanan Sabtu", "image/png · 184 KB", false}, {"/galeri/film.mp4", "media-2.mp4", "Cara mengambil antrean", "video/mp4 · 12 MB", true}},
	}
}

func handWrongSample() HandView {
	v := handSample()
	v.Part, v.Below, v.Files = "Bagian 2", "https://x.example/tirtawangi/status/1", nil
	v.When, v.Tone = "Terlambat, jadwalnya hari ini 10.30", "warn"
	v.URL, v.Date, v.Clock = "https://lain.example/1", "2026-11-23", "10:40"
	v.Problems = Problems{{Field: "url", Text: "Alamat itu bukan di kanal ini."}, {Field: "at", Text: "Waktu tayangnya masih akan datang."}}
	return v
}

func composeWrongSample() ComposeView {
	v := composeSample()
	v.Channels[1].Used = 301
	v.Media[0].Alt = ""
	v.Voids = true
	v.Problems = Problems{{Field: "variants.c2.text", Text: "Naskah untuk @tirtawangikota lebih 21 karakter. Ringkaslah."}, {Field: "media.0.alt", Text: "Teks alternatif gambar ke-1 belum diisi."}, {Field: "due", Text: "Waktu tayang sudah lewat."}}
	v.Conflict = &ComposeConflict{Who: "Dewi Anggraini", When: "1 menit lalu", Revision: 4, Fields: comparedSample()}
	return v
}

func comparedSample() []FieldCompared {
	all := []Piece{{"kept", "Mulai Sabtu, 28 November, Disdukcapil Tirtawangi buka "}, {"deleted", "08.00–14.00"}, {"inserted", "08.00–12.00"}, {"kept", " untuk KTP-el, KK, dan akta lahir."}, {"inserted", " Tanpa biaya."}}
	before, after := SplitPieces(all)
	return []FieldCompared{{Name: "Naskah", Changed: true, Before: before, After: after}, {Name: "Judul internal"}, {Name: "Tautan"}}
}

func postsSample() PostsView {
	return PostsView{
		Filters: []Link{{Text: "Semua", Path: "/unggahan", Here: true}, {Text: "Konsep", Path: "/unggahan?status=draft"}, {Text: "Menunggu persetujuan", Path: "/unggahan?status=review"}, {Text: "Terjadwal", Path: "/unggahan?status=scheduled"}, {Text: "Perlu tindakan", Path: "/unggahan?status=attention"}, {Text: "Tayang", Path: "/unggahan?status=published"}},
		Rows: []PostRow{
			{"/unggahan/1", "Vaksinasi lansia di 12 puskesmas", "Rina Wulandari", threePlatforms, "hari ini 08.30", Tag{"Perlu tindakan", "bad", ""}, Beats{[]string{"ok", "ok", "bad"}, "Perlu tindakan"}, "2 dari 3 kanal tayang"},
			{"/unggahan/5", "Layanan Sabtu Disdukcapil, mulai 28 November", "Rina Wulandari", threePlatforms, "hari ini 10.30", Tag{"Menunggu persetujuan", "warn", ""}, Beats{[]string{"ok", "now", ""}, "Menunggu persetujuan"}, ""},
			{"/unggahan/6", "Klarifikasi: bansos tidak dipungut biaya", "Bayu Pratama", []string{"x"}, "hari ini 13.00", Tag{"Terjadwal", "primary", ""}, Beats{[]string{"ok", "ok", "set"}, "Terjadwal"}, ""},
			{"/unggahan/4", "Prakiraan cuaca dan debit Kali Wangi", "Rina Wulandari", threePlatforms, "hari ini 07.00", Tag{"Tayang", "ok", ""}, Beats{[]string{"ok", "ok", "ok"}, "Tayang"}, "3 dari 3 kanal tayang"},
			{"/unggahan/3", "Bayar PBB tanpa antre", "Rina Wulandari", nil, "belum dijadwalkan", Tag{"Konsep", "", ""}, Beats{[]string{"", "", ""}, "Konsep"}, ""},
		},
		Cut: Cut{Older: "/unggahan?sesudah=x"},
	}
}

func postSample() PostView {
	return PostView{
		ID: "1", Title: "Vaksinasi lansia di 12 puskesmas", Line: "Disusun Rina Wulandari, versi 4", Status: Tag{"Perlu tindakan", "bad", ""}, Beats: Beats{[]string{"ok", "ok", "bad"}, "Perlu tindakan"}, When: "Senin, 23 November 2026, 08.30 WIB",
		Window: "Boleh digeser sampai 18.00 WIB.", Edit: "/unggahan/1/susun", EditVoids: true, Withdraw: true,
		Deliveries: []DeliveryRow{
			{ID: "d1", Platform: "x", Handle: "@tirtawangikota", State: Tag{"Tayang", "ok", "check"}, Due: "08.30", Receipt: "Tayang 08.30.02 WIB", URL: "https://x.example/1", RemoteID: "1859", Counts: []Fact{{Name: "Suka", Value: "128"}, {Name: "Dibagikan", Value: "31"}}, Attempts: []string{"08.30.01 kirim: tayang"}, Parts: []DeliveryRow{{ID: "d1b", Part: "Bagian 2", State: Tag{"Terjadwal", "primary", ""}, Due: "08.30"}}},
			{ID: "d4", Platform: "whatsapp_channel", Handle: "Kota Tirtawangi", State: Tag{"Menunggu tayang manual", "warn", ""}, Due: "08.30", Explain: "Kanal ini ditayangkan oleh orang.", Task: "/pengiriman/d4/manual", Cancel: true},
			{ID: "d5", Platform: "x", Handle: "@tirtawangikota", State: Tag{"Gagal", "bad", ""}, Due: "08.30", Explain: "X hanya menerima jawaban dari orang.", Answer: &HandAnswer{"https://x.example/intent", "Buka di X"}, Resend: true, Cancel: true},
			{ID: "d2", Platform: "mastodon", Handle: "@tirtawangikota@sosial.example", State: Tag{"Perlu keputusan", "warn", "triangle-alert"}, Due: "08.30", Explain: "Platform tidak menjawab dengan jelas. Naskah tidak dikirim ulang otomatis. Periksa apakah sudah tampak di sana.", Evidence: []string{"https://sosial.example/@tirtawangikota/1", "https://sosial.example/@tirtawangikota/2"}, Confirm: true, Resend: true, Cancel: true, Attempts: []string{"08.30.01 kirim: tanpa jawaban", "08.31.10 cari: dua yang mirip"}},
			{ID: "d3", Platform: "facebook", Handle: "Pemkot Tirtawangi", State: Tag{"Gagal", "bad", "circle-alert"}, Due: "08.30", Explain: "Platform tidak lagi menerima kredensial kanal ini. Tidak ada yang terbit dan naskah tetap tersimpan.", Said: "Error validating access token", Fix: "Administrator perlu menyambungkan ulang kanal ini.", Resend: true, Cancel: true},
		},
		Texts: []TextSaid{{Platforms: []string{"facebook", "mastodon"}, Handles: "Pemkot Tirtawangi, @tirtawangikota@sosial.example", Text: sabtu}, {Platforms: []string{"x"}, Handles: "@tirtawangikota", Text: "Vaksinasi lansia hari ini di 12 puskesmas.", Below: []BelowSaid{{"Bagian 2", "Bawa KTP dan kartu vaksin."}}}},
		Link:  "https://dinkes.tirtawangikota.example", Media: []MediaShown{{Src: "/galeri/poster.svg", Alt: "Poster vaksinasi lansia", Line: "poster.png, 184 KB"}, {Src: "/galeri/film.mp4", Alt: "Suasana vaksinasi", Line: "12 MB", Film: true}},
		Chain: chainSample(), Digest: "9f3a61d0c87e2b14e05d77aa3c19f6b2", MayComment: true,
		History:  []RevisionLine{{"Versi 4", "Rina Wulandari", "kemarin 15.40", "diajukan", "/unggahan/1?beda=3..4"}, {"Versi 3", "Rina Wulandari", "kemarin 14.10", "disimpan", ""}},
		Comments: []Comment{{"Dewi Anggraini", "kemarin 15.10 · versi 3", "Jam tutup menurut surat 12.00, bukan 14.00."}},
		Moves:    &MoveForm{"2026-11-23", "10:30", "WIB", "Sampai 18.00 WIB persetujuan tetap berlaku; di luar itu batal."},
	}
}

func reviewSample(open bool) ReviewView {
	v := ReviewView{
		Filters: []Link{{Text: "Untuk saya", Path: "/persetujuan", Here: true, Count: 3}, {Text: "Semua", Path: "/persetujuan?daftar=semua"}},
		Rows: []ReviewRow{
			{"/persetujuan/5", "Layanan Sabtu Disdukcapil", threePlatforms, "tayang 10.30", Beats{[]string{"ok", "now", ""}, "Menunggu persetujuan"}, open},
			{"/persetujuan/2", "Penutupan Jembatan Cikawung", []string{"facebook"}, "tayang 14.00", Beats{[]string{"ok", "now", ""}, "Menunggu persetujuan"}, false},
		},
	}
	if open {
		v.Open = &Review{
			ID: "5", Title: "Layanan Sabtu Disdukcapil, mulai 28 November", Author: "Rina Wulandari", Line: "Rina Wulandari mengajukan versi 4 pukul 08.52", When: "Senin, 23 November 2026, 10.30 WIB", Window: "Dapat ditarik kembali sampai berangkat.",
			Compared: []Link{{Text: "Versi 3 → 4", Path: "/persetujuan/5?beda=3..4", Here: true}, {Text: "Hasil akhir", Path: "/persetujuan/5?beda="}}, Before: "Versi 3", After: "Versi 4", Fields: comparedSample(),
			Channels: []ReviewChannel{{"x", "@tirtawangikota", 271, 280, sabtu, []BelowSaid{{"Bagian 2", "Syarat: fotokopi KK."}}, false}, {"facebook", "Pemkot Tirtawangi", 318, 63206, sabtu, nil, false}, {"whatsapp_channel", "Kota Tirtawangi", 318, 0, sabtu, nil, true}},
			Costs:    []Fact{{Name: "X @tirtawangikota", Value: "US$ 0.015"}}, Link: "https://antre.tirtawangikota.example",
			Media: []MediaShown{{Src: "/galeri/poster.svg", Alt: "Poster jam layanan Sabtu", Line: "poster-sabtu.png, 184 KB"}}, Checks: []Check{{"warn", "Ada nomor telepon di naskah.", ""}, {"ok", "Tautan dapat dipakai.", ""}},
			Chain: chainSample(), Digest: "9f3a61d0c87e2b14e05d77aa3c19f6b2", Stand: "Anda Dewi Anggraini, bukan penyusun unggahan ini. Prinsip dua orang terpenuhi.", May: true,
			Comments: []Comment{{"Dewi Anggraini", "kemarin 15.10 · versi 3", "Jam tutup menurut surat 12.00, bukan 14.00."}},
		}
	}
	return v
}
