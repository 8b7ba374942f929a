package platform

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Who can mend a refusal.
const (
	FixAuthor = "author" // change the text or the media
	FixAdmin  = "admin"  // reconnect, permissions, billing
	FixNobody = "nobody" // the platform's own rule
)

// Refusal is a definite no: nothing was published and sending the same again
// gives the same answer.
type Refusal struct {
	Code  string // translatable: "platform.text_too_long"
	Said  string // the platform's own words, shortened, without secrets
	Fix   string // FixAuthor, FixAdmin, FixNobody
	Auth  bool   // the credential is no longer accepted: the channel needs reconnecting
	Block bool   // the platform has blocked the account for a while
}

func (r *Refusal) Error() string { return fmt.Sprintf("refused: %s: %s", r.Code, r.Said) }

// Throttle is a no before anything was processed: certainly not published.
type Throttle struct {
	Until time.Time
	Said  string
}

func (t *Throttle) Error() string {
	return fmt.Sprintf("throttled until %s: %s", t.Until.Format(time.RFC3339), t.Said)
}

// NotSent says that no byte of the request left us (dial or TLS failure).
type NotSent struct{ Err error }

func (n *NotSent) Error() string { return "not sent: " + n.Err.Error() }
func (n *NotSent) Unwrap() error { return n.Err }

// Unclear is every answer after which the outcome is unknown: time-out, reset,
// 5xx, 2xx without an id, a duplicate refusal. It must be read back.
type Unclear struct {
	Status    int
	Said      string
	Duplicate bool // the platform says it already has this text: evidence, not proof
	Err       error
}

func (u *Unclear) Error() string {
	return fmt.Sprintf("unclear outcome (status %d): %s", u.Status, u.Said)
}
func (u *Unclear) Unwrap() error { return u.Err }

// Outcome is the class of a publish call's result.
type Outcome string

const (
	Published Outcome = "published"
	Refused   Outcome = "refused"
	Throttled Outcome = "throttled"
	Unsent    Outcome = "unsent"
	Unknown   Outcome = "unknown"
)

// Classify decides what a Publish call meant. Only a receipt with an id is a
// success, whatever the error says.
func Classify(r Receipt, err error) Outcome {
	switch {
	case err == nil && r.RemoteID != "":
		return Published
	case err == nil:
		return Unknown
	}
	if _, ok := errors.AsType[*Refusal](err); ok {
		return Refused
	}
	if _, ok := errors.AsType[*Throttle](err); ok {
		return Throttled
	}
	if _, ok := errors.AsType[*NotSent](err); ok {
		return Unsent
	}
	return Unknown
}

type quotaKey struct{}

// WithQuota lets a connector report the rate headers it saw during a call.
func WithQuota(ctx context.Context, seen func(Quota)) context.Context {
	return context.WithValue(ctx, quotaKey{}, seen)
}

// SawQuota reports rate headers to the caller, if it asked.
func SawQuota(ctx context.Context, q Quota) {
	if seen, ok := ctx.Value(quotaKey{}).(func(Quota)); ok {
		seen(q)
	}
}

type spentKey struct{}

// WithSpending lets a connector report what its calls cost.
func WithSpending(ctx context.Context, spent func(usdMicros int64)) context.Context {
	return context.WithValue(ctx, spentKey{}, spent)
}

// Spent reports what a call cost, in millionths of a US dollar.
func Spent(ctx context.Context, usdMicros int64) {
	if spent, ok := ctx.Value(spentKey{}).(func(int64)); ok && usdMicros > 0 {
		spent(usdMicros)
	}
}

// AsRefusal returns the refusal in err's chain, or nil.
func AsRefusal(err error) *Refusal {
	r, _ := errors.AsType[*Refusal](err)
	return r
}
