package publisher

import "kentongan/internal/channel"

// Status is how a post stands as a whole: its own state before anything is
// under way, then what became of its deliveries.
type Status string

const (
	StatusDraft     Status = "draft"
	StatusReview    Status = "review"
	StatusReturned  Status = "returned"
	StatusScheduled Status = "scheduled" // every delivery waits for its instant
	StatusLeaving   Status = "leaving"   // some are on their way
	StatusPublished Status = "published" // on every channel
	StatusPartly    Status = "partly"    // on some channels, and nothing more will happen
	StatusByHand    Status = "by_hand"   // a person must publish some of it
	StatusAttention Status = "attention" // a person must decide
	StatusWithdrawn Status = "withdrawn"
	StatusRejected  Status = "rejected"
)

// Statuses in the order the pages list them.
var Statuses = [...]Status{StatusDraft, StatusReview, StatusReturned, StatusScheduled, StatusLeaving, StatusByHand, StatusAttention,
	StatusPublished, StatusPartly, StatusWithdrawn, StatusRejected}

// superseded is why a delivery is void whose post was changed by a person: it
// belongs to what was signed before and counts no more.
const superseded = "delivery.superseded"

// Leg is what a post's status depends on of one delivery.
type Leg struct {
	Channel channel.ID
	State   State
	Code    string
	Part    bool // goes below another
}

// StatusOf joins a post's state with what became of its deliveries.
func StatusOf(s PostState, legs []Leg) Status {
	if s != PostScheduled && s != PostDone {
		return Status(s)
	}
	var all, waiting, moving, published, cancelled, hands int
	for _, l := range legs {
		if l.State.NeedsReview() {
			return StatusAttention
		}
	}
	for _, l := range legs {
		switch {
		case l.State == Void && l.Code == superseded:
			continue
		case l.State == ByHand:
			hands++
		case l.State == Waiting:
			waiting++
		case l.State == Sending, l.State == Unconfirmed:
			moving++
		case l.State == Published:
			published++
		case l.State == Cancelled:
			cancelled++
		}
		all++
	}
	switch {
	case hands > 0:
		return StatusByHand
	case all > 0 && waiting == all:
		return StatusScheduled
	case waiting+moving > 0:
		return StatusLeaving
	case published > 0 && published == all:
		return StatusPublished
	case published > 0:
		return StatusPartly
	case all > 0 && cancelled == all:
		return StatusWithdrawn
	}
	return StatusAttention // void without a person's doing: nothing will go out
}
