package x

import (
	"net/url"
	"strings"

	"kentongan/internal/platform"
)

// names is the set of field names that an account's API is asked in. X renamed
// them with OpenAPI 2.167 in August 2026 and still answers both; answers are
// read in either.
type names struct{ fields, expansions, direct string }

// The two sets. In the new one, who wrote and what is answered are expansions.
func namesOf(a platform.Account) names {
	if _, minor, ok := strings.Cut(a.Version, "."); ok && strings.HasPrefix(a.Version, "2.") && minor >= "167" {
		return names{
			fields: "post.fields created_at,conversation_id,entities,attachments", expansions: "author_id,in_reply_to_user_id,referenced_posts,edit_history_post_ids",
			direct: "attachments,created_at,dm_conversation_id,event_type,id,text",
		}
	}
	return names{
		fields: "tweet.fields created_at,author_id,conversation_id,in_reply_to_user_id,referenced_tweets,entities,attachments,edit_history_tweet_ids", expansions: "author_id",
		direct: "attachments,created_at,dm_conversation_id,event_type,id,sender_id,text",
	}
}

// posts asks for posts with what an item needs.
func (n names) posts(query url.Values) url.Values {
	name, list, _ := strings.Cut(n.fields, " ")
	query.Set(name, list)
	query.Set("expansions", n.expansions)
	query.Set("user.fields", "username")
	return query
}

// only asks for posts with these fields alone.
func (n names) only(fields string) url.Values {
	name, _, _ := strings.Cut(n.fields, " ")
	return url.Values{name: {fields}}
}

// Versions implements platform.Versioner: version 2 of the API, in the names
// that it began with, or in those of its description 2.167.
func (c *Connector) Versions() []platform.Version {
	return []platform.Version{{Name: "2"}, {Name: "2.167"}}
}
