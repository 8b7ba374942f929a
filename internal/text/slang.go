package text

import "strings"

// Dictionary knows the dictionary form of everyday spellings. It is read-only.
type Dictionary map[string]string

// NewDictionary reads our own list: how people type to offices. A spelling that
// is also a word of its own stands in it only where the everyday reading is by
// far the usual one.
func NewDictionary() Dictionary {
	d := Dictionary{}
	for line := range strings.Lines(everyday) {
		formal, spellings, _ := strings.Cut(strings.TrimSpace(line), ": ")
		for s := range strings.FieldsSeq(spellings) {
			d[s] = formal
		}
	}
	return d
}

// Slang returns the dictionary form of a word ("gk" -> "tidak"), or the word.
func (d Dictionary) Slang(word string) string {
	if formal, ok := d[word]; ok {
		return formal
	}
	return word
}

// everyday holds lines of "dictionary form: spellings".
const everyday = `
tidak: gk ga gak ngga nggak enggak engga kagak kaga kgk ndak tdk tak nda nggk gag gx ngk enda tida tdak
tidak apa-apa: gpp gapapa gppa gakpapa ngapapa
tidak ada: gada gaada gkada
tidak tahu: gatau gtau gaktau gtw gktau
tidak bisa: gabisa gbisa gakbisa gbs
tidak mau: gamau gmau gakmau
tidak jelas: gaje gajelas
tidak usah: gausah gusah gakusah
bukan: bkn bukn
belum: blm blum blom belom blon
sudah: udah udh dah sdh sdah uda udeh sudh
masih: msh msi masi msih
yang: yg yng iang
dengan: dgn dg dngn dgan
dan: dn
untuk: utk tuk untk wat
dari: dr dri
pada: pd pda
karena: krn karna krna coz krena
sampai: smp smpe sampe smpai ampe nyampe
seperti: spt kayak kyk sprti kyak
saja: aja aj sja ajah
juga: jg jga jugak
lagi: lg lgi
sedang: sdg
akan: akn
bisa: bs bsa bisaa
dapat: dpt dpat
mau: mo mw maw mauu
harus: hrs hrus
jangan: jgn jngn jgan
kalau: klo kalo klu kl kalu klau
kamu: km kmu kamuh
saya: sy sya gw gue gua gwe ane aq ak sayah
aku: akuh akoh
kami: kmi
kita: kt kta qta
mereka: mrk mreka
dia: dya doi
anda: andah
orang: org orng
anak: ank
bapak: bpk bpak
ibu: ibuk
kakak: kak kaka
abang: abg bg
adik: adek dek
teman: tmn temen tman
banyak: bnyk byk bnyak banyk
sedikit: dikit sdkt dkit
besar: gede bsr
kecil: kcl
bagus: bgs bgus
jelek: jlk
banget: bgt bngt bget bangettt bngat
sekali: skali skli
sangat: sgt sngt
lebih: lbh lbih
paling: plg plng
kurang: krg krang krng
sama: sm sma
semua: smua sm2 smw semuwa
setiap: tiap stiap
selalu: sll slalu slalo
sering: srg sring
pernah: prnh prnah
kadang-kadang: kadang2 kdg2 kdang2
sekarang: skrg skr skrng skarang skg
kemarin: kmrn kmren kemaren kmarin
besok: bsk bsok
nanti: ntar nnti tar ntr nti entar
tadi: td tdi
hari: hri
minggu: mgg mggu mnggu
bulan: bln buln
tahun: thn taon thun
jam: jm
pagi: pg pgi
siang: siank
malam: mlm malem mlem
lama: lma
cepat: cpt cepet cpet
terus: trs trus trz
kemudian: kmudian kmdn
setelah: stlh stelah
sebelum: sblm sblum sebelom
sejak: sjk
ketika: ktika
waktu: wkt wktu
kapan: kpn kpan
kenapa: knp knapa napa kenape knpa
mengapa: mngp
bagaimana: gmn gimana gmna bgmn gmana bgaimana
mana: mn
di mana: dmn dimana dmana
siapa: sp sapa siapah
apa: ap apah ape
apakah: apkh apakh
berapa: brp brapa brpa
begitu: gitu gt gtu bgtu
begini: gini bgini
itu: itoh
ini: inih
nih: niy nihh
sini: sni
kok: koq kog
dong: donk dunk dng
sih: sich seh sii
deh: dech
lah: lahh
kan: khan
ya: iya iyaa yaa yaah iyah yha
oke: ok oce okey okay okeh oc okk
terima kasih: makasih makasi mksh mks tks thx trims trimakasih mksih tq tengkyu terimakasih tx tysm trmksh mkasih
tolong: tlg tlng tlong
mohon: mhn mohn
maaf: maap mf mff maaff sori sory sorry
permisi: prmsi
selamat: slmt met slamat
silakan: silahkan slhkan silahken
salam: slm
jalan: jln jl jlan
rumah: rmh rmah
sekolah: skolah skul sklh skula
kantor: ktr kntor
kelurahan: kel klurahan kelrhn
kecamatan: kec kcamatan
kabupaten: kab kbupaten
provinsi: prov
pemerintah: pmrnth pemrintah pmerintah
masyarakat: masy msyrkt masarakat masyrakat
pelayanan: plynan playanan
petugas: ptgs petugs
laporan: lprn laprn
lapor: lpr
informasi: inpo infrmasi
nomor: nmr nmer nomer
telepon: telp tlp tlpn telfon telpon tilpun
alamat: almt
uang: duit duid wang
harga: hrg hrga
mahal: mhl
murah: mrh
gratis: grtis
bayar: byr byar
beli: bli
jual: jwl
kerja: krj krja
makan: mkn maem
minum: mnum
tidur: tdr bobo
datang: dtg dateng dtng
pergi: prgi
masuk: msk msuk
keluar: klr kluar kluwar
naik: naek
turun: trun
lihat: liat lht liyat
lihatlah: liatlah
dengar: denger dngr
bicara: ngomong bcara
bilang: blg blang
tanya: nanya tny tnya
jawab: jwb jwab
balas: bls bales bals
kirim: krm krim
ambil: ambl
kasih: ksh ngasih ksih
minta: mnta mintak mta
pakai: pake pk pakek pke
buat: bwt bikin
coba: cb cba
cari: cr nyari
bantu: bntu bantuin
urus: ngurus urusin
tunggu: tgu nunggu tnggu
mulai: mlai
selesai: slsai kelar slese
benar: bener bnr bner benerr
salah: slh
betul: btul btl
pasti: psti
mungkin: mgkn mngkn mungkn
memang: emang emg mmg memank emng
ternyata: trnyata tnyata
sepertinya: kayaknya kyknya spertinya keknya
sebenarnya: sebenernya sbnrnya sbenarnya
padahal: pdhl pdahal
tetapi: tp tapi tpi
tetap: ttp tetep
atau: ato ataw atw
supaya: spy
agar: agr
walaupun: walopun wlopun wlaupn
meskipun: meskipn mskipun
hanya: cuma cm cuman hny cmn cumak
serta: srta
dalam: dlm dlam
luar: lwar
depan: dpn
belakang: blkg blakang
atas: ats
bawah: bwh
samping: smping
dekat: deket dkt
jauh: jaoh
antara: antr
tentang: ttg tntg tntang
oleh: olh
kepada: kpd kpada
terhadap: thd
secara: scr scara
tersebut: tsb trsbt
lain: laen
lainnya: lainya
sendiri: sndiri sndri
bersama: brsama bareng barengan
suka: ska sukak
senang: seneng sneng
sedih: sdih
marah: ngamuk
malu: mlu
takut: takot tkut
capai: capek cape cpek
sakit: skit sakid
mati: mti
hidup: hdp idup
baru: bru br
lama sekali: lamaa
cantik: cntik
ganteng: gntg
pintar: pinter pntr
bodoh: bdh
gila: gilak gilaa gile
keren: kerenn krenn
mantap: mantab mantul mantep mntp mantaap
hebat: hbt
sip: siip sipp
asyik: asik asek
lucu: lcu
kasihan: kasian ksian
bosan: bosen
pusing: pusying
bingung: bngung
rajin: rjn
malas: males mls mager
jujur: jjur
curang: crg
korupsi: krupsi
janji: jnji
rusak: rsk rusakk
macet: mct
banjir: bnjir
sampah: smph
air: aer
listrik: lstrik
lampu: lmpu
sinyal: snyal
bansos: bnsos
ktp: katepe
surat: srt
daftar: dftr daptar
antre: antri ngantri
cek: ngecek
unggah: upload uplod aplod
unduh: download donlot donlod dunlud
aplikasi: apps aplikasii
komentar: komen koment
unggahan: postingan
akun: akunn
sandi: pasword password pw
grup: grub group
video: vidio vdeo pideo
foto: poto
musik: musick
acara: acra
lomba: lmba
juara: jwara
menang: mnang
kalah: klh
semangat: smangat smngt semngat cemungut
sukses: sukse
sehat: sht
amin: aamiin aminn amiin
alhamdulillah: alhmdulillah alhamdullilah alhamdulilah
insyaallah: inshaallah insyallah
astagfirullah: astaghfirullah astagfirulloh
assalamualaikum: aslmkm askum assalamualaikm
ramai: rame rme
sepi: spi
dingin: dngin
panas: pns
hujan: ujan hjn
mobil: mbl
motor: mtr
kereta: krta
sepeda: speda
bensin: bengsin
guru: gru
murid: mrid
dokter: dktr doktr
pasien: psien
obat: obt
polisi: pulisi polisii
warga: wrga
desa: dsa
gubernur: gub gubernurr
presiden: prsiden
menteri: mentri
wali kota: walkot
pejabat: pjbt
pegawai: pgawai
tadinya: tdnya
katanya: ktnya
namanya: nmnya
maksudnya: mksdnya maksdnya
maksud: mksd mksud
artinya: artnya
contohnya: cthnya
misalnya: misalny
gara-gara: gegara gr2 gara2
tiba-tiba: tbtb tb2 tiba2
pelan-pelan: pelan2
hati-hati: ati2 hati2
sama-sama: sama2
baik-baik: baik2
kira-kira: kira2 kra2
benar-benar: bener2 bnr2 benar2
pagi-pagi: pagi2
anak-anak: anak2 ank2
orang-orang: orang2 org2
macam-macam: macem2 macam2
buru-buru: buru2
mudah-mudahan: mudah2an mudahan
jangan-jangan: jgn2 jangan2
menurut: mnurut mnrt
membantu: mbantu
melihat: ngeliat ngelihat
membuat: ngebuat mbuat
mengambil: ngambil
mengerti: ngerti ngrti
memikirkan: mikirin
memberi: ngasi
bertanya: btanya
percuma: prcuma
percaya: prcaya
penting: pntg
perlu: prlu
semoga: smoga smga mogamoga moga
ibu-ibu: emak2 ibu2
bapak-bapak: bapak2
`
