// Package telemetry is what the program says about itself: log lines without
// secrets or personal data, and whether it is alive and ready.
package telemetry

import (
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strings"
)

// Logger writes text or JSON lines of at least the given level ("debug",
// "info", "warn", "error"). It is the last guard, not the first: code must not
// log personal data in the first place.
func Logger(w io.Writer, level, format string) *slog.Logger {
	var least slog.Level
	if err := least.UnmarshalText([]byte(level)); err != nil {
		least = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: least, ReplaceAttr: redact}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// hidden are words that, within an attribute's key, mean its value is left out.
var hidden = []string{
	"token", "secret", "password", "passphrase", "authorization", "cookie", "credential", "signature", "proof",
	"text", "body", "payload", "content", "author", "email", "phone", "nik", "query",
}

const left = "[left out]"

// remoteID is the one key whose long numbers stay: X and Facebook name posts by them.
const remoteID = "remote_id"

func redact(groups []string, a slog.Attr) slog.Attr {
	for _, name := range append(groups, a.Key) {
		if isHidden(name) {
			return slog.String(a.Key, left)
		}
	}
	if len(groups) == 0 && (a.Key == slog.TimeKey || a.Key == slog.LevelKey || a.Key == slog.SourceKey) {
		return a
	}
	switch a.Value.Kind() {
	case slog.KindString:
		if a.Key != remoteID {
			a.Value = slog.StringValue(Mask(a.Value.String()))
		}
	case slog.KindAny:
		switch v := a.Value.Any().(type) {
		case error:
			a.Value = slog.StringValue(Mask(v.Error()))
		case fmt.Stringer:
			a.Value = slog.StringValue(Mask(v.String()))
		default:
			// What a struct or map holds is not known here.
			a.Value = slog.StringValue(Mask(fmt.Sprintf("%T", v)))
		}
	}
	return a
}

// isHidden looks at the words of a key, so that "author" is hidden and
// "authority" is not.
func isHidden(key string) bool {
	words := strings.FieldsFunc(strings.ToLower(key), func(r rune) bool { return r == '_' || r == '.' || r == '-' })
	for _, w := range words {
		for _, h := range hidden {
			if w == h || w == h+"s" {
				return true
			}
		}
	}
	return false
}

var (
	// An identifier of ours is kept whole; nine digits or more, also when
	// spaced like a telephone number, are masked.
	numbers = regexp.MustCompile(`(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|(?:\+|\b0)\d(?:[ .()-]?\d){7,}|\d{9,}`)
	// Secrets that addresses and headers carry, as errors of net/http repeat them.
	inAddress = regexp.MustCompile(`(?i)([a-z_]*(?:token|secret|proof|password|signature|code|verifier)[a-z_]*)=[^&\s"']+`)
	inHeader  = regexp.MustCompile(`(?i)\b(bearer|basic|oauth)\s+[a-z0-9._~+/=-]{8,}`)
	inURL     = regexp.MustCompile(`://[^/@\s"]+@`)
)

// Mask removes from a line what looks like a secret or a person's number.
func Mask(line string) string {
	line = inURL.ReplaceAllString(line, "://…@")
	line = inAddress.ReplaceAllString(line, "$1=…")
	line = inHeader.ReplaceAllString(line, "$1 …")
	return numbers.ReplaceAllStringFunc(line, func(found string) string {
		if strings.Count(found, "-") == 4 && len(found) == 36 {
			return found
		}
		return "…" + found[len(found)-2:]
	})
}
