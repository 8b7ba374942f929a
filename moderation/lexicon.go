package moderation

// The word lists were written for this project, from what offices see in their
// comment fields. Weights are tenths of a point; three points give a label.

// gamblingWords: words of online gambling, and weaker ones that only count
// together with others.
const gamblingWords = `
20: gacor, maxwin, maxwind, togel, toto macau, freebet, freespin, free spin, bonus new member, mahjong ways, gates of olympus, sweet bonanza, rtp live, rtp slot
30: slot gacor, situs gacor, akun gacor, gacor maxwin, slot maxwin
20: slot online, situs slot, link slot, main slot, slot dana, slot pulsa, slot deposit, akun pro, sbobet, bandarq, dominoqq, mix parlay, anti rungkad, anti rungkat
15: scatter, jackpot, jekpot, jackpoot, rtp, parlay, pragmatic, pragmatik, casino, kasino, baccarat, bakarat, roulette, rolet, link alternatif, jepe, jepey, jeipe, sensational
15: wd cepat, wd lancar, depo wd, pola gacor, jam gacor, pasti wd, pasti jp, langsung jp, dapat jp, jp terus, jp paus, jp gede, modal receh, auto sultan, auto wd, auto kaya, auto cuan
15: selot, zlot, slotz, slowt, sloot, gakor, gachor, gackor, gacur, gcr, gcor, makswin, meksuin, mexwin, mekswin, maksuin, mxwn, maxwn, mxwin, sketer, sekater, scater, skatter, jakpot, jackpod, jekpod, jepot, jckpt, jckpot, togell, toghel, legot, depo di, wd di, cuan di, gacor di, slot di
10: slot, spin, rungkad, rungkat, withdraw, gampang menang, mudah menang, menang terus, pasti menang, menang besar, menang gede, auto menang, taruhan, poker, domino, wede, event terbesar, jp
10: link di bio, cek bio, klik bio, new member, situs resmi, situs terpercaya, situs terbaik, main di, bermain di, daftar di, gabung di, deposit di, agen judi, bandar judi, bandar togel, zeus, maxwln
8: situs, wd, depo, hoki, deposit, petir, kemenangan, bandar, olympus, jackpotnya, gacorr
5: cuan, bonus, saldo, menang, profit, provit, daftar, gabung, receh, gacir, judi online, judi, judol, terpercaya, pola, cair, sultan, rezeki nomplok, proses cepat, login, link
`

// gamblingStory: what the happy winner tells. It counts only beside something
// that looks like a site's name.
const gamblingStory = `
10: bawa pulang, jadi jutaan, modal receh, gara gara, berkat kamu, pasti bayar, bayar lunas, tembus lagi, langsung dikasih, langsung cair, auto lunas, ketik aja, cari aja, di google, malam ini, lagi bagi
5: modal, lunas, cicilan, renov, tembus, cobain, coba, mampir, thanks, makasih, alhamdulillah, nyangka, dikasih, kasih, traktir, buruan, iseng, infonya, rekomendasi, admin, proses, mantap, gampang, mudah, seru, ramah, bayar, dibayar, jp, bos, bosku, gan, suhu, rebahan
`

// gamblingReport: words of people who speak against it.
const gamblingReport = `
10: berantas, brantas, memberantas, diberantas, pemberantasan, blokir, diblokir, memblokir, laporkan, dilaporkan, lapor, melapor, tolak, stop, hentikan, larang, dilarang, melarang, razia, dirazia
10: korban, korbannya, tangkap, ditangkap, menangkap, gerebek, digerebek, bahaya, berbahaya, meresahkan, resah, merusak, kecanduan, sosialisasi, tertibkan, ditertibkan, polisi, satpol, tutup, ditutup, sidak
10: terlilit, utang, hutang, bercerai, dipecat, iklan judi, spam, komentar judi, promosi judi, hapus, dihapus, moderasi, bersihkan, jerat, terjerat, penjudi
`

