package sandbox

type persona struct{ handle, name string }

// personas are the invented citizens of Tirtawangi.
func personas() []persona {
	return []persona{
		{"sriwahyuni_tw", "Sri Wahyuni"}, {"kangasep77", "Asep Suhendar"}, {"mbakratna", "Ratna Kusumawardani"}, {"jokoprast", "Joko Prasetyo"},
		{"dewi_anggrek", "Dewi Anggraeni"}, {"baguswp", "Bagus Wicaksono"}, {"ummu_hasna", "Ummu Hasna"}, {"yudhi_ojol", "Yudhi Hermawan"},
		{"wartegbahari3", "Warteg Barokah 3"}, {"tini_supartini", "Tini Supartini"}, {"pakrwsembilan", "Pak RW Sembilan"}, {"nengeuis_", "Euis Komala"},
		{"arifnrh", "Arif Nurhidayat"}, {"lintangsenja", "Lintang Senja"}, {"mamahzahra", "Mamah Zahra"}, {"gilangtrail", "Gilang Ramadhan"},
		{"oppung_tiur", "Tiurma Simanjuntak"}, {"cak_mad", "Achmad Fauzi"}, {"iluhsari", "Luh Sari Dewanti"}, {"dr_nabila", "Nabila Khairunnisa"},
		{"rosmawati61", "Rosmawati"}, {"hendraelektro", "Hendra Gunawan"}, {"melatiputih", "Melati Puspita"}, {"kopidaribukit", "Kopi dari Bukit"},
		{"bambang_tkj", "Bambang Triyono"}, {"fitri.handayani", "Fitri Handayani"}, {"ucuptambal", "Yusuf Maulana"}, {"ayu_lestari", "Ayu Lestari"},
		{"ningsihjamu", "Jamu Bu Ningsih"}, {"rendikurir", "Rendi Saputra"}, {"guru_wati", "Herawati"}, {"petanikota", "Petani Kota"},
		{"dimas_mhs", "Dimas Aryo"}, {"tantelina", "Lina Marlina"}, {"pakdekarno", "Sukarno Hadi"}, {"sitikhotimah", "Siti Khotimah"},
	}
}

func streets() []string {
	return []string{"Jalan Melati", "Jalan Ki Hajar", "Jalan Veteran", "Gang Mawar", "Jalan Pasar Lama", "Jalan Tirtasari", "Jalan Bendungan", "Jalan Rajawali", "Gang Swadaya", "Jalan Kenanga"}
}

func villages() []string {
	return []string{"Sukamaju", "Tirtasari", "Mekarwangi", "Banjarsari", "Cihideung", "Karanganyar", "Pasirluhur", "Wanasari"}
}

func days() []string {
	return []string{"Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"}
}

func offices() []string {
	return []string{"Disdukcapil", "kelurahan", "kecamatan", "puskesmas", "Dishub", "PDAM", "Dinsos", "Bapenda", "Mal Pelayanan Publik"}
}

func sayNames() []string {
	return []string{"Bu Rosmawati", "Pak Karto", "Mbah Surip", "Bu Titin", "Pak Haji Mulyana", "Ceu Iis", "Mas Dimas"}
}

// brands are invented after snacks, so that no spam advertises anything.
func brands() []string {
	return []string{"KLEPON88", "RENGGINANG77", "CENDOL123", "OPAKTOTO", "GETUKSLOT", "SEBLAK4D"}
}
