package match_test

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"awassiber/bot"
	"awassiber/bot/match"
	"awassiber/bot/match/matchtest"
)

func newIndex(t testing.TB) *match.Index {
	t.Helper()
	n, err := match.NewNormaliser()
	if err != nil {
		t.Fatal(err)
	}
	return match.New(n)
}

func add(t testing.TB, x *match.Index, id bot.CaseID, d match.Doc) {
	t.Helper()
	if err := x.Add(id, d); err != nil {
		t.Fatal(err)
	}
}

// answers are what an index says to queries, to be compared.
func answers(x *match.Index, queries []matchtest.Query) [][]match.Candidate {
	var out [][]match.Candidate
	for _, q := range queries {
		out = append(out, x.Query(match.Doc{Text: q.Text}))
	}
	return out
}

const tip = "Surat suara di TPS 12 Kelurahan Jelutung sudah dicoblos sejak semalam oleh petugas, saksi merekam semuanya dengan ponsel"

func TestDecisions(t *testing.T) {
	x := newIndex(t)
	add(t, x, 7, match.Doc{Text: tip})
	add(t, x, 8, match.Doc{Text: "Gempa besar akan mengguncang Kota Jambi besok malam pukul 21.00 menurut BMKG, warga diminta mengungsi", Links: []string{"https://contoh.example/gempa"}})
	add(t, x, 9, match.Doc{Text: "Benarkah TPS tutup lebih awal?"})
	add(t, x, 10, match.Doc{Keys: []string{"sha256:aa"}})
	add(t, x, 11, match.Doc{Text: "Lowongan Bank Jambi gaji besar", Links: []string{"https://youtu.be/abc123def"}, Keys: []string{"tg:1"}})
	for name, c := range map[string]struct {
		doc    match.Doc
		want   match.Decision
		id     bot.CaseID
		doubts string // one that must be among them
	}{
		"exact":            {match.Doc{Text: tip}, match.Same, 7, ""},
		"wrapped":          {match.Doc{Text: "Diteruskan\n*" + strings.ToUpper(tip) + "* 🙏 SEBARKAN!!"}, match.Same, 7, ""},
		"spelt as in chat": {match.Doc{Text: "Surat suara di TPS 12 kel. Jelutung sdh dicoblos sjk semalam oleh petgas, saksi rekam semuanyo dgn hp"}, match.Maybe, 7, "wording"},
		"misspelt":         {match.Doc{Text: strings.NewReplacer("dicoblos", "dicobls", "merekam", "mereakm", "petugas", "ptugas").Replace(tip)}, match.Same, 7, ""},
		"shortened":        {match.Doc{Text: tip[:70]}, match.Same, 7, ""},
		"other number":     {match.Doc{Text: strings.Replace(tip, "12", "13", 1)}, match.Maybe, 7, "number"},
		"other place":      {match.Doc{Text: strings.Replace(tip, "Jelutung", "Telanaipura", 1)}, match.Maybe, 7, "place"},
		"denied":           {match.Doc{Text: strings.Replace(tip, "sudah dicoblos", "tidak dicoblos", 1)}, match.Maybe, 7, "negation"},
		"other people":     {match.Doc{Text: strings.Replace(tip, "petugas", "polisi", 1)}, match.Maybe, 7, "wording"},
		"number put in":    {match.Doc{Text: strings.Replace(tip, "petugas", "3 petugas", 1)}, match.Maybe, 7, "number"},
		"other day":        {match.Doc{Text: "Gempa besar akan mengguncang Kota Jambi besok pagi pukul 21.00 menurut BMKG, warga diminta mengungsi"}, match.Maybe, 8, "time"},
		"other office":     {match.Doc{Text: "Gempa besar akan mengguncang Kota Jambi besok malam pukul 21.00 menurut BPBD, warga diminta mengungsi"}, match.Maybe, 8, "authority"},
		"short, exact":     {match.Doc{Text: "TPS tutup lebih awal"}, match.Maybe, 9, "short"},
		"link alone":       {match.Doc{Text: "cek dulu min https://www.contoh.example/gempa?utm_source=wa"}, match.Same, 8, ""},
		"link, other form": {match.Doc{Text: "https://www.youtube.com/watch?v=abc123def&feature=share"}, match.Same, 11, ""},
		"link, other text": {match.Doc{Text: "Uang pensiun dicairkan dua kali lipat untuk semua guru honorer mulai bulan depan https://contoh.example/gempa"}, match.Maybe, 8, "caption"},
		"file":             {match.Doc{Keys: []string{"sha256:aa"}}, match.Same, 10, ""},
		"file, caption":    {match.Doc{Keys: []string{"sha256:aa"}, Text: "Uang pensiun dicairkan dua kali lipat untuk semua guru honorer mulai bulan depan"}, match.Maybe, 10, "caption"},
		"front page":       {match.Doc{Text: "https://contoh.example/"}, match.Different, 0, ""},
		"unrelated":        {match.Doc{Text: "Besok jadi gotong royong di lapangan, jangan lupa bawa cangkul dan air minum ya"}, match.Different, 0, ""},
		"empty":            {match.Doc{}, match.Different, 0, ""},
		"emoji":            {match.Doc{Text: "😭😭😭"}, match.Different, 0, ""},
		"invalid":          {match.Doc{Text: "\xff\xfe\xfd"}, match.Different, 0, ""},
		"overrides":        {match.Doc{Text: "\u202e" + tip + "\u202c"}, match.Same, 7, ""},
		"very long":        {match.Doc{Text: strings.Repeat("kata lain yang tidak ada di sini ", 3000)}, match.Different, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			found := x.Query(c.doc)
			decision, offered := match.Decide(found)
			if decision != c.want {
				t.Fatalf("%s, want %s: %+v", decision, c.want, found)
			}
			if c.id == 0 {
				return
			}
			if offered[0].Case != c.id {
				t.Errorf("case %d, want %d", offered[0].Case, c.id)
			}
			if c.doubts != "" && !strings.Contains(fmt.Sprint(offered[0].Doubts), c.doubts) {
				t.Errorf("doubts %v, want %s", offered[0].Doubts, c.doubts)
			}
		})
	}
}

