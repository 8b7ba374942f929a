package media

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"

	"kentongan/internal/fault"
)

// quarters has a colour of its own in each corner, so that a turn shows.
func quarters(w, h int) *image.NRGBA {
	p := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{R: 220, A: 255}
			if x >= w/2 {
				c = color.NRGBA{G: 220, A: 255}
			}
			if y >= h/2 {
				c.B = 220
			}
			p.SetNRGBA(x, y, c)
		}
	}
	return p
}

func noise(w, h int) *image.NRGBA {
	p, r := image.NewNRGBA(image.Rect(0, 0, w, h)), rand.New(rand.NewPCG(1, 2))
	for i := range p.Pix {
		p.Pix[i] = byte(r.Uint32()) | byte(i%4/3*255)
	}
	return p
}

func asJPEG(t testing.TB, p image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, p, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, p image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asGIF(t testing.TB, frames int) []byte {
	t.Helper()
	var all gif.GIF
	for range frames {
		all.Image = append(all.Image, image.NewPaletted(image.Rect(0, 0, 8, 8), color.Palette{color.Black, color.White}))
		all.Delay = append(all.Delay, 10)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &all); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withExif puts an orientation and a secret into a JPEG, as a camera would.
func withExif(raw []byte, order binary.AppendByteOrder, orientation uint16) []byte {
	mark := "MM"
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		mark = "II"
	}
	tiff := order.AppendUint16([]byte(mark), 42)
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 1)
	tiff = order.AppendUint16(tiff, 0x0112)
	tiff = order.AppendUint16(tiff, 3)
	tiff = order.AppendUint32(tiff, 1)
	tiff = order.AppendUint16(tiff, orientation)
	tiff = append(tiff, 0, 0, 0, 0, 0, 0)
	body := append([]byte("Exif\x00\x00"), append(tiff, "GPS -7.2575,112.7521 rumah Ani"...)...)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(body)+2))
	return append(append(append([]byte{}, raw[:2]...), append(segment, body...)...), raw[2:]...)
}

func TestPicturesAreTurnedUprightAndForgetWhereTheyWereTaken(t *testing.T) {
	t.Parallel()
	upright := quarters(32, 16)
	// turned[o] is what the sensor saw when the upright picture has orientation o.
	for o := uint16(1); o <= 8; o++ {
		w, h := 32, 16
		if o >= 5 {
			w, h = h, w
		}
		sensor := image.NewNRGBA(image.Rect(0, 0, w, h))
		for y := range 16 {
			for x := range 32 {
				sx, sy := lies(int(o), x, y, 32, 16)
				sensor.SetNRGBA(sx, sy, upright.NRGBAAt(x, y))
			}
		}
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			raw := withExif(asJPEG(t, sensor), order, o)
			out, info, err := clean(raw)
			if err != nil || info.Width != 32 || info.Height != 16 || info.Type != JPEG {
				t.Fatalf("orientation %d: %+v, %v", o, info, err)
			}
			if bytes.Contains(out, []byte("GPS")) || bytes.Contains(out, []byte("Exif")) {
				t.Errorf("orientation %d: the place is still in the file", o)
			}
			got, err := jpeg.Decode(bytes.NewReader(out))
			if err != nil {
				t.Fatal(err)
			}
			for _, corner := range []image.Point{{3, 3}, {28, 3}, {3, 12}, {28, 12}} {
				r, g, b, _ := got.At(corner.X, corner.Y).RGBA()
				want := upright.NRGBAAt(corner.X, corner.Y)
				if near(r, want.R) && near(g, want.G) && near(b, want.B) {
					continue
				}
				t.Errorf("orientation %d: corner %v is %v %v %v, want %v", o, corner, r>>8, g>>8, b>>8, want)
			}
		}
	}
}

// lies is written from the words of TIFF 6.0, not from the code under test:
// where row 0 and column 0 of the stored picture are in the upright one.
func lies(o, x, y, w, h int) (int, int) {
	right, bottom := w-1-x, h-1-y
	switch o {
	case 2: // row 0 top, column 0 right
		return right, y
	case 3: // bottom, right
		return right, bottom
	case 4: // bottom, left
		return x, bottom
	case 5: // row 0 is the left side, column 0 the top
		return y, x
	case 6: // row 0 is the right side, column 0 the top
		return y, right
	case 7: // row 0 is the right side, column 0 the bottom
		return bottom, right
	case 8: // row 0 is the left side, column 0 the bottom
		return bottom, x
	}
	return x, y
}

