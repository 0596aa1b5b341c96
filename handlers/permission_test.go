package handlers

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"awassiber/bot"
)

// The roles, by who has them in a world. A removed coordinator is a stranger again.
const (
	stranger = "tamu"
	removed  = "mantan"
	officer  = "petugas1"
	admin    = "admin"
	keeper   = "penjaga" // a custodian, and nothing besides
)

// action is a row of the permission table: what is done, in which state of case 1, and who may.
type action struct {
	do      string
	given   string // what petugas1 did to the case before; "hold" is the admin's
	may     []string
	changes bool // if it may, something in the store is different afterwards
}

func everyone() []string { return []string{stranger, removed, officer, admin, keeper} }
func staff() []string    { return []string{officer, admin} }
func readers() []string  { return []string{officer, admin, keeper} }

// commandTable has a row for every command. It is written out, and not asked of bot.May, which it tests.
func commandTable() map[string]action {
	return map[string]action{
		"kasus":      {"/kasus", "", readers(), false},
		"lihat":      {"/lihat 1", "", readers(), false},
		"ambil":      {"/ambil 1", "", staff(), true},
		"lepas":      {"/lepas 1", "take", staff(), true},
		"catat":      {"/catat 1 catatan", "", staff(), true},
		"putus":      {"/putus 1 SALAH keterangan", "", staff(), true},
		"ralat":      {"/ralat 1 BENAR keterangan lain", "published", staff(), true},
		"setuju":     {"/setuju 1", "proposed", staff(), true},
		"tolak":      {"/tolak 1 kurang jelas", "proposed", staff(), true},
		"darurat":    {"/darurat 1 mendesak", "proposed", []string{admin}, true},
		"tugaskan":   {"/tugaskan 1 petugas2", "", staff(), true},
		"jenis":      {"/jenis 1 PU", "", staff(), true},
		"wilayah":    {"/wilayah 1 tebo", "", staff(), true},
		"pihak":      {"/pihak 1 01", "", staff(), true},
		"tanya":      {"/tanya 1 di TPS berapa?", "", staff(), true},
		"gabung":     {"/gabung 1 2", "two", staff(), true},
		"pisah":      {"/pisah 1 2", "merged", staff(), true},
		"rujuk":      {"/rujuk 1 BAWASLU_PROV", "", staff(), true},
		"diterima":   {"/diterima 1 003/LP/PB/Kab/06.08/XII/2024", "referred", staff(), true},
		"kembali":    {"/kembali 1 kurang saksi", "referred", staff(), true},
		"tenggat":    {"/tenggat", "", readers(), false},
		"fase":       {"/fase", "", readers(), false},
		"cermin":     {"/cermin", "", readers(), false},
		"organisasi": {"/organisasi", "", readers(), false},
		"anggota":    {"/anggota undang IWO", "", []string{admin}, false},
		"insiden":    {"/insiden berkas terkirim ke alamat yang salah", "", []string{admin}, true},
		"identitas":  {"/identitas 1 diminta untuk berita acara", "known", []string{keeper}, true},
		"tutup":      {"/tutup 1 alasan", "", staff(), true},
		"buka":       {"/buka 1", "spam", staff(), true},
		"cari":       {"/cari kabar", "", readers(), false},
		"riwayat":    {"/riwayat 1", "", readers(), false},
		"ringkasan":  {"/ringkasan", "", readers(), false},
		"antrean":    {"/antrean", "", readers(), false},
		"petugas":    {"/petugas tambah orang", "", []string{admin}, true},
		"tahan":      {"/tahan", "", []string{admin}, true},
		"lanjut":     {"/lanjut", "hold", []string{admin}, true},
		"bantuan":    {"/bantuan", "", everyone(), false},
		"alamat":     {"/alamat", "", everyone(), false},
	}
}

func buttonTable() map[string]action {
	return map[string]action{
		"take":      {"k:1:take", "", staff(), true},
		"release":   {"k:1:release", "take", staff(), true},
		"hoax":      {"k:1:hoax", "", staff(), true},
		"violation": {"k:1:violation", "", staff(), true},
		"spam":      {"k:1:spam", "", staff(), true},
		"reopen":    {"k:1:reopen", "spam", staff(), true},
		"approve":   {"k:1:approve", "proposed", staff(), true},
		"sort":      {"k:1:sort", "", staff(), false},
		"place":     {"k:1:place", "", staff(), false},
		"cat-PU":    {"k:1:cat-PU", "", staff(), true},
		"area":      {"k:1:area-15.09", "", staff(), true},
	}
}

