package model

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// A weights file is:
//
//	8 bytes  "KTGWTS" and the version of the format, big endian
//	4 bytes  length of the header
//	header   JSON: a Part without its weights
//	rest     weights as int8, lane by lane, deflated
//	4 bytes  CRC-32 (IEEE) of everything before
const (
	magic      = "KTGWTS"
	fileFormat = 1
	maxHeader  = 4 << 20
)

// ErrBroken is what every refusal of a weights file wraps.
var ErrBroken = errors.New("the weights file cannot be used")

// Write writes a part. The same part gives the same bytes.
func (p *Part) Write(w io.Writer) error {
	if err := p.check(); err != nil {
		return err
	}
	header, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("model: header: %w", err)
	}
	var out bytes.Buffer
	out.WriteString(magic)
	out.Write(binary.BigEndian.AppendUint16(nil, fileFormat))
	out.Write(binary.BigEndian.AppendUint32(nil, uint32(len(header))))
	out.Write(header)
	z, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		return fmt.Errorf("model: deflate: %w", err)
	}
	row := make([]byte, Buckets)
	for _, weights := range p.Weights {
		for b, v := range weights {
			row[b] = byte(v)
		}
		if _, err := z.Write(row); err != nil {
			return fmt.Errorf("model: deflate: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("model: deflate: %w", err)
	}
	out.Write(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(out.Bytes())))
	if _, err := w.Write(out.Bytes()); err != nil {
		return fmt.Errorf("model: write: %w", err)
	}
	return nil
}

// Read reads what Write wrote. Whatever else it is given, it says what is
// wrong and takes no more memory than a whole file would.
func Read(file []byte) (*Part, error) {
	bad := func(format string, a ...any) (*Part, error) {
		return nil, fmt.Errorf("model: %w: "+format, append([]any{ErrBroken}, a...)...)
	}
	const fixed = len(magic) + 2 + 4
	if len(file) < fixed+4 || string(file[:len(magic)]) != magic {
		return bad("it does not begin like one")
	}
	if v := binary.BigEndian.Uint16(file[len(magic):]); v != fileFormat {
		return bad("its format is %d, this program reads %d", v, fileFormat)
	}
	body, sum := file[:len(file)-4], binary.BigEndian.Uint32(file[len(file)-4:])
	if crc32.ChecksumIEEE(body) != sum {
		return bad("it was changed or cut off (checksum)")
	}
	n := int(binary.BigEndian.Uint32(file[len(magic)+2:]))
	if n > maxHeader || n > len(body)-fixed {
		return bad("its header is longer than the file")
	}
	var p Part
	if err := json.Unmarshal(body[fixed:fixed+n], &p); err != nil {
		return bad("header: %w", err)
	}
	if len(p.Lanes) > maxLanes || p.Buckets != Buckets {
		return bad("%d lanes of %d buckets", len(p.Lanes), p.Buckets)
	}
	z := flate.NewReader(bytes.NewReader(body[fixed+n:]))
	row := make([]byte, Buckets)
	for range p.Lanes {
		if _, err := io.ReadFull(z, row); err != nil {
			return bad("weights: %w", err)
		}
		weights := make([]int8, Buckets)
		for b, v := range row {
			weights[b] = int8(v)
		}
		p.Weights = append(p.Weights, weights)
	}
	if n, _ := z.Read(row[:1]); n > 0 {
		return bad("there are more weights than lanes")
	}
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("%w (%w)", err, ErrBroken)
	}
	return &p, nil
}
