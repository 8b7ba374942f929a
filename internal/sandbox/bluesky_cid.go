package sandbox

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Codecs of a CID (github.com/multiformats/multicodec).
const (
	codecRaw     = 0x55
	codecDagCBOR = 0x71
)

var lowerBase32 = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// cidOf is a CIDv1 with SHA-256 in base32, as AT Protocol wants every CID.
func cidOf(codec byte, data []byte) string {
	sum := sha256.Sum256(data)
	return "b" + lowerBase32.EncodeToString(append([]byte{1, codec, 0x12, 0x20}, sum[:]...))
}

// cidBytes reads such a CID back.
func cidBytes(cid string) ([]byte, error) {
	rest, ok := strings.CutPrefix(cid, "b")
	raw, err := lowerBase32.DecodeString(rest)
	if !ok || err != nil || len(raw) != 36 || raw[0] != 1 || raw[2] != 0x12 || raw[3] != 0x20 {
		return nil, errors.New("not a CID")
	}
	return raw, nil
}

// recordCID is the CID of a record: of its DAG-CBOR.
func recordCID(record any) (string, error) {
	raw, err := dagCBOR(nil, record)
	if err != nil {
		return "", err
	}
	return cidOf(codecDagCBOR, raw), nil
}

var errCBOR = errors.New("not a value of the AT Protocol data model")

// dagCBOR encodes decoded JSON in the canonical form: shortest heads, map keys
// by length and then bytes, links under tag 42 (ipld.io/specs/codecs/dag-cbor).
func dagCBOR(out []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(out, 0xf6), nil
	case bool:
		if v {
			return append(out, 0xf5), nil
		}
		return append(out, 0xf4), nil
	case string:
		return append(cborHead(out, 3, uint64(len(v))), v...), nil
	case int:
		return dagCBOR(out, json.Number(strconv.Itoa(v)))
	case json.Number:
		n, err := v.Int64()
		if err != nil {
			return nil, errCBOR // the data model has no fractions
		}
		if n < 0 {
			return cborHead(out, 1, uint64(-1-n)), nil
		}
		return cborHead(out, 0, uint64(n)), nil
	case []any:
		out = cborHead(out, 4, uint64(len(v)))
		var err error
		for _, x := range v {
			if out, err = dagCBOR(out, x); err != nil {
				return nil, err
			}
		}
		return out, nil
	case map[string]any:
		return cborMap(out, v)
	}
	return nil, errCBOR
}

func cborMap(out []byte, m map[string]any) ([]byte, error) {
	if link, ok := m["$link"].(string); ok && len(m) == 1 {
		raw, err := cidBytes(link)
		if err != nil {
			return nil, err
		}
		out = cborHead(out, 6, 42)
		return append(append(cborHead(out, 2, uint64(len(raw)+1)), 0), raw...), nil
	}
	if text, ok := m["$bytes"].(string); ok && len(m) == 1 {
		raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
		if err != nil {
			return nil, errCBOR
		}
		return append(cborHead(out, 2, uint64(len(raw))), raw...), nil
	}
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	out = cborHead(out, 5, uint64(len(m)))
	var err error
	for _, k := range keys {
		out = append(cborHead(out, 3, uint64(len(k))), k...)
		if out, err = dagCBOR(out, m[k]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func cborHead(out []byte, major byte, n uint64) []byte {
	major <<= 5
	switch {
	case n < 24:
		return append(out, major|byte(n))
	case n < 1<<8:
		return append(out, major|24, byte(n))
	case n < 1<<16:
		return append(out, major|25, byte(n>>8), byte(n))
	case n < 1<<32:
		return append(out, major|26, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	}
	return append(out, major|27, byte(n>>56), byte(n>>48), byte(n>>40), byte(n>>32), byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
}

const sortable = "234567abcdefghijklmnopqrstuvwxyz"

// nextTID is a record key that tells its time and is larger than every earlier
// one (atproto.com/specs/tid): microseconds and ten bits of a clock's id.
func (w *world) nextTID(now time.Time) string {
	n := max(now.UnixMicro(), w.last[Bluesky]+1)
	w.last[Bluesky] = n
	return tidOf(n, 21)
}

func tidOf(micros int64, clock int) string {
	n := uint64(micros)<<10 | uint64(clock&1023)
	b := make([]byte, 13)
	for i := range b {
		b[12-i] = sortable[n&31]
		n >>= 5
	}
	return string(b)
}

// validTID: thirteen signs, the first of them one of sixteen.
func validTID(s string) bool {
	if len(s) != 13 || !strings.ContainsRune(sortable[:16], rune(s[0])) {
		return false
	}
	for _, r := range s {
		if !strings.ContainsRune(sortable, r) {
			return false
		}
	}
	return true
}
