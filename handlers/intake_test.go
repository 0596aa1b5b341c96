package handlers

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"awassiber/bot"
)

func photo(id string) func(*bot.Incoming) {
	return func(m *bot.Incoming) {
		m.Files = append(m.Files, bot.Attachment{Kind: bot.Photo, Network: bot.Sim, FileID: id, Unique: id, Size: 1000})
	}
}

func album(id string) func(*bot.Incoming) { return func(m *bot.Incoming) { m.Album = id } }
func link(url string) func(*bot.Incoming) {
	return func(m *bot.Incoming) { m.Links = append(m.Links, url) }
}
func strange(what string) func(*bot.Incoming) { return func(m *bot.Incoming) { m.Unsupported = what } }

func forwarded(m *bot.Incoming) {
	m.Forward = &bot.Forward{Kind: bot.ForwardChannel, Title: "Kabar Kampung"}
}

// texts are the texts of a tip's items.
func texts(items []bot.Item) (out []string) {
	for _, it := range items {
		out = append(out, it.Text)
	}
	return out
}

// holds fails unless the person has these tips, oldest first, each with these texts.
func (w *world) holds(who string, want ...[]string) {
	w.t.Helper()
	_, items := w.tips(who)
	var got [][]string
	for _, all := range items {
		got = append(got, texts(all))
	}
	if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
		w.t.Errorf("%s has %q, want %q", who, got, want)
	}
}

const (
	receipt = "Terima kasih, Kak. Kiriman Kakak sudah kami terima."
	claim   = "Menurut Kakak, ini apa?"
	card    = "Jenis: belum disebut"
)

func TestBurst(t *testing.T) {
	w := newWorld(t)
	for _, s := range []string{"satu", "dua", "tiga"} {
		w.private("warga1", s)
		w.wait(14 * time.Second)
	}
	if said := w.heard(); len(said) != 0 {
		t.Fatalf("a burst was answered before it ended: %+v", said)
	}
	w.wait(time.Second)
	said := w.heard()
	wants(t, to(said, "warga1"), receipt, claim)
	wants(t, to(said, "koordinator"), "satu\ndua\ntiga")
	w.holds("warga1", []string{"satu", "dua", "tiga"})
	w.wait(time.Hour)
	if said := w.heard(); len(said) != 0 {
		t.Errorf("a tip was answered twice: %+v", said)
	}
}

func TestTwoPeopleAreTwoTips(t *testing.T) {
	w := newWorld(t)
	w.private("warga1", "satu")
	w.private("warga2", "dua")
	w.wait(15 * time.Second)
	w.holds("warga1", []string{"satu"})
	w.holds("warga2", []string{"dua"})
}

// A timer that fires early, twice, or for a tip long done changes nothing.
func TestQuietTimerOutOfTurn(t *testing.T) {
	w := newWorld(t)
	w.private("warga1", "satu")
	fire := func(name string, tip bot.TipID) {
		w.update(func(tx bot.Tx) error {
			return w.router.Handle(tx, bot.Update{Kind: bot.KindTimer, Timer: &bot.Timer{Name: name, Tip: tip}})
		})
	}
	fire("quiet/1", 1)
	fire("added/1", 1)
	fire("quiet/9", 9)
	if said := w.heard(); len(said) != 0 {
		t.Fatalf("said too early: %+v", said)
	}
	w.wait(15 * time.Second)
	w.heard()
	before := w.state()
	fire("quiet/1", 1)
	if said := w.heard(); len(said) != 0 || w.state() != before {
		t.Errorf("a timer that fired twice did something: %+v", said)
	}
	err := w.store.Update(t.Context(), func(tx bot.Tx) error {
		return w.router.Handle(tx, bot.Update{Kind: bot.KindTimer, Timer: &bot.Timer{Name: "coffee/1"}})
	})
	if err == nil {
		t.Error("a timer nobody knows was passed over in silence")
	}
}

