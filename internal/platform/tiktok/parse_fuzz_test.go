package tiktok

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/safehttp"
)

// FuzzEnvelope opens what anybody may answer: an error is one of the
// contract's, and no secret comes with it.
func FuzzEnvelope(f *testing.F) {
	f.Add(200, []byte(`{"data":{"publish_id":"p"},"error":{"code":"ok","message":"","log_id":"1"}}`))
	f.Add(200, []byte(`{"data":{},"error":{"code":"spam_risk_too_many_posts","message":"act.rahasia"}}`))
	f.Add(403, []byte(`{"error":{"code":"unaudited_client_can_only_post_to_private_accounts"}}`))
	f.Add(200, []byte(`{"data":null}`))
	f.Add(200, []byte(`{"data":{},"error":{"code":"act.rahasia"}}`))
	f.Add(502, []byte(`<html>act.rahasia</html>`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		var data struct {
			ID string `json:"publish_id"`
		}
		err := unwrap(safehttp.Answer{Status: status, Header: http.Header{}, Body: body}, platform.Account{Token: platform.Token{Access: "act.rahasia"}}, &data, time.Now())
		if err == nil && (status/100 != 2 || !strings.Contains(string(body), "ok")) {
			t.Fatalf("%d %q is a success", status, body)
		}
		if err != nil && strings.Contains(err.Error(), "act.rahasia") {
			t.Fatalf("%q: %v", body, err)
		}
		if r := platform.AsRefusal(err); r != nil && (r.Code == "" || r.Fix == "") {
			t.Fatalf("%+v", r)
		}
	})
}

// FuzzStatus reads what became of a post: an id is digits or a name, never a
// scrap of JSON, and a failure always has a reason.
func FuzzStatus(f *testing.F) {
	f.Add([]byte(`{"status":"PUBLISH_COMPLETE","publicaly_available_post_id":[7290000000000000001]}`))
	f.Add([]byte(`{"status":"PUBLISH_COMPLETE","publicaly_available_post_id":["7290000000000000001"]}`))
	f.Add([]byte(`{"status":"FAILED","fail_reason":"spam_risk_too_many_posts"}`))
	f.Add([]byte(`{"publicaly_available_post_id":[null,{},[]]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var s status
		if json.Unmarshal(raw, &s) != nil {
			return
		}
		if id := s.post(); strings.ContainsAny(id, "{}[]\" \n") {
			t.Fatalf("%s: id %q", raw, id)
		}
		if s.why() == nil {
			t.Fatal("failed without a reason")
		}
	})
}

// FuzzBusiness opens the Business API's envelope and the comments in it.
func FuzzBusiness(f *testing.F) {
	f.Add(200, []byte(`{"code":0,"message":"OK","data":{"comments":[{"comment_id":"7","create_time":1760000000,"text":"halo","owner":false,"status":"PUBLIC","replies":"2"}],"cursor":1,"has_more":false}}`))
	f.Add(200, []byte(`{"code":40105,"message":"rahasia-token","data":{}}`))
	f.Add(200, []byte(`{"data":{"comments":null}}`))
	f.Add(502, []byte(`rahasia-token`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		var list remarks
		a := platform.Account{Token: platform.Token{Access: "rahasia-token"}}
		err := unwrapBusiness(safehttp.Answer{Status: status, Header: http.Header{}, Body: body}, a, &list, time.Now())
		if err == nil && status/100 != 2 || err != nil && strings.Contains(err.Error(), "rahasia-token") {
			t.Fatalf("%d %q: %v", status, body, err)
		}
		if err != nil {
			return
		}
		c := New(nil)
		for _, i := range c.news(a, "7", known{IDs: []string{"gone"}}, list.Comments) {
			if i.RemoteID == "" || i.Thread != "7" || i.InReplyTo == "" && !i.Deleted {
				t.Fatalf("%+v", i)
			}
		}
	})
}
