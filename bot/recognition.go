package bot

import "fmt"

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
	// Shown is set once the sender was asked about it: what one person wrote themselves is shown to no other.
	Shown bool `json:",omitempty"`
	// Said is what the sender answered when asked, Same or Different; empty if they did not. The desk's word ends the suggestion.
	Said Decision `json:",omitempty"`
}

// Basis is what a candidate was recognised by and how alike it is, for the events that calibration reads:
// "text 0.93".
func (c Candidate) Basis() string { return fmt.Sprintf("%s %.2f", c.By, c.Score) }

// Untouched reports whether nobody has done anything about a case yet, and only one person sent it: it may
// become a part of another without anybody's work being lost.
func (c Case) Untouched() bool {
	return c.Status == New && c.Touched.IsZero() && c.Senders <= 1 && c.Proposal == nil && len(c.Leases()) == 0 && len(c.Holds) == 0
}
