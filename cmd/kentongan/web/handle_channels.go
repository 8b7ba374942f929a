package web

import (
	"slices"
	"strings"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/platform"
)

func (p *Pages) channelRoutes() []Route {
	look := []identity.Power{identity.Connect, identity.Approve}
	return []Route{
		{Pattern: "GET /pengaturan/kanal", Powers: look, Do: p.channelsPage},
		{Pattern: "POST /pengaturan/kanal", Powers: []identity.Power{identity.Connect}, Do: p.connect},
		{Pattern: "POST /pengaturan/kanal/{id}/buka", Powers: []identity.Power{identity.Approve}, Do: p.reopenChannel},
	}
}

func (p *Pages) channelsPage(r *Request) (Answer, error) {
	v, err := p.channelsView(r, ConnectForm{})
	return Show{View: v}, err
}

func (p *Pages) channelsView(r *Request, form ConnectForm) (v ChannelsView, err error) {
	var channels []channel.Channel
	var apps []channel.App
	err = p.DB.View(r.Context(), func(tx *db.Tx) (err error) {
		if channels, err = channel.List(r.Context(), tx, r.By.Agency); err != nil {
			return err
		}
		apps, err = channel.Apps(r.Context(), tx, r.By.Agency)
		return err
	})
	if err != nil {
		return v, err
	}
	v.Form, v.Connect = form, r.By.May(identity.Connect, r.By.Agency)
	for _, ch := range channels {
		v.Rows = append(v.Rows, p.channelRow(r, ch))
	}
	if !v.Connect {
		return v, nil
	}
	for _, a := range apps {
		v.Apps = append(v.Apps, p.appRow(a))
	}
	for name := range p.Channels.Connectors {
		v.Platforms = append(v.Platforms, Choice{Value: string(name), Text: r.Frame.T("platform." + string(name)), Picked: string(name) == form.Platform})
	}
	slices.SortFunc(v.Platforms, func(a, b Choice) int { return strings.Compare(a.Text, b.Text) })
	return v, nil
}

func (p *Pages) channelRow(r *Request, ch channel.Channel) ChannelRow {
	f := r.Frame
	row := ChannelRow{
		ID: string(ch.ID), Platform: string(ch.Platform), Handle: ch.Handle, Name: ch.Name, URL: ch.URL, Mode: ch.Mode, Sandbox: ch.Sandbox,
		Health: healthTag(f, ch), Since: f.T("channels.since", "when", f.Day(ch.ConnectedAt)),
		Reopen: ch.Health == channel.Frozen && r.By.May(identity.Approve, ch.Agency),
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
	return row
}

// appRow shows where a platform pushes to, if it pushes at all.
func (p *Pages) appRow(a channel.App) AppRow {
	row := AppRow{Platform: string(a.Platform), BaseURL: a.BaseURL}
	connector, err := p.Channels.Connector(a.Platform)
	if err != nil {
		return row
	}
	if _, listens := connector.(platform.Listener); listens {
		row.Webhook = strings.TrimRight(p.PublicURL, "/") + "/webhook/" + string(a.ID)
	}
	return row
}

func (p *Pages) connect(r *Request) (Answer, error) {
	form := ConnectForm{
		Platform: r.PostFormValue("platform"), BaseURL: strings.TrimSpace(r.PostFormValue("base_url")), Mode: r.PostFormValue("mode"),
		ClientID: strings.TrimSpace(r.PostFormValue("client_id")),
	}
	secret := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	ch, err := p.Channels.Connect(r.Context(), r.By, channel.Credential{
		Platform: platform.Name(form.Platform), Mode: form.Mode, BaseURL: form.BaseURL,
		App:   platform.App{ClientID: form.ClientID, ClientSecret: secret("client_secret"), VerifyToken: secret("verify_token")},
		Token: platform.Token{Access: secret("token"), Secret: secret("token_secret"), Refresh: secret("refresh")},
	})
	switch kind := fault.KindOf(err); {
	case err == nil:
		return GoTo{Path: "/pengaturan/kanal", Flash: &Flash{Key: "flash.channel_connected", Args: map[string]string{"handle": ch.Handle}}}, nil
	case kind == fault.Invalid, kind == fault.Transient:
		v, failed := p.channelsView(r, form)
		if failed != nil {
			return nil, failed
		}
		v.Problems = r.Frame.Fault(err)
		return Show{View: v, Status: statusOf(kind)}, nil
	}
	return nil, err
}

// reopenChannel releases a channel that was frozen, after a person looked.
func (p *Pages) reopenChannel(r *Request) (Answer, error) {
	if err := p.Channels.Repair(r.Context(), r.By, channel.ID(r.PathValue("id"))); err != nil {
		return nil, err
	}
	return GoTo{Path: "/pengaturan/kanal", Flash: &Flash{Key: "flash.channel_reopened"}}, nil
}
