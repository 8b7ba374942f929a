package identity

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"kentongan/internal/fault"
)

// Person is somebody who signs in.
type Person struct {
	ID        PersonID
	Agency    AgencyID // the home agency
	Username  string
	Name      string
	Language  string // "id" or "en"
	Theme     string // "", "light" or "dark"
	Disabled  time.Time
	CreatedAt time.Time
}

// Grant is one role of a person in an agency; it holds in the agencies below.
type Grant struct {
	Agency AgencyID
	Person PersonID
	Role   Role
}

// Member is a person with the roles they hold in one agency.
type Member struct {
	Person
	Roles []Role
}

var usernameForm = regexp.MustCompile(`^[a-z][a-z0-9._-]{2,31}$`)

// cleanUsername is the form in which names are stored and compared.
func cleanUsername(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

func checkUsername(name string) error {
	if !usernameForm.MatchString(name) {
		return fault.New(fault.Invalid, "person.username_malformed", fault.Field("username"))
	}
	return nil
}

func checkRole(r Role) error {
	if !slices.Contains(Roles[:], r) {
		return fault.New(fault.Invalid, "person.role_unknown", fault.Field("role"), fault.Arg("role", string(r)))
	}
	return nil
}

// apart are the roles that an administrator may not hold as well: who connects
// channels neither writes, signs, answers nor sees personal data.
var apart = [...]Role{Officer, Approver, Moderator, Leader}

// checkApart fails when the roles of one person make an administrator of
// somebody who also works on what is said.
func checkApart(roles map[AgencyID][]Role) error {
	for _, held := range roles {
		if slices.Contains(held, Admin) && slices.ContainsFunc(apart[:], func(r Role) bool { return slices.Contains(held, r) }) {
			return fault.New(fault.Invalid, "person.admin_stands_apart", fault.Field("role"))
		}
	}
	return nil
}

// Preference is how a person wants the pages.
type Preference struct {
	Language string
	Theme    string
}

func (p Preference) check() error {
	var wrong fault.List
	if p.Language != "id" && p.Language != "en" {
		wrong.Add(fault.New(fault.Invalid, "person.language_unknown", fault.Field("language")))
	}
	if p.Theme != "" && p.Theme != "light" && p.Theme != "dark" {
		wrong.Add(fault.New(fault.Invalid, "person.theme_unknown", fault.Field("theme")))
	}
	return wrong.Err()
}
