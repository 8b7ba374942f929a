package web

import (
	"strconv"
	"strings"

	"kentongan/internal/identity"
	"kentongan/moderation"
)

// readingSamples are the calendar, moderation, reports, the register, the
// queue, the trail and channels.
func readingSamples() []sample {
	return []sample{
		{name: "kalender", view: calendarSample(false), role: identity.Officer},
		{name: "kalender-daftar", view: calendarSample(true), role: identity.Officer},
		{name: "kalender-kosong", view: CalendarView{Month: "Desember 2026", List: true, Zone: "WIB"}, role: identity.Auditor},
		{name: "moderasi", view: moderationSample(), role: identity.Moderator},
		{name: "moderasi-salah", view: moderationWrongSample(), role: identity.Moderator},
		{name: "moderasi-putusan", view: decisionsSample(), role: identity.Moderator},
		{name: "moderasi-aturan", view: rulesSample(), role: identity.Moderator},
		{name: "moderasi-kosong", view: ModerationView{Tabs: []Link{{Text: "Antrean", Path: "/moderasi", Here: true}}}, role: identity.Moderator},
		{name: "laporan", view: reportSample(), role: identity.Leader},
		{name: "transparansi", view: registerSample()},
		{name: "transparansi-disembunyikan", view: hiddenSample()},
		{name: "transparansi-respons", view: waitingSample()},
		{name: "transparansi-pedoman", view: policySample()},
		{name: "transparansi-kamus", view: dictionarySample()},
		{name: "moderasi-contoh", view: exampleSample(), role: identity.Approver},
		{name: "moderasi-contoh-kosong", view: &ExampleView{Public: "/t/diskominfo/disembunyikan#contoh"}, role: identity.Approver},
		{name: "antrean", view: queueViewSample(), role: identity.Admin},
		{name: "antrean-tenang", view: QueueView{Where: Tag{"Tanpa pekerja di sini", "", "info"}, WhereSay: "Proses ini hanya melayani halaman.", Unheard: "Lonceng ada di proses pekerja."}, role: identity.Auditor},
		{name: "jejak", view: trailSample(), role: identity.Leader},
		{name: "kanal", view: channelsSample(), role: identity.Admin},
		{name: "kanal-satu", view: channelSample(), role: identity.Admin},
		{name: "bantuan-platform", view: HelpView{"telegram", "Beberapa menit; tidak ada peninjauan.", []string{"Buat bot lewat @BotFather.", "Jadikan bot administrator kanal."}, "/pengaturan/hubungkan/telegram"}, role: identity.Admin},
		{name: "hubungkan", view: PlatformsView{[]PlatformTile{{"x", "/pengaturan/hubungkan/x", "lewat halaman izin platform", 1}, {"whatsapp_channel", "/pengaturan/hubungkan/whatsapp_channel", "diterbitkan dengan tangan", 0}}}, role: identity.Admin},
		{name: "hubungkan-satu", view: connectSample(), role: identity.Admin},
		{name: "hubungkan-pergi", view: DepartureView{"x", "https://x.com/i/oauth2/authorize?state=1", "x.com", []string{"tweet.read", "tweet.write"}}, role: identity.Admin},
		{name: "hubungkan-pilih", view: ArrivalView{Platform: "facebook", Path: "/pengaturan/hubungkan/pilih/1", Again: "/pengaturan/hubungkan/facebook",
			Accounts: []OfferedAccount{{"1", "Pemerintah Kota Tirtawangi", "@tirtawangikota", "", true}, {"2", "Protokol Kota Tirtawangi", "", "Izin yang tidak diberikan: pages_manage_engagement. Yang tidak berjalan: komentar dan jawaban.", false}}}, role: identity.Admin},
		{name: "hubungkan-gagal", view: ArrivalView{Platform: "x", Again: "/pengaturan/hubungkan/x", Problems: Problems{{Text: "Kode dari platform sudah terlalu lama atau pernah dipakai. Mulai lagi."}}}, role: identity.Admin},
		{name: "kanal-kosong", view: ChannelsView{}, role: identity.Approver},
	}
}

