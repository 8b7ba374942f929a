package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// graphFace answers as Meta's three interfaces do: graph.facebook.com for a
// Page access token, graph.instagram.com, graph.threads.net.
type graphFace struct{ name string }

func (f graphFace) platform() string { return f.name }

// graphError is Graph's error object.
func graphError(status, code, subcode int, kind, message string) answer {
	e := object{"message": message, "type": kind, "code": code, "fbtrace_id": "AkEnToNgAnSbX1"}
	if subcode != 0 {
		e["error_subcode"] = subcode
	}
	if code == 1 || code == 2 {
		e["is_transient"] = true
	}
	return jsonAnswer(status, object{"error": e})
}

func graphBad(message string) answer {
	return graphError(http.StatusBadRequest, 100, 0, "OAuthException", "(#100) "+message)
}

func graphMissing(method, id string) answer {
	return graphError(http.StatusBadRequest, 100, 33, "GraphMethodException",
		"Unsupported "+strings.ToLower(method)+" request. Object with ID '"+id+"' does not exist, cannot be loaded due to missing permissions, or does not support this operation.")
}

func graphDenied(message string) answer {
	return graphError(http.StatusForbidden, 200, 0, "OAuthException", "(#200) "+message)
}

func graphBroken() answer {
	return graphError(http.StatusInternalServerError, 2, 0, "OAuthException", "Service temporarily unavailable")
}

// authenticate takes the token from the header, the query or the body, and
// checks appsecret_proof where one is sent or required.
func (f graphFace) authenticate(s *Sandbox, c *call) *answer {
	given := c.str("access_token")
	for _, scheme := range []string{"Bearer ", "OAuth "} {
		if t, ok := strings.CutPrefix(c.r.Header.Get("Authorization"), scheme); ok {
			given = t
		}
	}
	refuse := func(a answer) *answer { return &a }
	if given == "" {
		return refuse(graphError(http.StatusBadRequest, 104, 0, "OAuthException", "An access token is required to request this resource."))
	}
	t := s.world.tokens[given]
	if t == nil || !strings.HasPrefix(t.Account, f.name+"/") {
		return refuse(graphError(http.StatusBadRequest, 190, 0, "OAuthException", "Invalid OAuth access token - Cannot parse access token"))
	}
	c.token = t
	if t.dead(c.now) {
		return refuse(graphError(http.StatusBadRequest, 190, 463, "OAuthException", "Error validating access token: Session has expired."))
	}
	owner := s.world.owner(t)
	proof := c.str("appsecret_proof")
	h := hmac.New(sha256.New, []byte(owner.App.ClientSecret))
	h.Write([]byte(given))
	switch {
	case proof == "" && s.rules.RequireProof && !strings.Contains(c.r.URL.Path, "/ig-api-upload/"): // rupload is another host
		return refuse(graphError(http.StatusBadRequest, 100, 0, "GraphMethodException", "API calls from the server require an appsecret_proof argument"))
	case proof != "" && !hmac.Equal([]byte(proof), []byte(hex.EncodeToString(h.Sum(nil)))):
		return refuse(graphError(http.StatusBadRequest, 100, 0, "GraphMethodException", "Invalid appsecret_proof provided in the API argument"))
	}
	c.account = owner
	return nil
}

func (graphFace) unreadable() answer {
	return graphError(http.StatusBadRequest, 100, 0, "OAuthException", "(#100) The request body could not be parsed")
}
func (f graphFace) tooMany(*meter) answer {
	switch f.name {
	case Instagram:
		return graphError(http.StatusBadRequest, 80002, 2446079, "OAuthException", "(#80002) There have been too many calls to this Instagram account. Wait a bit and try again.")
	case Threads:
		return graphError(http.StatusBadRequest, 4, 0, "OAuthException", "(#4) Application request limit reached")
	}
	return graphError(http.StatusBadRequest, 80001, 2446079, "OAuthException", "(#80001) There have been too many calls to this Page account. Wait a bit and try again.")
}
func (graphFace) revoked() answer {
	return graphError(http.StatusBadRequest, 190, 460, "OAuthException", "Error validating access token: The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons.")
}

