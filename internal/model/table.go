package model

import (
	"math/bits"
	"slices"
)

// Lanes lie side by side, a row of bytes for each bucket, so that one message
// reads each of its rows once for all heads. What costs is not the adding but
// the way to memory: lanes that know few buckets are kept in a table of their
// own, which is small and mostly not asked, and what is left is at most 64
// lanes: one cache line.

// table holds lanes by bucket, a byte each, plus 128.
type table struct {
	words  []uint64 // by row: stride words of eight lanes
	stride int
	known  []ranked // of a small table: the buckets that have a row; nil: every bucket has the row of its number
}

// ranked tells of 64 buckets which have a row, a bit each, and how many have one
// before them.
type ranked struct {
	bits   uint64
	before uint32
}

const silent = 0x8080808080808080 // eight lanes that say nothing

// line is how many lanes fit a cache line, and fewFrom the share of buckets
// below which a lane goes to the small table even where there is room.
const (
	line    = 64
	fewFrom = 1.0 / 16
)

// arrange puts lanes into the two tables, and says at which place each lies:
// those of the small table come behind those of the great one, which takes the
// fullest.
func (m *Model) arrange(weights [][]int8) {
	known := make([]int, len(weights))
	for l, w := range weights {
		for _, v := range w {
			if v != 0 {
				known[l]++
			}
		}
	}
	fullest := slices.Clone(known)
	slices.SortFunc(fullest, func(a, b int) int { return b - a })
	least := int(fewFrom * Buckets)
	if len(fullest) > line {
		least = max(least, fullest[line]+1)
	}
	var great, small []int
	for l, n := range known {
		if n < least {
			small = append(small, l)
		} else {
			great = append(great, l)
		}
	}
	m.slot = make([]int, len(weights))
	m.great = table{stride: (len(great) + 7) / 8}
	m.small = table{stride: (len(small) + 7) / 8, known: make([]ranked, Buckets/64)}
	for k, l := range great {
		m.slot[l] = k
	}
	for k, l := range small {
		m.slot[l] = m.great.stride*8 + k
		for b, v := range weights[l] {
			if v != 0 {
				m.small.known[b/64].bits |= 1 << (b % 64)
			}
		}
	}
	rows := 0
	for i := range m.small.known {
		k := &m.small.known[i]
		k.before = uint32(rows)
		rows += bits.OnesCount64(k.bits)
	}
	m.great.words = slices.Repeat([]uint64{silent}, Buckets*m.great.stride)
	m.small.words = slices.Repeat([]uint64{silent}, rows*m.small.stride)
	for k, l := range great {
		m.great.put(weights[l], k)
	}
	for k, l := range small {
		m.small.put(weights[l], k)
	}
	inGreatPages(m.great.words)
	inGreatPages(m.small.words)
}

func (t *table) put(weights []int8, place int) {
	for b, w := range weights {
		if w != 0 {
			row := t.row(uint32(b))
			row[place/8] ^= uint64(uint8(w)) << (8 * (place % 8)) // 0x80 ^ w is w + 128
		}
	}
}

// has says whether the bucket has a row.
func (t *table) has(bucket uint32) bool {
	return t.known == nil || t.known[bucket/64].bits>>(bucket%64)&1 == 1
}

// row of a bucket that has one.
func (t *table) row(bucket uint32) []uint64 {
	if t.known != nil {
		k := &t.known[bucket/64]
		bucket = k.before + uint32(bits.OnesCount64(k.bits&(1<<(bucket%64)-1)))
	}
	return t.words[int(bucket)*t.stride:][:t.stride]
}

// weight of a bucket at a place.
func (t *table) weight(bucket uint32, place int) int {
	if !t.has(bucket) {
		return 0
	}
	return int(t.row(bucket)[place/8]>>(8*(place%8))&0xFF) - 128
}

// A word's bytes 0, 2, 4, 6 are added up apart from its bytes 1 to 7, four
// sums of 16 bits in a word; a byte of at most 255 fits 257 times.
const (
	evenBytes = 0x00FF00FF00FF00FF
	runLength = 256
)

