package bot

import (
	"slices"
	"strings"
	"time"
)

// Sending is one sender's part in a case, as far as it tells whether they were moved by one hand.
type Sending struct {
	At    time.Time // when they sent it
	Known time.Time // when the bot first met them
	// Words are their own words, in plain form. Empty for a forward: that many people forward the same
	// post is demand, and no sign of anything.
	Words string
}

// Signs of one hand: at least so many senders within so long, who were new to the bot and wrote nearly
// the same words themselves. The figures are the desk's caution and no measurement: they only put a
// mark beside a count.
const (
	brigadeLeast  = 5
	brigadeWithin = 30 * time.Minute
	brigadeNew    = time.Hour
	brigadeAlike  = 0.8
)

// Brigade returns how many of the senders look moved by one hand, 0 if fewer than five do. Many
// are counted as many, and the mark stands beside the number; only the queue takes them for one (Weight).
func Brigade(sent []Sending) int {
	slices.SortFunc(sent, func(a, b Sending) int { return a.At.Compare(b.At) })
	words := make([]map[string]bool, len(sent))
	for i, s := range sent {
		words[i] = wordSet(s.Words)
	}
	most := 0
	for i, first := range sent {
		if !fresh(first) {
			continue
		}
		n := 0
		for j := i; j < len(sent) && sent[j].At.Sub(first.At) <= brigadeWithin; j++ {
			if fresh(sent[j]) && alike(words[i], words[j]) >= brigadeAlike {
				n++
			}
		}
		most = max(most, n)
	}
	if most < brigadeLeast {
		return 0
	}
	return most
}

func fresh(s Sending) bool { return s.Words != "" && s.At.Sub(s.Known) < brigadeNew }

// alike is the share of words two texts have in common (Jaccard).
func alike(x, y map[string]bool) float64 {
	both := 0
	for w := range x {
		if y[w] {
			both++
		}
	}
	if all := len(x) + len(y) - both; all > 0 {
		return float64(both) / float64(all)
	}
	return 0
}

func wordSet(s string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		set[w] = true
	}
	return set
}
