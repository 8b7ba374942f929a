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
	f := Fold(s)
	tokens := f.Tokens()
	b := make([]byte, 0, len(f.Text))
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
	if letters < minCopyLetters {
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}
