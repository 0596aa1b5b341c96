// Package gazetteer turns what people type when asked for their area into the Kemendagri code of a
// kabupaten or kota.
//
// It would rather ask than guess: only a name that leads to exactly one area gives [One]. A word
// with several meanings, a misspelt name or an undotted code gives [Ask], anything else [None].
//
// Knowledge about a province is data: the table of areas, the aliases, and the words to ask about
// (see jambi/README.md). Only spelling habits that hold all over Indonesia are code (words.go).
// A Gazetteer does not change after it was loaded and may be used from several goroutines. The
// package owns no storage.
package gazetteer

import "slices"

// Kind is the administrative kind of an area, in the words of the table.
type Kind string

// Kinds of area, from large to small. Kelurahan and desa are of one rank.
const (
	Provinsi  Kind = "provinsi"
	Kabupaten Kind = "kabupaten"
	Kota      Kind = "kota"
	Kecamatan Kind = "kecamatan"
	Kelurahan Kind = "kelurahan"
	Desa      Kind = "desa"
)

// regency reports whether k is what the program routes by.
func (k Kind) regency() bool { return k == Kabupaten || k == Kota }

// Area is one row of the table. The zero value is no area.
type Area struct {
	Code string // Kemendagri code with dots: "15.09", "15.09.04", "15.09.04.2001"
	Name string // official: "Kabupaten Tanjung Jabung Barat"
	// Short is the name for lists and buttons: "Tanjab Barat", "Tebo", "Kota Jambi".
	Short  string
	Kind   Kind
	Parent string // code of the area it lies in; empty for a province
}

// Decision says what an answer was worth.
type Decision string

// Decisions.
const (
	One  Decision = "one"  // exactly one area; it may be stored
	Ask  Decision = "ask"  // the candidates are to be offered
	None Decision = "none" // nothing recognised, or an area outside the table
)

// Candidate is a kabupaten or kota an answer may mean.
type Candidate struct {
	Area Area
	// Via are the kecamatan, kelurahan or desa in it that the answer names; empty if it names only
	// the kabupaten or kota.
	Via []Area
}

// Match is the outcome of Resolve. One has exactly one candidate, Ask one or more with the most
// likely first, None has none.
type Match struct {
	Decision   Decision
	Candidates []Candidate
}

// Gazetteer knows the areas of one or more provinces. Make one with Load or Jambi.
type Gazetteer struct {
	areas     map[string]Area
	regencies []Area // in code order
	index     map[string][]named
	loose     []string // keys that a misspelt word may be meant for, in a fixed order
	villages  []string // the same for kelurahan and desa
}

// rank orders the meanings of a name: a kabupaten is meant before a kecamatan of the same name.
type rank int

const (
	byRegency  rank = iota // official name or alias of a kabupaten or kota
	byDistrict             // kecamatan
	byVillage              // kelurahan or desa
	byQuestion             // a word to ask about
)

// named is one meaning of a name.
type named struct {
	rank    rank
	area    Area   // the area of that name
	regency string // code of the kabupaten or kota it leads to
	home    Area   // that kabupaten or kota; filled when everything is loaded
}

// Regencies lists every kabupaten and kota in code order.
func (g *Gazetteer) Regencies() []Area { return slices.Clone(g.regencies) }

// Area returns the area of a Kemendagri code, and whether there is one.
func (g *Gazetteer) Area(code string) (Area, bool) {
	a, ok := g.areas[code]
	return a, ok
}

// Name returns the official name of a code, or the code itself if it is unknown: a stored code
// must remain showable after the table changed.
func (g *Gazetteer) Name(code string) string {
	if a, ok := g.areas[code]; ok {
		return a.Name
	}
	return code
}

// Short returns the short name of a code, or the code itself if it is unknown.
func (g *Gazetteer) Short(code string) string {
	if a, ok := g.areas[code]; ok {
		return a.Short
	}
	return code
}

// regencyOf returns the code of the kabupaten or kota that a valid code, not of a province, is or
// lies in.
func regencyOf(code string) string { return code[:len("15.09")] }
