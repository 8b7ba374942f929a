package publisher

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
	"kentongan/internal/media"
	"kentongan/internal/platform"
	"kentongan/internal/platform/mastodon"
	"kentongan/internal/platform/x"
)

// aFilm is the least that is a film: ten seconds, 64 by 48.
func aFilm(seed byte) []byte {
	words := func(all ...uint32) (out []byte) {
		for _, n := range all {
			out = binary.BigEndian.AppendUint32(out, n)
		}
		return out
	}
	box := func(kind string, parts ...[]byte) []byte {
		body := bytes.Join(parts, nil)
		return append(append(words(uint32(8+len(body))), kind...), body...)
	}
	return bytes.Join([][]byte{
		box("ftyp", []byte("isom"), words(0)),
		box("moov",
			box("mvhd", words(0, 0, 0, 1000, 10_000), make([]byte, 80)),
			box("trak",
				box("tkhd", words(0, 0, 0, 1, 0, 0), make([]byte, 16), words(1<<16, 0, 0, 0, 1<<16, 0, 0, 0, 1<<30, 64<<16, 48<<16)),
				box("mdia", box("hdlr", words(0, 0), []byte("vide"), make([]byte, 12))))),
		box("mdat", bytes.Repeat([]byte{seed}, 200_000)),
	}, nil)
}

func films(can *platform.Capabilities) {
	can.VideoTypes, can.MaxVideoBytes, can.MaxVideo = []string{media.MP4}, 1<<20, time.Minute
}

func (o *office) film() media.ID {
	o.t.Helper()
	return must(o.Media.Take(o.t.Context(), o.DB, o.officer, "banjir.mp4", bytes.NewReader(aFilm(byte(o.there())))))(o.t).ID
}

func TestFilmsAreSignedByTheirBytes(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.able(mastodon.Name, films)
		film := o.film()
		with := func(in *DraftInput) { in.Media = []Attached{{Media: film, Alt: "Air naik di Jalan Kenanga."}} }
		post := o.one(o.masto, with)
		m := post.Payload.Media[0]
		if m.Type != media.MP4 || m.Length != 10*time.Second || m.Width != 64 || m.Height != 48 || m.Size != int64(len(aFilm(0))) {
			t.Errorf("%+v", m)
		}
		path := must(filepath.Glob(filepath.Join(o.folder, "*", m.SHA256)))(t)[0]
		raw := must(os.ReadFile(path))(t)
		for _, c := range []struct {
			name string
			do   func()
		}{
			{"one bit is another", func() {
				other := bytes.Clone(raw)
				other[len(other)-1] ^= 1
				os.WriteFile(path, other, 0o600)
			}},
			{"it is cut off", func() { os.Truncate(path, 1000) }},
			{"it is gone", func() { os.Remove(path) }},
		} {
			os.WriteFile(path, raw, 0o600)
			next := o.one(o.masto, with)
			there := o.there()
			c.do()
			if err := o.ring(next.ID); err != nil {
				t.Fatal(err)
			}
			if got := o.delivery(next.ID); got.State != Void {
				t.Errorf("%s: it stands at %s", c.name, got.State)
			}
			o.wantThere(there)
		}
		os.WriteFile(path, raw, 0o600)
		// Its length is what people saw, too.
		o.exec(`UPDATE delivery SET payload = REPLACE(payload, '"length":10000000000', '"length":20000000000') WHERE id = $1`, post.ID)
		o.until(post.ID, Void)
	})
}

