package moderation

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kentongan/configs"
	"kentongan/inbox"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/pii"
)

// ObjectionID is a UUIDv7 as text.
type ObjectionID string

// Where an objection stands.
const (
	ObjectionOpen    = "open"
	ObjectionGranted = "granted"
	ObjectionPartly  = "partly" // the decision stands, by another clause
	ObjectionDenied  = "denied"
)

const (
	// minRuling is the shortest reason, in letters, that an objection may be
	// decided with: a citizen reads it.
	minRuling = 20
	// minWhy and maxWhy bound what a citizen writes, in letters.
	minWhy = 10
	maxWhy = 2000
	// maxWords is how many people may add to one objection.
	maxWords = 200
)

// ObjectionRules are how an office hears objections: the data and what it has chosen
// of it. The zero value has no clock and tells nobody anything.
type ObjectionRules struct {
	configs.Objection
	Chosen []string // clocks with "office_choice" that the office has chosen
	Public bool     // where nothing private is possible, a notice may stand in public
}

// Running is the clock that a decision or an objection is under, as it is kept
// with it: later data does not move it.
type Running struct {
	configs.ObjectionClock
	Version  int       `json:"version"`
	From     time.Time `json:"from"`
	Due      time.Time `json:"due"`       // by the office's own calendar
	OtherDue time.Time `json:"other_due"` // where collective leave is read in the other way
	Certain  bool      `json:"certain"`   // no estimated or unknown day lies in between
}

// Alarm is the earlier of the two dates: nobody is reminded too late.
func (r Running) Alarm() time.Time {
	if !r.OtherDue.IsZero() && r.OtherDue.Before(r.Due) {
		return r.OtherDue
	}
	return r.Due
}

// Unverified says that no legal officer has looked at the clock.
func (r Running) Unverified() bool { return r.Force != "office" && r.VerifiedBy == "" }

// Clock is the first one that is enabled for an act; ok is false without one.
func (r ObjectionRules) Clock(stop string, act Act) (configs.ObjectionClock, bool) {
	for _, c := range r.Clocks {
		on := c.Enabled == "yes" || c.Enabled == "office_choice" && slices.Contains(r.Chosen, c.ID)
		if on && c.Stop == stop && slices.Contains(c.Acts, string(act)) {
			if c.VerifiedBy == "" {
				c.VerifiedBy, c.VerifiedOn = r.VerifiedBy, r.VerifiedOn
			}
			return c, true
		}
	}
	return configs.ObjectionClock{}, false
}

// Start starts the clock that ends with stop; ok is false when there is none.
func (r ObjectionRules) Start(k inbox.Clock, stop string, act Act, from time.Time) (run Running, ok bool) {
	c, ok := r.Clock(stop, act)
	if !ok {
		return Running{}, false
	}
	run = Running{ObjectionClock: c, Version: r.Version, From: from}
	switch c.Unit {
	case "h":
		run.Due, run.Certain = from.Add(time.Duration(c.N)*time.Hour).UTC(), true
	case "d":
		run.Due, run.Certain = k.Days(from, c.N), true
	default:
		without, with := k.CountingLeave(false).WorkingDays(from, c.N), k.CountingLeave(true).WorkingDays(from, c.N)
		run.Due, run.Certain = k.WorkingDays(from, c.N), k.Certain(from, without)
		switch {
		case !run.Due.Equal(without):
			run.OtherDue = without
		case !run.Due.Equal(with):
			run.OtherDue = with
		}
	}
	return run, true
}

// closed says that a citizen's time is over in every reading. A date that rests
// on days nobody has decreed yet closes nothing.
func (r Running) closed(now time.Time) bool {
	return r.Certain && now.After(r.Due) && now.After(r.OtherDue)
}

func (r Running) text() (string, error) {
	b, err := json.Marshal(r)
	return string(b), err
}

// caseForm is a number whose separators are dashes and whose look-alikes are
// digits: the year, then the serial part with a suffix apart from it, or alone,
// or in full with the suffix joined to it. A suffix is never of digits alone,
// so that joined digits are the serial's.
var caseForm = regexp.MustCompile(`^M0D-?(\d{4})-?(?:(\d{1,9})-([0-9A-HJKMNP-TV-Z]-?[0-9A-HJKMNP-TV-Z]-?[0-9A-HJKMNP-TV-Z]-?[0-9A-HJKMNP-TV-Z])|(\d{1,9})|(\d{5,9})([0-9A-HJKMNP-TV-Z]{4}))$`)

// ReadNumber reads a case number as people type it: small letters, any
// separators or none, missing zeros and letters that look like digits are
// forgiven. A number without its suffix is read, too: it is the number of no
// case, and whoever tries it learns no more than from any other such number.
func ReadNumber(typed string) (string, bool) {
	if len(typed) > 100 {
		return "", false
	}
	parts := caseForm.FindStringSubmatch(strings.Join(strings.FieldsFunc(strings.Map(plainSign, typed), isDash), "-"))
	if parts == nil {
		return "", false
	}
	serial := strings.TrimLeft(parts[2]+parts[4]+parts[5], "0")
	suffix := strings.ReplaceAll(parts[3]+parts[6], "-", "")
	if serial == "" || parts[6] != "" && strings.Trim(suffix, "0123456789") == "" {
		return "", false
	}
	number := "MOD-" + parts[1] + "-" + strings.Repeat("0", max(0, 5-len(serial))) + serial
	if suffix != "" {
		number += "-" + suffix
	}
	return number, true
}

func isDash(r rune) bool { return r == '-' }

