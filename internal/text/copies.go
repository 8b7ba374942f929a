package text

import (
	"crypto/sha256"
	"encoding/hex"
	"unicode"
	"unicode/utf8"
)

// minCopyLetters is the shortest text that can be called a copy of another:
// "mantap" from two people is no campaign.
const minCopyLetters = 12

// CopyKey is the same for texts that differ only in disguise, capitals,
// spaces, punctuation, pictures, people addressed, a time mark in front
// ("02:42") or lone numbers. It is "" for a text too short to compare.
func CopyKey(s string) string {
	var k Scratch
	f := k.Fold(s)
	return k.CopyKey(f, k.Tokens(f))
}

// CopyKey is the same of a text that is folded already; tokens are its own.
func (f Folded) CopyKey(tokens []Token) string { return new(Scratch).CopyKey(f, tokens) }

// CopyKey does the same in the room that is kept.
func (k *Scratch) CopyKey(f Folded, tokens []Token) string {
	b := k.buf[:0] // the folded text has been copied out of it
	letters := 0
	for i := range tokens {
		t := &tokens[i]
		if t.first > 0 && f.cells[t.first-1].r == '@' {
			continue // whoever is addressed
		}
		if t.traits&wordy == digit {
			continue
		}
		for _, r := range t.Text {
			if r >= 'a' && r <= 'z' || r >= utf8.RuneSelf && unicode.IsLetter(r) {
				letters++
			}
		}
		b = append(b, t.Text...)
	}
	k.buf = b
	if letters < minCopyLetters {
		return ""
	}
	sum := sha256.Sum256(b)
	var out [32]byte
	hex.Encode(out[:], sum[:16])
	return string(out[:])
}