// fraudWords: prizes, aid and loans that are none.
const fraudWords = `
20: anda terpilih, nomor anda terpilih, selamat anda mendapat, selamat anda mendapatkan, pemenang undian, kode cek, cek tunai, pin pemenang, pinjaman tanpa jaminan, pinjaman online cepat, dana hibah tunai
20: meraih hadiah, mendapat hadiah, hadiah cek, cek hadiah, uangnya dikirim, kirim saja ke rek, dikirim saja ke rek, pin pemenang, bansos cair hari ini, transfer admin, biaya admin dulu, daftar bansos di, lowongan tanpa tes, bayar jalur, jasa penggandaan, penggandaan uang, dana gaib, pesugihan, jasa hack
20: pin atm, masukkan pin, kirim pin, masukkan otp, kirim otp, kirim kode otp, masukkan kode otp
15: tanpa tes, terpilih, pemenang, undian, hadiah langsung, tanpa jaminan, cepat cair, langsung cair, pinjol, pinjaman dana, dana tunai, klik link, klik tautan, info klik, hubungi wa, hub wa, chat wa, japri wa, wa admin
10: hadiah, transfer, cair, pin, admin ramah, mengatasnamakan, giveaway, tanpa syarat, bunga rendah, gebyar, selamat, pulsa gratis, kuota gratis, buruan, sebelum tutup, terbatas, bagi bagi
5: klik, link, tautan, bansos, bantuan, dana, rekening, rek, juta, jt, gratis, resmi, bpjs, kartu
`

// abuseGross: obscene or degrading words that are abuse wherever they stand.
const abuseGross = `
30: bangsat, bangsad, bgst, bangst, bajingan, keparat, brengsek, goblok, goblog, gblk, gublik, tolol, tlol, dungu, idiot, jancok, jancuk, dancok, jancik, cok jancok, asu kowe, matane, ndasmu, cangkemu, cangkemmu
30: kontol, kntl, kontl, memek, mmk, ngentot, ngentod, entot, pepek, pantek, puki, pukimak, kimak, jembut, tempik, coli, bacot, bct, ngewe, peler, titit, tytyd, silit, telek, taik, tai kucing, lonte, pelacur, sundal, jablay, pecun
30: anjing lu, anjing lo, anjing kau, dasar anjing, anjing banget, anjing semua, anjing kalian, anjir lu, anjng, anjg, anjeng, asw, asuu, dasar babi, babi lu, babi lo, babi kau, babi kalian, monyet lu, monyet lo, dasar monyet, kayak monyet, kaya monyet, dasar setan, setan lu, iblis lu
30: sampah masyarakat, manusia sampah, dasar sampah, otak udang, otak kosong, otak dengkul, gak punya otak, ga punya otak, tidak punya otak, gapunya otak, bego lu, bego lo, dasar bego, dasar bodoh, bodoh lu, bodoh lo, muka badak, muka tembok, anak haram, anak jadah, kampret, kampreet, sialan lu, kunyuk, bedebah
30: goblokk, edan kowe, gendeng kowe, bujang inam, telaso, sundala, cukimai, cukimay, pukimai, kehed, koplok, belegug, anying, anyink, anjrit lu, setan alas, kirik, mampus lu, mati aja lu, mati aja lo
`

// abuseCoarse: words of contempt that weigh less while aimed at nobody.
const abuseCoarse = `
12: bego, bloon, blo on, pekok, dongo, geblek, kacrut, kampang, bejat, biadab, laknat, najis, jijik, sinting, gendeng, sialan, kurang asem, bencong, cebong, kadrun, kecebong, anjay, anjir, anjrit, tai, cacad, bolot, bangke, bangkai lu, anak monyet, anak anjing, penjilat, pecundang, mampus, gembel
`

// abuseMild: words that are abuse only when aimed at somebody.
const abuseMild = `
15: bodoh, gila, edan, kurang ajar, munafik, banci, monyet, babi, anjing, asu, setan, iblis, bego, bloon, pekok, sialan, bencong, cebong, tai
`

// aimed: words that address a person.
const aimed = `
10: kamu, kau, kalian, lu, lo, loe, elu, elo, kowe, koen, anda, ente, sampeyan, maneh, dasar, dia itu, orang ini, mukamu, otakmu, mulutmu, emakmu, ibumu, bapakmu, emak lu, bapak lu
`

