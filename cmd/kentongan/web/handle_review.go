package web

import (
	"errors"

	"kentongan/internal/channel"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/publisher"
)

func (p *Pages) reviewRoutes() []Route {
	read, approve := []identity.Power{identity.Approve, identity.Compose}, []identity.Power{identity.ReadPosts}
	return []Route{
		{Pattern: "GET /persetujuan", Powers: read, Do: p.reviewList},
		{Pattern: "GET /persetujuan/{id}", Powers: read, Do: p.review},
		// Whoever may see the post may try: the rule refuses, and the refusal is
		// written down (a closed door here would leave no row).
		{Pattern: "POST /persetujuan/{id}/setujui", Powers: approve, Do: p.decide(func(r *Request, id publisher.PostID) error {
			return p.Publisher.Approve(r.Context(), r.By, id, publisher.Digest(r.PostFormValue("digest")))
		}, "flash.approved")},
		{Pattern: "POST /persetujuan/{id}/perbaikan", Powers: approve, Do: p.decide(func(r *Request, id publisher.PostID) error {
			return p.Publisher.Return(r.Context(), r.By, id, r.PostFormValue("reason"))
		}, "flash.returned")},
		{Pattern: "POST /persetujuan/{id}/tolak", Powers: approve, Do: p.decide(func(r *Request, id publisher.PostID) error {
			return p.Publisher.Reject(r.Context(), r.By, id, r.PostFormValue("reason"))
		}, "flash.rejected")},
		{Pattern: "POST /persetujuan/{id}/komentar", Powers: read, Do: p.commentPost("/persetujuan/")},
	}
}

func (p *Pages) reviewList(r *Request) (Answer, error) {
	v, err := p.reviewView(r)
	return Show{View: v}, err
}

// reviewView lists what waits: for this person to sign, or everybody's.
func (p *Pages) reviewView(r *Request) (v ReviewView, err error) {
	f := r.Frame
	mine := r.By.May(identity.Approve, r.By.Agency) && r.FormValue("tampilan") != "semua"
	v.Filters = []Link{
		{Text: f.T("review.mine"), Path: "/persetujuan", Here: mine},
		{Text: f.T("review.all"), Path: "/persetujuan?tampilan=semua", Here: !mine},
	}
	if !r.By.May(identity.Approve, r.By.Agency) {
		v.Filters = v.Filters[1:]
	}
	var all []publisher.Summary
	if mine {
		all, err = p.Publisher.AwaitingApproval(r.Context(), r.By)
	} else {
		all, err = p.Publisher.ListPosts(r.Context(), r.By, publisher.PostQuery{State: publisher.PostReview, Limit: 100})
	}
	if err != nil {
		return v, err
	}
	l, err := p.lookUp(r)
	if err != nil {
		return v, err
	}
	for _, s := range all {
		row := ReviewRow{Path: "/persetujuan/" + string(s.ID), Title: s.Title, When: whenText(f, s.Post), Beats: beatsOf(f, s), Here: r.PathValue("id") == string(s.ID)}
		for _, leg := range s.Legs {
			if leg.Part {
				continue
			}
			row.Platforms = append(row.Platforms, string(l.channels[leg.Channel].Platform))
		}
		v.Rows = append(v.Rows, row)
	}
	return v, nil
}

func (p *Pages) review(r *Request) (Answer, error) {
	v, err := p.reviewOpen(r, nil)
	return Show{View: v}, err
}

func (p *Pages) reviewOpen(r *Request, problems Problems) (v ReviewView, err error) {
	if v, err = p.reviewView(r); err != nil {
		return v, err
	}
	full, err := p.Publisher.LoadPost(r.Context(), r.By, publisher.PostID(r.PathValue("id")))
	if err != nil {
		return v, err
	}
	f := r.Frame
	open := Review{
		ID: string(full.ID), Title: full.Title, Author: full.AuthorName, Digest: string(full.Digest), Link: full.Link, When: whenText(f, full.Post),
		Line: f.T("review.line", "name", full.AuthorName, "revision", full.Revision, "time", f.Brief(full.UpdatedAt)), Media: picturesShown(f, full),
		Chain: chainOf(f, full), Comments: commentsOf(f, full), Checks: checkLines(f, full.Checks), Problems: problems,
	}
	if problems != nil {
		open.Reason = r.PostFormValue("reason")
	}
	if !full.Window.NotAfter.IsZero() {
		open.Window = f.T("post.window", "time", f.DateTime(full.Window.NotAfter))
	}
	p.reviewStand(r, full, &open)
	p.reviewCompared(r, full, &open)
	for _, ch := range full.Channels {
		c := ReviewChannel{Platform: string(ch.Channel.Platform), Handle: ch.Channel.Handle, Text: ch.Says, Below: belowSaid(f, ch.Parts), Hand: ch.Channel.Manual()}
		for _, k := range full.Checks.Channels {
			if k.Channel == ch.Channel.ID {
				c.Used, c.Limit = k.Used, k.Limit
			}
		}
		open.Channels = append(open.Channels, c)
	}
	if l, err := p.lookUp(r); err == nil {
		open.Costs = costLines(f, l, full.Checks)
	}
	v.Open = &open
	return v, nil
}

// reviewStand says why this person may sign now, or why not.
func (p *Pages) reviewStand(r *Request, full publisher.View, open *Review) {
	err := full.MayDecide(r.By)
	open.May = err == nil
	if err == nil {
		open.Stand = r.Frame.T("review.stand.may", "name", r.By.Name)
		return
	}
	for _, s := range r.Frame.Fault(err) {
		open.Stand = s.Text
	}
}

// reviewCompared compares with the version that was last put to an approver.
func (p *Pages) reviewCompared(r *Request, full publisher.View, open *Review) {
	f := r.Frame
	open.After = f.T("review.version", "n", full.Revision)
	before, ok := full.Reviewed()
	if !ok {
		return
	}
	now, err := full.RevisionOf(full.Revision)
	if err != nil {
		return
	}
	open.Before = f.T("review.version", "n", before.Number)
	names := map[channel.ID]channel.Channel{}
	for _, ch := range full.Channels {
		names[ch.Channel.ID] = ch.Channel
	}
	open.Fields = comparedFields(f, names, publisher.Compare(before.Content, now.Content))
}

// decide carries out a decision. What cannot be is shown beside the form, with
// the reason that was written.
func (p *Pages) decide(do func(*Request, publisher.PostID) error, flash string) Handler {
	return func(r *Request) (Answer, error) {
		err := do(r, publisher.PostID(r.PathValue("id")))
		if err == nil {
			return GoTo{Path: "/persetujuan", Flash: &Flash{Key: flash}}, nil
		}
		kind := fault.KindOf(err)
		if all := fault.All(err); kind == fault.Internal && len(all) > 0 {
			kind = all[0].Kind // several findings joined
		}
		if kind != fault.Invalid && kind != fault.Conflict {
			return nil, err
		}
		v, verr := p.reviewOpen(r, r.Frame.Fault(err))
		if verr != nil {
			return nil, errors.Join(err, verr)
		}
		return Show{View: v, Status: statusOf(kind)}, nil
	}
}
