package moderation

import (
	"slices"
	"strings"
	"time"

	"kentongan/inbox"
	"kentongan/internal/db"
)

// riskMinute is what one point of risk is worth in waiting: a message of
// lesser risk overtakes when it has waited that many minutes longer.
const riskMinute = time.Minute

// protectedLast is how far behind criticism stands. It is in the queue only to
// be read; nothing may be taken from it.
const protectedLast = 30 * 24 * time.Hour

// QueueAt is a message's place in the queue: the smallest is first. It never
// changes while the message waits, so that pages of the list do not shift, and
// age raises it all the same: what was posted earlier is smaller.
func QueueAt(p Policy, s Shown, labels []string, posted time.Time) int64 {
	risk := s.Priority
	c, known := p.Clause(s.Suggestion.Clause)
	if known {
		risk += severityRisk(c.Severity)
	}
	if (known && c.Protected) || onlyCriticism(labels) {
		return db.Micros(posted.Add(protectedLast))
	}
	return db.Micros(posted.Add(-time.Duration(risk) * riskMinute))
}

// severityRisk is what a clause adds to a verdict's own priority.
func severityRisk(severity string) int64 {
	switch severity {
	case "high":
		return 200
	case "medium":
		return 100
	case "low":
		return 30
	}
	return 0
}

// onlyCriticism: nothing in the message may be a ground, and something in it
// is protected.
func onlyCriticism(labels []string) bool {
	protected := false
	for _, l := range labels {
		if hideable(Label(l)) || Label(l) == SafetyPlea {
			return false
		}
		protected = protected || Label(l) == Criticism || Label(l) == Complaint
	}
	return protected
}

// Disturbing says whether a message is veiled until its reader wants to see
// it, and counted towards a rest: gross abuse, hatred, and files that nobody
// here has looked at.
func Disturbing(m inbox.Message) bool {
	if slices.ContainsFunc(m.Labels, disturbs) {
		return true
	}
	return slices.Contains(m.Files, "image") || slices.Contains(m.Files, "video")
}

func disturbs(label string) bool {
	return label == "abusive" || label == "hs" || strings.HasPrefix(label, "hs_") || label == "porn" || label == "violence"
}

// Veils says whether a reason marks words that are veiled.
func Veils(r Reason) bool { return disturbs(string(r.Label)) }
