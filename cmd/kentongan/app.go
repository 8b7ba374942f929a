package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"time"

	"kentongan/cmd/kentongan/web"
	"kentongan/configs"
	"kentongan/inbox"
	"kentongan/internal/audit"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/insight"
	"kentongan/internal/media"
	"kentongan/internal/ownmodel"
	"kentongan/internal/platform"
	"kentongan/internal/vault"
	"kentongan/moderation"
	"kentongan/publisher"
	"kentongan/queue"
)

// app is every part of the program, in the order it is built.
type app struct {
	cfg        configs.Config
	log        *slog.Logger
	db         *db.DB
	vault      *vault.Vault
	media      *media.Store
	people     *identity.Desk
	channels   *channel.Desk
	publisher  *publisher.Publisher
	inbox      *inbox.Inbox
	moderation *moderation.Moderation
	insight    *insight.Insight
	policy     configs.Policy
	redis      *queue.Redis
	queue      *queue.Queue
	ready      func(platform.Name, string) (web.Ready, bool) // what the demo's platforms offer; nil in an office
	closers    []io.Closer
}

func databaseOf(cfg configs.Config) string {
	if cfg.DatabaseURL != "" {
		return cfg.DatabaseURL
	}
	return filepath.Join(cfg.Data, "kentongan.db")
}

// build opens everything that the program works with and wires the rooms. What
// was opened is closed again when it fails half-way.
func build(ctx context.Context, cfg configs.Config, log *slog.Logger) (a *app, err error) {
	a = &app{cfg: cfg, log: log}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.close())
		}
	}()
	if a.db, err = openData(ctx, cfg); err != nil {
		return a, err
	}
	a.closers = append(a.closers, a.db)
	if a.vault, err = vault.Open(filepath.Join(cfg.Data, "key")); err != nil {
		return a, err
	}
	if a.media, err = media.OpenStore(filepath.Join(cfg.Data, "media")); err != nil {
		return a, err
	}
	if err = a.rooms(); err != nil {
		return a, err
	}
	if err = a.keyFits(ctx); err != nil {
		return a, err
	}
	if a.redis, err = queue.OpenRedis(ctx, log, cfg.RedisURL, cfg.RedisMode, filepath.Join(cfg.Data, "redis")); err != nil {
		return a, err
	}
	a.closers = append(a.closers, a.redis)
	a.queue = queue.New(a.db, a.redis, log, time.Now, queue.Settings{Workers: cfg.Workers})
	a.wire()
	return a, nil
}

// rooms builds the rooms on the ground, from the bottom up.
func (a *app) rooms() error {
	a.people = identity.NewDesk(a.db, a.vault, time.Now, noteDeed)
	a.people.Idle, a.people.Age = a.cfg.SessionIdle, a.cfg.SessionMax
	var err error
	if a.channels, err = a.openChannels(a.db, a.vault); err != nil {
		return err
	}
	a.publisher = &publisher.Publisher{
		DB: a.db, Channels: a.channels, Media: a.media, Log: a.log, Now: time.Now,
		Timing: a.timing, Lateness: a.cfg.Lateness, MeasureAfter: time.Hour,
		Budget: func(ch channel.Channel) int64 { return a.monthlyBudget(ch.Platform) }, RupiahPerDollar: int64(a.cfg.RupiahPerUSD),
	}
	years, err := configs.Calendars()
	if err != nil {
		return err
	}
	calendar, err := inbox.NewCalendar(years)
	if err != nil {
		return err
	}
	a.inbox = &inbox.Inbox{
		DB: a.db, Vault: a.vault, Channels: a.channels, Log: a.log, Now: time.Now,
		Every: a.cfg.PollEvery, Near: 15 * time.Minute, Calendar: calendar,
	}
	a.channels.Connected = a.inbox.Connected
	if a.policy, err = policyOf(a.cfg.Moderation); err != nil {
		return err
	}
	rules, err := moderation.NewPolicy(a.policy, a.cfg.Moderation.OfficialNames()...)
	if err != nil {
		return err
	}
	classifier, err := newClassifier(a.cfg.Moderation.NonCommercial != "false")
	if err != nil {
		return err
	}
	a.moderation = &moderation.Moderation{
		DB: a.db, Vault: a.vault, Channels: a.channels, Inbox: a.inbox, Publisher: a.publisher,
		Classifier: classifier, Policy: rules, Log: a.log, Now: time.Now, PublicURL: a.cfg.Public(),
		Officials: a.cfg.Moderation.OfficialNames(), Automatic: automatic(a.cfg.Moderation), QualityShare: float64(a.cfg.Moderation.QualitySample) / 100,
	}
	if a.moderation.Objections, err = objectionRules(a.cfg.Moderation); err != nil {
		return err
	}
	if line := a.cfg.Moderation.OwnModel; line != "" {
		own := ownmodel.New(line, a.log, time.Now)
		a.moderation.Own, a.closers = own, append(a.closers, own)
	}
	a.publisher.Recipient, a.publisher.MayRelease = a.moderation.Recipient, a.moderation.MayRelease
	a.insight = &insight.Insight{DB: a.db, Channels: a.channels, Log: a.log, Now: time.Now, Cadence: insight.UsualCadence(), Near: a.inbox.Near}
	return nil
}

