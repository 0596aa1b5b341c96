package match

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"awassiber/bot"
)

// smallIndex makes an index in which few documents may share a feature and little waste is put up with:
// lists are dropped, made again, and records written anew all the time.
func smallIndex(n *Normaliser, limit int) *Index {
	x := newIndex(n, limit)
	x.docs.slack = 200
	return x
}

// smallDoc draws a document of so few words, files and links that documents resemble, equal and contain
// each other.
func smallDoc(t *rapid.T, label string) Doc {
	words := strings.Fields("surat suara kotak coblos saksi gudang bupati merekam Tebo Bungo 12 13 malam jembatan sembako dan di")
	d := Doc{Text: strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 18).Draw(t, label), " ")}
	d.Keys = rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b"}), 0, 1).Draw(t, label+" key")
	if rapid.IntRange(0, 5).Draw(t, label+" link") == 0 {
		d.Links = []string{"https://contoh.example/berita"}
	}
	return d
}

// change is a document put in, a case taken out, or given other documents.
type change struct {
	id   bot.CaseID
	doc  Doc
	gone bool
	all  []Doc
}

func (c change) make(t *rapid.T, x *Index) {
	if c.gone {
		x.Remove(c.id)
		return
	}
	if c.all != nil {
		if err := x.Put(c.id, c.all...); err != nil {
			t.Fatal(err)
		}
		return
	}
	if err := x.Add(c.id, c.doc); err != nil {
		t.Fatal(err)
	}
}

func changes(t *rapid.T, label string, most int) []change {
	out := make([]change, rapid.IntRange(0, most).Draw(t, label))
	for i := range out {
		out[i] = change{id: bot.CaseID(rapid.IntRange(1, 30).Draw(t, label+" case")), gone: rapid.IntRange(0, 3).Draw(t, label+" gone") == 0}
		if out[i].gone {
			continue
		}
		out[i].doc = smallDoc(t, label)
		if rapid.IntRange(0, 2).Draw(t, label+" all") == 0 {
			out[i].all = []Doc{out[i].doc, smallDoc(t, label), smallDoc(t, label)}[:rapid.IntRange(1, 3).Draw(t, label+" docs")]
		}
	}
	return out
}

func written(t *rapid.T, x *Index) []byte {
	var b bytes.Buffer
	if err := x.WriteSnapshot(&b, 9); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// An index answers by the set of documents in it: not by the order in which they came, nor by what came and
// went, nor by whether it was read from a snapshot in between.
func TestAnswersDependOnTheSetAlone(t *testing.T) {
	n := normaliser(t)
	rapid.Check(t, func(t *rapid.T) {
		before, after := changes(t, "before", 120), changes(t, "after", 40)
		limit := rapid.SampledFrom([]int{5, 30}).Draw(t, "limit")
		lived, sets := smallIndex(n, limit), map[bot.CaseID][]Doc{}
		apply := func(x *Index, list []change) {
			for _, c := range list {
				c.make(t, x)
			}
		}
		for _, c := range slices.Concat(before, after) {
			if c.gone {
				delete(sets, c.id)
			} else if c.all != nil {
				sets[c.id] = c.all
			} else {
				sets[c.id] = append(slices.Clone(sets[c.id]), c.doc)
			}
		}
		apply(lived, before)
		read, position, err := readSnapshot(bytes.NewReader(written(t, lived)), smallIndex(n, limit))
		if err != nil || position != 9 {
			t.Fatal(position, err)
		}
		apply(lived, after)
		apply(read, after)

		var left []change
		for id, docs := range sets {
			for _, d := range docs {
				left = append(left, change{id: id, doc: d})
			}
		}
		slices.SortFunc(left, func(a, b change) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 0))
		r.Shuffle(len(left), func(i, j int) { left[i], left[j] = left[j], left[i] })
		fresh := smallIndex(n, limit)
		apply(fresh, left)

		for range 8 {
			q := smallDoc(t, "query")
			want := fresh.Query(q)
			for name, x := range map[string]*Index{"lived": lived, "read": read} {
				if got := x.Query(q); !reflect.DeepEqual(got, want) {
					t.Fatalf("%s, asked %v:\n%v, fresh\n%v", name, q, got, want)
				}
			}
		}
		want := written(t, fresh)
		if !bytes.Equal(written(t, lived), want) || !bytes.Equal(written(t, read), want) {
			t.Fatal("snapshots of the same documents differ")
		}
		if lived.live != fresh.live || read.live != fresh.live {
			t.Fatal("other numbers of documents")
		}
	})
}

// A fingerprint is of what is said, not of how or in which order; greetings have none.
func TestFingerprint(t *testing.T) {
	n := normaliser(t)
	long := "Surat suara untuk gubernur sudah tercoblos di gudang kelurahan sejak kemarin malam"
	print := func(docs ...Doc) [16]byte {
		p, ok := n.Fingerprint(docs...)
		if !ok {
			t.Errorf("no fingerprint of %v", docs)
		}
		return p
	}
	file := Doc{Keys: []string{"sha256:ab"}}
	if print(Doc{Text: long}, file) != print(file, Doc{Text: "*SURAT suara* utk gubernur sdh tercoblos di gudang kelurahan sejak kemarin malam!!"}, Doc{}) {
		t.Error("the same content, other fingerprints")
	}
	for _, other := range [][]Doc{{{Text: long + " Tebo"}, file}, {{Text: long}}, {{Text: long, Keys: file.Keys}}} {
		if print(other...) == print(Doc{Text: long}, file) {
			t.Errorf("%v: the same fingerprint", other)
		}
	}
	if _, ok := n.Fingerprint(Doc{Text: "assalamualaikum min"}, Doc{Links: []string{"https://contoh.example"}}); ok {
		t.Error("a greeting has a fingerprint")
	}
}

// What was taken out is in no snapshot any more, and its room is used again.
func TestNothingStaysOfWhatWasTakenOut(t *testing.T) {
	x := smallIndex(normaliser(t), 5)
	person := func(i int) string {
		return "rahasia" + strings.NewReplacer("0", "ka", "1", "bi", "2", "su", "3", "re", "4", "po", "5", "la", "6", "mi", "7", "tu", "8", "ne", "9", "do").Replace(fmt.Sprint(i))
	}
	for i := range 3000 {
		id := bot.CaseID(i + 1)
		if err := x.Add(id, Doc{Text: "surat suara dibawa " + person(i) + " ke gudang"}); err != nil {
			t.Fatal(err)
		}
		x.Remove(id - 10)
	}
	var b bytes.Buffer
	if err := x.WriteSnapshot(&b, 0); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(b.Bytes(), []byte(person(2989))) || !bytes.Contains(b.Bytes(), []byte(person(2990))) {
		t.Error("words of documents that were taken out are in the snapshot, or others are not")
	}
	if len(x.docs.ids) > 20 || len(x.words.at) > 100 || len(x.docs.pages) > 1 {
		t.Errorf("%d slots, %d words, %d pages of ten documents", len(x.docs.ids), len(x.words.at), len(x.docs.pages))
	}
}
