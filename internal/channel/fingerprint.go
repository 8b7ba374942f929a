package channel

import (
	"crypto/sha256"
	"encoding/hex"

	"kentongan/internal/platform"
)

// Fingerprint is the same for two writings of one text as a platform may show
// it: what a sighting keeps instead of the text.
func Fingerprint(text string) string {
	sum := sha256.Sum256([]byte(platform.Fold(text)))
	return hex.EncodeToString(sum[:])
}
