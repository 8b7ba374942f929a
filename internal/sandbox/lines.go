package sandbox

// linesOf are the things citizens say. All of them were written for this
// sandbox; slots in braces are filled by compose.
func linesOf(kind string) []string {
	switch kind {
	case kindAsk:
		return askLines()
	case kindThank:
		return thankLines()
	case kindComplain:
		return complainLines()
	case kindCriticize:
		return criticizeLines()
	case kindInsult:
		return insultLines()
	case kindGamble:
		return gambleLines()
	case kindPrivate:
		return privateLines()
	case kindRescue:
		return rescueLines()
	case kindJavanese:
		return javaneseLines()
	case kindSundanese:
		return sundaneseLines()
	case kindEnglish:
		return englishLines()
	case kindRumour:
		return rumourLines()
	case kindReport:
		return reportLines()
	case kindChatter:
		return chatterLines()
	}
	return againLines()
}

func askLines() []string {
	return []string{
		"Min, ini berlaku buat warga {kelurahan} juga nggak ya?",
		"Syaratnya apa saja kak? Bisa diwakilkan nggak, ibu saya sudah sepuh.",
		"Jam buka {kantor} kalau hari {hari} sampai pukul berapa ya?",
		"Mohon info, untuk {topik} daftarnya lewat mana? Tautannya nggak bisa dibuka di HP saya.",
		"Kalau KTP luar kota tapi domisili sudah {n} tahun di {kelurahan}, masih bisa ikut?",
		"Ada nomor yang bisa dihubungi? Saya telepon {kantor} dari tadi pagi tidak diangkat.",
		"Maaf mau tanya, {jalan} sudah bisa dilewati mobil belum ya sore ini?",
		"Gratis atau bayar min? Soalnya kemarin ada yang minta {harga} di tempat.",
		"Kapan giliran RW {rw}? Tetangga sebelah sudah dapat jadwal.",
		"Anak saya umur {n} tahun boleh ikut nggak?",
		"Ini {topik} yang kemarin atau yang baru? Kok tanggalnya beda sama di kelurahan.",
		"Boleh minta rute alternatifnya? Saya tiap pagi lewat {jalan} antar anak sekolah.",
		"Kuotanya masih ada nggak kak?",
		"Untuk penyandang disabilitas ada jalur khususnya? Ayah saya pakai kursi roda.",
		"Berkasnya dikumpulkan ke RT {rt} dulu atau langsung ke {kantor}?",
		"Min, hasilnya diumumkan kapan dan di mana?",
		"Kalau hari {hari} turun hujan apa tetap jalan acaranya?",
		"Pengaduan lewat sini dibaca nggak ya, atau harus lewat aplikasi?",
		"Parkirnya di mana kalau bawa motor? Kemarin ke sana malah diusir.",
	}
}

func thankLines() []string {
	return []string{
		"Alhamdulillah, terima kasih infonya min 🙏",
		"Matur nuwun, sangat membantu. Semoga petugasnya sehat terus.",
		"Keren, kemarin lapor lampu jalan di {jalan}, {n} hari sudah menyala. Makasih!",
		"Terima kasih Pak/Bu, pelayanan di {kantor} sekarang jauh lebih cepat.",
		"Makasih sudah dibalas cepat. Jarang-jarang akun pemerintah begini 😄",
		"Hatur nuhun, jadi tahu harus ke mana.",
		"Mantap, lanjutkan. Anak-anak di RT {rt} senang sekali dengan tamannya.",
		"Petugas di loket {n} ramah banget, tolong sampaikan terima kasih saya.",
		"Salut buat tim lapangan yang dari subuh sudah di {jalan}.",
		"Info seperti ini yang ditunggu. Ringkas dan jelas.",
		"Terima kasih sudah diperbaiki, sekarang got depan rumah lancar lagi.",
		"Bagus programnya, semoga merata sampai {kelurahan}.",
	}
}

func complainLines() []string {
	return []string{
		"Sudah {n} hari air di RW {rw} {kelurahan} mati. Ditanya ke PDAM jawabannya cuma disuruh menunggu.",
		"Lampu jalan di {jalan} mati semua, rawan sekali kalau malam. Sudah lapor dua kali.",
		"Sampah di TPS {kelurahan} belum diangkut seminggu, baunya sampai ke kelas anak-anak.",
		"Antre di {kantor} dari jam {jam}, nomor dipanggil loncat-loncat. Tolong ditertibkan.",
		"Jalan berlubang di {jalan} makin dalam, kemarin tukang sayur jatuh.",
		"Parkir liar depan {kantor} bikin macet tiap sore, petugasnya ada tapi diam saja.",
		"Aplikasinya error terus min, sudah isi formulir panjang lalu keluar sendiri.",
		"Bantuan RT {rt} katanya sudah cair, sampai hari ini belum ada yang terima.",
		"Galian kabel di {jalan} ditinggal begitu saja, tanahnya masuk ke got dan mampet.",
		"Bus nomor {n} lewatnya dua jam sekali, percuma ada halte bagus.",
		"Trotoar di {jalan} dipakai jualan semua, saya yang pakai tongkat turun ke aspal.",
		"Suara orkes dari lapangan {kelurahan} sampai tengah malam, besok anak ujian.",
		"Saya sudah kirim aduan nomor 2{rw}{rt}, statusnya 'diproses' sejak bulan lalu.",
		"Pohon di {jalan} miring mau roboh ke kabel listrik, tolong segera dipotong.",
		"Obat di puskesmas {kelurahan} kosong terus, disuruh beli sendiri di luar.",
		"Banjir setinggi lutut di Gang Swadaya setiap hujan, pompanya rusak sejak Lebaran.",
	}
}

