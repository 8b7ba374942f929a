package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// WhatsApp reads Meta's own specification of the Business Platform (facebook/openapi,
// OpenAPI 3.1), corrected where it would refuse what Meta itself documents.
func WhatsApp(t testing.TB, file string) Specification {
	t.Helper()
	return whatsApp{LoadOpenAPI(t, file, OpenAPIOptions{Mend: mendWhatsApp, Extra: map[string]map[string]string{"*": {
		"appsecret_proof": "Graph's proof that the app's server calls, on every call (Graph API: Securing Requests)",
		"input_token":     "Graph's /debug_token",
		"limit":           "Graph's paging", "after": "Graph's paging",
		"whatsapp_business_manager_messaging_limit": "field of the number since the limits belong to the portfolio (messaging limits, 2025)",
		"throughput":                 "field of the number (Cloud API: throughput)",
		"platform_type":              "field of the number (Cloud API: phone numbers)",
		"messaging_limit_tier":       "the older field of the number",
		"error_data":                 "WhatsApp's own details of an error (error codes)",
		"caption":                    "words below a file, in the document's own examples",
		"override_callback_uri":      "in the document's own examples of subscribed_apps",
		"whatsapp_business_api_data": "in the document's own examples of subscribed_apps",
		"user_id":                    "the business-scoped user id, newer than the specification (usernames, 2026)",
	}}})}
}

// whatsApp tells apart what only an id tells apart.
type whatsApp struct{ *OpenAPI }

// Judge implements Specification.
func (w whatsApp) Judge(e Exchange) (string, bool, error) {
	between := !strings.HasPrefix(e.AnswerHeader.Get("Content-Type"), "application/json") || bytes.Equal(e.Answer, []byte("{}")) ||
		e.Status == http.StatusForbidden && bytes.Contains(e.Answer, []byte(`"title"`))
	switch {
	case between:
		return "an answer of somebody in between", false, nil
	case strings.HasSuffix(e.Path, "/debug_token"):
		return e.Method + " /debug_token", false, nil
	}
	return w.OpenAPI.Judge(e)
}

// whatsAppCalls are the paths that we use; the others have the same form, and
// only the kind of an id tells them apart.
func whatsAppCalls() []string {
	return []string{
		"/{Version}/{Phone-Number-ID}", "/{Version}/{Phone-Number-ID}/messages", "/{Version}/{Phone-Number-ID}/media",
		"/{Version}/{Phone-Number-ID}/block_users", "/{Version}/{Phone-Number-ID}/message_history",
		"/{Version}/{WABA-ID}/message_templates", "/{Version}/{WABA-ID}/subscribed_apps", "/{Version}/{WABA-ID}/phone_numbers",
	}
}

func mendWhatsApp(doc *openapi3.T) {
	for path := range doc.Paths.Map() {
		if !slices.Contains(whatsAppCalls(), path) {
			doc.Paths.Delete(path)
		}
	}
	// Half of the calls document only success; Graph's error is the same everywhere.
	refused := doc.Paths.Value("/{Version}/{Phone-Number-ID}").Get.Responses.Value("400")
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			for _, status := range []string{"400", "401", "403", "404", "429"} {
				if op.Responses.Value(status) == nil {
					op.Responses.Set(status, refused)
				}
			}
		}
	}
	// Every client has its own User-Agent.
	doc.Components.Parameters["UserAgent"].Value.Schema.Value.Pattern = ""
	base := doc.Components.Schemas["BaseMessageProperties"].Value
	for name, why := range map[string]string{
		"recipient":                "the business-scoped user id instead of to (usernames, 2026)",
		"biz_opaque_callback_data": "given back in statuses (Cloud API: messages)",
	} {
		base.Properties[name] = &openapi3.SchemaRef{Value: &openapi3.Schema{Type: &openapi3.Types{"string"}, Description: why}}
	}
	// Without to there is recipient.
	base.Required = slices.DeleteFunc(slices.Clone(base.Required), func(s string) bool { return s == "to" })
	// A status names a person without a number by the user id.
	statuses := doc.Components.Schemas["Statuses"].Value
	statuses.Required = slices.DeleteFunc(slices.Clone(statuses.Required), func(s string) bool { return s == "recipient_id" })
	for name, schema := range doc.Components.Schemas {
		// allOf(common fields, {additionalProperties: false}) refuses the common
		// fields of every correct message.
		if !strings.HasSuffix(name, "Message") {
			continue
		}
		for _, part := range schema.Value.AllOf {
			if part.Ref == "" {
				part.Value.AdditionalProperties = openapi3.AdditionalProperties{}
			}
		}
	}
}

// WhatsAppPush holds what a webhook tells of our own messages against the
// specification. What citizens write cannot be: the document describes it with
// the schemas of what is sent.
func WhatsAppPush(s Specification, raw []byte) error {
	var push struct {
		Object string
		Entry  []struct {
			ID      string
			Changes []struct {
				Field string
				Value struct {
					Product  string `json:"messaging_product"`
					Metadata struct {
						Display string `json:"display_phone_number"`
						ID      string `json:"phone_number_id"`
					}
					Statuses []any
					Messages []map[string]any
				}
			}
		}
	}
	if err := json.Unmarshal(raw, &push); err != nil {
		return err
	}
	status := s.(whatsApp).doc.Components.Schemas["Statuses"].Value
	for _, e := range push.Entry {
		for _, c := range e.Changes {
			v := c.Value
			if push.Object != "whatsapp_business_account" || e.ID == "" || c.Field != "messages" || v.Product != "whatsapp" || v.Metadata.Display == "" || v.Metadata.ID == "" {
				return fmt.Errorf("the envelope: %s", raw)
			}
			for _, one := range v.Statuses {
				if err := status.VisitJSON(one, openapi3.MultiErrors()); err != nil {
					return err
				}
			}
			for _, m := range v.Messages {
				for _, name := range []string{"id", "timestamp", "type"} {
					if text, ok := m[name].(string); !ok || text == "" {
						return fmt.Errorf("a message without %s", name)
					}
				}
				if kind := m["type"].(string); m[kind] == nil {
					return fmt.Errorf("a message of type %s without one", kind)
				}
			}
		}
	}
	return nil
}