// meterHeaders: use in percent; a Page token counts as a business use case.
func (f graphFace) meterHeaders(a answer, m *meter) answer {
	percent := 0
	if m.limit > 0 {
		percent = min(m.used*100/m.limit, 100)
	}
	wait := 0
	if m.spent() {
		wait = int(m.reset.Sub(m.now) / time.Minute)
	}
	app, _ := json.Marshal(object{"call_count": percent, "total_time": percent / 2, "total_cputime": percent / 2})
	kind := map[string]string{Facebook: "pages", Instagram: "instagram", Threads: "threads"}[f.name]
	business, _ := json.Marshal(object{"104500000009001": []object{{
		"type": kind, "call_count": percent, "total_cputime": percent / 2, "total_time": percent / 2, "estimated_time_to_regain_access": max(wait, 0),
	}}})
	return a.with("X-App-Usage", string(app)).with("X-Business-Use-Case-Usage", string(business)).with("facebook-api-version", "v25.0")
}

var graphVersion = regexp.MustCompile(`^v\d+\.\d+$`)

func (s *Sandbox) facebookRoutes(m *http.ServeMux) {
	s.graphServe(m, graphFace{Facebook})
	s.consentPage(m, Facebook, "/fb/v25.0/dialog/oauth", ",", "client_id")
	s.consentPage(m, Facebook, "/fb/dialog/oauth", ",", "client_id")
}

// graphServe answers everything below a face's mount.
func (s *Sandbox) graphServe(m *http.ServeMux, f graphFace) {
	m.HandleFunc(habitOf(f.name).mount+"/", func(w http.ResponseWriter, r *http.Request) {
		c, err := readCall(r, s.now())
		if err != nil {
			f.unreadable().write(w)
			return
		}
		out, ft := s.graphDecide(f, c)
		s.send(w, r, out, ft)
	})
}

// graphDecide finds the route of a call and runs it; a batch runs several.
func (s *Sandbox) graphDecide(f graphFace, c *call) (answer, *fault) {
	path := strings.Trim(strings.TrimPrefix(c.r.URL.Path, habitOf(f.name).mount), "/")
	method := graphMethod(c)
	if first, rest, _ := strings.Cut(path, "/"); graphVersion.MatchString(first) {
		path = rest
	}
	if path == "" && c.has("batch") {
		return s.graphBatch(f, c), nil
	}
	if trade := s.graphTrade(f, c, method, path); trade != nil {
		return *trade, nil
	}
	var rt route
	switch f.name {
	case Instagram:
		rt = s.instagramRoute(c, method, path)
	case Threads:
		rt = s.threadsRoute(c, method, path)
	default:
		rt = s.graphRoute(c, method, path)
	}
	if rt.fetch != nil {
		s.fetch(c.r.Context(), c, rt.fetch(c))
	}
	return s.decide(f, "graph", rt, c)
}

// graphMethod honours the method field that PHP-age clients, and
// huandu/facebook, send instead of the verb.
func graphMethod(c *call) string {
	if m := strings.ToUpper(c.str("method")); c.r.Method == http.MethodPost && m != "" {
		return m
	}
	return c.r.Method
}

// graphBatch runs up to fifty calls and answers with a list.
func (s *Sandbox) graphBatch(f graphFace, c *call) answer {
	calls := c.list("batch")
	if len(calls) == 0 || len(calls) > 50 {
		return graphBad("Too many or no requests in batch message. Maximum batch size is 50")
	}
	out := []any{}
	for _, v := range calls {
		one, _ := v.(map[string]any)
		sub, err := c.inner(habitOf(f.name).mount, asText(one["method"]), asText(one["relative_url"]), asText(one["body"]))
		if err != nil {
			out = append(out, object{"code": http.StatusBadRequest, "body": string(f.unreadable().body)})
			continue
		}
		got, ft := s.graphDecide(f, sub)
		if ft != nil && (ft.Kind == faultDrop || ft.Kind == faultCommitDrop) {
			out = append(out, nil) // Graph answers null for a call that timed out
			continue
		}
		row := object{"code": got.status, "body": string(got.body)}
		if !c.has("include_headers") || c.flag("include_headers") {
			headers := []object{}
			for k, v := range got.header {
				headers = append(headers, object{"name": k, "value": v[0]})
			}
			row["headers"] = headers
		}
		out = append(out, row)
	}
	return jsonAnswer(http.StatusOK, out)
}

// inner is a call of a batch, with the batch's own token.
func (c *call) inner(mount, method, relative, body string) (*call, error) {
	u, err := url.Parse(mount + "/" + strings.TrimPrefix(relative, "/"))
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(body)
	if err != nil {
		return nil, err
	}
	r := c.r.Clone(c.r.Context())
	r.URL, r.Method = u, strings.ToUpper(method)
	sub := &call{r: r, base: c.base, query: u.Query(), form: form, files: c.files, now: c.now}
	for _, name := range []string{"access_token", "appsecret_proof"} {
		if v := c.str(name); v != "" && !sub.has(name) {
			sub.form.Set(name, v)
		}
	}
	return sub, nil
}
