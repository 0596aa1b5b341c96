package outbox

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"awassiber/bot"
)

func photo() bot.Attachment {
	return bot.Attachment{Kind: bot.Photo, Network: bot.Sim, FileID: "f1", Unique: "u1", MIME: "image/jpeg", Size: 5}
}

func fetchJob(t *testing.T, s bot.Store) {
	t.Helper()
	update(t, s, func(tx bot.Tx) error {
		return tx.EnqueueJob(bot.Job{Kind: bot.JobFetch, Tip: 3, Item: 2, File: photo()})
	})
}

func unlinkJob(t *testing.T, s bot.Store, sha string) {
	t.Helper()
	update(t, s, func(tx bot.Tx) error {
		return tx.EnqueueJob(bot.Job{Kind: bot.JobUnlink, File: bot.Attachment{SHA256: sha}})
	})
}

func TestFetch(t *testing.T) {
	stored := photo()
	stored.SHA256, stored.MIME, stored.State = hashOf("bukti"), "image/png", bot.FileStored
	with := func(state bot.FileState) bot.Attachment {
		a := photo()
		a.State = state
		return a
	}
	for name, c := range map[string]struct {
		err, put error
		want     bot.Attachment
	}{
		"arrives":                {nil, nil, stored},
		"network says too large": {bot.ErrTooLarge, nil, with(bot.FileTooLarge)},
		"we say too large":       {nil, bot.ErrTooLarge, with(bot.FileTooLarge)},
		"a bomb":                 {nil, bot.ErrRefused, with(bot.FileRefused)},
		"gone":                   {bot.ErrGone, nil, with(bot.FileGone)},
		"no longer allowed":      {&bot.SendError{Permanent: true, Reason: "forbidden"}, nil, with(bot.FileGone)},
	} {
		t.Run(name, func(t *testing.T) {
			s := openStore(t, newClock().now)
			kicks := 0
			f := newFixture(t, s, func(o *Options) { o.Delivered = func() { kicks++ } })
			f.sim.file = func(_ context.Context, a bot.Attachment) ([]byte, error) {
				if !reflect.DeepEqual(a, photo()) {
					t.Errorf("asked for %+v", a)
				}
				return []byte("bukti"), c.err
			}
			f.files.refuse = c.put
			fetchJob(t, s)
			f.drain(t)
			got := told(t, s)
			if len(got) != 1 || got[0].Kind != bot.KindFetched || !reflect.DeepEqual(*got[0].Fetched, bot.Fetched{Tip: 3, Item: 2, File: c.want}) {
				t.Errorf("told %+v, want %+v", got, c.want)
			}
			if q := queues(t, s); q.Jobs != 0 || kicks != 1 || f.Stats().Jobs != 1 {
				t.Errorf("queues %+v, %d kicks, stats %+v", q, kicks, f.Stats())
			}
		})
	}
}

func TestFetchTriesForADay(t *testing.T) {
	for name, say := range map[string]func() ([]byte, error){
		"error": func() ([]byte, error) { return nil, errors.New("connection cut") },
		"panic": func() ([]byte, error) { panic("x") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := openStore(t, time.Now)
				f := newFixture(t, s, nil)
				tries := int64(0)
				f.sim.file = func(context.Context, bot.Attachment) ([]byte, error) { tries++; return say() }
				fetchJob(t, s)
				stop := f.start(t)
				time.Sleep(23 * time.Hour)
				synctest.Wait()
				if queues(t, s).Jobs != 1 || queues(t, s).Inbox != 0 {
					t.Errorf("queues %+v before the day is over", queues(t, s))
				}
				time.Sleep(2 * time.Hour)
				synctest.Wait()
				stop()
				if name == "panic" {
					f.panics = tries
				}
				got := told(t, s)
				if len(got) != 1 || got[0].Fetched.File.State != bot.FileGone || queues(t, s).Jobs != 0 {
					t.Errorf("told %+v, want the file gone", got)
				}
			})
		})
	}
}

