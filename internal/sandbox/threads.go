package sandbox

import "net/http"

func threadsHabit() habit {
	return habit{
		name: Threads, mount: "/threads", names: false,
		routes:   func(*Sandbox, *http.ServeMux) {},
		accounts: twoOffices(Threads, "27300000000000101", "27300000000000202"),
	}
}
