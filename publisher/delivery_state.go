package publisher

import (
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/identity"
)

// DeliveryID is a UUIDv7 as text.
type DeliveryID string

// State is where a delivery stands (DESIGN §4, the table).
type State string

const (
	Waiting     State = "waiting"      // for its instant
	Sending     State = "sending"      // a worker holds it
	Published   State = "published"    // the platform gave an id
	Unconfirmed State = "unconfirmed"  // no clear answer: being read back
	NeedsPerson State = "needs_person" // evidence conflicts or cannot be complete
	Failed      State = "failed"       // a definite refusal
	Held        State = "held"         // the channel needs mending
	Missed      State = "missed"       // too late to go out by itself
	Void        State = "void"         // no longer what was signed
	Cancelled   State = "cancelled"    // withdrawn by a person
	ByHand      State = "by_hand"      // its instant has come: a person publishes it on the platform's own page
)

// Origins of a delivery.
const (
	OriginPost  = "post"
	OriginReply = "reply"
)

// Delivery is one thing on its way to its channel.
type Delivery struct {
	ID          DeliveryID
	Agency      identity.AgencyID
	Channel     channel.ID
	Origin      string
	OriginID    string
	After       DeliveryID // must be published first; "" for none
	Digest      Digest
	Payload     Payload
	State       State
	Due         time.Time
	Window      Window
	Absent      int64  // complete looks that did not find it
	Code        string // why it failed or stands still; translatable
	Said        string // the platform's own words
	Fix         string // who can mend it
	Evidence    []string
	RemoteID    string
	RemoteURL   string
	BelowID     string            // of a part: what it was sent below
	RootID      string            // of a part: its thread's root
	HandBy      identity.PersonID // who published it by hand; "" when we sent it
	PublishedAt time.Time
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Final says that nothing more will happen by itself and nobody need act.
func (s State) Final() bool {
	return s == Published || s == Void || s == Cancelled
}

// NeedsReview says that a person must decide what becomes of it.
func (s State) NeedsReview() bool {
	return s == NeedsPerson || s == Failed || s == Held || s == Missed
}

// Key is the delivery's idempotency key: the same in every attempt.
func (d Delivery) Key() string { return "kentongan-" + string(d.ID) }
