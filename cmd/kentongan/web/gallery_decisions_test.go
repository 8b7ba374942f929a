package web

import "kentongan/internal/identity"

// secondSamples are the pages beside the moderators' queue: what needs another
// person, evidence, agreement, rests.
func secondSamples() []sample {
	fraud := Tag{"Penipuan", "bad", ""}
	tabs := []Link{{Text: "Antrean", Path: "/moderasi", Count: 7}, {Text: "Orang kedua", Path: "/moderasi/orang-kedua", Here: true, Count: 3}}
	decision := DecisionRow{
		ID: "1", Number: "MOD-2026-00042-K7QX", Act: "Sembunyikan", Clause: "Klausul 3.4 Judi daring", Reason: "Salinan promosi judi.", Tone: "bad", Icon: "eye-off",
		State: Tag{"Selesai dijalankan", "ok", ""}, By: "Siti Nurjanah", When: "hari ini 08.10 WIB", Platform: "facebook", Targets: 24, Message: "/moderasi/pesan/9",
		Marks: []Tag{{"Menunggu disahkan", "warn", ""}}, Evidence: true, Undo: true,
	}
	texts := []SampleText{{Text: "sl0t g4c0r hari ini link di bio", Path: "/moderasi/pesan/9"}, {Text: "Dasar …", Path: "/moderasi/pesan/8", Veiled: true}}
	clauses := []ClauseChoice{{"3.4", "Judi daring", "Promosi, tautan, atau ajakan judi daring.", "Rujukan: UU ITE", "Berat", false, "1"}, {"2.1", "Kritik sah", "Kritik dilindungi.", "", "Tidak melanggar", true, "2"}}
	line := AgreementRow{Name: "Seluruhnya", N: "50", Agreed: "35", Kappa: "0,40", Range: "0,15 … 0,65", Words: "lemah", Percent: 70}
	return []sample{
		{name: "orang-kedua", role: identity.Moderator, view: SecondView{
			Tabs: tabs, Waiting: 7,
			Proposals: []ProposalRow{
				{ID: "1", Act: "Sembunyikan", Clause: "Klausul 3.4 Judi daring", Reason: "Promosi judi daring.", By: "Siti Nurjanah", When: "hari ini 08.10 WIB", Count: 22, Texts: texts},
				{ID: "2", Act: "Sembunyikan", Clause: "Klausul 3.1 Penipuan", Reason: "Undian palsu.", By: "Putri", When: "hari ini 08.12 WIB", Count: 21, Own: true, Texts: texts},
			},
			Ratify:    []RatifyRow{{ID: "1", Decision: decision, Due: "besok 08.10 WIB", Texts: texts[:1]}, {ID: "2", Decision: DecisionRow{ID: "2", Number: "MOD-2026-00040-7BVK"}, Late: true, Own: true}},
			Escalated: []EscalationRow{{ID: "3", Number: "MOD-2026-00043-T1ZG", Asked: "Siti kepada Dewi, hari ini", Note: "Apakah ini akun resmi?", Mine: true, Texts: texts[:1]}},
		}},
		{name: "orang-kedua-kosong", role: identity.Moderator, view: SecondView{Tabs: tabs}},
		{name: "eskalasi", role: identity.Leader, view: EscalatedView{Rows: []EscalationRow{{ID: "3", Number: "MOD-2026-00043-T1ZG", Asked: "Siti kepada Dewi, hari ini", Note: "Apakah ini akun resmi?", Mine: true, Texts: texts}}}},
		{name: "bukti", role: identity.Moderator, view: EvidenceView{ID: "1", Decision: decision, Problems: Problems{{Field: "purpose", Text: "Tulis tujuannya."}}}},
		{name: "bukti-terbuka", role: identity.Moderator, view: EvidenceView{ID: "1", Decision: decision, Open: true, Purpose: "Memeriksa keberatan", Exhibits: []ExhibitRow{
			{Text: "sl0t g4c0r hari ini link di bio", Author: "bandar.example", RemoteID: "123_456", URL: "https://fb.example/1", Posted: "hari ini 08.01 WIB", Taken: "hari ini 08.10 WIB", Suggest: "Sembunyikan · Klausul 3.4", Version: 1, Labels: []Tag{fraud}, Veiled: true},
		}}},
		{name: "mutu", role: identity.Moderator, view: QualityView{Tabs: tabs, Moderates: true, Reviews: 2, Share: "2 %", Decisions: "2.500", Sampled: "52", Overall: line, Months: []AgreementRow{line}, Clauses: []AgreementRow{line},
			Differ: []DifferRow{{Number: "MOD-2026-00011-H6PA", Text: "Kapan air mengalir?", First: "3.7 Spam berulang", FirstReason: "Berulang kali.", Second: "Biarkan", SecondReason: "Pertanyaan layanan.", Veiled: true}}}},
		{name: "mutu-kosong", role: identity.Leader, view: QualityView{Share: "2 %", Overall: AgreementRow{Kappa: "–", Range: "Belum ada"}}},
		{name: "nilai", role: identity.Moderator, view: BlindView{Tabs: tabs, ID: "1", Platform: "x", When: "hari ini 08.01 WIB", Text: []Marked{{Text: "Dasar "}, {Kind: "mark bad", Text: "…", Numbers: "1", Veiled: true}}, Veiled: true,
			Labels: []Tag{fraud}, Reasons: []ReasonLine{{1, fraud, "Kata makian", "“…”", true}}, Clauses: clauses, Problems: Problems{{Field: "clause", Text: "Pilih klausul."}}}},
		{name: "nilai-kosong", role: identity.Moderator, view: BlindView{Tabs: tabs}},
		{name: "istirahat", role: identity.Moderator, view: RestView{Items: 30, Span: "41 menit", MayPostpone: true}},
		{name: "moderasi-massal-salah", role: identity.Moderator, view: ModerationView{
			Tabs: tabs, Waiting: 1, VeilAll: true, Figures: []Figure{{Label: "Diputus hari ini", Value: "41"}},
			Rows: []CaseRow{
				{ID: "1", Path: "/moderasi/pesan/1", Platform: "x", Text: "sl0t", Account: "dikenal 3 hari", Labels: []Tag{fraud}, Why: "Kata judi", Clause: "3.4 Judi daring", Age: "41 menit", Old: true, Held: "Putri", Veiled: true},
				{ID: "2", Path: "/moderasi/pesan/2", Platform: "x", Text: "Wali kota lambat", Clause: "2.1 Kritik sah", Protected: true, Age: "1 menit"},
			},
			Filters: CaseFilters{Labels: []Choice{{"fraud", "Penipuan", true}}, Active: true},
			Bulk:    BulkForm{Clauses: clauses, Advisers: []Choice{{"1", "Dewi", true}}, Picked: map[string]bool{"2": true}, Reason: "Undian", Problems: Problems{{Field: "clause", Text: "Pilih klausul."}}},
			Open: &CaseView{ID: "2", Platform: "x", Text: []Marked{{Text: "Wali kota lambat"}}, Held: "Putri", Files: "gambar", Veiled: true, Rules: []RuleLine{{"Kata judi", "97 % dari 214 keputusan"}},
				Advice:  []AdviceLine{{"Siti kepada Dewi", "Apakah resmi?", "Dijawab Dewi", "Bukan."}},
				Similar: []PrecedentLine{{"teks sama", "sl0t", "Sembunyikan · MOD-2026-00001-C8JR", "Kemudian dibatalkan: MOD-2026-00002-M3YW", "/moderasi/pesan/3", true, "bad"}},
				Account: []string{"dikenal 3 hari"}, Wrote: []WroteLine{{"Kapan buka?", "kemarin", "Disembunyikan", "/moderasi/pesan/4", false}}, Past: []DecisionRow{decision}},
		}},
	}
}
