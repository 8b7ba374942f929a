package web

import (
	"log/slog"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/identity"
	"kentongan/internal/outbox"
	"kentongan/publisher"
)

func (p *Pages) queueRoutes() []Route {
	return []Route{{Pattern: "GET /antrean", Powers: []identity.Power{identity.ReadQueue}, Do: p.queue}}
}

// promiseRows is how many promises the page lists.
const promiseRows = 50

func (p *Pages) queue(r *Request) (Answer, error) {
	l, err := p.lookUp(r)
	if err != nil {
		return nil, err
	}
	var counts []outbox.Count
	var next []outbox.Row
	err = p.DB.View(r.Context(), func(tx *db.Tx) (err error) {
		if counts, err = outbox.Counts(r.Context(), tx, r.By.Agency); err != nil {
			return err
		}
		next, err = outbox.Waiting(r.Context(), tx, r.By.Agency, promiseRows+1)
		return err
	})
	if err != nil {
		return nil, err
	}
	v := QueueView{Kinds: p.promiseKinds(r.Frame, counts)}
	if len(next) > promiseRows {
		v.More, next = true, next[:promiseRows]
	}
	for _, row := range next {
		v.Next = append(v.Next, p.promiseRow(r.Frame, row, l))
	}
	if v.Standing, err = p.standingRows(r, l); err != nil {
		return nil, err
	}
	p.bells(r, &v)
	return Show{View: v}, nil
}

// promiseKinds puts the states of one kind into one row.
func (p *Pages) promiseKinds(f *Frame, counts []outbox.Count) (kinds []PromiseKind) {
	oldest := map[string]time.Time{}
	at := map[string]int{}
	for _, c := range counts {
		i, known := at[c.Kind]
		if !known {
			i = len(kinds)
			at[c.Kind] = i
			kinds = append(kinds, PromiseKind{Name: wordOr(f, "promise."+c.Kind, c.Kind), Means: wordOr(f, "promise."+c.Kind+".means", "")})
		}
		switch c.State {
		case outbox.Open:
			kinds[i].Open = c.N
		case outbox.Taken:
			kinds[i].Taken = c.N
		case outbox.Parked:
			kinds[i].Parked = c.N
		}
		if was, any := oldest[c.Kind]; !any || c.Oldest.Before(was) {
			oldest[c.Kind] = c.Oldest
			kinds[i].Oldest, kinds[i].Late = p.dueText(f, c.Oldest)
		}
	}
	return kinds
}

// lateAfter is how long past its time a promise may be before it is called late.
const lateAfter = time.Minute

func (p *Pages) dueText(f *Frame, due time.Time) (text string, late bool) {
	now := p.Now()
	if due.After(now) {
		return f.T("queue.in", "time", f.Duration(due.Sub(now).Round(time.Second))), false
	}
	return f.T("queue.ago", "time", f.Duration(now.Sub(due).Round(time.Second))), now.Sub(due) > lateAfter
}

var promiseTones = map[string]string{outbox.Open: "info", outbox.Taken: "primary", outbox.Parked: "bad"}

func (p *Pages) promiseRow(f *Frame, row outbox.Row, l lookUp) PromiseRow {
	out := PromiseRow{
		Name: wordOr(f, "promise."+row.Kind, row.Kind), About: brief(row.Key), Failures: row.Failures,
		State: Tag{Text: f.T("queue.state." + row.State), Tone: promiseTones[row.State]},
	}
	out.Due, out.Late = p.dueText(f, row.Due)
	out.Late = out.Late && row.State != outbox.Taken
	if ch, known := l.channels[channel.ID(row.Key)]; known {
		out.About = f.T("platform."+string(ch.Platform)) + " " + ch.Handle
	}
	if row.State == outbox.Parked {
		out.Note = wordOr(f, "fault."+row.Note, row.Note)
	}
	return out
}

func (p *Pages) standingRows(r *Request, l lookUp) (rows []StandingRow, err error) {
	f := r.Frame
	hands, err := p.Publisher.AwaitingHands(r.Context(), r.By)
	for _, d := range hands {
		ch := l.channels[d.Channel]
		row := StandingRow{
			Platform: string(ch.Platform), Handle: ch.Handle, What: f.T("queue.origin." + d.Origin), State: handTag(f, p.Publisher, d), Since: f.Brief(d.UpdatedAt),
			Why: f.T("fault." + d.Code),
		}
		if publisher.MayPublishByHand(r.By, d) == nil {
			row.Path = "/pengiriman/" + string(d.ID) + "/manual"
		}
		rows = append(rows, row)
	}
	if err != nil {
		return nil, err
	}
	all, err := p.Publisher.Standing(r.Context(), r.By)
	for _, d := range all {
		ch := l.channels[d.Channel]
		row := StandingRow{
			Platform: string(ch.Platform), Handle: ch.Handle, What: f.T("queue.origin." + d.Origin), State: Tag{Text: f.T("delivery.state." + string(d.State)), Tone: "bad"},
			Since: f.Brief(d.UpdatedAt), Fix: wordOr(f, "queue.fix."+d.Fix, ""),
		}
		if d.Code != "" {
			row.Why = wordOr(f, "fault."+d.Code, d.Code)
		}
		if d.Origin == publisher.OriginPost && f.Has("posts") {
			row.Path = "/unggahan/" + d.OriginID
		}
		rows = append(rows, row)
	}
	return rows, err
}

// bells asks Redis; that it does not answer is itself worth showing.
func (p *Pages) bells(r *Request, v *QueueView) {
	f := r.Frame
	if p.Queue == nil {
		v.Where, v.WhereSay = Tag{Text: f.T("queue.where.none"), Icon: "info"}, f.T("queue.where.none.say")
		v.Unheard = f.T("queue.bells.elsewhere")
		return
	}
	mode := string(p.Queue.Where())
	v.Where, v.WhereSay = Tag{Text: f.T("queue.where." + mode), Tone: "ok", Icon: "bell"}, f.T("queue.where."+mode+".say")
	bells, err := p.Queue.Inspect(r.Context())
	if err != nil {
		p.Log.WarnContext(r.Context(), "redis does not answer the queue page", slog.Any("err", err))
		v.Where.Tone, v.Unheard = "bad", f.T("queue.bells.unheard")
		return
	}
	for _, b := range bells {
		row := BellRow{Name: f.T("queue.class." + string(b.Class)), Pending: b.Pending, Active: b.Active, State: Tag{Text: f.T("queue.ringing"), Tone: "ok"}}
		if b.Paused {
			row.State = Tag{Text: f.T("queue.paused"), Tone: "warn"}
		}
		v.Bells = append(v.Bells, row)
	}
}
