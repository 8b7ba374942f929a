package web

import "github.com/a-h/templ"

// QueueView is Antrean: what is promised, what is being rung, and what waits
// for a person.
type QueueView struct {
	Where    Tag
	WhereSay string
	Kinds    []PromiseKind
	Bells    []BellRow
	Unheard  string // why the bells cannot be shown; "" when they can
	Standing []StandingRow
	Next     []PromiseRow
	More     bool // there are promises beyond those listed
}

// PromiseKind sums up the promises of one kind.
type PromiseKind struct {
	Name, Means         string
	Open, Taken, Parked int64
	Oldest              string
	Late                bool
}

// BellRow is one class of rings in Redis.
type BellRow struct {
	Name            string
	Pending, Active int
	State           Tag
}

// StandingRow is a delivery that waits for a person.
type StandingRow struct {
	Platform, Handle, What string
	State                  Tag
	Since, Why, Fix, Path  string
}

// PromiseRow is one promise.
type PromiseRow struct {
	Name, About, Due string
	Late             bool
	State            Tag
	Failures         int64
	Note             string
}

func (v QueueView) Head(f *Frame) Head {
	return Head{Title: f.T("nav.queue"), Sub: f.T("queue.sub"), Nav: "queue"}
}

func (v QueueView) Body(f *Frame) templ.Component { return queuePage(f, v) }
