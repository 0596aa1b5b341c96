// Package referral writes the text with which a case is handed to another body, in the order of
// Bawaslu's official report form (Perbawaslu 9/2024, annex): the reporter, the reported party, the
// event, the witnesses, the evidence, the account.
//
// Invariants:
//
//   - A [Sheet] has no field for who the reporter is, so the text cannot say it. It says only what the
//     reporter chose, and that the custodian holds what is sealed.
//   - Everything is alleged: no sentence calls anybody an offender, names a law or a penalty.
//   - What is not known is said to be unknown; a heading never disappears, so that the receiver sees
//     what is missing.
//   - Text from outside cannot format or forge: it is cleaned, bold is ours, and longer text is quoted.
//
// Lay is pure: it reads no clock and owns no storage.
package referral