// sum adds up all lanes of the table over all buckets: eight lanes in a word
// with four operations. The sums of bytes 1 to 7 run into each other, until
// those of the even ones are taken out again.
func (t *table) sum(buckets []uint32, s *Scratch, out []int32) {
	clear(out)
	if t.stride == 0 {
		return
	}
	even, rest := s.even[:t.stride], s.rest[:t.stride]
	for len(buckets) > 0 {
		run := buckets[:min(runLength, len(buckets))]
		buckets = buckets[len(run):]
		clear(even)
		clear(rest)
		if t.known != nil {
			run = t.pick(run, &s.picked)
		}
		s.asked = ask(t.words, t.stride, run)
		addUp(t.words, t.stride, run, even, rest)
		none := 128 * int32(len(run))
		for i, e := range even {
			o := rest[i] - e>>16<<8
			sums := out[i*8:][:8]
			for j := range 4 {
				sums[j*2] += int32(e>>(16*j)&0xFFFF) - none
				sums[j*2+1] += int32(o>>(16*j)&0xFFFF) - none
			}
		}
	}
}

// ask reads a word of each row, for no sake but that all are on their way from
// memory before the first is needed.
func ask(words []uint64, stride int, run []uint32) (seen uint64) {
	for _, bucket := range run {
		seen |= words[int(bucket)*stride]
	}
	return seen
}

// addUp adds up rows, four words at a time of four rows at a time: what is
// brought to a sum only once for four rows costs a quarter.
func addUp(words []uint64, stride int, rows []uint32, even, rest []uint64) {
	switch stride {
	case 8:
		rows = addEight(words, rows, (*[8]uint64)(even), (*[8]uint64)(rest))
	case 4:
		rows = addFour(words, rows, (*[4]uint64)(even), (*[4]uint64)(rest))
	}
	for ; len(rows) >= 4; rows = rows[4:] {
		a, b := words[int(rows[0])*stride:][:stride], words[int(rows[1])*stride:][:stride]
		c, d := words[int(rows[2])*stride:][:stride], words[int(rows[3])*stride:][:stride]
		even, rest, b, c, d := even[:len(a)], rest[:len(a)], b[:len(a)], c[:len(a)], d[:len(a)]
		for i, w := range a {
			x, y, z := b[i], c[i], d[i]
			even[i] += w&evenBytes + x&evenBytes + y&evenBytes + z&evenBytes
			rest[i] += w>>8 + x>>8 + y>>8 + z>>8
		}
	}
	for _, n := range rows {
		row := words[int(n)*stride:][:stride]
		even, rest := even[:len(row)], rest[:len(row)]
		for i, w := range row {
			even[i] += w & evenBytes
			rest[i] += w >> 8
		}
	}
}

// addEight is addUp for rows of eight words and addFour for rows of four, as
// ours are; the rows left over come back.
func addEight(words []uint64, rows []uint32, even, rest *[8]uint64) []uint32 {
	for ; len(rows) >= 4; rows = rows[4:] {
		a, b := (*[8]uint64)(words[int(rows[0])*8:]), (*[8]uint64)(words[int(rows[1])*8:])
		c, d := (*[8]uint64)(words[int(rows[2])*8:]), (*[8]uint64)(words[int(rows[3])*8:])
		for i := range even {
			w, x, y, z := a[i], b[i], c[i], d[i]
			even[i] += w&evenBytes + x&evenBytes + y&evenBytes + z&evenBytes
			rest[i] += w>>8 + x>>8 + y>>8 + z>>8
		}
	}
	return rows
}

func addFour(words []uint64, rows []uint32, even, rest *[4]uint64) []uint32 {
	e0, e1, e2, e3 := even[0], even[1], even[2], even[3]
	r0, r1, r2, r3 := rest[0], rest[1], rest[2], rest[3]
	for ; len(rows) >= 2; rows = rows[2:] {
		a, b := (*[4]uint64)(words[int(rows[0])*4:]), (*[4]uint64)(words[int(rows[1])*4:])
		e0 += a[0]&evenBytes + b[0]&evenBytes
		r0 += a[0]>>8 + b[0]>>8
		e1 += a[1]&evenBytes + b[1]&evenBytes
		r1 += a[1]>>8 + b[1]>>8
		e2 += a[2]&evenBytes + b[2]&evenBytes
		r2 += a[2]>>8 + b[2]>>8
		e3 += a[3]&evenBytes + b[3]&evenBytes
		r3 += a[3]>>8 + b[3]>>8
	}
	*even, *rest = [4]uint64{e0, e1, e2, e3}, [4]uint64{r0, r1, r2, r3}
	return rows
}

// pick finds the rows of those buckets that have one. It does not branch on
// that: every other bucket has none, and nobody could guess which.
func (t *table) pick(run []uint32, picked *[runLength]uint32) []uint32 {
	n := 0
	for _, bucket := range run {
		k := &t.known[bucket/64]
		at := bucket % 64
		picked[n%runLength] = k.before + uint32(bits.OnesCount64(k.bits&(1<<at-1)))
		n += int(k.bits >> at & 1)
	}
	return picked[:n]
}
