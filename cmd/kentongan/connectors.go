package main

import (
	"kentongan/internal/platform"
	"kentongan/internal/platform/bluesky"
	"kentongan/internal/platform/facebook"
	"kentongan/internal/platform/instagram"
	"kentongan/internal/platform/linkedin"
	"kentongan/internal/platform/manual"
	"kentongan/internal/platform/mastodon"
	"kentongan/internal/platform/telegram"
	"kentongan/internal/platform/threads"
	"kentongan/internal/platform/tiktok"
	"kentongan/internal/platform/whatsapp"
	"kentongan/internal/platform/x"
	"kentongan/internal/platform/youtube"
	"kentongan/internal/safehttp"
)

// connectors lists the platforms that Kentongan speaks. ids keep what a
// platform's names tell of citizens out of the database.
func connectors(out *safehttp.Client, ids whatsapp.IDs) map[platform.Name]platform.Connector {
	all := map[platform.Name]platform.Connector{}
	for _, c := range []platform.Connector{
		x.New(out), facebook.New(out), instagram.New(out), threads.New(out), youtube.New(out), tiktok.New(out), linkedin.New(out), telegram.New(out), mastodon.New(out), bluesky.New(out), whatsapp.Keep(whatsapp.New(out), ids),
	} {
		all[c.Name()] = c
	}
	for _, name := range manual.Names() {
		all[name] = manual.New(name)
	}
	return all
}
