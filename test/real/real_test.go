package real

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func TestRedisAnswers(t *testing.T) {
	t.Parallel()
	network, address := Redis(t)
	c, err := net.Dial(network, address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "PING\r\n")
	if line, err := bufio.NewReader(c).ReadString('\n'); err != nil || line != "+PONG\r\n" {
		t.Errorf("got %q, %v", line, err)
	}
}

func TestChromiumIsABrowser(t *testing.T) {
	t.Parallel()
	out, err := exec.Command(Chromium(t), "--version").Output()
	if err != nil || !strings.Contains(string(out), "Chrom") {
		t.Errorf("%s, %v", out, err)
	}
}

// The server must not stay behind, not even when the test binary is killed.
func TestPostgresGoesWithItsProcess(t *testing.T) {
	if os.Getenv("KT_CHILD") != "" {
		fmt.Println("url:" + Postgres(t))
		os.Stdout.Sync()
		time.Sleep(time.Minute) // until the parent kills this process
	}
	t.Parallel()
	if os.Getenv("KENTONGAN_TEST_DATABASE_URL") != "" {
		t.Skip("needs a server of its own: unset KENTONGAN_TEST_DATABASE_URL")
	}
	Postgres(t) // skips by name where there is none
	child := exec.Command(os.Args[0], "-test.run=^TestPostgresGoesWithItsProcess$", "-test.v")
	child.Env = append(os.Environ(), "KT_CHILD=1")
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var address string
	for lines := bufio.NewScanner(out); address == "" && lines.Scan(); {
		_, address, _ = strings.Cut(lines.Text(), "url:")
	}
	c, err := pgx.Connect(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	child.Process.Kill()
	child.Wait()
	_, rest, _ := strings.Cut(address, "host=")
	folder, _, _ := strings.Cut(rest, "&")
	if folder == "" || !filepath.IsAbs(folder) {
		t.Fatalf("no folder in %q", address)
	}
	err = poll(20*time.Second, nil, func() error {
		if _, err := os.Stat(folder); err == nil {
			return fmt.Errorf("%s is still there", folder)
		}
		return nil
	})
	if err != nil || c.Ping(context.Background()) == nil {
		t.Errorf("PostgreSQL outlived its test: %v", err)
	}
}

func TestSnac2CarriesAReply(t *testing.T) {
	t.Parallel()
	f := Snac2(t)
	post := f.Say(t, f.Humas, "Posko banjir dibuka di kantor kelurahan.", "")
	answer := f.Say(t, f.Warga, "Alamatnya di mana?", post)
	var context struct {
		Descendants []struct {
			ID string `json:"id"`
		} `json:"descendants"`
	}
	err := poll(20*time.Second, nil, func() error {
		f.Get(t, f.Humas, "/api/v1/statuses/"+post+"/context", &context)
		for _, d := range context.Descendants {
			if d.ID == answer {
				return nil
			}
		}
		return fmt.Errorf("reply %s not among %v", answer, context.Descendants)
	})
	if err != nil {
		t.Error(err)
	}
}