func calendarSample(list bool) CalendarView {
	set, now := Beats{[]string{"ok", "ok", "set"}, "Terjadwal"}, Beats{[]string{"ok", "now", ""}, "Menunggu persetujuan"}
	v := CalendarView{
		Month: "November 2026", Previous: "/kalender?t=2026-10", Next: "/kalender?t=2026-12", Today: "/kalender", List: list, Zone: "WIB", Unverified: true, Moves: true,
		Views:    []Link{{Text: "Bulan", Path: "/kalender?v=bulan", Here: !list}, {Text: "Daftar", Path: "/kalender?v=daftar", Here: list}},
		Filters:  []Link{{Text: "Semua kanal", Path: "/kalender", Here: true}, {Text: "Facebook Pemkot", Path: "/kalender?kanal=1"}, {Text: "X @tirtawangikota", Path: "/kalender?kanal=2"}},
		Weekdays: []string{"Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"},
		Unplanned: []SlotRow{
			{Title: "Bayar PBB tanpa antre", Path: "/unggahan/3", Author: "Rina Wulandari", Platforms: []string{"facebook", "x"}, Beats: Beats{[]string{"now", "", ""}, "Draf"}},
			{Title: "Wawancara kepala Disdukcapil tentang layanan Sabtu", Path: "/unggahan/9", Author: "Lestari", Platforms: []string{"mastodon"}, Beats: Beats{[]string{"ok", "bad", ""}, "Perlu perbaikan"}},
		},
		Legend: []LegendLine{{Beats{[]string{"now", "", ""}, "Draf"}}, {now}, {set}, {Beats{[]string{"ok", "ok", "ok"}, "Tayang"}}, {Beats{[]string{"ok", "ok", "bad"}, "Perlu tindakan"}}},
	}
	slots := []SlotRow{
		{Clock: "07.00", Title: "Prakiraan cuaca dan debit Kali Wangi", Path: "/unggahan/4", Author: "Rina Wulandari", Platforms: threePlatforms, Beats: Beats{[]string{"ok", "ok", "ok"}, "Tayang"}, Tone: "ok", ID: "4"},
		{Clock: "08.30", Title: "Vaksinasi lansia", Path: "/unggahan/1", Author: "Rina Wulandari", Platforms: threePlatforms, Beats: Beats{[]string{"ok", "ok", "bad"}, "Sebagian"}, Tone: "bad", ID: "1"},
		{Clock: "10.30", Title: "Layanan Sabtu Disdukcapil", Path: "/unggahan/5", Author: "Lestari", Platforms: []string{"x"}, Beats: now, Tone: "warn", ID: "5", Revision: 4, Date: "2026-11-23", Time: "10:30"},
		{Clock: "13.00", Title: "Klarifikasi: bansos tidak dipungut biaya", Path: "/unggahan/6", Author: "Lestari", Platforms: []string{"x", "mastodon"}, Beats: set, Tone: "set", ID: "6", Revision: 2, Date: "2026-11-23", Time: "13:00"},
	}
	if list {
		v.Days = []CalendarDay{
			{ID: "d-2026-11-23", Full: "Senin, 23 November 2026", Today: true, Slots: slots},
			{ID: "d-2026-11-25", Full: "Rabu, 25 November 2026", Holiday: "Hari Guru Nasional", Slots: []SlotRow{{Clock: "07.30", Title: "Hari Guru", Path: "/unggahan/7", Author: "Rina", Platforms: []string{"facebook"}, Beats: set, ID: "7", Date: "2026-11-25", Time: "07:30"}}},
		}
		return v
	}
	for week := range 6 {
		var days []CalendarDay
		for d := range 7 {
			n := week*7 + d - 5
			day := CalendarDay{ID: "d" + strconv.Itoa(week*7+d), Label: strconv.Itoa((n+30)%31 + 1), Full: "hari ke-" + strconv.Itoa(n), Outside: n < 1 || n > 30, Today: n == 23}
			if n == 23 {
				day.Slots, day.More, day.Path = slots, "1 lagi", "/kalender?v=daftar#d-2026-11-23"
			}
			if n == 25 {
				day.Holiday = "Hari Guru Nasional"
			}
			if n%6 == 2 {
				day.Slots = []SlotRow{{Clock: "09.00", Title: "Ziarah Taman Makam Pahlawan", Path: "/unggahan/8", Platforms: []string{"facebook", "x"}, Beats: Beats{[]string{"now", "", ""}, "Draf"}, Tone: "draft"}}
			}
			days = append(days, day)
		}
		v.Weeks = append(v.Weeks, days)
	}
	return v
}