// automatic is when a rule may hide by itself.
func automatic(m configs.Moderation) moderation.Automatic {
	return moderation.Automatic{
		Precision: float64(m.AutoPrecision) / 100, Decisions: int64(m.AutoDecisions), Plain: m.AutoMeasure == "share",
		Sample: float64(m.AutoSample) / 100, Copies: time.Duration(m.CopyDays) * 24 * time.Hour,
	}
}

// policyOf is the office's own moderation policy, or the one shipped with the
// program.
func policyOf(m configs.Moderation) (configs.Policy, error) {
	if m.Policy != "" {
		return configs.ReadPolicy(m.Policy)
	}
	all, err := configs.Policies()
	if err != nil || len(all) == 0 {
		return configs.Policy{}, errors.Join(err, fault.New(fault.Invalid, "policy.none"))
	}
	return all[0], nil
}

// objectionRules are the office's own rules for objections, or those shipped
// with the program.
func objectionRules(m configs.Moderation) (moderation.ObjectionRules, error) {
	data, err := configs.ObjectionData(m.ObjectionFile)
	if err != nil {
		return moderation.ObjectionRules{}, err
	}
	chosen, err := data.Choose(m.ObjectionClocks)
	return moderation.ObjectionRules{Objection: data, Chosen: chosen, Public: m.PublicNotice == "true"}, err
}

// wire says which verb keeps which kind of promise.
func (a *app) wire() {
	for kind, verb := range map[string]queue.Verb{
		publisher.KindDeliver:     a.publisher.Deliver,
		publisher.KindWatch:       a.publisher.Watch,
		publisher.KindMeasure:     a.insight.Measure,
		publisher.KindAnswered:    a.moderation.Answered,
		publisher.KindUndelivered: a.moderation.Undelivered,
		channel.KindSubscribe:     a.channels.Subscribe,
		inbox.KindPoll:            a.inbox.Poll,
		inbox.KindParse:           a.inbox.Parse,
		inbox.KindTriage:          a.moderation.Triage,
		moderation.KindEnforce:    a.moderation.Enforce,
		moderation.KindNotice:     a.moderation.Notify,
		moderation.KindTakeBack:   a.moderation.KeepTakeBack,
	} {
		a.queue.Handle(kind, verb)
	}
}

// timing is how patient we are with a platform.
func (a *app) timing(name platform.Name) publisher.Timing {
	p, ok := a.cfg.Platform(string(name))
	if !ok {
		p, _ = configs.Default().Platform("mastodon")
	}
	return publisher.Timing{Lease: p.Lease, CallTimeout: p.CallTimeout, Settle: p.Settle}
}

// noteDeed lets identity write to the trail, which knows identity's actors.
func noteDeed(ctx context.Context, tx *db.Tx, by identity.Actor, at time.Time, d identity.Deed) error {
	return audit.Note(ctx, tx, by, at, audit.Deed{Name: d.Name, Subject: d.Subject, Detail: d.Detail})
}

// keyFits refuses to work on data that another key has sealed: a second machine
// that made its own at its first start, or a restored backup without its key.
// Nothing could be sent or read, and whatever was written would open nowhere else.
func (a *app) keyFits(ctx context.Context) error {
	return a.db.View(ctx, func(tx *db.Tx) error {
		channels, err := channel.All(ctx, tx)
		if err != nil || len(channels) == 0 {
			return err
		}
		app, err := channel.AppByID(ctx, tx, channels[0].App)
		if err != nil {
			return err
		}
		if _, err = a.channels.Secrets(app); errors.Is(err, fault.New(fault.Internal, "vault.key_missing")) {
			path := filepath.Join(a.cfg.Data, "key")
			return fault.Wrap(fault.Invalid, "cmd.another_key", err, fault.Field("data"), fault.Arg("path", path))
		}
		return err
	})
}

// close lets go of everything, last opened first.
func (a *app) close() error {
	var err error
	for i := len(a.closers) - 1; i >= 0; i-- {
		err = errors.Join(err, a.closers[i].Close())
	}
	a.closers = nil
	return err
}

// buildIdentity opens what commands about people need, and nothing else.
func buildIdentity(ctx context.Context, cfg configs.Config) (a *app, err error) {
	a = &app{cfg: cfg}
	if a.db, err = openData(ctx, cfg); err != nil {
		return a, err
	}
	a.closers = append(a.closers, a.db)
	if a.vault, err = vault.Open(filepath.Join(cfg.Data, "key")); err != nil {
		return a, errors.Join(err, a.close())
	}
	a.people = identity.NewDesk(a.db, a.vault, time.Now, noteDeed)
	return a, nil
}
