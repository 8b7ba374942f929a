package x

import (
	"testing"
	"time"

	"kentongan/internal/platform"
)

// One entry that cannot be read holds no feed up; a look for a post of ours
// fails at it, because it may be the one.
func TestAnEntryThatCannotBeReadIsPassedOverByTheFeedOnly(t *testing.T) {
	c, a := saying(t, 200, `{"data":[{"id":7,"text":[]},{"id":"1840000000000000000","text":"halo","author_id":"9"}],"meta":{"result_count":2}}`)
	page, err := c.Pull(t.Context(), a, feedMentions, "")
	if err != nil || len(page.Items) != 1 || page.Items[0].Text != "halo" {
		t.Fatalf("%+v, %v", page, err)
	}
	if f, err := c.Find(t.Context(), a, platform.Attempt{Out: platform.Outgoing{Text: "x"}, Started: time.Now()}); err == nil && f.Complete {
		t.Fatalf("%+v", f)
	}
}