// What would tell two cases apart is missing: the sender is asked.
func TestRivalsAreAskedAbout(t *testing.T) {
	x := newIndex(t)
	long := "Surat suara di %s sudah dicoblos sejak semalam oleh petugas dan saksi merekam semuanya dengan ponsel lalu melapor"
	add(t, x, 1, match.Doc{Text: fmt.Sprintf(long, "TPS 12")})
	add(t, x, 2, match.Doc{Text: fmt.Sprintf(long, "TPS 13")})
	d, offered := match.Decide(x.Query(match.Doc{Text: fmt.Sprintf(long, "TPS")}))
	if d != match.Maybe || len(offered) != 2 {
		t.Errorf("%s %+v", d, offered)
	}
	if d, offered = match.Decide(x.Query(match.Doc{Text: fmt.Sprintf(long, "TPS 13")})); d != match.Same || offered[0].Case != 2 {
		t.Errorf("%s %+v", d, offered)
	}
}

// An index answers by what is in it, not by how that came to be.
func TestRebuiltIndexAnswersIdentically(t *testing.T) {
	corpus := matchtest.New(1).Corpus(6000)
	queries := matchtest.New(2).Copies(corpus, 40)
	queries = append(queries, matchtest.New(3).Negatives(corpus, nil, 20)...)
	lived, rebuilt := newIndex(t), newIndex(t)
	for i, c := range corpus {
		add(t, lived, caseID(c.ID), match.Doc{Text: c.Text})
		if i%3 == 0 { // events are replayed after a crash
			add(t, lived, caseID(c.ID), match.Doc{Text: c.Text})
		}
		if i >= 3000 { // and older cases are merged away, so that frequent words become rare again
			lived.Remove(caseID(corpus[i-3000].ID))
		}
	}
	for _, c := range corpus[3000:] {
		add(t, rebuilt, caseID(c.ID), match.Doc{Text: c.Text})
	}
	if lived.Size().Docs != rebuilt.Size().Docs {
		t.Errorf("%v, rebuilt %v", lived.Size(), rebuilt.Size())
	}
	want := answers(rebuilt, queries)
	if got := answers(lived, queries); !reflect.DeepEqual(got, want) {
		t.Error("an index from which cases were removed answers otherwise than one that never had them")
	}
	var snapshot bytes.Buffer
	if err := lived.WriteSnapshot(&snapshot, 42); err != nil {
		t.Fatal(err)
	}
	n, err := match.NewNormaliser()
	if err != nil {
		t.Fatal(err)
	}
	read, position, err := match.ReadSnapshot(bytes.NewReader(snapshot.Bytes()), n)
	if err != nil || position != 42 {
		t.Fatal(position, err)
	}
	if !reflect.DeepEqual(answers(read, queries), want) {
		t.Error("an index read from a snapshot answers otherwise")
	}
	for _, c := range corpus[:100] { // it can be added to
		add(t, read, caseID(c.ID), match.Doc{Text: c.Text})
		add(t, rebuilt, caseID(c.ID), match.Doc{Text: c.Text})
	}
	if !reflect.DeepEqual(answers(read, queries), answers(rebuilt, queries)) {
		t.Error("after a snapshot and further cases it answers otherwise")
	}
}

