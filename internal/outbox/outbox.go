// Package outbox keeps promises: what must be done after a transaction has
// committed. A room puts a promise inside its own transaction; the queue rings
// it at its instant; the verb that answers takes it, and ends it inside its
// own transactions.
//
//	open --Take--> taken --Again--> open
//	                     --Done---> done
//	                     --Park---> parked     (a person must look)
//
// The epoch counts the takings. Whoever holds an older epoch has lost the
// promise and can change nothing. A lease that ran out may be taken again.
package outbox

import (
	"time"

	"kentongan/internal/identity"
)

// Signal is what a commit with promises rings in this process.
const Signal = "outbox"

// Class is the queue a promise is rung in.
type Class string

const (
	Critical Class = "critical"
	Publish  Class = "publish"
	Inbox    Class = "inbox"
	Low      Class = "low"
)

// Classes, most urgent first.
var Classes = [...]Class{Critical, Publish, Inbox, Low}

// Promise is work to do, not before Due. Kind and Key make it one.
type Promise struct {
	Kind   string
	Key    string
	Agency identity.AgencyID
	Lane   string // at most one taken promise per lane; "" for none
	Class  Class
	Due    time.Time
}

// Row is a promise as stored.
type Row struct {
	Promise
	Epoch    int64
	Ring     int64
	RungAt   time.Time
	Lease    time.Time
	Failures int64
	State    string
	Note     string
}

// States of a promise.
const (
	Open   = "open"
	Taken  = "taken"
	Parked = "parked"
	Done   = "done"
)

// Claim is a taken promise: the right to act until the lease ends.
type Claim struct {
	Kind, Key string
	Agency    identity.AgencyID
	Epoch     int64
	Failures  int64
	Due       time.Time // when it was due
	Until     time.Time // when the lease ends
}
