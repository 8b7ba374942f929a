package contract

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func formCall(method, path, form, answer string) Exchange {
	e := Exchange{Method: method, Path: path, Header: http.Header{}, Status: http.StatusOK, Answer: []byte(answer)}
	if method == http.MethodGet {
		e.Query, _ = url.ParseQuery(form)
		return e
	}
	e.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	e.Body = []byte(form)
	return e
}

func jsonCall(path, body, answer string) Exchange {
	return Exchange{Method: http.MethodPost, Path: path, Query: url.Values{"access_token": {"x"}}, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body), Status: 200, Answer: []byte(answer)}
}

func judged(t *testing.T, s Specification, rows map[string]struct {
	e    Exchange
	kind string
	want string
}) {
	t.Helper()
	for name, row := range rows {
		kind, covered, err := s.Judge(row.e)
		said := ""
		if err != nil {
			said = err.Error()
		}
		if kind != row.kind || covered != (row.want != "uncovered") {
			t.Errorf("%s: %q, covered %v", name, kind, covered)
		}
		if row.want != "uncovered" && (row.want == "") != (said == "") || row.want != "uncovered" && !strings.Contains(said, row.want) {
			t.Errorf("%s: said %q, want %q", name, said, row.want)
		}
	}
}

func TestGraphJudges(t *testing.T) {
	type row = struct {
		e    Exchange
		kind string
		want string
	}
	const page, post = "/v25.0/104500000000101", "/v25.0/104500000000101_122000000000000001"
	judged(t, Facebook(t), map[string]row{
		"a post as a form":                       {formCall("POST", page+"/feed", "message=Halo&format=json", `{"id":"1_2"}`), "POST Page/feed", ""},
		"a post as JSON":                         {jsonCall(page+"/feed", `{"message":"Halo","published":false}`, `{"id":"1_2"}`), "POST Page/feed", ""},
		"a parameter that is not there":          {formCall("POST", page+"/feed", "massage=Halo", `{"id":"1_2"}`), "POST Page/feed", "parameter massage"},
		"a bool that is none":                    {formCall("POST", page+"/feed", "message=Halo&published=maybe", `{"id":"1_2"}`), "POST Page/feed", "no bool"},
		"an answer with a field nobody knows":    {formCall("POST", page+"/feed", "message=Halo", `{"id":"1_2","posted":true}`), "POST Page/feed", "posted"},
		"a number for an id":                     {formCall("POST", page+"/feed", "message=Halo", `{"id":12}`), "POST Page/feed", "id is 12"},
		"a message without its recipient":        {formCall("POST", page+"/messages", `message={"text":"x"}`, `{"message_id":"m"}`), "POST Page/messages", "required parameter recipient"},
		"an enumeration's other word":            {formCall("POST", page+"/messages", `recipient={"id":"1"}&message={"text":"x"}&messaging_type=CHAT`, `{}`), "POST Page/messages", "messaging_type is CHAT"},
		"deleting as a form":                     {formCall("POST", post, "method=DELETE", `{"success":true}`), "DELETE PagePost", ""},
		"a list":                                 {formCall("GET", post+"/comments", "filter=stream&fields=id,message", `{"data":[{"id":"1_2","message":"a"}],"paging":{"next":"x"}}`), "GET PagePost/comments", ""},
		"a list with what was not asked for":     {formCall("GET", post+"/comments", "fields=id", `{"data":[{"id":"1_2","message":"a"}]}`), "GET PagePost/comments", "comes unasked"},
		"a list of something else":               {formCall("GET", post+"/comments", "fields=id,body", `{"data":[]}`), "GET PagePost/comments", "no field body"},
		"a list without data":                    {formCall("GET", post+"/comments", "", `{"items":[]}`), "GET PagePost/comments", "with data"},
		"a time that is none":                    {formCall("GET", post, "fields=created_time", `{"id":"1","created_time":"yesterday"}`), "GET PagePost", "no datetime"},
		"an error":                               {failing(formCall("GET", post, "", `{"error":{"message":"m","type":"t","code":100,"fbtrace_id":"A"}}`)), "GET PagePost", ""},
		"an error without a code":                {failing(formCall("GET", post, "", `{"error":{"message":"m","type":"t","fbtrace_id":"A"}}`)), "GET PagePost", "lacks code"},
		"an edge that the Page does not have":    {formCall("GET", page+"/nothing", "", `{}`), "GET Page/nothing", "uncovered"},
		"what the specifications do not include": {formCall("GET", "/v25.0/oauth/access_token", "", `{}`), "GET /oauth/access_token", "uncovered"},
	})
	const ig = "/v25.0/17841400000000101"
	judged(t, Instagram(t), map[string]row{
		"a container":                       {jsonCall(ig+"/media", `{"image_url":"https://x.example/a.jpg","caption":"Halo","id":"1"}`, `{"id":"1"}`), "POST IGUserForIGOnlyAPI/media", ""},
		"a container of another platform":   {jsonCall(ig+"/media", `{"image":"https://x.example/a.jpg"}`, `{"id":"1"}`), "POST IGUserForIGOnlyAPI/media", "parameter image"},
		"publishing":                        {formCall("POST", ig+"/media_publish", "creation_id=12", `{"id":"1"}`), "POST IGUserForIGOnlyAPI/media_publish", ""},
		"publishing nothing":                {formCall("POST", ig+"/media_publish", "", `{"id":"1"}`), "POST IGUserForIGOnlyAPI/media_publish", "required parameter creation_id"},
		"hiding":                            {formCall("POST", "/v25.0/179", "hide=true", `{"success":true}`), "POST IGComment", ""},
		"a metric that the account lacks":   {formCall("GET", "/v25.0/179/insights", "metric=claps", `{"data":[]}`), "GET IGMedia/insights", "metric is claps"},
		"answers below a comment":           {formCall("GET", "/v25.0/179/comments", "fields=id,replies.limit(2){id,text}", `{"data":[{"id":"1","replies":{"data":[{"id":"2","text":"a"}]}}]}`), "GET IGMedia/comments", ""},
		"answers with a field nobody knows": {formCall("GET", "/v25.0/179/comments", "fields=id,replies{id,body}", `{"data":[]}`), "GET IGMedia/comments", "no field body"},
		"a long token":                      {formCall("GET", "/access_token", "grant_type=ig_exchange_token&client_secret=s&access_token=t", `{"access_token":"x","token_type":"bearer","expires_in":1}`), "GET IGAccessTokenForIGOnlyAPI", ""},
		"a container's state":               {formCall("GET", "/v25.0/178", "fields=status_code", `{}`), "GET /{id}", "uncovered"},
	})
}

func failing(e Exchange) Exchange {
	e.Status = http.StatusBadRequest
	return e
}
