package real

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// BotAPI is a running telegram-test-api: a Bot API server for one kind of
// message, written by people who test bots with it.
type BotAPI struct {
	Base string // "http://127.0.0.1:PORT"
}

// TelegramTestAPI starts one.
func TelegramTestAPI(t testing.TB) BotAPI {
	t.Helper()
	root := projectRoot(t)
	folder := filepath.Join(root, ".cache/tools/telegram") // where .ci/servers.sh puts it
	if d := os.Getenv("KENTONGAN_TELEGRAM_TEST_API"); d != "" {
		folder = d
	}
	node := Binary("KENTONGAN_NODE", "node")
	if _, err := os.Stat(filepath.Join(folder, "node_modules", "telegram-test-api")); err != nil || node == "" {
		Missing(t, "telegram-test-api", "run .ci/servers.sh with Node 20 installed")
	}
	port := freePort(t)
	cmd := exec.Command(node, filepath.Join(root, "test/servers/telegram/server.js"), fmt.Sprint(port))
	cmd.Env = append(os.Environ(), "NODE_PATH="+filepath.Join(folder, "node_modules"))
	address := fmt.Sprintf("127.0.0.1:%d", port)
	Start(t, cmd, 20*time.Second, dials("tcp", address))
	return BotAPI{Base: "http://" + address}
}

// Say lets somebody write to a bot; message is a Message without its id.
func (b BotAPI) Say(t testing.TB, token string, message map[string]any) {
	t.Helper()
	message["botToken"], message["date"] = token, time.Now().Unix()
	raw, err := json.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Post(b.Base+"/sendMessage", "application/json", bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK || !bytes.Contains(said, []byte(`"ok":true`)) {
		t.Fatalf("telegram-test-api: %d %v %s", answer.StatusCode, err, said)
	}
}