// With a quiet period of a millisecond an album still is one tip, and what straggles in after its
// receipt joins it.
func TestAlbum(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.Quiet = time.Millisecond })
	w.private("warga1", "tiga foto", photo("a"), album("A"))
	w.wait(time.Second)
	w.private("warga1", "", photo("b"), album("A"))
	w.wait(time.Second)
	if said := w.heard(); len(said) != 0 {
		t.Fatalf("an album was cut in two: %+v", said)
	}
	w.wait(time.Second)
	wants(t, to(w.heard(), "warga1"), receipt, claim)
	w.private("warga1", "0") // skip the rest: nothing is open any more
	for range 4 {
		w.private("warga1", "0")
	}
	w.heard()

	w.private("warga1", "", photo("c"), album("A"))
	w.private("warga1", "", photo("d"), album("A"))
	w.wait(2 * time.Second)
	said := w.heard()
	wants(t, to(said, "warga1"), "Sudah kami tambahkan")
	wants(t, to(said, "koordinator"), "Lampiran: 4 foto", "Lampiran JBI", "Lampiran JBI")
	if tips, items := w.tips("warga1"); len(tips) != 1 || len(items[0]) != 4 {
		t.Errorf("%d tips: %+v", len(tips), items)
	}

	w.private("warga1", "", photo("e"), album("B"))
	w.wait(2 * time.Second)
	if tips, _ := w.tips("warga1"); len(tips) != 2 {
		t.Errorf("another album joined the tip: %d tips", len(tips))
	}
}

func TestEdits(t *testing.T) {
	w := newWorld(t)
	id := w.private("warga1", "di RT 3")
	w.edit("warga1", id, "di RT 5")
	w.wait(15 * time.Second)
	// The desk reads what the sender meant; what was written first is kept beside it.
	wants(t, to(w.heard(), "koordinator"), "di RT 5")
	w.holds("warga1", []string{"di RT 3", "di RT 5"})

	w.edit("warga1", id, "di RT 5") // a network that shows a link preview tells of an edit
	if said := w.heard(); len(said) != 0 {
		t.Errorf("an edit without a change was told: %+v", said)
	}
	w.edit("warga1", id, "di RT 6")
	said := w.heard()
	wants(t, to(said, "koordinator"), "di RT 6")
	wants(t, to(said, "warga1"))
	w.holds("warga1", []string{"di RT 3", "di RT 5", "di RT 6"})

	w.edit("warga1", "p999", "tak dikenal")
	w.edit("warga2", id, "punya orang lain")
	if said := w.heard(); len(said) != 0 {
		t.Errorf("an edit of nothing was told: %+v", said)
	}
	w.holds("warga1", []string{"di RT 3", "di RT 5", "di RT 6"})
	w.holds("warga2")
}

// A text may say "click here" and hide what it leads to: the desk must see it.
func TestHiddenLinksReachTheDesk(t *testing.T) {
	w := newWorld(t)
	w.private("warga1", "klik di sini https://terlihat.example.id", link("https://tersembunyi.example.id/hadiah"), link("https://terlihat.example.id"))
	w.wait(15 * time.Second)
	cards := to(w.heard(), "koordinator")
	wants(t, cards, "klik di sini https://terlihat.example.id\nhttps://tersembunyi.example.id/hadiah")
	if strings.Count(cards[0], "terlihat.example.id") != 1 {
		t.Errorf("a link that is in the text is shown again: %s", cards[0])
	}
	w.group(officer, "/lihat 1")
	if said := to(w.heard(), "koordinator"); strings.Count(said[0], "tersembunyi") != 2 {
		t.Errorf("/lihat hides the link: %s", said[0])
	}
}

