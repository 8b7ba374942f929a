package web

import (
	"bytes"
	"encoding/binary"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/media"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
	"kentongan/internal/platform/manual"
	"kentongan/publisher"
)

// newHandOffice is an office with one channel that a person publishes on.
func newHandOffice(t *testing.T, d *db.DB) (*readingOffice, channel.Channel) {
	t.Helper()
	o := newReadingOffice(t, d)
	store, err := media.OpenStore(filepath.Join(t.TempDir(), "media"))
	if err != nil {
		t.Fatal(err)
	}
	pub := o.pages.Publisher
	o.pages.Media, pub.Media, pub.Lateness, pub.MeasureAfter = store, store, 15*time.Minute, time.Hour
	pub.Timing = func(platform.Name) publisher.Timing {
		return publisher.Timing{Lease: time.Minute, CallTimeout: time.Second}
	}
	for _, name := range manual.Names() {
		o.pages.Channels.Connectors[name] = manual.New(name)
	}
	err = d.Update(t.Context(), func(tx *db.Tx) error {
		for _, who := range []string{"officer", "approver"} {
			if _, err := tx.Exec(t.Context(), `INSERT INTO person (id, agency_id, username, name, password_hash, created_at) VALUES ($1, $2, $1, $1, '', 1)`, who, o.agencies["diskominfo"].ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ch, err := o.pages.Channels.ConnectManual(t.Context(), o.actor("admin.diskominfo"), channel.Manual{
		Platform: platform.WhatsAppChannel, Handle: "Kota Tirtawangi", URL: "https://whatsapp.com/channel/0029VaTirta",
	})
	if err != nil {
		t.Fatal(err)
	}
	return o, ch
}

func filmBox(kind string, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(8+len(body))), kind...), body...)
}

func filmWords(all ...uint32) (out []byte) {
	for _, n := range all {
		out = binary.BigEndian.AppendUint32(out, n)
	}
	return out
}

// smallFilm is the least that is a film.
func smallFilm() []byte {
	return bytes.Join([][]byte{
		filmBox("ftyp", []byte("isom"), filmWords(0)),
		filmBox("moov", filmBox("mvhd", filmWords(0, 0, 0, 1000, 12_000), make([]byte, 80)),
			filmBox("trak", filmBox("tkhd", filmWords(0, 0, 0, 1, 0, 0), make([]byte, 16), filmWords(1<<16, 0, 0, 0, 1<<16, 0, 0, 0, 1<<30, 64<<16, 48<<16)),
				filmBox("mdia", filmBox("hdlr", filmWords(0, 0), []byte("vide"), make([]byte, 12))))),
		filmBox("mdat", bytes.Repeat([]byte("gambar"), 50_000)),
	}, nil)
}

// send posts the compose form as a browser without scripts does.
func (o *readingOffice) send(t *testing.T, fields [][2]string, file []byte) *httptest.ResponseRecorder {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for _, f := range fields {
		if err := form.WriteField(f[0], f[1]); err != nil {
			t.Fatal(err)
		}
	}
	part, err := form.CreateFormFile("file", "")
	if file != nil {
		part, err = form.CreateFormFile("file", "banjir.mp4")
	}
	if err == nil {
		_, err = part.Write(file)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "http://kentongan.example/unggahan/simpan", &b)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.AddCookie(&http.Cookie{Name: sessionCookie, Value: "officer.diskominfo"})
	w := httptest.NewRecorder()
	o.ServeHTTP(w, r)
	return w
}

func (o *readingOffice) fetch(path, cookie string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "http://kentongan.example"+path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	if cookie != "" {
		r.AddCookie(&http.Cookie{Name: sessionCookie, Value: cookie})
	}
	w := httptest.NewRecorder()
	o.ServeHTTP(w, r)
	return w
}

// found is the first submatch on a page.
func found(t *testing.T, page, pattern string) string {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("%s is not on the page", pattern)
	}
	return m[1]
}

