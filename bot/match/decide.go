package match

// Decision says what may be done with what a query found.
type Decision string

// Decisions.
const (
	Same      Decision = "same"      // it is the first candidate's case: answer with its verdict
	Maybe     Decision = "maybe"     // ask the sender which of the candidates it is, if any
	Different Decision = "different" // a case of its own
)

// choices is how many candidates a sender is asked about.
const choices = 3

// Decide says what may be done with the candidates of a query, and with which of them: one for Same,
// one to three for Maybe, none for Different.
func Decide(found []Candidate) (Decision, []Candidate) {
	if len(found) == 0 || found[0].Score < MaybeAt {
		return Different, nil
	}
	if found[0].sure() {
		return Same, found[:1]
	}
	n := 1
	for n < min(choices, len(found)) && found[n].Score >= MaybeAt {
		n++
	}
	return Maybe, found[:n]
}
