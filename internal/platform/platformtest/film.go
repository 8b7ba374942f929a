package platformtest

import (
	"bytes"
	"encoding/binary"
	"time"
)

// A film made here: H.264 in MP4 (ISO/IEC 14496-12, 14496-15), 128 by 96
// points, two pictures a second, each a grey of its own. Every macroblock is
// raw (I_PCM), so any player shows it and nothing had to be encoded.
const (
	filmWidth, filmHeight = 128, 96
	filmRate              = 2 // pictures a second
)

// Film is a true MP4 of a length; other seeds are other films.
func Film(length time.Duration, seed byte) []byte {
	n := max(int(length.Seconds()*filmRate), 1)
	var samples [][]byte
	for i := range n {
		samples = append(samples, filmPicture(i, seed+byte(i)*3))
	}
	ftyp := box("ftyp", []byte("isom"), u32(512), []byte("isommp42avc1"))
	// The table of offsets has the same size whatever stands in it.
	moov := filmIndex(samples, 0)
	data := len(ftyp) + len(moov) + 8
	return bytes.Join([][]byte{ftyp, filmIndex(samples, data), box("mdat", samples...)}, nil)
}

func box(name string, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	return bytes.Join([][]byte{u32(len(body) + 8), []byte(name), body}, nil)
}

func u32(n int) []byte    { return binary.BigEndian.AppendUint32(nil, uint32(n)) }
func u16(n int) []byte    { return binary.BigEndian.AppendUint16(nil, uint16(n)) }
func nought(n int) []byte { return make([]byte, n) }

// filmSPS and filmPPS say: baseline, 8 by 6 macroblocks, CAVLC, no filter.
func filmSPS() []byte { return []byte{0x67, 0x42, 0x00, 0x0a, 0xf8, 0x41, 0xa2} }
func filmPPS() []byte { return []byte{0x68, 0xce, 0x38, 0x80} }

// filmPicture is one IDR slice, with its length in front as MP4 wants it. The
// slice's header ends in its first macroblock's type; two IDR pictures in a row
// have different numbers (H.264, 7.4.3).
func filmPicture(n int, grey byte) []byte {
	nal := append([]byte{0x65}, [][]byte{{0x88, 0x84, 0x08, 0x68}, {0x88, 0x82, 0x02, 0x1a}}[n%2]...)
	grey = grey%200 + 20 // no noughts: nothing to escape
	for i := range filmWidth / 16 * filmHeight / 16 {
		if i > 0 {
			nal = append(nal, 0x0d, 0x00)
		}
		nal = append(nal, bytes.Repeat([]byte{grey}, 256)...)
		nal = append(nal, bytes.Repeat([]byte{0x80}, 128)...)
	}
	nal = append(nal, 0x80)
	return append(u32(len(nal)), nal...)
}

// matrix is the identity transformation that every header carries.
func matrix() []byte {
	return bytes.Join([][]byte{u32(0x10000), nought(12), u32(0x10000), nought(12), u32(0x40000000)}, nil)
}

// filmIndex is the moov box for samples that lie one after another from data.
func filmIndex(samples [][]byte, data int) []byte {
	n := len(samples)
	var sizes []byte
	for _, s := range samples {
		sizes = append(sizes, u32(len(s))...)
	}
	sps, pps := filmSPS(), filmPPS()
	avcc := box("avcC", []byte{1, 0x42, 0x00, 0x0a, 0xff, 0xe1}, u16(len(sps)), sps, []byte{1}, u16(len(pps)), pps)
	avc1 := box("avc1", nought(6), u16(1), nought(16), u16(filmWidth), u16(filmHeight), u32(0x480000), u32(0x480000), u32(0), u16(1), nought(32), u16(0x18), u16(0xffff), avcc)
	table := box("stbl",
		box("stsd", u32(0), u32(1), avc1),
		box("stts", u32(0), u32(1), u32(n), u32(1)),
		box("stsc", u32(0), u32(1), u32(1), u32(n), u32(1)),
		box("stsz", u32(0), u32(0), u32(n), sizes),
		box("stco", u32(0), u32(1), u32(data)),
	)
	media := box("mdia",
		box("mdhd", u32(0), nought(8), u32(filmRate), u32(n), u16(0x55c4), u16(0)),
		box("hdlr", u32(0), u32(0), []byte("vide"), nought(12), []byte("film\x00")),
		box("minf", box("vmhd", u32(1), nought(8)), box("dinf", box("dref", u32(0), u32(1), box("url ", u32(1)))), table),
	)
	track := box("trak",
		box("tkhd", u32(7), nought(8), u32(1), u32(0), u32(n*1000/filmRate), nought(16), matrix(), u32(filmWidth<<16), u32(filmHeight<<16)),
		media,
	)
	head := box("mvhd", u32(0), nought(8), u32(1000), u32(n*1000/filmRate), u32(0x10000), u16(0x100), nought(10), matrix(), nought(24), u32(2))
	return box("moov", head, track)
}
