package whatsapp

import "time"

// Limits are the pace at which messages leave: Burst at once, one more every Every. The wiring gives them
// to the outbox.
type Limits struct {
	Every      time.Duration // all chats together
	Burst      int
	ChatEvery  time.Duration // one chat, of whatever kind
	ChatBurst  int
	GroupEvery time.Duration // one group, besides
	GroupBurst int
}

// SafeLimits is a pace at which numbers have been living. There are no official figures. In the library's
// issue threads more than five equal messages a minute count as risky, and numbers that answered many
// people at once were gone within hours; one message in about three seconds over all chats (2.5 s here,
// and up to a second of Habits.Jitter) is what long-lived bots keep to. A chat gets what one person would
// type: an answer and the next, then one in four seconds. Groups count for less with WhatsApp's
// suspicion, but annoyed members report: one in five seconds, four at once for a burst of cards.
//
// What no pace mends, and this program does not do: write first, write to contacts from a list, send one
// text to many people, create groups, join large ones. Verdicts to many senders are spread over minutes
// by whoever enqueues them, and each quotes its own question.
func SafeLimits() Limits {
	return Limits{Every: 2500 * time.Millisecond, Burst: 3, ChatEvery: 4 * time.Second, ChatBurst: 2,
		GroupEvery: 5 * time.Second, GroupBurst: 4}
}
