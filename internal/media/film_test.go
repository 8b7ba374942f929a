package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
)

func boxed(kind string, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	out := binary.BigEndian.AppendUint32(nil, uint32(8+len(body)))
	return append(append(out, kind...), body...)
}

func words(all ...uint32) (out []byte) {
	for _, n := range all {
		out = binary.BigEndian.AppendUint32(out, n)
	}
	return out
}

// header is a movie's header of version 0: a thousandth of a second its unit.
func header(ms uint32) []byte { return boxed("mvhd", words(0, 0, 0, 1000, ms), make([]byte, 80)) }

// trackOf is a track of w by h; turned lies on its side, as a phone writes it.
func trackOf(handler string, w, h uint32, turned bool) []byte {
	matrix := words(1<<16, 0, 0, 0, 1<<16, 0, 0, 0, 1<<30)
	if turned {
		matrix = words(0, 1<<16, 0, 0xffff0000, 0, 0, 0, 0, 1<<30)
	}
	return boxed("trak",
		boxed("tkhd", words(0, 0, 0, 1, 0, 0), make([]byte, 16), matrix, words(w<<16, h<<16)),
		boxed("mdia", boxed("hdlr", words(0, 0), []byte(handler), make([]byte, 12))))
}

func ftyp(brand string) []byte { return boxed("ftyp", []byte(brand), words(0)) }

func aFilm(brand string, w, h uint32, ms uint32) []byte {
	return bytes.Join([][]byte{
		ftyp(brand),
		boxed("moov", header(ms), trackOf("soun", 0, 0, false), trackOf("vide", w, h, false)),
		boxed("mdat", bytes.Repeat([]byte("frame"), 100)),
	}, nil)
}

func TestWhatAFilmIsStandsInIt(t *testing.T) {
	t.Parallel()
	large := append(binary.BigEndian.AppendUint64(append(words(1), "mdat"...), 16+500), make([]byte, 500)...)
	for _, row := range []struct {
		what string
		raw  []byte
		want film
	}{
		{"MP4", aFilm("isom", 1920, 1080, 12_500), film{kind: MP4, width: 1920, height: 1080, length: 12500 * time.Millisecond}},
		{"QuickTime", aFilm("qt  ", 640, 480, 1000), film{kind: QuickTime, width: 640, height: 480, length: time.Second}},
		{"QuickTime from before it named itself", append(boxed("wide"), aFilm("qt  ", 64, 48, 1000)...), film{kind: QuickTime, width: 64, height: 48, length: time.Second}},
		{"one held upright", bytes.Join([][]byte{ftyp("mp42"), boxed("moov", header(1000), trackOf("vide", 1920, 1080, true)), boxed("mdat", []byte("x"))}, nil),
			film{kind: MP4, width: 1080, height: 1920, length: time.Second}},
		{"a box with a 64-bit size", bytes.Join([][]byte{ftyp("isom"), boxed("moov", header(1000), trackOf("vide", 64, 48, false)), large}, nil),
			film{kind: MP4, width: 64, height: 48, length: time.Second}},
		{"fragments, whose length stands aside", bytes.Join([][]byte{ftyp("iso5"), boxed("moov", header(0), boxed("mvex", boxed("mehd", words(0, 7000))), trackOf("vide", 64, 48, false)), boxed("mdat", []byte("x"))}, nil),
			film{kind: MP4, width: 64, height: 48, length: 7 * time.Second}},
	} {
		got, err := sniffFilm(bytes.NewReader(row.raw), int64(len(row.raw)))
		if err != nil || got.kind != row.want.kind || got.width != row.want.width || got.height != row.want.height || got.length != row.want.length {
			t.Errorf("%s: %+v, %v", row.what, got, err)
		}
	}
}

