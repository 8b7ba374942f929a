package publisher

import (
	"errors"
	"time"

	"kentongan/internal/platform"
)

// Acts of an attempt.
const (
	actStage   = "stage"
	actPublish = "publish"
	actFind    = "find"
)

// outcomeDuplicate marks an unclear answer that says the platform has this
// text already.
const outcomeDuplicate = "duplicate"

// attempt is one platform call as its row tells.
type attempt struct {
	Epoch     int64
	Started   time.Time
	Ended     time.Time
	Outcome   string
	RemoteID  string
	RemoteURL string
}

// deadAt is when nothing of the request can still happen on our side.
func (a attempt) deadAt(t Timing) time.Time {
	if !a.Ended.IsZero() && a.Outcome != "lost" {
		return a.Ended
	}
	return a.Started.Add(t.CallTimeout)
}

func (a attempt) outcome() platform.Outcome { return platform.Outcome(a.Outcome) }

// attemptEnd is how an attempt ended.
type attemptEnd struct {
	outcome             string
	status              int
	said                string
	remoteID, remoteURL string
}

func attemptOf(o platform.Outcome, r result) attemptEnd {
	end := attemptEnd{outcome: string(o), said: said(r.err)}
	if o == platform.Published {
		end.remoteID, end.remoteURL = r.receipt.RemoteID, r.receipt.URL
	}
	if u, ok := errors.AsType[*platform.Unclear](r.err); ok {
		end.status = u.Status
		if u.Duplicate {
			end.outcome = outcomeDuplicate
		}
	}
	return end
}
