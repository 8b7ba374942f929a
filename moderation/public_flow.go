package moderation

import "math"

// Told is how a count is told. A small one is never told, and one that would give a
// small one away by subtraction is covered, too.
type Told uint8

const (
	Exact   Told = iota
	Small        // "<5"
	Covered      // ">=5": at least five, told no closer to protect a small one
)

// SmallestTold is the least number that is told. Below it, whoever knows one of
// the few could learn about the others (the threshold rule of statistical
// offices: Hundepool et al., Statistical Disclosure Control, 2012, §4.2).
const SmallestTold = 5

// unbounded is more than any count.
const unbounded = math.MaxInt64 / 4

// arc is one published sum as a flow between two nodes: what goes in at a node
// goes out again, which is all that anybody can subtract.
type arc struct {
	from, to int
	n        int64
	lo, hi   int64 // what a reader knows of it before subtracting
	told     Told
	price    int  // of covering it; 0: never published, so never covered
	guarded  bool // small, or nothing under a small sum: must stay unknown
}

func (a arc) up() int64   { return a.hi - a.n }
func (a arc) down() int64 { return a.n - a.lo }

// network is a table with all its margins, as a circulation. In such a network
// the bounds found below are met by whole numbers, so they are exactly what
// the best attacker could compute.
type network struct {
	nodes int
	arcs  []arc
}

// add puts in a sum that is told as it is, unless it is small. Under a small sum
// nothing is told, not even that there is nothing: four times one below "<5"
// would be four times told.
func (g *network) add(from, to int, n int64, price int, underSmall bool) int {
	a := arc{from: from, to: to, n: n, lo: n, hi: n, price: price}
	switch {
	case price == 0:
		a.lo, a.hi = min(n, 1), unbounded
	case underSmall:
		a.lo, a.hi, a.told, a.guarded = 0, SmallestTold-1, Small, true
	case n > 0 && n < SmallestTold:
		a.lo, a.hi, a.told, a.guarded = 1, SmallestTold-1, Small, true
	}
	g.arcs = append(g.arcs, a)
	return len(g.arcs) - 1
}

func isSmall(n int64) bool { return n > 0 && n < SmallestTold }

// leeway is how many values beside the true one a guarded number must be able
// to have, as far as the table has room for them.
const leeway = 2

// protect covers as few and as cheap sums as it finds until no guarded one can
// be told from what stands around it.
func (g *network) protect() {
	for i, a := range g.arcs {
		if !a.guarded {
			continue
		}
		down, _ := g.reach(i, a.from, a.to, min(a.down(), leeway))
		g.widen(i, a.to, a.from, min(a.up(), leeway-down))
		up, _ := g.reach(i, a.to, a.from, min(a.up(), leeway))
		g.widen(i, a.from, a.to, min(a.down(), leeway-up))
	}
}

// widen opens paths from one end of an arc to the other until want units can
// flow there, or no sum is left that would help.
func (g *network) widen(skip, from, to int, want int64) {
	for want > 0 {
		got, moved := g.reach(skip, from, to, want)
		path := []int(nil)
		if got < want {
			path = g.cheapest(skip, from, to, moved)
		}
		if path == nil {
			return
		}
		for _, i := range path {
			if a := &g.arcs[i]; a.told == Exact && a.price > 0 {
				a.told, a.lo, a.hi = Covered, SmallestTold, unbounded
			}
		}
	}
}

// hop is an arc used in its own direction, or against it.
type hop struct {
	arc     int
	forward bool
}

// reach is how many units, up to want, can flow from one node to another
// through what a reader does not know (Ford and Fulkerson, on the residual of
// the true flow).
func (g *network) reach(skip, from, to int, want int64) (sum int64, moved []int64) {
	moved = make([]int64, len(g.arcs))
	for sum < want {
		came := make([]hop, g.nodes)
		seen := make([]bool, g.nodes)
		seen[from] = true
		for queue := []int{from}; len(queue) > 0 && !seen[to]; queue = queue[1:] {
			for i, a := range g.arcs {
				switch {
				case i == skip:
				case a.from == queue[0] && !seen[a.to] && a.up()-moved[i] > 0:
					seen[a.to], came[a.to] = true, hop{i, true}
					queue = append(queue, a.to)
				case a.to == queue[0] && !seen[a.from] && a.down()+moved[i] > 0:
					seen[a.from], came[a.from] = true, hop{i, false}
					queue = append(queue, a.from)
				}
			}
		}
		if !seen[to] {
			return sum, moved
		}
		push := want - sum
		for at := to; at != from; {
			a, s := g.arcs[came[at].arc], came[at]
			if s.forward {
				push, at = min(push, a.up()-moved[s.arc]), a.from
			} else {
				push, at = min(push, a.down()+moved[s.arc]), a.to
			}
		}
		for at := to; at != from; {
			s := came[at]
			if s.forward {
				moved[s.arc] += push
				at = g.arcs[s.arc].from
			} else {
				moved[s.arc] -= push
				at = g.arcs[s.arc].to
			}
		}
		sum += push
	}
	return sum, moved
}

// cheapest is the path between two nodes that covers the cheapest sums, when
// what is unknown already is used up; nil when there is none.
func (g *network) cheapest(skip, from, to int, moved []int64) (path []int) {
	const far = math.MaxInt
	cost, came := make([]int, g.nodes), make([]hop, g.nodes)
	for i := range cost {
		cost[i] = far
	}
	cost[from] = 0
	try := func(i, u, v, price int, forward bool) bool {
		if cost[u] == far || cost[u]+price >= cost[v] {
			return false
		}
		cost[v], came[v] = cost[u]+price, hop{i, forward}
		return true
	}
	for better := true; better; { // Bellman and Ford; no price is below zero
		better = false
		for i, a := range g.arcs {
			if i == skip {
				continue
			}
			open := a.told == Exact && a.price > 0 && a.n >= SmallestTold
			switch {
			case a.up()-moved[i] > 0:
				better = try(i, a.from, a.to, 0, true) || better
			case open:
				better = try(i, a.from, a.to, a.price, true) || better
			}
			switch {
			case a.down()+moved[i] > 0:
				better = try(i, a.to, a.from, 0, false) || better
			case open && a.n > SmallestTold:
				better = try(i, a.to, a.from, a.price, false) || better
			}
		}
	}
	if cost[to] == far || cost[to] == 0 {
		return nil
	}
	for at := to; at != from; {
		path = append(path, came[at].arc)
		if s := came[at]; s.forward {
			at = g.arcs[s.arc].from
		} else {
			at = g.arcs[s.arc].to
		}
	}
	return path
}
