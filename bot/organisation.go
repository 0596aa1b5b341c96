package bot

import (
	"slices"
	"strings"
)

// Organisation is a body that cases are handed to or that takes part in the work: Bawaslu of a
// kabupaten, a police force, a press council. Which there are is configuration, checked by
// [NewRouting]; nothing about one is known to the program. It is not to be changed.
type Organisation struct {
	Code string // "BAWASLU_15.05": capitals, digits, dots and underscores
	Name string // as people read it: "Bawaslu Kabupaten Muaro Jambi"
	// Kind is a lower-case word that organisations doing the same for different areas share:
	// "bawaslu". A route can name the kind, and the place of the event chooses the body.
	Kind string
	// Areas are the Kemendagri codes it serves, of provinces, kabupaten or kota. None: the country.
	Areas    []string
	Contacts []ContactLine
	// Register is the form of its register numbers. The zero form takes any number.
	Register RegisterForm
}

// ContactLine is a way to reach an organisation, as one line for people, with where it was found
// and when somebody last looked whether it is still right.
type ContactLine struct {
	Text   string
	Source Source
}

// known reports whether a person can check the fact.
func (s Source) known() bool { return strings.TrimSpace(s.Text) != "" && s.Verified != 0 }

// reach is how closely an organisation belongs to a place: 3 it serves just that kabupaten or kota,
// or just that province; 2 the province around it; 1 the country; 0 it is not for that place. For
// an unknown place (empty) only those for everywhere will do.
func (o Organisation) reach(region string) int {
	switch {
	case len(o.Areas) == 0:
		return 1
	case slices.Contains(o.Areas, region):
		return 3
	case slices.Contains(o.Areas, provinceOf(region)):
		return 2
	}
	return 0
}

// RegencyOf cuts a Kemendagri code down to the kabupaten or kota it lies in: "15.05.03.2001" is in
// "15.05". The code of a province, and an empty one, stay as they are.
func RegencyOf(code string) string {
	const length = len("15.05")
	if len(code) > length {
		return code[:length]
	}
	return code
}

// provinceOf is the province a code lies in: "15".
func provinceOf(code string) string {
	province, _, _ := strings.Cut(code, ".")
	return province
}
