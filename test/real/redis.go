package real

import (
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// RedisBinary is the path of a real redis-server.
func RedisBinary(t testing.TB) string {
	t.Helper()
	bin := Binary("KENTONGAN_REDIS_SERVER", "redis-server")
	if bin == "" {
		Missing(t, "redis-server", "apt-get install redis-server, or KENTONGAN_TEST_REDIS_URL")
	}
	return bin
}

// Redis gives network and address of a real Redis of this test's own.
func Redis(t testing.TB) (network, address string) {
	t.Helper()
	if u := os.Getenv("KENTONGAN_TEST_REDIS_URL"); u != "" {
		parsed, err := url.Parse(u)
		if err != nil {
			t.Fatal("KENTONGAN_TEST_REDIS_URL is not a URL")
		}
		return "tcp", parsed.Host
	}
	bin, d := RedisBinary(t), dir(t)
	socket := filepath.Join(d, "s")
	Start(t, exec.Command(bin, "--port", "0", "--unixsocket", socket, "--unixsocketperm", "600",
		"--dir", d, "--save", "", "--appendonly", "yes", "--appendfsync", "everysec"), 10*time.Second, dials("unix", socket))
	return "unix", socket
}
