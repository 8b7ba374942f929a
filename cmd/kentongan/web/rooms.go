package web

import (
	"context"
	"log/slog"
	"time"

	"kentongan/configs"
	"kentongan/inbox"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/identity"
	"kentongan/internal/insight"
	"kentongan/internal/media"
	"kentongan/internal/platform"
	"kentongan/moderation"
	"kentongan/publisher"
	"kentongan/queue"
)

// Bells is the queue as its page sees it.
type Bells interface {
	Inspect(context.Context) ([]queue.Bell, error)
	Where() queue.Mode
}

// Pages are the rooms' pages: each handler calls one verb and maps what it
// returns to a view.
type Pages struct {
	Log        *slog.Logger
	DB         *db.DB
	Now        func() time.Time
	People     *identity.Desk
	Channels   *channel.Desk
	Media      *media.Store
	Publisher  *publisher.Publisher
	Inbox      *inbox.Inbox
	Moderation *moderation.Moderation
	Insight    *insight.Insight
	Queue      Bells // nil where no queue runs in this process
	Policy     configs.Policy
	PublicURL  string
	// Budget is what one channel's calls may cost in a month, in millionths of
	// a US dollar; 0 is not watched.
	Budget       func(platform.Name) int64
	RupiahPerUSD int // 0: money is shown in US dollars
	// Ready is what the demo's own platforms offer; nil in an office.
	Ready func(name platform.Name, mode string) (Ready, bool)
}

// Routes is every page of the rooms.
func (p *Pages) Routes() []Route {
	var all []Route
	for _, routes := range [][]Route{
		p.todayRoutes(),
		p.inboxRoutes(), p.composeRoutes(), p.postRoutes(), p.deliveryRoutes(), p.reviewRoutes(),
		p.auditRoutes(), p.queueRoutes(), p.channelRoutes(), p.moderationRoutes(), p.ruleRoutes(), p.calendarRoutes(), p.reportRoutes(), p.publicRoutes(), p.exampleRoutes(), p.objectionRoutes(), p.hearingRoutes(),
	} {
		all = append(all, routes...)
	}
	return all
}
