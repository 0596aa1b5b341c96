package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// played is what one run of the program left.
type played struct {
	code     int
	out, err string
}

// oneLine reports whether exactly one line stands on standard error.
func (p played) oneLine() bool {
	return strings.Count(p.err, "\n") == 1 && strings.HasPrefix(p.err, "awassiber: ") && !strings.Contains(p.err, "⟦")
}

// play runs the program in-process. A bot that starts by mistake would run until the test's end.
func play(t *testing.T, env func(string) string, args ...string) played {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(t.Context(), args, env, &out, &errs)
	return played{code, out.String(), errs.String()}
}

func TestCommandLine(t *testing.T) {
	empty := t.TempDir()
	for name, c := range map[string]struct {
		args []string
		code int
		says string // on standard output if the code is 0, else on standard error
	}{
		"version":             {[]string{"version"}, 0, "awassiber " + version},
		"version, bad config": {[]string{"version", "--log", "loud"}, 0, version},
		"help":                {[]string{"--help"}, 0, "--quiet-period"},
		"help short":          {[]string{"-h"}, 0, "AWAS_TELEGRAM_TOKEN"},
		"help word":           {[]string{"help"}, 0, "awassiber restore FILE"},
		"help of a command":   {[]string{"help", "backup"}, 0, "age -d"},
		"backup --help":       {[]string{"backup", "--help"}, 0, "--force"},
		"restore --help":      {[]string{"restore", "--help"}, 0, "--force"},
		"verify --help":       {[]string{"verify", "--help"}, 0, "awassiber verify"},
		"calibrate --help":    {[]string{"calibrate", "--help"}, 0, "--corpus FILE --queries FILE [--json]"},
		"health --help":       {[]string{"health", "--help"}, 0, "/readyz"},
		"serve --help":        {[]string{"serve", "--help"}, 0, "--http"},
		"version --help":      {[]string{"version", "--help"}, 0, "awassiber version"},
		"help in English":     {[]string{"--help", "--language=en"}, 0, "Exit codes"},
		"unknown command":     {[]string{"bakcup", "x"}, 2, "bakcup"},
		"help of nothing":     {[]string{"help", "nothing"}, 2, "nothing"},
		"unknown flag":        {[]string{"--bogus"}, 2, "--bogus"},
		"flag without value":  {[]string{"--http"}, 2, "--http"},
		"force on serve":      {[]string{"--force"}, 2, "--force"},
		"backup where":        {[]string{"backup"}, 2, "backup FILE"},
		"backup two":          {[]string{"backup", "a", "b"}, 2, "backup FILE"},
		"serve what":          {[]string{"serve", "now"}, 2, "serve"},
		"verify what":         {[]string{"verify", "now"}, 2, "verify"},
		"bad value":           {[]string{"verify", "--log=loud"}, 2, "--log"},
		"verify nothing":      {[]string{"verify"}, 1, "awas.db"},
		"backup nothing":      {[]string{"backup", filepath.Join(empty, "b")}, 1, "awas.key"},
		"health nobody":       {[]string{"health"}, 1, empty},
		"restore nothing":     {[]string{"restore", filepath.Join(empty, "no-such")}, 1, "no-such"},
	} {
		t.Run(name, func(t *testing.T) {
			got := play(t, environ("AWAS_DATA", empty), c.args...)
			if got.code != c.code {
				t.Fatalf("exit %d, want %d; stderr %q", got.code, c.code, got.err)
			}
			if c.code == 0 && (!strings.Contains(got.out, c.says) || got.err != "" || strings.Contains(got.out, "⟦")) {
				t.Errorf("out %q, err %q; want %q", got.out, got.err, c.says)
			}
			if c.code != 0 && (!got.oneLine() || !strings.Contains(got.err, c.says) || got.out != "") {
				t.Errorf("out %q, err %q; want one line with %q", got.out, got.err, c.says)
			}
		})
	}
	if left, err := os.ReadDir(empty); err != nil || len(left) != 0 {
		t.Errorf("commands that failed left %v, %v", left, err)
	}
}

func TestHelpNamesEverySettingAndCommand(t *testing.T) {
	out := play(t, environ(), "--help").out
	for _, s := range settings() {
		if !strings.Contains(out, s.flag()) || !strings.Contains(out, s.env()) || !strings.Contains(out, s.standard) {
			t.Errorf("%s is missing", s.name)
		}
	}
	for _, c := range commands() {
		if !strings.Contains(out, "awassiber "+c.name) {
			t.Errorf("%s is missing", c.name)
		}
	}
}

// Supervisors may send a signal twice at once; a person who presses Ctrl-C again means it.
func TestSecondSignalEndsAtOnceOnlyIfMeant(t *testing.T) {
	at := moment()
	signals, stopped, killed := make(chan os.Signal), make(chan struct{}), make(chan struct{})
	clock := make(chan time.Time)
	go obey(signals, func() { close(stopped) }, func() { close(killed) }, func() time.Time { return <-clock })
	signals <- os.Interrupt
	clock <- at
	<-stopped
	signals <- os.Interrupt
	clock <- at.Add(twin - 1)
	select {
	case <-killed:
		t.Fatal("killed by the same signal sent twice")
	case signals <- os.Interrupt: // it waits for another
	}
	clock <- at.Add(twin)
	<-killed
}

func TestInterruptedWorkSaysSo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	b := newBooth(t)
	cancel()
	var out, errs bytes.Buffer
	file := filepath.Join(t.TempDir(), "backup")
	code := run(ctx, []string{"backup", file}, b.env, &out, &errs)
	if code != exitFailure || strings.Count(errs.String(), "\n") != 1 {
		t.Errorf("exit %d, %q", code, errs.String())
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("a backup that was interrupted has its name")
	}
}
