package identity

import (
	"regexp"
	"strings"
	"time"

	"kentongan/internal/fault"
)

// Agency is an office (instansi). Agencies form a tree: a role granted above
// holds below.
type Agency struct {
	ID        AgencyID
	Parent    AgencyID // "" at the top
	Slug      string   // in addresses and commands: "diskominfo"
	Name      string
	Zone      string // IANA name of its wall clock
	Hours     string // working hours, read by the service clock of inbox; "" for its default
	ReplyRule ReplyRule
	Answer    time.Duration // working time within which a citizen is answered
	CreatedAt time.Time
}

// ReplyRule says who must sign a reply to a citizen.
type ReplyRule string

const (
	Own    ReplyRule = "own"    // the answering officer's own signature
	Second ReplyRule = "second" // a second person, as for posts
)

// Location is the agency's wall clock; UTC when the zone is not known here.
func (a Agency) Location() *time.Location {
	zone, err := time.LoadLocation(a.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

var slugForm = regexp.MustCompile(`^[a-z][a-z0-9-]{1,31}$`)

// complete fills in what was left out and names everything that is wrong.
func (a *Agency) complete() error {
	a.Name, a.Slug = strings.TrimSpace(a.Name), strings.ToLower(strings.TrimSpace(a.Slug))
	if a.Zone == "" {
		a.Zone = "Asia/Jakarta"
	}
	if a.ReplyRule == "" {
		a.ReplyRule = Own
	}
	if a.Answer == 0 {
		a.Answer = time.Hour
	}
	var wrong fault.List
	if !slugForm.MatchString(a.Slug) {
		wrong.Add(fault.New(fault.Invalid, "agency.slug_malformed", fault.Field("slug")))
	}
	if a.Name == "" {
		wrong.Add(fault.New(fault.Invalid, "agency.name_missing", fault.Field("name")))
	}
	if _, err := time.LoadLocation(a.Zone); err != nil {
		wrong.Add(fault.New(fault.Invalid, "agency.zone_unknown", fault.Field("zone"), fault.Arg("zone", a.Zone)))
	}
	if a.ReplyRule != Own && a.ReplyRule != Second {
		wrong.Add(fault.New(fault.Invalid, "agency.reply_rule_unknown", fault.Field("reply_rule")))
	}
	if a.Answer < time.Minute {
		wrong.Add(fault.New(fault.Invalid, "agency.answer_too_short", fault.Field("answer")))
	}
	return wrong.Err()
}