func moderationSample() ModerationView {
	fraud, gambling := Tag{"Penipuan", "bad", ""}, Tag{"Judi daring", "bad", ""}
	return ModerationView{
		Waiting: 7,
		Tabs:    []Link{{Text: "Antrean", Path: "/moderasi", Here: true}, {Text: "Sudah diputus", Path: "/moderasi?status=putusan"}},
		Rows: []CaseRow{
			{Path: "/moderasi/pesan/1", Platform: "facebook", Text: "Bansos cair hari ini, daftar di bit.ly/xx, transfer admin 50 rb ke rek 1234••••90 biar cepat ya bu", Labels: []Tag{fraud}, Why: "Tautan pendek + Kata hadiah, bantuan, atau pinjaman palsu", Suggest: "Sembunyikan · Klausul 3.1", Age: "41 menit", Copies: 14, Here: true},
			{Path: "/moderasi/pesan/2", Platform: "x", Text: "Ini NIK tetangga saya 32••••••••••••04, tolong dicek dapat bantuan atau tidak", Labels: []Tag{{"Data pribadi", "warn", ""}}, Why: "Pola data pribadi", Suggest: "Sembunyikan · Klausul 4.1", Age: "22 menit", Copies: 1},
			{Path: "/moderasi/pesan/3", Platform: "mastodon", Text: "sl0t g4c0r hari ini link di bio", Labels: []Tag{gambling}, Why: "Huruf disamarkan + Kata judi daring", Suggest: "Sembunyikan · Klausul 3.4", Age: "4 menit", Copies: 1},
		},
		Cut: Cut{Older: "/moderasi?sesudah=3"},
		Open: &CaseView{
			ID: "1", Platform: "facebook", Handle: "b••••", When: "hari ini 08.01 WIB", Conversation: "/kotak-masuk/1", Link: "https://fb.example/1",
			Text: []Marked{
				{Text: "Bansos cair hari ini, daftar di "}, {Kind: "mark bad", Text: "bit.ly/", Numbers: "1"}, {Text: "xx, "}, {Kind: "mark bad", Text: "transfer admin", Numbers: "2"},
				{Text: " 50 rb ke rek "}, {Kind: "masked", Text: "1234••••90", Numbers: "3"}, {Text: " biar cepat ya bu"},
			},
			Labels:  []Tag{fraud, {"Data pribadi", "warn", ""}},
			Reasons: []ReasonLine{{1, fraud, "Tautan pendek", "“bit.ly/”", false}, {2, fraud, "Kata hadiah, bantuan, atau pinjaman palsu", "“transfer admin”", false}, {3, Tag{"Data pribadi", "warn", ""}, "Pola data pribadi", "“1234••••90”", false}},
			Suggest: "Usulan aturan: Sembunyikan · Klausul 3.1. Anda yang memutuskan.", Copies: 14, WithCopies: true, Decide: true, Hide: true,
			Clauses: []ClauseChoice{
				{"3.1", "Penipuan dan peniruan petugas", "Ajakan mentransfer uang, undian atau bantuan palsu.", "Rujukan: KUHP", "Berat", false, "1"},
				{"3.4", "Judi daring", "Promosi, tautan, atau ajakan judi daring.", "", "Berat", false, "2"},
				{"2.1", "Kritik sah", "Kritik terhadap kebijakan, layanan, dan pejabat dilindungi.", "", "Tidak melanggar", true, "3"},
			},
			After: []Consequence{{"eye-off", "Tidak tampil untuk publik, tidak dihapus"}, {"mail", "Platform ini tidak memberi tahu warga"}, {"scale", "Masuk hitungan halaman Transparansi"}},
		},
	}
}

