package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"kentongan/configs"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/platform"
)

// ReturnPath is our page that consent pages send people back to.
const ReturnPath = "/pengaturan/hubungkan/kembali"

// Ready is what the demo's own platform offers, so that a connection can be
// tried with nothing typed.
type Ready struct {
	BaseURL string
	Form    platform.Form
}

// platformNames are all there are, in the order of the settings; the last two
// have no interface.
func platformNames() []platform.Name {
	var all []platform.Name
	for _, n := range configs.PlatformNames() {
		all = append(all, platform.Name(n))
	}
	return append(all, platform.WhatsAppChannel, platform.YouTubeCommunity)
}

// handOnly are platforms without any interface.
func handOnly(name platform.Name) bool {
	return name == platform.WhatsAppChannel || name == platform.YouTubeCommunity
}

func (p *Pages) platformsPage(r *Request) (Answer, error) {
	var channels []channel.Channel
	err := p.DB.View(r.Context(), func(tx *db.Tx) (err error) {
		channels, err = channel.List(r.Context(), tx, r.By.Agency)
		return err
	})
	if err != nil {
		return nil, err
	}
	var v PlatformsView
	for _, name := range platformNames() {
		t := PlatformTile{Name: string(name), Path: connectPath(name, ""), Way: r.Frame.T("connect.way.hand")}
		if c, err := p.Channels.Connector(name); err == nil && !handOnly(name) {
			t.Way = r.Frame.T("connect.way.typed")
			if c.Capabilities(platform.Account{Platform: name}).Connect.OAuth {
				t.Way = r.Frame.T("connect.way.consent")
			}
		}
		for _, ch := range channels {
			if ch.Platform == name {
				t.Connected++
			}
		}
		v.Tiles = append(v.Tiles, t)
	}
	return Show{View: v}, nil
}

// connecting is the form of a platform, empty.
func (p *Pages) connecting(r *Request, name platform.Name, mode string) (ConnectView, error) {
	f := r.Frame
	v := ConnectView{Platform: string(name), Mode: mode, Redirect: p.Channels.Redirect, Help: p.helpPath(name), Ways: []string{byHand}}
	if !slices.Contains(platformNames(), name) {
		return v, fault.New(fault.NotFound, "channel.unknown_platform", fault.Arg("platform", string(name)))
	}
	v.Page = []FormField{p.field(f, name, "handle", true), p.field(f, name, "url", true)}
	connector, err := p.Channels.Connector(name)
	if err != nil || handOnly(name) {
		return v, nil
	}
	known, webhook, err := p.knownApp(r, name)
	if err != nil {
		return v, err
	}
	ready, pretended := p.ready(name, mode)
	v.Sandbox, v.Webhook = pretended, webhook
	how := connector.Capabilities(platform.Account{Platform: name, Mode: mode}).Connect
	_, v.OwnApp = connector.(platform.Registrar)
	v.Home, v.Scopes = how.Home != "", how.Scopes
	v.Server = p.field(f, name, "base_url", how.Home == "")
	v.Server.Value, v.Server.Holder = ready.BaseURL, how.Home
	v.Ways = nil
	if how.OAuth {
		v.Ways = append(v.Ways, byConsent)
		if !v.OwnApp {
			for _, n := range append([]string{"client_id", "client_secret"}, appFields(name, how)...) {
				v.App = append(v.App, p.appField(f, name, n, known, ready))
			}
		}
	}
	if fields := typedFields(name, how, v.OwnApp); len(fields) > 0 {
		v.Ways = append(v.Ways, byTyping)
		for _, n := range fields {
			x := p.appField(f, name, n, known, ready)
			x.Required = x.Holder == "" && slices.Contains([]string{"access", "account", "password"}, n)
			v.Typed = append(v.Typed, x)
		}
	}
	v.Ways = append(v.Ways, byHand)
	if name == platform.X { // contracts of before 2023 still speak v1.1
		v.Modes = []Link{{Text: f.T("channels.mode.current"), Path: connectPath(name, ""), Here: mode == ""}, {Text: f.T("channels.mode.v11"), Path: connectPath(name, "v1.1"), Here: mode == "v1.1"}}
	}
	if name == platform.TikTok { // only the Business API tells of comments
		v.Modes = []Link{{Text: f.T("channels.mode.current"), Path: connectPath(name, ""), Here: mode == ""}, {Text: f.T("channels.mode.business"), Path: connectPath(name, "business"), Here: mode == "business"}}
	}
	return v, nil
}

