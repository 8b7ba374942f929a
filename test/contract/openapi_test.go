package contract

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// town is a small document with every construct that judging knows.
const town = `
openapi: 3.0.0
info: {title: Town, version: "1"}
servers: [{url: "https://town.example/api"}]
paths:
  /notes:
    post:
      parameters: [{name: Idempotency-Key, in: header, required: true, schema: {type: string, minLength: 3}}]
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: "#/components/schemas/New"}}
      responses:
        "201": {description: made, content: {application/json: {schema: {$ref: "#/components/schemas/Note"}}}}
        default: {description: no, content: {application/problem+json: {schema: {type: object, required: [title], properties: {title: {type: string}}}}}}
    get:
      parameters:
        - {name: limit, in: query, schema: {type: integer, maximum: 40}}
        - {name: kinds, in: query, schema: {type: array, items: {type: string, enum: [a, b]}}}
      responses:
        "200": {description: all, content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Note"}}}}}
  /notes/mine:
    get: {responses: {"204": {description: none}}}
  /notes/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string, pattern: "^[0-9]+$"}}]
      responses: {"200": {description: one, content: {application/json: {schema: {$ref: "#/components/schemas/Note"}}}}}
components:
  schemas:
    New:
      type: object
      required: [text]
      properties: {text: {type: string}, tags: {type: array, items: {type: string}}, count: {type: integer}, place: {type: object, properties: {name: {type: string}}}}
    Note:
      allOf:
        - {type: object, required: [id], properties: {id: {type: string}}}
        - oneOf:
          - {type: object, required: [text], properties: {text: {type: string}}}
          - {type: object, required: [film], properties: {film: {type: string}}}
`

func loadTown(t *testing.T, o OpenAPIOptions) *OpenAPI {
	t.Helper()
	file := filepath.Join(t.TempDir(), "town.yaml")
	if err := os.WriteFile(file, []byte(town), 0o600); err != nil {
		t.Fatal(err)
	}
	return LoadOpenAPI(t, file, o)
}

func TestOpenAPIJudges(t *testing.T) {
	t.Parallel()
	jsonOf := func(h http.Header) http.Header { h.Set("Content-Type", "application/json"); return h }
	note := func(body, answer string) Exchange {
		return Exchange{Method: "POST", Path: "/api/notes", Header: jsonOf(http.Header{"Idempotency-Key": {"abc"}}), Body: []byte(body), Status: 201, AnswerHeader: jsonOf(http.Header{}), Answer: []byte(answer)}
	}
	with := func(e Exchange, change func(*Exchange)) Exchange { change(&e); return e }
	list := func(query, answer string) Exchange {
		q, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		return Exchange{Method: "GET", Path: "/api/notes", Query: q, Header: http.Header{}, Status: 200, AnswerHeader: jsonOf(http.Header{}), Answer: []byte(answer)}
	}
	fits := note(`{"text":"a"}`, `{"id":"1","text":"a"}`)
	for name, row := range map[string]struct {
		e     Exchange
		wrong string // "" fits
	}{
		"a call as documented":                    {fits, ""},
		"the other alternative of an answer":      {note(`{"text":"a"}`, `{"id":"1","film":"f"}`), ""},
		"a required field is missing":             {note(`{"count":1}`, `{"id":"1","text":"a"}`), `property "text" is missing`},
		"a request field nobody documented":       {note(`{"text":"a","mood":"x"}`, `{"id":"1","text":"a"}`), "no field .mood"},
		"a nested request field nobody documents": {note(`{"text":"a","place":{"nam":"x"}}`, `{"id":"1","text":"a"}`), "no field .place.nam"},
		"a request field of the wrong type":       {note(`{"text":"a","count":"1"}`, `{"id":"1","text":"a"}`), "/count"},
		"an answer field nobody documented":       {note(`{"text":"a"}`, `{"id":"1","text":"a","likes":3}`), "no field .likes"},
		"a field of the other alternative":        {note(`{"text":"a"}`, `{"id":"1","text":"a","film":3}`), "no field .film"},
		"an answer without its id":                {note(`{"text":"a"}`, `{"text":"a"}`), `"id" is missing`},
		"a status that carries another body":      {with(fits, func(e *Exchange) { e.Status = 403 }), "application/problem+json"},
		"a status that is not documented":         {with(list("", `[]`), func(e *Exchange) { e.Status = 202 }), "202 is not documented"},
		"an empty answer where one is due":        {with(fits, func(e *Exchange) { e.Answer = nil }), "empty"},
		"an answer that is no JSON":               {with(fits, func(e *Exchange) { e.Answer = []byte("<") }), "not JSON"},
		"a required header is missing":            {with(fits, func(e *Exchange) { e.Header = jsonOf(http.Header{}) }), "header Idempotency-Key"},
		"a header that is too short":              {with(fits, func(e *Exchange) { e.Header = jsonOf(http.Header{"Idempotency-Key": {"a"}}) }), "header Idempotency-Key"},
		"no body where one is required":           {with(fits, func(e *Exchange) { e.Body = nil }), "required and missing"},
		"a form where JSON is documented": {with(fits, func(e *Exchange) {
			e.Header = http.Header{"Idempotency-Key": {"abc"}, "Content-Type": {formType}}
		}), "content type"},
		"a query as documented":               {list("limit=5&kinds=a&kinds=b", `[{"id":"1","text":"a"}]`), ""},
		"a query value too large":             {list("limit=50", `[]`), "query limit"},
		"a query value that is no number":     {list("limit=x", `[]`), "query limit"},
		"a query value outside the list":      {list("kinds=c", `[]`), "query kinds"},
		"a query parameter nobody documented": {list("sort=up", `[]`), "query sort"},
		"a path value of another form":        {Exchange{Method: "GET", Path: "/api/notes/x7", Header: http.Header{}, Status: 200, AnswerHeader: jsonOf(http.Header{}), Answer: []byte(`{"id":"1","text":"a"}`)}, "path id"},
		"the literal path wins":               {Exchange{Method: "GET", Path: "/api/notes/mine", Header: http.Header{}, Status: 204}, ""},
		"a broken gateway promises nothing":   {with(fits, func(e *Exchange) { e.Status, e.Answer = 502, []byte("<html>") }), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, covered, err := loadTown(t, OpenAPIOptions{}).Judge(row.e)
			switch {
			case !covered:
				t.Error("not covered")
			case row.wrong == "" && err != nil:
				t.Error(err)
			case row.wrong != "" && (err == nil || !strings.Contains(err.Error(), row.wrong)):
				t.Errorf("said %v, wanted %q", err, row.wrong)
			}
		})
	}
}