func TestFilmsAreChecked(t *testing.T) {
	o, ctx := newOffice(t, dbtest.New(t)), t.Context()
	able := o.able(mastodon.Name, nil)
	film, picture := o.film(), o.picture(o.officer)
	for _, c := range []struct {
		name  string
		can   func(*platform.Capabilities)
		media []Attached
		want  string
	}{
		{"a film where films go", films, []Attached{{Media: film, Alt: "Air."}}, ""},
		{"a film where none go", plain, []Attached{{Media: film, Alt: "Air."}}, "media.film_type media.0.alt"},
		{"a film that is too long there", func(can *platform.Capabilities) { films(can); can.MaxVideo = 9 * time.Second }, []Attached{{Media: film, Alt: "Air."}}, "media.film_too_long media.0.alt"},
		{"a film that is too large there", func(can *platform.Capabilities) { films(can); can.MaxVideoBytes = 1000 }, []Attached{{Media: film, Alt: "Air."}}, "media.film_does_not_fit media.0.alt"},
		{"a film nobody described", films, []Attached{{Media: film}}, "post.film_alt_missing media.0.alt"},
		{"a film as an ornament", films, []Attached{{Media: film, Decorative: true}}, "post.film_alt_missing media.0.alt"},
		{"too many together", func(can *platform.Capabilities) { films(can); can.MaxMedia = 1 }, []Attached{{Media: film, Alt: "Air."}, {Media: picture, Alt: "Air."}}, "post.too_many_media media"},
		{"words alone where a film must be", func(can *platform.Capabilities) { can.NeedsMedia = "video" }, nil, "post.needs_film media"},
		{"a picture where a film must be", func(can *platform.Capabilities) { can.NeedsMedia = "video" }, []Attached{{Media: picture, Alt: "Air."}}, "post.needs_film media"},
		{"words alone where something must be", func(can *platform.Capabilities) { can.NeedsMedia = "any" }, nil, "post.needs_media media"},
		{"a picture that nobody can fetch", func(can *platform.Capabilities) { can.PublicMedia = true }, []Attached{{Media: picture, Alt: "Air."}}, "check.needs_public_media media"},
		{"a film that nobody can fetch", func(can *platform.Capabilities) { films(can); can.PublicVideo = true }, []Attached{{Media: film, Alt: "Air."}}, "check.needs_public_media media"},
		{"a film where pictures alone are fetched", func(can *platform.Capabilities) { films(can); can.PublicMedia = true }, []Attached{{Media: film, Alt: "Air."}}, ""},
	} {
		able.change = c.can
		in := o.input()
		in.Variants, in.Media = in.Variants[:1], c.media
		r := must(o.Check(ctx, o.officer, in))(t)
		var got []string
		for _, f := range r.Findings {
			got = append(got, f.Fault.Code+" "+f.Fault.Field)
		}
		if strings.Join(got, ",") != c.want {
			t.Errorf("%s: %v, want %s", c.name, got, c.want)
		}
	}
}

// A platform that fetches media itself finds them while it needs them, and
// nobody finds anything else.
func TestPublicMediaIsForThePlatformAlone(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, ctx := newOffice(t, d), t.Context()
		o.able(x.Name, func(can *platform.Capabilities) { can.PublicMedia = true })
		in := o.input()
		in.Variants, in.Media = in.Variants[1:], []Attached{{Media: o.picture(o.officer), Alt: "Genangan."}}
		p := o.draft(o.officer, in)
		_, err := o.Submit(ctx, o.officer, p.ID, p.Revision)
		wantFault(t, err, fault.Invalid, needsPublicMedia)

		o.PublicMediaBase = "https://media.tirtawangi.example/m"
		p = must(o.Submit(ctx, o.officer, p.ID, p.Revision))(t)
		o.PublicMediaBase = ""
		wantFault(t, o.Approve(ctx, o.approver, p.ID, p.Digest), fault.Invalid, needsPublicMedia)
		o.PublicMediaBase = "https://media.tirtawangi.example/m"
		if err := o.Approve(ctx, o.approver, p.ID, p.Digest); err != nil {
			t.Fatal(err)
		}
		post := o.deliveries(p.ID)[0]
		name, ok := strings.CutPrefix(o.outgoing(post).Media[0].URL, o.PublicMediaBase+"/")
		if !ok || !strings.HasSuffix(name, ".png") {
			t.Fatal(name)
		}
		open := func(name string) bool {
			file, kind, err := o.PublicMedia(ctx, name)
			if err != nil {
				if fault.KindOf(err) != fault.NotFound {
					t.Error(err)
				}
				return false
			}
			defer file.Close()
			raw := must(io.ReadAll(file))(t)
			return kind == "image/png" && int64(len(raw)) == post.Payload.Media[0].Size
		}
		if open(name) {
			t.Error("it is found before its time")
		}
		o.wait(post.Due.Sub(o.time()))
		post = o.setState(post, Sending)
		if !open(name) {
			t.Error("the platform does not find it")
		}
		guess := strings.Split(name, ".")
		for _, other := range []string{
			"", "x", guess[0], guess[0] + ".0", guess[0] + ".0." + strings.Repeat("0", 64) + ".png", guess[0] + ".1." + guess[2] + ".png",
			"00000000-0000-7000-8000-000000000000.0." + guess[2] + ".png", guess[0] + ".-1." + guess[2] + ".png", "../" + name,
		} {
			if open(other) {
				t.Errorf("%q is found", other)
			}
		}
		post.PublishedAt = o.time()
		post = o.setState(post, Published)
		if !open(name) {
			t.Error("it is gone at once")
		}
		o.wait(25 * time.Hour)
		if open(name) {
			t.Error("it is found for ever")
		}
		for _, s := range []State{Void, Cancelled, Held, Failed} {
			post = o.setState(post, s)
			if open(name) {
				t.Errorf("it is found while %s", s)
			}
		}
	})
}
