package calibrate

import (
	"cmp"
	"math"
	"slices"
	"time"

	"awassiber/bot"
	"awassiber/bot/match"
)

// Report sums a run up.
type Report struct {
	Corpus    int `json:"corpus"`    // ids in it
	Positives int `json:"positives"` // queries that are a copy of one of them
	Negatives int `json:"negatives"`
	// Precision is the share of right ones among all decided Same, Recall the share of positives whose
	// case was answered with or offered, Same the share that was answered with.
	Precision Share `json:"precision"`
	Recall    Share `json:"recall"`
	Same      Share `json:"same"`
	// Wrong counts verdicts that would have been served for another case.
	Wrong      int         `json:"wrong"`
	RecallAt10 Share       `json:"recall_at_10"`
	P50        int64       `json:"p50_micros"`
	P99        int64       `json:"p99_micros"`
	Classes    []Class     `json:"classes"`
	Thresholds []Threshold `json:"thresholds"`
	// At99 is the least threshold whose precision is 0.99 or more, with the classes at it; nil if none is.
	At99 *Threshold `json:"at_precision_99"`
	// SameAt and MaybeAt are the thresholds that decided.
	SameAt  float64 `json:"same_at"`
	MaybeAt float64 `json:"maybe_at"`
}

// Class is the outcome of the queries of one class.
type Class struct {
	Name  string `json:"class"`
	N     int    `json:"n"`
	Wrong int    `json:"wrong"`
	// Recall and Same are as in Report; both are nil for a class without positives.
	Recall *Share `json:"recall,omitempty"`
	Same   *Share `json:"same,omitempty"`
	Asked  int    `json:"asked"` // decided Maybe
}

// Threshold is what one threshold on the score alone would have given: everything at or above it taken
// for its best candidate.
type Threshold struct {
	At        float64 `json:"at"`
	Precision Share   `json:"precision"`
	Recall    Share   `json:"recall"`
	Classes   []Class `json:"classes,omitempty"`
}

// Share is a part of a whole, with its 95 % confidence interval after Wilson (1927).
type Share struct {
	Part  int     `json:"part"`
	Of    int     `json:"of"`
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// NewShare computes the interval. Of nothing everything may be a part.
func NewShare(part, of int) Share {
	if of == 0 {
		return Share{High: 1}
	}
	const z = 1.959963984540054
	n, p := float64(of), float64(part)/float64(of)
	mid := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return Share{part, of, p, max(0, mid-half), min(1, mid+half)}
}

// outcome is what the report needs of one query.
type outcome struct {
	class    string
	positive bool
	decision match.Decision
	score    float64
	first    bool // the best candidate is the right one
	offered  bool // the right one was answered with, or offered
	ten      bool // the right one is among the first ten
	micros   int64
}

func judge(class string, want bot.CaseID, d match.Decision, found, offered []match.Candidate, took time.Duration) outcome {
	o := outcome{class: class, positive: want != 0, decision: d, micros: took.Microseconds()}
	is := func(c match.Candidate) bool { return want != 0 && c.Case == want }
	if len(found) > 0 {
		o.score, o.first = found[0].Score, is(found[0])
	}
	o.offered = slices.ContainsFunc(offered, is)
	o.ten = slices.ContainsFunc(found, is)
	return o
}

// wrong reports whether a verdict of another case would have been served.
func (o outcome) wrong() bool { return o.decision == match.Same && !o.first }

func sum(corpus int, all []outcome) Report {
	r := Report{Corpus: corpus, SameAt: match.SameAt, MaybeAt: match.MaybeAt, Classes: classes(all, 0)}
	positive := func(o outcome) bool { return o.positive }
	r.Positives = count(all, positive)
	r.Negatives = len(all) - r.Positives
	r.Precision = NewShare(count(all, func(o outcome) bool { return o.decision == match.Same && o.first }),
		count(all, func(o outcome) bool { return o.decision == match.Same }))
	r.Recall = NewShare(count(all, func(o outcome) bool { return o.offered }), r.Positives)
	r.Same = NewShare(count(all, func(o outcome) bool { return o.decision == match.Same && o.first }), r.Positives)
	r.RecallAt10 = NewShare(count(all, func(o outcome) bool { return o.ten }), r.Positives)
	r.Wrong = count(all, outcome.wrong)
	times := make([]int64, len(all))
	for i, o := range all {
		times[i] = o.micros
	}
	slices.Sort(times)
	r.P50, r.P99 = percentile(times, 50), percentile(times, 99)
	r.Thresholds, r.At99 = thresholds(all, r.Positives)
	return r
}

// percentile is the nearest-rank percentile of sorted values.
func percentile(sorted []int64, p int) int64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[max(0, (len(sorted)*p+99)/100-1)]
}

func count(all []outcome, is func(outcome) bool) int {
	n := 0
	for _, o := range all {
		if is(o) {
			n++
		}
	}
	return n
}

// classes sums up by class. Above zero, at is a threshold that takes the place of the decisions.
func classes(all []outcome, at float64) []Class {
	var out []Class
	for _, o := range all {
		if !slices.ContainsFunc(out, func(c Class) bool { return c.Name == o.class }) {
			out = append(out, Class{Name: o.class})
		}
	}
	slices.SortFunc(out, func(a, b Class) int { return cmp.Compare(a.Name, b.Name) })
	for i := range out {
		out[i].fill(all, at)
	}
	return out
}

func (c *Class) fill(all []outcome, at float64) {
	positives, found, same := 0, 0, 0
	for _, o := range all {
		if o.class != c.Name {
			continue
		}
		c.N++
		hit, right := o.offered, o.decision == match.Same && o.first
		wrong := o.wrong()
		if at > 0 {
			hit, wrong = o.first && o.score >= at, !o.first && o.score >= at
			right = hit
		}
		switch {
		case wrong:
			c.Wrong++
		case at == 0 && o.decision == match.Maybe:
			c.Asked++
		}
		if o.positive {
			positives++
			found += number(hit)
			same += number(right)
		}
	}
	if positives > 0 {
		f, s := NewShare(found, positives), NewShare(same, positives)
		c.Recall, c.Same = &f, &s
	}
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// thresholds tries all from 0.20 to 0.90 in steps of 0.02, and finds the least that is precise.
func thresholds(all []outcome, positives int) (table []Threshold, at99 *Threshold) {
	try := func(at float64) Threshold {
		right := count(all, func(o outcome) bool { return o.score >= at && o.first })
		return Threshold{At: at, Precision: NewShare(right, count(all, func(o outcome) bool { return o.score >= at })), Recall: NewShare(right, positives)}
	}
	for at := 20; at <= 90; at += 2 {
		table = append(table, try(float64(at)/100))
	}
	for at := 100; at <= 1000; at++ {
		if t := try(float64(at) / 1000); t.Precision.Of > 0 && t.Precision.Value >= 0.99 {
			t.Classes = classes(all, t.At)
			return table, &t
		}
	}
	return table, nil
}
