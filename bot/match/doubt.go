package match

import "slices"

// Doubt is a reason why a candidate, however alike, is not taken without asking.
type Doubt string

// Doubts.
const (
	Short     Doubt = "short"     // one of the texts is too short to be sure of
	Part      Doubt = "part"      // one is only a part of the other
	Number    Doubt = "number"    // another number, or one put in
	Place     Doubt = "place"     // another place, or one put in
	Time      Doubt = "time"      // another day, month or time of day
	Authority Doubt = "authority" // another office or body
	Name      Doubt = "name"      // another person
	Negation  Doubt = "negation"  // denied in one and not in the other
	Wording   Doubt = "wording"   // another word where both agree otherwise
	Rival     Doubt = "rival"     // another case with another claim is as near
	Unread    Doubt = "unread"    // others were nearer, so that it was not compared
	Shared    Doubt = "shared"    // the link or file is in several cases
	Caption   Doubt = "caption"   // the same link or file with other words
)

// fewWords is how many words put before or after a text still belong to its claim: "tidak benar
// bahwa …", "… di Tebo". More are another text beside it.
const fewWords = 3

// doubts compares a query with a document word by word. share is their similarity in words that
// correspond.
func (a aligner) doubts(query, doc []string) (out []Doubt, share float64) {
	m := a.align(query, doc)
	share = similarity(m.matched, len(query), len(doc))
	if float64(m.matched) < MinCover*float64(len(query)) || float64(m.matched) < MinCover*float64(len(doc)) {
		out = append(out, Part)
	}
	gaps := m.gaps(query, doc)
	lost := excuse(gaps)
	var has class // what the words may stand for that the query lacks
	said, unsaid := 0, 0
	for w, n := range lost {
		if c := a.lex.class(w); n > 0 {
			has |= c
			unsaid += number01(a.says(w, c)) * n
		}
	}
	put, taken := false, false // within the text: a word put in, another taken out
	for _, g := range gaps {
		d, n := a.difference(g, has)
		out = append(out, d...)
		said += n
		put = put || g.inner && n > 0
		taken = taken || g.inner && len(g.query) == 0 && slices.ContainsFunc(g.doc, func(w string) bool { return a.says(w, a.lex.class(w)) })
	}
	if put && taken { // "Rina Wati" for "Wati Sari"
		out = append(out, Wording)
	}
	if said >= fewWords && unsaid >= fewWords { // something was taken out, and something else put in
		out = append(out, Part)
	}
	slices.Sort(out)
	return slices.Compact(out), share
}

func number01(b bool) int {
	if b {
		return 1
	}
	return 0
}

// excuse takes out of the gaps what merely moved, and returns the words that only the document has,
// with how often.
func excuse(gaps []gap) map[string]int {
	lost := map[string]int{}
	for _, g := range gaps {
		for _, w := range g.doc {
			lost[w]++
		}
	}
	for i := range gaps {
		g := &gaps[i]
		if g.inner {
			continue
		}
		g.query = slices.DeleteFunc(slices.Clone(g.query), func(w string) bool {
			if lost[w] == 0 {
				return false
			}
			lost[w]--
			return true
		})
	}
	return lost
}

// kinds pairs what a word may stand for with the doubt if it does.
var kinds = [...]struct {
	class class
	doubt Doubt
}{
	{classNumber, Number}, {classPlace, Place}, {classTime, Time}, {classAuthority, Authority}, {className, Name},
}

// difference says what a gap may mean, and how many words that say something the query has in it.
// has is what the words may stand for that the query lacks, here or elsewhere.
func (a aligner) difference(g gap, has class) (out []Doubt, said int) {
	unsaid := 0
	for _, w := range g.doc {
		c := a.lex.class(w)
		unsaid += number01(a.says(w, c))
		if c&classNegation != 0 && g.inner && !slices.Contains(g.query, w) {
			out = append(out, Negation)
		}
	}
	brief := len(g.query) <= fewWords && len(g.doc) <= fewWords
	for i, w := range g.query {
		c := a.lex.class(w)
		said += number01(a.says(w, c))
		for _, k := range kinds {
			if c&k.class != 0 && (has&k.class != 0 || g.inner || brief || len(g.doc) > 0) {
				out = append(out, k.doubt)
			}
		}
		if edge := min(i, len(g.query)-1-i); c&classNegation != 0 && (g.inner || len(g.query) <= fewWords && edge < fewWords) {
			out = append(out, Negation)
		}
	}
	if said > 0 && unsaid > 0 || (g.inner || brief) && len(g.query) > 0 && len(g.doc) > 0 && said+unsaid > 0 {
		out = append(out, Wording)
	}
	return out, said
}

// says reports whether a word tells anything about the claim.
func (a aligner) says(w string, c class) bool {
	return c&classCommon == 0 && (len(w) >= 3 || c&classDigits != 0)
}