func criticizeLines() []string {
	return []string{
		"Tiap tahun janji {topik}, tiap tahun juga sama saja hasilnya. Warga butuh bukti, bukan baliho.",
		"Anggarannya berapa dan siapa pemenang lelangnya? Kok tidak pernah diumumkan terbuka.",
		"Foto seremonialnya banyak, hasil kerjanya mana? Coba turun ke {kelurahan} tanpa rombongan.",
		"Menurut saya kebijakan ini keliru. Pedagang kecil di {jalan} yang paling dirugikan.",
		"Wali kota lebih rajin bikin konten daripada memperbaiki {jalan}. Ini kritik, tolong dibaca.",
		"Kalau data di dinas saja tidak sinkron dengan kelurahan, bagaimana warga mau percaya?",
		"Sudah {n} tahun menjabat, drainase masih begini-begini saja. Gagal itu kata yang tepat.",
		"Jangan salahkan hujan terus. Izin perumahan di bantaran itu siapa yang tanda tangan?",
		"Program bagus di kertas, pelaksanaannya amburadul. Evaluasi kepala dinasnya.",
		"Pajak naik, pelayanan jalan di tempat. Wajar kalau warga marah.",
		"Tolong jangan cuma balas 'akan kami teruskan'. Kami mau tahu diteruskan ke siapa dan kapan selesai.",
		"Kota tetangga bisa, kenapa Tirtawangi tidak? Masalahnya kemauan, bukan anggaran.",
	}
}

func insultLines() []string {
	return []string{
		"Dasar pejabat goblok, kerja nggak becus semua",
		"Admin tolol, baca dulu baru jawab",
		"Muka tembok! Maling semua isinya kantor ini",
		"Bacot doang lu pada, anjing",
		"Pemerintah kota sampah, isinya babi semua",
		"Kepala dinasnya bego kok dipelihara",
		"Otaknya di dengkul kali yang bikin aturan begini, idiot",
		"Heh {nama}, tutup mulut kau, dasar kampungan bangsat",
	}
}

func gambleLines() []string {
	return []string{
		"Kemarin iseng depo {harga} di {merek} eh langsung {gacor}, lumayan buat bayar kontrakan",
		"Makasih {merek} 🙏 modal receh pulang bawa motor, link di bio ya",
		"gak nyangka bisa wd tiap hari dari {merek} padahal cuma iseng",
		"Bosan kalah terus? {merek} RTP tertinggi malam ini, bonus new member 100%",
		"{merek} lagi {gacor} parah guys, pola x{n} sabar dikit pecah",
		"Info {topik} mantap min, sambil nunggu main {merek} dulu hehe auto {gacor}",
		"Yang butuh cuan cepat cari aja {merek} di gugel, terpercaya sejak 2019",
		"istri sampai heran kok uang belanja nambah, padahal dari {merek} {gacor}",
		"S L O T {merek} depo pulsa tanpa potongan, admin online 24 jam",
		"Kata teman di {kelurahan} {merek} gampang menang, dicoba beneran {gacor} 😱",
	}
}

func privateLines() []string {
	return []string{
		"Min tolong cek bansos saya kok belum keluar, NIK {nik} atas nama {nama}, HP {hp}",
		"Ini KTP saya {nik}, mohon dibantu pindah domisili ke {kelurahan}. Bisa hubungi {hp}",
		"Saya {nama}, NIK: {nik}, alamat {jalan} RT {rt} RW {rw}. Kenapa nama saya hilang dari daftar?",
		"WA saya ya kak {hp}, saya nggak paham cara daftarnya",
		"Tolong bantu anak saya daftar sekolah, nomor saya {hp}, NIK ibu {nik}",
	}
}

func rescueLines() []string {
	return []string{
		"TOLONG air sudah sedada di {jalan} RT {rt} {kelurahan}, ada lansia dan bayi di lantai dua, kami butuh perahu!",
		"Mohon evakuasi segera, ibu saya sesak napas dan jalan tertutup banjir. Posisi {jalan} dekat musala, telepon {hp}",
		"Ada longsor di belakang rumah warga {kelurahan} RW {rw}, dua orang tertimbun, tolong kirim tim SAR",
		"Kebakaran di {jalan}! Api sudah ke atap tiga rumah, damkar belum datang",
		"Anak hanyut di kali belakang pasar barusan, tolong siapa saja kirim bantuan ke {jalan}",
		"Kabel listrik jatuh ke genangan di {jalan}, ada yang sudah kesetrum, jangan ada yang lewat, tolong PLN dan ambulans",
	}
}
