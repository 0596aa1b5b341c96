// Package bot is the vocabulary of Awas Siber: what the program talks about, and the rules that
// need no database and no network. It imports the standard library only, does no I/O and starts no
// goroutine.
//
// A tour, in the order a tip travels:
//
//   - An adapter (bot/telegram, bot/sim) turns what its network sends into an [Update].
//   - bot/inbox stores it ([InboxTx].Deliver) before the network is told that it arrived, and later
//     runs the handler on it, one transaction an update.
//   - handlers decide: they read and write a [Tip], a [Case], an [Event], and enqueue a [Message].
//     They know people by pseudonym ([PersonID]) and speak in keys of locales/.
//   - bot/outbox claims what waits ([OutboxTx].Claim), sends it through the adapter, and retires it.
//   - bot/digest composes the evening summary from the events since the last one.
//
// The invariant under all of it: an update is durable before it is acknowledged; a decision, its
// event and its messages become durable in one transaction; nothing touches the network inside one;
// everything a handler sees is an update, timers and fetched files included.
//
// Whose matter a case is, [Routing] says from the configured organisations and routes; bot/referral writes
// the text it is handed over with.
//
// bot/evidence keeps files, bot/gazetteer and bot/calendar read places and dates as people type
// them, store/bolt keeps everything else.
package bot
