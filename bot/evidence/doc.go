// Package evidence keeps the files people send: photos, recordings, documents. A file is stored
// once under the SHA-256 of its plain bytes, sealed with age, and never changed.
//
// Layout below the directory given to [Open]:
//
//	files/ab/ab12….age   one file; the name is the hash of what is inside, in hex
//	tmp/                 files being written; what a crash left there is swept by Open
//
// Invariants:
//
//   - What stands under files/ is complete and durable: written to tmp/, synced, renamed, and both
//     directories synced, in this order. A failure at any step is returned; a file whose name
//     could not be made durable may stand there, and the next Put of it syncs it again.
//   - No plain byte reaches the disk.
//   - A row that names a file is committed after Put returned, never before.
//   - Nothing here unpacks, renders or runs a file. Archives (zip, gzip, office documents) are kept
//     as the bytes they are; only the header of an image is read, to refuse one whose size in
//     pixels would exhaust the memory of whoever decodes it later.
//
// The name of a file tells whoever reads the disk that a particular, already known file is kept
// here. That is the price of storing it once; docs/threats.md says so.
package evidence
