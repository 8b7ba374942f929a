package platform

import (
	"net/http"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// Margin is how far before an attempt's start a read-back looks: clocks differ.
const Margin = 60 * time.Second

// Seen is one thing of ours as a read-back found it on the platform.
type Seen struct {
	RemoteID  string
	URL       string
	Text      string
	InReplyTo string
	At        time.Time
	Media     int // number of pictures; -1 when the platform does not tell
}

// WindowStart is the earliest moment an attempt may have landed, in the
// platform's clock, which its Date header tells.
func WindowStart(at Attempt, header http.Header, now time.Time) time.Time {
	from := at.Started.Add(-Margin)
	if served, err := http.ParseTime(header.Get("Date")); err == nil {
		// The header has whole seconds: less than that is no difference.
		if skew := served.Sub(now); skew > 2*time.Second || skew < -2*time.Second {
			from = from.Add(skew)
		}
	}
	return from
}

// Matching picks what the attempt may have made: the same text after fold, the
// same message answered, the same number of pictures where the platform tells,
// and nothing from before the window.
func Matching(at Attempt, from time.Time, seen []Seen, fold func(string) string) []Receipt {
	want := fold(Compose(at.Out))
	var found []Receipt
	known := map[string]bool{}
	for _, s := range seen {
		switch {
		case s.RemoteID == "" || known[s.RemoteID]:
		case s.At.Before(from):
		case s.InReplyTo != at.Out.InReplyTo:
		case s.Media >= 0 && s.Media != len(at.Out.Media):
		case fold(s.Text) != want:
		default:
			known[s.RemoteID] = true
			found = append(found, Receipt{RemoteID: s.RemoteID, URL: s.URL, At: s.At})
		}
	}
	return found
}

// Compose is the text with the link below it, for platforms that make a card
// from an address in the text.
func Compose(out Outgoing) string {
	switch {
	case out.Link == "" || strings.Contains(out.Text, out.Link):
		return out.Text
	case out.Text == "":
		return out.Link
	}
	return out.Text + "\n\n" + out.Link
}

// Fold makes two writings of one text equal: composed letters, single spaces.
func Fold(text string) string {
	return strings.Join(strings.Fields(norm.NFC.String(text)), " ")
}