func TestAFilmGoesTheWholeWayWithoutAScript(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, ch := newHandOffice(t, d)
		written := [][2]string{{"id", ""}, {"revision", ""}, {"title", "Banjir"}, {"text", "Jalan Kenanga ditutup."}, {"channels", string(ch.ID)}, {"when", "soon"}}

		// A file that is refused takes nothing of what was written with it.
		broken := o.send(t, append(written, [2]string{"deed", "upload"}), smallFilm()[:5000])
		if page := broken.Body.String(); broken.Code != http.StatusUnprocessableEntity || !strings.Contains(page, "Film ini rusak") || !strings.Contains(page, "Jalan Kenanga ditutup.") {
			t.Errorf("a broken film: %d", broken.Code)
		}
		id, revision := found(t, broken.Body.String(), `name="id" value="([^"]+)"`), found(t, broken.Body.String(), `name="revision" value="(\d+)"`)
		written[0][1], written[1][1] = id, revision

		saved := o.send(t, append(written, [2]string{"deed", "upload"}), smallFilm())
		if saved.Code != http.StatusSeeOther || saved.Header().Get("Location") != "/unggahan/"+id+"/susun" {
			t.Fatalf("%d %s", saved.Code, saved.Header().Get("Location"))
		}
		page := o.fetch("/unggahan/"+id+"/susun", "officer.diskominfo").Body.String()
		film := found(t, page, `name="media" value="([^"]+)"`)
		if !strings.Contains(page, `<video`) || strings.Contains(page, `name="decorative.`) || !strings.Contains(page, "0:12") {
			t.Error("the page does not show a film")
		}
		if some := o.fetch("/gambar/"+film, "officer.diskominfo", "Range", "bytes=4-7"); some.Code != http.StatusPartialContent || some.Body.String() != "ftyp" || some.Header().Get("Content-Type") != media.MP4 {
			t.Errorf("a part of the film: %d %q", some.Code, some.Body)
		}
		if other := o.fetch("/gambar/"+film, "officer.protokol"); other.Code != http.StatusNotFound {
			t.Errorf("another agency sees the film: %d", other.Code)
		}

		written[1][1] = found(t, page, `name="revision" value="(\d+)"`)
		written = append(written, [2]string{"media", film}, [2]string{"deed", "submit"})
		if mute := o.send(t, written, nil); mute.Code != http.StatusUnprocessableEntity || !strings.Contains(mute.Body.String(), "belum punya keterangan") {
			t.Errorf("a film without a description: %d", mute.Code)
		}
		page = o.fetch("/unggahan/"+id+"/susun", "officer.diskominfo").Body.String()
		written[1][1] = found(t, page, `name="revision" value="(\d+)"`)
		written = append(written, [2]string{"alt." + film, "Air naik."})
		if sent := o.send(t, written, nil); sent.Header().Get("Location") != "/unggahan/"+id {
			t.Fatalf("%d %s", sent.Code, sent.Header().Get("Location"))
		}
		o.published(t, id)
	})
}

// published takes a submitted post through approval, its due time, and a
// person's hands.
func (o *readingOffice) published(t *testing.T, id string) {
	t.Helper()
	digest := found(t, o.fetch("/persetujuan/"+id, "approver.diskominfo").Body.String(), `name="digest" value="([^"]+)"`)
	if signed := o.post("/persetujuan/"+id+"/setujui", "approver.diskominfo", url.Values{"digest": {digest}}); signed.Code != http.StatusSeeOther {
		t.Fatalf("%d", signed.Code)
	}
	var task publisher.Delivery
	err := o.db.View(t.Context(), func(tx *db.Tx) error {
		all, err := publisher.Deliveries(t.Context(), tx, o.agencies["diskominfo"].ID, publisher.OriginPost, id)
		if err == nil {
			task = all[0]
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	here := "/pengiriman/" + string(task.ID) + "/manual"
	if early := o.fetch(here, "officer.diskominfo"); early.Code != http.StatusConflict {
		t.Errorf("before its time: %d", early.Code)
	}
	if err := o.pages.Publisher.Deliver(t.Context(), outbox.Ring{Kind: publisher.KindDeliver, Key: string(task.ID)}); err != nil {
		t.Fatal(err)
	}
	page := o.fetch(here, "officer.diskominfo").Body.String()
	for _, there := range []string{"Jalan Kenanga ditutup.", "https://web.whatsapp.com/", "Air naik.", "/pengiriman/" + string(task.ID) + "/berkas/0"} {
		if !strings.Contains(page, there) {
			t.Errorf("the task does not show %s", there)
		}
	}
	file := o.fetch("/pengiriman/"+string(task.ID)+"/berkas/0", "officer.diskominfo")
	if !bytes.Equal(file.Body.Bytes(), smallFilm()) || !strings.Contains(file.Header().Get("Content-Disposition"), `filename="media-1.mp4"`) {
		t.Errorf("%d bytes, %s", file.Body.Len(), file.Header())
	}
	for path, cookies := range map[string]map[string]int{
		here: {"auditor.diskominfo": http.StatusForbidden, "officer.protokol": http.StatusNotFound, "": http.StatusSeeOther},
		"/pengiriman/" + string(task.ID) + "/berkas/0": {"officer.protokol": http.StatusNotFound, "moderator.diskominfo": http.StatusForbidden},
		"/pengiriman/" + string(task.ID) + "/berkas/1": {"officer.diskominfo": http.StatusNotFound},
		"/m/" + string(task.ID) + ".0.deadbeef.mp4":    {"": http.StatusNotFound},
	} {
		for cookie, want := range cookies {
			if got := o.fetch(path, cookie).Code; got != want {
				t.Errorf("%s for %q: %d, want %d", path, cookie, got, want)
			}
		}
	}
	if list := o.fetch("/antrean", "admin.diskominfo").Body.String(); !strings.Contains(list, "Menunggu") && !strings.Contains(list, "sejak") {
		t.Error("the queue page does not show the task")
	}
	elsewhere := o.post(here, "officer.diskominfo", url.Values{"url": {"https://lain.example/1"}})
	if elsewhere.Code != http.StatusUnprocessableEntity || !strings.Contains(elsewhere.Body.String(), "https://lain.example/1") {
		t.Errorf("%d", elsewhere.Code)
	}
	done := o.post(here, "officer.diskominfo", url.Values{"url": {"https://whatsapp.com/channel/0029VaTirta/55"}})
	if done.Header().Get("Location") != "/unggahan/"+id {
		t.Errorf("%d %s", done.Code, done.Header().Get("Location"))
	}
	if page := o.fetch("/unggahan/"+id, "officer.diskominfo").Body.String(); !strings.Contains(page, "https://whatsapp.com/channel/0029VaTirta/55") || !strings.Contains(page, "ditayangkan manual oleh") {
		t.Error("the post's page does not say where it is and who published it")
	}
}
