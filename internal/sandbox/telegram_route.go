package sandbox

import (
	"net/http"
	"strings"
	"time"
)

// telegramRoutes: every method is one path, by GET or POST, its parameters in
// the query, a form, a multipart form or JSON; names of methods are not case
// sensitive.
func (s *Sandbox) telegramRoutes(m *http.ServeMux) {
	f := telegramFace{}
	m.HandleFunc("/tg/", func(w http.ResponseWriter, r *http.Request) {
		_, method, ok := tgPath(r.URL.Path)
		rt, known := telegramMethods()[method]
		switch {
		case !ok || r.Method != http.MethodGet && r.Method != http.MethodPost:
			tgError(http.StatusNotFound, "Not Found").write(w)
		case !known:
			s.serve(f, method, route{op: opVerify, run: func(*Sandbox, *call) answer { return tgError(http.StatusNotFound, "Not Found") }})(w, r)
		case method == "getupdates":
			s.tgPoll(f, rt, w, r)
		default:
			s.serve(f, method, rt)(w, r)
		}
	})
}

// telegramMethods: about twenty messages a minute into one group or channel
// (core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
func telegramMethods() map[string]route {
	ask := func(run func(*Sandbox, *call) answer) route { return route{op: opVerify, run: run} }
	send := func(run func(*Sandbox, *call) answer) route {
		return route{op: opPublish, limit: 20, window: time.Minute, fetch: tgAddresses, run: run}
	}
	act := func(op string, run func(*Sandbox, *call) answer) route {
		return route{op: op, limit: 1800, window: time.Minute, run: run}
	}
	return map[string]route{
		"getme":                  ask((*Sandbox).tgGetMe),
		"getchat":                ask((*Sandbox).tgGetChat),
		"getchatmember":          ask((*Sandbox).tgGetChatMember),
		"getchatadministrators":  ask((*Sandbox).tgGetChatAdministrators),
		"getchatmembercount":     act(opMeasure, (*Sandbox).tgGetChatMemberCount),
		"getchatmemberscount":    act(opMeasure, (*Sandbox).tgGetChatMemberCount), // its name before Bot API 5.3; still answered
		"sendmessage":            send((*Sandbox).tgSendMessage),
		"sendphoto":              send((*Sandbox).tgSendPhoto),
		"sendvideo":              send((*Sandbox).tgSendVideo),
		"sendmediagroup":         send((*Sandbox).tgSendMediaGroup),
		"sendchataction":         ask((*Sandbox).tgSendChatAction),
		"editmessagetext":        act(opPublish, (*Sandbox).tgEditText),
		"editmessagecaption":     act(opPublish, (*Sandbox).tgEditCaption),
		"deletemessage":          act(opDelete, (*Sandbox).tgDelete),
		"deletemessages":         act(opDelete, (*Sandbox).tgDeleteMany),
		"banchatmember":          act(opHide, (*Sandbox).tgBan),
		"unbanchatmember":        act(opHide, (*Sandbox).tgUnban),
		"restrictchatmember":     act(opHide, (*Sandbox).tgRestrict),
		"banchatsenderchat":      act(opHide, (*Sandbox).tgBanSender),
		"unbanchatsenderchat":    act(opHide, (*Sandbox).tgUnbanSender),
		"setmessagereaction":     act(opHide, (*Sandbox).tgReact),
		"getupdates":             {op: opPull, limit: 600, window: time.Minute, run: (*Sandbox).tgGetUpdates},
		"setwebhook":             ask((*Sandbox).tgSetWebhook),
		"deletewebhook":          ask((*Sandbox).tgDeleteWebhook),
		"getwebhookinfo":         ask((*Sandbox).tgGetWebhookInfo),
		"getfile":                ask((*Sandbox).tgGetFile),
		"logout":                 ask(func(*Sandbox, *call) answer { return tgOK(true) }),
		"close":                  ask(func(*Sandbox, *call) answer { return tgOK(true) }),
		"setmycommands":          ask(func(*Sandbox, *call) answer { return tgOK(true) }),
		"getmycommands":          ask(func(*Sandbox, *call) answer { return tgOK([]object{}) }),
		"deletemycommands":       ask(func(*Sandbox, *call) answer { return tgOK(true) }),
		"getuserprofilephotos":   ask((*Sandbox).tgProfilePhotos),
		"getmydescription":       ask(func(_ *Sandbox, c *call) answer { return tgOK(object{"description": c.account.Bio}) }),
		"getmyname":              ask(func(_ *Sandbox, c *call) answer { return tgOK(object{"name": "Bot " + c.account.Name}) }),
		"setmydescription":       ask(func(*Sandbox, *call) answer { return tgOK(true) }),
		"getmyshortdescription":  ask(func(_ *Sandbox, c *call) answer { return tgOK(object{"short_description": c.account.Bio}) }),
		"setmyshortdescription":  ask(func(*Sandbox, *call) answer { return tgOK(true) }),
		"editmessagereplymarkup": act(opPublish, (*Sandbox).tgEditMarkup),
	}
}

// tgAddresses are files that Telegram gets from the web by itself.
func tgAddresses(c *call) []string {
	all := []string{c.str("photo"), c.str("video")}
	for _, v := range c.list("media") {
		if m, ok := v.(object); ok {
			all = append(all, asText(m["media"]))
		}
	}
	var web []string
	for _, a := range all {
		if strings.HasPrefix(a, "http://") || strings.HasPrefix(a, "https://") {
			web = append(web, a)
		}
	}
	return web
}
