package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"awassiber/bot/telegram/fakeapi"
)

// benchDir names a directory with the store of a million cases that the benchmarks of store/bolt make.
const benchDir = "AWAS_BENCH_DIR"

// BenchmarkStart: how soon after its start the product takes tips, how much memory it then holds, and
// how large its file is; on an empty store and on one of a million cases.
//
//	AWAS_BENCH_DIR=DIR go test -run '^$' -bench Million ./store/bolt
//	AWAS_BENCH_DIR=DIR go test -run '^$' -bench Start .
func BenchmarkStart(b *testing.B) {
	path := buildProduct(b)
	b.Run("cases=0", func(b *testing.B) { measureStart(b, path, nil) })
	b.Run("cases=1000000", func(b *testing.B) {
		dir := os.Getenv(benchDir)
		db, key := filepath.Join(dir, "million.db"), filepath.Join(dir, "million.key")
		if _, err := os.Stat(db); dir == "" || err != nil {
			b.Skipf("%s names no directory with the store of a million cases: see the comment", benchDir)
		}
		measureStart(b, path, map[string]string{"AWAS_STORE": "bolt:" + db, "AWAS_KEY_FILE": key})
	})
}

func measureStart(b *testing.B, path string, settings map[string]string) {
	api := fakeapi.StartFor(b, fakeapi.Options{})
	p := &process{t: b, path: path, set: onTelegram(api, b.TempDir())}
	for name, value := range settings {
		p.set[name] = value
	}
	start := func() {
		p.logs = &journal{}
		p.start()
		p.logs.wait(b, "to=receiving") // the store is open, it listens, and Telegram has answered
	}
	start() // warms the disk's cache
	p.stop()
	for b.Loop() {
		start()
		b.StopTimer()
		p.stop()
		b.StartTimer()
	}
	b.StopTimer()
	start()
	drained(b, p.metrics, p.logs, "inbox", "outbox")
	all, own := resident(b, p.cmd.Process.Pid)
	p.stop()
	file, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(ms(b.Elapsed())/float64(b.N), "start-ms")
	b.ReportMetric(all/1024, "rss-MB")
	b.ReportMetric(own/1024, "rss-anon-MB")
	b.ReportMetric(float64(file.Size())/(1<<20), "binary-MB")
}

// resident reads the memory a process holds, in KiB: all of it, and without what it maps from files.
func resident(b *testing.B, pid int) (all, own float64) {
	b.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Skip("the memory of a process is read from /proc, which is not here")
	}
	for line := range strings.Lines(string(raw)) {
		name, value, _ := strings.Cut(line, ":")
		switch name {
		case "VmRSS":
			_, err = fmt.Sscan(value, &all)
		case "RssAnon":
			_, err = fmt.Sscan(value, &own)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	return all, own
}
