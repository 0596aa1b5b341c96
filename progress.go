package main

import (
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// meter shows how far long work has come. Every byte written to it counts, or at sets how much of
// how much is done. finish removes it.
type meter interface {
	io.Writer
	at(done, total int64)
	finish()
}

// newMeter shows a bar on w if w is a terminal, and nothing otherwise: a pipe gets no noise. total
// is in bytes; -1 if unknown, which shows a count.
func newMeter(w io.Writer, title string, total int64) meter {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return noMeter{}
	}
	return barMeter{progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription(title),
		progressbar.OptionShowBytes(true),
		progressbar.OptionSetWidth(30),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionSetSpinnerChangeInterval(0), // no goroutine of its own
		progressbar.OptionClearOnFinish(),
	)}
}

type noMeter struct{}

func (noMeter) Write(p []byte) (int, error) { return len(p), nil }
func (noMeter) at(_, _ int64)               {}
func (noMeter) finish()                     {}

type barMeter struct{ bar *progressbar.ProgressBar }

func (m barMeter) Write(p []byte) (int, error) { return m.bar.Write(p) }

// at ignores a bar that cannot be drawn, as finish does: that is no reason to fail the work.
func (m barMeter) at(done, total int64) {
	if total > 0 && total != m.bar.GetMax64() {
		m.bar.ChangeMax64(total)
	}
	_ = m.bar.Set64(done)
}

// finish clears the line.
func (m barMeter) finish() { _ = m.bar.Finish() }