// dangerWords: somebody may be in danger of life.
const dangerWords = `
20: terjebak, terjepit, tertimbun, tertimpa, hanyut, terseret arus, tenggelam, kelelep, bunuh diri, mengakhiri hidup, sekarat, kritis, tersengat listrik, kesetrum, kebakaran, longsor, kecelakaan, tabrakan, keracunan, sesak napas, sesak nafas
20: minta evakuasi, butuh evakuasi, mohon evakuasi, tolong evakuasi, segera evakuasi, dievakuasi, evakuasi kami, belum dievakuasi, butuh perahu, perahu karet, butuh ambulans, butuh ambulan, minta ambulans, pendarahan, mau melahirkan, pingsan, tidak sadarkan diri
30: mau bunuh diri, ingin bunuh diri, pengen bunuh diri, pingin bunuh diri, bunuh diri saja, bunuh diri aja, mengakhiri hidup saya, mengakhiri hidupku, ingin mengakhiri hidup, mau mengakhiri hidup, ingin mati saja, pengen mati aja, mau mati saja, mau mati aja, tidak ingin hidup lagi, gak mau hidup lagi, tidak mau hidup lagi
20: kejebak, kelem, kebanjiran, kabanjiran, kobongan, kahuruan, labuh ka walungan
20: sedada, seleher, seatap, naik ke atap, di atap, atas genteng, di atas genteng, air terus naik, air makin tinggi, api membesar, api makin besar, disandera, dibegal, ditusuk, dibacok, dipukuli, kdrt, diperkosa, diculik, selamatkan kami, selamatkan nyawa
10: banjir, air naik, sepinggang, gempa, tsunami, rumah roboh, roboh, ambruk, darurat, api, evakuasi, korban, luka parah, berdarah, nyawa, meninggal
`

// pleaWords: a call for help, and who is concerned.
const pleaWords = `
10: tolong, tolongin, toloong, mohon, butuh, segera, cepat, cepet, help, sos, darurat, sekarang juga, selamatkan, minta bantuan, butuh bantuan, urgent, gawat, buruan, please, plis, tulung, tulungi, mangga bantuan
8: bayi, balita, lansia, nenek, kakek, ibu hamil, hamil, anak anak, difabel, orang tua, orangtua, ibu saya, bapak saya, anak saya, istri saya, suami saya, tetangga saya, keluarga saya, kami, kita di
`

// safetyElsewhere: danger words in talk about other things.
const safetyElsewhere = `
20: terjebak macet, terjebak kemacetan, terjebak nostalgia, jalur evakuasi, titik evakuasi, simulasi evakuasi, rambu evakuasi, peta evakuasi, latihan evakuasi, simulasi kebakaran, mobil kebakaran, kebakaran jenggot
20: kapan, jadwal, sosialisasi, pelatihan, minggu lalu, tahun lalu, bulan lalu, dulu, sudah dievakuasi, sudah selamat, terima kasih, makasih, kritis terhadap, berpikir kritis, warga kritis, rawan banjir, langganan banjir, tenggelam dalam
10: setiap tahun, tiap tahun, setiap hujan, tiap hujan, anggaran, lomba, berita, film
`

// complaintWords: what does not work.
const complaintWords = `
20: belum diperbaiki, belum ditindaklanjuti, belum ditanggapi, belum dijawab, belum cair, belum dibayar, belum diangkut, tidak diangkut, tidak ditanggapi, gak ditanggapi, tidak dilayani, tidak ada tindakan, sudah lapor, mau lapor, mau melapor, ingin melapor, mohon ditindaklanjuti, mohon diperbaiki, tolong diperbaiki, mohon ditertibkan, tolong ditertibkan
20: keluhan, mengeluh, pungli, pungutan liar, mangkrak, terbengkalai, berlubang, jalan rusak, lampu mati, mati lampu, air mati, air keruh, mati terus, tidak mengalir, gak ngalir, ngalir kecil, dipersulit, dipingpong, lampu jalan mati, lampu mati
15: rusak, bocor, macet, mampet, tersumbat, banjir, menumpuk, numpuk, menggunung, berserakan, bau busuk, kumuh, gelap gulita, bising, antre lama, antri lama, antrian panjang, lambat, lelet, lemot, eror, error, tidak bisa dibuka, gak bisa dibuka, susah diakses, kecewa, mengecewakan, ditolak, hilang, padam, keruh, retak, ambles, roboh, amburadul, semrawut
10: sampah, gelap, lama, belum, kotor, bau, sulit, susah, ribet, dipungut, parkir liar, becek, debu, berdebu, diperbaiki, perbaiki, tertibkan, laporan saya, aduan, lapor, laporkan, kapan diperbaiki, tolong, mohon, antre, antri, tidak bisa, gak bisa, ga bisa, nggak bisa
`