// prepare makes case 1 as a row wants it.
func prepare(t *testing.T, a action) *world {
	w := newWorld(t)
	w.tip("warga1", "kabar yang meragukan")
	switch a.given {
	case "hold":
		w.group(admin, "/tahan")
	case "":
	case "proposed", "published", "two", "merged", "referred", "known":
		w.advance(a.given)
	default:
		w.pressCard(officer, "k:1:"+a.given)
	}
	w.update(func(tx bot.Tx) error { return tx.SetHold(false) }) // the harness hears everything
	w.heard()
	if a.given == "hold" {
		w.update(func(tx bot.Tx) error { return tx.SetHold(true) })
	}
	return w
}

// advance brings case 1 to a stage by what petugas2 and the admin do.
func (w *world) advance(to string) {
	switch to {
	case "proposed", "published":
		w.group("petugas2", "/putus 1 SALAH keterangan")
		if to == "published" {
			w.group(admin, "/setuju 1")
		}
	case "two", "merged":
		w.tip("warga2", "kabar yang sama")
		if to == "merged" {
			w.group(admin, "/gabung 1 2")
		}
	case "known": // to the bot, so that it can answer in private
		w.private(keeper, "MENU")
	case "referred":
		w.group(admin, "/rujuk 1 BAWASLU_PROV")
	}
}

// try has everybody do the same thing, those without the right first: their refusals must leave the
// store as it was.
func try(t *testing.T, a action, do func(w *world, who, what string)) {
	w := prepare(t, a)
	before := w.state()
	for _, who := range everyone() {
		if slices.Contains(a.may, who) {
			continue
		}
		do(w, who, a.do)
		if got := w.state(); got != before {
			t.Fatalf("%s was refused, and yet the store changed:\n%s", who, got)
		}
		refusal := w.anything()
		if len(refusal) != 1 || !strings.Contains(refusal[0].text, "Maaf "+who) {
			t.Errorf("%s was not refused in so many words: %+v", who, refusal)
		}
	}
	for _, who := range a.may {
		w := prepare(t, a)
		before := w.state()
		do(w, who, a.do)
		if changed := w.state() != before; changed != a.changes {
			t.Errorf("%s: changed is %v, want %v", who, changed, a.changes)
		}
		said := w.anything()
		if len(said) == 0 {
			t.Errorf("%s got no answer", who)
		}
		for _, l := range said {
			if strings.HasPrefix(l.text, "Maaf") || strings.Contains(l.text, "⟦") {
				t.Errorf("%s was answered %q", who, l.text)
			}
		}
	}
}

// anything is what the bot said, held or not.
func (w *world) anything() []line {
	held := false
	w.update(func(tx bot.Tx) (err error) {
		if held, err = tx.Held(); err != nil {
			return err
		}
		return tx.SetHold(false)
	})
	out := w.heard()
	w.update(func(tx bot.Tx) error { return tx.SetHold(held) })
	return out
}

func TestCommandsByRole(t *testing.T) {
	table := commandTable()
	if got, want := slices.Sorted(maps.Keys(table)), slices.Sorted(slices.Values(CommandNames())); !slices.Equal(got, want) {
		t.Fatalf("the table has %q, the program %q", got, want)
	}
	for name, a := range table {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			try(t, a, func(w *world, who, what string) { w.group(who, what) })
		})
	}
}

func TestButtonsByRole(t *testing.T) {
	for name, a := range buttonTable() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			try(t, a, func(w *world, who, what string) { w.pressCard(who, what) })
		})
	}
}

// Every alias needs the right of its command.
func TestAliasesNeedTheSameRight(t *testing.T) {
	w := newWorld(t)
	for _, c := range deskCommands() {
		for _, alias := range c.aliases {
			got, known := w.router.command(alias)
			if !known || got.name != c.name || got.needs != c.needs {
				t.Errorf("%s leads to %q, which needs %q", alias, got.name, got.needs)
			}
		}
	}
}

// What another coordinator holds is theirs; an admin may step in.
func TestHeldBySomebodyElse(t *testing.T) {
	for _, do := range []string{"/ambil 1", "/lepas 1", "/putus 1 SALAH keterangan", "/tutup 1 alasan", "k:1:take", "k:1:release", "k:1:spam"} {
		t.Run(do, func(t *testing.T) {
			t.Parallel()
			w := prepare(t, action{given: "take"})
			before := w.state()
			if strings.HasPrefix(do, "/") {
				w.group("petugas2", do)
			} else {
				w.pressCard("petugas2", do)
			}
			if w.state() != before {
				t.Error("another's case was changed")
			}
			wants(t, to(w.heard(), "koordinator"), "sudah diambil oleh petugas1")
		})
	}
}

var helpLine = regexp.MustCompile(`(?m)^/(\w+)`)

