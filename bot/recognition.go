package bot

// Decision says what may be done with what was recognised of a tip.
type Decision string

// Decisions: never two of them, for between knowing and not knowing somebody has to be asked. The zero
// value means that nothing is known yet.
const (
	Same      Decision = "same"      // it is the first candidate's case: answer with its verdict
	Maybe     Decision = "maybe"     // ask the sender which of the candidates it is, if any, and tell the desk
	Different Decision = "different" // a case of its own
)

// Evidence is what a candidate was recognised by. Values are stored and never change meaning.
type Evidence string

// Evidence.
const (
	ByText  Evidence = "text"
	ByLink  Evidence = "link"
	ByFile  Evidence = "file"  // the very same file, by the network's own hash or SHA-256
	ByImage Evidence = "image" // a picture that looks the same
)

// Candidate is a case that a tip may belong to.
type Candidate struct {
	Case  CaseID   `json:"c"`
	Score float64  `json:"s"` // how alike, from 0 to 1
	By    Evidence `json:"by"`
	// Doubts are why it must not be taken without asking, in the words of package match ("number", "place").
	Doubts []string `json:"d,omitempty"`
}

// Recognition is what was recognised of a tip. It is looked up outside any transaction, in an index that
// lags behind: who uses it compares it with what is stored.
type Recognition struct {
	Tip TipID `json:"tip"`
	// Items is how many of the tip's items were looked at.
	Items    int      `json:"n"`
	Decision Decision `json:"d,omitempty"`
	// Candidates are the cases it may belong to, best first: one for Same, at most three for Maybe.
	Candidates []Candidate `json:"c,omitempty"`
	// Twin is an earlier tip of the very same content that the index does not know yet, because it was sent
	// in the same moment; zero if there is none. Where it goes, this one goes.
	Twin TipID `json:"twin,omitempty"`
}

// Suggestion is a case that another may be the same as, as its card shows it until somebody has decided.
type Suggestion struct {
	Candidate
	Ticket string
	// Denied is set once the sender said that it is not what they mean: their word, not the desk's.
	Denied bool `json:",omitempty"`
}
