package media

import (
	"bytes"
	"errors"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
)

var errShort = errors.New("the file ends too early")

const quality = 92

// clean opens a picture, turns it upright and writes it anew. What is written
// holds the picture only: no place, no camera, no thumbnail, no comment, nothing
// behind its end. The price: a colour profile is lost, and a JPEG is compressed
// a second time.
func clean(raw []byte) ([]byte, Info, error) {
	info, err := Sniff(raw)
	if err != nil {
		return nil, Info{}, err
	}
	if info.Type == GIF {
		return cleanGIF(raw, info)
	}
	picture, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, Info{}, damaged(err)
	}
	picture = upright(picture, orientation(raw, info.Type))
	if info.Type == WebP {
		// There is no WebP writer in Go: a lossy, opaque picture becomes JPEG,
		// any other PNG.
		info.Type = PNG
		if _, lossy := picture.(*image.YCbCr); lossy {
			info.Type = JPEG
		}
	}
	info.Width, info.Height = picture.Bounds().Dx(), picture.Bounds().Dy()
	out, err := encode(picture, info.Type, quality)
	return out, info, err
}

func cleanGIF(raw []byte, info Info) ([]byte, Info, error) {
	all, err := gif.DecodeAll(bytes.NewReader(raw))
	if err != nil {
		return nil, Info{}, damaged(err)
	}
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, all); err != nil {
		return nil, Info{}, damaged(err)
	}
	info.Frames = len(all.Image)
	return out.Bytes(), info, nil
}

func encode(picture image.Image, kind string, quality int) ([]byte, error) {
	var out bytes.Buffer
	var err error
	if kind == PNG {
		err = png.Encode(&out, picture)
	} else {
		err = jpeg.Encode(&out, opaque(picture), &jpeg.Options{Quality: quality})
	}
	if err != nil {
		return nil, damaged(err)
	}
	return out.Bytes(), nil
}

// opaque lays a picture with see-through parts on white: JPEG would make them
// black.
func opaque(picture image.Image) image.Image {
	if o, ok := picture.(interface{ Opaque() bool }); ok && o.Opaque() {
		return picture
	}
	flat := image.NewRGBA(picture.Bounds())
	draw.Draw(flat, flat.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(flat, flat.Bounds(), picture, picture.Bounds().Min, draw.Over)
	return flat
}

// upright undoes the EXIF orientation. Orientations 5 to 8 lie on their side.
func upright(picture image.Image, orientation int) image.Image {
	if orientation <= 1 {
		return picture
	}
	b := picture.Bounds()
	from := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(from, from.Bounds(), picture, b.Min, draw.Src)
	w, h := b.Dx(), b.Dy()
	if orientation >= 5 {
		w, h = h, w
	}
	to := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			sx, sy := source(orientation, x, y, w, h)
			copy(to.Pix[to.PixOffset(x, y):][:4], from.Pix[from.PixOffset(sx, sy):][:4])
		}
	}
	return to
}

// source says where the upright pixel x, y of a w by h picture lies in the file
// (TIFF 6.0, Orientation).
func source(orientation, x, y, w, h int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, w - 1 - x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return h - 1 - y, x
	}
	return x, y
}
