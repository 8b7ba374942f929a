package sandbox

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"time"
)

// takePushes is what is due now, disturbed as the faults ask.
func (s *Sandbox) takePushes(now time.Time) []push {
	s.mu.Lock()
	defer s.mu.Unlock()
	var due, later []push
	for _, p := range s.queue {
		if p.due.After(now) {
			later = append(later, p)
			continue
		}
		due = append(due, p)
	}
	s.queue = later
	due, held := s.disorder(due)
	s.queue = append(s.queue, held...)
	var out []push
	for _, p := range due {
		out = append(out, p)
		if s.takeHookFault(p.hook.Platform, faultHookTwice) {
			out = append(out, p)
		}
	}
	return out
}

// disorder holds a platform's pushes until there are two, then turns them round.
func (s *Sandbox) disorder(due []push) (out, held []push) {
	for _, h := range habits() {
		platform := h.name
		mine := slices.DeleteFunc(slices.Clone(due), func(p push) bool { return p.hook.Platform != platform })
		i := slices.IndexFunc(s.faults, func(f *fault) bool {
			return f.Kind == faultHookOrder && f.hits(platform, opWebhook, nil)
		})
		switch {
		case i < 0:
			out = append(out, mine...)
		case len(mine) == 1:
			held = append(held, mine...)
		case len(mine) > 1:
			s.takeHookFault(platform, faultHookOrder)
			slices.Reverse(mine)
			out = append(out, mine...)
		}
	}
	return out, held
}

func (s *Sandbox) takeHookFault(platform, kind string) bool {
	for i, f := range s.faults {
		if f.Kind != kind || !f.hits(platform, opWebhook, nil) {
			continue
		}
		if f.skip > 0 {
			f.skip--
			return false
		}
		if f.left > 0 {
			if f.left--; f.left == 0 {
				s.faults = slices.Delete(s.faults, i, i+1)
			}
		}
		return true
	}
	return false
}

// Deliver pushes what is due and returns how many bodies were taken. What an
// address did not take with 2xx comes again, later each time, as Meta and X do.
func (s *Sandbox) Deliver(ctx context.Context) int {
	taken := 0
	for _, p := range s.takePushes(s.now()) {
		if s.deliver(ctx, p) {
			taken++
			continue
		}
		const most = 12
		if p.tries++; p.tries > most {
			s.log.Warn("sandbox: webhook given up", "platform", p.hook.Platform)
			continue
		}
		p.due = s.now().Add(time.Second << min(p.tries, 6))
		s.mu.Lock()
		s.queue = append(s.queue, p)
		s.mu.Unlock()
	}
	return taken
}

func (s *Sandbox) deliver(ctx context.Context, p push) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.hook.URL, bytes.NewReader(p.body))
	if err != nil {
		return false
	}
	req.Header.Set("Content-Type", "application/json")
	if signed := habitOf(p.hook.Platform).signed; signed != nil {
		signed(s.app(p.hook.Platform), p.hook, req.Header, p.body)
	}
	res, err := s.client.Do(req)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<20)) // only the status counts
	return res.StatusCode/100 == 2
}

func (s *Sandbox) deliverLoop(ctx context.Context) {
	again := time.NewTicker(time.Second)
	defer again.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		case <-again.C:
		}
		s.Deliver(ctx)
	}
}
