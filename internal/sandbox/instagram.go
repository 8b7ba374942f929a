package sandbox

import "net/http"

func instagramHabit() habit {
	return habit{
		name: Instagram, mount: "/ig", names: false,
		routes:   func(*Sandbox, *http.ServeMux) {},
		accounts: twoOffices(Instagram, "17841400000000101", "17841400000000202"),
	}
}