func moderationWrongSample() ModerationView {
	v := moderationSample()
	v.Open.Problems = Problems{{Field: "clause", Text: "Pilih klausul pedoman yang dilanggar."}, {Field: "reason", Text: "Tulis alasannya, sedikitnya 10 huruf."}}
	v.Chosen = true
	v.Open.Hide, v.Open.CannotHide = false, "Mastodon tidak menyediakan penyembunyian balasan."
	v.Open.Past = []DecisionRow{{Number: "MOD-2026-00007-QD83", Act: "Biarkan", Clause: "Klausul 2.1 Kritik sah", By: "Siti Nurjanah", When: "kemarin 14.02 WIB", Reason: "Kritik atas layanan."}}
	return v
}

func decisionsSample() ModerationView {
	return ModerationView{
		Done: true, Waiting: 7,
		Tabs: []Link{{Text: "Antrean", Path: "/moderasi"}, {Text: "Sudah diputus", Path: "/moderasi?status=putusan", Here: true}},
		Decisions: []DecisionRow{
			{Number: "MOD-2026-00042-K7QX", Act: "Sembunyikan", Clause: "Klausul 3.4 Judi daring", Reason: "Promosi judi dengan huruf samaran.", Tone: "bad", Icon: "eye-off", State: Tag{"Selesai dijalankan", "ok", ""}, By: "Siti Nurjanah", When: "hari ini 08.10 WIB", Platform: "facebook", Targets: 14, Message: "/moderasi/pesan/9", Restore: "9"},
			{Number: "MOD-2026-00041-X5NE", Act: "Sembunyikan", Clause: "Klausul 3.1 Penipuan", Reason: "Mengaku petugas dan minta transfer.", Tone: "bad", Icon: "eye-off", State: Tag{"Ditolak platform", "bad", ""}, Explain: "Platform menolak. Pesan masih tampil. Sembunyikan di aplikasinya.", By: "Siti Nurjanah", When: "hari ini 07.50 WIB", Platform: "x", Targets: 1, Message: "/moderasi/pesan/8"},
			{Number: "MOD-2026-00040-7BVK", Act: "Biarkan", Reason: "Kritik atas layanan air.", Icon: "eye", State: Tag{"Selesai dijalankan", "ok", ""}, By: "Mega Puspita", When: "kemarin 16.00 WIB", Platform: "mastodon", Targets: 1, Message: "/moderasi/pesan/7"},
		},
	}
}

