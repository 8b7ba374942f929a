package insight

import (
	"cmp"
	"context"
	"slices"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/platform"
)

// Report is what a leader reads about a stretch of time.
type Report struct {
	From, To time.Time
	Channels []ChannelReport
	Total    Figures
	Posts    int64 // that went out to at least one channel
	Sent     int64 // posts times channels
	Failed   int64 // deliveries that a person must look at
	Response Response
	Waiting  Waiting
	Days     []Day
}

// ChannelReport is one channel's part of it.
type ChannelReport struct {
	Channel  channel.ID
	Platform platform.Name
	Handle   string
	Posts    int64
	Replies  int64
	Figures  Figures
	Response Response
}

// Response is how long citizens waited for a published answer, in working
// time, against the agency's own promise.
type Response struct {
	Answered int64
	Within   int64         // before the deadline
	Median   time.Duration // zero when nothing was answered
	Target   time.Duration // of ordinary messages
}

// Share is the part answered in time, from 0 to 1; ok is false when nothing
// was answered.
func (r Response) Share() (share float64, ok bool) {
	if r.Answered == 0 {
		return 0, false
	}
	return float64(r.Within) / float64(r.Answered), true
}

// Waiting is what waits now.
type Waiting struct {
	Open       int64 // conversations without a published answer
	Overdue    int64
	Near       int64
	Unassigned int64
	LifeSafety int64
	OldestDue  time.Time // zero when nothing has a deadline
}

// Day is one day on the agency's wall clock.
type Day struct {
	Date     string // 2026-11-23
	Posts    int64  // deliveries of posts published
	Messages int64  // from citizens
	Answered int64
}

// Report reads what went out, how it was received, how long citizens waited
// and what waits.
func (in *Insight) Report(ctx context.Context, by identity.Actor, from, to time.Time) (r Report, err error) {
	if !by.May(identity.ReadReport, by.Agency) {
		return r, fault.New(fault.Denied, "report.no_power")
	}
	if !to.After(from) {
		return r, fault.New(fault.Invalid, "report.empty_span", fault.Field("to"))
	}
	r = Report{From: from, To: to}
	err = in.DB.View(ctx, func(tx *db.Tx) error {
		a, err := identity.AgencyByID(ctx, tx, by.Agency)
		if err != nil {
			return err
		}
		s := span{Agency: a.ID, From: from, To: to}
		if err := r.sent(ctx, tx, s); err != nil {
			return err
		}
		if err := r.responses(ctx, tx, s, a); err != nil {
			return err
		}
		if r.Waiting, err = waiting(ctx, tx, a.ID, in.Now(), in.Now().Add(in.Near)); err != nil {
			return err
		}
		return r.days(ctx, tx, s, a.Location())
	})
	return r, err
}

// sent fills in what went out, and its latest figures.
func (r *Report) sent(ctx context.Context, tx *db.Tx, s span) error {
	channels, err := channelsOf(ctx, tx, s.Agency)
	if err != nil {
		return err
	}
	at := map[channel.ID]int{}
	for i, c := range channels {
		at[c.Channel] = i
	}
	r.Channels = channels
	counts, err := sentCounts(ctx, tx, s)
	if err != nil {
		return err
	}
	for _, c := range counts {
		i, ok := at[c.Channel]
		if !ok {
			continue
		}
		if c.Origin == "post" {
			r.Channels[i].Posts, r.Sent = c.N, r.Sent+c.N
		} else {
			r.Channels[i].Replies = c.N
		}
	}
	if r.Posts, err = postsSent(ctx, tx, s); err != nil {
		return err
	}
	if r.Failed, err = stuck(ctx, tx, s.Agency); err != nil {
		return err
	}
	figures, err := latestEngagement(ctx, tx, s)
	if err != nil {
		return err
	}
	for _, f := range figures {
		r.Total.add(f.Counts)
		if i, ok := at[f.Channel]; ok {
			r.Channels[i].Figures.add(f.Counts)
		}
	}
	return nil
}

// responses fills in how long citizens waited.
func (r *Report) responses(ctx context.Context, tx *db.Tx, s span, a identity.Agency) error {
	all, err := responses(ctx, tx, s)
	if err != nil {
		return err
	}
	byChannel := map[channel.ID][]response{}
	for _, x := range all {
		byChannel[x.Channel] = append(byChannel[x.Channel], x)
	}
	r.Response = sumUp(all, a.Answer)
	for i := range r.Channels {
		r.Channels[i].Response = sumUp(byChannel[r.Channels[i].Channel], a.Answer)
	}
	return nil
}

func sumUp(all []response, target time.Duration) Response {
	r := Response{Answered: int64(len(all)), Target: target}
	spent := make([]time.Duration, 0, len(all))
	for _, x := range all {
		spent = append(spent, x.Spent)
		if x.Within {
			r.Within++
		}
	}
	r.Median = median(spent)
	return r
}

