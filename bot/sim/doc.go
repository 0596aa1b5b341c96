// Package sim is the built-in training network: a chat network that exists only inside the process,
// with the same role as an adapter such as bot/telegram. Organisations train their coordinators on
// its web page, and the scenario tests hold their conversations on it.
//
// A [Network] has persons, a private chat of each with the bot, and groups, of which one is the
// coordinators'. What a person does ([Network.Say], [Network.Edit], [Network.Press]) becomes a
// [bot.Update] and goes to Options.Deliver; what the bot says arrives by [Network.Send], as the
// outbox calls it. The page does the same through [Network.Handler].
//
// Invariants:
//
//   - An update stays pending, in order, until Deliver has returned nil for it: the bot may be
//     down while people write, as with a real network. [Message.Delivered] is set after that.
//   - Identities of updates and messages are never used twice, restarts and crashes included.
//   - The training clock never goes back.
//   - Sending the same delivery twice ([bot.Delivery.Unique]) shows one message.
//   - Everything kept is bounded: [MaxMessages] a chat, [MaxPeople] persons added from the page.
//
// With Options.Dir set, clock and transcript survive a restart in one file there (0600, replaced
// atomically): latihan.sealed if Options.Sealer is given, else latihan.json, which holds all
// training chats IN THE CLEAR. It is for invented tips only. Messages of the last second may be
// missing from the transcript after a crash; what the bot had taken of them is not lost with it.
//
// The package owns no storage keys: bytes of attachments go to Options.Evidence, documents made by
// the bot are kept with the message that carries them.
package sim
