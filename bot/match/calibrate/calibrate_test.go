package calibrate

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"awassiber/bot/match"
	"awassiber/bot/match/matchtest"
)

// The quality that was measured must stay: invented texts, seeds of their own, both splits. The figures
// of docs/benchmarks.md are of larger sets.
func TestQuality(t *testing.T) {
	development, unseen := sets(t, matchtest.New(11).Corpus(2400), 60, 12)
	for name, set := range map[string]labelled{"development": development, "unseen": unseen} {
		r := measure(t, set)
		if r.Wrong > 0 {
			t.Errorf("%s: %d verdicts served for another case", name, r.Wrong)
		}
		if r.Recall.Value < 0.985 || r.RecallAt10.Value < 0.995 {
			t.Errorf("%s: recall %+v, among ten %+v", name, r.Recall, r.RecallAt10)
		}
		for _, c := range r.Classes {
			least := 0.95
			if c.Name == "subst30" {
				least = 0.90
			}
			if c.Recall != nil && c.Recall.Value < least {
				t.Errorf("%s: %s %+v", name, c.Name, *c.Recall)
			}
			if c.Name == "chat" && c.Asked > 0 {
				t.Errorf("%s: asked about ordinary chat %d times", name, c.Asked)
			}
		}
	}
}

func TestShare(t *testing.T) {
	for _, c := range []struct {
		part, of  int
		low, high float64
	}{ // Newcombe 1998, table I
		{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}, {20, 20, 0.8389, 1},
	} {
		s := NewShare(c.part, c.of)
		if math.Abs(s.Low-c.low) > 0.0001 || math.Abs(s.High-c.high) > 0.0001 {
			t.Errorf("%d of %d: %.4f to %.4f, want %.4f to %.4f", c.part, c.of, s.Low, s.High, c.low, c.high)
		}
	}
	if s := NewShare(0, 0); s.Low != 0 || s.High != 1 || math.IsNaN(s.Value) {
		t.Errorf("%+v", s)
	}
}

func TestReport(t *testing.T) {
	r := sum(3, []outcome{
		{class: "a", positive: true, decision: match.Same, score: 0.9, first: true, offered: true, ten: true, micros: 10},
		{class: "a", positive: true, decision: match.Same, score: 0.6, micros: 20},
		{class: "a", positive: true, decision: match.Maybe, score: 0.4, offered: true, ten: true, micros: 30},
		{class: "b", decision: match.Same, score: 0.7, micros: 40},
		{class: "b", decision: match.Different, micros: 50},
	})
	if r.Positives != 3 || r.Negatives != 2 || r.Wrong != 2 || r.Precision.Part != 1 || r.Precision.Of != 3 || r.Recall.Part != 2 || r.P50 != 30 || r.P99 != 50 {
		t.Errorf("%+v", r)
	}
	if r.At99 == nil || r.At99.At != 0.701 || r.At99.Recall.Part != 1 {
		t.Errorf("%+v", r.At99)
	}
	if a := r.Classes[0]; a.N != 3 || a.Wrong != 1 || a.Asked != 1 || a.Recall.Part != 2 || a.Same.Part != 1 {
		t.Errorf("%+v", a)
	}
	if empty := sum(0, nil); empty.P50 != 0 || empty.At99 != nil {
		t.Errorf("%+v", empty)
	}
}

func TestStopsWhenTold(t *testing.T) {
	n, err := match.NewNormaliser()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	_, err = Load(ctx, n, strings.NewReader(strings.Repeat(`{"id":"a","text":"b"}`, 5000)), func(int) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	set, err := Load(context.Background(), n, strings.NewReader(`{"id":"a","text":"b"}`), func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := set.Measure(ctx, strings.NewReader(`{"text":"b"}`), func(Answer) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
