package peers

import (
	"database/sql"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2"
	_ "modernc.org/sqlite"

	"awassiber/bot"
	"awassiber/bot/match"
	"awassiber/bot/match/matchtest"
)

var cases = flag.Int("cases", 100_000, "cases in the corpus of BenchmarkEngines")

// engine finds the ids of texts that resemble one, best first, at most ten. All engines are given
// normalised words.
type engine interface {
	find(words []string) ([]string, error)
}

// BenchmarkEngines asks every engine the same queries, one after the other. A slow one is asked fewer.
func BenchmarkEngines(b *testing.B) {
	corpus := matchtest.New(7).Corpus(*cases)
	queries := matchtest.New(8).Copies(corpus, 240)
	norm, err := match.NewNormaliser()
	if err != nil {
		b.Fatal(err)
	}
	ours := newOurs(b, norm, corpus)
	own := time.Duration(0)
	b.Run("own", func(b *testing.B) {
		for b.Loop() {
			own = ask(b, ours, norm, queries, 0)
		}
	})
	for _, e := range []struct {
		name string
		make func(testing.TB, *match.Normaliser, []matchtest.Text) engine
	}{{"fts5-rare-12", newFTS}, {"bleve", newBleve}} {
		b.Run(e.name, func(b *testing.B) {
			peer := e.make(b, norm, corpus)
			for b.Loop() {
				ask(b, peer, norm, queries, own)
			}
		})
	}
}

// ask reports times and what is found among ten; own is the p50 to compare with, 0 for our own.
func ask(b *testing.B, e engine, norm *match.Normaliser, queries []matchtest.Query, own time.Duration) time.Duration {
	b.Helper()
	var times []time.Duration
	found := 0
	for i, q := range queries {
		if own > 0 && i%5 != 0 {
			continue
		}
		start := time.Now()
		words := []string{q.Text}
		if own > 0 {
			words = norm.Words(q.Text)
		}
		ids, err := e.find(words)
		if err != nil {
			b.Fatal(err)
		}
		times = append(times, time.Since(start))
		if slices.Contains(ids, *q.Match) {
			found++
		}
	}
	slices.Sort(times)
	p50 := times[len(times)/2]
	b.ReportMetric(float64(p50.Microseconds()), "p50-us")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "p99-us")
	b.ReportMetric(float64(found)/float64(len(times)), "recall@10")
	if own > 0 {
		b.ReportMetric(float64(p50)/float64(own), "x-own")
	}
	return p50
}

// ours normalises by itself: find is given the text as its only word.
type ours struct{ index *match.Index }

func newOurs(b testing.TB, norm *match.Normaliser, corpus []matchtest.Text) ours {
	x := match.New(norm)
	for _, t := range corpus {
		id, err := strconv.ParseUint(t.ID, 10, 64)
		if err == nil {
			err = x.Add(bot.CaseID(id), match.Doc{Text: t.Text})
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	return ours{x}
}

func (o ours) find(text []string) ([]string, error) {
	var ids []string
	for _, c := range o.index.Query(match.Doc{Text: text[0]}) {
		ids = append(ids, strconv.FormatUint(uint64(c.Case), 10))
	}
	return ids, nil
}

// fts is SQLite's FTS5, asked for the twelve words of the query that the fewest texts have.
type fts struct {
	db    *sql.DB
	query *sql.Stmt
	in    map[string]int // texts that have a word
}

func newFTS(b testing.TB, norm *match.Normaliser, corpus []matchtest.Text) engine {
	db, err := sql.Open("sqlite", filepath.Join(b.TempDir(), "fts.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	f := &fts{db: db, in: map[string]int{}}
	if _, err := db.Exec(`PRAGMA cache_size=-262144; CREATE VIRTUAL TABLE t USING fts5(x)`); err != nil {
		b.Fatal(err)
	}
	tx, err := db.Begin()
	if err != nil {
		b.Fatal(err)
	}
	for _, t := range corpus {
		words := norm.Words(t.Text)
		if _, err := tx.Exec(`INSERT INTO t(rowid, x) VALUES (?, ?)`, t.ID, strings.Join(words, " ")); err != nil {
			b.Fatal(err)
		}
		slices.Sort(words)
		for _, w := range slices.Compact(words) {
			f.in[w]++
		}
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
	if f.query, err = db.Prepare(`SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10`); err != nil {
		b.Fatal(err)
	}
	return f
}

func (f *fts) find(words []string) ([]string, error) {
	words = slices.Clone(words)
	slices.Sort(words)
	words = slices.DeleteFunc(slices.Compact(words), func(w string) bool { return f.in[w] == 0 })
	slices.SortStableFunc(words, func(a, b string) int { return f.in[a] - f.in[b] })
	words = words[:min(12, len(words))]
	if len(words) == 0 {
		return nil, nil
	}
	rows, err := f.query.Query(`"` + strings.Join(words, `" OR "`) + `"`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// bleveIndex is a Bleve index with its standard analysis, asked for any word of the query.
type bleveIndex struct{ index bleve.Index }

func newBleve(b testing.TB, norm *match.Normaliser, corpus []matchtest.Text) engine {
	index, err := bleve.New(filepath.Join(b.TempDir(), "bleve"), bleve.NewIndexMapping())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { index.Close() })
	batch := index.NewBatch()
	for i, t := range corpus {
		if err := batch.Index(t.ID, map[string]string{"x": strings.Join(norm.Words(t.Text), " ")}); err != nil {
			b.Fatal(err)
		}
		if batch.Size() == 1000 || i == len(corpus)-1 {
			if err := index.Batch(batch); err != nil {
				b.Fatal(err)
			}
			batch.Reset()
		}
	}
	return bleveIndex{index}
}

func (x bleveIndex) find(words []string) ([]string, error) {
	result, err := x.index.Search(bleve.NewSearchRequest(bleve.NewMatchQuery(strings.Join(words, " "))))
	if err != nil {
		return nil, fmt.Errorf("bleve: %w", err)
	}
	var ids []string
	for _, hit := range result.Hits {
		ids = append(ids, hit.ID)
	}
	return ids, nil
}
