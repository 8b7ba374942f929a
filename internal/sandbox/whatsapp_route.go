package sandbox

import (
	"net/http"
	"regexp"
	"strings"
	"time"
)

var waVersion = regexp.MustCompile(`^v(\d+)\.0$`)

// whatsappRoutes: /{version}/{id}/{edge}, and a solution provider's paths,
// which know the number from the key (docs.360dialog.com: /messages, /media,
// /health_status, /v1/configs/templates).
func (s *Sandbox) whatsappRoutes(m *http.ServeMux) {
	f := waFace{}
	m.HandleFunc("/wa/", func(w http.ResponseWriter, r *http.Request) {
		path := strings.Trim(strings.TrimPrefix(r.URL.Path, "/wa/"), "/")
		version, rest, _ := strings.Cut(path, "/")
		provider := r.Header.Get("D360-API-KEY") != ""
		switch v := waVersion.FindStringSubmatch(version); {
		case provider:
			rest = path
		case v == nil:
			graphError(http.StatusNotFound, 2500, 0, "OAuthException", "Unknown path components: /"+path).write(w)
			return
		case len(v[1]) < 2 || v[1] < "21":
			graphError(http.StatusBadRequest, 2635, 0, "OAuthException", "(#2635) You are calling a deprecated version of the Ads API. Please update to the latest version.").write(w)
			return
		}
		name, rt := waRoute(r.Method, rest, provider)
		s.serve(f, name, rt)(w, r)
	})
}

// waRoute finds what a method on a path is; its parameters are the path's ids.
func waRoute(method, path string, provider bool) (name string, rt route) {
	id, edge, _ := strings.Cut(path, "/")
	if provider {
		id, edge = "", path
	}
	on := func(op string, run func(*Sandbox, *call, string) answer) (string, route) {
		return method + " " + edge, route{op: op, limit: 200, window: time.Hour, run: func(s *Sandbox, c *call) answer {
			phone := id
			if provider {
				phone = c.account.ID
			}
			return run(s, c, phone)
		}}
	}
	switch method + " " + edge {
	case "POST messages":
		name, rt = on(opPublish, (*Sandbox).waMessages)
		rt.limit, rt.window = 80, time.Second // throughput of one number
		rt.fetch = func(c *call) []string {
			var web []string
			for _, kind := range waMediaKinds() {
				web = append(web, asText(c.object(kind)["link"]))
			}
			return web
		}
		return name, rt
	case "POST media":
		return on(opStage, (*Sandbox).waUpload)
	case "GET message_history":
		return on(opFind, (*Sandbox).waHistory)
	case "GET block_users", "POST block_users", "DELETE block_users":
		return on(opHide, (*Sandbox).waBlock)
	case "GET message_templates", "GET v1/configs/templates":
		return on(opVerify, (*Sandbox).waTemplates)
	case "POST message_templates", "POST v1/configs/templates":
		return on(opVerify, (*Sandbox).waTemplateNew)
	case "GET phone_numbers":
		return on(opVerify, (*Sandbox).waNumbers)
	case "GET health_status":
		return on(opVerify, (*Sandbox).waHealth)
	case "GET subscribed_apps", "DELETE subscribed_apps", "POST subscribed_apps", "POST v1/configs/webhook":
		name, rt = on(opVerify, (*Sandbox).waSubscribe)
		rt.fetch = waProbe
		return name, rt
	case "POST register", "POST deregister":
		return on(opVerify, func(*Sandbox, *call, string) answer { return graphSuccess() })
	case "GET ":
		switch id {
		case "debug_token":
			return on(opVerify, func(s *Sandbox, c *call, _ string) answer { return s.waDebug(c) })
		case "attachment":
			return on(opPull, func(s *Sandbox, c *call, _ string) answer { return s.waAttachment(c) })
		}
		return on(opVerify, (*Sandbox).waNode)
	case "DELETE ":
		return on(opDelete, (*Sandbox).waMediaDelete)
	}
	return on(opVerify, func(*Sandbox, *call, string) answer {
		return graphError(http.StatusBadRequest, 2500, 0, "OAuthException", "Unknown path components: /"+edge)
	})
}

func waMediaKinds() []string { return []string{"image", "video", "audio", "document", "sticker"} }