func reportSample() ReportView {
	v := ReportView{
		Headline: "Warga dijawab dalam 24 menit; 94 % di dalam batas waktu.", Lead: "31 unggahan tayang 78 kali di semua kanal dan mendapat 1.204 reaksi. 412 pesan dijawab; 12 menunggu sekarang.",
		Spans: []Link{{Text: "Hari ini", Path: "/laporan?dari=2026-11-23&sampai=2026-11-23"}, {Text: "Bulan ini", Path: "/laporan", Here: true}},
		From:  "2026-11-01", To: "2026-11-23", SpanWords: "1 November 2026 sampai 23 November 2026", Target: "target 1 jam",
		Figures: []Figure{
			{"Unggahan tayang", "31", "unggahan", "78 kali, kanal dijumlahkan", "", ""}, {"Jangkauan", "68.204", "", "tidak semua platform memberitahukannya", "", ""},
			{"Reaksi", "1.204", "", "suka, dibagikan, balasan", "", ""}, {"Median waktu respons", "24 menit", "", "target 1 jam", "ok", "circle-check"},
			{"Dijawab dalam SLA", "94 %", "", "dari 412 jawaban", "", ""}, {"Yang menunggu", "12", "pesan", "1 lewat batas, 2 hampir", "bad", ""},
		},
		Channels: []ChannelFigures{
			{"facebook", "Pemkot Tirtawangi", 31, 201, "–", 0, 100, 820, "suka 600, dibagikan 120, balasan 100"},
			{"x", "@tirtawangikota", 30, 180, "68.204", 100, 40, 330, "suka 210, dibagikan 90"},
			{"mastodon", "@tirtawangikota@sosial.example", 17, 31, "–", 0, 6, 54, "suka 50"},
		},
		Response: []ResponseLine{{"facebook", "Pemkot Tirtawangi", 201, "96 %", "22 menit", 96, "ok"}, {"x", "@tirtawangikota", 180, "88 %", "1 jam 4 menit", 88, "warn"}, {"mastodon", "@tirtawangikota@sosial.example", 0, "–", "–", 0, ""}},
		Waiting:  []Fact{{Name: "Keselamatan jiwa", Value: "0"}, {Name: "Lewat batas waktu", Tag: &Tag{"1", "bad", ""}}, {Name: "Semua yang belum dijawab", Value: "12"}, {Name: "Tenggat terdekat", Value: "hari ini 09.10 WIB"}},
		HasDays:  true, Tallest: 38, FirstDay: "1 November 2026", LastDay: "23 November 2026",
	}
	for d := range int64(23) {
		v.Days = append(v.Days, DayFigures{Day: strconv.FormatInt(d+1, 10) + " November 2026", Posts: d % 4, Messages: 12 + (d*17)%27, Answered: 10 + (d*13)%23})
	}
	return v
}

func registerFrame(here string) PublicFrame {
	return PublicFrame{Office: Office{Name: "Dinas Komunikasi dan Informatika", Slug: "diskominfo"}, Of: "Pemerintah Kota Tirtawangi", Here: here, Title: "Transparansi Media Sosial"}
}

func monthsSample() PublicMonths {
	return PublicMonths{Path: "/t/diskominfo", Name: "November 2026", Running: true, All: []Choice{{"2026-11", "November 2026", true}, {"2026-10", "Oktober 2026", false}}}
}

func registerSample() PublicView {
	return PublicView{
		PublicFrame: registerFrame("summary"), Months: monthsSample(), Counted: "November 2026 · dihitung dari jejak audit, diperbarui 23 November 2026",
		Figures: []Figure{
			{"Pesan diterima", "5.394", "", "komentar, sebutan, dan pesan langsung", "", ""}, {"Disembunyikan", "346", "6,4 %", "dari semua pesan yang diterima", "", ""},
			{"Keberatan diputus", "41", "", "oleh orang lain dari pemutus pertama", "", ""}, {"Dipulihkan", "13", "32 %", "karena keberatan diterima", "", ""},
		},
		Clauses: []ClauseLine{
			{"2.1", "Kritik sah", "0", "0", "0", 0, true, false}, {"3.1", "Penipuan dan peniruan petugas", "212", "9", "<5", 100, false, false},
			{"3.4", "Judi daring", "≥5", "<5", "0", 3, false, true}, {"4.2", "Data pribadi orang lain", "37", "11", "6", 17, false, false}, {"3.5", "Pornografi", "<5", "0", "0", 1, false, false},
		},
		Channels: []PlaceLine{{"facebook", "240", 100, false}, {"x", "≥5", 3, true}},
		Quick:    []Fact{{Name: "Disembunyikan oleh orang", Value: "300"}, {Name: "Disembunyikan otomatis (diperiksa orang)", Value: "46"}, {Name: "Median waktu jawab", Value: "24 menit"}},
		Examples: []PublicExample{
			{Tag{"Disembunyikan", "bad", ""}, "Ajakan membayar agar tercatat sebagai penerima bantuan.", "3.1 Penipuan", "/t/diskominfo/pedoman#klausul-3.1", "Oktober 2026"},
			{Tag{"Dibiarkan", "ok", ""}, "Kritik tajam kepada kepala daerah tentang layanan air.", "2.1 Kritik sah", "/t/diskominfo/pedoman#klausul-2.1", "Oktober 2026"},
		},
		Files: []DataFile{{"/t/diskominfo/data.csv", "CSV", "48 KB", strings.Repeat("7be1", 16)}, {"/t/diskominfo/data.json", "JSON", "71 KB", strings.Repeat("40c9", 16)}}, Digest: strings.Repeat("7be1", 16),
	}
}

