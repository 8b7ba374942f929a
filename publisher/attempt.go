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

// outcomeLost marks an attempt whose worker lost its claim before it told the end.
const outcomeLost = "lost"

// deadAt is when nothing of the request can still happen on our side. Of a
// lost one that is a call's time after its claim was taken over, not after it
// began: clocks step, and those of two machines differ, but a duration holds.
func (a attempt) deadAt(t Timing) time.Time {
	switch {
	case a.Ended.IsZero():
		return a.Started.Add(t.CallTimeout)
	case a.Outcome == outcomeLost:
		return a.Ended.Add(t.CallTimeout)
	}
	return a.Ended
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
