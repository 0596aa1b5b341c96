// Package simtest drives the training page in a real headless Chromium, for the tests of bot/sim
// and of the whole program. It owns no storage keys.
//
// The elements of the page are found by data-testid; the ones tests need are constants here, so
// that a change of the page is a change in one place.
package simtest

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// RequireEnv, set to 1, makes tests fail where they would skip for want of Chromium.
const RequireEnv = "AWAS_REQUIRE_CHROMIUM"

// limit is how long one wait may take before the test is told that it never came true.
const limit = 60 * time.Second

// Browser is one running Chromium with a profile of its own.
type Browser struct {
	ctx context.Context
}

// Start starts a Chromium and ends it with the test. Where none is installed the test skips, or
// fails if RequireEnv asks for that.
func Start(t *testing.T) *Browser {
	t.Helper()
	path := find()
	if path == "" {
		if os.Getenv(RequireEnv) == "1" {
			t.Fatal("Chromium is not installed")
		}
		t.Skip("Chromium is not installed")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox,
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("lang", "id-ID"),
	)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil && !errors.Is(err, context.Canceled) {
			t.Logf("browser did not close: %v", err)
		}
		cancel()
	})
	if _, err := chromedp.Run(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("Chromium did not start: %v", err)
	}
	return &Browser{ctx: ctx}
}

func find() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// Save writes a picture, making its directory.
func Save(t *testing.T, file string, png []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, png, 0o644); err != nil {
		t.Fatal(err)
	}
}
