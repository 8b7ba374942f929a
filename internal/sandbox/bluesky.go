package sandbox

import "net/http"

func blueskyHabit() habit {
	return habit{
		name: Bluesky, mount: "/bsky", names: false,
		routes:   func(*Sandbox, *http.ServeMux) {},
		accounts: twoOffices(Bluesky, "did:plc:tirtawangikotaaaaaaaaaaa", "did:plc:protokoltirtaaaaaaaaaaaa"),
	}
}
