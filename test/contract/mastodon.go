package contract

import (
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// Mastodon is the community's OpenAPI of Mastodon 4.7, made from the project's
// own documentation.
func Mastodon(t testing.TB) Specification {
	t.Helper()
	return mastodon{LoadOpenAPI(t, Path(t, "mastodon-openapi", "schema.json"), OpenAPIOptions{
		FormAsJSON: true, // Rails reads either
		Brackets:   true,
		Mend:       mendMastodon,
		Extra: map[string]map[string]string{
			"GET /api/v2/instance": {"vapid": "configuration.vapid.public_key since 4.3 (docs: V2 Instance)"},
		},
	})}
}

type mastodon struct{ *OpenAPI }

// Judge implements Specification. A problem+json is not Mastodon's: it is what
// the sandbox answers when it plays a gateway in between.
func (m mastodon) Judge(e Exchange) (string, bool, error) {
	if strings.HasPrefix(e.AnswerHeader.Get("Content-Type"), "application/problem+json") {
		return e.Method + " by a gateway", true, nil
	}
	return m.OpenAPI.Judge(e)
}

// mendMastodon corrects two things: a status may have text and files at once,
// where the document's alternatives exclude each other; and every call answers
// 403 to a token whose scopes do not reach (docs: OAuth scopes).
func mendMastodon(doc *openapi3.T) {
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			if op.Responses.Value("403") == nil && op.Responses.Value("401") != nil {
				op.Responses.Set("403", op.Responses.Value("401"))
			}
			if path != "/api/v1/statuses" || method != http.MethodPost {
				continue
			}
			for _, kind := range op.RequestBody.Value.Content {
				schema := kind.Schema.Value
				schema.AnyOf, schema.OneOf = schema.OneOf, nil
			}
		}
	}
}
