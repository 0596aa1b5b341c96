package bot

import "slices"

// Proposal is one organisation a case could go to, and why.
type Proposal struct {
	Organisation Organisation
	Part         Part
	Reasons      []string   // each once; in the language of the configuration
	Categories   []Category // those that lead here, in the order of Categories
	Urgent       bool       // somebody may be in danger: see Emergency
}

// Propose says where a case of some categories belongs, given where the event was (a Kemendagri
// code; empty if unknown) and the phase it falls in. Owners come first, those of urgent matters before
// the others, then who is told as well, then where it goes from there; within these in the order of
// Categories and of the route. An organisation stands once, with the strongest part it has.
//
// It never guesses: no category, an unknown one, or a place nobody serves is a UserError.
func (r Routing) Propose(categories []Category, region string, phase Phase) ([]Proposal, error) {
	categories, err := r.sorted(categories, phase)
	if err != nil {
		return nil, err
	}
	var all []Proposal
	for _, c := range categories {
		route, ok := r.route(c, r.place(region), phase)
		if !ok {
			continue
		}
		for _, leg := range route.Legs {
			if o, ok := r.Find(leg.To, region); ok {
				all = join(all, Proposal{o, leg.Part, []string{leg.Reason}, []Category{c}, route.Emergency != ""})
			}
		}
	}
	if !slices.ContainsFunc(all, func(p Proposal) bool { return p.Part == Owner }) {
		return nil, Refuse("referral.no_body", "category", string(categories[0]))
	}
	slices.SortStableFunc(all, func(a, b Proposal) int { return a.rank() - b.rank() })
	return all, nil
}

// Emergency returns the organisation whose contact everybody is shown at once, if one of the
// categories is a matter of somebody's safety.
func (r Routing) Emergency(categories []Category, region string, phase Phase) (Organisation, bool) {
	categories, err := r.sorted(categories, phase)
	if err != nil {
		return Organisation{}, false
	}
	for _, c := range categories {
		if route, ok := r.route(c, r.place(region), phase); ok && route.Emergency != "" {
			return r.Find(route.Emergency, region)
		}
	}
	return Organisation{}, false
}

// With adds to categories what a phase makes of them, in the order of Categories and each once:
// campaign content in MASA_TENANG is also CampaignTime. Unknown ones are left out.
func (r Routing) With(categories []Category, phase Phase) []Category {
	all := slices.Clone(categories)
	for _, rule := range r.rules.Phases {
		if slices.Contains(rule.Phases, phase) && slices.ContainsFunc(categories, func(c Category) bool { return slices.Contains(rule.Categories, c) }) {
			all = append(all, rule.Add)
		}
	}
	return slices.DeleteFunc(Categories(), func(c Category) bool { return !slices.Contains(all, c) })
}

// sorted is With, for people: what it cannot work with is refused.
func (r Routing) sorted(categories []Category, phase Phase) ([]Category, error) {
	if len(categories) == 0 {
		return nil, Refuse("referral.no_category")
	}
	for _, c := range categories {
		if !c.Known() {
			return nil, Refuse("referral.unknown_category", "value", string(c))
		}
	}
	return r.With(categories, phase), nil
}

// route is the first that fits. A phase nobody configured is no phase.
func (r Routing) route(c Category, place string, phase Phase) (Route, bool) {
	if !slices.Contains(Phases(), phase) {
		phase = NoPhase
	}
	i := slices.IndexFunc(r.rules.Routes, func(t Route) bool { return t.fits(c, place, phase) })
	if i < 0 {
		return Route{}, false
	}
	return r.rules.Routes[i], true
}

func (p Proposal) rank() int {
	rank := 2 * slices.Index([]Part{Owner, Copy, Onward}, p.Part)
	if !p.Urgent {
		rank++
	}
	return rank
}

// join adds a proposal, or what is new in it to the one for the same organisation.
func join(all []Proposal, p Proposal) []Proposal {
	i := slices.IndexFunc(all, func(q Proposal) bool { return q.Organisation.Code == p.Organisation.Code })
	if i < 0 {
		return append(all, p)
	}
	q := &all[i]
	if q.Urgent = q.Urgent || p.Urgent; p.rank()/2 < q.rank()/2 {
		q.Part, q.Reasons = p.Part, append(p.Reasons, q.Reasons...)
	} else {
		q.Reasons = append(q.Reasons, p.Reasons...)
	}
	q.Reasons = unique(q.Reasons)
	q.Categories = unique(append(q.Categories, p.Categories...))
	return all
}

// unique keeps the first of each.
func unique[T comparable](all []T) []T {
	var out []T
	for _, v := range all {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}
