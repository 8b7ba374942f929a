package web

import (
	"strconv"

	"kentongan/inbox"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/moderation"
)

// judgeMany decides about every picked row with one clause and one reason.
func (p *Pages) judgeMany(r *Request) (Answer, error) {
	if err := r.ParseForm(); err != nil {
		return nil, fault.Wrap(fault.Invalid, "decision.nothing", err)
	}
	o := moderation.Order{
		Copies: true, Act: moderation.Act(r.PostFormValue("act")), Clause: r.PostFormValue("clause"), Reason: r.PostFormValue("reason"),
		To: identity.PersonID(r.PostFormValue("to")),
	}
	for _, id := range r.PostForm["pick"] {
		o.Messages = append(o.Messages, inbox.MessageID(id))
	}
	o.Read = versionsRead(r, o.Messages...)
	if o.Act == moderation.Escalate {
		o.Copies = false
	}
	b, err := p.Moderation.DecideMany(r.Context(), r.By, o)
	if err == nil {
		a := p.decided(r, b, o.Act)
		if g, ok := a.(GoTo); ok && b.Skipped > 0 && b.Proposal == "" {
			g.Flash = &Flash{Key: "flash.decided.some", Args: map[string]string{"number": b.Decision.Number, "n": strconv.FormatInt(b.Decision.Targets, 10), "skipped": strconv.Itoa(b.Skipped)}}
			return g, nil
		}
		return a, nil
	}
	kind := fault.KindOf(err)
	if fault.Find(err) == nil || kind == fault.NotFound || kind == fault.Internal {
		return nil, err
	}
	v, failed := p.caseList(r, "")
	if failed != nil {
		return nil, failed
	}
	v.Bulk.Problems, v.Bulk.Clause, v.Bulk.Reason, v.Bulk.Picked = r.Frame.Fault(err), o.Clause, o.Reason, map[string]bool{}
	for _, id := range o.Messages {
		v.Bulk.Picked[string(id)] = true
	}
	for i := range v.Bulk.Advisers {
		v.Bulk.Advisers[i].Picked = v.Bulk.Advisers[i].Value == string(o.To)
	}
	return Show{View: v, Status: statusOf(kind)}, nil
}
