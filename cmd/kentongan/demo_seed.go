package main

import (
	"context"
	"fmt"
	"time"

	"kentongan/cmd/kentongan/webhook"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/platform"
	"kentongan/internal/sandbox"
	"kentongan/publisher"
)

// demoPassword opens every invented account. The demo listens on loopback only.
const demoPassword = "bunyi-pukul-dua-kali"

// player is an invented person.
type player struct {
	username, name, agency string
	role                   identity.Role
}

// cast is one person for each role in each of the two offices of Tirtawangi, a
// city that does not exist, and a second moderator.
func cast() []player {
	return []player{
		{"rina", "Rina Wulandari", "diskominfo", identity.Officer},
		{"hendra", "Hendra Saputra", "diskominfo", identity.Approver},
		{"siti", "Siti Nurjanah", "diskominfo", identity.Moderator},
		{"putri", "Putri Ayuningtyas", "diskominfo", identity.Moderator}, // an objection is decided by another moderator
		{"dewi", "Dewi Anggraini", "diskominfo", identity.Leader},
		{"agus", "Agus Prasetyo", "diskominfo", identity.Auditor},
		{"bayu", "Bayu Pratama", "diskominfo", identity.Admin},
		{"lestari", "Lestari Handayani", "protokol", identity.Officer},
		{"yusuf", "Yusuf Maulana", "protokol", identity.Approver},
		{"mega", "Mega Puspita", "protokol", identity.Moderator},
		{"ratna", "Ratna Kusuma", "protokol", identity.Leader},
		{"eko", "Eko Santoso", "protokol", identity.Auditor},
		{"indah", "Indah Permata", "protokol", identity.Admin},
	}
}

var offices = [...]identity.Agency{
	{Slug: "diskominfo", Name: "Dinas Komunikasi dan Informatika", Zone: "Asia/Jakarta"},
	{Slug: "protokol", Name: "Bagian Protokol dan Komunikasi Pimpinan", Zone: "Asia/Jakarta"},
}

// seed fills an empty data folder: offices, people, channels, posts in every
// state. A folder that has been used is left as it is.
func (d *demonstration) seed(ctx context.Context) error {
	err := d.db.View(ctx, func(tx *db.Tx) error {
		_, err := identity.AgencyBySlug(ctx, tx, offices[0].Slug)
		return err
	})
	if fault.KindOf(err) != fault.NotFound {
		return err
	}
	city, err := d.people.CreateAgency(ctx, identity.Operator(), identity.Agency{Slug: "tirtawangi", Name: "Pemerintah Kota Tirtawangi", Zone: "Asia/Jakarta"})
	if err != nil {
		return err
	}
	actors := map[string]identity.Actor{}
	for n, office := range offices {
		office.Parent = city.ID
		a, err := d.people.CreateAgency(ctx, identity.Operator(), office)
		if err != nil {
			return err
		}
		if err := d.hire(ctx, a, actors); err != nil {
			return err
		}
		if err := d.connect(ctx, a, n); err != nil {
			return err
		}
	}
	// The first office also has a channel that a person serves.
	_, err = d.channels.ConnectManual(ctx, actors["bayu"], channel.Manual{
		Platform: platform.WhatsAppChannel, Handle: "Info Tirtawangi", URL: "https://whatsapp.com/channel/tirtawangi-contoh",
	})
	if err != nil {
		return err
	}
	return d.write(ctx, actors)
}

// hire adds an office's people and signs them in for the seeding.
func (d *demonstration) hire(ctx context.Context, a identity.Agency, actors map[string]identity.Actor) error {
	for _, p := range cast() {
		if p.agency != a.Slug {
			continue
		}
		person, err := d.people.AddPerson(ctx, identity.Operator(), identity.Appointment{
			Agency: a.ID, Username: p.username, Name: p.name, Password: demoPassword, Role: p.role})
		if err != nil {
			return err
		}
		actors[p.username] = identity.NewActor(person.ID, p.name, a.ID, identity.CLI, map[identity.AgencyID][]identity.Role{a.ID: {p.role}})
	}
	return nil
}

// connect gives an office its own account on each pretended platform.
func (d *demonstration) connect(ctx context.Context, a identity.Agency, n int) error {
	seen := map[string]int{}
	for _, c := range d.box.Credentials(d.base) {
		if _, spoken := d.channels.Connectors[platform.Name(c.Platform)]; !spoken || c.Mode != "" {
			continue
		}
		if seen[c.Platform]++; seen[c.Platform] != n+1 {
			continue
		}
		_, err := d.channels.ConnectSandbox(ctx, a.ID, channel.Credential{
			Platform: platform.Name(c.Platform), BaseURL: c.BaseURL,
			App:   platform.App{ClientID: c.App.ClientID, ClientSecret: c.App.ClientSecret, VerifyToken: c.App.VerifyToken},
			Token: platform.Token{Access: c.Token.Access, Secret: c.Token.Secret, Refresh: c.Token.Refresh, Expires: c.Token.Expires},
			Of:    platform.Profile{RemoteID: c.AccountID, Handle: c.Handle},
		})
		if err != nil {
			return fmt.Errorf("demo: %s: %w", c.Platform, err)
		}
	}
	return nil
}

