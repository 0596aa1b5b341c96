package match

// The thresholds of every decision, chosen on the development split of the evaluation
// (docs/benchmarks.md, "Matching") with `awassiber calibrate`, and nowhere else.
const (
	// SameAt is the least score of a text that is taken for another without asking.
	SameAt = 0.50
	// MaybeAt is the least score worth a question to the sender.
	MaybeAt = 0.34
	// MinWords and MinGrams are what both texts must have before anything is decided without asking,
	// as at Meedan Check.
	MinWords = 8
	MinGrams = 40
	// MinCover is the least share of either text that the other must hold to be the Same: a digest
	// of five hoaxes is none of them.
	MinCover = 0.50
	// Rivals is how near the second candidate's score may come, if its claim is another one, before
	// the sender is asked.
	Rivals = 0.05
)

// Bounds of a query's work, whatever the number of cases.
const (
	// Offered is how many candidates a query returns.
	Offered = 10
	// Verified is how many candidates are measured at most.
	Verified = 64
	// maxFeatures and maxPostings bound what is read to find them, rarest first.
	maxFeatures = 256
	maxPostings = 10240
	// firstPostings are read and firstVerified candidates measured first. Only if the best of them is
	// not clearly a copy, the rest is.
	firstPostings = 2048
	firstVerified = 24
	clearly       = 0.60
	// maxFrequency is in how many documents a word or pair may occur to be looked up by. Above it is
	// skipped, never cut off: a hoax returns after years.
	maxFrequency = 1024
)
