// Package media takes in pictures and films: it looks at the content and not at the
// name, refuses what could harm, removes where and with what a picture was
// taken, keeps the file by its hash, and makes the rendition that each platform
// accepts.
package media

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"

	_ "golang.org/x/image/webp"

	"kentongan/internal/fault"
)

// Types that are taken in.
const (
	JPEG = "image/jpeg"
	PNG  = "image/png"
	GIF  = "image/gif"
	WebP = "image/webp"
)

// What a picture may be at most. Pixels are counted as they unfold in memory:
// 40 million take 160 MB, which is why only one is opened at a time.
const (
	MaxBytes  = 20 << 20
	maxPixels = 40_000_000
	maxSide   = 20_000
	maxFrames = 350 // X: at most 350 frames in a GIF
)

// Info is what the content itself says.
type Info struct {
	Type          string
	Width, Height int
	Frames        int // more than one: an animation
}

// Sniff finds type and size from the first bytes, without opening the picture,
// and refuses what is no picture or would unfold too large.
func Sniff(raw []byte) (Info, error) {
	if len(raw) > MaxBytes {
		return Info{}, fault.New(fault.Invalid, "media.too_large", fault.Field("media"), fault.Arg("limit", MaxBytes>>20))
	}
	kind := magic(raw)
	if kind == "" {
		return Info{}, fault.New(fault.Invalid, "media.type_unknown", fault.Field("media"))
	}
	if kind == WebP && animatedWebP(raw) {
		return Info{}, fault.New(fault.Invalid, "media.webp_animated", fault.Field("media"))
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || config.Width <= 0 || config.Height <= 0 {
		return Info{}, damaged(err)
	}
	info := Info{Type: kind, Width: config.Width, Height: config.Height, Frames: 1}
	if kind == GIF {
		if info.Frames, err = gifFrames(raw); err != nil {
			return Info{}, damaged(err)
		}
	}
	if info.Width > maxSide || info.Height > maxSide || info.weight(config.ColorModel) > maxPixels || info.Frames > maxFrames {
		return Info{}, fault.New(fault.Invalid, "media.too_many_pixels", fault.Field("media"),
			fault.Arg("width", info.Width), fault.Arg("height", info.Height), fault.Arg("limit", maxPixels/1_000_000))
	}
	return info, nil
}

// weight is the pixels that unfold, each 16-bit one counted twice and each
// GIF one as a quarter (a byte instead of four).
func (i Info) weight(model color.Model) int64 {
	n := int64(i.Width) * int64(i.Height)
	switch {
	case i.Type == GIF:
		return n * int64(i.Frames) / 4
	case model == color.RGBA64Model || model == color.NRGBA64Model:
		return 2 * n
	}
	return n
}

func damaged(err error) error {
	return fault.Wrap(fault.Invalid, "media.damaged", err, fault.Field("media"))
}

func magic(raw []byte) string {
	switch {
	case bytes.HasPrefix(raw, []byte("\xff\xd8\xff")):
		return JPEG
	case bytes.HasPrefix(raw, []byte("\x89PNG\r\n\x1a\n")):
		return PNG
	case bytes.HasPrefix(raw, []byte("GIF87a")), bytes.HasPrefix(raw, []byte("GIF89a")):
		return GIF
	case len(raw) >= 16 && bytes.Equal(raw[:4], []byte("RIFF")) && bytes.Equal(raw[8:12], []byte("WEBP")):
		return WebP
	}
	return ""
}

// animatedWebP reads the animation bit of the extended header (RFC 9649 §2.7).
func animatedWebP(raw []byte) bool {
	return len(raw) > 20 && bytes.Equal(raw[12:16], []byte("VP8X")) && raw[20]&0x02 != 0
}

// gifFrames counts images by walking the blocks (GIF89a §15-26), so that a
// small file with a thousand frames is refused before it unfolds.
func gifFrames(raw []byte) (int, error) {
	at := 13 // header and screen descriptor
	if len(raw) < at {
		return 0, errShort
	}
	at += colorTable(raw[10])
	frames := 0
	for at < len(raw) {
		switch raw[at] {
		case 0x21: // extension: label, then data
			at += 2
		case 0x2c: // image: descriptor, its colours, code size, then data
			if at+10 > len(raw) {
				return 0, errShort
			}
			frames++
			at += 10 + colorTable(raw[at+9]) + 1
		default: // 0x3b ends the file; what follows is not read
			return frames, nil
		}
		for at < len(raw) && raw[at] != 0 {
			at += int(raw[at]) + 1
		}
		at++
	}
	return frames, nil
}

func colorTable(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// orientation is the EXIF orientation, 1 to 8; 1 is upright. Cameras store the
// picture as the sensor lay and note here how it was held.
func orientation(raw []byte, kind string) int {
	tiff := exif(raw, kind)
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int(order.Uint32(tiff[4:]))
	if at < 8 || at+2 > len(tiff) {
		return 1
	}
	for i := range int(order.Uint16(tiff[at:])) {
		entry := at + 2 + i*12
		if entry+12 > len(tiff) {
			break
		}
		if order.Uint16(tiff[entry:]) == 0x0112 {
			if o := int(order.Uint16(tiff[entry+8:])); o >= 1 && o <= 8 {
				return o
			}
		}
	}
	return 1
}

// exif finds the TIFF block that holds a picture's notes, if there is one.
func exif(raw []byte, kind string) []byte {
	switch kind {
	case JPEG:
		return jpegExif(raw)
	case PNG:
		return chunk(raw, 8, "eXIf", binary.BigEndian, false)
	case WebP:
		return bytes.TrimPrefix(chunk(raw, 12, "EXIF", binary.LittleEndian, true), []byte("Exif\x00\x00"))
	}
	return nil
}

func jpegExif(raw []byte) []byte {
	for at := 2; at+4 <= len(raw) && raw[at] == 0xff && raw[at+1] != 0xda; {
		end := at + 2 + int(binary.BigEndian.Uint16(raw[at+2:]))
		if end > len(raw) || end < at+4 {
			return nil
		}
		if body := raw[at+4 : end]; raw[at+1] == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			return body[6:]
		}
		at = end
	}
	return nil
}

// chunk finds a named chunk: length then name (PNG) or name then length (RIFF).
func chunk(raw []byte, at int, name string, order binary.ByteOrder, nameFirst bool) []byte {
	for at+8 <= len(raw) {
		sizeAt, nameAt, tail := at, at+4, 4 // PNG: a checksum follows
		if nameFirst {
			sizeAt, nameAt, tail = at+4, at, 0
		}
		size := int64(order.Uint32(raw[sizeAt:]))
		end := int64(at) + 8 + size
		if end > int64(len(raw)) {
			return nil
		}
		if string(raw[nameAt:nameAt+4]) == name {
			return raw[at+8 : end]
		}
		if nameFirst {
			tail = int(size & 1) // RIFF: padded to even
		}
		at = int(end) + tail
	}
	return nil
}
