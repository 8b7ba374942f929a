package main

import (
	"context"
	"net/http"
	"strings"
	"time"

	"kentongan/cmd/kentongan/web"
	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/identity"
	"kentongan/internal/live"
)

// pages builds the site for people with a browser.
func (a *app) pages() http.Handler {
	p := &web.Pages{
		Log: a.log, DB: a.db, Now: time.Now, People: a.people, Channels: a.channels, Media: a.media, Publisher: a.publisher,
		Inbox: a.inbox, Moderation: a.moderation, Insight: a.insight, Queue: a.queue, Policy: a.policy, PublicURL: a.cfg.Public(),
		Budget: a.monthlyBudget, RupiahPerUSD: a.cfg.RupiahPerUSD, Ready: a.ready,
	}
	return web.NewServer(web.Core{
		Sessions: a.people, Agencies: a.agencies, Badges: a.badges, Live: a.live,
		Log: a.log, Now: time.Now, Secure: strings.HasPrefix(a.cfg.Public(), "https://"),
	}, p.Routes())
}

// agencies lists where the actor works.
func (a *app) agencies(ctx context.Context, by identity.Actor) (all []identity.Agency, err error) {
	err = a.db.View(ctx, func(tx *db.Tx) error {
		for _, id := range by.Agencies() {
			agency, err := identity.AgencyByID(ctx, tx, id)
			if err != nil {
				return err
			}
			all = append(all, agency)
		}
		return nil
	})
	return all, err
}

// badges counts what waits for the actor.
func (a *app) badges(ctx context.Context, by identity.Actor) (b web.Badges, err error) {
	if by.May(identity.ReadInbox, by.Agency) {
		views, err := a.insight.Views(ctx, by)
		if err != nil {
			return b, err
		}
		b.Inbox, b.InboxLate = int(views[string(inbox.Unanswered)]), int(views[string(inbox.NearDue)])
	}
	if by.May(identity.Moderate, by.Agency) {
		n, err := a.moderation.Waiting(ctx, by)
		if err != nil {
			return b, err
		}
		b.Moderation = int(n)
	}
	waiting, err := a.publisher.AwaitingApproval(ctx, by)
	b.Review = len(waiting)
	return b, err
}

// live passes on what kinds of thing change in the actor's agency.
func (a *app) live(ctx context.Context, by identity.Actor, changed func(kinds []string) error) error {
	return live.Tail(ctx, a.db, by.Agency, time.Now(), func(notes []live.Note) error {
		seen, kinds := map[string]bool{}, []string(nil)
		for _, n := range notes {
			if !seen[n.Kind] {
				seen[n.Kind] = true
				kinds = append(kinds, n.Kind)
			}
		}
		return changed(kinds)
	})
}
