package model

import (
	"encoding/binary"
	"math/bits"
	"unicode"
	"unicode/utf8"

	"kentongan/internal/text"
)

// FeatureVersion changes whenever the same message could give other buckets:
// weights are only good for the features that they were trained on.
const FeatureVersion = 3

// The buckets are divided by kind, so that a kind can be weighted as a whole.
const (
	Buckets = 1 << 17
	// ShapeEnd, WordEnd: buckets below ShapeEnd are hand-made features, below
	// WordEnd words and pairs of words, and above letters inside words.
	ShapeEnd = 1 << 10
	WordEnd  = 48 << 10
)

// seed keeps our buckets apart from anybody else's.
const seed = 0x9E3779B1

// Scratch is the workspace of one message. It grows to the largest message and
// is then reused: scoring allocates nothing. It serves one goroutine.
type Scratch struct {
	buckets []uint32 // distinct, in reading order
	origins []origin // of runs of buckets
	seen    []uint64 // open-address set: epoch<<32 | bucket
	epoch   uint32
	word    []byte   // one word between its marks
	even    []uint64 // sums of lanes 0, 2, 4, 6 of each eight
	rest    []uint64 // of lanes 1 to 7, overlapping
	asked   uint64
	picked  [runLength]uint32
	sums    []int32
	lanes   []float32
	result  Result
	sets    []float64

	campaign CampaignReader
	foremost foremost
}

// origin says which token the features from a place on came from: -1 is none
// in particular; a pair is of a token and the one after it.
type origin struct {
	start, token int32
	pair         bool
}

// NewScratch returns an empty workspace.
func NewScratch() *Scratch { return &Scratch{} }

// Buckets are the features of the last message extracted, distinct. They are
// good until the next message.
func (s *Scratch) Buckets() []uint32 { return s.buckets }

// Extract reads the features of one message: words and pairs of words, four and
// six letters inside words, and what a person sees at a glance.
func (s *Scratch) Extract(f text.Folded, tokens []text.Token) []uint32 {
	s.reset(len(f.Text))
	var look shape
	var before uint32 // hash of the word before; 0 at the start
	end := 0          // of the last token, in the original
	last, link := 0, false
	for i := range tokens {
		t := &tokens[i]
		if t.Span.Start > end {
			s.from(i, false)
			link = s.gap(f.Original[end:t.Span.Start], link, &look)
		}
		end = max(end, t.Span.End)
		if link {
			continue // the rest of an address
		}
		s.from(i, false)
		h := s.read(f, t, &look)
		link = h == hashURL
		if before != 0 {
			s.from(i-1, true)
			s.add(wordBucket(before*31 ^ h*seed))
		}
		if before == 0 {
			s.add(wordBucket(h ^ hashFirst))
		}
		before, last = h, i
	}
	if before != 0 {
		s.from(last, false)
		s.add(wordBucket(before ^ hashLast))
	}
	look.ends(f.Original)
	if end < len(f.Original) {
		s.from(len(tokens)-1, false)
		s.gap(f.Original[end:], link, &look)
	}
	s.from(-1, false)
	s.glance(&look)
	return s.buckets
}

func (s *Scratch) reset(n int) {
	need := 1024
	for need < 10*n { // at most half full: some 4 features a letter
		need *= 2
	}
	if len(s.seen) < need {
		s.seen, s.epoch = make([]uint64, need), 0
	}
	if s.epoch++; s.epoch == 0 {
		clear(s.seen)
		s.epoch = 1
	}
	s.buckets, s.origins = s.buckets[:0], s.origins[:0]
}

// from says where the features that follow come from.
func (s *Scratch) from(token int, pair bool) {
	s.origins = append(s.origins, origin{int32(len(s.buckets)), int32(token), pair})
}

// add puts a bucket into the set once.
func (s *Scratch) add(bucket uint32) {
	key := uint64(s.epoch)<<32 | uint64(bucket)
	for i := bucket; ; i++ { // buckets are spread already
		switch k := &s.seen[i&uint32(len(s.seen)-1)]; {
		case *k == key:
			return
		case uint32(*k>>32) != s.epoch:
			*k = key
			s.buckets = append(s.buckets, bucket)
			return
		}
	}
}

