// Package calibrate measures matching on a labelled set: how often the right case is found, how often
// a wrong one would have been answered with, how long it takes, and what other thresholds would
// have given. The thresholds in bot/match were chosen with it.
//
// A corpus is JSON lines {"id","text"}; an id may occur again with another variant of its text.
// Queries are JSON lines {"text","match","class"}: match is an id of the corpus, or null for a text
// that is none of them. Times are of single queries, one after the other, normalising included.
// It holds nothing after it returns.
package calibrate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"awassiber/bot"
	"awassiber/bot/match"
)

// Errors of a labelled set; the message says where.
var (
	ErrCorpus  = errors.New("corpus")
	ErrQueries = errors.New("queries")
)

// Answer is what was decided about one query.
type Answer struct {
	Decision match.Decision `json:"decision"`
	// ID is that of the best candidate; nil if the decision is Different.
	ID *string `json:"id"`
	// Score is that of the best candidate, whatever the decision; 0 if there is none.
	Score  float64       `json:"score"`
	Micros int64         `json:"micros"`
	Doubts []match.Doubt `json:"doubts,omitempty"`
}

// Set is an index with the ids of a corpus.
type Set struct {
	index *match.Index
	ids   []string // of case n+1
	cases map[string]bot.CaseID
}

// Load reads a corpus into an index. at is called now and then with how many texts were read. It
// returns ErrCorpus with the line that cannot be read, or ctx's error.
func Load(ctx context.Context, n *match.Normaliser, corpus io.Reader, at func(done int)) (*Set, error) {
	s := &Set{index: match.New(n), cases: map[string]bot.CaseID{}}
	in := json.NewDecoder(corpus)
	for line := 1; ; line++ {
		var text struct {
			ID   *string `json:"id"`
			Text string  `json:"text"`
		}
		switch err := in.Decode(&text); {
		case errors.Is(err, io.EOF):
			return s, nil
		case err != nil:
			return nil, fmt.Errorf("%w, %d: %w", ErrCorpus, line, err)
		case text.ID == nil:
			return nil, fmt.Errorf("%w, %d: id?", ErrCorpus, line)
		}
		id, ok := s.cases[*text.ID]
		if !ok {
			s.ids = append(s.ids, *text.ID)
			id = bot.CaseID(len(s.ids))
			s.cases[*text.ID] = id
		}
		if err := s.index.Add(id, match.Doc{Text: text.Text}); err != nil {
			return nil, fmt.Errorf("%w, %d: %w", ErrCorpus, line, err)
		}
		if line%1024 == 0 {
			if at(line); ctx.Err() != nil {
				return nil, ctx.Err()
			}
		}
	}
}

// Len is how many ids the corpus has.
func (s *Set) Len() int { return len(s.ids) }

// query is one labelled line.
type query struct {
	Text  string  `json:"text"`
	Match *string `json:"match"`
	Class string  `json:"class"`
}

// Measure asks every query, hands its answer to each, and sums up. It returns ErrQueries with the line
// that cannot be read or names an id the corpus lacks, each's error, or ctx's.
func (s *Set) Measure(ctx context.Context, queries io.Reader, each func(Answer) error) (Report, error) {
	in := json.NewDecoder(queries)
	var all []outcome
	for line := 1; ctx.Err() == nil; line++ {
		var q query
		switch err := in.Decode(&q); {
		case errors.Is(err, io.EOF):
			return sum(s.Len(), all), nil
		case err != nil:
			return Report{}, fmt.Errorf("%w, %d: %w", ErrQueries, line, err)
		}
		want := bot.CaseID(0)
		if q.Match != nil {
			id, ok := s.cases[*q.Match]
			if !ok {
				return Report{}, fmt.Errorf("%w, %d: %q?", ErrQueries, line, *q.Match)
			}
			want = id
		}
		start := time.Now()
		found := s.index.Query(match.Doc{Text: q.Text})
		decision, offered := match.Decide(found)
		took := time.Since(start)
		all = append(all, judge(q.Class, want, decision, found, offered, took))
		a := Answer{Decision: decision, Micros: took.Microseconds()}
		if len(found) > 0 {
			a.Score = found[0].Score
		}
		if len(offered) > 0 {
			a.ID, a.Doubts = &s.ids[offered[0].Case-1], offered[0].Doubts
		}
		if err := each(a); err != nil {
			return Report{}, err
		}
	}
	return Report{}, ctx.Err()
}