// hooks are the webhook addresses of the apps, as the platforms must know them.
func (d *demonstration) hooks(ctx context.Context) (all []sandbox.Hook, err error) {
	err = d.db.View(ctx, func(tx *db.Tx) error {
		for _, office := range offices {
			a, err := identity.AgencyBySlug(ctx, tx, office.Slug)
			if err != nil {
				return err
			}
			apps, err := channel.Apps(ctx, tx, a.ID)
			if err != nil {
				return err
			}
			for _, app := range apps {
				if c, err := d.channels.Connector(app.Platform); err != nil || !hears(c) {
					continue
				}
				all = append(all, sandbox.Hook{Platform: string(app.Platform), URL: "http://" + d.cfg.Listen + webhook.Path(app.ID)})
			}
			break // the platform pushes to one address for an app; both offices share it
		}
		return nil
	})
	return all, err
}

// hears says that pushes to a platform's app are set up by hand, as in that
// platform's own pages: the others are asked when a channel is connected.
func hears(c platform.Connector) bool {
	_, listens := c.(platform.Listener)
	_, asked := c.(platform.Subscriber)
	return listens && !asked
}

// script is a post of the demo and how far it has come.
type script struct {
	author, approver string
	title, text      string
	link             string
	parts            []string      // what continues it where there are threads
	comment          string        // its first comment where there is one
	poster           string        // what the picture shows; "" without one
	due              time.Duration // from now; 0: as soon as approved
	fate             string        // draft, review, returned, rejected, withdrawn, scheduled, out
}

// scripts bring every state that a post can be in.
func scripts() []script {
	return []script{
		{author: "rina", approver: "hendra", title: "Layanan Sabtu Disdukcapil", fate: "out", link: "https://antre.tirtawangi.example",
			comment: "Tanya jawab di sini dijawab petugas Disdukcapil pada jam kerja.",
			text:    "Mulai Sabtu ini Disdukcapil Tirtawangi buka pukul 08.00-12.00 untuk KTP-el, KK, dan akta lahir. Tanpa biaya. Ambil antrean dari rumah."},
		{author: "rina", approver: "hendra", title: "Prakiraan debit Kali Wangi", fate: "out",
			text: "Debit Kali Wangi pagi ini normal, 84 cm di pos Cikawung. Petugas memantau setiap jam. Keadaan darurat hubungi 112."},
		{author: "lestari", approver: "yusuf", title: "Wali kota meninjau pasar", fate: "out",
			text: "Wali Kota Tirtawangi meninjau Pasar Melati pagi ini dan mendengar keluhan pedagang tentang saluran air."},
		{author: "rina", approver: "hendra", title: "Jalur pengalihan Jembatan Cikawung", fate: "out", poster: "Jembatan Cikawung ditutup: lewat Jalan Melati atau Jalan Anggrek",
			parts: []string{"Bus kota rute 3 dan 7 berhenti sementara di Halte Anggrek.", "Petugas Dishub berjaga di kedua ujung jembatan sampai selesai."},
			text:  "Jembatan Cikawung ditutup malam ini untuk perbaikan. Gunakan jalur pengalihan pada gambar."},
		{author: "rina", approver: "hendra", title: "Vaksinasi lansia di 12 puskesmas", fate: "scheduled", due: 3 * time.Hour,
			text: "Vaksinasi lansia dibuka di 12 puskesmas, Senin sampai Jumat pukul 08.00-11.00. Cukup bawa KTP."},
		{author: "lestari", approver: "yusuf", title: "Upacara Hari Guru", fate: "scheduled", due: 44 * time.Hour,
			text: "Upacara Hari Guru tingkat kota digelar di Alun-alun Tirtawangi pukul 07.30. Warga dipersilakan hadir."},
		{author: "rina", title: "Penutupan Jembatan Cikawung", fate: "review", due: 5 * time.Hour,
			text: "Jembatan Cikawung ditutup Kamis pukul 22.00-04.00 untuk perbaikan. Gunakan jalur Jalan Melati atau Jalan Anggrek."},
		{author: "rina", title: "Lomba kampung bersih 2026", fate: "review", due: 26 * time.Hour,
			text: "Pendaftaran lomba kampung bersih 2026 dibuka sampai 5 Desember. Formulir di kantor kelurahan."},
		{author: "lestari", approver: "yusuf", title: "Jadwal pimpinan pekan ini", fate: "returned",
			text: "Agenda pimpinan pekan ini: Senin rapat anggaran, Rabu kunjungan RSUD, Jumat dialog warga."},
		{author: "rina", title: "Bayar PBB tanpa antre", fate: "draft",
			text: "PBB dapat dibayar lewat bank dan minimarket. Simpan buktinya."},
		{author: "rina", approver: "hendra", title: "Pengumuman libur layanan", fate: "rejected",
			text: "Layanan loket libur tanggal 24 dan 25 Desember."},
		{author: "lestari", approver: "yusuf", title: "Konser akhir tahun", fate: "withdrawn", due: 70 * time.Hour,
			text: "Konser akhir tahun di alun-alun, pukul 19.00. Gratis."},
		{author: "lestari", approver: "yusuf", title: "Sambutan Hari Ikan", fate: "out",
			text: "Selamat Hari Ikan Nasional. Ayo makan ikan dari kolam warga Tirtawangi."},
	}
}

