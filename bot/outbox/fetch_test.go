package outbox

import (
	"context"
	"fmt"
	"reflect"
	"regexp"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"awassiber/bot"
)

// forward enqueues the fetch of somebody's forward of a file the network calls unique.
func forward(t *testing.T, s bot.Store, tip bot.TipID, unique string) {
	t.Helper()
	update(t, s, func(tx bot.Tx) error {
		f := photo()
		f.FileID, f.Unique = fmt.Sprint("f", tip), unique
		return tx.EnqueueJob(bot.Job{Kind: bot.JobFetch, Tip: tip, File: f})
	})
}

// reading counts how often a file is looked into, and finds the same in every one.
type reading struct {
	n    atomic.Int64
	left time.Duration // until the last one had to be done
}

func (r *reading) examine(ctx context.Context, a bot.Attachment) bot.Attachment {
	r.n.Add(1)
	if end, ok := ctx.Deadline(); ok {
		r.left = time.Until(end)
	}
	a.Text, a.Prints, a.SHA256 = "coblos nomor", []byte{7}, "not its business"
	return a
}

// A file a thousand people forward is fetched and read once, whoever asks first and however many at once; each
// of them is told of it.
func TestAFileIsFetchedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const people = 1000
		s, read, fetched := openStore(t, time.Now), &reading{}, atomic.Int64{}
		f := newFixture(t, s, func(o *Options) { o.Examine = read.examine })
		f.sim.file = func(context.Context, bot.Attachment) ([]byte, error) {
			fetched.Add(1)
			time.Sleep(time.Second) // long enough for the other lanes to come for the same file
			return []byte("bukti"), nil
		}
		update(t, s, func(tx bot.Tx) error {
			for i := range bot.TipID(people) {
				a := photo()
				a.FileID = fmt.Sprint("f", i)
				if err := tx.EnqueueJob(bot.Job{Kind: bot.JobFetch, Tip: i, File: a}); err != nil {
					return err
				}
			}
			return nil
		})
		stop := f.start(t)
		time.Sleep(time.Hour)
		synctest.Wait()
		stop()
		got := told(t, s)
		if len(got) != people || fetched.Load() != 1 || read.n.Load() != 1 || len(f.files.list()) != 1 {
			t.Fatalf("%d told, %d fetched, %d read, kept %v", len(got), fetched.Load(), read.n.Load(), f.files.list())
		}
		for _, u := range got {
			want := photo()
			want.FileID = fmt.Sprint("f", u.Fetched.Tip)
			want.SHA256, want.Size, want.MIME, want.State = hashOf("bukti"), 5, "image/png", bot.FileStored
			want.Text, want.Prints = "coblos nomor", []byte{7}
			if !reflect.DeepEqual(u.Fetched.File, want) {
				t.Fatalf("told %+v, want %+v", u.Fetched.File, want)
			}
		}
	})
}

// The same bytes under another name are fetched, for nobody can know, but not read again.
func TestContentIsReadOnce(t *testing.T) {
	s, read := openStore(t, time.Now), &reading{}
	f := newFixture(t, s, func(o *Options) { o.Examine = read.examine })
	f.sim.file = func(context.Context, bot.Attachment) ([]byte, error) { return []byte("bukti"), nil }
	for tip, unique := range []string{"u1", "u2", "", ""} {
		forward(t, s, bot.TipID(tip), unique)
	}
	f.drain(t)
	for _, u := range told(t, s) {
		if u.Fetched.File.Text != "coblos nomor" {
			t.Errorf("told %+v", u.Fetched.File)
		}
	}
	if read.n.Load() != 1 {
		t.Errorf("read %d times", read.n.Load())
	}
}

// What goes wrong while a file is looked into costs what would have been found, never the file.
func TestExaminingThatPanics(t *testing.T) {
	s := openStore(t, time.Now)
	f := newFixture(t, s, func(o *Options) {
		o.Examine = func(context.Context, bot.Attachment) bot.Attachment { panic("x") }
	})
	f.panics = 1
	f.sim.file = func(context.Context, bot.Attachment) ([]byte, error) { return []byte("bukti"), nil }
	fetchJob(t, s)
	f.drain(t)
	got := told(t, s)
	if len(got) != 1 || got[0].Fetched.File.State != bot.FileStored || got[0].Fetched.File.Read() || queues(t, s).Jobs != 0 {
		t.Errorf("told %+v", got)
	}
	if log := f.log.String(); regexp.MustCompile(`\b[fu]1\b`).MatchString(log) {
		t.Errorf("the log names the file: %s", log)
	}
}

