package bluesky

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
)

// SetHidden implements platform.Hider: the reply's address goes into the
// thread's gate, a record of ours under the root's key. The gate holds more
// than that (who may answer), so it is read, changed and written back only if
// nobody changed it meanwhile.
func (c *Connector) SetHidden(ctx context.Context, a platform.Account, remoteID string, hidden bool) error {
	gate, err := c.gateOf(ctx, a, remoteID)
	if err != nil {
		return err
	}
	for range 5 {
		err = c.setGate(ctx, a, gate, remoteID, hidden)
		if !errors.Is(err, errSwap) {
			return err
		}
	}
	return err
}

// gateOf is where the gate of a reply's thread belongs; only threads that we
// began have one of ours.
func (c *Connector) gateOf(ctx context.Context, a platform.Account, remoteID string) (address, error) {
	no := &platform.Refusal{Code: "platform.hide_unsupported", Fix: platform.FixNobody}
	at, ok := parseAddress(remoteID)
	if !ok || at.collection != posts {
		return address{}, no
	}
	var p struct{ Value post }
	if err := c.record(ctx, a, at, &p); err != nil {
		return address{}, err
	}
	root, ok := parseAddress(p.Value.reply().Root.URI)
	if !ok || root.did != a.RemoteID || root.collection != posts {
		no.Said = "the thread is not ours"
		return address{}, no
	}
	return address{a.RemoteID, gates, root.rkey}, nil
}

func (c *Connector) setGate(ctx context.Context, a platform.Account, gate address, remoteID string, hidden bool) error {
	var g found
	err := c.record(ctx, a, gate, &g)
	if err != nil && !gone(err) {
		return err
	}
	var was any // null: there must be none yet
	if err == nil {
		if was = g.CID; g.CID == "" || g.Value == nil {
			// Writing over a gate that we could not read would lose its rules.
			return &platform.Unclear{Status: http.StatusOK, Said: "a record without a version"}
		}
	}
	if g.Value == nil {
		if !hidden {
			return nil
		}
		g.Value = map[string]any{"$type": gates, "post": address{a.RemoteID, posts, gate.rkey}.String(), "createdAt": datetime(time.Now())}
	}
	list, _ := g.Value["hiddenReplies"].([]any)
	if slices.Contains(list, any(remoteID)) == hidden {
		return nil
	}
	if hidden {
		if len(list) >= maxHidden {
			return &platform.Refusal{Code: "platform.hide_unsupported", Said: "300 replies of this thread are hidden already", Fix: platform.FixNobody}
		}
		list = append(list, remoteID)
	} else {
		list = slices.DeleteFunc(list, func(x any) bool { return x == remoteID })
	}
	g.Value["hiddenReplies"] = list
	req, err := wire.JSON(ctx, http.MethodPost, wire.Path(a.BaseURL, "xrpc", "com.atproto.repo.putRecord"), map[string]any{
		"repo": a.RemoteID, "collection": gates, "rkey": gate.rkey, "record": g.Value, "swapRecord": was,
	})
	if err != nil {
		return err
	}
	var made ref
	answer, err := c.call(ctx, a, req, &made)
	if err == nil && made.URI == "" {
		return &platform.Unclear{Status: answer.Status, Said: "no address"}
	}
	return err
}

// SetBlocked implements platform.Blocker: a block is a record of ours that
// names the person.
func (c *Connector) SetBlocked(ctx context.Context, a platform.Account, authorID, _ string, blocked bool) error {
	there, err := c.blocksOf(ctx, a, authorID)
	if err != nil {
		return err
	}
	if blocked {
		if len(there) > 0 {
			return nil
		}
		var made ref
		err := c.post(ctx, a, "com.atproto.repo.createRecord", map[string]any{
			"repo": a.RemoteID, "collection": blocks,
			"record": map[string]any{"$type": blocks, "subject": authorID, "createdAt": datetime(time.Now())},
		}, &made)
		if err == nil && made.URI == "" {
			return &platform.Unclear{Status: http.StatusOK, Said: "no address"}
		}
		return err
	}
	for _, at := range there {
		err := c.post(ctx, a, "com.atproto.repo.deleteRecord", map[string]any{"repo": at.did, "collection": at.collection, "rkey": at.rkey}, nil)
		if err != nil {
			return err
		}
	}
	return nil
}

// blocksOf are our block records that name somebody: our own server has them
// all, and a person's app may have made one before us.
func (c *Connector) blocksOf(ctx context.Context, a platform.Account, authorID string) ([]address, error) {
	var all []address
	cursor := ""
	for range 10 * maxPages {
		list, next, err := c.records(ctx, a, blocks, cursor)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			var b struct {
				Subject string `json:"subject"`
			}
			at, ok := parseAddress(r.URI)
			if ok && json.Unmarshal(r.Value, &b) == nil && b.Subject == authorID {
				all = append(all, at)
			}
		}
		if next == "" {
			return all, nil
		}
		cursor = next
	}
	return nil, &platform.Unclear{Said: "too many blocks to look through"}
}