func TestOpenAPIOptions(t *testing.T) {
	t.Parallel()
	form := Exchange{
		Method: "POST", Path: "/api/notes", Header: http.Header{"Idempotency-Key": {"abc"}, "Content-Type": {formType}},
		Body: []byte("text=a&tags[]=x&tags[]=y&count=3&place[name]=p"), Status: 201, AnswerHeader: http.Header{"Content-Type": {"application/json"}}, Answer: []byte(`{"id":"1","text":"a","mood":null,"likes":1}`),
	}
	extra := map[string]map[string]string{"POST /notes": {"likes": "seen in the wild"}}
	if _, _, err := loadTown(t, OpenAPIOptions{FormAsJSON: true, Brackets: true, NullIsAbsent: true, Extra: extra}).Judge(form); err != nil {
		t.Error(err)
	}
	_, _, err := loadTown(t, OpenAPIOptions{FormAsJSON: true}).Judge(form)
	for _, wrong := range []string{".tags[]", ".place[name]", ".mood", ".likes"} {
		if err == nil || !strings.Contains(err.Error(), wrong) {
			t.Errorf("%v does not complain of %s", err, wrong)
		}
	}
	if kind, covered, err := loadTown(t, OpenAPIOptions{}).Judge(Exchange{Method: "PUT", Path: "/api/notes/12345"}); covered || err != nil || kind != "PUT /api/notes/{}" {
		t.Error("an unknown call is ", kind, covered, err)
	}
	old := loadTown(t, OpenAPIOptions{Mend: func(doc *openapi3.T) { delete(doc.Components.Schemas["New"].Value.Properties, "count") }})
	now := loadTown(t, OpenAPIOptions{})
	counted := form
	counted.Header = http.Header{"Idempotency-Key": {"abc"}, "Content-Type": {"application/json"}}
	counted.Body, counted.Answer = []byte(`{"text":"a","count":1}`), []byte(`{"id":"1","text":"a"}`)
	if _, _, err := old.Judge(counted); err == nil {
		t.Error("the mended document still knows count")
	}
	if _, _, err := AnyOf(old, now).Judge(counted); err != nil {
		t.Error("either version: ", err)
	}
}

// The documents that are held against: each is read whole.
func TestOpenAPIDocumentsAreRead(t *testing.T) {
	t.Parallel()
	for file, call := range map[string]string{
		"x/x-openapi-2.165-2026-06-03.json":          "POST /2/tweets",
		"x/x-openapi-2.167-2026-08-22.json":          "POST /2/tweets",
		"mastodon-openapi/schema.json":               "POST /api/v1/statuses",
		"whatsapp/business-messaging-api_v23.0.yaml": "POST /{Version}/{Phone-Number-ID}/messages",
	} {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			if a := LoadOpenAPI(t, Path(t, strings.Split(file, "/")...), OpenAPIOptions{}); !slices.Contains(a.Operations(), call) {
				t.Errorf("%s is not among %v", call, a.Operations())
			}
		})
	}
}
