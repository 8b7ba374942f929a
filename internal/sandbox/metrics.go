package sandbox

import (
	"hash/fnv"
	"math"
	"time"
)

// counts are a post's engagement at one moment.
type counts struct{ views, likes, shares int64 }

// metrics grow from views on a curve that is the same every time it is asked:
// fast in the first hours, flat after two days. With silent citizens only what
// was put there by hand counts.
func (s *Sandbox) metrics(p *Post, now time.Time) counts {
	c := counts{views: p.Views, likes: p.Likes, shares: p.Shares}
	if !s.opt.Citizens || p.Kind == kindDirect {
		return c
	}
	h := fnv.New64a()
	h.Write([]byte(p.Platform + p.ID))
	dice := h.Sum64()
	reach := 400 + float64(dice%2600)
	if !p.Ours {
		reach = 5 + float64(dice%40)
	}
	age := max(now.Sub(p.At).Hours(), 0)
	grown := int64(reach * (1 - math.Exp(-age/9)))
	c.views += grown
	c.likes += grown * int64(15+dice>>20%40) / 1000
	c.shares += grown * int64(2+dice>>30%9) / 1000
	return c
}
