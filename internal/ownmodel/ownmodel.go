// Package ownmodel asks a model that the office runs itself: a program on the
// same machine (say, a script around onnxruntime with the office's own file)
// that reads JSON lines {"id", "text"} and answers {"id", "labels":
// {"name": score}} in any order.
//
// It is off unless the setting moderation.own_model names a program. What it
// says is shown beside our own reasons and is never alone a ground. When it
// fails, is slow or writes nonsense, our own verdict stands, and the log says
// so without a word of the message.
package ownmodel

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Limits that keep a bad program from harming us.
const (
	// Limit is how long one message may take. Triage waits for it.
	Limit = 250 * time.Millisecond
	// StartLimit is how long a program may load. Until its first answer messages
	// go on without it.
	StartLimit = time.Minute
	// rest is how long a program that failed is left alone.
	rest       = 30 * time.Second
	longestRow = 1 << 20
	mostLabels = 100
)

// Model is one program, started when it is first asked and again after it died.
type Model struct {
	command []string
	log     *slog.Logger
	now     func() time.Time

	mu       sync.Mutex
	running  *process
	resting  time.Time // not asked before
	question uint64
}

// process is one life of the program.
type process struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	answers chan answer
	started time.Time
	loaded  chan struct{} // closed with its first answer
	once    sync.Once
	ended   chan struct{}
}

type answer struct {
	ID     string             `json:"id"`
	Labels map[string]float64 `json:"labels"`
}

// New returns the model behind a command line; words are parted by blanks, and
// no shell reads them.
func New(line string, log *slog.Logger, now func() time.Time) *Model {
	return &Model{command: strings.Fields(line), log: log, now: now}
}

// Score asks about one text. ok is false where there is no answer in time.
func (m *Model) Score(ctx context.Context, text string) (scores map[string]float64, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.command) == 0 || m.now().Before(m.resting) {
		return nil, false
	}
	scores, err := m.ask(ctx, text)
	switch {
	case err == nil:
		return scores, true
	case errors.Is(err, errSlow) && m.running.loading(m.now()):
		return nil, false
	}
	m.log.WarnContext(ctx, "the office's own model gave no answer; our own verdict stands", "err", err, "rest", rest)
	m.stop()
	m.resting = m.now().Add(rest)
	return nil, false
}

// Close ends the program.
func (m *Model) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stop()
	m.command = nil
	return nil
}

func (m *Model) stop() {
	if m.running == nil {
		return
	}
	m.running.in.Close()
	if err := m.running.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		m.log.Warn("the office's own model does not end", "err", err)
	}
	<-m.running.ended
	m.running = nil
}

var (
	errSlow   = errors.New("no answer in time")
	errEnded  = errors.New("the program ended")
	errScores = errors.New("an answer with scores outside 0 to 1, or too many of them")
)

func (m *Model) ask(ctx context.Context, text string) (map[string]float64, error) {
	if m.running == nil {
		p, err := start(m.command)
		if err != nil {
			return nil, err
		}
		p.started = m.now()
		m.running = p
	}
	p := m.running
	m.question++
	id := strconv.FormatUint(m.question, 10)
	row, err := json.Marshal(map[string]string{"id": id, "text": text})
	if err != nil {
		return nil, err
	}
	limit := time.NewTimer(Limit)
	defer limit.Stop()
	written := make(chan error, 1)
	go func() { // a program that does not read would hold us for ever
		_, err := p.in.Write(append(row, '\n'))
		written <- err
	}()
	for {
		select {
		case err := <-written:
			if err != nil {
				return nil, fmt.Errorf("%w: %w", errEnded, err)
			}
			written = nil
		case a := <-p.answers:
			if a.ID != id {
				continue // to a question that we no longer wait for
			}
			return checked(a.Labels)
		case <-p.ended:
			return nil, errEnded
		case <-limit.C:
			return nil, errSlow
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// loading: it has not answered yet, and may take its time.
func (p *process) loading(now time.Time) bool {
	select {
	case <-p.loaded:
		return false
	default:
		return now.Sub(p.started) < StartLimit
	}
}

func checked(scores map[string]float64) (map[string]float64, error) {
	if len(scores) > mostLabels {
		return nil, errScores
	}
	for _, s := range scores {
		if math.IsNaN(s) || s < 0 || s > 1 {
			return nil, errScores
		}
	}
	return scores, nil
}

// start runs the program. It gets no secret of ours: of the environment only
// what a program needs to be found and to speak.
func start(command []string) (*process, error) {
	cmd := exec.Command(command[0], command[1:]...)
	for _, name := range [...]string{"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH"} {
		if v, ok := os.LookupEnv(name); ok {
			cmd.Env = append(cmd.Env, name+"="+v)
		}
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, in: in, answers: make(chan answer, 16), loaded: make(chan struct{}), ended: make(chan struct{})}
	go p.listen(out)
	return p, nil
}

// listen reads answers until the program ends. A line that is no answer is
// passed over; one that has no end ends the reading.
func (p *process) listen(out io.Reader) {
	lines := bufio.NewScanner(out)
	lines.Buffer(make([]byte, 0, 4<<10), longestRow)
	for lines.Scan() {
		var a answer
		if json.Unmarshal(lines.Bytes(), &a) != nil || a.ID == "" {
			continue
		}
		p.once.Do(func() { close(p.loaded) })
		select {
		case p.answers <- a:
		default: // nobody asked for so many
		}
	}
	_ = p.cmd.Process.Kill() // whoever is not heard is of no use
	_ = p.cmd.Wait()         // how it ended does not matter: it is started again
	close(p.ended)
}
