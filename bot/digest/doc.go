// Package digest makes the evening summary for the coordinators' group: what came in, what was
// done, what still waits, and which verdicts were published since the summary before.
//
// [Gather] reads a [Report] from a transaction, [Compose] turns one into text and is pure, and
// [Runner] does both at the times of a [Schedule].
//
// Invariants:
//
//   - One digest a slot. Reading, composing, enqueueing under the key digest/<name>/<slot> and
//     moving the cursor are one transaction, so a crash or a second start repeats nothing.
//   - Nothing is left out. A digest counts from the last event of the one before, not from a clock,
//     so slots missed while the process was down are covered by the next one sent.
//   - Its cost follows what changed: it reads the events after the cursor and the cases these
//     touch, never the whole store.
//   - No reporter and no reporter's text occurs in it; the explanations it quotes are the desk's own.
//
// Keys owned: the ledger cursor "digest/<name>" and outbox keys beginning with the same.
package digest
