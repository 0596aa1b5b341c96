package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"awassiber/bot/telegram/fakeapi"
)

// The benchmarks of this file measure the real binary against a Bot API server on loopback, quiet
// period 1 ms, rate limits lifted, and beside it, in the same run, what it cannot do without: the
// requests and durable writes of one reply, made bare. They report; they never fail on a figure.

// field is one product and its network, ready to be measured.
type field struct {
	*process
	b     *testing.B
	api   *fakeapi.Server
	last  int // people so far
	bare  *bbolt.DB
	count uint64
	plain *http.Client
}

func newField(b *testing.B) *field {
	b.Helper()
	api := fakeapi.StartFor(b, fakeapi.Options{})
	f := &field{b: b, api: api, plain: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}}
	b.Cleanup(f.plain.CloseIdleConnections)
	f.process = &process{t: b, path: buildProduct(b), set: onTelegram(api, b.TempDir()), logs: &journal{}}
	f.start()()
	var err error
	if f.bare, err = bbolt.Open(filepath.Join(b.TempDir(), "bare.db"), 0o600, nil); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = f.bare.Close() })
	f.wait(f.ask(1)) // menus, connections and caches are warm
	return f
}

// ask lets n people send a tip each, at once, and returns when each did.
func (f *field) ask(n int) map[int64]time.Time {
	asked := make(map[int64]time.Time, n)
	for range n {
		f.last++
		from := fakeapi.User{ID: 7500000000 + int64(f.last), First: "Warga"}
		asked[from.ID] = time.Now()
		f.api.Text(fakeapi.Private(from), from, sentence)
	}
	return asked
}

// wait waits for the receipt of everybody and returns when it reached the network, by person.
func (f *field) wait(asked map[int64]time.Time) map[int64]time.Time {
	f.b.Helper()
	ctx, cancel := context.WithTimeout(f.b.Context(), patience)
	defer cancel()
	answered := make(map[int64]time.Time, len(asked))
	_, err := f.api.WaitMessage(ctx, func(m fakeapi.Sent) bool {
		if _, mine := asked[m.Chat]; mine && strings.Contains(m.Text, "Nomor tiket") {
			if _, before := answered[m.Chat]; !before {
				answered[m.Chat] = m.At
			}
		}
		return len(answered) == len(asked)
	})
	if err != nil {
		f.b.Fatalf("%d of %d were answered: %v", len(answered), len(asked), err)
	}
	return answered
}

// call is one bare request to the network.
func (f *field) call(method, body string) {
	resp, err := f.plain.Post(f.api.URL+"/bot"+f.api.Token+"/"+method, "application/json", strings.NewReader(body))
	if err != nil {
		f.b.Error(err)
		return
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
}

// commit is one bare durable write of some rows.
func (f *field) commit(rows int) {
	row := bytes.Repeat([]byte{7}, 400)
	err := f.bare.Update(func(tx *bbolt.Tx) error {
		rowsOf, err := tx.CreateBucketIfNotExists([]byte("rows"))
		for range rows {
			f.count++
			if err == nil {
				err = rowsOf.Put(fmt.Appendf(nil, "%016x", f.count*0x9e3779b97f4a7c15), row)
			}
		}
		return err
	})
	if err != nil {
		f.b.Error(err)
	}
}

// reply is what one reply cannot do without: the update fetched, the quiet period, four durable
// writes (received, kept, closed, claimed) and the message sent.
func (f *field) reply() {
	f.call("getMe", "{}")
	for range 4 {
		f.commit(4)
	}
	quiet := time.NewTimer(time.Millisecond)
	<-quiet.C
	f.call("sendMessage", `{"chat_id":7500000000,"text":"baku"}`)
}

// BenchmarkReply: update in, reply handed to the network, at a steady 30 a second.
//
//	go test -run '^$' -bench Reply .
func BenchmarkReply(b *testing.B) {
	const (
		rounds = 4
		each   = 6 * time.Second
		gap    = time.Second / 30
	)
	f := newField(b)
	var took, bare []time.Duration
	for range rounds {
		steadily(each, gap, func() {
			start := time.Now()
			f.reply()
			bare = append(bare, time.Since(start))
		})
		asked := map[int64]time.Time{}
		steadily(each, gap, func() {
			for who, at := range f.ask(1) {
				asked[who] = at
			}
		})
		for who, at := range f.wait(asked) {
			took = append(took, at.Sub(asked[who]))
		}
	}
	b.ReportMetric(0, "ns/op") // meaningless here: it holds all
	for _, c := range []struct {
		name string
		at   float64
	}{{"p50", 0.5}, {"p99", 0.99}} {
		mine, least := quantile(took, c.at), quantile(bare, c.at)
		b.ReportMetric(ms(mine), c.name+"-ms")
		b.ReportMetric(ms(least), "bare-"+c.name+"-ms")
		b.ReportMetric(mine.Seconds()/least.Seconds(), c.name+"-ratio")
	}
	b.ReportMetric(float64(len(took)), "replies")
	f.stop()
}

// steadily calls do for a while, once every gap.
func steadily(long, gap time.Duration, do func()) {
	beat := time.NewTicker(gap)
	defer beat.Stop()
	for range int(long / gap) {
		<-beat.C
		do()
	}
}

// BenchmarkBurst: a thousand people send something in the same moment. Baseline: a thousand bare
// requests, as many at once as the product makes.
//
//	go test -run '^$' -bench Burst .
func BenchmarkBurst(b *testing.B) {
	const people, inFlight, rounds = 1000, 128, 5
	f := newField(b)
	var durable, answered, bare []time.Duration
	for range rounds {
		drained(b, f.metrics, f.logs, "inbox", "outbox")
		start := time.Now()
		f.flood(people, inFlight)
		bare = append(bare, time.Since(start))

		start = time.Now()
		asked := f.ask(people)
		if waits := f.api.Pending(); len(waits) > 0 { // they are acknowledged in order
			if err := f.api.WaitAcknowledged(b.Context(), waits[len(waits)-1]); err != nil {
				b.Fatal(err)
			}
		}
		durable = append(durable, time.Since(start))
		last := start
		for _, at := range f.wait(asked) {
			if at.After(last) {
				last = at
			}
		}
		answered = append(answered, last.Sub(start))
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(ms(quantile(durable, 0.5)), "durable-ms")
	b.ReportMetric(ms(quantile(answered, 0.5)), "answered-ms")
	b.ReportMetric(ms(slices.Max(answered)), "answered-worst-ms")
	b.ReportMetric(ms(quantile(bare, 0.5)), "bare-ms")
	b.ReportMetric(quantile(answered, 0.5).Seconds()/quantile(bare, 0.5).Seconds(), "ratio")
	drained(b, f.metrics, f.logs, "inbox", "outbox")
	all, _ := resident(b, f.cmd.Process.Pid)
	b.ReportMetric(all/1024, "rss-after-MB")
	f.stop()
}

// flood makes bare requests, so many at a time.
func (f *field) flood(n, inFlight int) {
	work := make(chan int)
	var all sync.WaitGroup
	for range inFlight {
		all.Go(func() {
			for i := range work {
				f.call("sendMessage", fmt.Sprintf(`{"chat_id":%d,"text":"baku"}`, 7600000000+i))
			}
		})
	}
	for i := range n {
		work <- i
	}
	close(work)
	all.Wait()
}

// quantile sorts d and returns the value below which that share of it lies.
func quantile(d []time.Duration, share float64) time.Duration {
	slices.Sort(d)
	return d[min(int(share*float64(len(d))), len(d)-1)]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
