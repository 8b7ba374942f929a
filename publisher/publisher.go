// Package publisher takes a post from draft to published, and carries every
// other thing that goes out. Nothing leaves that was not signed, nothing
// leaves twice, nothing leaves before its time (DESIGN §4).
//
//	draft -> review -> scheduled -> deliveries: waiting -> sending -> published
//	                                                    -> unconfirmed -> read back
//	                                            waiting -> by_hand -> published by a person
package publisher

import (
	"context"
	"log/slog"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/identity"
	"kentongan/internal/media"
	"kentongan/internal/platform"
)

// Kinds of promise this room puts.
const (
	KindDeliver = "deliver" // key: delivery id; lane: channel
	KindWatch   = "watch"   // key: channel id
)

// Kinds of promise that follow a publication; other rooms keep them.
const (
	KindMeasure  = "measure"  // key: delivery id
	KindAnswered = "answered" // key: delivery id of a reply
	// KindUndelivered: the platform said later that it could not deliver.
	KindUndelivered = "undelivered" // key: delivery id of a reply
)

// Timing is how long things may take at a platform.
type Timing struct {
	Lease       time.Duration // a worker's right to act, renewed by each step
	CallTimeout time.Duration // after it a request is surely dead
	Settle      time.Duration // how long a new post may stay invisible to a read-back
}

// Publisher holds the verbs of the room.
type Publisher struct {
	DB       *db.DB
	Channels *channel.Desk
	Media    *media.Store
	Log      *slog.Logger
	Now      func() time.Time
	Timing   func(platform.Name) Timing
	Lateness time.Duration // of posts
	// MeasureAfter is when engagement is first read.
	MeasureAfter time.Duration
	// Recipient is the platform's id of the person whom an answer reaches: it is
	// kept sealed with the message, not with the delivery. nil is nobody.
	Recipient func(context.Context, *db.Tx, Delivery) (string, error)
	// MayRelease is the reply rule's word on an answer that a person wants to
	// send after all; nil has none.
	MayRelease func(context.Context, *db.Tx, identity.Actor, Delivery) error
	// PublicMediaBase is the address below which platforms fetch media of ours
	// themselves: "https://media.example/m"; "" when nobody can reach us.
	PublicMediaBase string
	// Budget is what a channel may cost in a month, in millionths of a US
	// dollar; 0 is no limit. nil is none for any.
	Budget func(channel.Channel) int64
	// RupiahPerDollar is the rate at which costs are shown; 0 shows dollars alone.
	RupiahPerDollar int64
	// Step is told each step of a delivery as it is passed; tests end the
	// process there. nil in the program.
	Step func(step string, on platform.Name)
}

// ReplyLateness is how long an answer may wait for its platform: an answer of
// this morning is still an answer in the evening.
const ReplyLateness = 24 * time.Hour

func (p *Publisher) step(name string, j *job) {
	if p.Step != nil {
		p.Step(name, j.channel.Platform)
	}
}

func (p *Publisher) lateness(origin string) time.Duration {
	if origin == OriginReply {
		return ReplyLateness
	}
	return p.Lateness
}
