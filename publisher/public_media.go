package publisher

import (
	"context"
	"crypto/hmac"
	"mime"
	"strconv"
	"strings"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/platform"
)

// fetchable is how long after its publication a file can still be fetched: some
// platforms take a film only after they have accepted the post.
const fetchable = 24 * time.Hour

// publicURL is where a platform can fetch a file itself; "" without a public
// address. The name says which delivery's file it is and cannot be guessed:
// there is no other way to a file without signing in.
func (p *Publisher) publicURL(id DeliveryID, i int, m PayloadMedia) string {
	if p.PublicMediaBase == "" {
		return ""
	}
	return p.PublicMediaBase + "/" + string(id) + "." + strconv.Itoa(i) + "." + p.publicMark(id, i, m.SHA256) + endingOf(m.Type)
}

// publicMark proves that we made the name. It changes with the file's bytes.
func (p *Publisher) publicMark(id DeliveryID, i int, sha string) string {
	return p.Channels.Vault.Hash("media.public", string(id)+"/"+strconv.Itoa(i)+"/"+sha)
}

// endingOf is the ending that platforms expect at the end of an address.
func endingOf(kind string) string {
	switch kind {
	case "image/jpeg":
		return ".jpg"
	case "video/quicktime":
		return ".mov"
	}
	if _, sub, ok := strings.Cut(kind, "/"); ok {
		return "." + sub
	}
	if all, err := mime.ExtensionsByType(kind); err == nil && len(all) > 0 {
		return all[0]
	}
	return ""
}

// PublicMedia opens a file for a platform that fetches it by the name it was
// given: only while its delivery is signed and on its way, or just published.
func (p *Publisher) PublicMedia(ctx context.Context, name string) (platform.File, string, error) {
	gone := fault.New(fault.NotFound, "media.not_found")
	parts := strings.Split(name, ".")
	if len(parts) < 3 {
		return nil, "", gone
	}
	id := DeliveryID(parts[0])
	i, err := strconv.Atoi(parts[1])
	if err != nil || i < 0 {
		return nil, "", gone
	}
	var d Delivery
	var ok bool
	err = p.DB.View(ctx, func(tx *db.Tx) (err error) {
		if d, err = deliveryByID(ctx, tx, id); err != nil {
			return err
		}
		ok, err = signed(ctx, tx, d, DigestOf(d.Channel, d.Payload, d.Window))
		return err
	})
	if fault.KindOf(err) == fault.NotFound || err == nil && (!ok || i >= len(d.Payload.Media) || !d.fetched(p.Now())) {
		return nil, "", gone
	}
	if err != nil {
		return nil, "", err
	}
	m := d.Payload.Media[i]
	if !hmac.Equal([]byte(parts[2]), []byte(p.publicMark(id, i, m.SHA256))) {
		return nil, "", gone
	}
	file, err := p.Media.Open(m.SHA256)
	return file, m.Type, err
}

// fetched says whether a platform may want the delivery's files now.
func (d Delivery) fetched(now time.Time) bool {
	switch d.State {
	case Sending, Unconfirmed:
		return true
	case Waiting: // throttled in the middle of its preparation
		return !now.Before(d.Due)
	case Published:
		return now.Before(d.PublishedAt.Add(fetchable))
	}
	return false
}
