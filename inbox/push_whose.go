package inbox

import (
	"context"
	"slices"

	"kentongan/internal/channel"
	"kentongan/internal/db"
)

// onlyOf is the one channel of an app, for what does not say whose it is: a
// private message to a Telegram bot. Of several it could be any: it is parked.
func onlyOf(ctx context.Context, tx *db.Tx, app channel.App) ([]channel.Channel, error) {
	all, err := channel.All(ctx, tx)
	mine := slices.DeleteFunc(all, func(c channel.Channel) bool { return c.App != app.ID || c.Manual() })
	if err != nil || len(mine) != 1 {
		return nil, err
	}
	return mine, nil
}
