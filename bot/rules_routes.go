package bot

import "slices"

// checkRoute looks at one route by itself.
func (r Routing) checkRoute(t Route) *RulesError {
	if e := checkWords(t.Categories, t.Phases); e != nil {
		return e
	}
	codes := slices.DeleteFunc(slices.Clone(t.Areas), func(a string) bool { return a == AnyRegency || a == AnyProvince })
	if a, ok := r.strange(codes); ok {
		return &RulesError{Key: "wilayah", Value: a, Problem: UnknownArea}
	}
	if !slices.ContainsFunc(t.Legs, func(l Leg) bool { return l.Part == Owner }) {
		return &RulesError{Key: "lembaga", Problem: BadValue}
	}
	for _, l := range t.Legs {
		key := map[Part]string{Owner: "lembaga", Copy: "tembusan", Onward: "lanjutan"}[l.Part]
		if !r.named(l.To) {
			return &RulesError{Key: key, Value: l.To, Problem: UnknownBody}
		}
		if l.Reason == "" && l.Part == Owner {
			key = "alasan"
		}
		if l.Reason == "" {
			return &RulesError{Key: key, Value: l.Reason, Problem: BadValue}
		}
	}
	if t.Emergency != "" && !r.named(t.Emergency) {
		return &RulesError{Key: "darurat", Value: t.Emergency, Problem: UnknownBody}
	}
	if !t.Source.known() {
		return &RulesError{Key: "sumber", Problem: NoSource}
	}
	return nil
}

func checkPhaseRule(p PhaseRule) *RulesError {
	if e := checkWords(p.Categories, p.Phases); e != nil {
		return e
	}
	switch {
	case len(p.Phases) == 0:
		return &RulesError{Key: "fase", Problem: BadValue}
	case !p.Add.Known():
		return &RulesError{Key: "tambah", Value: string(p.Add), Problem: UnknownCategory}
	case !p.Source.known():
		return &RulesError{Key: "sumber", Problem: NoSource}
	}
	return nil
}

// checkWords looks at what routes and phase rules both have.
func checkWords(categories []Category, phases []Phase) *RulesError {
	if len(categories) == 0 {
		return &RulesError{Key: "jenis", Problem: BadValue}
	}
	for _, c := range categories {
		if !c.Known() {
			return &RulesError{Key: "jenis", Value: string(c), Problem: UnknownCategory}
		}
	}
	for _, p := range phases {
		if !slices.Contains(Phases(), p) {
			return &RulesError{Key: "fase", Value: string(p), Problem: UnknownPhase}
		}
	}
	return nil
}

// named reports whether an organisation has that code or kind.
func (r Routing) named(codeOrKind string) bool {
	return slices.ContainsFunc(r.rules.Organisations, func(o Organisation) bool {
		return o.Code == codeOrKind || o.Kind == codeOrKind
	})
}

// checkReach walks through every category, place and phase there can be: each must lead to an owner,
// and each route must be the first for some of them.
func (r Routing) checkReach() error {
	used := make([]bool, len(r.rules.Routes))
	for _, c := range Categories() {
		for _, place := range r.rules.Areas {
			for _, p := range Phases() {
				i := slices.IndexFunc(r.rules.Routes, func(t Route) bool { return t.fits(c, place, p) })
				if i < 0 {
					return &RulesError{Table: TableRoutes, Index: r.last(c), Value: string(c) + " " + place + " " + string(p), Problem: Unrouted}
				}
				used[i] = true
				if !r.served(r.rules.Routes[i], place) {
					return &RulesError{Table: TableRoutes, Index: i, Key: "lembaga", Value: place, Problem: Unserved}
				}
			}
		}
	}
	if i := slices.Index(used, false); i >= 0 {
		t := r.rules.Routes[i]
		first := slices.IndexFunc(r.rules.Routes, func(o Route) bool { return slices.Contains(o.Categories, t.Categories[0]) })
		return &RulesError{Table: TableRoutes, Index: i, Value: string(t.Categories[0]), Problem: Shadowed, Other: first}
	}
	return nil
}

// served reports whether a route has an owner for a place.
func (r Routing) served(t Route, place string) bool {
	return slices.ContainsFunc(t.Legs, func(l Leg) bool {
		_, ok := r.Find(l.To, place)
		return ok && l.Part == Owner
	})
}

// last is the last route for a category, where its missing part would stand; else the last of all.
func (r Routing) last(c Category) int {
	at := len(r.rules.Routes) - 1
	for i, t := range r.rules.Routes {
		if slices.Contains(t.Categories, c) {
			at = i
		}
	}
	return max(at, 0)
}
