// Package seal keeps identities and texts unreadable at rest: one secret in a key file outside the
// database, from which every key of the program is derived.
//
// Sealed values are XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) under a key for their purpose,
// bound to the place they are stored in by additional data. Pseudonyms and marks are HMAC-SHA256
// (RFC 2104), so that equal things can be found again without being readable. Keys come from the
// secret by HKDF-SHA256 (RFC 5869). The secret itself is an age X25519 identity, with which the
// evidence store and backups are encrypted as well (https://age-encryption.org/v1).
//
// Invariants: a key file is never overwritten; a sealed value begins with the generation of its
// key, so that a later version can rotate keys and still read what is there.
package seal
