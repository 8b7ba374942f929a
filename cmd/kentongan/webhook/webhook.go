// Package webhook is the door for what platforms push: it verifies the
// signature over the raw bytes, stores them sealed with the promise to read
// them, and answers fast. It looks at nothing inside.
package webhook

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"

	"kentongan/inbox"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/platform"
)

// largest is the biggest push taken: Meta sends at most 1,000 changes at once.
const largest = 4 << 20

// Path is where an app's platform pushes to.
func Path(id channel.AppID) string { return "/webhook/" + string(id) }

// Door answers the platforms.
type Door struct {
	DB       *db.DB
	Channels *channel.Desk
	Inbox    *inbox.Inbox
	Log      *slog.Logger
}

// Handler answers the check of an address (GET) and pushes (POST).
func (d *Door) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /webhook/{app}", d.challenge)
	mux.HandleFunc("POST /webhook/{app}", d.push)
	return mux
}

// knock finds the app that the address names, and who listens for it. Neither
// a platform that hangs up nor our own stopping cuts it short: the answer is a
// matter of milliseconds, and a refusal would count against us.
func (d *Door) knock(ctx context.Context, id string) (a channel.App, secrets platform.App, l platform.Listener, err error) {
	ctx = context.WithoutCancel(ctx)
	err = d.DB.View(ctx, func(tx *db.Tx) (err error) {
		a, err = channel.AppByID(ctx, tx, channel.AppID(id))
		return err
	})
	if err != nil {
		return a, secrets, nil, err
	}
	if secrets, err = d.Channels.Secrets(a); err != nil {
		return a, secrets, nil, err
	}
	connector, err := d.Channels.Connector(a.Platform)
	if err != nil {
		return a, secrets, nil, err
	}
	l, ok := connector.(platform.Listener)
	if !ok {
		err = fault.New(fault.NotFound, "app.not_found")
	}
	return a, secrets, l, err
}

func (d *Door) challenge(w http.ResponseWriter, r *http.Request) {
	_, secrets, l, err := d.knock(r.Context(), r.PathValue("app"))
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	answer, ok := l.Challenge(secrets, r.URL.Query())
	if !ok {
		d.refuse(w, r, fault.New(fault.Denied, "webhook.challenge_refused"))
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if len(answer) > 0 && answer[0] == '{' {
		w.Header().Set("Content-Type", "application/json")
	}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	io.WriteString(w, answer)
}

func (d *Door) push(w http.ResponseWriter, r *http.Request) {
	a, secrets, l, err := d.knock(r.Context(), r.PathValue("app"))
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largest))
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		d.refuse(w, r, fault.Wrap(fault.Invalid, "webhook.too_large", tooLarge))
		return
	}
	if err != nil {
		return // the sender has gone; it sends again
	}
	if err := l.Signed(secrets, r.Header, body); err != nil {
		d.refuse(w, r, fault.Wrap(fault.Denied, "webhook.bad_signature", err))
		return
	}
	// The push must be kept even when the platform hangs up now.
	if err := d.Inbox.KeepPush(context.WithoutCancel(r.Context()), a, body); err != nil {
		d.refuse(w, r, err)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// refuse tells a platform no more than the status. 5xx makes it send again.
func (d *Door) refuse(w http.ResponseWriter, r *http.Request, err error) {
	status := map[fault.Kind]int{
		fault.NotFound: http.StatusNotFound, fault.Denied: http.StatusUnauthorized, fault.Invalid: http.StatusRequestEntityTooLarge,
	}[fault.KindOf(err)]
	if status == 0 {
		status = http.StatusServiceUnavailable
	}
	d.Log.Warn("webhook refused", slog.Int("status", status), slog.String("code", fault.Code(err)), slog.Any("err", err))
	w.WriteHeader(status)
}
