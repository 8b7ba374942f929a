package youtube

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

func TestWhatAnErrorMeans(t *testing.T) {
	t.Parallel()
	google := func(reason string) string {
		return fmt.Sprintf(`{"error":{"code":0,"message":"m","errors":[{"reason":%q,"domain":"youtube"}]}}`, reason)
	}
	for name, c := range map[string]struct {
		status  int
		body    string
		outcome platform.Outcome
		code    string
	}{
		"the day's quota is used up":             {403, google("quotaExceeded"), platform.Throttled, ""},
		"too many a minute":                      {429, google("rateLimitExceeded"), platform.Throttled, ""},
		"the channel uploaded too much":          {400, google("uploadLimitExceeded"), platform.Throttled, ""},
		"the title is not taken":                 {400, google("invalidTitle"), platform.Refused, "platform.invalid"},
		"comments are off":                       {403, google("commentsDisabled"), platform.Refused, "platform.youtube.comments_off"},
		"no channel behind the account":          {401, google("youtubeSignupRequired"), platform.Refused, "platform.youtube.no_channel"},
		"the token is dead":                      {401, google("authError"), platform.Refused, "platform.auth_lost"},
		"a permission is missing":                {403, google("insufficientPermissions"), platform.Refused, "platform.consent.missing_permission"},
		"the channel is suspended":               {403, google("channelSuspended"), platform.Refused, "platform.account_blocked"},
		"YouTube could not process it":           {400, google("processingFailure"), platform.Unknown, ""},
		"503 with an empty object":               {503, `{}`, platform.Unknown, ""},
		"403 in another dialect":                 {403, `{"title":"Forbidden","status":403}`, platform.Unknown, ""},
		"a gateway's 404":                        {404, `<html>`, platform.Unknown, ""},
		"400 of somebody in between":             {400, ``, platform.Unknown, ""},
		"an error that nobody has described yet": {418, google("teapot"), platform.Unknown, ""},
	} {
		err := refused(safehttp.Answer{Status: c.status, Header: http.Header{}, Body: []byte(c.body)}, platform.Account{}, time.Now())
		got := platform.Classify(platform.Receipt{}, err)
		code := ""
		if r := platform.AsRefusal(err); r != nil {
			code = r.Code
		}
		if got != c.outcome || code != c.code {
			t.Errorf("%s: %s %s", name, got, code)
		}
	}
}

// One odd comment does not hold up the others.
func TestOddComment(t *testing.T) {
	t.Parallel()
	var list threadList
	err := wire.Decode([]byte(`{"items":[{"snippet":{"topLevelComment":{"id":"Ug1","snippet":{"publishedAt":"kemarin","updatedAt":null,"textDisplay":"a"}}}},
		{"snippet":{"topLevelComment":{"id":"Ug2","snippet":{"publishedAt":"2026-01-02T03:04:05.123Z","textDisplay":"b"}}}}]}`), &list)
	if err != nil || len(list.Items) != 2 || list.Items[1].Snippet.Top.Snippet.PublishedAt.IsZero() {
		t.Errorf("%+v %v", list, err)
	}
}
