package sandbox

func javaneseLines() []string {
	return []string{
		"Nuwun sewu min, menawi {topik} niku saged diwakili anak kula nopo mboten?",
		"Wis {n} dina banyune mati, adus wae nunut tanggane. Piye iki?",
		"Matur suwun sanget infone, mugi lancar sedaya.",
		"Dalane {jalan} bolonge sak sumur, ngati-ati lur yen liwat bengi.",
		"Lha janjine wingi piye to pak? Warga {kelurahan} wis kesel ngenteni.",
		"Mbok ya ditiliki langsung, aja mung didelok seka foto.",
		"Jam pinten bukake {kantor} dinten {hari}, min?",
		"Apik tenan programe, tapi ojo mung anget-anget tai pitik.",
	}
}

func sundaneseLines() []string {
	return []string{
		"Punten min, upami {topik} kanggo warga {kelurahan} iraha jadwalna?",
		"Hatur nuhun pisan infona, mugia janten berkah.",
		"Geus {n} poé runtah teu diangkut, bauna meuni teu kaampeun.",
		"Jalan di {jalan} mah geus kawas balong, atuh geura dibenerkeun.",
		"Naha unggal taun kieu waé? Cik atuh diteuleuman sabab-musababna.",
		"Abdi tos ngantri ti jam {jam} di {kantor}, teu acan kénéh disauran.",
		"Saé pisan, mung kedah merata dugi ka lembur.",
	}
}

func englishLines() []string {
	return []string{
		"Is there an English version of this? My neighbor is from abroad and needs the schedule.",
		"Great job, the new park in {kelurahan} is lovely. Please add more lights though.",
		"How do I report a broken traffic light near {jalan}?",
		"Third time this month the water is off in {kelurahan}. Honestly disappointing.",
	}
}

func rumourLines() []string {
	return []string{
		"Katanya bendungan jebol malam ini, di grup WA RT {rt} sudah ramai. Benar nggak min?",
		"Ada yang bilang bansos diganti voucher dan harus bayar {harga} dulu, itu resmi?",
		"Di tiktok beredar surat wali kota libur sekolah {n} hari, hoaks bukan?",
		"Kata tetangga vaksinnya kedaluwarsa, makanya banyak yang nggak mau. Tolong klarifikasi.",
		"Barusan ada yang mengaku petugas {kantor} minta kode OTP, hati-hati. Itu penipuan kan?",
	}
}

func reportLines() []string {
	return []string{
		"lapor, ada pohon tumbang menutup {jalan} arah {kelurahan}, kendaraan putar balik",
		"mau lapor pungli di parkiran {kantor}, diminta {harga} tanpa karcis, jam {jam}",
		"lampu merah perempatan {jalan} mati sejak pagi, sudah hampir tabrakan dua kali",
		"pipa bocor di depan Gang Mawar RT {rt}, air bersih terbuang ke selokan",
		"ada tumpukan sampah dibakar tiap malam di belakang pasar {kelurahan}, asapnya masuk rumah",
		"penutup got hilang di trotoar {jalan}, bahaya buat anak sekolah",
		"anjing liar berkeliaran dekat SD {kelurahan}, kemarin ada murid digigit",
		"mohon fogging di RW {rw} {kelurahan}, sudah {n} orang kena demam berdarah",
	}
}

func chatterLines() []string {
	return []string{
		"Sama kak, di RT {rt} juga begitu",
		"Setahu saya sudah bisa lewat aplikasi, coba dulu",
		"Di {kelurahan} malah lebih parah",
		"Betul, saya juga mau tanya itu",
		"Sabar bu, kemarin saya urus {n} hari jadi",
		"Iya nih, tolong dijawab min",
		"Jangan percaya yang minta transfer ya, itu penipuan",
		"Coba ke {kantor} hari {hari}, biasanya sepi",
		"Wkwk jalan di tempat saya aspal baru kok, gantian kali",
	}
}

// againLines follow our answer.
func againLines() []string {
	return []string{
		"Oh begitu, siap. Terima kasih banyak min 🙏",
		"Baik, nanti saya coba hari {hari}. Makasih sudah dijawab.",
		"Sudah saya coba tapi masih sama saja. Harus ke mana lagi?",
		"Kalau lewat {kantor} bisa nggak?",
		"Jawaban template lagi. Kapan pastinya?",
		"Alhamdulillah sudah ditangani, petugas barusan datang. Terima kasih!",
		"Noted, saya teruskan ke grup RT {rt} ya.",
		"Ditunggu buktinya pak, jangan cuma janji.",
		"Nomor aduannya boleh saya minta?",
		"Ok min, maaf tadi emosi. Terima kasih penjelasannya.",
		"Sampai jam {jam} belum ada yang datang min.",
	}
}
