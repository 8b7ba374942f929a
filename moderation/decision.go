package moderation

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/pii"
)

// bulkLimit is how many messages one person may restrict at once (DESIGN §6).
const bulkLimit = 20

// minReason is the shortest reason, in letters, that tells a citizen anything.
const minReason = 10

// Wanted is what a person asks to be done.
type Wanted struct {
	Act    Act
	Clause string // for acts that restrict
	Reason string // for the citizen and the record
	Items  []Item
	Second identity.Actor // who confirms a large one; zero if nobody

	warrant *warrant // by which a rule may hide one gambling or fraud message; nil for people
}

// Item is one message as it stands when the decision is made.
type Item struct {
	Agency   identity.AgencyID
	Hidden   bool
	Deleted  bool   // by the citizen or the platform
	Evidence bool   // a snapshot is taken before the act
	CopyKey  string // text.CopyKey
	Cleared  bool   // an objection over these very words was granted
	Labels   []Label
}

// Check says whether the act may be done. Everything missing is named at once.
// It is the only door: nothing is hidden that has not passed it.
func Check(p Policy, by identity.Actor, w Wanted) error {
	if by.Via == identity.System {
		return w.warrant.check(p, by, w)
	}
	if len(w.Items) == 0 {
		return fault.New(fault.Invalid, "decision.nothing", fault.Field("items"))
	}
	for _, it := range w.Items {
		if !by.May(identity.Moderate, it.Agency) {
			return fault.New(fault.Denied, "decision.not_moderator")
		}
	}
	var wrong fault.List
	if len([]rune(strings.TrimSpace(w.Reason))) < minReason {
		wrong.Add(fault.New(fault.Invalid, "decision.reason_missing", fault.Field("reason"), fault.Arg("letters", minReason)))
	}
	switch {
	case restricts(w.Act):
		wrong.Add(checkClause(p, w))
		wrong.Add(checkHideable(w))
		wrong.Add(checkSecond(by, w))
	case w.Act == Restore:
		for _, it := range w.Items {
			if !it.Hidden {
				wrong.Add(fault.New(fault.Conflict, "decision.not_hidden"))
				break
			}
		}
	case w.Act != Keep && w.Act != Escalate && w.Act != Unblock:
		wrong.Add(fault.New(fault.Invalid, "decision.unknown_act", fault.Field("act")))
	}
	return wrong.Err()
}

func checkClause(p Policy, w Wanted) error {
	if w.Clause == "" {
		return fault.New(fault.Invalid, "decision.clause_missing", fault.Field("clause"))
	}
	c, ok := p.Clause(w.Clause)
	switch {
	case !ok:
		return fault.New(fault.Invalid, "decision.clause_unknown", fault.Field("clause"), fault.Arg("clause", w.Clause))
	case c.Protected:
		return fault.New(fault.Denied, "decision.clause_protected", fault.Field("clause"), fault.Arg("clause", w.Clause))
	case !c.Allows(w.Act):
		return fault.New(fault.Invalid, "decision.act_not_allowed", fault.Field("clause"), fault.Arg("clause", w.Clause))
	}
	return nil
}

func checkHideable(w Wanted) error {
	for _, it := range w.Items {
		switch {
		case it.Deleted && w.Act != Block:
			return fault.New(fault.Conflict, "decision.gone")
		case it.Hidden && (w.Act == Hide || w.Act == Remove):
			return fault.New(fault.Conflict, "decision.already_hidden")
		case !it.Evidence:
			return fault.New(fault.Invalid, "decision.evidence_missing", fault.Field("evidence"))
		}
	}
	return nil
}

// checkSecond wants a second person above the limit, except for identical
// copies of one gambling or fraud text: that is one decision. And for what was
// given back after an objection: one person alone does not overrule that.
func checkSecond(by identity.Actor, w Wanted) error {
	why := ""
	switch {
	case len(w.Items) > bulkLimit && !OneSpam(w.Items):
		why = "decision.second_person"
	case slices.ContainsFunc(w.Items, func(it Item) bool { return it.Cleared }):
		why = "decision.cleared"
	default:
		return nil
	}
	if w.Second.ID == "" || w.Second.Via == identity.System {
		return fault.New(fault.Denied, why, fault.Arg("limit", bulkLimit), fault.Arg("count", len(w.Items)))
	}
	if w.Second.ID == by.ID {
		return fault.New(fault.Denied, "decision.same_person", fault.Arg("limit", bulkLimit))
	}
	for _, it := range w.Items {
		if !w.Second.May(identity.Moderate, it.Agency) {
			return fault.New(fault.Denied, "decision.second_not_moderator")
		}
	}
	return nil
}

// OneSpam says whether all items are copies of one gambling or fraud text.
func OneSpam(items []Item) bool {
	for _, it := range items {
		if it.CopyKey == "" || it.CopyKey != items[0].CopyKey || !isSpam(it.Labels) {
			return false
		}
	}
	return len(items) > 0
}

func isSpam(labels []Label) bool {
	for _, l := range labels {
		if l == Gambling || l == Fraud {
			return true
		}
	}
	return false
}

// CaseNumber is how a decision is called towards the citizen:
// "MOD-2026-00042-K7QX". The office's count has no gaps; what stands behind it
// cannot be guessed, so that nobody walks through all cases and counts what the
// public account tells only as fewer than five.
func CaseNumber(at time.Time, zone *time.Location, serial int64, suffix string) string {
	return fmt.Sprintf("MOD-%d-%05d-%s", at.In(zone).Year(), serial, suffix)
}

// caseLetters are Crockford's 32: none is read as another.
const caseLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// suffixLen letters are about a million possibilities for each case; the
// public look-up lets one network try some hundreds a day.
const suffixLen = 4

// newNumber draws a number, and draws again where the suffix makes it look like
// something personal (an account at "BCA"): it would be masked in what people
// write about their case.
func newNumber(at time.Time, zone *time.Location, serial int64) (number string) {
	for range 20 { // about one of a thousand is drawn again
		if number = CaseNumber(at, zone, serial, newSuffix()); pii.Mask("kasus "+number).Text == "kasus "+number {
			break
		}
	}
	return number
}

// newSuffix draws the part of a case number that cannot be guessed. It is never
// of digits alone: a number without its suffix must not be read as a whole one.
func newSuffix() string {
	b := make([]byte, suffixLen)
	for {
		_, _ = rand.Read(b) // never fails (crypto/rand)
		for i := range b {
			b[i] = caseLetters[b[i]%32] // 32 divides 256: each is as likely
		}
		if strings.Trim(string(b), "0123456789") != "" {
			return string(b)
		}
	}
}