func TestHelpListsWhatTheAskerMay(t *testing.T) {
	w := newWorld(t)
	for _, who := range everyone() {
		var want []string
		for name, a := range commandTable() {
			if slices.Contains(a.may, who) && slices.Contains(readers(), who) { // strangers are told where to write
				want = append(want, name)
			}
		}
		w.group(who, "/bantuan")
		said := to(w.heard(), "koordinator")
		if len(said) != 1 {
			t.Fatalf("%s heard %q", who, said)
		}
		var got []string
		for _, m := range helpLine.FindAllStringSubmatch(said[0], -1) {
			got = append(got, m[1])
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s is shown %q, may %q", who, got, want)
		}
		for name, a := range commandTable() {
			w.group(who, "/bantuan "+name)
			shown := strings.Contains(to(w.heard(), "koordinator")[0], "Contoh: /")
			if shown != (slices.Contains(a.may, who) && slices.Contains(readers(), who)) {
				t.Errorf("%s asks about %s: explained is %v", who, name, shown)
			}
		}
	}
}

// In another group the desk's commands do not exist, whoever types them. What is known anywhere is answered to the
// desk's people, in an organisation's group, and where the bot is called by its name.
func TestOtherGroups(t *testing.T) {
	w := newWorld(t)
	w.tip("warga1", "kabar")
	before := w.state()
	w.update(func(tx bot.Tx) error {
		return tx.PutChannel(bot.Channel{Organisation: "MAFINDO", Group: chat("mitra")})
	})
	say := func(who, group, text string) []string {
		w.happen(bot.Update{Kind: bot.KindMessage, Chat: chat(group), From: bot.Person{Address: chat(who), Name: who},
			Message: &bot.Incoming{ID: bot.MessageID(fmt.Sprint("o", w.seq)), Text: text}})
		return to(w.heard(), group)
	}
	for _, who := range everyone() {
		for name, a := range commandTable() {
			anywhere := name == "bantuan" || name == "alamat"
			said := say(who, "lain", a.do)
			if (len(said) == 1) != (anywhere && slices.Contains(readers(), who)) {
				t.Errorf("%s typed %s and heard %q", who, a.do, said)
			}
			called := strings.Replace(a.do, "/"+name, "/"+name+"@awas_siber_bot", 1)
			for group, text := range map[string]string{"lain": called, "mitra": a.do} {
				if heard := say(who, group, text); (len(heard) == 1) != anywhere {
					t.Errorf("%s typed %s in %s and heard %q", who, text, group, heard)
				}
			}
			if helpLine.MatchString(strings.Join(said, "\n")) {
				t.Errorf("%s is shown the desk's commands in another group", who)
			}
		}
		w.happen(bot.Update{Kind: bot.KindPress, Chat: chat("lain"), From: bot.Person{Address: chat(who), Name: who},
			Press: &bot.Press{ID: fmt.Sprint("press", w.seq), Data: "k:1:take"}})
	}
	if said := w.heard(); len(said) != 0 || w.state() != before {
		t.Errorf("something happened: %+v", said)
	}
}

// Anonymous admins and channels of the coordinators' group are nobody: no right, no answer.
func TestAnonymousAdmin(t *testing.T) {
	w := newWorld(t)
	w.tip("warga1", "kabar")
	before := w.state()
	for _, text := range []string{"/ambil 1", "/bantuan", "/petugas tambah orang", "/tahan"} {
		w.happen(bot.Update{Kind: bot.KindMessage, Chat: desk(), From: bot.Person{Name: "Koordinator"},
			Message: &bot.Incoming{ID: bot.MessageID(fmt.Sprint("a", w.seq)), Text: text}})
	}
	if said := w.heard(); len(said) != 0 || w.state() != before {
		t.Errorf("an anonymous admin was heard: %+v", said)
	}
}

// forged is data no button of ours ever had, or not for whoever presses it. Tip 1 is warga1's, with
// its first question open.
func forged() []string {
	garbage := strings.Repeat("x", bot.MaxButtonData)
	return []string{
		"", ":", "::", "k", "k:", "k:1", "k:1:", "k:1:explode", "k:1:take:1", "k:0:take", "k:999:take", "k:-1:take", "k:+1:take", "k:1.0:take",
		"k:0x1:take", "k: 1:take", "k:18446744073709551616:take", "K:1:take", "k:1:TAKE", "k\x00:1:take", "K:1:take",
		"w:", "w:/status", "w:rahasia", "w:petugas_x", "w:mulai petugas_x",
		"a:", "a:1", "a:1:region", "a:1:region:", "a:1:region:99.99", "a:1:region:15", "a:1:region:15.09.01", "a:1:region:Tebo", "a:1:region:1509",
		"a:1:claim:", "a:1:claim:hoaks", "a:1:claim:HOAX", "a:1:confidentiality:public", "a:1:unknown:1", "a:1:menu:1", "a:1:Region:15.09",
		"a:1:happened:2999-01-01", "a:1:happened:2026-11-24", "a:1:learned:2026-11-24", "a:1:happened:kemarin", "a:1:happened:2026-02-30",
		"a:1:happened:0000-00-00", "a:1:happened:0000-01-01", "a:1:happened:0001-01-01", "a:1:happened:-001-01-01", "a:1:happened:1899-12-31",
		"a:0:region:15.09", "a:999:region:15.09", "a:-1:region:15.09", "a:1e0:region:15.09", "a:1:region:15.09:x",
		"a:0:erase:1", "a:1:erase:1", "a:0:erase:0", "a:x:erase:1", "a:0:ERASE:1",
		garbage, "k:1:" + garbage[:60], "a:1:region:" + garbage[:53], strings.Repeat("😀", 16), "k:1:take\xff", "\xff\xfe", "a:\u202e1:region:15.09",
	}
}

