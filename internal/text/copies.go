package text

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
)

// minCopyLetters is the shortest text that can be called a copy of another:
// "mantap" from two people is no campaign.
const minCopyLetters = 12

// CopyKey is the same for texts that differ only in disguise, capitals,
// spaces, punctuation, pictures, people addressed, a time mark in front
// ("02:42") or lone numbers. It is "" for a text too short to compare.
func CopyKey(s string) string {
	f := Fold(s)
	return f.CopyKey(f.Tokens())
}

// CopyKey is the same of a text that is folded already; tokens are its own.
func (f Folded) CopyKey(tokens []Token) string {
	var b strings.Builder
	letters := 0
	for _, t := range tokens {
		if t.first > 0 && f.cells[t.first-1].r == '@' {
			continue // whoever is addressed
		}
		if isNumber(t.Plain) {
			continue
		}
		for _, r := range t.Text {
			if unicode.IsLetter(r) {
				letters++
			}
		}
		b.WriteString(t.Text)
	}
	if letters < minCopyLetters {
		return ""
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:16])
}

func isNumber(s string) bool {
	for _, r := range s {
		if !unicode.IsDigit(r) {
			return false
		}
	}
	return true
}