// The bytes are there and their update is not yet noted when the process dies: the next one does
// the job again, stores nothing twice and tells once.
func TestFetchAgainAfterACrash(t *testing.T) {
	c := newClock()
	s := &failing{Store: openStore(t, c.now)}
	dead := newFixture(t, s, func(o *Options) { o.Now = c.now })
	dead.sim.file = func(context.Context, bot.Attachment) ([]byte, error) { return []byte("bukti"), nil }
	fetchJob(t, s)
	r, err := dead.claim(t.Context(), 1)
	if err != nil || len(r.batch) != 1 {
		t.Fatal(r, err)
	}
	s.set(true)
	dying, cancel := context.WithCancel(t.Context())
	cancel()
	file, err := dead.bring(t.Context(), r.batch[0])
	if err != nil {
		t.Fatal(err)
	}
	dead.arrived(dying, r.batch[0], file)
	dead.land(r.batch[0].ID)
	s.set(false)
	if queues(t, s).Inbox != 0 {
		t.Fatal("told before the commit")
	}

	f := newFixture(t, s, func(o *Options) { o.Now, o.Evidence = c.now, dead.files })
	f.sim.file = dead.sim.file
	if n := f.drain(t); n != 0 {
		t.Errorf("%d steps before the claim ran out", n)
	}
	c.jump(fetchClaim)
	f.drain(t)
	if got := told(t, s); len(got) != 1 || len(dead.files.list()) != 1 {
		t.Errorf("told %+v, kept %v", got, dead.files.list())
	}
}

func TestUnlink(t *testing.T) {
	c := newClock()
	s := openStore(t, c.now)
	f := newFixture(t, s, func(o *Options) { o.Now = c.now })
	f.files.files["a"], f.files.files["b"] = []byte("a"), []byte("b")
	update(t, s, func(tx bot.Tx) error {
		_, err := tx.FileUsed("b", 2)
		return err
	})
	unlinkJob(t, s, "a")
	unlinkJob(t, s, "b")       // somebody else still refers to it
	unlinkJob(t, s, "missing") // done before a crash
	f.drain(t)
	if got := f.files.list(); !slices.Equal(got, []string{"b"}) || queues(t, s).Jobs != 0 {
		t.Errorf("kept %v, queues %+v", got, queues(t, s))
	}

	update(t, s, func(tx bot.Tx) error {
		_, err := tx.FileUsed("b", -2)
		return err
	})
	f.files.fail = errDisk
	unlinkJob(t, s, "b")
	f.drain(t)
	if got := f.files.list(); len(got) != 1 || queues(t, s).Jobs != 1 {
		t.Errorf("a removal that failed left %v, queues %+v", got, queues(t, s))
	}
	f.files.fail = nil
	c.jump(time.Minute)
	f.drain(t)
	if got := f.files.list(); len(got) != 0 || queues(t, s).Jobs != 0 {
		t.Errorf("kept %v, queues %+v", got, queues(t, s))
	}
}

// Content that one person erases while another's fetch just found it stored stays: the update that
// will count it is not handled yet.
func TestUnlinkWaitsForFetchResults(t *testing.T) {
	c := newClock()
	s := openStore(t, c.now)
	f := newFixture(t, s, func(o *Options) { o.Now = c.now })
	f.sim.file = func(context.Context, bot.Attachment) ([]byte, error) { return []byte("bukti"), nil }
	fetchJob(t, s)
	f.drain(t)
	sha := f.files.list()[0]
	for range 3 {
		unlinkJob(t, s, sha)
		c.jump(unlinkWait)
		f.drain(t)
	}
	if len(f.files.list()) != 1 || queues(t, s).Jobs != 3 {
		t.Fatalf("kept %v, queues %+v; want it kept while its update waits", f.files.list(), queues(t, s))
	}
	for _, u := range told(t, s) {
		update(t, s, func(tx bot.Tx) error {
			_, err := tx.FileUsed(u.Fetched.File.SHA256, 1)
			return err
		})
	}
	c.jump(time.Minute)
	f.drain(t)
	if len(f.files.list()) != 1 || queues(t, s).Jobs != 0 {
		t.Errorf("kept %v, queues %+v; want it kept for its new reference", f.files.list(), queues(t, s))
	}
}

func TestUnknownJobsAreRetired(t *testing.T) {
	s := openStore(t, newClock().now)
	f := newFixture(t, s, nil)
	update(t, s, func(tx bot.Tx) error { return tx.EnqueueJob(bot.Job{Kind: "transcribe"}) })
	f.drain(t)
	if q := queues(t, s); q.Jobs != 0 || q.Retired != 1 {
		t.Errorf("queues %+v", q)
	}
}
