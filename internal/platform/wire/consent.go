package wire

import (
	"net/url"

	"kentongan/internal/platform"
	"kentongan/internal/safehttp"
)

// What can go wrong on the way through a platform's consent page, the same on
// every platform. Their sentences are in the locale fragment consent.json.
const (
	ConsentDenied     = "platform.consent.denied"
	ConsentExpired    = "platform.consent.expired"
	ConsentSecret     = "platform.consent.wrong_secret"
	ConsentPermission = "platform.consent.missing_permission"
)

// What an editor can mend on every platform that asks for it.
const (
	NeedsPublicMedia = "platform.needs_public_media"
	NeedsMedia       = "platform.needs_media"
	NeedsVideo       = "platform.needs_video"
	TooManyMedia     = "platform.media_too_many"
	MixedMedia       = "platform.media_mixed"
	VideoTooLong     = "platform.video_too_long"
	WindowClosed     = "platform.window_closed"
)

// Code is what the consent page sent back (RFC 6749, 4.1.2), or why there is
// none. name is the parameter's: "code" everywhere but on TikTok Business.
func Code(back url.Values, name string) (string, error) {
	if code := back.Get(name); code != "" {
		return code, nil
	}
	words := back.Get("error_description")
	if words == "" {
		words = back.Get("error")
	}
	return "", Consent(ConsentDenied, words)
}

// Consent is a refusal on the way through a consent page: somebody must begin
// again there.
func Consent(code, words string, secrets ...string) error {
	return &platform.Refusal{Code: code, Said: safehttp.Said([]byte(words), secrets...), Fix: platform.FixAdmin}
}

// Lacking are the scopes that were wanted and not given.
func Lacking(wanted, given []string) []string {
	has := map[string]bool{}
	for _, s := range given {
		has[s] = true
	}
	var missing []string
	for _, s := range wanted {
		if !has[s] {
			missing = append(missing, s)
		}
	}
	return missing
}
