package sandbox

import "net/http"

func tiktokHabit() habit {
	return habit{
		name: TikTok, mount: "/tiktok", names: false,
		routes:   func(*Sandbox, *http.ServeMux) {},
		accounts: twoOffices(TikTok, "-000tirtawangikota0001", "-000protokoltirta0002"),
	}
}
