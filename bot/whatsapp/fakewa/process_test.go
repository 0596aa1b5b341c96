package fakewa

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types/events"
)

// The environment of a child process that is a client, as another program would be.
const (
	childAddr  = "FAKEWA_TEST_ADDR"
	childStore = "FAKEWA_TEST_STORE"
	childSeen  = "FAKEWA_TEST_SEEN"
)

// child logs in and writes the id of every message to a file before it accepts it, until it is
// killed. It sets what the package comment says another process must set.
func child() error {
	ctx := context.Background()
	whatsmeow.WACertPubKey = RootKey()
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", os.Getenv(childAddr))
	}
	loopback := &http.Client{Transport: &http.Transport{DialContext: dial, DialTLSContext: dial}}
	db, err := sql.Open("sqlite", "file:"+os.Getenv(childStore)+"?_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)"+
		"&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate")
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	c := sqlstore.NewWithDB(db, "sqlite", nil)
	if err := c.Upgrade(ctx); err != nil {
		return err
	}
	d, err := c.GetFirstDevice(ctx)
	if err != nil {
		return err
	}
	seen, err := os.OpenFile(os.Getenv(childSeen), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	cli := whatsmeow.NewClient(d, nil)
	cli.SynchronousAck, cli.EnableDecryptedEventBuffer, cli.UseRetryMessageStore = true, true, true
	cli.SetWebsocketHTTPClient(loopback)
	cli.AddEventHandlerWithSuccessStatus(func(evt any) bool {
		m, is := evt.(*events.Message)
		if !is || onlyKeys(m.RawMessage) {
			return true
		}
		_, err := fmt.Fprintln(seen, m.Info.ID)
		return err == nil && seen.Sync() == nil
	})
	if err := cli.Connect(); err != nil {
		return err
	}
	select {}
}

func TestClientProcessIsKilled(t *testing.T) {
	const kills, each = 5, 20
	s := start(t, Options{Window: 7})
	dir := t.TempDir()
	path, seen := filepath.Join(dir, "wa.db"), filepath.Join(dir, "seen")
	c, closeStore := openStore(t, path)
	must(s.Device(t.Context(), c))(t)
	closeStore()
	p := s.Person("warga1")
	g := s.Group("RT 01", p)

	var ids []string
	for k := range kills {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childAddr+"="+s.Addr(), childStore+"="+path, childSeen+"="+seen)
		cmd.Stderr = os.Stderr
		ok(t, cmd.Start())
		for i := range each {
			voice := []Voice{p.Voice, p.InGroup(g)}[i%2]
			ids = append(ids, must(voice.Say(fmt.Sprint(k, i)))(t))
		}
		// Killed somewhere in the middle; the last one may finish.
		until := ids[:len(ids)-each/2]
		if k == kills-1 {
			until = ids
		}
		ok(t, s.WaitAcknowledged(within(t), until...))
		ok(t, cmd.Process.Kill())
		if err := cmd.Wait(); err == nil {
			t.Fatal("the process ended by itself")
		}
		ok(t, s.WaitGone(within(t)))
	}
	handled := map[string]bool{}
	f := must(os.Open(seen))(t)
	defer func() { ok(t, f.Close()) }()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		handled[lines.Text()] = true
	}
	for _, id := range ids {
		if !handled[id] {
			t.Errorf("%s was acknowledged and never handled", id)
		}
	}
	if len(s.Pending()) != 0 || s.Logins() != kills {
		t.Errorf("%d pending, %d logins", len(s.Pending()), s.Logins())
	}
}

// More than the window waits, and comes in order.
func TestBurstAndWindow(t *testing.T) {
	const burst, window = 300, 20
	s := start(t, Options{Window: window})
	d := must(s.Device(t.Context(), newStore(t)))(t)
	p := s.Person("warga1")
	var ids []string
	for i := range burst {
		ids = append(ids, must(p.Say(fmt.Sprint(i)))(t))
	}
	h := newClient(t, s, d, nil)
	ok(t, h.Connect())
	for _, id := range ids {
		if got := next(t, h, content); got.Info.ID != id {
			t.Fatalf("heard %s, want %s", got.Info.ID, id)
		}
	}
	ok(t, s.WaitSettled(within(t)))
	if n := s.Deliveries(); n != burst {
		t.Errorf("%d deliveries", n)
	}
}

// A client that accepts nothing gets as much as the window holds, and no more.
func TestWindowHolds(t *testing.T) {
	const window = 5
	s := start(t, Options{Window: window})
	p := s.Person("warga1")
	refuse := func(*events.Message) bool { return false }
	h := newClient(t, s, must(s.Device(t.Context(), newStore(t)))(t), refuse)
	for range 2 * window {
		must(p.Say("halo"))(t)
	}
	ok(t, h.Connect())
	for range window {
		next(t, h, content)
	}
	must(h.SendMessage(within(t), p.LID, text("masih hidup")))(t) // an exchange later
	if n := len(s.Pending()); n != 2*window {
		t.Errorf("%d pending", n)
	}
	s.mu.Lock()
	flying := s.conn.flying
	s.mu.Unlock()
	if flying != window {
		t.Errorf("%d on their way", flying)
	}
}

func TestLimit(t *testing.T) {
	s := start(t, Options{Limit: 3})
	must(s.Device(t.Context(), newStore(t)))(t)
	p := s.Person("warga1")
	for range 3 {
		must(p.Say("halo"))(t)
	}
	if _, err := p.Say("terlalu banyak"); err == nil {
		t.Error("the queue has no bound")
	}
}
