package bolt

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"awassiber/bot"
	"awassiber/store/seal"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if path := os.Getenv("AWAS_TEST_CHILD"); path != "" {
		child(path)
		return
	}
	goleak.VerifyTestMain(m)
}

func TestPanicIsNotSwallowed(t *testing.T) {
	var log bytes.Buffer
	s, err := Open(filepath.Join(t.TempDir(), "awas.db"), Options{Keys: newKeys(t), Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var none []int
	for i, c := range []struct {
		do   func()
		want string
	}{
		{func() { panic("teks warga") }, "panic in transaction: string"},
		{func() { none[0] = 1 }, "index out of range"},
	} {
		err := s.Update(t.Context(), func(bot.Tx) error { c.do(); return nil })
		var p *PanicError
		if !errors.As(err, &p) || !strings.Contains(err.Error(), c.want) || !bytes.Contains(p.Stack, []byte("TestPanicIsNotSwallowed")) {
			t.Errorf("got %v", err)
		}
		if s.Panics() != int64(i+1) {
			t.Errorf("%d panics were counted after %d", s.Panics(), i+1)
		}
	}
	if text := log.String(); strings.Count(text, "panic in transaction") < 2 || strings.Contains(text, "teks warga") {
		t.Errorf("log is %q", text)
	}
}

// TestGoexit: a function that ends its goroutine must not stop the store for ever.
func TestGoexit(t *testing.T) {
	s, _ := tempStore(t)
	err := s.Update(t.Context(), func(tx bot.Tx) error {
		if _, err := tx.Append(bot.Event{}); err != nil {
			return err
		}
		runtime.Goexit()
		return nil
	})
	if !errors.Is(err, errExited) {
		t.Fatalf("got %v", err)
	}
	var last bot.EventID
	err = s.Update(t.Context(), func(tx bot.Tx) (err error) {
		last, err = tx.LastEvent()
		return err
	})
	if err != nil || last != 0 {
		t.Fatalf("afterwards: event %d, %v", last, err)
	}
}

// TestCloseWaits: everything handed over before Close is done, everything after is refused.
func TestCloseWaits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "awas.db")
	keys := newKeys(t)
	s, err := Open(path, Options{Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	inside, leave := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	var first error
	wg.Go(func() {
		first = s.Update(context.Background(), func(tx bot.Tx) error {
			close(inside)
			<-leave
			_, err := tx.Append(bot.Event{})
			return err
		})
	})
	<-inside
	var closed error
	wg.Go(func() { closed = s.Close() })
	for { // until Close has begun
		s.mu.RLock()
		begun := s.closed
		s.mu.RUnlock()
		if begun {
			break
		}
		runtime.Gosched()
	}
	if err := s.Update(t.Context(), func(bot.Tx) error { return nil }); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	close(leave)
	wg.Wait()
	if first != nil || closed != nil || s.Close() != nil {
		t.Fatalf("Update: %v; Close: %v", first, closed)
	}
	if err := s.View(t.Context(), func(bot.Tx) error { return nil }); !errors.Is(err, ErrClosed) {
		t.Errorf("a closed store was read: %v", err)
	}
	if r := verifyOK(t, openChecked(t, path, keys, nil)); r.Events != 1 {
		t.Errorf("%d events are there", r.Events)
	}
}

// TestNothingWrittenIsNotCommitted: a transaction that only looked costs no sync of the disk.
func TestNothingWrittenIsNotCommitted(t *testing.T) {
	s, _ := tempStore(t)
	stats := s.db.Stats()
	before := stats.TxStats.GetWrite()
	errLook := errors.New("looked only")
	for _, want := range []error{nil, errLook} {
		err := s.Update(t.Context(), func(tx bot.Tx) error {
			if _, err := tx.Tip(1); !errors.Is(err, bot.ErrNotFound) {
				return err
			}
			return want
		})
		if err != want {
			t.Fatalf("got %v", err)
		}
	}
	stats = s.db.Stats()
	if n := stats.TxStats.GetWrite(); n != before {
		t.Errorf("%d writes", n-before)
	}
}

// TestKilled kills a process in the middle of its writes. What it said was stored must be there.
func TestKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "awas.db")
	acknowledged := 0
	for range 3 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "AWAS_TEST_CHILD="+path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			id, err := strconv.Atoi(lines.Text())
			if err != nil {
				t.Fatal(lines.Text())
			}
			acknowledged = max(acknowledged, id)
			if n == 40 {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = cmd.Wait() // killed
		keys, _, err := seal.LoadOrCreate(path+".key", false)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Open(path, Options{Keys: keys})
		if err != nil {
			t.Fatal(err)
		}
		if r := verifyOK(t, s); r.Events < acknowledged || acknowledged == 0 {
			t.Fatalf("%d events are there, %d were acknowledged", r.Events, acknowledged)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// child writes events until it is killed, and says the number of each once it is stored.
func child(path string) {
	keys, _, err := seal.LoadOrCreate(path+".key", true)
	if err != nil {
		panic(err)
	}
	s, err := Open(path, Options{Keys: keys})
	if err != nil {
		panic(err)
	}
	var out sync.Mutex
	for range 8 {
		go func() {
			for {
				var e bot.Event
				err := s.Update(context.Background(), func(tx bot.Tx) (err error) {
					e, err = tx.Append(bot.Event{Case: 1})
					return err
				})
				if err != nil {
					panic(err)
				}
				out.Lock()
				fmt.Println(e.ID)
				out.Unlock()
			}
		}()
	}
	select {}
}
