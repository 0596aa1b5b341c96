package telegram_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"awassiber/bot"
	"awassiber/bot/telegram"
	"awassiber/bot/telegram/fakeapi"
)

func TestNothingIsAcknowledgedBeforeItIsStored(t *testing.T) {
	r := newRig(t)
	box := newInbox()
	broken := true
	box.refuse = func([]bot.Update) error {
		if broken {
			return errStore
		}
		return nil
	}
	var ids []int64
	for range 250 {
		ids = append(ids, r.Text(fakeapi.Private(warga1), warga1, "kabar").Update)
	}
	p, stop, _ := r.start(t, box, telegram.PollConfig{})
	if err := r.WaitCalls(within(t), "getUpdates", 4); err != nil {
		t.Fatal(err)
	}
	if got := p.Status().State; got != telegram.NotStoring {
		t.Errorf("state %q while nothing can be stored", got)
	}
	stop()
	if got := r.Acknowledged(); len(got) != 0 {
		t.Fatalf("%d updates acknowledged although none was stored", len(got))
	}

	box.mu.Lock()
	broken = false
	box.mu.Unlock()
	r.start(t, box, telegram.PollConfig{}) // the next process: it knows no offset
	box.wait(t, 250)
	if err := r.WaitAcknowledged(within(t), ids...); err != nil {
		t.Fatal(err)
	}
	for _, u := range box.wait(t, 250) {
		if box.seen[u.ID] != 1 {
			t.Errorf("%s stored %d times", u.ID, box.seen[u.ID])
		}
	}
}

func TestStoredButNotAcknowledgedComesAgain(t *testing.T) {
	r := newRig(t)
	sent := r.Text(fakeapi.Private(warga1), warga1, "satu").Update
	box := newInbox()
	ctx, crash := context.WithCancel(context.Background())
	box.refuse = func([]bot.Update) error { // stored, and then no further request goes out
		crash()
		return nil
	}
	if err := r.client.Poller(box, telegram.PollConfig{}).Run(ctx); err != nil {
		t.Fatal(err)
	}
	first := box.wait(t, 1)
	if got := r.Acknowledged(); len(got) != 0 {
		t.Fatalf("acknowledged %v", got)
	}
	again := newInbox()
	r.start(t, again, telegram.PollConfig{})
	if got := again.wait(t, 1); got[0].ID != first[0].ID {
		t.Errorf("another id came back: %s, not %s", got[0].ID, first[0].ID)
	}
	if err := r.WaitAcknowledged(within(t), sent); err != nil {
		t.Fatal(err)
	}
}

func TestDuplicatesKeepTheirID(t *testing.T) {
	r := newRig(t)
	box := newInbox()
	first := r.Text(fakeapi.Private(warga1), warga1, "satu")
	r.start(t, box, telegram.PollConfig{})
	if err := r.WaitAcknowledged(within(t), first.Update); err != nil {
		t.Fatal(err)
	}
	r.Redeliver(first.Update)
	r.Text(fakeapi.Private(warga1), warga1, "dua")
	if got := box.wait(t, 2); got[1].Message.Text != "dua" {
		t.Errorf("second update is %q", got[1].Message.Text)
	}
	box.mu.Lock()
	defer box.mu.Unlock()
	if n := box.seen[box.order[0].ID]; n != 2 {
		t.Errorf("the first was delivered %d times under the same id, want 2", n)
	}
}

