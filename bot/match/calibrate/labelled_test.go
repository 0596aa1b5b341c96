package calibrate

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"awassiber/bot/match"
	"awassiber/bot/match/matchtest"
)

var (
	textsFile   = flag.String("texts", "", "JSON lines {id,text} to make labelled sets from, in place of invented ones")
	labelledDir = flag.String("labelled", "", "directory to write labelled sets to, for awassiber calibrate")
	texts       = flag.Int("n", 6000, "invented texts of a labelled set")
	perKind     = flag.Int("kind", 300, "queries of each kind")
)

// labelled is a corpus with the queries of one split.
type labelled struct{ corpus, queries []byte }

// sets makes the two labelled sets: for each split a half of its texts is the corpus, the other half
// is unknown to it; words put in come from the development split alone.
func sets(t testing.TB, all []matchtest.Text, perKind int, seed uint64) (development, unseen labelled) {
	t.Helper()
	var split [2][]matchtest.Text
	for _, text := range all {
		if matchtest.Development(text) {
			split[0] = append(split[0], text)
		} else {
			split[1] = append(split[1], text)
		}
	}
	s := matchtest.New(seed)
	if *textsFile != "" {
		s.LearnWords(split[0])
	}
	var out [2]labelled
	for i, part := range split {
		known := len(part) * 3 / 4
		if *textsFile != "" { // texts that resemble one another are of one case, most likely
			part = matchtest.Unlike(part, known)
		}
		out[i].corpus = lines(t, part[:known])
		queries := append(s.Copies(part[:known], perKind), s.Negatives(part[:known], part[known:], perKind)...)
		out[i].queries = lines(t, queries)
	}
	return out[0], out[1]
}

func lines[T any](t testing.TB, rows []T) []byte {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	for _, r := range rows {
		if err := enc.Encode(r); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func readTexts(t testing.TB, path string) []matchtest.Text {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []matchtest.Text
	for dec := json.NewDecoder(f); dec.More(); {
		var x matchtest.Text
		if err := dec.Decode(&x); err != nil {
			t.Fatal(err)
		}
		out = append(out, x)
	}
	return out
}

func measure(t testing.TB, l labelled) Report {
	t.Helper()
	n, err := match.NewNormaliser()
	if err != nil {
		t.Fatal(err)
	}
	set, err := Load(context.Background(), n, bytes.NewReader(l.corpus), func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	r, err := set.Measure(context.Background(), bytes.NewReader(l.queries), func(Answer) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestWriteLabelled writes labelled sets for awassiber calibrate, if asked to.
func TestWriteLabelled(t *testing.T) {
	if *labelledDir == "" {
		t.Skip("-labelled DIR writes labelled sets")
	}
	all := matchtest.New(1).Corpus(*texts)
	if *textsFile != "" {
		all = readTexts(t, *textsFile)
	}
	development, unseen := sets(t, all, *perKind, 2)
	for name, data := range map[string][]byte{
		"dev-corpus.jsonl": development.corpus, "dev-queries.jsonl": development.queries,
		"unseen-corpus.jsonl": unseen.corpus, "unseen-queries.jsonl": unseen.queries,
	} {
		if err := os.WriteFile(filepath.Join(*labelledDir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
