package configs

import (
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"kentongan/internal/fault"
)

var update = flag.Bool("update", false, "write kentongan.example.yaml")

func TestExampleFileIsWhatTheProgramPrints(t *testing.T) {
	if *update {
		if err := os.WriteFile("kentongan.example.yaml", []byte(Example()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("kentongan.example.yaml")
	if err != nil || string(got) != Example() {
		t.Errorf("kentongan.example.yaml is not what `kentongan config` prints: go test ./configs -run Example -update (%v)", err)
	}
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kentongan.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Both the example as it is and the example with every line switched on must
// mean the defaults: its comments cannot drift from the code.
func TestExampleMeansTheDefaults(t *testing.T) {
	on := regexp.MustCompile(`(?m)^( *)#([a-z_]+: )`).ReplaceAllString(Example(), "$1$2")
	if strings.Count(on, ": ") <= strings.Count(Example(), ": #") || on == Example() {
		t.Fatal("no line was switched on")
	}
	for _, text := range []string{Example(), on} {
		c, err := Load(write(t, text), nil)
		if err != nil || !reflect.DeepEqual(c, Default()) {
			t.Errorf("got %+v, %v", c, err)
		}
	}
}

func TestLaterPlacesWin(t *testing.T) {
	file := write(t, "listen: 127.0.0.1:9000\npublic_url: https://media.example/\ndatabase:\n  url: postgres://db/k\nplatform:\n  x:\n    settle: 90s\n  whatsapp:\n    base_url: https://gateway.example/wa/\n    budget_usd_month: 25\n")
	c, err := Load(file, []string{"KENTONGAN_LISTEN=127.0.0.1:9001", "KENTONGAN_PLATFORM_X_LEASE=3m", "KENTONGAN_TEST_REDIS_URL=x", "PATH=/bin"})
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.Listen, want.PublicURL, want.DatabaseURL = "127.0.0.1:9001", "https://media.example", "postgres://db/k"
	want.Platforms[0].Settle, want.Platforms[0].Lease = 90*time.Second, 3*time.Minute
	want.Platforms[10].BaseURL, want.Platforms[10].BudgetUSD = "https://gateway.example/wa", 25
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got %+v", c)
	}
	if x, ok := c.Platform("x"); !ok || x != want.Platforms[0] {
		t.Errorf("platform x: %+v", x)
	}
	if _, ok := c.Platform("friendster"); ok {
		t.Error("a platform without settings was found")
	}
}

func TestWhatIsWrongIsNamed(t *testing.T) {
	for _, row := range []struct {
		what, yaml string
		env        []string
		want       []string // "code field"
	}{
		{"a key that does not exist", "databse: {url: x}", nil, []string{"config.unknown_key databse"}},
		{"a key in the wrong section", "redis: {settle: 1s}", nil, []string{"config.unknown_key redis.settle"}},
		{"several at once", "listen: nowhere\nrole: both\nworkers: 0", nil, []string{"config.bad_listen listen", "config.not_one_of role", "config.out_of_range workers"}},
		{"a section that is a value", "redis: yes", nil, []string{"config.not_a_section redis"}},
		{"a value that is a section", "listen: {port: 1}", nil, []string{"config.not_a_value listen"}},
		{"the same key twice", "role: all\nrole: web", nil, []string{"config.twice role"}},
		{"no YAML", "a: [", nil, []string{"config.not_yaml "}},
		{"a span without a unit", "poll: {every: 60}", nil, []string{"config.not_a_duration poll.every"}},
		{"a word for a number", "workers: many", nil, []string{"config.not_a_number workers"}},
		{"a span of nothing", "publish: {lateness: 0s}", nil, []string{"config.not_positive publish.lateness"}},
		{"a slip in a variable", "", []string{"KENTONGAN_DATABSE_URL=x"}, []string{"config.unknown_variable KENTONGAN_DATABSE_URL"}},
		{"pages in clear on the open net", "public_url: http://media.example", nil, []string{"config.public_url_in_clear public_url"}},
		{"no address", "public_url: media.example", nil, []string{"config.bad_public_url public_url"}},
		{"another database", "", []string{"KENTONGAN_DATABASE_URL=mysql://x"}, []string{"config.bad_database_url database.url"}},
		{"another queue", "redis: {url: amqp://x}", nil, []string{"config.bad_redis_url redis.url"}},
		{"a worker without a shared database and Redis", "role: worker", nil, []string{"config.role_needs_postgres database.url", "config.role_needs_redis redis.url"}},
		{"an idle time longer than the session", "session: {idle: 13h}", nil, []string{"config.longer_than session.idle"}},
		{"a request that may outlive its lease", "platform: {facebook: {call_timeout: 2m}}", nil, []string{"config.longer_than platform.facebook.call_timeout"}},
		{"the same for one of the others", "platform: {telegram: {lease: 10s}}", nil, []string{"config.longer_than platform.telegram.call_timeout"}},
		{"a proxy of another kind", "network: {proxy: ftp://proxy.example}", nil, []string{"config.bad_proxy network.proxy"}},
		{"a proxy without a host", "network: {proxy: 'socks5://'}", nil, []string{"config.bad_proxy network.proxy"}},
		{"tokens in clear", "platform: {x: {base_url: http://gateway.example}}", nil, []string{"config.bad_server platform.x.base_url"}},
		{"a password in an address", "platform: {x: {base_url: https://a:b@gateway.example}}", nil, []string{"config.bad_server platform.x.base_url"}},
		{"pictures in clear", "media: {public_url: http://media.example}", nil, []string{"config.bad_server media.public_url"}},
		{"a version that is a path", "platform: {facebook: {api_version: v25.0/me}}", nil, []string{"config.bad_version platform.facebook.api_version"}},
		{"a budget below nothing", "platform: {x: {budget_usd_month: -1}}", nil, []string{"config.out_of_range platform.x.budget_usd_month"}},
		{"money worth less than nothing", "money: {rupiah_per_usd: -1}", nil, []string{"config.out_of_range money.rupiah_per_usd"}},
		{"an empty folder name", "data: ''", nil, []string{"config.empty data"}},
	} {
		c, err := Load(write(t, row.yaml), row.env)
		var got []string
		for _, f := range fault.All(err) {
			got = append(got, f.Code+" "+f.Field)
		}
		if !reflect.DeepEqual(got, row.want) || !reflect.DeepEqual(c, Default()) {
			t.Errorf("%s: got %q, want %q", row.what, got, row.want)
		}
	}
	if _, err := Load("/no/such/file.yaml", nil); fault.Code(err) != "config.unreadable" {
		t.Errorf("a file that was named but is not there: %v", err)
	}
	if _, err := Load("", nil); err != nil {
		t.Errorf("no file at all: %v", err)
	}
}

func TestNearestKey(t *testing.T) {
	for wrong, want := range map[string]string{
		"databse.url": "database.url", "publik_url": "public_url", "lateness": "publish.lateness",
		"platform.x.time_out": "platform.x.call_timeout", "log.levels": "log.level",
	} {
		c := Default()
		if got := nearest(&c, wrong); got != want {
			t.Errorf("%s: offered %s, want %s", wrong, got, want)
		}
	}
}

// What platforms fetch themselves they fetch over TLS; without such an address
// there is none, and approval says so instead of the platform.
func TestWherePlatformsFetchMedia(t *testing.T) {
	for _, row := range []struct{ what, public, media, want string }{
		{"an address of its own", "https://a.example", "https://media.example", "https://media.example"},
		{"the office's address", "https://a.example", "", "https://a.example"},
		{"an office without one", "", "", ""},
		{"an office on loopback", "http://127.0.0.1:8080", "", ""},
		{"a loopback address that was asked for", "", "http://127.0.0.1:9000", "http://127.0.0.1:9000"},
	} {
		if got := (Config{PublicURL: row.public, MediaURL: row.media}).PublicMedia(); got != row.want {
			t.Errorf("%s: %q", row.what, got)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(Example())
	f.Add("a: &a {b: *a}")
	f.Add("platform: {x: {settle: 1s}}\n---\nrole: web")
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "f.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if c, err := Load(path, nil); err == nil && check(c) != nil {
			t.Errorf("accepted a configuration that fails its checks: %q", text)
		}
	})
}
