package telemetry

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"kentongan/internal/fault"
)

// Check is one thing that must hold before a due post would go out.
type Check struct {
	Name string
	Ok   func(context.Context) error
}

// patience is how long a check may take: a load balancer asks every few seconds.
const patience = 3 * time.Second

// Health answers /healthz (the process lives) and /readyz (a due post would go
// out now). It names what fails by its code and never shows an error's text.
func Health(checks ...Check) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		answer(w, http.StatusOK, map[string]any{"alive": true})
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		found, ready := Ready(r.Context(), checks)
		status := http.StatusOK
		if !ready {
			status = http.StatusServiceUnavailable
		}
		answer(w, status, map[string]any{"ready": ready, "checks": found})
	})
	return mux
}

// Ready runs every check at once: "ok" or the code of what is wrong.
func Ready(ctx context.Context, checks []Check) (found map[string]string, ready bool) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	found, ready = make(map[string]string, len(checks)), true
	var mu sync.Mutex
	var group sync.WaitGroup
	for _, c := range checks {
		group.Go(func() {
			state := state(ctx, c)
			mu.Lock()
			defer mu.Unlock()
			found[c.Name], ready = state, ready && state == "ok"
		})
	}
	group.Wait()
	return found, ready
}

// state waits no longer than ctx, even for a check that does not listen to it.
func state(ctx context.Context, c Check) string {
	done := make(chan error, 1)
	go func() { done <- c.Ok(ctx) }()
	select {
	case err := <-done:
		if err == nil {
			return "ok"
		}
		if code := fault.Code(err); code != "" {
			return code
		}
		return "failed"
	case <-ctx.Done():
		return "no_answer"
	}
}

func answer(w http.ResponseWriter, status int, body map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}
