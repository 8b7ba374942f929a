package web

// rulesSample is the page with everything it can show.
func rulesSample() RulesView {
	modes := []RuleChoice{{Value: "off", Text: "Mati"}, {Value: "shadow", Text: "Bayangan: hanya mencatat"}, {Value: "suggest", Text: "Mengusulkan", Here: true}, {Value: "auto", Text: "Otomatis"}}
	return RulesView{
		Tabs:   []Link{{Text: "Antrean", Path: "/moderasi", Count: 7}, {Text: "Aturan", Path: "/moderasi/aturan", Here: true}},
		Policy: "contoh/3", PolicyTitle: "Pedoman Moderasi Kolom Komentar", Pending: "tirtawangi/1",
		FellBack: []string{"Aturan \"Pola iklan judi\" kembali mengusulkan sejak 20 November, 14.02 WIB: ketepatannya turun di bawah batas (97,1 % dari 240 putusan)."},
		Problems: Problems{{Field: "draft", Text: "draf.yaml, aturan coba, kolom 1: \"labels.negative\" tidak tersedia bagi aturan."}},
		Govern:   true, Try: true,
		Rules: []RuleRow{
			{Name: "tautan", Title: "Tautan pendek pada topik bansos", When: `labels.fraud >= 0.5 and text.short_links > 0 and has("bansos", "bantuan", "blt", "pkh", "subsidi", "hibah")`,
				Suggest: "Sembunyikan", Clause: "3.1 Penipuan dan peniruan petugas", Mode: Tag{Text: "Mengusulkan", Tone: "primary"}, Modes: modes, Month: "214",
				Precision: "Ketepatan 97,2 % dari 214 putusan", Interval: "Rentang 95 %: 94,0 % sampai 98,7 %", Counts: "208 diikuti, 4 dibiarkan, 2 dipulihkan",
				Set: "Diatur Bayu Pratama, 20 November", AutoNote: "Otomatis belum dapat dinyalakan.", MayAuto: true, Open: true},
			{Name: "hs", Title: "Kebencian yang kuat", When: "labels.hs_strong >= 0.6", Suggest: "Baca dulu", Clause: "3.2 Ancaman", Mode: Tag{Text: "Bayangan", Tone: "info"}, Modes: modes[:3], Month: "0"},
			{Name: "salinan", Title: "Salinan teks yang sudah diputus", When: "Teks yang sama mengikuti putusan.", Copies: true, Mode: Tag{Text: "Mati"}, Modes: modes[:1], Month: "0", MayAuto: true},
		},
		Clauses: []RuleClause{
			{Number: "2.1", Title: "Kritik sah", Text: "Kritik dilindungi.", Basis: "Rujukan: UUD 1945", Severity: "Tidak melanggar", Acts: "Biarkan dan Jawab", Protected: true, Covered: []string{"Wali kota tidak becus."}},
			{Number: "3.4", Title: "Judi daring", Text: "Promosi judi.", Severity: "Berat", Acts: "Sembunyikan", Covered: []string{"Sl0t g4cor"}, NotCovered: []string{"Tolong berantas judi."}},
		},
		History: []PolicyRow{{ID: "contoh/3", Since: "1 November", By: "Bayu Pratama", Digest: "0123456789ab", YAML: "name: contoh\nversion: 3\n", Here: true}, {ID: "contoh/2", Since: "1 Maret", By: "program", Digest: "ba9876543210", YAML: "name: contoh\n"}},
		Trial:   TrialForm{Rules: []RuleChoice{{Value: "tautan", Text: "Tautan pendek"}}, Days: []RuleChoice{{Value: "365", Text: "365 hari terakhir"}}, Draft: "- name: coba"},
		Result: &TrialResult{Policy: "contoh/3", Looked: "12.000 dari 20.310 pesan diperiksa", Cut: "Waktu uji habis.", Rules: []TrialRule{{
			Title: "Tautan pendek pada topik bansos", Found: "Sembunyikan: 14 dari 20.310 pesan", Softer: "3 di antaranya hanya akan diusulkan untuk dibaca.", Precision: "Ketepatan 92,9 % dari 14 putusan",
			Months:   []TrialMonthRow{{"November 2026", "9", "8", "1", "0"}, {"Oktober 2026", "5", "5", "0", "0"}},
			Messages: []TrialMessage{{Path: "/moderasi/pesan/1", Platform: "facebook", Text: "Bansos cair, daftar di bit.ly/xx, transfer ke rek 1234••••90", When: "08.01"}}, More: "Dan 13 pesan lagi.",
		}}},
	}
}