func hiddenSample() HiddenView {
	return HiddenView{
		PublicFrame: registerFrame("hidden"), Months: monthsSample(), Counted: "November 2026", People: registerSample().Quick, Examples: registerSample().Examples,
		Tables: []HiddenTable{
			{ID: "t-hidden", Title: "Disembunyikan", Note: "pesan yang disembunyikan", Places: []string{"Facebook", "X"}, Sums: []string{"240", "≥5", "346"},
				Rows: []HiddenRow{{"3.1", "Penipuan dan peniruan petugas", []string{"181", "31"}, "212"}, {"", "Tanpa klausul", []string{"<5", "0"}, "<5"}}},
			{ID: "t-warned", Title: "Diperingatkan", Note: "pesan yang penulisnya diberi tahu", Empty: true},
		},
	}
}

func waitingSample() WaitingView {
	return WaitingView{PublicFrame: registerFrame("waiting"), Target: "target 1 jam", Rows: []WaitingRow{{"November 2026", "5.394", "412", "24 menit", "94 %", "35 menit", "2,4 hari"}, {"Oktober 2026", "4.812", "<5", "–", "–", "–", "–"}}}
}

func policySample() PolicyView {
	return PolicyView{
		PublicFrame: registerFrame("policy"), ID: "contoh/2", Name: "Pedoman Moderasi Kolom Komentar", Note: "Menyembunyikan bukan menghapus.", Since: "berlaku sejak 1 November 2026", Now: true,
		Clauses: []PublicClause{
			{"2.1", "Kritik sah", "Kritik tidak pernah menjadi alasan menyembunyikan.", "Rujukan: UUD 1945", "Tidak melanggar", "membiarkan", true, nil, nil},
			{"3.1", "Penipuan dan peniruan petugas", "Ajakan mentransfer uang.", "", "Berat", "membiarkan dan menyembunyikan", false, []string{"Transfer dulu ke admin."}, []string{"Apakah ini penipuan?"}},
		},
		Versions: []VersionLine{{"contoh/2", "/t/diskominfo/pedoman/contoh/2", "berlaku sejak 1 November 2026", true, true, "Klausul yang berubah dari versi sebelumnya: 1"}, {"contoh/1", "/t/diskominfo/pedoman/contoh/1", "berlaku 1 Juni sampai 1 November 2026", false, false, ""}},
		Before:   "contoh/1",
		Changes:  []PolicyChange{{"3.1", "Penipuan", Tag{"berubah", "info", ""}, []ChangedPart{{"Isi", []Piece{{"kept", "Ajakan "}, {"deleted", "mengirim"}, {"inserted", "mentransfer"}, {"kept", " uang."}}}}}},
	}
}

func dictionarySample() DictionaryView {
	return DictionaryView{PublicFrame: registerFrame("data"), Files: registerSample().Files, Fields: []moderation.DataField{{Name: "month", Type: "string", Title: "Bulan", Description: "Tahun dan bulan."}}, Measures: []Fact{{Name: "hidden", Value: "Disembunyikan"}}}
}

