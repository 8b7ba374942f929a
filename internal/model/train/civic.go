package train

// civicNames are places, shops and people of nowhere.
const civicNames = `Melati Mawar Kenanga Cempaka Anggrek Dahlia Teratai Flamboyan Griya Permata Puri Bumi Taman Citra Graha Pesona Bukit
	Merdeka Pahlawan Sudirman Diponegoro Kartini Garuda Rajawali Merpati Elang Banteng Harimau Naga Surya Bintang Bulan Samudra
	Mandala Nusantara Pertiwi Sejahtera Makmur Sentosa Bahagia Mulia Jaya Abadi Lestari Harapan Mandiri Berkah Barokah Amanah`

// civicLines are ordinary messages. {N}: a name, {n}: in small letters, {C}: in
// capitals, {D}: digits as gambling brands have them.
const civicLines = `lampu jalan di komplek {N}{D} mati sudah seminggu
Komplek {N} {D} airnya keruh, tolong dicek
depan toko {N}{D} banyak parkir liar
toko {n}{D} jual sembako murah, buka jam delapan
halte {N}{D} bocor kalau hujan
bus jurusan {N} {D} terlambat lagi pagi ini
bus {D} sudah penuh dari terminal {N}
angkot {D} ngetem di depan pasar {N}
warung {N}{D} tutup hari Jumat
warung kopi {n}{D} enak dan murah
bengkel {N}{D} ganti oli berapa ya
perum {N}{D} blok C{D} belum dapat tempat sampah
cluster {N}{D} minta polisi tidur
apotek {N}{D} buka dua puluh empat jam?
klinik {N}{D} menerima BPJS atau tidak
SMP {N} {D} kapan pengumuman ppdb
kelas 7{D} belum dapat buku pelajaran
kelas XI IPS {D} ikut upacara
anak saya di kelas {D} SD {N}
ruang {D} lantai dua antre panjang sekali
loket {D} petugasnya ramah
nomor antrean saya {D}, masih lama?
gang {N}{D} becek setiap hujan
jalan {N} nomor {D} ada lubang besar
jalan {N}{D} gelap, lampunya tolong dipasang
RT {D} RW 03 kelurahan {N} belum disemprot
RW{D} kerja bakti hari Minggu
grup warga {N}{D} ramai soal iuran
grup WA RT{D} butuh ketua baru
admin grup {N}{D} tolong sampaikan ke lurah
akun @{n}{D} itu resmi milik dinas?
instagram dinas @{n}_{D} jarang dibalas
ikuti @{n}{D} untuk info cuaca
#{N}{D} acara tahunan kota kita
#{C}{D}
#HUTKota{D} meriah sekali tahun ini
#{N}Bersih{D} ayo ikut
dirgahayu {N} ke {D}
hut {N} ke-{D} lomba panjat pinang
konser di lapangan {N}{D} macet parah
tim {N}{D} juara lomba voli kecamatan
{C} {D} juara turnamen antar kampung
skor akhir {N} 3 lawan {N}{D} 2
{N}{D} FC menang tipis, selamat
pemenang undian jalan sehat nomor {D} silakan ke kelurahan
hadiah lomba kebersihan RT {D} kapan dibagikan
main di taman {N}{D} anak anak senang
anak anak main bola di lapangan {N}
main ke pantai {N}{D} parkirnya mahal
bermain di taman kota sekarang nyaman
daftar vaksin di puskesmas {N}{D} penuh terus
daftar pkh lewat siapa ya di desa {N}
daftar ulang siswa baru SMA {N} {D} kapan
login aplikasi {n}{D} selalu gagal
aplikasi {N}{D} error waktu unggah berkas
situs {n}{D}.go.id tidak bisa dibuka
link pendaftaran di {n}{D}.sch.id mati
sudah transfer retribusi ke bank {N} kode {D} belum masuk
deposit sewa gedung {N}{D} kapan dikembalikan
modal usaha UMKM {N}{D} belum cair
bonus kader posyandu {N} belum dibayar
saldo kartu bus {N}{D} terpotong dua kali
pulsa listrik token {D} gagal
harga cabai di pasar {N}{D} naik terus
kios {C}{D} di pasar {N} kebakaran
kode booking {C}{D} tidak terbaca di loket
nomor tiket {C}{D} belum ditanggapi
surat nomor {D}/{N}/2026 sudah keluar?
plat B {D} XY parkir di trotoar
motor {N}{D} saya hilang di parkiran
golongan darah A B O AB stoknya berapa
vitamin A B C D dibagikan di posyandu
jalur A B C D ditutup sampai sore
blok A B C D E belum dapat air
huruf A I U E O untuk anak paud
U M K M {N} ikut pameran
P K L di jalan {N} ditertibkan
⭐ {N} ⭐ pasar murah hari Minggu
🎉 Selamat ulang tahun kota {N} 🎉
🙏 terima kasih petugas {N}{D} 🙏
📍{N}{D}📍 lokasi kebakaran tadi malam
🔴 LIVE 🔴 rapat paripurna
pelan pelan lewat {N}{D}, banyak anak sekolah
jalan jalan ke {N}{D} ramai sekali
bolak balik ke kantor {N}{D} tidak selesai selesai
rapat terus hasilnya tidak ada
main main saja kerjanya
cepat cair bantuannya ya pak
bansos tahap {D} sudah cair di {N}
dana desa {N}{D} untuk apa saja
menang penghargaan adipura lagi, salut
kota {N} menang lomba kebersihan
jackpot, hari ini semua lampu merah mati
hoki banget dapat antrean nomor {D}
petir tadi malam merusak gardu {N}{D}
gedung {N}{D} tersambar petir
slot parkir di {N}{D} kurang
slot vaksin besok masih ada?
spin bike di gor {N}{D} rusak
poker, judi, dan miras di {N}{D} tolong ditertibkan
warga {N}{D} tolak judi online
iklan judi {n}{D} muncul terus di kolom ini, tolong hapus
`
