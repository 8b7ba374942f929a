// Package identity knows who is acting and what their agency lets them do:
// the tree of agencies, people, the roles granted to them, sessions.
package identity

import (
	"slices"
	"strings"
)

// AgencyID and PersonID are UUIDv7 as text.
type (
	AgencyID string
	PersonID string
)

// Role is what a person is in an agency. A role granted in an agency holds in
// every agency below it.
type Role string

const (
	Officer   Role = "officer"   // composes and schedules; answers citizens
	Approver  Role = "approver"  // signs
	Moderator Role = "moderator" // answers and moderates
	Leader    Role = "leader"    // reads engagement, signs from a phone
	Auditor   Role = "auditor"   // checks
	Admin     Role = "admin"     // connects channels; neither approves nor sees personal data
)

// Roles in the order the pages list them.
var Roles = [...]Role{Officer, Approver, Moderator, Leader, Auditor, Admin}

// Power is what a role permits.
type Power string

const (
	Compose    Power = "compose"     // draft, submit, withdraw own posts
	Approve    Power = "approve"     // sign posts of others; release held ones
	ReadPosts  Power = "read_posts"  // see posts and the calendar
	Answer     Power = "answer"      // reply to citizens, notes, assignment
	Moderate   Power = "moderate"    // hide and restore
	ReadInbox  Power = "read_inbox"  // see masked conversations
	Unmask     Power = "unmask"      // see personal data, with a purpose, audited
	ReadReport Power = "read_report" // the leader's page
	ReadAudit  Power = "read_audit"  // the whole agency's trail
	Connect    Power = "connect"     // channels and apps
	ReadQueue  Power = "read_queue"  // the queue page
	Appoint    Power = "appoint"     // agencies below, people and their roles
	Govern     Power = "govern"      // put a moderation policy in force, switch its rules
)

// permits is UI.md §5.2 for the roles and pages there are.
var permits = map[Role][]Power{
	Officer:   {Compose, ReadPosts, Answer, ReadInbox, Unmask, ReadReport},
	Approver:  {Approve, ReadPosts, ReadReport, ReadAudit},
	Moderator: {ReadPosts, Answer, Moderate, ReadInbox, Unmask, ReadReport},
	Leader:    {Approve, ReadPosts, ReadInbox, ReadReport, ReadAudit},
	Auditor:   {ReadPosts, ReadInbox, ReadReport, ReadAudit, ReadQueue},
	Admin:     {ReadPosts, Connect, ReadQueue, ReadAudit, Appoint, Govern},
}

// Via is the door through which a deed came.
type Via string

const (
	Web    Via = "web"
	CLI    Via = "cli"
	System Via = "system"
)

// Actor is a person, or a named part of the system, working in one agency.
type Actor struct {
	ID     PersonID
	Name   string
	Agency AgencyID // where the actor works now
	Via    Via
	roles  map[AgencyID][]Role
}

// NewActor makes an actor from the roles resolved for each agency.
func NewActor(id PersonID, name string, agency AgencyID, via Via, roles map[AgencyID][]Role) Actor {
	return Actor{ID: id, Name: name, Agency: agency, Via: via, roles: roles}
}

// TheSystem is the named actor of unattended work. It holds no power a person
// must hold: it can neither approve nor compose.
func TheSystem(part string, agency AgencyID) Actor {
	return Actor{ID: PersonID(systemPrefix + part), Name: part, Agency: agency, Via: System}
}

// Operator is whoever runs commands on the machine itself. The files are
// theirs, so they may set up agencies and people; they hold no other power.
func Operator() Actor {
	return Actor{ID: systemPrefix + "operator", Name: "operator", Via: CLI}
}

// systemPrefix starts the id of every actor that is not a person. Actors are
// made inside the program only: no request can claim to be one.
const systemPrefix = "system:"

// System says that the id is not a person's.
func (p PersonID) System() bool { return strings.HasPrefix(string(p), systemPrefix) }

// mayAppoint reports whether the actor may set up people in the agency.
func (a Actor) mayAppoint(agency AgencyID) bool {
	return strings.HasPrefix(string(a.ID), systemPrefix) || a.May(Appoint, agency)
}

// May reports whether the actor holds the power in the agency.
func (a Actor) May(p Power, agency AgencyID) bool {
	return slices.ContainsFunc(a.roles[agency], func(r Role) bool { return slices.Contains(permits[r], p) })
}

// Roles lists the actor's roles in the agency.
func (a Actor) Roles(agency AgencyID) []Role { return slices.Clone(a.roles[agency]) }

// Agencies lists where the actor holds a role, sorted.
func (a Actor) Agencies() []AgencyID {
	var all []AgencyID
	for id := range a.roles {
		all = append(all, id)
	}
	slices.Sort(all)
	return all
}

// In returns the same actor working in another agency; ok is false when the
// actor holds no role there.
func (a Actor) In(agency AgencyID) (Actor, bool) {
	if len(a.roles[agency]) == 0 {
		return a, false
	}
	a.Agency = agency
	return a, true
}
