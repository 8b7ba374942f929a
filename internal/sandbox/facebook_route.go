package sandbox

import (
	"net/http"
	"strings"
	"time"
)

// graphRoute decides what a method on /{id}/{edge} is. The object's kind, not
// the path, says what can be done to it.
func (s *Sandbox) graphRoute(c *call, method, path string) route {
	id, edge, _ := strings.Cut(path, "/")
	rt := route{op: opVerify, limit: 4800, window: time.Hour}
	with := func(op, scope string, run func(*Sandbox, *call) answer) route {
		rt.op, rt.run = op, run
		return metaNeeds(rt, scope)
	}
	on := func(op, scope string, run func(*Sandbox, *call, string) answer) route {
		return with(op, scope, func(s *Sandbox, c *call) answer {
			if method != http.MethodGet && c.token != nil && strings.HasPrefix(c.token.Mode, "user:") {
				return graphError(http.StatusForbidden, 210, 0, "OAuthException", "(#210) A page access token is required to request this resource.")
			}
			if id == "me" {
				return run(s, c, c.account.ID)
			}
			return run(s, c, id)
		})
	}
	if session, ok := strings.CutPrefix(path, "upload:"); ok {
		return with(opStage, "pages_manage_posts", func(s *Sandbox, c *call) answer { return s.graphUpload(c, method, session) })
	}
	switch method + " " + edge {
	case "POST feed":
		return on(opPublish, "pages_manage_posts", (*Sandbox).graphFeed)
	case "POST photos":
		if c.has("published") && !c.flag("published") {
			return on(opStage, "pages_manage_posts", (*Sandbox).graphPhoto)
		}
		return on(opPublish, "pages_manage_posts", (*Sandbox).graphPhoto)
	case "POST uploads":
		return on(opStage, "pages_manage_posts", (*Sandbox).graphUploads)
	case "POST videos":
		return on(opPublish, "pages_manage_posts", (*Sandbox).graphVideos)
	case "POST comments":
		return on(opPublish, "pages_manage_engagement", (*Sandbox).graphComment)
	case "POST messages":
		return on(opPublish, "pages_messaging", (*Sandbox).graphMessage)
	case "POST blocked", "DELETE blocked":
		return on(opHide, "pages_manage_engagement", func(s *Sandbox, c *call, id string) answer { return s.graphBlock(c, id, method == http.MethodPost) })
	case "POST subscribed_apps":
		return on(opVerify, "pages_manage_metadata", (*Sandbox).graphSubscribe)
	case "POST ":
		if c.has("is_hidden") {
			return on(opHide, "pages_manage_engagement", (*Sandbox).graphAlter)
		}
		return on(opPublish, "", (*Sandbox).graphAlter)
	case "DELETE ":
		return on(opDelete, "", (*Sandbox).graphDelete)
	}
	return s.graphReads(c, method, id, edge, on)
}

// graphReads decides what a question about an object is.
func (s *Sandbox) graphReads(c *call, method, id, edge string, on func(op, scope string, run func(*Sandbox, *call, string) answer) route) route {
	switch method + " " + edge {
	case "GET feed", "GET posts", "GET published_posts", "GET scheduled_posts":
		return on(opFind, "pages_read_engagement", func(s *Sandbox, c *call, id string) answer { return s.graphPosts(c, id, edge) })
	case "GET tagged", "GET visitor_posts":
		return on(opPull, "pages_read_user_engagement", (*Sandbox).graphTagged)
	case "GET comments":
		return on(opPull, "pages_read_user_engagement", (*Sandbox).graphComments)
	case "GET conversations":
		return on(opPull, "pages_messaging", (*Sandbox).graphConversations)
	case "GET messages":
		return on(opPull, "pages_messaging", (*Sandbox).graphThreadMessages)
	case "GET insights":
		return on(opMeasure, "read_insights", (*Sandbox).graphInsights)
	case "GET accounts":
		return on(opVerify, "pages_show_list", (*Sandbox).graphAccounts)
	case "GET permissions":
		return on(opVerify, "", (*Sandbox).graphPermissions)
	case "GET reactions", "GET likes", "GET attachments":
		return on(opMeasure, "pages_read_engagement", func(s *Sandbox, c *call, id string) answer { return s.graphEdge(c, id, edge) })
	case "GET ":
		switch {
		case id == "debug_token":
			return on(opVerify, "", func(s *Sandbox, c *call, _ string) answer { return s.graphDebug(c) })
		case c.has("ids"):
			return on(opMeasure, "pages_read_engagement", func(s *Sandbox, c *call, _ string) answer { return s.graphMany(c) })
		case id == "me" || s.graphIsPage(id):
			return on(opVerify, "", (*Sandbox).graphRead)
		}
		return on(opMeasure, "", (*Sandbox).graphRead)
	}
	return on(opVerify, "", func(*Sandbox, *call, string) answer {
		return graphError(http.StatusBadRequest, 2500, 0, "OAuthException", "Unknown path components: /"+edge)
	})
}

func (s *Sandbox) graphIsPage(id string) bool {
	return id != "" && s.world.account(Facebook, id) != nil // accounts never change after New
}

func graphSuccess() answer { return jsonAnswer(http.StatusOK, object{"success": true}) }