func TestABrokenFilmIsRefused(t *testing.T) {
	t.Parallel()
	whole := aFilm("isom", 640, 480, 1000)
	for _, row := range []struct {
		what, code string
		raw        []byte
	}{
		{"cut off in its pictures", "media.film_broken", whole[:len(whole)-10]},
		{"cut off in its description", "media.film_broken", whole[:60]},
		{"no description", "media.film_broken", append(ftyp("isom"), boxed("mdat", []byte("x"))...)},
		{"no pictures in it", "media.film_broken", append(ftyp("isom"), boxed("moov", header(1000), trackOf("vide", 64, 48, false))...)},
		{"it lasts no time", "media.film_broken", aFilm("isom", 640, 480, 0)},
		{"sound alone", "media.film_no_picture", bytes.Join([][]byte{ftyp("M4A "), boxed("moov", header(1000), trackOf("soun", 0, 0, false)), boxed("mdat", []byte("x"))}, nil)},
		{"a box that is larger than the file", "media.film_broken", append(ftyp("isom"), append(words(1<<30), "moov...."...)...)},
		{"a box that is smaller than its head", "media.film_broken", append(ftyp("isom"), append(words(4), "moov...."...)...)},
		{"nothing but boxes", "media.film_broken", append(ftyp("isom"), bytes.Repeat(boxed("free"), mostBoxes+1)...)},
		{"a still picture in the same boxes", "media.type_unknown", append(ftyp("heic"), boxed("meta", []byte("x"))...)},
	} {
		s := store(t)
		if _, err := s.Take(t.Context(), nil, actor("a", identity.Officer), "x.mp4", bytes.NewReader(row.raw)); fault.Code(err) != row.code {
			t.Errorf("%s: %v, want %s", row.what, err, row.code)
		}
		if left, _ := filepath.Glob(filepath.Join(s.folder, "*")); len(left) > 0 {
			t.Errorf("%s: left behind %v", row.what, left)
		}
		if hidden, _ := filepath.Glob(filepath.Join(s.folder, ".new-*")); len(hidden) > 0 {
			t.Errorf("%s: left behind %v", row.what, hidden)
		}
	}
}

