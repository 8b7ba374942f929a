package inbox

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/live"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
)

// Why a push is parked.
const (
	parkUnknown    = "unknown_account"
	parkUnreadable = "unreadable"
)

// KeepPush stores what a platform pushed, sealed and as it came, with the
// promise to read it. Only then is the platform told that it arrived: it will
// not send it again. The caller has verified the signature.
func (in *Inbox) KeepPush(ctx context.Context, app channel.App, body []byte) error {
	p := push{ID: db.NewID(), App: app.ID, ReceivedAt: in.Now()}
	p.body = in.Vault.Seal(pushPurpose(p.ID), body)
	return in.DB.Update(ctx, func(tx *db.Tx) error {
		if err := insertPush(ctx, tx, p); err != nil {
			return err
		}
		return outbox.Put(ctx, tx, in.parse(p.ID, app.Agency))
	})
}

func pushPurpose(id string) string { return "push.body/" + id }

func (in *Inbox) parse(id string, agency identity.AgencyID) outbox.Promise {
	return outbox.Promise{Kind: KindParse, Key: id, Agency: agency, Class: outbox.Inbox, Due: in.Now()}
}

// Parse reads one push. Its body is kept until every account in it is known,
// and then forgotten.
func (in *Inbox) Parse(ctx context.Context, ring outbox.Ring) error {
	return outbox.Once(ctx, in.DB, in.Now(), ring, func(tx *db.Tx, _ outbox.Claim) error {
		p, err := pushByID(ctx, tx, ring.Key)
		if fault.KindOf(err) == fault.NotFound {
			return nil // parsed before
		}
		if err != nil {
			return err
		}
		app, err := channel.AppByID(ctx, tx, p.App)
		if err != nil {
			return err
		}
		if p.Note, err = in.place(ctx, tx, app, p); err != nil {
			return err
		}
		if p.Note == "" {
			return deletePush(ctx, tx, p.ID)
		}
		in.Log.WarnContext(ctx, "push parked", slog.String("push", p.ID), slog.String("platform", string(app.Platform)), slog.String("why", p.Note))
		if err := live.Tell(ctx, tx, app.Agency, "push", p.ID); err != nil {
			return err
		}
		return parkPush(ctx, tx, p)
	})
}

// place gives each item to the channels of its account and says why something
// is left over; "" when nothing is.
func (in *Inbox) place(ctx context.Context, tx *db.Tx, app channel.App, p push) (why string, err error) {
	connector, err := in.Channels.Connector(app.Platform)
	if err != nil {
		return "", err
	}
	listener, ok := connector.(platform.Listener)
	if !ok {
		return parkUnreadable, nil
	}
	body, err := in.Vault.Open(pushPurpose(p.ID), p.body)
	if err != nil {
		return "", err
	}
	items, err := listener.Parse(body)
	if err != nil {
		return parkUnreadable, nil
	}
	accounts := make([]string, 0, len(items))
	for account := range items {
		accounts = append(accounts, account)
	}
	slices.Sort(accounts)
	for _, account := range accounts {
		channels, err := in.spokenFor(ctx, tx, app, account)
		if err != nil {
			return "", err
		}
		if len(channels) == 0 {
			why = parkUnknown
		}
		for _, ch := range channels {
			if _, err := in.Receive(ctx, tx, ch, items[account], time.Time{}); err != nil {
				return "", err
			}
		}
	}
	return why, nil
}

// spokenFor are the channels of an account that the app may bring news of: its
// own, and those that another agency connected through the same registration.
// Whoever knows one registration's secret must not put words into the inbox of
// an agency that uses another.
func (in *Inbox) spokenFor(ctx context.Context, tx *db.Tx, app channel.App, account string) ([]channel.Channel, error) {
	if account == "" {
		return onlyOf(ctx, tx, app)
	}
	channels, err := channel.ByAccount(ctx, tx, app.Platform, app.BaseURL, account)
	if err != nil {
		return nil, err
	}
	ours, err := in.Channels.Secrets(app)
	if err != nil {
		return nil, err
	}
	var all []channel.Channel
	for _, ch := range channels {
		if ch.App != app.ID {
			other, err := channel.AppByID(ctx, tx, ch.App)
			if err != nil {
				return nil, err
			}
			theirs, err := in.Channels.Secrets(other)
			if err != nil {
				return nil, err
			}
			if !sameRegistration(ours, theirs) {
				continue
			}
		}
		all = append(all, ch)
	}
	return all, nil
}

// sameRegistration compares the secrets that open the door. Where an app has
// none of its own (a Telegram bot), that is the word sent along with a push.
func sameRegistration(a, b platform.App) bool {
	return a.ClientID == b.ClientID && a.ClientSecret == b.ClientSecret && (a.ClientSecret != "" || a.VerifyToken == b.VerifyToken)
}

// unpark reads again what waited for a new channel: at its own app, and at
// those of other agencies with the same registration.
func (in *Inbox) unpark(ctx context.Context, tx *db.Tx, ch channel.Channel) error {
	apps, err := parkedAt(ctx, tx)
	if err != nil || len(apps) == 0 {
		return err
	}
	own, err := channel.AppByID(ctx, tx, ch.App)
	if err != nil {
		return err
	}
	ours, err := in.Channels.Secrets(own)
	if err != nil {
		return err
	}
	for _, id := range apps {
		app, err := channel.AppByID(ctx, tx, id)
		if err != nil {
			return err
		}
		theirs, err := in.Channels.Secrets(app)
		if err != nil {
			return err
		}
		if app.ID != own.ID && (app.Platform != own.Platform || app.BaseURL != own.BaseURL || !sameRegistration(ours, theirs)) {
			continue
		}
		all, err := parkedPushes(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, p := range all {
			if err := outbox.Put(ctx, tx, in.parse(p.ID, app.Agency)); err != nil {
				return err
			}
		}
	}
	return nil
}

// Parked is how many pushes of an app could not be placed, and why.
type Parked struct {
	App    channel.AppID
	Note   string
	N      int64
	Oldest time.Time
}

// Parked lists what the agency's apps could not place.
func (in *Inbox) Parked(ctx context.Context, by identity.Actor) (all []Parked, err error) {
	if !by.May(identity.Connect, by.Agency) && !by.May(identity.ReadQueue, by.Agency) {
		return nil, fault.New(fault.Denied, "inbox.no_power")
	}
	err = in.DB.View(ctx, func(tx *db.Tx) (err error) {
		all, err = parkedOf(ctx, tx, by.Agency)
		return err
	})
	return all, err
}
