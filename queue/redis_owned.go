package queue

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"

	"kentongan/internal/fault"
)

// openOwned starts a redis-server of our own on a private socket.
func openOwned(ctx context.Context, log *slog.Logger, bin, folder string) (*Redis, error) {
	// The server works in that folder: a relative path would be looked for there.
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	o := &ownedServer{bin: bin, folder: folder, log: log}
	if err := o.start(); err != nil {
		return nil, err
	}
	client := redis.NewClient(&redis.Options{Network: "unix", Addr: o.socket()})
	r := &Redis{Mode: Owned, client: client, owned: o, log: log}
	for deadline := time.Now().Add(5 * time.Second); ; {
		err := client.Ping(ctx).Err()
		if err == nil {
			return r, nil
		}
		if time.Now().After(deadline) || ctx.Err() != nil {
			return nil, errors.Join(fault.Wrap(fault.Transient, "queue.no_redis", err), r.Close())
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// ownedServer is a redis-server whose life is ours.
type ownedServer struct {
	bin, folder string
	log         *slog.Logger
	cmd         *exec.Cmd
	dead        chan struct{}
}

// socket is short: unix sockets allow 107 bytes.
func (o *ownedServer) socket() string {
	s := filepath.Join(o.folder, "redis.sock")
	if len(s) < 100 {
		return s
	}
	return filepath.Join(os.TempDir(), "kentongan-"+filepath.Base(o.folder)+"-"+time.Now().Format("150405.000")+".sock")
}

func (o *ownedServer) start() error {
	if err := os.MkdirAll(o.folder, 0o700); err != nil {
		return fault.Wrap(fault.Invalid, "queue.no_folder", err, fault.Field("data"))
	}
	o.cmd = exec.Command(o.bin, "--port", "0", "--unixsocket", o.socket(), "--unixsocketperm", "600",
		"--dir", o.folder, "--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--maxmemory-policy", "noeviction", "--loglevel", "warning")
	o.dead = make(chan struct{})
	started := make(chan error)
	cmd, dead := o.cmd, o.dead
	go func() {
		// The parent-death signal follows the thread that started the child.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		// A group of its own: Ctrl+C at our terminal must not end it before us.
		cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM, Setpgid: true}
		err := cmd.Start()
		started <- err
		if err == nil {
			cmd.Wait()
		}
		close(dead)
	}()
	if err := <-started; err != nil {
		return fault.Wrap(fault.Transient, "queue.no_redis", err)
	}
	return nil
}

// keep starts the server again when it dies by itself.
func (o *ownedServer) keep(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-o.dead:
			o.log.Warn("queue: redis-server ended, starting it again")
			if err := o.start(); err != nil {
				o.log.Warn("queue: redis-server does not start", slog.Any("err", err))
			}
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(time.Second):
			}
		}
	}
}

func (o *ownedServer) stop() error {
	select {
	case <-o.dead:
		return nil
	default:
	}
	if err := o.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case <-o.dead:
	case <-time.After(3 * time.Second):
		return o.cmd.Process.Kill()
	}
	return nil
}
