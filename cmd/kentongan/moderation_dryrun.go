package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"kentongan/configs"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/locale"
	"kentongan/internal/media"
	"kentongan/internal/vault"
	"kentongan/moderation"
)

// moderationDryRun tries a policy on an agency's earlier messages and prints
// counts. Whoever runs commands sees no message.
func moderationDryRun(ctx context.Context, c *call) error {
	var slug, file, rule string
	var days int
	cfg, err := c.settings("moderation dry-run", func(f *flag.FlagSet) {
		f.StringVar(&slug, "agency", "", c.words.T("cmd.flag.dryrun.agency"))
		f.StringVar(&file, "policy", "", c.words.T("cmd.flag.dryrun.policy"))
		f.StringVar(&rule, "rule", "", c.words.T("cmd.flag.dryrun.rule"))
		f.IntVar(&days, "days", 0, c.words.T("cmd.flag.dryrun.days"))
	})
	if err != nil {
		return err
	}
	t := moderation.Trial{Rule: rule, Budget: time.Hour}
	if days > 0 {
		t.Since = time.Now().AddDate(0, 0, -days)
	}
	if file != "" {
		raw, err := os.ReadFile(file)
		if err != nil {
			return fault.Wrap(fault.Invalid, "policy.no_file", err, fault.Field("policy"), fault.Arg("file", file))
		}
		t.Draft = string(raw)
	}
	a, err := buildRooms(ctx, cfg)
	if err != nil {
		return err
	}
	defer a.close()
	by := identity.Operator()
	err = a.db.View(ctx, func(tx *db.Tx) error {
		agency, err := identity.AgencyBySlug(ctx, tx, slug)
		by.Agency = agency.ID
		return err
	})
	if err != nil {
		return err
	}
	o, err := a.moderation.Try(ctx, by, t)
	if err != nil {
		return err
	}
	printTrial(c, o)
	return nil
}

func printTrial(c *call, o moderation.Outcome) {
	p := c.words
	fmt.Fprintln(c.out, p.T("cmd.dryrun.looked", "policy", o.Policy, "looked", p.Int(o.Looked), "total", p.Int(o.Total)))
	for _, r := range o.Rules {
		fmt.Fprintln(c.out, p.T("cmd.dryrun.rule", "rule", r.Name, "act", p.T("act."+r.Suggest), "n", p.Int(r.Matched), "of", p.Int(o.Looked)))
		if r.Precision.N() > 0 {
			low, high := r.Precision.Interval()
			fmt.Fprintln(c.out, "  "+p.T("cmd.dryrun.precision", "share", p.Percent(r.Precision.Share()), "n", p.Int(r.Precision.N()), "low", p.Percent(low), "high", p.Percent(high)))
		}
		for _, m := range r.Months {
			fmt.Fprintln(c.out, "  "+month(p, m))
		}
	}
	if !o.Whole {
		fmt.Fprintln(c.out, p.T("cmd.dryrun.cut"))
	}
}

func month(p *locale.Printer, m moderation.TrialMonth) string {
	return p.T("cmd.dryrun.month", "month", m.Month, "n", p.Int(m.Matched), "followed", p.Int(m.Followed), "left", p.Int(m.Left), "undecided", p.Int(m.Undecided))
}

// buildRooms opens what commands about messages need: the rooms without the
// queue.
func buildRooms(ctx context.Context, cfg configs.Config) (a *app, err error) {
	a = &app{cfg: cfg, log: slog.New(slog.DiscardHandler)}
	if a.db, err = openData(ctx, cfg); err != nil {
		return a, err
	}
	a.closers = append(a.closers, a.db)
	defer func() {
		if err != nil {
			_ = a.close() // the first failure is what is told
		}
	}()
	if a.vault, err = vault.Open(filepath.Join(cfg.Data, "key")); err != nil {
		return a, err
	}
	if a.media, err = media.OpenStore(filepath.Join(cfg.Data, "media")); err != nil {
		return a, err
	}
	if err = a.rooms(); err != nil {
		return a, err
	}
	return a, a.keyFits(ctx)
}
