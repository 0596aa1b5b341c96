package bot

import (
	"strings"
	"time"
)

// Rating is the outcome of a fact check. The values are the words coordinators type.
type Rating string

// Ratings (DOMAIN section 6.2, after the CekFakta coalition's vocabulary).
const (
	Salah          Rating = "SALAH"
	Menyesatkan    Rating = "MENYESATKAN"
	SebagianBenar  Rating = "SEBAGIAN_BENAR"
	Benar          Rating = "BENAR"
	BelumTerbukti  Rating = "BELUM_TERBUKTI"
	Satire         Rating = "SATIRE"
	Penipuan       Rating = "PENIPUAN"
	ratingSynonyms        = "HOAKS=SALAH HOAX=SALAH KELIRU=SALAH PALSU=SALAH SESAT=MENYESATKAN SEBAGIAN=SEBAGIAN_BENAR " +
		"BELUM=BELUM_TERBUKTI PARODI=SATIRE TIPU=PENIPUAN"
)

// Ratings lists every rating in the order help shows them.
func Ratings() []Rating {
	return []Rating{Salah, Menyesatkan, SebagianBenar, Benar, BelumTerbukti, Satire, Penipuan}
}

// ParseRating reads a typed rating in any case, with space, dash or underscore, or one of the
// usual other words for it.
func ParseRating(s string) (Rating, bool) {
	s = strings.NewReplacer("-", " ", "_", " ").Replace(strings.ToUpper(s))
	s = strings.Join(strings.Fields(s), "_")
	for pair := range strings.FieldsSeq(ratingSynonyms) {
		if from, to, _ := strings.Cut(pair, "="); s == from {
			s = to
		}
	}
	for _, r := range Ratings() {
		if s == string(r) {
			return r, true
		}
	}
	return "", false
}

// Verdict is a published outcome. The bot never makes one: By is the coordinator who entered it,
// Link and Publisher are the fact check it quotes. Without a link, people are told that there is
// no published fact check yet.
type Verdict struct {
	Rating      Rating
	Explanation string
	Link        string `json:",omitempty"`
	Publisher   string `json:",omitempty"` // the link's host
	At          time.Time
	By          PersonID
	Name        string // By's display name at the time
	Version     int    // from 1; a later verdict on the same case counts on
}
