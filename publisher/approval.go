package publisher

import (
	"strings"
	"time"

	"kentongan/internal/fault"
	"kentongan/internal/identity"
)

// PolicyVersion names the rules under which a signature was given; it is kept
// beside the signature.
const PolicyVersion = "two-persons.v1"

// MayDecide is the rule of two persons: who approves, returns or rejects a
// post holds the power and has written none of it.
func (p Post) MayDecide(by identity.Actor) error {
	switch {
	case !by.May(identity.Approve, p.Agency):
		return fault.New(fault.Denied, "post.approve.no_power")
	case p.Author == by.ID:
		return fault.New(fault.Denied, "post.approve.own_post")
	case p.WroteIt(by.ID):
		return fault.New(fault.Denied, "post.approve.own_edit")
	case p.State != PostReview:
		return fault.New(fault.Conflict, "post.approve.not_in_review", fault.Arg("state", string(p.State)))
	}
	return nil
}

// Approve is a second person's signature under what the page showed: the post
// as it goes on, and one signature for each channel.
func (p Post) Approve(by identity.Actor, seen Digest, now time.Time) (Post, []Approval, error) {
	if err := p.MayDecide(by); err != nil {
		return p, nil, err
	}
	page, err := p.frozen()
	if err != nil {
		return p, nil, err
	}
	if seen != page {
		return p, nil, fault.New(fault.Conflict, "post.approve.changed_since_seen")
	}
	due, ok := p.Window.instant(p.Due, now)
	if !ok {
		return p, nil, fault.New(fault.Conflict, "post.approve.too_late", fault.Arg("until", p.Window.NotAfter))
	}
	p.Due, p.UpdatedAt = due, now
	var all []Approval
	for _, v := range p.Variants {
		for _, digest := range v.digests() {
			all = append(all, Approval{
				Agency: p.Agency, Origin: OriginPost, OriginID: string(p.ID), Channel: v.Channel,
				Revision: p.Revision, Digest: digest, By: by.ID, Policy: PolicyVersion, At: now,
			})
		}
	}
	p, err = p.do(DeedApprove)
	return p, all, err
}

// digests are those of everything that the channel gets, in the order shown.
func (v Variant) digests() []Digest {
	all := []Digest{v.Digest}
	for _, b := range v.Below {
		all = append(all, b.Digest)
	}
	return all
}

// frozen is the digest of what was submitted, computed anew from what would
// really be sent: a row that was changed behind our back signs nothing.
func (p Post) frozen() (Digest, error) {
	var digests []Digest
	for _, v := range p.Variants {
		d := DigestOf(v.Channel, v.Payload, p.Window)
		if d != v.Digest {
			return "", fault.New(fault.Conflict, "post.approve.changed_since_seen")
		}
		for _, b := range v.Below {
			if DigestOf(v.Channel, b.Payload, p.Window) != b.Digest {
				return "", fault.New(fault.Conflict, "post.approve.changed_since_seen")
			}
		}
		digests = append(digests, v.digests()...)
	}
	page := DigestOfPage(digests)
	if len(digests) == 0 || page != p.Digest {
		return "", fault.New(fault.Conflict, "post.approve.changed_since_seen")
	}
	return page, nil
}

// Decline sends the post back (DeedReturn) or ends it (DeedReject). The author
// must learn why.
func (p Post) Decline(by identity.Actor, d Deed, reason string, now time.Time) (Post, error) {
	if err := p.MayDecide(by); err != nil {
		return p, err
	}
	if strings.TrimSpace(reason) == "" {
		return p, fault.New(fault.Invalid, "post.reason_missing", fault.Field("reason"))
	}
	p.UpdatedAt = now
	return p.do(d)
}
