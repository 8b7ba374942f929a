package sandbox

import (
	"slices"
	"strconv"
)

// X gives an edited post a new id; the first stays in its history.

func xNumber(n int64) string { return strconv.FormatInt(n&(1<<62-1), 10) }

// xLatest is the id under which a post is known now.
func xLatest(p *Post) string {
	first, err := strconv.ParseInt(p.ID, 10, 64)
	if p.EditedAt.IsZero() || err != nil {
		return p.ID
	}
	return strconv.FormatInt(max((p.EditedAt.UnixMilli()-xEpochMS)<<xShift, first+1), 10)
}

func xHistory(p *Post) []string {
	return slices.Compact([]string{p.ID, xLatest(p)})
}

// xFind is a readable post by any of its ids.
func (s *Sandbox) xFind(id string) *Post {
	if p := s.world.visible(X, id); p != nil {
		return p
	}
	for _, p := range s.world.order {
		if p.Platform == X && !p.Deleted && !p.EditedAt.IsZero() && xLatest(p) == id {
			return p
		}
	}
	return nil
}
