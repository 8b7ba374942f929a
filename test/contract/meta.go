package contract

import (
	"strings"
	"testing"
)

// Facebook is the specification of Pages. An id is a Page's (15 digits), a
// post's (PAGE_POST), a comment's (POST_COMMENT), a conversation's (t_…) or a
// film's.
func Facebook(t testing.TB) *Graph {
	t.Helper()
	return LoadGraph(t, Path(t, "facebook"), GraphOptions{
		Nodes: func(id, edge string, c GraphCall) []string {
			before, _, joined := strings.Cut(id, "_")
			switch {
			case id == "me" && (edge == "accounts" || edge == "permissions"):
				return []string{"User"}
			case id == "me" || len(id) == 15 && !joined:
				return []string{"Page"}
			case id == "debug_token" || id == "oauth" || strings.Contains(id, ":") || edge == "uploads" || id == "dialog":
				return nil
			case before == "t":
				return []string{"UnifiedThread"}
			case before == "m":
				return nil
			case joined && len(before) == 15:
				return []string{"PagePost"}
			case joined:
				return []string{"Comment"}
			}
			return []string{"AdVideo"}
		},
		Extra: map[string]string{
			"POST Page/photos source":     "the specification leaves out the file itself; Photos reference: source, multipart/form-data",
			"Page/photos post_id":         "Photos reference: return type {id, post_id}",
			"Page/messages recipient_id":  "Send API reference: the answer to a message",
			"Page/messages message_id":    "Send API reference: the answer to a message",
			"POST PagePost/ is_hidden":    "described for comments under the same path",
			"UnifiedThread participants ": "an edge of people",
		},
	})
}

// Instagram is the specification of Instagram's accounts, through either login.
func Instagram(t testing.TB) *Graph {
	t.Helper()
	return LoadGraph(t, Path(t, "facebook"), GraphOptions{
		Nodes: func(id, edge string, c GraphCall) []string {
			fields, _ := c.Params["fields"].(string)
			_, hides := c.Params["hide"]
			switch {
			case id == "access_token":
				return []string{"IGAccessTokenForIGOnlyAPI"}
			case id == "refresh_access_token":
				return []string{"IGRefreshAccessTokenForIGOnlyAPI"}
			case id == "oauth" || id == "ig-api-upload" || strings.Contains(fields, "status_code"):
				return nil
			case id == "me" || strings.HasPrefix(id, "178414"):
				return []string{"IGUserForIGOnlyAPI", "IGUser"}
			case strings.HasPrefix(id, "t_"):
				return []string{"UnifiedThread"}
			case edge == "replies" || hides || strings.Contains(fields, "parent_id") && edge == "" || c.Method == "DELETE":
				return []string{"IGComment", "IGMedia"}
			}
			return []string{"IGMedia", "IGMediaForIGOnlyAPI"}
		},
		Same: map[string]string{"media_publish": "mediapublish"},
		Extra: map[string]string{
			"IGUserForIGOnlyAPI/messages recipient_id": "Send API reference: the answer to a message",
			"IGUserForIGOnlyAPI/messages message_id":   "Send API reference: the answer to a message",
		},
	})
}
