package peers

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"awassiber/bot"
	"awassiber/bot/match"
)

var labelled = flag.String("labelled", "", "directory of labelled sets, as bot/match/calibrate writes them")

// scored is one query with what a score made of it.
type scored struct {
	class    string
	positive bool
	right    bool
	score    float64
}

// TestScores compares our score with those of the peers, on the same candidates and on normalised
// texts: each with the least threshold that is right in 99 of 100 on the development split, judged on
// the other. Texts in which one thing was swapped are left out: no likeness can tell them.
func TestScores(t *testing.T) {
	if *labelled == "" {
		t.Skip("-labelled DIR compares scores")
	}
	for _, s := range []struct {
		name  string
		score func(query, doc string) float64 // nil: ours
		fixed float64                         // a threshold in use, 0: tuned
	}{
		{"own", nil, 0}, {"trigrams, tuned", trigrams, 0}, {"dice, tuned", dice, 0}, {"dice .95 (Cofacts)", dice, 0.95}, {"words .875 (Check)", share, 0.875},
	} {
		at := s.fixed
		if at == 0 {
			at = tune(judge(t, "dev", s.score))
		}
		unseen := judge(t, "unseen", s.score)
		p, r := at99(unseen, at)
		t.Logf("%-20s threshold %.3f: precision %.4f, recall %.4f", s.name, at, p, r)
		for _, class := range []string{"exact", "decor", "noise", "typo10", "trunc60", "prefix", "drop15swap", "mixed", "subst30"} {
			var some []scored
			for _, q := range unseen {
				if q.class == class {
					some = append(some, q)
				}
			}
			_, r := at99(some, at)
			t.Logf("    %-10s %.4f of %d", class, r, len(some))
		}
	}
}

func read[T any](t *testing.T, name string) []T {
	t.Helper()
	f, err := os.Open(filepath.Join(*labelled, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []T
	for dec := json.NewDecoder(f); dec.More(); {
		var x T
		if err := dec.Decode(&x); err != nil {
			t.Fatal(err)
		}
		out = append(out, x)
	}
	return out
}

func judge(t *testing.T, split string, score func(a, b string) float64) []scored {
	norm, err := match.NewNormaliser()
	if err != nil {
		t.Fatal(err)
	}
	x := match.New(norm)
	corpus := read[struct{ ID, Text string }](t, split+"-corpus.jsonl")
	texts := make([]string, len(corpus))
	for i, c := range corpus {
		texts[i] = strings.Join(norm.Words(c.Text), " ")
		if err := x.Add(bot.CaseID(i+1), match.Doc{Text: c.Text}); err != nil {
			t.Fatal(err)
		}
	}
	var out []scored
	for _, q := range read[struct {
		Text, Class string
		Match       *string
	}](t, split+"-queries.jsonl") {
		if q.Match == nil && q.Class != "other" && q.Class != "chat" {
			continue
		}
		s := scored{class: q.Class, positive: q.Match != nil}
		query := strings.Join(norm.Words(q.Text), " ")
		for i, c := range x.Query(match.Doc{Text: q.Text}) {
			is := c.Score
			if score != nil {
				is = score(query, texts[c.Case-1])
			}
			if i == 0 || is > s.score {
				s.score, s.right = is, s.positive && corpus[c.Case-1].ID == *q.Match
			}
		}
		out = append(out, s)
	}
	return out
}

// tune finds the least threshold that is right in 99 of 100.
func tune(all []scored) float64 {
	for at := 1; at < 1000; at++ {
		if p, _ := at99(all, float64(at)/1000); p >= 0.99 {
			return float64(at) / 1000
		}
	}
	return 1
}

func at99(all []scored, at float64) (precision, recall float64) {
	said, right, positives := 0, 0, 0
	for _, q := range all {
		if q.positive {
			positives++
		}
		if q.score >= at {
			said++
			if q.right {
				right++
			}
		}
	}
	return float64(right) / float64(max(said, 1)), float64(right) / float64(max(positives, 1))
}

// dice is Sørensen and Dice's on pairs of letters, spaces removed, as Cofacts uses it.
func dice(a, b string) float64 {
	x, y := pairs(a), pairs(b)
	both, n := 0, 0
	for p, k := range x {
		both += min(k, y[p])
		n += k
	}
	for _, k := range y {
		n += k
	}
	return 2 * float64(both) / float64(max(n, 1))
}

func pairs(s string) map[string]int {
	s = strings.ReplaceAll(s, " ", "")
	out := map[string]int{}
	for i := 2; i <= len(s); i++ {
		out[s[i-2:i]]++
	}
	return out
}

// trigrams is the similarity of pg_trgm.
func trigrams(a, b string) float64 { return jaccard(triples(a), triples(b)) }

func triples(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(s) {
		w = "  " + w + " "
		for i := 3; i <= len(w); i++ {
			out[w[i-3:i]] = true
		}
	}
	return out
}

func jaccard(x, y map[string]bool) float64 {
	both := 0
	for t := range x {
		if y[t] {
			both++
		}
	}
	return float64(both) / float64(max(len(x)+len(y)-both, 1))
}

// share is what part of the query's words a text has, as Check's minimum_should_match counts.
func share(query, doc string) float64 {
	words, has := map[string]bool{}, map[string]bool{}
	for _, w := range strings.Fields(doc) {
		has[w] = true
	}
	n := 0
	for _, w := range strings.Fields(query) {
		words[w] = true
	}
	for w := range words {
		if has[w] {
			n++
		}
	}
	return float64(n) / float64(max(len(words), 1))
}
