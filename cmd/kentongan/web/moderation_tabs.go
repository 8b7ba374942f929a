package web

import (
	"kentongan/moderation"
)

// moderationTabs are the pages of Moderasi with what waits on each; here is the
// address of the one that is open.
func (p *Pages) moderationTabs(r *Request, here string) ([]Link, moderation.Tallies, error) {
	t, err := p.Moderation.Today(r.Context(), r.By)
	if err != nil {
		return nil, t, err
	}
	objections, _, err := p.Moderation.ObjectionsWaiting(r.Context(), r.By)
	if err != nil {
		return nil, t, err
	}
	f := r.Frame
	tabs := []Link{
		{Text: f.T("moderation.queue"), Path: "/moderasi", Count: int(t.Waiting)},
		{Text: f.T("moderation.decisions"), Path: "/moderasi?status=putusan"},
		{Text: f.T("moderation.second"), Path: "/moderasi/orang-kedua", Count: int(t.Proposals + t.Ratifications + t.Escalations)},
		{Text: f.T("moderation.objections"), Path: "/moderasi/keberatan", Count: objections},
		{Text: f.T("moderation.rules"), Path: "/moderasi/aturan"},
		{Text: f.T("moderation.quality"), Path: "/moderasi/mutu", Count: int(t.Reviews)},
		{Text: f.T("example.tab"), Path: examplePath},
	}
	for i := range tabs {
		tabs[i].Here = tabs[i].Path == here
	}
	return tabs, t, nil
}
