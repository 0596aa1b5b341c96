package main

import (
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"awassiber/bot/telegram/fakeapi"
)

// buildProduct builds the product as it is delivered and returns its path.
func buildProduct(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "awassiber")
	build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", path, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return path
}

// process is a running product. Its log is kept over restarts.
type process struct {
	t    testing.TB
	path string
	set  map[string]string
	cmd  *exec.Cmd
	logs *journal
}

// onTelegram is the environment of a product on a Bot API server of the test's own, unlimited in pace.
func onTelegram(api *fakeapi.Server, dir string) map[string]string {
	return map[string]string{
		"AWAS_DATA": dir, "AWAS_HTTP": "127.0.0.1:0", "AWAS_RATE_LIMITS": "off", "AWAS_TRAINING": "off",
		"AWAS_TELEGRAM_TOKEN": api.Token, "AWAS_TELEGRAM_API": api.URL, "AWAS_QUIET_PERIOD": "1ms",
		"AWAS_COORDINATORS": "telegram:-512340001", "AWAS_ADMINS": "telegram:7300000091",
	}
}

// start starts the product. ready waits until it listens.
func (p *process) start() (ready func()) {
	p.t.Helper()
	p.cmd = exec.Command(p.path)
	for name, value := range p.set {
		p.cmd.Env = append(p.cmd.Env, name+"="+value)
	}
	first := &journal{}
	p.cmd.Stderr = io.MultiWriter(first, p.logs)
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	running := p.cmd
	p.t.Cleanup(func() {
		if running.ProcessState == nil { // the test failed and left it
			_ = running.Process.Kill()
			_ = running.Wait()
		}
	})
	return func() { first.wait(p.t, "msg=listening") }
}

// kill ends the process as a power cut would.
func (p *process) kill() {
	p.t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		p.t.Fatal(err)
	}
	var ended *exec.ExitError
	if err := p.cmd.Wait(); !errors.As(err, &ended) || ended.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		p.t.Fatalf("it ended by itself: %v\n%s", err, p.logs)
	}
}

// stop ends it as an operator would.
func (p *process) stop() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("after SIGTERM: %v\n%s", err, p.logs)
	}
}

// metrics reads /metrics.
func (p *process) metrics() string {
	p.t.Helper()
	link, ok, err := dialControl(p.t.Context(), filepath.Join(p.set["AWAS_DATA"], "awas.sock"))
	if err != nil || !ok {
		p.t.Fatalf("no control socket: %v", err)
	}
	resp, err := link.ask(p.t.Context(), http.MethodGet, "/metrics")
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return string(body)
}

// vault opens the data of a process that ended.
func (p *process) vault() *vault {
	p.t.Helper()
	cfg, err := loadConfig(nil, func(name string) string { return p.set[name] })
	if err != nil {
		p.t.Fatal(err)
	}
	v, err := openVault(cfg)
	if err != nil {
		p.t.Fatal(err)
	}
	return v
}
