package media

import (
	"bytes"
	"fmt"
	"image"
	"slices"
	"strings"
	"time"

	"golang.org/x/image/draw"

	"kentongan/internal/fault"
	"kentongan/internal/platform"
)

// Limits are what one platform accepts of a picture or film; zero means no limit.
type Limits struct {
	Types    []string
	MaxBytes int64
	MaxSide  int

	VideoTypes    []string // none: no films
	MaxVideoBytes int64
	MaxVideo      time.Duration
}

// LimitsOf reads them from a connector's abilities.
func LimitsOf(c platform.Capabilities) Limits {
	return Limits{
		Types: c.MediaTypes, MaxBytes: c.MaxMediaBytes, MaxSide: c.MaxMediaSide,
		VideoTypes: c.VideoTypes, MaxVideoBytes: c.MaxVideoBytes, MaxVideo: c.MaxVideo,
	}
}

// recipe names a rendition: platforms with the same limits share it. The first
// word changes when fit itself does.
func (l Limits) recipe() string {
	types := slices.Sorted(slices.Values(l.Types))
	return fmt.Sprintf("v1 %s %d %d", strings.Join(types, "+"), l.MaxBytes, l.MaxSide)
}

func (l Limits) accepts(kind string) bool {
	return len(l.Types) == 0 || slices.Contains(l.Types, kind)
}

func (l Limits) acceptsFilm(kind string) bool { return slices.Contains(l.VideoTypes, kind) }

func (l Limits) holds(size int, w, h int) bool {
	return (l.MaxBytes == 0 || int64(size) <= l.MaxBytes) && (l.MaxSide == 0 || max(w, h) <= l.MaxSide)
}

// fit makes the rendition: the picture itself where it already fits, else the
// largest and best one that does.
func fit(raw []byte, info Info, limits Limits) ([]byte, Info, error) {
	if limits.accepts(info.Type) && limits.holds(len(raw), info.Width, info.Height) {
		return raw, info, nil
	}
	if info.Frames > 1 {
		// Still pictures can be shrunk; an animation made smaller by us might
		// show what nobody approved.
		return nil, Info{}, fault.New(fault.Invalid, "media.animation_does_not_fit", fault.Field("media"),
			fault.Arg("bytes", limits.MaxBytes), fault.Arg("side", limits.MaxSide))
	}
	picture, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, Info{}, damaged(err)
	}
	side := max(info.Width, info.Height)
	if limits.MaxSide > 0 {
		side = min(side, limits.MaxSide)
	}
	for ; side >= 64; side = side * 4 / 5 {
		small := shrink(picture, side)
		for _, try := range attempts(info.Type, limits) {
			out, err := encode(small, try.kind, try.quality)
			if err != nil {
				return nil, Info{}, err
			}
			if w, h := small.Bounds().Dx(), small.Bounds().Dy(); limits.holds(len(out), w, h) {
				return out, Info{Type: try.kind, Width: w, Height: h, Frames: 1}, nil
			}
		}
	}
	return nil, Info{}, fault.New(fault.Invalid, "media.does_not_fit", fault.Field("media"), fault.Arg("bytes", limits.MaxBytes))
}

type attempt struct {
	kind    string
	quality int
}

// attempts are the ways to write a picture, best first: PNG for drawings, then
// JPEG of falling quality.
func attempts(kind string, limits Limits) []attempt {
	var all []attempt
	if kind != JPEG && limits.accepts(PNG) || !limits.accepts(JPEG) {
		all = append(all, attempt{kind: PNG})
	}
	if limits.accepts(JPEG) {
		all = append(all, attempt{JPEG, quality}, attempt{JPEG, 84}, attempt{JPEG, 74})
	}
	return all
}

func shrink(picture image.Image, side int) image.Image {
	b := picture.Bounds()
	long := max(b.Dx(), b.Dy())
	if long <= side {
		return picture
	}
	w, h := max(1, b.Dx()*side/long), max(1, b.Dy()*side/long)
	small := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(small, small.Bounds(), picture, b, draw.Src, nil)
	return small
}
