package model

import (
	"math/bits"
	"strings"

	"kentongan/internal/text"
)

// shape counts what a person sees at a glance.
type shape struct {
	words, letters, capitals, allCaps      int
	digits, mixed, disguised, joined       int
	users, links, pictures, stretched      int
	exclaims, questions, dots, quotes      int
	commas, hashes, lines, at, percent     int
	shortWords, numbers, tail, money, star int
	colons, semicolons, slashes, amps      int
	begin, end                             int
	forms                                  [formBits]int
}

// formBits is how many text.Shape there are.
const formBits = 10

func (k *shape) word(raw string, t *text.Token) {
	k.words++
	caps, digits, run := 0, 0, 1
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c >= 'A' && c <= 'Z':
			caps++
		case c >= '0' && c <= '9':
			digits++
		case c == '*':
			k.star++
		}
		if i > 0 && raw[i] == raw[i-1] {
			if run++; run == 3 && raw[i] > '9' {
				k.stretched++
			}
		} else {
			run = 1
		}
	}
	k.letters += len(raw)
	k.capitals += caps
	k.digits += digits
	if caps > 2 && caps == len(raw) {
		k.allCaps++
	}
	if digits == len(raw) {
		k.numbers++
		if digits >= 4 {
			k.money++
		}
	} else if digits > 0 {
		k.mixed++
		if raw[len(raw)-1] <= '9' {
			k.tail++ // WORD88: the shape of a gambling brand
		}
	}
	if len(raw) <= 2 {
		k.shortWords++
	}
	k.disguised += t.Disguised
	if t.Joined {
		k.joined++
	}
	for form := uint(t.Shape()); form != 0; form &= form - 1 {
		k.forms[bits.TrailingZeros(form)%formBits]++
	}
}

func (k *shape) sign(c byte) {
	switch c {
	case '!':
		k.exclaims++
	case '?':
		k.questions++
	case '.':
		k.dots++
	case '"', '\'':
		k.quotes++
	case ',':
		k.commas++
	case '#':
		k.hashes++
	case '\n':
		k.lines++
	case '@':
		k.at++
	case '%':
		k.percent++
	case '*':
		k.star++
	case ':':
		k.colons++
	case ';':
		k.semicolons++
	case '/':
		k.slashes++
	case '&':
		k.amps++
	}
}

// ends looks at how a message begins (passed on, addressed to somebody) and
// with what kind of sign it ends.
func (k *shape) ends(message string) {
	switch {
	case strings.HasPrefix(message, "RT "):
		k.begin = 1
	case strings.HasPrefix(message, "@"), strings.HasPrefix(message, "USER "):
		k.begin = 2
	}
	message = strings.TrimRight(message, "'\" \n")
	if message == "" {
		return
	}
	switch c := message[len(message)-1]; {
	case c == '.':
		k.end = 1
	case c == '?':
		k.end = 2
	case c == '!':
		k.end = 3
	case c >= '0' && c <= '9':
		k.end = 4
	case c >= 'a' && c <= 'z':
		k.end = 5
	case c >= 'A' && c <= 'Z':
		k.end = 6
	case c >= 0x80:
		k.end = 7
	}
}

// glance adds each count as its own bucket, on a logarithmic scale: 0, 1, 2-3,
// 4-7, …, and the same for shares.
func (s *Scratch) glance(k *shape) {
	for i, n := range [...]int{
		k.words, k.letters, k.capitals, k.allCaps, k.digits, k.mixed, k.disguised, k.joined,
		k.users, k.links, k.pictures, k.stretched, k.exclaims, k.questions, k.dots, k.quotes,
		k.commas, k.hashes, k.lines, k.at, k.percent, k.shortWords, k.numbers, k.tail, k.money, k.star,
		8 * k.capitals / max(1, k.letters), 8 * k.digits / max(1, k.letters),
		8 * k.disguised / max(1, k.letters), 8 * k.shortWords / max(1, k.words),
		2 * k.letters / max(1, k.words), k.colons, k.semicolons, k.slashes, k.amps,
	} {
		s.add(uint32(i)*16 + uint32(min(15, bits.Len(uint(max(0, n))))))
	}
	s.add(896 + uint32(k.begin))
	s.add(912 + uint32(k.end))
	for i, n := range k.forms {
		s.add(512 + uint32(i)*16 + uint32(min(15, bits.Len(uint(n)))))
	}
}
