package sandbox

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// answer is what a face says; how it reaches the client is decided by the
// faults in force.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func jsonAnswer(status int, v any) answer {
	b, err := json.Marshal(v)
	if err != nil {
		return answer{status: http.StatusInternalServerError, header: http.Header{}, body: []byte("{}")}
	}
	return answer{status: status, header: http.Header{"Content-Type": {"application/json; charset=utf-8"}}, body: b}
}

func (a answer) with(name, value string) answer {
	a.header = a.header.Clone()
	a.header[name] = []string{value} // the platforms' own casing
	return a
}

// object is a JSON object in the making.
type object = map[string]any

// write sends an answer whole.
func (a answer) write(w http.ResponseWriter) {
	for k, v := range a.header {
		w.Header()[k] = v
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // the client may be gone; nobody is left to tell
}

// dribble sends an answer in small pieces over a time.
func (a answer) dribble(w http.ResponseWriter, r *http.Request, over time.Duration) {
	const pieces = 20
	for k, v := range a.header {
		w.Header()[k] = v
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	tick := time.NewTicker(max(over/pieces, time.Millisecond))
	defer tick.Stop()
	rest := a.body
	for i := pieces; i > 0; i-- {
		n := len(rest) / i
		if _, err := w.Write(rest[:n]); err != nil {
			return
		}
		rest = rest[n:]
		if http.NewResponseController(w).Flush() != nil {
			return
		}
		select {
		case <-tick.C:
		case <-r.Context().Done():
			return
		}
	}
}

// hangUp closes the connection without a byte of answer.
func hangUp(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		w.WriteHeader(http.StatusBadGateway) // HTTP/2 cannot be hung up on; the sandbox speaks HTTP/1.1
		return
	}
	_ = conn.Close()
}