// median is the middle, or the mean of the two in the middle.
func median(all []time.Duration) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	m := len(all) / 2
	if len(all)%2 == 1 {
		return all[m]
	}
	return (all[m-1] + all[m]) / 2
}

// days fills in each day of the span, the empty ones too.
func (r *Report) days(ctx context.Context, tx *db.Tx, s span, zone *time.Location) error {
	by := map[string]*Day{}
	y, m, d := s.From.In(zone).Date()
	for day := time.Date(y, m, d, 0, 0, 0, 0, zone); day.Before(s.To) && len(r.Days) < 400; day = day.AddDate(0, 0, 1) {
		r.Days = append(r.Days, Day{Date: day.Format(time.DateOnly)})
	}
	for i := range r.Days {
		by[r.Days[i].Date] = &r.Days[i]
	}
	moments, err := moments(ctx, tx, s)
	if err != nil {
		return err
	}
	for _, x := range moments {
		day, ok := by[x.At.In(zone).Format(time.DateOnly)]
		if !ok {
			continue
		}
		switch x.What {
		case "post":
			day.Posts++
		case "message":
			day.Messages++
		case "answer":
			day.Answered++
		}
	}
	return nil
}

// Today is the numbers of the first page.
type Today struct {
	Waiting   Waiting
	Published int64 // posts' deliveries, since midnight
	Messages  int64
	Response  Response  // of today's answers
	Review    int64     // posts that wait for a signature
	Scheduled int64     // deliveries that will leave by themselves
	Next      time.Time // when the next one leaves; zero for none
	Failed    int64     // deliveries that a person must look at
	Flagged   int64     // messages that a moderator should look at
	Broken    int64     // channels that a person must mend
}

// Today counts what stands and what happened since midnight on the agency's
// wall clock. It holds numbers only: everybody who works here may see them.
func (in *Insight) Today(ctx context.Context, by identity.Actor) (t Today, err error) {
	if len(by.Roles(by.Agency)) == 0 {
		return t, fault.New(fault.Denied, "report.no_power")
	}
	now := in.Now()
	err = in.DB.View(ctx, func(tx *db.Tx) error {
		a, err := identity.AgencyByID(ctx, tx, by.Agency)
		if err != nil {
			return err
		}
		y, m, d := now.In(a.Location()).Date()
		s := span{Agency: a.ID, From: time.Date(y, m, d, 0, 0, 0, 0, a.Location()).UTC(), To: now.Add(time.Microsecond)}
		if t, err = standing(ctx, tx, a.ID); err != nil {
			return err
		}
		if t.Waiting, err = waiting(ctx, tx, a.ID, now, now.Add(in.Near)); err != nil {
			return err
		}
		all, err := responses(ctx, tx, s)
		if err != nil {
			return err
		}
		t.Response = sumUp(all, a.Answer)
		moments, err := moments(ctx, tx, s)
		for _, x := range moments {
			switch x.What {
			case "post":
				t.Published++
			case "message":
				t.Messages++
			}
		}
		return err
	})
	return t, err
}

// Views counts the inbox's lists for an actor: the numbers beside their names.
func (in *Insight) Views(ctx context.Context, by identity.Actor) (views map[string]int64, err error) {
	if !by.May(identity.ReadInbox, by.Agency) {
		return nil, fault.New(fault.Denied, "report.no_power")
	}
	now := in.Now()
	err = in.DB.View(ctx, func(tx *db.Tx) error {
		w, err := waiting(ctx, tx, by.Agency, now, now.Add(in.Near))
		if err != nil {
			return err
		}
		mine, done, err := mineAndDone(ctx, tx, by.Agency, by.ID)
		views = map[string]int64{"belum-dijawab": w.Open, "milik-saya": mine, "hampir-lewat": w.Near + w.Overdue, "belum-ditugaskan": w.Unassigned, "selesai": done}
		return err
	})
	return views, err
}

// History is one measurement of a post at one channel.
type History struct {
	Delivery string
	Channel  channel.ID
	At       time.Time
	Counts   platform.Counts
}

// Engagement lists what was measured of a post of the agency.
func (in *Insight) Engagement(ctx context.Context, by identity.Actor, post string) (all []History, err error) {
	if !by.May(identity.ReadPosts, by.Agency) {
		return nil, fault.New(fault.Denied, "report.no_power")
	}
	err = in.DB.View(ctx, func(tx *db.Tx) (err error) {
		all, err = engagementOf(ctx, tx, by.Agency, post)
		return err
	})
	slices.SortStableFunc(all, func(x, y History) int { return cmp.Or(cmp.Compare(x.Delivery, y.Delivery), x.At.Compare(y.At)) })
	return all, err
}
