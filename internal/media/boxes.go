package media

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"slices"
	"time"

	"kentongan/internal/fault"
)

// Types of films that are taken in.
const (
	MP4       = "video/mp4"
	QuickTime = "video/quicktime"
)

func bytesOf(raw []byte) io.Reader { return bytes.NewReader(raw) }

// filmType is the type that a file's first twelve bytes tell; "" when it is no
// film. MP4 and QuickTime begin with a box (ISO/IEC 14496-12 §4.2) whose name
// stands at byte 4; old QuickTime files have no ftyp.
func filmType(head []byte) string {
	if len(head) < 12 {
		return ""
	}
	switch string(head[4:8]) {
	case "ftyp":
		switch brand := string(head[8:12]); {
		case brand == "qt  ":
			return QuickTime
		case slices.Contains([]string{"heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "avif", "avis", "crx "}, brand):
			return "" // a still picture in the same boxes
		}
		return MP4
	case "moov", "mdat", "wide", "pnot":
		return QuickTime
	}
	return ""
}

// film is what the boxes tell.
type film struct {
	kind          string
	width, height int
	length        time.Duration
	private       []box // notes on where and with what it was taken
}

// box is one part of the file: its name and where its content lies.
type box struct {
	kind             string
	at, content, end int64
}

// mostBoxes bounds the work on a file that consists of nothing but boxes.
const mostBoxes = 20_000

// reader walks the boxes of a file.
type reader struct {
	io.ReaderAt
	left int
}

func brokenFilm() error { return fault.New(fault.Invalid, "media.film_broken", fault.Field("media")) }

// boxes lists the boxes between two places. One that ends behind its parent is
// a file that is cut off.
func (r *reader) boxes(from, to int64) (all []box, err error) {
	for at := from; at < to; {
		if r.left--; r.left < 0 {
			return nil, brokenFilm()
		}
		if to-at == 4 { // a terminator of zeros in old QuickTime lists
			return all, nil
		}
		head := make([]byte, 16)
		if to-at < 8 {
			return nil, brokenFilm()
		}
		if _, err := r.ReadAt(head[:8], at); err != nil {
			return nil, brokenFilm()
		}
		size, b := int64(binary.BigEndian.Uint32(head)), box{kind: string(head[4:8]), at: at, content: at + 8}
		switch size {
		case 0: // until the end
			size = to - at
		case 1:
			if _, err := r.ReadAt(head, at); err != nil || to-at < 16 {
				return nil, brokenFilm()
			}
			size, b.content = int64(min(binary.BigEndian.Uint64(head[8:]), math.MaxInt64)), at+16
		}
		if size < b.content-at || size > to-at {
			return nil, brokenFilm()
		}
		b.end = at + size
		all = append(all, b)
		at = b.end
	}
	return all, nil
}

func (r *reader) in(b box) ([]box, error) { return r.boxes(b.content, b.end) }

// start reads the first n bytes of a box's content; fewer when it is shorter.
func (r *reader) start(b box, n int64) []byte {
	raw := make([]byte, max(0, min(n, b.end-b.content)))
	if _, err := r.ReadAt(raw, b.content); err != nil {
		return nil
	}
	return raw
}

// sniffFilm finds what a film is, and refuses what is no film, is cut off, or
// has no moving picture.
func sniffFilm(file io.ReaderAt, size int64) (f film, err error) {
	r := &reader{ReaderAt: file, left: mostBoxes}
	head := make([]byte, 12)
	if _, err := file.ReadAt(head, 0); err != nil {
		return f, brokenFilm()
	}
	f.kind = filmType(head)
	top, err := r.boxes(0, size)
	if err != nil {
		return f, err
	}
	var described, filled bool
	for _, b := range top {
		switch b.kind {
		case "moov":
			if described {
				return f, brokenFilm()
			}
			described = true
			if err := r.movie(b, &f); err != nil {
				return f, err
			}
		case "mdat":
			filled = filled || b.end > b.content
		case "uuid", "meta", "udta": // XMP and makers' notes
			f.private = append(f.private, b)
		}
	}
	switch {
	case f.kind == "" || !described || !filled:
		return f, brokenFilm()
	case f.width <= 0 || f.height <= 0 || f.width > maxSide || f.height > maxSide:
		return f, fault.New(fault.Invalid, "media.film_no_picture", fault.Field("media"))
	case f.length <= 0:
		return f, brokenFilm()
	}
	return f, nil
}

// movie reads the description of the whole film (moov).
func (r *reader) movie(moov box, f *film) error {
	parts, err := r.in(moov)
	if err != nil {
		return err
	}
	scale := uint64(0)
	for _, b := range parts {
		switch b.kind {
		case "mvhd":
			var length uint64
			scale, length = times(r.start(b, 32))
			f.length = max(f.length, lasting(length, scale))
		case "udta", "meta", "uuid":
			f.private = append(f.private, b)
		case "trak":
			if err := r.track(b, f); err != nil {
				return err
			}
		}
	}
	for _, b := range parts { // a film in fragments tells its length here
		if b.kind != "mvex" {
			continue
		}
		inside, err := r.in(b)
		if err != nil {
			return err
		}
		for _, h := range inside {
			if raw := r.start(h, 12); h.kind == "mehd" && len(raw) >= 8 {
				length := uint64(binary.BigEndian.Uint32(raw[4:]))
				if raw[0] == 1 && len(raw) >= 12 {
					length = binary.BigEndian.Uint64(raw[4:])
				}
				f.length = max(f.length, lasting(length, scale))
			}
		}
	}
	return nil
}

// track reads one track. A track of timed notes (a camera's places) is blanked
// with the other notes; of the moving pictures the largest counts.
func (r *reader) track(trak box, f *film) error {
	parts, err := r.in(trak)
	if err != nil {
		return err
	}
	var w, h int
	var handler string
	for _, b := range parts {
		switch b.kind {
		case "tkhd":
			w, h = sides(r.start(b, 96))
		case "udta", "meta":
			f.private = append(f.private, b)
		case "mdia":
			inside, err := r.in(b)
			if err != nil {
				return err
			}
			for _, m := range inside {
				if raw := r.start(m, 12); m.kind == "hdlr" && len(raw) == 12 {
					handler = string(raw[8:12])
				}
			}
		}
	}
	switch handler {
	case "vide":
		if w*h > f.width*f.height {
			f.width, f.height = w, h
		}
	case "meta":
		f.private = append(f.private, trak)
	}
	return nil
}

// times reads a header's time scale and length (mvhd: ISO/IEC 14496-12 §8.2.2).
func times(raw []byte) (scale, length uint64) {
	switch {
	case len(raw) >= 20 && raw[0] == 0:
		if n := binary.BigEndian.Uint32(raw[16:]); n != math.MaxUint32 {
			length = uint64(n)
		}
		return uint64(binary.BigEndian.Uint32(raw[12:])), length
	case len(raw) >= 32 && raw[0] == 1:
		if n := binary.BigEndian.Uint64(raw[24:]); n != math.MaxUint64 {
			length = n
		}
		return uint64(binary.BigEndian.Uint32(raw[20:])), length
	}
	return 0, 0
}

// lasting is a length as a duration; 0 for what no film lasts.
func lasting(length, scale uint64) time.Duration {
	if scale == 0 || length/scale > 7*24*3600 {
		return 0
	}
	return time.Duration(length/scale)*time.Second + time.Duration(length%scale)*time.Second/time.Duration(scale)
}

// sides reads the size at which a track is shown: a phone held upright turns
// the picture by its matrix (tkhd: ISO/IEC 14496-12 §8.3.2).
func sides(raw []byte) (w, h int) {
	matrix := 40
	if len(raw) > 0 && raw[0] == 1 {
		matrix = 52
	}
	if len(raw) < matrix+44 {
		return 0, 0
	}
	w, h = int(binary.BigEndian.Uint32(raw[matrix+36:])>>16), int(binary.BigEndian.Uint32(raw[matrix+40:])>>16)
	if binary.BigEndian.Uint32(raw[matrix:]) == 0 && binary.BigEndian.Uint32(raw[matrix+16:]) == 0 {
		w, h = h, w
	}
	return w, h
}

// blank makes a box free space: its place in the file stays, its words go.
func (b box) blank(file io.WriterAt) error {
	if _, err := file.WriteAt([]byte("free"), b.at+4); err != nil {
		return err
	}
	zeros := make([]byte, 64<<10)
	for at := b.content; at < b.end; at += int64(len(zeros)) {
		if _, err := file.WriteAt(zeros[:min(int64(len(zeros)), b.end-at)], at); err != nil {
			return err
		}
	}
	return nil
}