// plainSign is what a typed sign of a case number stands for; -1 for what
// nobody sees.
func plainSign(r rune) rune {
	switch {
	case unicode.Is(unicode.Cf, r):
		return -1
	case unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || strings.ContainsRune("_.\u2212", r):
		return '-'
	case strings.ContainsRune("oO", r):
		return '0'
	case strings.ContainsRune("iIlL", r):
		return '1'
	case 'a' <= r && r <= 'z':
		return r - 'a' + 'A'
	}
	return r
}

// Filing is what a citizen sends: a case and why. Nothing in it says who.
type Filing struct {
	Number string
	Why    string
	Form   string // the form's own random key: the same form is filed once
}

// ReadFiling reads what was typed and names everything that is wrong at once.
func ReadFiling(number, why, form string) (Filing, error) {
	var wrong fault.List
	f := Filing{Form: form}
	n, ok := ReadNumber(number)
	if !ok {
		wrong.Add(fault.New(fault.Invalid, "objection.number_malformed", fault.Field("number")))
	}
	f.Number = n
	f.Why = readable(why)
	wrong.Add(checkWhy(f.Why))
	if len(form) < 20 || len(form) > 60 {
		wrong.Add(fault.New(fault.Invalid, "objection.form_stale"))
	}
	return f, wrong.Err()
}

func checkWhy(why string) error {
	switch n := utf8.RuneCountInString(why); {
	case letters(why) < minWhy:
		return fault.New(fault.Invalid, "objection.why_short", fault.Field("why"), fault.Arg("letters", minWhy))
	case n > maxWhy:
		return fault.New(fault.Invalid, "objection.why_long", fault.Field("why"), fault.Arg("limit", maxWhy), fault.Arg("used", n))
	}
	return nil
}

// readable keeps what a person can read: no control characters, no invisible
// direction marks, no broken bytes.
func readable(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "�"), "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
			return -1
		}
		return r
	}, s))
}

func letters(s string) (n int) {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// standing is a decision as an objection finds it.
type standing struct {
	Act    Act
	State  string // of the decision
	InSway int64  // of its messages, those it still holds for
	Open   bool   // an objection is being heard
	Heard  bool   // one was decided
	Window Running
	Timed  bool // Window holds
}

// check says why an objection to the decision cannot be heard; nil when it can.
func (s standing) check(now time.Time) error {
	switch {
	case s.Open:
		return nil // what is said now goes to the one that is being heard
	case s.Heard:
		return fault.New(fault.Conflict, "objection.heard_already")
	case s.State == Waiting || s.State == ByHand:
		return fault.New(fault.Conflict, "objection.not_carried_out")
	case s.InSway == 0 && s.State == Failed:
		return fault.New(fault.Conflict, "objection.never_carried_out")
	case s.InSway == 0 && s.Act == Block:
		return fault.New(fault.Conflict, "objection.unblocked_already")
	case s.InSway == 0:
		return fault.New(fault.Conflict, "objection.restored_already")
	case s.Timed && s.Window.closed(now):
		return fault.New(fault.Conflict, "objection.too_late", fault.Arg("due", s.Window.Due), fault.Arg("days", s.Window.N))
	}
	return nil
}

// Ruling is how a person decides an objection.
type Ruling struct {
	Outcome string // granted, partly or denied
	Reason  string // for everybody to read
	Clause  string // the right one, for partly
	Notice  string // to the citizen, as the person changed it; "" as drafted
}

// hearing is everything that decides whether a ruling may be made.
type hearing struct {
	Agency   identity.AgencyID
	State    string
	Act      Act
	Clause   string              // the decision's own
	TookPart []identity.PersonID // decided, confirmed, ratified, switched the rule on
	Others   int                 // moderators of the office who took no part
}

// mayHear says whether the actor may decide: a moderator who took no part. Only
// where there is none, one who signs may.
func (h hearing) mayHear(by identity.Actor) error {
	moderates, signs := by.May(identity.Moderate, h.Agency), by.May(identity.Approve, h.Agency)
	switch {
	case by.Via == identity.System:
		return fault.New(fault.Denied, "objection.person_only")
	case !moderates && !signs:
		return fault.New(fault.Denied, "objection.no_power")
	case slices.Contains(h.TookPart, by.ID):
		return fault.New(fault.Denied, "objection.took_part")
	case !moderates && h.Others > 0:
		return fault.New(fault.Denied, "objection.moderators_first", fault.Arg("n", h.Others))
	}
	return nil
}

// CheckRuling names everything that is wrong with a ruling at once.
func (h hearing) checkRuling(p Policy, by identity.Actor, r Ruling) error {
	if err := h.mayHear(by); err != nil {
		return err
	}
	if h.State != ObjectionOpen {
		return fault.New(fault.Conflict, "objection.decided")
	}
	var wrong fault.List
	if letters(r.Reason) < minRuling {
		wrong.Add(fault.New(fault.Invalid, "objection.reason_short", fault.Field("reason"), fault.Arg("letters", minRuling)))
	}
	if len(pii.Find(r.Reason)) > 0 {
		wrong.Add(fault.New(fault.Invalid, "objection.reason_personal", fault.Field("reason")))
	}
	switch r.Outcome {
	case ObjectionGranted, ObjectionDenied:
	case ObjectionPartly:
		c, known := p.Clause(r.Clause)
		switch {
		case !known || c.Protected || !c.Allows(h.Act):
			wrong.Add(fault.New(fault.Invalid, "objection.clause_cannot", fault.Field("clause")))
		case r.Clause == h.Clause:
			wrong.Add(fault.New(fault.Invalid, "objection.clause_same", fault.Field("clause")))
		}
	default:
		wrong.Add(fault.New(fault.Invalid, "objection.outcome_unknown", fault.Field("outcome")))
	}
	return wrong.Err()
}