// officeWords: policy, service and officials, for the label of criticism.
const officeWords = `
10: wali kota, walikota, bupati, gubernur, camat, lurah, kades, kepala desa, kepala dinas, kadis, sekda, pejabat, pegawai, petugas, asn, pns, dinas, pemkot, pemkab, pemda, pemprov, pemerintah, pemerintahan, kelurahan, kecamatan, kantor, instansi, dprd, dewan, humas, admin, birokrasi, birokrat, satpol, puskesmas, rsud, disdukcapil, dukcapil, diskominfo, kominfo, pdam, bpbd
10: kebijakan, program, proyek, anggaran, apbd, pelayanan, layanan, aplikasi, pembangunan, peraturan, perda, pajak, retribusi, bansos, janji, kinerja, kepemimpinan, pimpinan, bapak, pak wali, uang rakyat, uang pajak, duit rakyat, acara, seremoni, studi banding, perjalanan dinas, kota ini, daerah ini
`

// blameWords: judgements. With an office word they are criticism, and that is
// protected.
const blameWords = `
20: tidak becus, gak becus, ga becus, nggak becus, tak becus, gagal, gagal total, pencitraan, omong kosong, omdo, janji manis, janji palsu, ingkar janji, mubazir, mubadzir, boros, menghamburkan, hambur, buang buang, pemborosan, korupsi, korup, dikorupsi, nepotisme, kolusi, mundur saja, mundur aja, sebaiknya mundur, copot, tidak transparan, tidak adil, tidak peduli, gak peduli, tutup mata, tutup telinga, tidak profesional, asal jadi, asal asalan, salah urus, salah sasaran, tidak tepat sasaran, tebang pilih, arogan, malas, lepas tangan, cuci tangan, seremonial, menyengsarakan, membebani, memberatkan
15: kecewa, mengecewakan, memalukan, malu, buruk, jelek, bobrok, parah, payah, lambat, lamban, lelet, bohong, dibohongi, pembohong, ingkar, tidak jelas, gak jelas, nggak jelas, percuma, sia sia, tidak berguna, gak guna, konyol, ngawur, keliru, salah, ketinggalan, kalah, tidak masuk akal, tidak serius, cuma foto, hanya foto, foto foto, sibuk foto, gombal, basi, klise, mana janjinya, mana hasilnya, mana buktinya, tidak ada hasil, tidak efektif, absurd, tuli, buta
10: mana, kok, percuma saja, kapan selesai, cuma, hanya, tidak ada, enggak ada, belum pernah, tidak pernah, gak pernah
`

// thanksWords: gratitude.
const thanksWords = `
20: terima kasih, terimakasih, trims, trimakasih, makasih, makasi, mksh, tengkyu, thanks, thank you, matur nuwun, maturnuwun, matur suwun, hatur nuhun, nuhun, suksma, mauliate, tarimo kasih, syukur
15: mantap pelayanannya, pelayanan bagus, pelayanannya bagus, pelayanannya cepat, sangat membantu, sudah diperbaiki, apresiasi, salut, alhamdulillah sudah, bangga, respon cepat, responnya cepat, keren
`

// questionWords: words that ask.
const questionWords = `
20: apakah, kapan, bagaimana, gimana, gmn, bgmn, di mana, dimana, dmn, berapa, brp, siapa, mengapa, kenapa, knp, bisakah, bolehkah, adakah, mau tanya, mau nanya, ingin bertanya, numpang tanya, izin bertanya, ijin bertanya, mohon info, minta info, mohon informasi, mohon penjelasan, tanya min, info dong, syaratnya apa, caranya, jam berapa, ada info
10: apa, mana, bisa, boleh, ada, caranya gimana, min, kak, admin
`