// A photo first and then the words: the card gets them, and the venue of a place is told.
func TestWordsAfterThePhoto(t *testing.T) {
	w := newWorld(t)
	w.private("warga1", "", photo("a"))
	w.wait(15 * time.Second)
	wants(t, to(w.heard(), "koordinator"), "(Tanpa tulisan.)", "Lampiran JBI")
	w.private("warga1", "ini baliho di depan sekolah dasar negeri", forwarded)
	w.private("warga1", "", func(m *bot.Incoming) {
		m.Location = &bot.Location{Latitude: -1.6, Longitude: 103.6, Title: "Balai Desa"}
	})
	w.wait(15 * time.Second)
	wants(t, to(w.heard(), "koordinator"), "saluran Kabar Kampung\nLampiran: 1 foto\n\nini baliho", "Tambahan", "Balai Desa, -1.60000, 103.60000")
}

func fetchedFile(w *world, job bot.Job, sha string) {
	f := job.File
	f.SHA256, f.State, f.Size = sha, bot.FileStored, 1000
	w.happen(bot.Update{Kind: bot.KindFetched, Fetched: &bot.Fetched{Tip: job.Tip, Item: job.Item, File: f}})
}

// used is how many references a stored file has.
func (w *world) used(sha string) (n int) {
	w.t.Helper()
	w.update(func(tx bot.Tx) (err error) { n, err = tx.FileUsed(sha, 0); return err })
	return n
}

func (w *world) unlinked() (out []string) {
	for _, j := range w.jobs {
		if j.Kind == bot.JobUnlink {
			out = append(out, j.File.SHA256)
		}
	}
	return out
}

func TestTwoFilesOneTip(t *testing.T) {
	w := newWorld(t)
	w.private("warga1", "", photo("a"), photo("b"))
	w.heard()
	if len(w.jobs) != 2 {
		t.Fatalf("%d jobs for two files", len(w.jobs))
	}
	same := strings.Repeat("ab", 32)
	fetchedFile(w, w.jobs[1], same)
	w.wait(15 * time.Second)
	fetchedFile(w, w.jobs[0], same)
	if n := w.used(same); n != 2 {
		t.Errorf("two attachments of the same content count %d", n)
	}
	_, items := w.tips("warga1")
	for i, f := range items[0][0].Files {
		if f.SHA256 != same || f.State != bot.FileStored || f.FileID != []string{"a", "b"}[i] {
			t.Errorf("file %d is %+v", i, f)
		}
	}
	w.heard()
	w.private("warga1", "HAPUS DATA")
	w.private("warga1", "1")
	w.heard()
	if got := w.unlinked(); w.used(same) != 0 || !slices.Equal(got, []string{same}) {
		t.Errorf("after erasing: used %d, unlinked %q", w.used(same), got)
	}
}

// A file that arrives after its sender left is removed again, and told to nobody.
func TestFileAfterErasure(t *testing.T) {
	w := newWorld(t)
	w.private("warga1", "rahasia", photo("a"))
	w.wait(15 * time.Second)
	w.heard()
	w.private("warga1", "hapus data")
	w.heard()
	w.private("warga1", "ya")
	wants(t, to(w.heard(), "warga1"), "Data Kakak sudah kami hapus (1 aduan)")
	sha := strings.Repeat("cd", 32)
	fetchedFile(w, w.jobs[0], sha)
	said := w.heard()
	if got := w.unlinked(); len(said) != 0 || w.used(sha) != 0 || !slices.Equal(got, []string{sha}) {
		t.Errorf("said %+v, used %d, unlinked %q", said, w.used(sha), got)
	}
	if c := w.caseOf(1); c.Excerpt != "" || len(c.Files) != 0 || !c.Erased {
		t.Errorf("the case still tells: %+v", c)
	}
}