func near(got uint32, want uint8) bool { d := int(got>>8) - int(want); return d > -40 && d < 40 }

func TestNothingRidesAlongInAPicture(t *testing.T) {
	t.Parallel()
	secret := []byte("<script>alert(1)</script> NIK 3578")
	withText := func(raw []byte) []byte { // a tEXt chunk after IHDR; the reader skips unknown checksums only for known chunks
		body := append([]byte("tEXt"), secret...)
		c := binary.BigEndian.AppendUint32(nil, uint32(len(secret)))
		c = append(c, body...)
		c = binary.BigEndian.AppendUint32(c, crc(body))
		return append(append(append([]byte{}, raw[:33]...), c...), raw[33:]...)
	}
	for what, raw := range map[string][]byte{
		"behind a JPEG":        append(asJPEG(t, quarters(8, 8)), secret...),
		"behind a GIF":         append(asGIF(t, 2), secret...),
		"in a comment of PNG":  withText(asPNG(t, quarters(8, 8))),
		"behind a PNG's end":   append(asPNG(t, quarters(8, 8)), secret...),
		"in a JPEG's comments": withExif(asJPEG(t, quarters(8, 8)), binary.BigEndian, 1),
	} {
		out, _, err := clean(raw)
		if err != nil || bytes.Contains(out, []byte("NIK")) || bytes.Contains(out, []byte("rumah")) {
			t.Errorf("%s: still there, or refused: %v", what, err)
		}
		if _, again, err := clean(out); err != nil || again.Width != 8 {
			t.Errorf("%s: what we wrote does not open: %v", what, err)
		}
	}
}

