package web

import (
	"strings"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/identity"
	"kentongan/internal/platform"
)

func (p *Pages) channelRoutes() []Route {
	look, connect := []identity.Power{identity.Connect, identity.Approve}, []identity.Power{identity.Connect}
	return []Route{
		{Pattern: "GET /pengaturan/kanal", Powers: look, Do: p.channelsPage},
		{Pattern: "GET /pengaturan/kanal/{id}", Powers: look, Do: p.channelPage},
		{Pattern: "POST /pengaturan/kanal/{id}/buka", Powers: []identity.Power{identity.Approve}, Do: p.reopenChannel},
		{Pattern: "POST /pengaturan/kanal/{id}/putus", Powers: connect, Do: p.disconnect},
		{Pattern: "GET /bantuan/platform/{platform}", Do: p.helpPage},
		{Pattern: "GET /pengaturan/hubungkan", Powers: connect, Do: p.platformsPage},
		{Pattern: "GET /pengaturan/hubungkan/{platform}", Powers: connect, Do: p.connectPage},
		{Pattern: "POST /pengaturan/hubungkan/{platform}", Powers: connect, Do: p.connect},
		{Pattern: "GET " + ReturnPath, Powers: connect, Do: p.arrive},
		{Pattern: "GET /pengaturan/hubungkan/pilih/{id}", Powers: connect, Do: p.choicePage},
		{Pattern: "POST /pengaturan/hubungkan/pilih/{id}", Powers: connect, Do: p.choose},
	}
}

func (p *Pages) channelsPage(r *Request) (Answer, error) {
	var v ChannelsView
	var channels []channel.Channel
	var apps []channel.App
	costs := map[channel.ID]channel.Cost{}
	err := p.DB.View(r.Context(), func(tx *db.Tx) (err error) {
		if channels, err = channel.List(r.Context(), tx, r.By.Agency); err != nil {
			return err
		}
		for _, ch := range channels {
			if costs[ch.ID], err = channel.Spending(r.Context(), tx, ch.ID, channel.Month(p.Now())); err != nil {
				return err
			}
		}
		apps, err = channel.Apps(r.Context(), tx, r.By.Agency)
		return err
	})
	if err != nil {
		return nil, err
	}
	v.Connect = r.By.May(identity.Connect, r.By.Agency)
	for _, ch := range channels {
		v.Rows = append(v.Rows, p.channelRow(r, ch, costs[ch.ID]))
	}
	if !v.Connect {
		return Show{View: v}, nil
	}
	for _, a := range apps {
		if a.BaseURL == "" {
			continue // of accounts that are written by hand
		}
		row, err := p.appRow(a)
		if err != nil {
			return nil, err
		}
		v.Apps = append(v.Apps, row)
	}
	return Show{View: v}, nil
}

func (p *Pages) channelRow(r *Request, ch channel.Channel, cost channel.Cost) ChannelRow {
	f := r.Frame
	row := ChannelRow{
		ID: string(ch.ID), Platform: string(ch.Platform), Handle: ch.Handle, Name: ch.Name, URL: ch.URL, Sandbox: ch.Sandbox,
		Health: healthTag(f, ch), Since: f.T("channels.since", "when", f.Day(ch.ConnectedAt)), Cost: p.costLine(f, ch.Platform, cost),
		Reopen: ch.Health == channel.Frozen && r.By.May(identity.Approve, ch.Agency), Advice: p.advice(f, ch),
	}
	switch {
	case ch.Manual():
		row.Mode = f.T("channels.mode.hand")
	case ch.Mode != "":
		row.Mode = ch.Mode
	}
	usable, again := ch.Usable(p.Now())
	switch {
	case ch.Health != channel.OK:
		row.Explain = wordOr(f, "channels.explain."+string(ch.Health), "")
	case !usable && !again.IsZero():
		row.Explain = f.T("channels.paused", "time", f.Time(again))
	}
	if ch.PaceRemaining >= 0 && ch.PaceReset.After(p.Now()) {
		row.Pace = f.T("channels.pace", "n", ch.PaceRemaining, "time", f.Time(ch.PaceReset))
	}
	mend := ch.Health == channel.AuthLost || len(ch.Missing) > 0 || p.endsSoon(ch)
	if mend && !ch.Manual() && r.By.May(identity.Connect, ch.Agency) {
		row.Again = connectPath(ch.Platform, ch.Mode)
	}
	return row
}

// appRow shows where a platform pushes to, if it pushes at all, and the word
// that it must be told to prove the address ours.
func (p *Pages) appRow(a channel.App) (AppRow, error) {
	row := AppRow{Platform: string(a.Platform), BaseURL: a.BaseURL}
	connector, err := p.Channels.Connector(a.Platform)
	if err != nil {
		return row, nil
	}
	listener, listens := connector.(platform.Listener)
	if !listens {
		return row, nil
	}
	row.Webhook = strings.TrimRight(p.PublicURL, "/") + "/webhook/" + string(a.ID)
	secrets, err := p.Channels.Secrets(a)
	if err != nil {
		return row, err
	}
	// Only where a person has to write it down; a client secret is never shown.
	if asksWord(listener, secrets) {
		row.VerifyToken = secrets.VerifyToken
	}
	return row, nil
}

// asksWord says that the platform proves an address by a word that a person
// has written down on its developer page.
func asksWord(l platform.Listener, app platform.App) bool {
	_, asks := l.Challenge(app, map[string][]string{"hub.mode": {"subscribe"}, "hub.verify_token": {app.VerifyToken}, "hub.challenge": {"1"}})
	return asks
}

// reopenChannel releases a channel that was frozen, after a person looked.
func (p *Pages) reopenChannel(r *Request) (Answer, error) {
	if err := p.Channels.Repair(r.Context(), r.By, channel.ID(r.PathValue("id"))); err != nil {
		return nil, err
	}
	return GoTo{Path: "/pengaturan/kanal", Flash: &Flash{Key: "flash.channel_reopened"}}, nil
}

// disconnect throws a channel's credential away.
func (p *Pages) disconnect(r *Request) (Answer, error) {
	ch, err := p.Channels.Disconnect(r.Context(), r.By, channel.ID(r.PathValue("id")))
	if err != nil {
		return nil, err
	}
	return GoTo{Path: "/pengaturan/kanal", Flash: &Flash{Key: "flash.channel_disconnected", Args: map[string]string{"handle": ch.Handle}}}, nil
}
