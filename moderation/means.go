package moderation

import (
	"context"

	"kentongan/internal/channel"
	"kentongan/internal/fault"
	"kentongan/internal/platform"
)

// object is what an act is done to: a message, and who wrote it.
type object struct{ remoteID, authorID string }

// means is how an act is carried out on a channel: by a call, or by a person
// in the platform's own pages (call is nil).
type means struct {
	call func(context.Context, platform.Account, object) error
	page func(platform.Account, object) string
}

// means finds the platform's way to an act, or a fault that names the way out.
func (m *Moderation) means(ch channel.Channel, act Act) (means, error) {
	connector, err := m.Channels.Connector(ch.Platform)
	if err != nil {
		return means{}, err
	}
	account := platform.Account{Platform: ch.Platform, BaseURL: ch.BaseURL, Mode: ch.Mode, RemoteID: ch.RemoteID, Also: ch.Also, Handle: ch.Handle}
	can := connector.Capabilities(account)
	switch act {
	case Hide, Restore:
		if h, ok := connector.(platform.Hider); ok && can.Hide {
			return means{call: func(ctx context.Context, a platform.Account, o object) error {
				return h.SetHidden(ctx, a, o.remoteID, act == Hide)
			}}, nil
		}
		if g, ok := connector.(platform.Guide); ok && g.ByHand(account, "hide", "1", "") != "" {
			return means{page: func(a platform.Account, o object) string { return g.ByHand(a, "hide", o.remoteID, "") }}, nil
		}
		if can.Remove && act == Hide {
			return means{}, cannot("decision.platform_removes_only", ch)
		}
		return means{}, cannot("decision.platform_cannot_hide", ch)
	case Remove:
		r, ok := connector.(platform.Remover)
		switch {
		case !ok || !can.Remove:
			return means{}, cannot("decision.platform_cannot_remove", ch)
		case can.Hide:
			// What can be hidden and shown again is not destroyed.
			return means{}, cannot("decision.platform_hides", ch)
		}
		return means{call: func(ctx context.Context, a platform.Account, o object) error { return r.Remove(ctx, a, o.remoteID) }}, nil
	case Block, Unblock:
		if b, ok := connector.(platform.Blocker); ok && can.Block {
			return means{call: func(ctx context.Context, a platform.Account, o object) error {
				return b.SetBlocked(ctx, a, o.authorID, o.remoteID, act == Block)
			}}, nil
		}
		return means{}, cannot("decision.platform_cannot_block", ch)
	}
	return means{}, cannot("decision.unknown_act", ch)
}

func cannot(code string, ch channel.Channel) error {
	return fault.New(fault.Invalid, code, fault.Field("act"), fault.Arg("platform", string(ch.Platform)))
}

// Able says whether an act can be done on a channel, and whether by hand only.
func (m *Moderation) Able(ch channel.Channel, act Act) (able, byHand bool) {
	how, err := m.means(ch, act)
	return err == nil, err == nil && how.call == nil
}
