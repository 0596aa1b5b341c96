// Package match recognises a forward that was seen before: the same text edited, wrapped, shortened
// or misspelt, the same link in another form, the same file.
//
// [Normaliser] reduces a text to the words that carry its claim. [Index] finds the few cases that may
// be meant, by words and pairs of words that are rare in it, and measures each of them. [Decide] says
// what may be done with the best: Same, Maybe or Different, by the thresholds of threshold.go alone.
//
// Invariants. An answer depends on the set of documents in the index and on nothing else: not on the
// order in which they were added, nor on what was added and taken out again. An index rebuilt from the
// same documents, or read from a snapshot, answers identically, and its snapshot is the same to the
// byte. What a query costs does not grow with the number of cases except through the processor's caches:
// the postings read, the candidates verified and the length of a text are all bounded. A text that swaps
// a place, a date, a number, an office or a name is never the Same, however alike.
//
// The package holds no storage and no files. What it keeps in memory, and what WriteSnapshot writes, is
// derived from the store's cases and as confidential as they are.
package match
