package publisher

import (
	"testing"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/platform"
)

func TestFence(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
	sound := func() fence {
		return fence{
			now: now, actual: "d", signed: true, lateness: 15 * time.Minute, channel: channel.Channel{Health: channel.OK, PaceRemaining: -1},
			delivery: Delivery{Digest: "d", Due: now, Window: Window{NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour)}},
		}
	}
	before := func(s State) *Delivery { return &Delivery{State: s} }
	for _, c := range []struct {
		name   string
		change func(*fence)
		want   Verdict
		again  time.Time
	}{
		{"signed, due, healthy: it goes", func(*fence) {}, Go, time.Time{}},
		{"a changed letter voids it", func(f *fence) { f.actual = "e" }, ToVoid, time.Time{}},
		{"without a signature it is void", func(f *fence) { f.signed = false }, ToVoid, time.Time{}},
		{"a changed letter voids it even before its time", func(f *fence) { f.actual, f.delivery.Due = "e", now.Add(time.Hour) }, ToVoid, time.Time{}},
		{"a microsecond early is early", func(f *fence) { f.delivery.Due = now.Add(time.Microsecond) }, Later, now.Add(time.Microsecond)},
		{"never before the window", func(f *fence) { f.delivery.Window.NotBefore = now.Add(time.Second) }, Later, now.Add(time.Second)},
		{"at the limit it still goes", func(f *fence) { f.delivery.Due = now.Add(-15 * time.Minute) }, Go, time.Time{}},
		{"past the limit it is missed", func(f *fence) { f.delivery.Due = now.Add(-15*time.Minute - 1) }, TooLate, time.Time{}},
		{"past the window it is missed", func(f *fence) { f.delivery.Window.NotAfter = now.Add(-1) }, TooLate, time.Time{}},
		{"a lost credential holds it", func(f *fence) { f.channel.Health = channel.AuthLost }, ToHeld, time.Time{}},
		{"a frozen channel holds it", func(f *fence) { f.channel.Health = channel.Frozen }, ToHeld, time.Time{}},
		{"a broken channel holds what is late, too", func(f *fence) { f.channel.Health, f.delivery.Due = channel.Frozen, now.Add(-time.Hour) }, ToHeld, time.Time{}},
		{"a blocked account waits for the end of the block", func(f *fence) { f.channel.Health, f.channel.PauseUntil = channel.Blocked, now.Add(time.Minute) }, Later, now.Add(time.Minute)},
		{"an open breaker waits", func(f *fence) { f.channel.PauseUntil = now.Add(time.Second) }, Later, now.Add(time.Second)},
		{"a spent pace waits for its reset", func(f *fence) { f.channel.PaceRemaining, f.channel.PaceReset = 0, now.Add(time.Second) }, Later, now.Add(time.Second)},
		{"a pace that was reset goes", func(f *fence) { f.channel.PaceRemaining, f.channel.PaceReset = 0, now.Add(-time.Second) }, Go, time.Time{}},
		{"after its predecessor", func(f *fence) { f.before = before(Published) }, Go, time.Time{}},
		{"not before its predecessor", func(f *fence) { f.before = before(Waiting) }, Later, now.Add(5 * time.Second)},
		{"not after a predecessor that failed", func(f *fence) { f.before = before(Failed) }, ToHeld, time.Time{}},
		{"not after a predecessor that was withdrawn", func(f *fence) { f.before = before(Cancelled) }, ToHeld, time.Time{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := sound()
			c.change(&f)
			got, again, code := f.check()
			if got != c.want || !again.Equal(c.again) {
				t.Errorf("got %s at %v, want %s at %v", got, again, c.want, c.again)
			}
			if stops := got == ToVoid || got == ToHeld || got == TooLate; stops != (code != "") {
				t.Errorf("a delivery that stops needs a reason: %s %q", got, code)
			}
		})
	}
}

func TestLook(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
	one, two := []platform.Receipt{{RemoteID: "1"}}, []platform.Receipt{{RemoteID: "1"}, {RemoteID: "2"}}
	for _, c := range []struct {
		name string
		look look
		want State
	}{
		{"found once: published", look{found: one, complete: true}, Published},
		{"found once by a look that was not complete: published", look{found: one}, Published},
		{"found twice: a person", look{found: two, complete: true}, NeedsPerson},
		{"absent once: look again", look{complete: true}, Unconfirmed},
		{"absent twice: send again", look{complete: true, delivery: Delivery{Absent: 1}}, Waiting},
		{"absent twice but too late: missed", look{complete: true, delivery: Delivery{Absent: 1, Due: now.Add(-time.Hour)}}, Missed},
		{"absent twice after a duplicate refusal: failed, or it would be sent for ever", look{complete: true, duplicate: true, delivery: Delivery{Absent: 1}}, Failed},
		{"a look that could not cover the window proves nothing", look{delivery: Delivery{Absent: 1}}, Unconfirmed},
		{"many such looks: a person", look{looks: incompleteLooks - 1}, NeedsPerson},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := c.look
			l.now, l.lateness = now, 15*time.Minute
			if l.delivery.Due.IsZero() {
				l.delivery.Due = now
			}
			l.delivery.Window.NotAfter = now.Add(24 * time.Hour)
			if got, _ := l.judge(); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestOriginOfASighting(t *testing.T) {
	t.Parallel()
	connected := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
	ch := channel.Channel{ConnectedAt: connected}
	seen := channel.Sighting{PostedAt: connected.Add(time.Hour)}
	old, answer := seen, seen
	old.PostedAt, answer.InReplyTo = connected.Add(-time.Hour), "1"
	for _, c := range []struct {
		name  string
		s     channel.Sighting
		owner DeliveryID
		busy  bool
		want  string
	}{
		{"a delivery of ours", seen, "d", false, channel.SightingOurs},
		{"older than the connection", old, "", false, channel.SightingKnown},
		{"an answer made by hand in the platform's app", answer, "", false, channel.SightingKnown},
		{"perhaps the one that is on its way", seen, "", true, channel.SightingNew},
		{"nobody here sent it", seen, "", false, channel.SightingForeign},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := origin(c.s, c.owner, ch, c.busy); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
