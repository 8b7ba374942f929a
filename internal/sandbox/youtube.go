package sandbox

import "net/http"

func youtubeHabit() habit {
	return habit{
		name: YouTube, mount: "/yt", names: false,
		routes:   func(*Sandbox, *http.ServeMux) {},
		accounts: twoOffices(YouTube, "UCtirtawangikota00000001", "UCprotokoltirta000000002"),
	}
}