func TestPoisonBetweenGoodUpdates(t *testing.T) {
	r := newRig(t)
	box := newInbox()
	r.Text(fakeapi.Private(warga1), warga1, "satu")
	r.Raw(`{"update_id":$ID,"message":{"message_id":"seven","chat":{"id":5001,"type":"private"},"from":{"id":5001,"first_name":"warga1"},"text":"x"}}`)
	r.Raw(`{"update_id":$ID,"hologram":{"from":{"id":5001},"shape":"cube"}}`)
	r.Raw(`{"message":"an update without a number"}`)
	r.Raw(`null`)
	last := r.Text(fakeapi.Private(warga1), warga1, "dua")
	r.start(t, box, telegram.PollConfig{})
	got := box.wait(t, 6)
	var kinds []bot.UpdateKind
	for _, u := range got {
		kinds = append(kinds, u.Kind)
		if (u.Kind == bot.KindUnknown) != (len(u.Raw) > 0) {
			t.Errorf("%s of kind %s has %d raw bytes", u.ID, u.Kind, len(u.Raw))
		}
	}
	want := []bot.UpdateKind{bot.KindMessage, bot.KindUnknown, bot.KindUnknown, bot.KindUnknown, bot.KindUnknown, bot.KindMessage}
	if !slices.Equal(kinds, want) {
		t.Errorf("kinds %v, want %v", kinds, want)
	}
	if got[1].From.Address.Chat != "5001" || !got[1].Private {
		t.Errorf("the sender of an unreadable message is lost: it could not be erased")
	}
	if err := r.WaitAcknowledged(within(t), last.Update); err != nil {
		t.Fatal(err)
	}
}

func TestUnreadableAtTheEndDoesNotSpin(t *testing.T) {
	r := newRig(t)
	box := newInbox()
	good := r.Text(fakeapi.Private(warga1), warga1, "satu")
	r.Raw(`{"message":"no number"}`)
	_, _, waits := r.start(t, box, telegram.PollConfig{})
	box.wait(t, 2)
	if err := r.WaitCalls(within(t), "getUpdates", 6); err != nil {
		t.Fatal(err)
	}
	all := waits.list()
	if len(all) < 5 || all[4] < 4*all[0] {
		t.Errorf("waits do not grow: %v", all)
	}
	if got := r.Acknowledged(); !slices.Equal(got, []int64{good.Update}) {
		t.Errorf("acknowledged %v", got)
	}
	next := r.Text(fakeapi.Private(warga1), warga1, "dua") // what comes after it is received, and frees the way
	box.wait(t, 3)
	if err := r.WaitAcknowledged(within(t), next.Update); err != nil {
		t.Fatal(err)
	}
}

// states records changes of state.
func states(c *telegram.PollConfig) (next func(t *testing.T) telegram.Status) {
	ch := make(chan telegram.Status, 100)
	c.Changed = func(_, to telegram.Status) { ch <- to }
	return func(t *testing.T) telegram.Status {
		t.Helper()
		select {
		case s := <-ch:
			return s
		case <-within(t).Done():
			t.Fatal("no change of state")
			return telegram.Status{}
		}
	}
}

func TestFaultsOfTheServerAreSurvived(t *testing.T) {
	for _, c := range []struct {
		name  string
		fault fakeapi.Fault
		state telegram.State
		least time.Duration // of every wait
	}{
		{"conflict", fakeapi.Fault{Code: 409}, telegram.Conflict, 5 * time.Second},
		{"token revoked", fakeapi.Fault{Code: 401}, telegram.Unauthorised, 5 * time.Second},
		{"token malformed", fakeapi.Fault{Code: 404}, telegram.Unauthorised, 5 * time.Second},
		{"flood", fakeapi.Fault{Code: 429, RetryAfter: 17}, telegram.Unreachable, 17 * time.Second},
		{"server error", fakeapi.Fault{Code: 500}, telegram.Unreachable, 500 * time.Millisecond},
		{"proxy page", fakeapi.Fault{Code: 502, HTML: true}, telegram.Unreachable, 500 * time.Millisecond},
		{"page with status 200", fakeapi.Fault{Code: 200, HTML: true}, telegram.Unreachable, 500 * time.Millisecond},
		{"truncated JSON", fakeapi.Fault{Truncate: true}, telegram.Unreachable, 500 * time.Millisecond},
		{"cut connection", fakeapi.Fault{Cut: true}, telegram.Unreachable, 500 * time.Millisecond},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			c.fault.Method, c.fault.Times = "getUpdates", 3
			r.Inject(c.fault)
			var config telegram.PollConfig
			next := states(&config)
			box := newInbox()
			sent := r.Text(fakeapi.Private(warga1), warga1, "satu")
			p, _, waits := r.start(t, box, config)
			if s := next(t); s.State != c.state || s.Since.IsZero() {
				t.Errorf("state %+v, want %q", s, c.state)
			}
			if s := next(t); s.State != telegram.Receiving || s.Success.IsZero() {
				t.Errorf("state %+v, want a recovery: three failures are one change", s)
			}
			box.wait(t, 1)
			if err := r.WaitAcknowledged(within(t), sent.Update); err != nil {
				t.Fatal(err)
			}
			for i, w := range waits.list() {
				if w < c.least {
					t.Errorf("wait %d is %v, want at least %v", i, w, c.least)
				}
			}
			if n := len(waits.list()); n != 3 {
				t.Errorf("%d waits for 3 failures", n)
			}
			if s := p.Status(); s.State != telegram.Receiving {
				t.Errorf("status %+v", s)
			}
		})
	}
}

