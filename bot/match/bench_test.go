package match_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"awassiber/bot"
	"awassiber/bot/match"
	"awassiber/bot/match/matchtest"
)

var (
	large     = flag.Bool("large", false, "benchmark with a million cases as well")
	textsFile = flag.String("texts", "", "JSON lines {text} that copies are made of, amid filler of their phrases; default: invented")
)

// BenchmarkQuery asks copies of every kind against corpora of growing size: times of single queries,
// whether the case is found, what the index weighs. Each size reports its p50 in that of the smallest.
func BenchmarkQuery(b *testing.B) {
	sizes := []int{10_000, 100_000}
	if *large {
		sizes = append(sizes, 1_000_000)
	}
	var smallest time.Duration
	for _, n := range sizes {
		b.Run(fmt.Sprintf("%dk", n/1000), func(b *testing.B) {
			before := rss()
			corpus, queries := benchSet(b, n)
			start := time.Now()
			x := build(b, corpus)
			added := time.Since(start)
			corpus = nil
			debug.FreeOSMemory()
			var r result
			for b.Loop() {
				r = askAll(b, x, queries)
			}
			if smallest == 0 {
				smallest = r.cpu50
			}
			b.ReportMetric(us(r.p50), "p50-us")
			b.ReportMetric(us(r.p99), "p99-us")
			b.ReportMetric(us(r.cpu50), "cpu-p50-us")
			b.ReportMetric(us(r.cpu99), "cpu-p99-us")
			b.ReportMetric(float64(r.cpu50)/float64(smallest), "x-p50-10k")
			b.ReportMetric(r.ten, "recall@10")
			b.ReportMetric(r.decided, "recall")
			b.Logf("not among ten: %v", r.lost)
			b.ReportMetric(float64(restart(b, x, queries[0]).Milliseconds()), "start-ms")
			debug.FreeOSMemory()
			b.ReportMetric(float64(rss()-before)/(1<<20), "MB-rss")
			b.ReportMetric(float64(x.Size().Bytes)/float64(n), "B/case")
			b.ReportMetric(float64(n)/added.Seconds(), "adds/s")
		})
	}
}

// benchSet makes a corpus of n cases and copies of them.
func benchSet(b *testing.B, n int) ([]matchtest.Text, []matchtest.Query) {
	b.Helper()
	ask := matchtest.New(8)
	if *textsFile == "" {
		corpus := matchtest.New(7).Corpus(n)
		return corpus, ask.Copies(corpus, 240)
	}
	f, err := os.Open(*textsFile)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	var corpus []matchtest.Text
	for dec := json.NewDecoder(f); dec.More(); {
		var t matchtest.Text
		if err := dec.Decode(&t); err != nil {
			b.Fatal(err)
		}
		t.ID = strconv.Itoa(len(corpus) + 1)
		corpus = append(corpus, t)
	}
	ask.LearnWords(corpus)
	queries := ask.Copies(corpus, 240)
	return append(corpus, matchtest.New(7).Filler(corpus, n-len(corpus), len(corpus)+1)...), queries
}

func build(b testing.TB, corpus []matchtest.Text) *match.Index {
	b.Helper()
	norm, err := match.NewNormaliser()
	if err != nil {
		b.Fatal(err)
	}
	x := match.New(norm)
	for _, t := range corpus {
		if err := x.Add(caseID(t.ID), match.Doc{Text: t.Text}); err != nil {
			b.Fatal(err)
		}
	}
	return x
}

func caseID(s string) bot.CaseID {
	n, _ := strconv.ParseUint(s, 10, 64)
	return bot.CaseID(n)
}

// result is what a round of queries gave.
type result struct {
	p50, p99, cpu50, cpu99 time.Duration
	ten, decided           float64        // shares
	lost                   map[string]int // queries of a kind whose case is not among the first ten
}

// askAll asks each query once, on one thread, so that its processor time can be told.
func askAll(b testing.TB, x *match.Index, queries []matchtest.Query) result {
	b.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	r := result{lost: map[string]int{}}
	var times, cpu []time.Duration
	for _, q := range queries {
		start, spent := time.Now(), cpuTime()
		found := x.Query(match.Doc{Text: q.Text})
		_, offered := match.Decide(found)
		cpu = append(cpu, cpuTime()-spent)
		times = append(times, time.Since(start))
		want := caseID(*q.Match)
		is := func(c match.Candidate) bool { return c.Case == want }
		if slices.ContainsFunc(offered, is) {
			r.decided++
		}
		if slices.ContainsFunc(found, is) {
			r.ten++
		} else {
			r.lost[q.Class]++
		}
	}
	n := len(queries)
	r.ten, r.decided = r.ten/float64(n), r.decided/float64(n)
	slices.Sort(times)
	slices.Sort(cpu)
	r.p50, r.p99, r.cpu50, r.cpu99 = times[n/2], times[n*99/100], cpu[n/2], cpu[n*99/100]
	return r
}

// restart writes a snapshot and reads it again, until the first case is found. The file is in the page
// cache.
func restart(b testing.TB, x *match.Index, q matchtest.Query) time.Duration {
	b.Helper()
	path := filepath.Join(b.TempDir(), "snapshot")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	if err := x.WriteSnapshot(f, 0); err != nil {
		b.Fatal(err)
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("snapshot of %d bytes", size)
	norm, err := match.NewNormaliser()
	if err != nil {
		b.Fatal(err)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	begin, spent := time.Now(), cpuTime()
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		b.Fatal(err)
	}
	read, _, err := match.ReadSnapshot(f, norm)
	if err != nil {
		b.Fatal(err)
	}
	if found := read.Query(match.Doc{Text: q.Text}); len(found) == 0 || found[0].Case != caseID(*q.Match) {
		b.Errorf("first match is wrong: %+v", found)
	}
	b.Logf("processor time of the start: %v", cpuTime()-spent)
	return time.Since(begin)
}

func us(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }

// rss is the resident memory of this process, 0 where there is no /proc.
func rss() int {
	raw, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, _ := strconv.Atoi(strings.Fields(rest)[0])
			return kb << 10
		}
	}
	return 0
}
