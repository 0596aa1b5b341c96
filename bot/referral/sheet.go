package referral

import (
	"time"

	"awassiber/bot"
)

// Sheet is what is known of a case for a body outside. The zero value is a sheet on which nothing
// is known. Text from people may contain anything.
type Sheet struct {
	Ticket string
	To     string // name of the body it is addressed to; empty: not yet chosen
	// Reasons say why it goes there, in the words of the configuration.
	Reasons    []string
	Categories []bot.Category // the desk's own; those the senders' words suggest if it has none yet
	Suggested  bool           // Categories are the latter
	Senders    int            // distinct people who sent it
	Made       time.Time      // when the sheet is written

	// Prepared: what an official report needs has been gathered, and somebody is ready to file it.
	// Otherwise it is informasi awal, and says so.
	Prepared bool
	Reporter Reporter

	Accused string // the reported party as named by the sender: person, account, link

	Event string // what it is about, in a line
	Place string // village, TPS, link or group, as typed
	Area  string // official name of the kabupaten or kota

	// Happened and Learned are days in the election's zone; zero if unknown. The typed words stay
	// beside them, because the receiver may read them otherwise.
	Happened, Learned         time.Time
	HappenedText, LearnedText string

	Witnesses []string
	Evidence  []Evidence
	Links     []string
	Account   string // the chronology, of any length

	// Limited: an official report to this body has to be filed in time. Safe is until when it is best
	// done, Last the last day; both zero as long as they cannot be computed, Safe alone when it is over or
	// never was.
	Limited    bool
	Safe, Last time.Time
}

// Reporter is what the sheet tells of the reporter: their choice, never their identity.
type Reporter string

// Reporters. The zero value is Sealed.
const (
	Sealed    Reporter = ""          // identity is held sealed; nobody agreed to hand it over
	Anonymous Reporter = "anonymous" // there is no identity to ask for
	Ready     Reporter = "ready"     // ready to file officially; the custodian can put the body in touch
)

// Evidence is a kept file. Only what proves it to be the same file is told, not its content.
type Evidence struct {
	Kind   bot.FileKind
	SHA256 string    // hexadecimal
	At     time.Time // when it was received; zero if unknown
}