func TestDamagedSnapshot(t *testing.T) {
	x := newIndex(t)
	for _, c := range matchtest.New(1).Corpus(50) {
		add(t, x, caseID(c.ID), match.Doc{Text: c.Text})
	}
	var b bytes.Buffer
	if err := x.WriteSnapshot(&b, 1); err != nil {
		t.Fatal(err)
	}
	n, err := match.NewNormaliser()
	if err != nil {
		t.Fatal(err)
	}
	whole := b.Bytes()
	for at := 0; at < len(whole); at += 97 {
		if _, _, err := match.ReadSnapshot(bytes.NewReader(whole[:at]), n); !errors.Is(err, match.ErrSnapshot) {
			t.Fatalf("cut at %d: %v", at, err)
		}
		bad := bytes.Clone(whole)
		bad[at] ^= 0x40
		if _, _, err := match.ReadSnapshot(bytes.NewReader(bad), n); !errors.Is(err, match.ErrSnapshot) {
			t.Fatalf("changed at %d: %v", at, err)
		}
	}
	other, err := match.NewNormaliser("Desa Lain")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := match.ReadSnapshot(bytes.NewReader(whole), other); !errors.Is(err, match.ErrSnapshot) {
		t.Errorf("other words: %v", err)
	}
}

func TestRemove(t *testing.T) {
	x := newIndex(t)
	add(t, x, 1, match.Doc{Text: tip, Keys: []string{"a"}})
	add(t, x, 1, match.Doc{Text: "Video lama: " + tip + " kata ketua panitia kemarin siang"})
	add(t, x, 2, match.Doc{Text: "Gempa besar akan mengguncang Kota Jambi besok malam"})
	x.Remove(1)
	x.Remove(1)
	x.Remove(99)
	if got := x.Query(match.Doc{Text: tip, Keys: []string{"a"}}); len(got) > 0 && got[0].Score > 0.2 {
		t.Errorf("still found: %+v", got)
	}
	if x.Size().Docs != 1 {
		t.Error(x.Size())
	}
	add(t, x, 1, match.Doc{Text: tip})
	if d, _ := match.Decide(x.Query(match.Doc{Text: tip})); d != match.Same {
		t.Error("not found after it was put in again:", d)
	}
}

// Queries run while documents come and go.
func TestConcurrent(t *testing.T) {
	x := newIndex(t)
	corpus := matchtest.New(4).Corpus(1500)
	var all sync.WaitGroup
	for w := range 3 {
		all.Go(func() {
			for i, c := range corpus {
				switch {
				case w == 0:
					add(t, x, caseID(c.ID), match.Doc{Text: c.Text})
				case w == 1 && i%7 == 0:
					x.Remove(caseID(c.ID))
				default:
					match.Decide(x.Query(match.Doc{Text: c.Text}))
				}
			}
		})
	}
	all.Wait()
	var b bytes.Buffer
	if err := x.WriteSnapshot(&b, 0); err != nil {
		t.Fatal(err)
	}
}

func FuzzQuery(f *testing.F) {
	x := newIndex(f)
	for _, c := range matchtest.New(5).Corpus(300) {
		add(f, x, caseID(c.ID), match.Doc{Text: c.Text})
	}
	add(f, x, 1000, match.Doc{Text: tip})
	for _, s := range []string{"", tip, "\u202e" + tip, strings.Repeat("TPS 12 ", 400), "https://youtu.be/a \xff"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if err := x.Add(2000, match.Doc{Text: a, Links: []string{b}}); err != nil {
			t.Fatal(err)
		}
		for _, c := range x.Query(match.Doc{Text: b, Keys: []string{a}}) {
			if c.Score < 0 || c.Score > 1.000001 || c.Case == 0 {
				t.Fatalf("%+v", c)
			}
		}
		x.Remove(2000)
	})
}

func FuzzReadSnapshot(f *testing.F) {
	x := newIndex(f)
	add(f, x, 1, match.Doc{Text: tip, Keys: []string{"a"}})
	var b bytes.Buffer
	if err := x.WriteSnapshot(&b, 1); err != nil {
		f.Fatal(err)
	}
	n, err := match.NewNormaliser()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes()[:200])
	f.Fuzz(func(t *testing.T, raw []byte) {
		if _, _, err := match.ReadSnapshot(bytes.NewReader(raw), n); err == nil && !bytes.Equal(raw, b.Bytes()) {
			t.Error("read something that was not written")
		}
	})
}