func exampleSample() *ExampleView {
	return &ExampleView{
		MayWrite: true, Public: "/t/diskominfo/disembunyikan#contoh", Clauses: []Choice{{"2.1", "2.1 Kritik sah", false}}, Typed: ExampleForm{Number: "MOD-2026-00042-K7QX", Text: "Ajakan membayar."},
		Problems: Problems{{Field: "text", Text: "Ini masih kata-kata warga: “transfer dulu 50 ribu ke”."}},
		Rows: []ExampleRow{
			{ID: "e1", Number: "MOD-2026-00042-K7QX", Clause: "3.1 Penipuan", Month: "November 2026", Text: "Ajakan membayar agar tercatat sebagai penerima bantuan.", State: Tag{"Draf", "warn", ""}, Who: "ditulis Siti", Draft: true, MayRelease: true, MayDiscard: true},
			{ID: "e2", Number: "MOD-2026-00040-7BVK", Clause: "2.1 Kritik sah", Month: "November 2026", Text: "Kritik tajam kepada kepala daerah.", State: Tag{"Dilepas", "ok", ""}, Who: "ditulis Siti · dilepas Hendra", MayWithdraw: true},
			{ID: "e3", Number: "MOD-2026-00041-X5NE", Clause: "3.4 Judi daring", Month: "November 2026", Text: "Promosi judi.", State: Tag{"Draf", "warn", ""}, Who: "ditulis Siti", Draft: true, MayDiscard: true},
		},
	}
}

func queueViewSample() QueueView {
	return QueueView{
		Where: Tag{"Redis yang kami jalankan", "ok", "bell"}, WhereSay: "Program ini menjalankan dan menghentikan redis-server sendiri.",
		Standing: []StandingRow{
			{"facebook", "Pemkot Tirtawangi", "Unggahan", Tag{"Ditahan", "bad", ""}, "hari ini 08.31 WIB", "Platform tidak menerima kredensial kanal ini lagi.", "Administrator dapat memperbaikinya di Kanal.", "/unggahan/1"},
			{"x", "@tirtawangikota", "Balasan warga", Tag{"Perlu diperiksa orang", "bad", ""}, "hari ini 08.40 WIB", "Tidak dapat dipastikan apakah sudah tayang.", "", ""},
		},
		Kinds: []PromiseKind{{"Kirim", "menayangkan satu unggahan atau balasan pada waktunya", 12, 1, 0, "dalam 3 menit", false}, {"Ambil", "mengambil pesan warga dari platform", 3, 0, 1, "sejak 4 menit lalu", true}},
		Bells: []BellRow{{"Terbit", 2, 1, Tag{"Berjalan", "ok", ""}}, {"Biasa", 0, 0, Tag{"Dijeda", "warn", ""}}},
		Next:  []PromiseRow{{"Kirim", "X @tirtawangikota", "dalam 3 menit", false, Tag{"Menunggu", "info", ""}, 0, ""}, {"Ambil", "Facebook Pemkot", "sejak 4 menit lalu", true, Tag{"Perlu orang", "bad", ""}, 3, "Untuk akun yang belum disambungkan"}},
		More:  true,
	}
}

func trailSample() AuditView {
	return AuditView{
		People: []Choice{{"1", "Rina Wulandari", false}, {"2", "Hendra Saputra", true}}, Subject: "post/0192", Cut: Cut{Older: "/jejak?sebelum=1", Newer: "/jejak"},
		Rows: []AuditRow{
			{"Senin, 23 November 2026", "08.30", "Sistem (publisher)", true, "menayangkan", "Pengiriman …9c2bfa17", "/jejak?tentang=delivery%2F1", "", "104500000000101_1", "…751ae264", "…e617efb0"},
			{"", "08.12", "Hendra Saputra", false, "menyetujui unggahan", "Unggahan …3f0a1122", "/jejak?tentang=post%2F1", "/unggahan/1", "", "…751ae264", "…aa17e0b1"},
			{"Minggu, 22 November 2026", "16.20", "Rina Wulandari", false, "mengajukan unggahan", "Unggahan …3f0a1122", "/jejak?tentang=post%2F1", "/unggahan/1", "", "", "…0017e0b2"},
		},
	}
}

