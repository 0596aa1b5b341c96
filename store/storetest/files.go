package storetest

import (
	"errors"

	"awassiber/bot"
)

func files(e *env) {
	for _, step := range []struct {
		sha         string
		delta, want int
	}{{"aa", 1, 1}, {"aa", 1, 2}, {"bb", 1, 1}, {"aa", 0, 2}, {"aa", -1, 1}, {"aa", -1, 0}, {"aa", -1, 0}, {"bb", -1, 0}} {
		same(e, change(e, func(tx bot.Tx) (int, error) { return tx.FileUsed(step.sha, step.delta) }), step.want)
	}
}

// stored is a file as it is after a fetch; known is what is remembered of it.
func stored(sha, unique string) bot.Attachment {
	return bot.Attachment{Kind: bot.Photo, Network: bot.Sim, FileID: "id/" + unique, Unique: unique, Name: "foto.jpg",
		MIME: "image/png", Size: 9, SHA256: sha, State: bot.FileStored, Text: "coblos nomor", Prints: []byte{1, 0, 2}}
}

func known(sha string) bot.Attachment {
	a := stored(sha, "")
	a.Kind, a.Network, a.FileID, a.Name = "", "", "", ""
	return a
}

func (e *env) know(a bot.Attachment) { e.update(func(tx bot.Tx) error { return tx.KnowFile(a) }) }

func (e *env) used(sha string, delta int) {
	e.update(func(tx bot.Tx) error { _, err := tx.FileUsed(sha, delta); return err })
}

func (e *env) knows(unique, sha string) {
	e.Helper()
	same(e, view(e, func(tx bot.Tx) (bot.Attachment, error) { return tx.KnownFile(bot.Sim, unique) }), known(sha))
}

func (e *env) forgot(unique string) {
	e.Helper()
	missing(e, func(tx bot.Tx) (bot.Attachment, error) { return tx.KnownFile(bot.Sim, unique) })
}

// knownFiles: what is in a file is found by each of its names and by its content, and by nothing else.
func knownFiles(e *env) {
	e.forgot("u1")
	e.know(stored("aa", "u1"))
	e.know(stored("aa", "u1"))
	e.know(stored("aa", "u2")) // the same bytes, uploaded again
	e.know(stored("aaa", "u3"))
	e.know(stored("bb", "")) // a network that gives no names
	e.knows("u1", "aa")
	e.knows("u2", "aa")
	e.knows("u3", "aaa")
	same(e, view(e, func(tx bot.Tx) (bot.Attachment, error) { return tx.KnownContent("bb") }), known("bb"))
	e.forgot("")
	e.forgot("u")
	missing(e, func(tx bot.Tx) (bot.Attachment, error) { return tx.KnownFile(bot.Telegram, "u1") })
	missing(e, func(tx bot.Tx) (bot.Attachment, error) { return tx.KnownContent("a") })
	missing(e, func(tx bot.Tx) (bot.Attachment, error) { return tx.KnownContent("") })

	better := stored("aa", "u1")
	better.Text = "coblos nomor dua"
	e.know(better)
	same(e, view(e, func(tx bot.Tx) (string, error) { a, err := tx.KnownFile(bot.Sim, "u2"); return a.Text, err }), better.Text)
	e.know(stored("cc", "u2")) // a name that came to mean something else
	e.knows("u2", "cc")
	if e.store.Update(e.Context(), func(tx bot.Tx) error { return tx.KnowFile(bot.Attachment{Unique: "u9"}) }) == nil {
		e.Fatal("a file that is not stored was remembered")
	}
}

// forgottenFiles: what a file said goes with the last reference to it, and no sooner.
func forgottenFiles(e *env) {
	e.know(stored("aa", "u1"))
	e.know(stored("aa", "u2"))
	e.know(stored("aaa", "u3"))
	e.used("aa", 0) // asking changes nothing: the first reference may still be on its way
	e.knows("u1", "aa")
	e.used("aa", 2)
	e.used("aaa", 1)
	e.used("aa", -1)
	e.knows("u2", "aa")
	e.used("aa", -1)
	e.forgot("u1")
	e.forgot("u2")
	missing(e, func(tx bot.Tx) (bot.Attachment, error) { return tx.KnownContent("aa") })
	e.knows("u3", "aaa")
	e.update(func(tx bot.Tx) error {
		return errors.Join(tx.ForgetFile("aaa"), tx.ForgetFile("aaa"), tx.ForgetFile("never"))
	})
	e.forgot("u3")
	same(e, change(e, func(tx bot.Tx) (int, error) { return tx.FileUsed("aaa", 0) }), 1)
	e.know(stored("aa", "u1")) // and may be known again
	e.knows("u1", "aa")
}

// forgetFetched: a fetched file whose update nobody could handle has no reference; who leaves has it removed.
func forgetFetched(e *env) {
	p := e.id("warga1")
	e.deliver(e.private("warga1", "a1"))
	tip := change(e, func(tx bot.Tx) (bot.Tip, error) { return tx.NewTip(bot.Tip{Reporter: p}) })
	file := stored("aa", "u1")
	e.know(file)
	e.deliver(bot.Update{Network: bot.Sim, ID: "f", Kind: bot.KindFetched, Fetched: &bot.Fetched{Tip: tip.ID, File: file}})
	e.update(func(tx bot.Tx) error {
		ids, err := tx.Arrivals(10)
		for _, id := range ids {
			err = errors.Join(err, tx.Quarantine(id, "panic"))
		}
		return err
	})
	same(e, e.queues().Jobs, 0)
	e.update(func(tx bot.Tx) error { return tx.Forget(p) })
	d := e.drain()
	same(e, len(d), 1)
	same(e, *d[0].Job, bot.Job{Kind: bot.JobUnlink, File: file.Reference()})
}