// write brings the demo's posts as far as their scripts say, through the same
// verbs that people use.
func (d *demonstration) write(ctx context.Context, actors map[string]identity.Actor) error {
	// The last post meets a platform that refuses it: a definite no is a state
	// too, and people should see how it reads.
	d.box.AddFault(sandbox.Fault{Platform: "x", Op: "publish", Kind: "403-problem", Account: d.accountOf("x", 1), After: 1})
	for _, s := range scripts() {
		if err := d.perform(ctx, actors[s.author], actors[s.approver], s); err != nil {
			return fmt.Errorf("demo: %q: %w", s.title, err)
		}
	}
	return nil
}

func (d *demonstration) accountOf(name string, n int) string {
	for _, c := range d.box.Credentials(d.base) {
		if c.Platform == name && c.Mode == "" {
			if n--; n < 0 {
				return c.AccountID
			}
		}
	}
	return ""
}

func (d *demonstration) perform(ctx context.Context, author, approver identity.Actor, s script) error {
	in := publisher.DraftInput{Title: s.title, Text: s.text, Link: s.link, Parts: s.parts, Comment: s.comment, When: publisher.When{Zone: "Asia/Jakarta"}}
	zone := offices[0].Location()
	if s.due > 0 {
		in.When.Wall = time.Now().In(zone).Add(s.due).Truncate(5 * time.Minute).Format("2006-01-02T15:04")
	}
	var err error
	if s.poster != "" {
		picture, err := d.media.Add(ctx, d.db, author, "poster.png", poster(s.poster))
		if err != nil {
			return err
		}
		in.Media = []publisher.Attached{{Media: picture.ID, Alt: s.poster}}
	}
	if in.Variants, err = d.fitting(ctx, author.Agency, s); err != nil {
		return err
	}
	p := d.publisher
	post, err := p.Draft(ctx, author, in)
	if err != nil || s.fate == "draft" {
		return err
	}
	if post, err = p.Submit(ctx, author, post.ID, post.Revision); err != nil || s.fate == "review" {
		return err
	}
	switch s.fate {
	case "returned":
		return p.Return(ctx, approver, post.ID, "Sebutkan jam dan tempatnya, warga akan bertanya.")
	case "rejected":
		return p.Reject(ctx, approver, post.ID, "Sudah diumumkan pekan lalu, tidak perlu dua kali.")
	}
	if err := p.Approve(ctx, approver, post.ID, post.Digest); err != nil || s.fate != "withdrawn" {
		return err
	}
	_, err = p.Withdraw(ctx, author, post.ID)
	return err
}

// fitting chooses every channel of an office that can carry the script's post.
func (d *demonstration) fitting(ctx context.Context, agency identity.AgencyID, s script) (all []publisher.VariantContent, err error) {
	err = d.db.View(ctx, func(tx *db.Tx) error {
		channels, err := channel.List(ctx, tx, agency)
		if err != nil {
			return err
		}
		for _, ch := range channels {
			connector, err := d.channels.Connector(ch.Platform)
			if err != nil {
				return err
			}
			can := connector.Capabilities(platform.Account{Platform: ch.Platform, BaseURL: ch.BaseURL, Mode: ch.Mode, RemoteID: ch.RemoteID})
			wantsFilm, wantsPicture := can.NeedsMedia == "video", can.NeedsMedia != "" && s.poster == ""
			if can.NoPosts || wantsFilm || wantsPicture || s.poster != "" && can.PublicMedia && d.publisher.PublicMediaBase == "" || ch.Manual() && s.poster == "" {
				continue
			}
			all = append(all, publisher.VariantContent{Channel: ch.ID})
		}
		return nil
	})
	return all, err
}