func TestWhatIsNoPictureIsRefused(t *testing.T) {
	t.Parallel()
	bomb := asPNG(t, quarters(8, 8))
	binary.BigEndian.PutUint32(bomb[16:], 15000)
	binary.BigEndian.PutUint32(bomb[20:], 15000)
	binary.BigEndian.PutUint32(bomb[29:], crc(bomb[12:29]))
	webp := []byte("RIFF\x1a\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x07\x00\x00\x07\x00\x00")
	for _, row := range []struct {
		what, code string
		raw        []byte
	}{
		{"nothing", "media.type_unknown", nil},
		{"a page called .jpg", "media.type_unknown", []byte("<html><script>")},
		{"a vector drawing, which can hold scripts", "media.type_unknown", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`)},
		{"a film", "media.type_unknown", []byte("\x00\x00\x00\x18ftypmp42")},
		{"the first bytes of a JPEG", "media.damaged", []byte("\xff\xd8\xff\xe0")},
		{"a JPEG cut in the middle", "media.damaged", asJPEG(t, noise(64, 64))[:3000]},
		{"a PNG that says it is 225 megapixels", "media.too_many_pixels", bomb},
		{"a GIF of too many frames", "media.too_many_pixels", asGIF(t, maxFrames+1)},
		{"a moving WebP", "media.webp_animated", webp},
		{"a file that is too large", "media.too_large", append(asJPEG(t, quarters(8, 8)), make([]byte, MaxBytes)...)},
	} {
		_, _, err := clean(row.raw)
		if fault.Code(err) != row.code {
			t.Errorf("%s: got %v, want %s", row.what, err, row.code)
		}
	}
}

func TestRenditionsFitTheirPlatform(t *testing.T) {
	t.Parallel()
	still, clear := noise(400, 200), noise(400, 200)
	clear.SetNRGBA(0, 0, color.NRGBA{})
	both := []string{JPEG, PNG}
	for _, row := range []struct {
		what   string
		raw    []byte
		limits Limits
		kind   string
		w, h   int
		same   bool
		code   string
	}{
		{"what fits stays as it is", asPNG(t, still), Limits{Types: both, MaxBytes: 1 << 20, MaxSide: 400}, PNG, 400, 200, true, ""},
		{"no limits at all", asGIF(t, 3), Limits{}, GIF, 8, 8, true, ""},
		{"too wide is made smaller", asJPEG(t, still), Limits{Types: both, MaxBytes: 1 << 20, MaxSide: 100}, JPEG, 100, 50, false, ""},
		{"PNG where only JPEG is taken", asPNG(t, still), Limits{Types: []string{JPEG}, MaxBytes: 1 << 20, MaxSide: 0}, JPEG, 400, 200, false, ""},
		{"a see-through drawing stays PNG when it can", asPNG(t, clear), Limits{Types: both, MaxBytes: 1 << 20, MaxSide: 100}, PNG, 100, 50, false, ""},
		{"too many bytes", asPNG(t, still), Limits{Types: both, MaxBytes: 20_000, MaxSide: 0}, JPEG, 0, 0, false, ""},
		{"an animation is not touched", asGIF(t, 3), Limits{Types: both, MaxBytes: 1 << 20, MaxSide: 0}, "", 0, 0, false, "media.animation_does_not_fit"},
		{"a limit that nothing fits", asPNG(t, still), Limits{Types: both, MaxBytes: 100, MaxSide: 0}, "", 0, 0, false, "media.does_not_fit"},
	} {
		info, err := Sniff(row.raw)
		if err != nil {
			t.Fatal(row.what, err)
		}
		out, got, err := fit(row.raw, info, row.limits)
		if row.code != "" {
			if fault.Code(err) != row.code {
				t.Errorf("%s: got %v, want %s", row.what, err, row.code)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", row.what, err)
			continue
		}
		is, err := Sniff(out)
		if err != nil || is.Type != got.Type || is.Width != got.Width || is.Height != got.Height || got.Type != row.kind {
			t.Errorf("%s: says %+v, is %+v (%v)", row.what, got, is, err)
		}
		if row.w != 0 && (is.Width != row.w || is.Height != row.h) || bytes.Equal(out, row.raw) != row.same {
			t.Errorf("%s: %dx%d, same bytes %v", row.what, is.Width, is.Height, bytes.Equal(out, row.raw))
		}
		if !row.limits.holds(len(out), is.Width, is.Height) {
			t.Errorf("%s: %d bytes, %dx%d does not fit %+v", row.what, len(out), is.Width, is.Height, row.limits)
		}
	}
}

func TestSeeThroughPartsBecomeWhiteInJPEG(t *testing.T) {
	t.Parallel()
	out, _, err := fit(asPNG(t, image.NewNRGBA(image.Rect(0, 0, 64, 64))), Info{Type: PNG, Width: 64, Height: 64, Frames: 1}, Limits{Types: []string{JPEG}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := jpeg.Decode(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	if r, _, _, _ := p.At(32, 32).RGBA(); !near(r, 255) {
		t.Errorf("see-through became %d", r>>8)
	}
}

func TestAlt(t *testing.T) {
	t.Parallel()
	for text, code := range map[string]string{
		"Warga mengungsi ke balai kota": "", " \t\u00a0": "media.alt_missing", "": "media.alt_missing",
		strings.Repeat("é", 40): "", strings.Repeat("é", 41): "media.alt_too_long",
	} {
		if err := CheckAlt(text, 40); fault.Code(err) != code {
			t.Errorf("%q: %v, want %s", text, err, code)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add(withExif(asJPEG(f, quarters(8, 8)), binary.LittleEndian, 6))
	f.Add(asPNG(f, quarters(8, 8)))
	f.Add(asGIF(f, 2))
	f.Add([]byte("RIFF\x1a\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x07\x00\x00\x07\x00\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if info, err := Sniff(raw); err != nil || info.Width*info.Height > 1<<20 {
			return // opening large ones is right, and slow
		}
		out, info, err := clean(raw)
		if err != nil {
			if fault.Code(err) == "" {
				t.Errorf("no sentence for %v", err)
			}
			return
		}
		is, err := Sniff(out)
		if err != nil || is.Width != info.Width || is.Height != info.Height || is.Type != info.Type || is.Frames != info.Frames {
			t.Errorf("wrote %+v, says %+v: %v", is, info, err)
		}
	})
}

func TestWebPBecomesWhatPlatformsTake(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ what, raw, kind string }{
		{"a lossy one becomes JPEG", "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA", JPEG},
		{"a lossless one becomes PNG", "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==", PNG},
	} {
		raw, err := base64.StdEncoding.DecodeString(row.raw)
		if err != nil {
			t.Fatal(err)
		}
		out, info, err := clean(raw)
		if err != nil || info.Type != row.kind || magic(out) != row.kind || info.Width != 1 {
			t.Errorf("%s: %+v, %v", row.what, info, err)
		}
	}
}
