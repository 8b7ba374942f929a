package contract

import (
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// X is X's OpenAPI in both of its dialects: 2.165 (tweet.fields,
// referenced_tweets) and 2.167 (post.fields, referenced_posts). An exchange must
// fit the dialect that it is written in; one that shows no dialect, either.
func X(t testing.TB) Specification {
	t.Helper()
	return xDialects{
		old: LoadOpenAPI(t, Path(t, "x", "x-openapi-2.165-2026-06-03.json"), OpenAPIOptions{Mend: mendX, Extra: xExtra()}),
		new: LoadOpenAPI(t, Path(t, "x", "x-openapi-2.167-2026-08-22.json"), OpenAPIOptions{Mend: mendX, Extra: xExtra()}),
	}
}

type xDialects struct{ old, new Specification }

// Judge implements Specification.
func (d xDialects) Judge(e Exchange) (string, bool, error) {
	for name := range e.Query {
		switch name {
		case "tweet.fields":
			return d.named("tweet: ", d.old, e)
		case "post.fields":
			return d.named("post: ", d.new, e)
		}
	}
	return AnyOf(d.new, d.old).Judge(e)
}

func (d xDialects) named(dialect string, s Specification, e Exchange) (string, bool, error) {
	kind, covered, err := s.Judge(e)
	return dialect + kind, covered, err
}

// xExtra are fields that X sends and its documents lack.
func xExtra() map[string]map[string]string {
	return map[string]map[string]string{
		"*": {
			"reason": "client-forbidden says why: docs.x.com/x-api/fundamentals/response-codes-and-errors",
			"status": "every problem+json carries its status (RFC 9457)",
			// The old document knows impressions alone of a post's private metrics.
			"url_link_clicks":     "docs.x.com/x-api/fundamentals/metrics",
			"user_profile_clicks": "docs.x.com/x-api/fundamentals/metrics",
		},
	}
}

// mendX corrects what X's documents say of failures: a problem without a type of
// its own is about:blank (RFC 9457; seen on 401, 403 and 429), and v2's list of
// errors stands beside title and detail.
func mendX(doc *openapi3.T) {
	text := openapi3.NewSchemaRef("", openapi3.NewStringSchema())
	problem := openapi3.NewObjectSchema()
	problem.Properties = openapi3.Schemas{"title": text, "detail": text, "type": text, "status": openapi3.NewSchemaRef("", openapi3.NewIntegerSchema())}
	problem.Required = []string{"title", "type"}
	one := openapi3.NewObjectSchema()
	one.Properties = openapi3.Schemas{"message": text, "code": openapi3.NewSchemaRef("", openapi3.NewIntegerSchema()), "parameters": openapi3.NewSchemaRef("", openapi3.NewObjectSchema())}
	list := openapi3.NewObjectSchema()
	list.Properties = openapi3.Schemas{"errors": openapi3.NewSchemaRef("", openapi3.NewArraySchema().WithItems(one)), "title": text, "detail": text, "type": text}
	list.Required = []string{"errors"}
	failed := openapi3.Content{
		"application/problem+json": openapi3.NewMediaType().WithSchema(problem),
		"application/json":         openapi3.NewMediaType().WithSchema(openapi3.NewAnyOfSchema(list, problem)),
	}
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			if r := op.Responses.Default(); r != nil {
				r.Value.Content = failed
			}
		}
	}
	// A lookup that found nothing answers 200 with errors alone, and the lists
	// require a meta that lookups do not have.
	for name, ref := range doc.Components.Schemas {
		if strings.HasSuffix(name, "Response") && ref.Value != nil {
			ref.Value.Required = nil
		}
	}
}
