package ownmodel_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kentongan/internal/ownmodel"
)

// TestMain lets this test binary be the office's program: told by an argument
// how it behaves.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "be-the-model" {
		behave(os.Args[2], os.Args[3:])
		return
	}
	os.Exit(m.Run())
}

// clock is moved by hand.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func model(t *testing.T, how ...string) (*ownmodel.Model, *clock, *bytes.Buffer) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	c := &clock{time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}
	m := ownmodel.New(strings.Join(append([]string{self, "be-the-model"}, how...), " "), slog.New(slog.NewTextHandler(&log, nil)), c.now)
	t.Cleanup(func() { _ = m.Close() })
	return m, c, &log
}

// ask goes on until the program has loaded and answers, or has failed.
func ask(m *ownmodel.Model, log *bytes.Buffer, text string) (map[string]float64, bool) {
	for range 200 {
		if got, ok := m.Score(context.Background(), text); ok || log.Len() > 0 {
			return got, ok
		}
	}
	return nil, false
}

func TestItsScoresComeBack(t *testing.T) {
	t.Parallel()
	m, _, log := model(t, "well")
	for _, text := range []string{"jalan rusak", "baris\nbaru \"kutip\""} {
		got, ok := ask(m, log, text)
		if !ok || got["complaint"] != .75 || got["panjang"] != float64(len(text))/100 {
			t.Errorf("%q: %v, %v", text, got, ok)
		}
	}
}

func TestAnAnswerToAnEarlierQuestionIsNotTaken(t *testing.T) {
	t.Parallel()
	m, _, log := model(t, "stale")
	got, ok := ask(m, log, "jalan rusak")
	if !ok || got["complaint"] != .75 {
		t.Errorf("%v, %v", got, ok)
	}
}

func TestWhenItFailsOurVerdictStandsAndTheLogHoldsNoText(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"dies", "nonsense", "large", "closes"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			m, _, log := model(t, how)
			if got, ok := ask(m, log, "NIK saya rahasia"); ok {
				t.Errorf("taken: %v", got)
			}
			if !strings.Contains(log.String(), "our own verdict stands") || strings.Contains(log.String(), "rahasia") {
				t.Errorf("log %q", log)
			}
		})
	}
	m := ownmodel.New("/nonexistent/model", slog.New(slog.DiscardHandler), time.Now)
	if _, ok := m.Score(context.Background(), "a"); ok {
		t.Error("a program that is not there answered")
	}
	if _, ok := ownmodel.New("", slog.New(slog.DiscardHandler), time.Now).Score(context.Background(), "a"); ok {
		t.Error("no program answered")
	}
}

func TestAProgramThatNeverLoadsIsEnded(t *testing.T) {
	t.Parallel()
	m, c, log := model(t, "silent")
	if _, ok := m.Score(context.Background(), "a"); ok || log.Len() > 0 {
		t.Errorf("while it loads: %v, %s", ok, log)
	}
	c.at = c.at.Add(2 * ownmodel.StartLimit)
	if _, ok := m.Score(context.Background(), "a"); ok || !strings.Contains(log.String(), "no answer in time") {
		t.Errorf("after its time: %v, %s", ok, log)
	}
}

func TestASlowProgramIsEndedAndLeftAlone(t *testing.T) {
	t.Parallel()
	m, c, log := model(t, "slow-second")
	if _, ok := ask(m, log, "pertama"); !ok {
		t.Fatalf("the first answer was not waited for: %s", log)
	}
	begun := time.Now()
	if _, ok := m.Score(context.Background(), "kedua"); ok {
		t.Error("an answer that never came was taken")
	}
	if took := time.Since(begun); took > 20*ownmodel.Limit {
		t.Errorf("waited %v", took)
	}
	log.Reset()
	if _, ok := m.Score(context.Background(), "ketiga"); ok || log.Len() > 0 {
		t.Errorf("asked again at once: %v, %s", ok, log)
	}
	c.at = c.at.Add(time.Minute)
	if _, ok := ask(m, log, "keempat"); !ok {
		t.Errorf("not started again after its rest: %s", log)
	}
}

func TestAProgramThatDiedIsStartedAgain(t *testing.T) {
	t.Parallel()
	mark := filepath.Join(t.TempDir(), "lives")
	m, c, log := model(t, "dies-once", mark)
	if _, ok := ask(m, log, "a"); ok {
		t.Fatal("the dead answered")
	}
	c.at = c.at.Add(time.Minute)
	log.Reset()
	if got, ok := ask(m, log, "a"); !ok || got["complaint"] != .75 {
		t.Errorf("%v, %v: %s", got, ok, log)
	}
}

func TestItSeesNoSecretOfOurs(t *testing.T) {
	t.Setenv("KENTONGAN_VAULT_KEY", "rahasia")
	m, _, log := model(t, "environment")
	got, ok := ask(m, log, "a")
	if !ok || got["secrets"] != 0 {
		t.Errorf("%v, %v", got, ok)
	}
}
