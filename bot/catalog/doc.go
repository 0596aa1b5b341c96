// Package catalog knows what was sent before. It keeps the index of package match in step with the store, and
// answers what a tip is: the same as a case, maybe one of a few, or something new.
//
// Invariants. The index is derived: every line of it follows from the store's cases, so it may lag behind, be
// thrown away and be built again, and then answers the same. The event log says what to read again; events are
// followed in order and in slices of read transactions, so that nobody ever waits for the index. What the
// catalog answers is a list of cases to look at: verdicts, merges and erasures are the reader's to check.
//
// Its one file is a snapshot for the next start, sealed, since it holds the words of what people sent. It is
// bound to the event it was written at; one that does not fit the store is passed over and the index is built
// from the beginning. The package owns no storage keys.
package catalog
