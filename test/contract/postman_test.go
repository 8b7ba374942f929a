package contract

import "testing"

func TestPostmanJudges(t *testing.T) {
	type row = struct {
		e    Exchange
		kind string
		want string
	}
	judged(t, Threads(t), map[string]row{
		"a container":                          {formCall("POST", "/v1.0/me/threads", "media_type=TEXT&text=Halo", `{"id":"1"}`), "POST /me/threads", ""},
		"a container of no kind":               {formCall("POST", "/v1.0/me/threads", "text=Halo", `{"id":"1"}`), "POST /me/threads", "required parameter media_type"},
		"a container of another kind":          {formCall("POST", "/v1.0/me/threads", "media_type=REELS&text=Halo", `{"id":"1"}`), "POST /me/threads", "media_type is REELS"},
		"a parameter of another platform":      {formCall("POST", "/v1.0/me/threads", "media_type=TEXT&caption=Halo", `{"id":"1"}`), "POST /me/threads", "parameter caption"},
		"an answer with a number for an id":    {formCall("POST", "/v1.0/me/threads", "media_type=TEXT&text=Halo", `{"id":1}`), "POST /me/threads", "id is 1"},
		"publishing nothing":                   {formCall("POST", "/v1.0/me/threads_publish", "", `{"id":"1"}`), "POST /me/threads_publish", "required parameter creation_id"},
		"hiding":                               {formCall("POST", "/v1.0/18/manage_reply", "hide=true", `{"success":true}`), "POST /{id}/manage_reply", ""},
		"hiding perhaps":                       {formCall("POST", "/v1.0/18/manage_reply", "hide=perhaps", `{"success":true}`), "POST /{id}/manage_reply", "no bool"},
		"replies":                              {formCall("GET", "/v1.0/18/replies", "fields=id,text,hide_status", `{"data":[{"id":"1","text":"a","hide_status":"NOT_HUSHED"}],"paging":{"cursors":{}}}`), "GET /{id}/replies", ""},
		"a field that replies do not have":     {formCall("GET", "/v1.0/18/replies", "fields=id,message", `{"data":[]}`), "GET /{id}/replies", "no message"},
		"what nobody asked for":                {formCall("GET", "/v1.0/18/replies", "fields=id", `{"data":[{"id":"1","text":"a"}]}`), "GET /{id}/replies", "text comes unasked"},
		"a metric that is none":                {formCall("GET", "/v1.0/18/insights", "metric=views,claps", `{"data":[]}`), "GET /{id}/insights", "no claps"},
		"deleting":                             {formCall("DELETE", "/v1.0/18", "", `{"success":true,"deleted_id":"18"}`), "DELETE /{id}", ""},
		"what the collection does not have":    {formCall("GET", "/v1.0/me/followers", "", `{}`), "GET /me/followers", "uncovered"},
		"an error that says less than it must": {failing(formCall("GET", "/v1.0/me", "", `{"error":{"message":"m"}}`)), "GET /me", "lacks code"},
	})
}
