package main

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"awassiber/bot/telegram/fakeapi"
	"awassiber/bot/whatsapp/fakewa"
)

// TestWhatsAppFlood: while one person floods the bot, others are served; the flood is one tip of bounded
// size, and its sender gets a handful of answers.
func TestWhatsAppFlood(t *testing.T) {
	r := newWhatsAppRig(t, true, func(*fakewa.Server) []string { return []string{"AWAS_QUIET_PERIOD", "200ms"} })
	r.active()
	flooder, other := r.wa.Person("warga1"), r.wa.Person("warga2")
	const most = 5000
	var sent atomic.Int64
	enough, done := make(chan struct{}), make(chan error, 1)
	go func() {
		for i := range most {
			select {
			case <-enough:
				done <- nil
				return
			default:
			}
			if _, err := flooder.Say(fmt.Sprint("pesan banjir nomor ", i)); err != nil {
				done <- err
				return
			}
			sent.Add(1)
			if i > 250 && len(r.wa.Pending()) > 50 { // goes on for as long as the other is not served
				r.takeAll()
			}
		}
		done <- nil
	}()
	r.told(flooder, "", "sudah berisi 200 pesan")
	r.sent(other.Say(sentence))
	r.told(other, "", "Nomor tiket")
	close(enough)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if n := sent.Load(); n == most {
		t.Errorf("the other was served only after all of the flood")
	}
	r.drained()
	tickets, answers := map[string]bool{}, 0
	for _, m := range r.wa.Messages() {
		if slices.Contains(m.Readers, flooder) {
			answers++
			for _, ticket := range regexp.MustCompile(`JBI-\d\d-\d{5}-.`).FindAllString(m.Text(), -1) {
				tickets[ticket] = true
			}
		}
	}
	if len(tickets) != 1 || answers > 8 {
		t.Errorf("%d messages in a flood made %d tickets and %d answers", sent.Load(), len(tickets), answers)
	}
	cards := 0
	for _, m := range r.api.Messages() {
		if m.Chat == r.group.ID && strings.Contains(m.Text, "JBI-") {
			cards++
		}
	}
	if cards > 12 {
		t.Errorf("the desk was shown %d messages", cards)
	}
}

// takeAll lets the bot take what is on its way.
func (r *waRig) takeAll() {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_ = r.wa.WaitSettled(ctx) // what does not come shows in what the test waits for
}

// BenchmarkFlood measures the real binary on a loopback WhatsApp, quiet period 1 ms, rate limits lifted: how
// long other people wait for their receipts while one person floods the bot, and how long without.
// "paced" is a flood of 40 messages a second, which is more than a phone sends; "burst" is all of 5,000 in
// the network's queue at once, so that what others wait for is mostly what the network hands over first.
func BenchmarkFlood(b *testing.B) {
	for range b.N {
		f := newFloodField(b)
		quiet := f.others(40, 50*time.Millisecond)
		f.report(quiet, "baseline")
		stop := make(chan struct{})
		ended := make(chan int)
		go func() { ended <- f.flood(stop, 25*time.Millisecond) }()
		paced := f.others(40, 50*time.Millisecond)
		close(stop)
		<-ended
		f.report(paced, "paced")
		began := time.Now()
		for i := range 5000 {
			if _, err := f.flooder.Say("banjir sekaligus nomor " + strconv.Itoa(i)); err != nil {
				b.Fatal(err)
			}
		}
		queued := time.Since(began)
		burst := f.others(5, 200*time.Millisecond)
		f.report(burst, "burst")
		ctx, cancel := context.WithTimeout(b.Context(), 2*time.Minute)
		if err := f.wa.WaitSettled(ctx); err != nil {
			b.Fatal(err)
		}
		cancel()
		b.ReportMetric(5000/(time.Since(began)-queued).Seconds(), "burst-msg/s")
		f.stop()
	}
}

// floodField is the binary on a loopback WhatsApp with somebody who floods it.
type floodField struct {
	*process
	b       *testing.B
	wa      *fakewa.Server
	flooder *fakewa.Person
	people  int
}

func newFloodField(b *testing.B) *floodField {
	b.Helper()
	wa, err := fakewa.Start(fakewa.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = wa.Close() })
	api := fakeapi.StartFor(b, fakeapi.Options{})
	f := &floodField{b: b, wa: wa, flooder: wa.Person("warga1")}
	f.process = &process{t: b, path: buildProduct(b), set: onTelegram(api, b.TempDir()), logs: &journal{}}
	f.set["AWAS_WHATSAPP"], f.set["AWAS_WHATSAPP_TEST"] = "on", standIn(wa)
	linkDevice(b, wa, f.set["AWAS_DATA"]+"/whatsapp.db")
	f.start()()
	f.others(1, 0) // connections and caches are warm
	return f
}

// others lets n people send a tip each and returns how long each waited for the receipt.
func (f *floodField) others(n int, pause time.Duration) []time.Duration {
	f.b.Helper()
	ctx, cancel := context.WithTimeout(f.b.Context(), 2*time.Minute)
	defer cancel()
	took := make(chan time.Duration, n)
	for range n {
		f.people++
		p := f.wa.Person(fmt.Sprint("warga-lain", f.people))
		began := time.Now()
		if _, err := p.Say(sentence); err != nil {
			f.b.Fatal(err)
		}
		go func() {
			m, err := f.wa.WaitMessage(ctx, p.Heard(func(m *fakewa.Message) bool { return strings.Contains(m.Text(), "Nomor tiket") }))
			if err != nil {
				f.b.Error(err)
			}
			took <- m.At.Sub(began)
		}()
		<-time.After(pause)
	}
	var all []time.Duration
	for range n {
		all = append(all, <-took)
	}
	slices.Sort(all)
	return all
}

// flood sends a message every so often until stop is closed, and tells how many.
func (f *floodField) flood(stop <-chan struct{}, every time.Duration) (n int) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for ; ; n++ {
		select {
		case <-stop:
			return n
		case <-tick.C:
		}
		if _, err := f.flooder.Say(fmt.Sprint("banjir nomor ", n)); err != nil {
			f.b.Error(err)
			return n
		}
	}
}

func (f *floodField) report(sorted []time.Duration, what string) {
	f.b.ReportMetric(float64(sorted[len(sorted)/2].Microseconds())/1000, what+"-p50-ms")
	f.b.ReportMetric(float64(sorted[len(sorted)-1].Microseconds())/1000, what+"-max-ms")
}