func TestHaste(t *testing.T) {
	c := newClock()
	s, read := openStore(t, c.now), &reading{}
	f := newFixture(t, s, func(o *Options) { o.Now, o.Examine = c.now, read.examine })
	n := 0
	f.sim.file = func(context.Context, bot.Attachment) ([]byte, error) { n++; return fmt.Append(nil, n), nil }
	forward(t, s, 1, "u1")
	f.drain(t)
	if read.left <= examineHaste {
		t.Errorf("%v to look into a file nobody waits behind", read.left)
	}
	forward(t, s, 2, "u2")
	c.jump(backlog + time.Second)
	f.drain(t)
	if read.left > examineHaste {
		t.Errorf("%v while others wait", read.left)
	}
}

// Whoever erases takes what was known of a file with them, unless another still has it; and a forward found
// known in that very moment keeps the bytes.
func TestKnownFilesAndErasing(t *testing.T) {
	c := newClock()
	s, fetched := openStore(t, c.now), 0
	f := newFixture(t, s, func(o *Options) { o.Now, o.Examine = c.now, (&reading{}).examine })
	f.sim.file = func(context.Context, bot.Attachment) ([]byte, error) { fetched++; return []byte("bukti"), nil }
	count := func(delta int) {
		update(t, s, func(tx bot.Tx) error {
			left, err := tx.FileUsed(hashOf("bukti"), delta)
			if err == nil && delta < 0 && left == 0 {
				err = tx.EnqueueJob(bot.Job{Kind: bot.JobUnlink, File: bot.Attachment{SHA256: hashOf("bukti")}})
			}
			return err
		})
	}
	forward(t, s, 1, "u1")
	f.drain(t)
	count(len(told(t, s)))
	forward(t, s, 2, "u1") // known, delivered, and not counted yet
	f.drain(t)
	count(-1) // the first sender erases: for now nobody refers to it
	c.jump(time.Minute)
	f.drain(t)
	if len(f.files.list()) != 1 || fetched != 1 {
		t.Fatalf("kept %v, fetched %d: want the file for the second sender", f.files.list(), fetched)
	}
	count(len(told(t, s)))
	c.jump(time.Minute)
	f.drain(t)
	if len(f.files.list()) != 1 || queues(t, s).Jobs != 0 {
		t.Fatalf("kept %v, queues %+v", f.files.list(), queues(t, s))
	}
	count(-1)
	f.drain(t)
	if len(f.files.list()) != 0 {
		t.Fatalf("kept %v for nobody", f.files.list())
	}
	forward(t, s, 3, "u1")
	f.drain(t)
	if len(f.files.list()) != 1 || fetched != 2 {
		t.Errorf("kept %v, fetched %d: want it fetched anew", f.files.list(), fetched)
	}
}

// A result nobody ever counts leaves nothing behind: the unlink forgets before it removes.
func TestUnlinkForgets(t *testing.T) {
	c := newClock()
	s, fetched := openStore(t, c.now), 0
	f := newFixture(t, s, func(o *Options) { o.Now = c.now })
	f.sim.file = func(context.Context, bot.Attachment) ([]byte, error) { fetched++; return []byte("bukti"), nil }
	fetchJob(t, s)
	f.drain(t)
	told(t, s) // its tip was erased meanwhile
	unlinkJob(t, s, hashOf("bukti"))
	f.drain(t)
	fetchJob(t, s)
	f.drain(t)
	if got := told(t, s); fetched != 2 || len(got) != 1 || len(f.files.list()) != 1 {
		t.Errorf("fetched %d, told %+v, kept %v", fetched, got, f.files.list())
	}
}

// A disk that lost a file gets it back with the next forward.
func TestALostFileIsFetchedAgain(t *testing.T) {
	s, fetched := openStore(t, time.Now), 0
	f := newFixture(t, s, nil)
	f.sim.file = func(context.Context, bot.Attachment) ([]byte, error) { fetched++; return []byte("bukti"), nil }
	fetchJob(t, s)
	f.drain(t)
	if err := f.files.Remove(hashOf("bukti")); err != nil {
		t.Fatal(err)
	}
	fetchJob(t, s)
	f.drain(t)
	if fetched != 2 || len(f.files.list()) != 1 {
		t.Errorf("fetched %d, kept %v", fetched, f.files.list())
	}
}

func TestTurnsEndWithTheirContext(t *testing.T) {
	var all turns
	done, err := all.take(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	if other, err := all.take(t.Context(), "b"); err != nil {
		t.Error(err)
	} else {
		other()
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := all.take(ctx, "a"); err == nil {
		t.Error("two have one turn")
	}
	done()
	if again, err := all.take(t.Context(), "a"); err != nil {
		t.Error(err)
	} else {
		again()
	}
}
