package safehttp

import (
	"context"
	"net"
	"time"
)

type lastWrite struct{}

// withLastWrite tells the connection that a write dials until when its bytes
// may leave: net/http takes the deadline itself out of the dialler's context.
func withLastWrite(ctx context.Context) context.Context {
	if until, ok := ctx.Deadline(); ok {
		return context.WithValue(ctx, lastWrite{}, until)
	}
	return ctx
}

// timely dials connections that send nothing after the request's deadline.
func timely(dial func(context.Context, string, string) (net.Conn, error)) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		until, ok := ctx.Value(lastWrite{}).(time.Time)
		if err != nil || !ok {
			return conn, err
		}
		return &timelyConn{Conn: conn, until: until}, nil
	}
}

// timelyConn looks at the clock before each write. A context alone is not
// enough: when a process that stood still (a paused machine, swapping) goes on
// past the deadline, the timer that ends the call and the goroutine that writes
// run a race, and others have taken the call for dead by then.
type timelyConn struct {
	net.Conn
	until time.Time
}

func (c *timelyConn) Write(b []byte) (int, error) {
	// The monotonic clock sees a stopped process, the wall clock a stopped machine.
	if now := time.Now(); !now.Before(c.until) || !now.Round(0).Before(c.until.Round(0)) {
		return 0, context.DeadlineExceeded
	}
	return c.Conn.Write(b)
}