func channelsSample() ChannelsView {
	return ChannelsView{
		Connect: true,
		Rows: []ChannelRow{
			{ID: "1", Platform: "facebook", Handle: "Pemkot Tirtawangi", Name: "Pemerintah Kota Tirtawangi", URL: "https://fb.example/tirtawangi", Health: Tag{"Sambungkan ulang", "bad", ""}, Explain: "Platform tidak menerima kredensialnya lagi. Yang terjadwal ditahan.", Since: "tersambung 1 November 2026", Again: "/pengaturan/hubungkan/facebook",
				Advice: []string{"Versi v25.0 dari API Facebook berakhir 2028-07-29, 41 hari lagi. Sekarang semuanya masih berjalan."}},
			{ID: "2", Platform: "x", Handle: "@tirtawangikota", Name: "Kota Tirtawangi", Mode: "v1.1", Health: Tag{"Dibekukan", "bad", ""}, Explain: "Ada unggahan yang bukan dari kantor ini.", Pace: "sisa 41 panggilan sampai 09.00 WIB", Cost: "Rp1.240.000 dari anggaran Rp1.650.000 bulan ini", Since: "tersambung 1 November 2026", Sandbox: true, Reopen: true},
			{ID: "3", Platform: "mastodon", Handle: "@tirtawangikota@sosial.example", Name: "Kota Tirtawangi", Health: Tag{"Sehat", "ok", ""}, Since: "tersambung 1 November 2026"},
			{ID: "4", Platform: "whatsapp_channel", Handle: "Kanal Kota Tirtawangi", Name: "Kanal Kota Tirtawangi", Mode: "dengan tangan", Health: Tag{"Sehat", "ok", ""}, Since: "tersambung 1 November 2026"},
		},
		Apps: []AppRow{{"facebook", "https://graph.facebook.com", "https://kentongan.tirtawangi.example/webhook/0192f1c2-aaaa-7bbb-8ccc-0123456789ab", "kata-verifikasi"}, {"mastodon", "https://sosial.example", "", ""}},
	}
}

func channelSample() ChannelView {
	return ChannelView{
		Row:   channelsSample().Rows[1],
		Facts: []ChannelFact{{"Akun", "Kota Tirtawangi · 104500000000101"}, {"Alamat API", "https://api.x.com"}, {"Kredensial", "diperbarui sendiri sebelum Senin, 23 November 2026, 10.30 WIB"}},
		Can: []CapRow{
			{"Menerbitkan", "sampai 280 huruf berbobot", "", true}, {"Film", "Tidak", "Terbitkan gambar dengan tautan ke film.", false},
			{"Menjawab di depan umum", "Ya", "X hanya mengizinkan balasan bila penulis menyebut akun kita.", true},
		},
		Quota: []QuotaRow{{"Unggahan", "12 dari 50 · dalam 24 jam", 24}}, NoQuota: "", Help: "/bantuan/platform/x", Disconnect: true,
	}
}

func connectSample() ConnectView {
	return ConnectView{
		Platform: "x", Ways: []string{byConsent, byTyping, byHand}, Home: true, Redirect: "https://kentongan.tirtawangi.example" + ReturnPath,
		Modes:  []Link{{Text: "Yang berlaku sekarang", Path: "/pengaturan/hubungkan/x", Here: true}, {Text: "X v1.1 (kontrak lama)", Path: "/pengaturan/hubungkan/x?mode=v1.1"}},
		Server: FormField{Name: "base_url", Label: "Alamat API", Hint: "Kosongkan untuk alamat platform sendiri.", Holder: "https://api.x.com", Type: "url"},
		App:    []FormField{{Name: "client_id", Label: "ID aplikasi", Value: "kt-2026", Type: "text", Required: true}, {Name: "client_secret", Label: "Rahasia aplikasi", Hint: "Dipakai untuk menukar kode.", Holder: "tersimpan", Type: "password"}},
		Typed:  []FormField{{Name: "access", Label: "Token akses", Hint: "Dari halaman pengembang platform.", Type: "password", Required: true}},
		Page:   []FormField{{Name: "handle", Label: "Nama akun", Type: "text", Required: true}, {Name: "url", Label: "Alamat halamannya", Type: "url", Required: true}},
		Scopes: []string{"tweet.read", "tweet.write", "offline.access"}, Webhook: "Alamat webhook muncul setelah tersambung.", Sandbox: true,
		Way: byTyping, Problems: Problems{{Field: "access", Text: "Platform menolak token ini. Tidak ada yang tersambung. Buat token baru, lalu coba lagi."}},
	}
}