func TestAFilmIsKeptWithoutItsPlaces(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		withAgency(t, d)
		s, officer := store(t), actor("a", identity.Officer)
		raw := bytes.Join([][]byte{
			ftyp("qt  "),
			boxed("moov", header(3000), boxed("udta", boxed("\xa9xyz", []byte("-6.2088+106.8456/"))), boxed("meta", []byte("com.apple.quicktime.make Telepon")),
				trackOf("vide", 64, 48, false), append(trackOf("meta", 0, 0, false), boxed("free")...)),
			boxed("uuid", []byte("XMP: -6.2088")),
			boxed("mdat", bytes.Repeat([]byte("frame"), 50_000)),
		}, nil)
		p, err := s.Take(t.Context(), d, officer, "banjir.mov", iotest(raw))
		if err != nil {
			t.Fatal(err)
		}
		if p.Type != QuickTime || p.Length != 3*time.Second || p.Size != int64(len(raw)) || !p.Video() {
			t.Errorf("%+v", p)
		}
		kept, err := s.Read(p.SHA256)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"6.2088", "106.8456", "Telepon"} {
			if bytes.Contains(kept, []byte(secret)) {
				t.Errorf("it still says %q", secret)
			}
		}
		if again, err := sniffFilm(bytes.NewReader(kept), int64(len(kept))); err != nil || again.length != p.Length || len(again.private) != 0 {
			t.Errorf("what is kept is another film: %+v, %v", again, err)
		}
		err = d.View(t.Context(), func(tx *db.Tx) error {
			found, err := Find(t.Context(), tx, officer, p.ID)
			if found != p {
				t.Errorf("read back %+v", found)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// iotest hands out a few bytes at a time, as a slow line does.
func iotest(raw []byte) io.Reader { return &slow{raw} }

type slow struct{ left []byte }

func (s *slow) Read(p []byte) (int, error) {
	if len(s.left) == 0 {
		return 0, io.EOF
	}
	n := copy(p, s.left[:min(len(s.left), 4999)])
	s.left = s.left[n:]
	return n, nil
}

func TestALineThatBreaksLeavesNothing(t *testing.T) {
	t.Parallel()
	s, broken := store(t), errors.New("the line broke")
	_, err := s.Take(t.Context(), nil, actor("a", identity.Officer), "x.mp4", io.MultiReader(bytes.NewReader(aFilm("isom", 64, 48, 1000)), &failing{broken}))
	if !errors.Is(err, broken) {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(s.folder, ".*")); len(left) > 0 {
		t.Errorf("left behind %v", left)
	}
}

type failing struct{ err error }

func (f *failing) Read([]byte) (int, error) { return 0, f.err }

func TestAFilmThatChangedOnTheDiskIsNotHandedOut(t *testing.T) {
	t.Parallel()
	s := store(t)
	p, err := s.putFilm(bytes.NewReader(aFilm("isom", 64, 48, 1000)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := s.Open(p.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	path, _ := s.path(p.SHA256)
	raw, _ := os.ReadFile(path)
	raw[len(raw)-1] ^= 1
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, time.Now(), time.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Open(p.SHA256); fault.Find(err) == nil || fault.Find(err).Code != ChangedOnDisk {
		t.Errorf("opened: %v", err)
	}
	if err := s.Verify(p.SHA256); fault.Find(err) == nil || fault.Find(err).Code != ChangedOnDisk {
		t.Errorf("verified: %v", err)
	}
	if _, err := s.Open(strings.Repeat("0", 64)); fault.Code(err) != "media.not_found" {
		t.Errorf("one that is not there: %v", err)
	}
}

func TestFilmsFitTheirPlatformOrNot(t *testing.T) {
	t.Parallel()
	film := Picture{Type: MP4, Size: 10 << 20, Length: 90 * time.Second, Width: 64, Height: 48, SHA256: "x"}
	for _, row := range []struct {
		what, code string
		limits     Limits
	}{
		{"it fits", "", Limits{VideoTypes: []string{MP4}, MaxVideoBytes: 10 << 20, MaxVideo: 90 * time.Second}},
		{"no limits", "", Limits{VideoTypes: []string{MP4}}},
		{"no films there", "media.film_type", Limits{Types: []string{JPEG}}},
		{"only QuickTime there", "media.film_type", Limits{VideoTypes: []string{QuickTime}}},
		{"too large", "media.film_does_not_fit", Limits{VideoTypes: []string{MP4}, MaxVideoBytes: 10<<20 - 1}},
		{"too long", "media.film_too_long", Limits{VideoTypes: []string{MP4}, MaxVideo: 89 * time.Second}},
	} {
		r, err := store(t).Render(t.Context(), nil, film, row.limits)
		if fault.Code(err) != row.code || err == nil && (r.SHA256 != "x" || r.Length != film.Length) {
			t.Errorf("%s: %+v, %v", row.what, r, err)
		}
	}
}

func FuzzFilm(f *testing.F) {
	f.Add(aFilm("isom", 64, 48, 1000))
	f.Add(aFilm("qt  ", 64, 48, 1000))
	f.Add(append(ftyp("isom"), append(words(1), "moov\xff\xff\xff\xff\xff\xff\xff\xff"...)...))
	f.Add([]byte("\x00\x00\x00\x00moov"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := sniffFilm(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			return
		}
		if got.width <= 0 || got.height <= 0 || got.length <= 0 {
			t.Errorf("%+v", got)
		}
		kept := bytes.Clone(raw)
		for _, b := range got.private {
			if b.at < 0 || b.content < b.at+8 || b.end > int64(len(raw)) || b.content > b.end {
				t.Fatalf("a box outside of the file: %+v", b)
			}
			copy(kept[b.at+4:], "free")
			clear(kept[b.content:b.end])
		}
		if again, err := sniffFilm(bytes.NewReader(kept), int64(len(kept))); err != nil || again.width != got.width || again.height != got.height {
			t.Errorf("blanking changed the film: %+v %+v, %v", got, again, err)
		}
	})
}