func TestLaporWhileGathering(t *testing.T) {
	w := newWorld(t)
	w.private("warga1", "hal pertama")
	w.private("warga1", "LAPOR")
	// Nothing is asked about the first: a typed "1" could not answer it any more.
	wants(t, to(w.heard(), "warga1"), "Silakan kirim atau teruskan", receipt)
	w.private("warga1", "hal kedua")
	w.wait(15 * time.Second)
	wants(t, to(w.heard(), "warga1"), receipt, claim)
	w.holds("warga1", []string{"hal pertama"}, []string{"hal kedua"})

	w.private("warga1", "lapor hal ketiga")
	w.wait(15 * time.Second)
	wants(t, to(w.heard(), "warga1"), receipt, claim)
	w.holds("warga1", []string{"hal pertama"}, []string{"hal kedua"}, []string{"lapor hal ketiga"})
}

func TestBatal(t *testing.T) {
	w := newWorld(t)
	w.private("warga1", "kabar")
	w.private("warga1", "BATAL")
	wants(t, to(w.heard(), "warga1"), "sedang kami kumpulkan")
	w.wait(15 * time.Second)
	wants(t, to(w.heard(), "warga1"), receipt, claim)
	w.private("warga1", "/batal")
	wants(t, to(w.heard(), "warga1"), "kami berhenti bertanya")
	w.private("warga1", "batal")
	wants(t, to(w.heard(), "warga1"), "Tidak ada yang perlu dibatalkan")
	w.private("warga1", "hapus data")
	w.private("warga1", "batal")
	wants(t, to(w.heard(), "warga1"), "Hapus semua data", "tidak ada yang dihapus")
	w.holds("warga1", []string{"kabar"})
}

func TestHapusDataWhileGathering(t *testing.T) {
	w := newWorld(t)
	w.private("warga1", "salah kirim")
	w.private("warga1", "HAPUS DATA")
	if said := to(w.heard(), "warga1"); !strings.Contains(said[len(said)-1], "dari 1 aduan") {
		t.Fatalf("said %q", said)
	}
	w.wait(20 * time.Second) // the confirmation must not be taken for an answer to something else
	w.heard()
	w.private("warga1", "1")
	wants(t, to(w.heard(), "warga1"), "Data Kakak sudah kami hapus (1 aduan)")
	w.holds("warga1")
	w.wait(time.Hour)
	if said := w.heard(); len(said) != 0 {
		t.Errorf("something of it came after the farewell: %+v", said)
	}
	if s := w.state(); strings.Contains(s, "salah kirim") {
		t.Errorf("the text is still there:\n%s", s)
	}
}

// What is typed instead of a confirmation erases nothing, and is not lost either.
func TestHapusDataAndThenATip(t *testing.T) {
	for _, late := range []time.Duration{0, 3 * 24 * time.Hour} {
		w := newWorld(t)
		w.tip("warga1", "kabar")
		w.private("warga1", "hapus data")
		w.wait(late)
		w.heard()
		w.private("warga1", "ada politik uang di RT 5")
		w.wait(15 * time.Second)
		said := to(w.heard(), "warga1")
		if late == 0 {
			wants(t, said, "tidak ada yang dihapus", receipt, claim)
		} else {
			wants(t, said, receipt, claim)
		}
		w.holds("warga1", []string{"kabar"}, []string{"ada politik uang di RT 5"})
	}
}

// TestRevoked: what a sender deletes in their own chat is told, and kept until they ask for erasure.
func TestRevoked(t *testing.T) {
	w := newWorld(t)
	id := w.private("warga1", "di RT 3")
	w.wait(15 * time.Second)
	w.heard()
	revoke := func(who string, id bot.MessageID) {
		w.happen(bot.Update{Kind: bot.KindRevoked, Chat: chat(who), Private: true, From: bot.Person{Address: chat(who), Name: who},
			Message: &bot.Incoming{ID: id}})
	}
	revoke("warga1", id)
	said := w.heard()
	wants(t, to(said, "koordinator"), "menghapus satu pesannya")
	wants(t, to(said, "warga1"), "HAPUS DATA")
	w.holds("warga1", []string{"di RT 3"})
	revoke("warga2", id)
	revoke("warga1", "p999")
	if said := w.heard(); len(said) != 0 {
		t.Errorf("a deletion of nothing was told: %+v", said)
	}
}