func TestAnotherPollerIsNoticedAndOutlived(t *testing.T) {
	r := newRig(t)
	var config telegram.PollConfig
	next := states(&config)
	hold := make(chan struct{})
	config.Wait = func(ctx context.Context, _ time.Duration) error {
		select {
		case <-hold:
		case <-ctx.Done():
		}
		return ctx.Err()
	}
	box := newInbox()
	r.start(t, box, config)
	if s := next(t); s.State != telegram.Receiving {
		t.Fatalf("state %q; a first request that nothing waits for must not be held", s.State)
	}
	if err := r.WaitCalls(within(t), "getUpdates", 2); err != nil {
		t.Fatal(err)
	}
	other, err := telegram.New(telegram.Config{Token: r.Token, API: r.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- other.Poller(newInbox(), telegram.PollConfig{}).Run(ctx) }()
	if s := next(t); s.State != telegram.Conflict {
		t.Fatalf("state %q, want conflict", s.State)
	}
	stop()
	<-ended
	close(hold)
	if s := next(t); s.State != telegram.Receiving {
		t.Errorf("state %q after the other is gone", s.State)
	}
	r.Text(fakeapi.Private(warga1), warga1, "satu")
	box.wait(t, 1)
}

func TestAWebhookIsRemovedFirst(t *testing.T) {
	r := newRig(t, func(c *telegram.Config) { c.Webhook = "https://contoh.invalid/hook" })
	if err := r.client.SetWebhook(within(t)); err != nil {
		t.Fatal(err)
	}
	r.Text(fakeapi.Private(warga1), warga1, "menunggu")
	r.Inject(fakeapi.Fault{Method: "deleteWebhook", Code: http.StatusBadGateway, Times: 2})
	box := newInbox()
	r.start(t, box, telegram.PollConfig{})
	if got := box.wait(t, 1); got[0].Message.Text != "menunggu" {
		t.Errorf("got %q", got[0].Message.Text)
	}
	if n := r.Calls("deleteWebhook"); n != 3 {
		t.Errorf("deleteWebhook called %d times, want 3", n)
	}
}

func TestStoppingDuringALongPoll(t *testing.T) {
	r := newRig(t)
	p, stop, _ := r.start(t, newInbox(), telegram.PollConfig{})
	if err := r.WaitCalls(within(t), "getUpdates", 2); err != nil {
		t.Fatal(err)
	}
	stop() // returns although the server would hold the request for 50 s
	if got := p.Status().State; got == telegram.Unreachable {
		t.Errorf("stopping counts as a failure: %q", got)
	}
	if strings.Contains(r.log.String(), "receiving failed") {
		t.Error("stopping was logged as a failure")
	}
}