// typedFields are what a connector wants typed; without its word, what a token
// usually needs. A verify token is a word of ours: we make it, except for X,
// where it holds the app's API key and secret.
func typedFields(name platform.Name, how platform.Connect, ownApp bool) []string {
	if len(how.Fields) == 0 {
		if how.OAuth {
			return nil
		}
		return []string{"access", "secret", "refresh", "client_id", "client_secret"}
	}
	all := slices.Clone(how.Fields)
	if how.OAuth && !ownApp {
		all = append(all, "client_id", "client_secret")
	}
	for _, n := range appFields(name, how) {
		if !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	return slices.DeleteFunc(all, func(n string) bool { return n == "base_url" })
}

// appFields are what our registration needs beside its id and secret.
func appFields(name platform.Name, how platform.Connect) []string {
	return slices.DeleteFunc(slices.Clone(how.App), func(n string) bool { return n == "verify_token" && name != platform.X })
}

// field is an input with the words for it: the platform's own where there are.
func (p *Pages) field(f *Frame, name platform.Name, field string, required bool) FormField {
	x := FormField{Name: field, Type: "text", Required: required}
	x.Label = wordOr(f, "connect.field."+field+"."+string(name), wordOr(f, "connect.field."+field, field))
	x.Hint = wordOr(f, "connect.hint."+field+"."+string(name), wordOr(f, "connect.hint."+field, ""))
	switch field {
	case "password", "client_secret", "access", "secret", "refresh", "verify_token":
		x.Type = "password"
	case "base_url", "url":
		x.Type = "url"
	}
	return x
}

// appField knows what need not be typed again: a secret that is stored, or one
// that the demo's platform has ready. Neither is printed.
func (p *Pages) appField(f *Frame, name platform.Name, field string, known platform.App, ready Ready) FormField {
	x := p.field(f, name, field, field == "client_id")
	value := func(form platform.Form) string { return formValue(&form, field) }
	mine, theirs := formValue(&platform.Form{App: known}, field), value(ready.Form)
	switch {
	case x.Type == "text":
		x.Value = theirs
		if mine != "" {
			x.Value = mine
		}
	case mine != "":
		x.Holder = f.T("connect.stored")
	case theirs != "":
		x.Holder = f.T("connect.ready")
	}
	return x
}

// formValue is the part of a form that a field's name means.
func formValue(form *platform.Form, field string) string {
	if place := formPlace(form, field); place != nil {
		return *place
	}
	return ""
}

func formPlace(form *platform.Form, field string) *string {
	return map[string]*string{
		"base_url": &form.BaseURL, "account": &form.Account, "password": &form.Password,
		"client_id": &form.App.ClientID, "client_secret": &form.App.ClientSecret, "verify_token": &form.App.VerifyToken,
		"access": &form.Token.Access, "secret": &form.Token.Secret, "refresh": &form.Token.Refresh,
	}[field]
}

// knownApp is the office's registration at a platform, if it has one, and how
// the platform reaches us, in words.
func (p *Pages) knownApp(r *Request, name platform.Name) (app platform.App, webhook string, err error) {
	var apps []channel.App
	err = p.DB.View(r.Context(), func(tx *db.Tx) (err error) {
		apps, err = channel.Apps(r.Context(), tx, r.By.Agency)
		return err
	})
	if err != nil {
		return app, "", err
	}
	connector, err := p.Channels.Connector(name)
	if err != nil {
		return app, "", err
	}
	listener, listens := connector.(platform.Listener)
	// Meta's apps have one address, which a person writes down on their
	// developer page; only WhatsApp takes another for each account.
	byPerson := listens && asksWord(listener, platform.App{VerifyToken: "x"}) && name != platform.WhatsApp
	switch {
	case byPerson:
		webhook = r.Frame.T("connect.webhook.after")
	case listens && name == platform.WhatsApp && !strings.HasPrefix(p.PublicURL, "https://"):
		webhook = r.Frame.T("connect.webhook.needed")
	case listens:
		webhook = r.Frame.T("connect.webhook.self")
	}
	for _, a := range apps {
		if a.Platform != name || a.BaseURL == "" {
			continue
		}
		if app, err = p.Channels.Secrets(a); err != nil {
			return app, "", err
		}
		if byPerson {
			webhook = r.Frame.T("connect.webhook.is", "address", strings.TrimRight(p.PublicURL, "/")+"/webhook/"+string(a.ID))
		}
		break
	}
	return app, webhook, nil
}

func (p *Pages) ready(name platform.Name, mode string) (Ready, bool) {
	if p.Ready == nil {
		return Ready{}, false
	}
	return p.Ready(name, mode)
}

func (p *Pages) connectPage(r *Request) (Answer, error) {
	v, err := p.connecting(r, platform.Name(r.PathValue("platform")), modeOf(r.FormValue("mode")))
	return Show{View: v}, err
}

// modeOf lets through the variants that a person may choose.
func modeOf(typed string) string {
	if typed == "v1.1" || typed == "business" {
		return typed
	}
	return ""
}

// filled is what was typed, completed from what the demo's platform has ready.
func (p *Pages) filled(r *Request, name platform.Name, mode string) platform.Form {
	var form platform.Form
	for _, field := range []string{"base_url", "account", "password", "client_id", "client_secret", "verify_token", "access", "secret", "refresh"} {
		*formPlace(&form, field) = strings.TrimSpace(r.PostFormValue(field))
	}
	ready, ok := p.ready(name, mode)
	if !ok || form.BaseURL != "" && strings.TrimRight(form.BaseURL, "/") != ready.BaseURL {
		return form
	}
	for _, field := range []string{"account", "password", "client_id", "client_secret", "verify_token", "access", "secret", "refresh"} {
		if place := formPlace(&form, field); *place == "" {
			*place = formValue(&ready.Form, field)
		}
	}
	form.BaseURL = ready.BaseURL
	return form
}

func (p *Pages) connect(r *Request) (Answer, error) {
	name, mode, way := platform.Name(r.PathValue("platform")), modeOf(r.PostFormValue("mode")), r.PostFormValue("way")
	var ch channel.Channel
	var err error
	switch way {
	case byConsent:
		return p.depart(r, name, mode)
	case byHand:
		ch, err = p.Channels.ConnectManual(r.Context(), r.By, channel.Manual{Platform: name, Handle: r.PostFormValue("handle"), URL: r.PostFormValue("url")})
	default:
		ch, err = p.Channels.SignIn(r.Context(), r.By, channel.Typed{Platform: name, Mode: mode, Form: p.filled(r, name, mode)})
	}
	if err != nil {
		return p.connectAgain(r, name, mode, way, err)
	}
	return connected(ch), nil
}

func connected(all ...channel.Channel) Answer {
	var names []string
	for _, ch := range all {
		names = append(names, ch.Handle)
	}
	return GoTo{Path: "/pengaturan/kanal", Flash: &Flash{Key: "flash.channel_connected", Args: map[string]string{"handle": strings.Join(names, ", ")}}}
}

// connectAgain shows the form with what is wrong. What is no secret stands
// there as it was typed.
func (p *Pages) connectAgain(r *Request, name platform.Name, mode, way string, err error) (Answer, error) {
	kind := fault.KindOf(err)
	if kind != fault.Invalid && kind != fault.Transient && kind != fault.Conflict {
		return nil, err
	}
	v, failed := p.connecting(r, name, mode)
	if failed != nil {
		return nil, failed
	}
	v.Way, v.Problems = way, r.Frame.Fault(err)
	for _, fields := range [][]FormField{v.App, v.Typed, v.Page} {
		for i := range fields {
			retype(&fields[i], r)
		}
	}
	retype(&v.Server, r)
	return Show{View: v, Status: statusOf(kind)}, nil
}

func retype(x *FormField, r *Request) {
	if typed := strings.TrimSpace(r.PostFormValue(x.Name)); x.Type != "password" && typed != "" {
		x.Value = typed
	}
}

// depart begins a consent and shows the way to the platform.
func (p *Pages) depart(r *Request, name platform.Name, mode string) (Answer, error) {
	form := p.filled(r, name, mode)
	address, err := p.Channels.Begin(r.Context(), r.By, channel.Beginning{Platform: name, Mode: mode, BaseURL: form.BaseURL, App: form.App, Session: r.Session.ID})
	if err != nil {
		return p.connectAgain(r, name, mode, byConsent, err)
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return nil, fault.Wrap(fault.Internal, "connect.bad_address", err)
	}
	connector, err := p.Channels.Connector(name)
	if err != nil {
		return nil, err
	}
	return Show{View: DepartureView{Platform: string(name), Address: address, Host: u.Host,
		Scopes: connector.Capabilities(platform.Account{Platform: name, Mode: mode}).Connect.Scopes}}, nil
}

// arrive takes what a platform sent back. One account without a catch is
// connected at once; otherwise a person chooses.
func (p *Pages) arrive(r *Request) (Answer, error) {
	offer, err := p.Channels.Return(r.Context(), r.By, r.Session.ID, r.URL.Query())
	if err != nil {
		return p.notConnected(r, offer.Platform, err)
	}
	if len(offer.Accounts) == 1 && len(offer.Accounts[0].Missing) == 0 {
		all, err := p.Channels.Choose(r.Context(), r.By, r.Session.ID, offer.ID, []string{offer.Accounts[0].RemoteID})
		if err != nil {
			return p.notConnected(r, offer.Platform, err)
		}
		return connected(all...), nil
	}
	return GoTo{Path: "/pengaturan/hubungkan/pilih/" + string(offer.ID)}, nil
}

// notConnected says why, and leads to a new beginning.
func (p *Pages) notConnected(r *Request, name platform.Name, err error) (Answer, error) {
	kind := fault.KindOf(err)
	if kind == fault.Internal || kind == fault.Denied {
		return nil, err
	}
	v := ArrivalView{Platform: string(name), Again: "/pengaturan/hubungkan", Problems: r.Frame.Fault(err)}
	if name != "" {
		v.Again = connectPath(name, "")
	}
	if lacking := p.lacking(name, err); len(lacking) > 0 {
		v.Lacking = missingWords(r.Frame, lacking)
	}
	return Show{View: v, Status: statusOf(kind)}, nil
}

// lacking are the permissions that a refusal names, of those we ask for.
func (p *Pages) lacking(name platform.Name, err error) (all []string) {
	refusal := platform.AsRefusal(err)
	connector, unknown := p.Channels.Connector(name)
	if refusal == nil || refusal.Code != "platform.consent.missing_permission" || unknown != nil {
		return nil
	}
	said := strings.FieldsFunc(refusal.Said, func(r rune) bool { return strings.ContainsRune(" ,;\"'()[]", r) })
	for _, scope := range connector.Capabilities(platform.Account{Platform: name}).Connect.Scopes {
		if slices.Contains(said, scope) {
			all = append(all, scope)
		}
	}
	return all
}

func (p *Pages) choicePage(r *Request) (Answer, error) { return p.choices(r, nil, nil) }

func (p *Pages) choices(r *Request, picked []string, problem error) (Answer, error) {
	offer, err := p.Channels.Offered(r.Context(), r.By, r.Session.ID, channel.ConsentID(r.PathValue("id")))
	if err != nil {
		return p.notConnected(r, "", err)
	}
	v := ArrivalView{Platform: string(offer.Platform), Path: "/pengaturan/hubungkan/pilih/" + string(offer.ID), Again: connectPath(offer.Platform, ""), Problems: r.Frame.Fault(problem)}
	for _, a := range offer.Accounts {
		row := OfferedAccount{ID: a.RemoteID, Name: a.Name, Handle: a.Handle, Picked: len(offer.Accounts) == 1 || slices.Contains(picked, a.RemoteID)}
		if row.Name == "" {
			row.Name, row.Handle = row.Handle, ""
		}
		if len(a.Missing) > 0 {
			row.Missing = missingWords(r.Frame, a.Missing)
		}
		v.Accounts = append(v.Accounts, row)
	}
	status := http.StatusOK
	if problem != nil {
		status = statusOf(fault.KindOf(problem))
	}
	return Show{View: v, Status: status}, nil
}

func (p *Pages) choose(r *Request) (Answer, error) {
	_ = r.PostFormValue("account") // reads the form
	picked := r.PostForm["account"]
	all, err := p.Channels.Choose(r.Context(), r.By, r.Session.ID, channel.ConsentID(r.PathValue("id")), picked)
	switch kind := fault.KindOf(err); {
	case err == nil:
		return connected(all...), nil
	case kind == fault.Invalid, kind == fault.Transient, kind == fault.Conflict:
		return p.choices(r, picked, err)
	}
	return nil, err
}

// inputID is an input's id: the usual one in the form whose problems lead to
// it, else one with the form's name, because a page may have several forms.
func inputID(x FormField, p Problems, way string) string {
	if len(p) > 0 {
		return fieldID(x.Name)
	}
	return way + "-" + x.Name
}

// inputNotes is an input's aria-describedby.
func inputNotes(x FormField, p Problems, way string) string {
	var ids []string
	if p.Of(x.Name) != "" {
		ids = append(ids, way+"-"+x.Name+"-wrong")
	}
	if x.Hint != "" {
		ids = append(ids, way+"-"+x.Name+"-hint")
	}
	return strings.Join(ids, " ")
}

// helpPath is where a platform's admission is told step by step.
func (p *Pages) helpPath(name platform.Name) string { return "/bantuan/platform/" + string(name) }

func (p *Pages) helpPage(r *Request) (Answer, error) {
	name := platform.Name(r.PathValue("platform"))
	if !slices.Contains(platformNames(), name) {
		return nil, fault.New(fault.NotFound, "channel.unknown_platform", fault.Arg("platform", string(name)))
	}
	v := admission(r.Frame, string(name))
	if r.By.May(identity.Connect, r.By.Agency) {
		v.Connect = connectPath(name, "")
	}
	return Show{View: v}, nil
}
