package bot

import "slices"

// Part is what an organisation has to do with a case.
type Part string

// Parts. Owner is whose matter it is and Copy is told as well: both are written to by the desk.
// Onward is where an owner takes it next; the desk does not write there, because a report that
// skips the first body is sent back, or is a reporter sent to the police alone (DOMAIN section 7).
const (
	Owner  Part = "owner"
	Copy   Part = "copy"
	Onward Part = "onward"
)

// Words that stand in a route's areas for many codes.
const (
	AnyProvince = "provinsi" // the event is known to be in no certain kabupaten or kota
	AnyRegency  = "kabkota"  // it is known to be in one, whichever
)

// Route says whose matter cases of some categories are. The first route that fits a category, a
// place and a phase holds for them; it is configuration ([[rute]]).
type Route struct {
	Categories []Category
	Areas      []string // Kemendagri codes, AnyProvince or AnyRegency; none: everywhere
	Phases     []Phase  // none: all
	Legs       []Leg    // owners first
	// Emergency is the code of the organisation whose contact is shown at once, because somebody
	// may be in danger; empty for matters that can wait.
	Emergency string
	Source    Source
}

// Leg is one organisation of a route.
type Leg struct {
	To     string // an organisation's code, or a kind: the one of that kind nearest to the place
	Part   Part
	Reason string // why, for the desk, in the language of the configuration
}

// PhaseRule adds a category to cases of others while a phase lasts: any campaign content in
// MASA_TENANG is also a matter of campaign time ([[jenis_menurut_fase]]).
type PhaseRule struct {
	Phases     []Phase
	Categories []Category
	Add        Category
	Source     Source
}

// Rules are the tables a Routing is made of.
type Rules struct {
	Organisations []Organisation
	Routes        []Route
	Phases        []PhaseRule
	// Areas are the codes of the provinces, kabupaten and kota that can be a place of event.
	Areas []string
}

// Routing knows the organisations and whose matter what is. Make one with NewRouting. It does not
// change and may be used from several goroutines. The zero value has no organisation and no route.
type Routing struct {
	rules Rules
	// home is the only province there is; empty if there are several. An unknown place is there.
	home string
}

// NewRouting checks the tables. A mistake is a [RulesError].
func NewRouting(rules Rules) (Routing, error) {
	r := Routing{rules: rules}
	for _, a := range rules.Areas {
		p := provinceOf(a)
		if r.home != "" && r.home != p {
			r.home = ""
			break
		}
		r.home = p
	}
	return r, r.check()
}

// Organisations lists every organisation, in the order of the configuration.
func (r Routing) Organisations() []Organisation { return slices.Clone(r.rules.Organisations) }

// Organisation finds one by its code.
func (r Routing) Organisation(code string) (Organisation, bool) {
	i := slices.IndexFunc(r.rules.Organisations, func(o Organisation) bool { return o.Code == code })
	if i < 0 {
		return Organisation{}, false
	}
	return r.rules.Organisations[i], true
}

// Find returns the organisation that a code or a kind means at a place: of a kind, the nearest one
// that serves it. ok is false if there is none.
func (r Routing) Find(codeOrKind, region string) (o Organisation, ok bool) {
	if o, ok = r.Organisation(codeOrKind); ok {
		return o, true
	}
	region, best := r.place(region), 0
	for _, c := range r.rules.Organisations {
		if n := c.reach(region); c.Kind == codeOrKind && n > best {
			o, best = c, n
		}
	}
	return o, best > 0
}

// place is the region that routes are chosen by: a kabupaten or kota, a province, or empty.
func (r Routing) place(region string) string {
	if region == "" {
		return r.home
	}
	return RegencyOf(region)
}

// fits reports whether a route holds for a category, a place as place returns it, and a phase.
func (t Route) fits(c Category, place string, p Phase) bool {
	return slices.Contains(t.Categories, c) && (len(t.Phases) == 0 || slices.Contains(t.Phases, p)) &&
		(len(t.Areas) == 0 || slices.ContainsFunc(t.Areas, func(a string) bool { return covers(a, place) }))
}

// covers reports whether an area of a route includes a place.
func covers(area, place string) bool {
	regency := place != provinceOf(place)
	switch area {
	case AnyRegency:
		return regency
	case AnyProvince:
		return !regency
	}
	return area == place || area == provinceOf(place)
}
