package sandbox

import (
	"net/http"
	"slices"
	"time"
)

// Kinds of fault.
const (
	faultCommitDrop = "commit-then-drop" // done, and the connection closed without an answer
	faultDrop       = "drop"             // closed before anything was done
	fault429        = "429"              // the platform's own throttling, nothing done
	faultHTML       = "5xx-html"         // a gateway's page
	faultEmpty503   = "503-empty"        // 503 {}: huandu/facebook takes it for success
	faultProblem403 = "403-problem"      // X v2 problem JSON: go-twitter takes it for success
	faultRevoked    = "revoked"          // the token is no longer accepted
	faultSlow       = "slow"             // done, and answered drop by drop
	faultHookTwice  = "webhook-duplicate"
	faultHookOrder  = "webhook-unordered"
)

// Fault is one disturbance asked for through the control page.
type Fault struct {
	Platform string `json:"platform"`
	Op       string `json:"op"`
	Kind     string `json:"kind"`
	Count    int    `json:"count"`   // calls disturbed; 0 means one, below 0 until cleared
	Account  string `json:"account"` // id or handle; "" is every account
	After    int    `json:"after"`   // calls let through first
	Commit   bool   `json:"commit"`  // do the work before refusing (5xx-html, 503-empty, 403-problem)
	MS       int    `json:"ms"`      // length of a slow answer (3 s) or of a 429's window (2 s)
}

type fault struct {
	Fault
	left, skip int
}

func faultKinds() []string {
	return []string{faultCommitDrop, faultDrop, fault429, faultHTML, faultEmpty503, faultProblem403, faultRevoked, faultSlow, faultHookTwice, faultHookOrder}
}

func faultOps() []string {
	return []string{"", "any", opPublish, opStage, opPull, opFind, opHide, opDelete, opMeasure, opVerify, opWebhook}
}

// What a call is for, as faults name it.
const (
	opPublish = "publish"
	opStage   = "stage"
	opPull    = "pull"
	opFind    = "find"
	opHide    = "hide"
	opDelete  = "delete"
	opMeasure = "measure"
	opVerify  = "verify"
	opWebhook = "webhook"
)

// AddFault puts a fault in force.
func (s *Sandbox) AddFault(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	left := f.Count
	if left == 0 {
		left = 1
	}
	s.faults = append(s.faults, &fault{Fault: f, left: left, skip: f.After})
}

// ClearFaults ends every fault.
func (s *Sandbox) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// takeFault is the first fault in force for a call, used up by one.
func (s *Sandbox) takeFault(platform, op string, a *Account) *fault {
	i := slices.IndexFunc(s.faults, func(f *fault) bool { return f.hits(platform, op, a) })
	if i < 0 {
		return nil
	}
	f := s.faults[i]
	if f.skip > 0 {
		f.skip--
		return nil
	}
	if f.left > 0 {
		if f.left--; f.left == 0 {
			s.faults = slices.Delete(s.faults, i, i+1)
		}
	}
	return f
}

func (f *fault) hits(platform, op string, a *Account) bool {
	hook := f.Kind == faultHookTwice || f.Kind == faultHookOrder
	if hook != (op == opWebhook) || (f.Platform != "" && f.Platform != platform) {
		return false
	}
	if !hook && f.Op != "" && f.Op != "any" && f.Op != op {
		return false
	}
	return f.Account == "" || (a != nil && (f.Account == a.ID || f.Account == a.Handle))
}

// lasting is the fault's own time, or a fallback.
func (f *fault) lasting(fallback time.Duration) time.Duration {
	if f.MS > 0 {
		return time.Duration(f.MS) * time.Millisecond
	}
	return fallback
}

// before is the answer of a fault that refuses; stop is false where the call
// runs and only its answer is disturbed.
func (f *fault) before(face face, m *meter, now time.Time, run func() answer) (out answer, stop bool) {
	switch f.Kind {
	case faultCommitDrop, faultSlow:
		return answer{}, false
	case faultDrop:
		return answer{header: http.Header{}}, true
	case fault429:
		// The window ends soon, so that a test can see the call go through after it.
		spent := &meter{limit: m.limit, used: m.limit, reset: now.Add(f.lasting(2 * time.Second)), now: now, window: m.window}
		return face.meterHeaders(face.tooMany(spent), spent), true
	case faultRevoked:
		return face.revoked(), true
	}
	if f.Commit {
		run()
	}
	switch f.Kind {
	case faultHTML:
		return htmlAnswer(http.StatusBadGateway), true
	case faultEmpty503:
		return jsonAnswer(http.StatusServiceUnavailable, object{}), true
	default:
		return xProblem(http.StatusForbidden, "Forbidden", "You are not permitted to perform this action.", "about:blank"), true
	}
}

func htmlAnswer(status int) answer {
	const page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
	return answer{status: status, header: http.Header{"Content-Type": {"text/html; charset=UTF-8"}}, body: []byte(page)}
}
