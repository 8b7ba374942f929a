package x

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"

	"kentongan/internal/platform"
)

// ByHand implements platform.Guide: X's own pages, with the text already in
// them. That is the way round where programs may answer only who mentions us.
func (c *Connector) ByHand(_ platform.Account, deed, remoteID, text string) string {
	switch {
	case deed == "post" || deed == "reply" && remoteID == "":
		return "https://x.com/intent/post?" + url.Values{"text": {text}}.Encode()
	case deed == "reply":
		return "https://x.com/intent/post?" + url.Values{"in_reply_to": {remoteID}, "text": {text}}.Encode()
	}
	return address("", remoteID)
}

// challenge is RFC 7636's S256 of a verifier.
func challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