// read adds one word and the letters inside it, and returns the word's hash.
func (s *Scratch) read(f text.Folded, t *text.Token, look *shape) uint32 {
	raw := t.Span.Of(f.Original)
	look.word(raw, t)
	if addressed(f.Original, t.Span.Start) || t.Text == "user" && raw == "USER" {
		look.users++
		s.add(wordBucket(hashUser))
		return hashUser
	}
	if t.Text == "http" || t.Text == "https" || t.Text == "www" || t.Text == "url" && raw == "URL" {
		look.links++
		s.add(wordBucket(hashURL))
		if raw == "URL" {
			return hashLink
		}
		return hashURL
	}
	w := s.squeeze(t.Text)
	h := hash(w[1 : len(w)-1])
	s.add(wordBucket(h))
	if t.Disguised > 0 || t.Joined || t.Plain != t.Text {
		s.add(wordBucket(hash(t.Plain) ^ hashDisguise))
	}
	s.letters(w)
	return h
}

// letters adds the four and the six bytes that start at each letter of "^word$".
// More of them say no more and cost more time (hate speech, F1: .853 with two to
// six, .854 with three, four and six, .854 with these; .852 with three and six,
// .853 with three and five, which lose a hundredth on sentiment).
func (s *Scratch) letters(w []byte) {
	for i := 0; i+4 <= len(w); i++ {
		if !utf8.RuneStart(w[i]) {
			continue
		}
		h := binary.LittleEndian.Uint32(w[i:]) * seed
		s.add(letterBucket(h))
		if i+6 <= len(w) {
			more := uint32(binary.LittleEndian.Uint16(w[i+4:])) + 1
			s.add(letterBucket(bits.RotateLeft32(h, 13) ^ more*0xC2B2AE3D))
		}
	}
}

// squeeze writes "^word$" with three or more of a letter as one.
func (s *Scratch) squeeze(word string) []byte {
	w := append(s.word[:0], '^')
	for i := 0; i < len(word); {
		end := i + 1
		for end < len(word) && word[end] == word[i] {
			end++
		}
		if end-i >= 3 && word[i] >= 'a' && word[i] <= 'z' {
			w = append(w, word[i])
		} else {
			w = append(w, word[i:end]...)
		}
		i = end
	}
	w = append(w, '$')
	s.word = w
	return w
}

// addressed: the sign before the word makes it somebody's name.
func addressed(original string, start int) bool { return start > 0 && original[start-1] == '@' }

// gap reads what stands between two words: pictures and signs. It says whether
// an address that has begun goes on.
func (s *Scratch) gap(between string, link bool, look *shape) bool {
	for j := 0; j < len(between); {
		c := between[j]
		if c < utf8.RuneSelf {
			if c <= ' ' {
				link = false
			}
			look.sign(c)
			j++
			continue
		}
		r, n := utf8.DecodeRuneInString(between[j:])
		j += n
		if r == 0xFE0F || r == 0x200D || r == utf8.RuneError {
			continue
		}
		if unicode.IsSpace(r) {
			link = false
		}
		if text.Picture(r) {
			look.pictures++
			s.add(wordBucket(uint32(r)*seed ^ hashPicture))
		}
	}
	return link
}

// Hashes of what stands for any of its kind.
const (
	hashUser     = 0x51A3B7C1
	hashURL      = 0x2F6E2B11
	hashLink     = 0x2F6E2B13 // written "URL" by those who cleaned the text
	hashDisguise = 0x7C0FFEE1
	hashPicture  = 0x3A5D1E77
	hashFirst    = 0x1B0E55A9 // the word that begins a message
	hashLast     = 0x6D2F9C35 // the word that ends it
)

func hash[T []byte | string](w T) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(w); i++ {
		h = (h ^ uint32(w[i])) * 16777619
	}
	return h
}

// spread maps a hash onto n buckets.
func spread(h, n uint32) uint32 {
	h ^= h >> 15
	h *= 0x85EBCA6B
	h ^= h >> 13
	return uint32(uint64(h) * uint64(n) >> 32)
}

func wordBucket(h uint32) uint32   { return ShapeEnd + spread(h, WordEnd-ShapeEnd) }
func letterBucket(h uint32) uint32 { return WordEnd + spread(h, Buckets-WordEnd) }
