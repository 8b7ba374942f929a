package main

import (
	"bytes"
	"hash/fnv"
	"image"
	"image/color"
	"image/png"
)

// poster draws a picture for an invented announcement: a map of sorts, another
// one for each text. It says nothing that its alt text does not.
func poster(text string) []byte {
	const width, height = 1080, 1080
	h := fnv.New64a()
	h.Write([]byte(text))
	seed := h.Sum64()
	img := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{
		color.RGBA{0xF4, 0xF1, 0xEA, 255}, color.RGBA{0x10, 0x17, 0x2E, 255}, color.RGBA{0xD3, 0x94, 0x47, 255},
		color.RGBA{0x5B, 0x8D, 0xB8, 255}, color.RGBA{0xC9, 0xD8, 0xC5, 255},
	})
	box := func(x0, y0, x1, y1 int, c uint8) {
		for y := max(y0, 0); y < min(y1, height); y++ {
			for x := max(x0, 0); x < min(x1, width); x++ {
				img.SetColorIndex(x, y, c)
			}
		}
	}
	for i := range 5 { // blocks of houses between the streets
		for j := range 5 {
			if seed>>(uint(i*5+j)%60)&1 == 0 {
				box(60+i*200, 60+j*200, 220+i*200, 220+j*200, 4)
			}
		}
	}
	for x := range width { // the river, and the bridge across it
		y := 540 + int(seed%90) + (x*x/9000)%120
		box(x, y, x+1, y+70, 3)
	}
	box(500, 300, 560, 900, 2)
	box(440, 300, 500, 330, 1)
	box(560, 870, 640, 900, 1)
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil // a picture in memory can always be written
	}
	return b.Bytes()
}