func TestForgedButtons(t *testing.T) {
	w := newWorld(t)
	w.tip("warga1", "kabar satu")
	w.tip("warga2", "kabar dua")
	before := w.state()
	for _, data := range append(forged(), "a:2:region:15.09", "a:2:claim:hoax", "a:2:claim:0", "k:1:take") {
		w.press("warga1", data)
		if got := w.state(); got != before {
			t.Fatalf("%q changed the store:\n%s", data, got)
		}
		for _, l := range w.heard() {
			if l.to != "warga1" || !l.note && !strings.Contains(l.text, "Tombol itu sudah tidak berlaku") {
				t.Errorf("%q was answered to %s: %q", data, l.to, l.text)
			}
		}
	}
	for _, data := range append(forged(), "a:1:region:15.09", "a:2:claim:hoax", "w:hapus data", "w:status") {
		w.pressCard(officer, data)
		if got := w.state(); got != before {
			t.Fatalf("%q changed the store:\n%s", data, got)
		}
		wants(t, to(w.heard(), "koordinator"), "Tombol itu sudah tidak berlaku")
	}
}

// FuzzPress lets a stranger press anything in the coordinators' group, and a citizen anything in
// their own chat: another's tip, the case, the staff and the audit trail stay as they are.
func FuzzPress(f *testing.F) {
	for _, data := range append(forged(), "a:1:region:15.09", "a:1:claim:hoax", "k:1:take", "k:1:spam", "w:lapor", "w:hapus data") {
		f.Add(data)
	}
	w := newWorld(f)
	w.tip("warga1", "kabar satu")
	before := w.state()
	undo := errors.New("undo")
	f.Fuzz(func(t *testing.T, data string) {
		for _, u := range []bot.Update{
			{Kind: bot.KindPress, Network: bot.Sim, Chat: desk(), From: bot.Person{ID: w.person(stranger), Name: stranger}},
			{Kind: bot.KindPress, Network: bot.Sim, Private: true, From: bot.Person{ID: w.person("warga2")}},
		} {
			u.Press = &bot.Press{ID: "p", Data: data}
			err := w.store.Update(t.Context(), func(tx bot.Tx) error {
				hello := bot.Update{Network: bot.Sim, ID: "hello", Kind: bot.KindPress, Chat: chat("warga2"), Private: true,
					From: bot.Person{Address: chat("warga2")}, Press: &bot.Press{ID: "p"}}
				if _, err := tx.Deliver(hello); err != nil { // so that warga2 can be answered
					return err
				}
				if err := w.router.Handle(tx, u); err != nil {
					return err
				}
				after, err := state(tx)
				if err == nil && after != before {
					t.Errorf("%q changed the store:\n%s", data, after)
				}
				return errors.Join(err, undo)
			})
			if !errors.Is(err, undo) {
				t.Errorf("%q: %v", data, err)
			}
		}
	})
}

// The table of rights in docs/casework.md is that of the program, and every command stands in it, once.
func TestRightsDocument(t *testing.T) {
	raw, err := os.ReadFile("../docs/casework.md")
	check(t, err)
	_, table, found := strings.Cut(string(raw), "| right | coordinator | admin | custodian | commands |\n|---|---|---|---|---|\n")
	if !found {
		t.Fatal("there is no table of rights")
	}
	for i, line := range strings.Split(strings.TrimSpace(table), "\n")[:len(bot.Permissions())] {
		p := bot.Permissions()[i]
		want := "| " + string(p)
		for _, r := range []bot.Role{bot.Officer, bot.Admin, bot.Custodian} {
			mark := ""
			if bot.May(r, p) {
				mark = "✓"
			}
			want += " | " + mark
		}
		var names []string
		for _, c := range deskCommands() {
			if c.needs == p {
				names = append(names, "`/"+c.name+"`")
			}
		}
		if want += " | " + strings.Join(names, ", ") + " |"; line != want {
			t.Errorf("the document says\n%s\nand the program\n%s", line, want)
		}
		if bot.May(bot.Member, p) != (p == bot.MayAsk) || bot.May(bot.Public, p) != (p == bot.MayAsk) {
			t.Errorf("others may %s", p)
		}
	}
}
