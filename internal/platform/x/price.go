package x

import (
	"context"

	"kentongan/internal/platform"
)

// What calls cost in millionths of a US dollar, pay per use.
// https://docs.x.com/x-api/getting-started/pricing, read 22 August 2026.
// Offices with a contract or public-utility access pay otherwise.
const (
	pricePost   = 15_000  // a post
	priceLink   = 200_000 // a post with an address in it
	priceReply  = 10_000  // an answer to somebody who mentioned us
	priceDirect = 15_000
	priceDelete = 10_000
	priceHide   = 5_000
	priceRead   = 5_000 // each post read
	priceOwned  = 1_000 // each post of our own timeline and mentions
)

// Price implements platform.Pricer.
func (c *Connector) Price(a platform.Account, out platform.Outgoing) int64 {
	switch {
	case a.Mode == V11:
		return 0 // a contract's own price
	case direct(out):
		return priceDirect
	case len(addresses(platform.Compose(out))) > 0:
		return priceLink
	case out.InReplyTo != "":
		return priceReply
	}
	return pricePost
}

// spent reports what a successful call cost.
func spent(ctx context.Context, price int64, times int) {
	platform.Spent(ctx, price*int64(times))
}
