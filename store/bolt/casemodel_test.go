package bolt

import (
	"slices"
	"time"

	"awassiber/bot"
)

// The model of a case: the rules once more, written from the description and in another form, so that a
// slip in either shows.

const term = 2 * time.Hour // of a hold

type actor struct {
	name  string
	admin bool
}

func (a actor) staff() bot.Staff {
	s := bot.Staff{ID: bot.PersonID(a.name), Name: a.name, Role: bot.Officer}
	if a.admin {
		s.Role = bot.Admin
	}
	return s
}

// road is a track of a case in the model.
type road struct {
	track  bot.Track
	stage  bot.Stage
	before bot.Stage
	holder string
	until  time.Time
}

func (r *road) in(stages ...bot.Stage) bool { return slices.Contains(stages, r.stage) }

func (r *road) workable() bool { return r.in(bot.Waiting, bot.Returned, bot.Referred) }

func (r *road) open() bool { return r.workable() || r.in(bot.Proposed) }

// mine: a may work on it.
func (r *road) mine(a actor) bool { return r.holder == "" || r.holder == a.name || a.admin }

func (r *road) hold(name string, now time.Time) { r.holder, r.until = name, now.Add(term) }

func (r *road) drop() { r.holder, r.until = "", time.Time{} }

// asking is a hand-over: n numbers them all, oldest first.
type asking struct {
	n     int
	to    string
	state byte // '?' pending, '=' taken, '!' given back
}

type clockOf struct {
	kind bot.ClockKind
	tip  bot.TipID
}

// kase is a case in the model.
type kase struct {
	roads    []*road
	proposer string
	version  int
	asked    []asking
	clocks   map[clockOf]time.Time
	merged   bot.CaseID
	sided    bool
}

func newKase() *kase {
	return &kase{roads: []*road{{track: bot.Unsorted, stage: bot.Waiting}}, clocks: map[clockOf]time.Time{}}
}

func (k *kase) road(t bot.Track) *road {
	for _, r := range k.roads {
		if r.track == t {
			return r
		}
	}
	return nil
}

func (k *kase) any(is func(*road) bool) bool { return slices.ContainsFunc(k.roads, is) }

func (k *kase) closed() bool { return !k.any(func(r *road) bool { return r.stage != bot.Shut }) }

func (k *kase) status() bot.Status {
	switch {
	case k.any(func(r *road) bool { return r.in(bot.Waiting, bot.Returned) && r.holder == "" }):
		return bot.New
	case k.any((*road).open):
		return bot.Taken
	case k.closed():
		return bot.Closed
	}
	return bot.Resolved
}

func (k *kase) due() (first time.Time) {
	for _, at := range k.clocks {
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	return first
}

// enter is the road on a track, which the case comes on by it; nil if it is closed altogether.
func (k *kase) enter(t bot.Track) *road {
	r, u := k.road(t), k.road(bot.Unsorted)
	switch {
	case r != nil:
		return r
	case k.closed():
		return nil
	case u != nil:
		u.track = t
		return u
	}
	k.roads = append(k.roads, &road{track: t, stage: bot.Waiting})
	return k.roads[len(k.roads)-1]
}

// can does something on every road of the tracks asked for where it is possible.
func (k *kase) can(only bot.Track, possible func(*road) bool, do func(*road)) (done bool) {
	for _, r := range k.roads {
		if (only == "" || only == r.track) && possible(r) {
			do(r)
			done = true
		}
	}
	return done
}

// work does the steps that are about holding and ending; it reports whether anything was possible.
func (k *kase) work(step bot.Step, only bot.Track, a actor, to string, now time.Time) bool {
	switch step {
	case bot.StepTake:
		tired := func(r *road) bool { return r.holder == a.name && r.until.Sub(now) < term/2 }
		free := func(r *road) bool { return r.workable() && r.holder == "" || tired(r) }
		return k.can(only, free, func(r *road) { r.hold(a.name, now) })
	case bot.StepRelease:
		held := func(r *road) bool { return r.workable() && r.holder != "" && r.mine(a) }
		return k.can(only, held, (*road).drop)
	case bot.StepAssign:
		theirs := func(r *road) bool { return !r.open() || r.holder == to }
		if k.any((*road).open) && !k.any(func(r *road) bool { return !theirs(r) }) {
			return false
		}
		return k.can("", func(r *road) bool { return r.workable() && r.mine(a) }, func(r *road) { r.hold(to, now) })
	case bot.StepShut:
		done := k.can(only, func(r *road) bool { return r.workable() && r.mine(a) }, func(r *road) { r.stage = bot.Shut; r.drop() })
		if r := k.road(bot.TrackViolation); done && (k.closed() || r != nil && r.stage == bot.Shut) {
			clear(k.clocks)
		}
		return done
	case bot.StepReopen:
		over := func(r *road) bool { return k.merged == 0 && !r.open() }
		return k.can(only, over, func(r *road) { r.stage = bot.Waiting })
	}
	return false
}

// decide does the steps of the hoax track.
func (k *kase) decide(step bot.Step, a actor, now time.Time) bool {
	r := k.road(bot.TrackHoax)
	if over := r == nil || !r.in(bot.Published, bot.Proposed); step == bot.StepCorrect && over && k.version > 0 {
		step = bot.StepPropose // what is no longer in force is proposed anew
	}
	switch step {
	case bot.StepPropose:
		if r != nil && !(r.in(bot.Waiting) && r.mine(a)) {
			return false
		}
		if u := k.road(bot.Unsorted); r == nil && u != nil && !u.mine(a) {
			return false
		}
		if r = k.enter(bot.TrackHoax); r == nil {
			return false
		}
	case bot.StepCorrect:
		if r == nil || !r.in(bot.Published) {
			return false
		}
	default:
		return r != nil && r.in(bot.Proposed) && k.answer(r, step, a, now)
	}
	r.before, r.stage, k.proposer = r.stage, bot.Proposed, a.name
	r.drop()
	return true
}

// answer is what becomes of a proposal.
func (k *kase) answer(r *road, step bot.Step, a actor, now time.Time) bool {
	switch {
	case step == bot.StepApprove && a.name == k.proposer:
		return false
	case step == bot.StepReject:
		if r.stage = r.before; r.stage == bot.Waiting {
			r.hold(k.proposer, now)
		}
	default:
		r.stage = bot.Published
		k.version++
	}
	k.proposer, r.before = "", ""
	return true
}

// refer hands the case over; n numbers the hand-over.
func (k *kase) refer(to string, n int, a actor) bool {
	if slices.ContainsFunc(k.asked, func(q asking) bool { return q.to == to && q.state == '?' }) {
		return false
	}
	r := k.road(bot.TrackViolation)
	if u := k.road(bot.Unsorted); r == nil && u != nil {
		r = u
	}
	if r != nil && !(r.workable() && r.mine(a)) {
		return false
	}
	if r = k.enter(bot.TrackViolation); r == nil {
		return false
	}
	r.stage = bot.Referred
	r.drop()
	k.asked = append(k.asked, asking{n: n, to: to, state: '?'})
	return true
}

// heard records an answer of a body; an empty to means the one asked last.
func (k *kase) heard(taken bool, to string) bool {
	r := k.road(bot.TrackViolation)
	if r == nil || r.in(bot.Shut) {
		return false
	}
	latest := func(state byte) int {
		found := -1
		for i, q := range k.asked {
			if q.state == state && (to == "" || q.to == to) {
				found = i
			}
		}
		return found
	}
	i := latest('?')
	if i < 0 && !taken {
		i = latest('=')
	}
	if i < 0 {
		return false
	}
	if taken {
		k.asked[i].state, r.stage = '=', bot.Received
		r.drop()
		return true
	}
	k.asked[i].state = '!'
	some := func(state byte) bool {
		return slices.ContainsFunc(k.asked, func(q asking) bool { return q.state == state })
	}
	switch {
	case r.in(bot.Received) && some('='), r.in(bot.Referred) && some('?'):
	case r.in(bot.Received) && some('?'):
		r.stage = bot.Referred
	case r.in(bot.Referred, bot.Received):
		r.stage = bot.Returned
		r.drop()
	}
	return true
}

// merge makes k a part of n.
func (k *kase) merge(n *kase, into bot.CaseID) bool {
	if k == n || k.merged != 0 || n.merged != 0 || k.proposer != "" {
		return false
	}
	for _, r := range k.roads {
		n.adopt(*r)
	}
	if n.version == 0 && n.proposer == "" {
		n.version = k.version
	}
	for _, q := range k.asked {
		i := slices.IndexFunc(n.asked, func(o asking) bool { return o.n == q.n })
		if i < 0 {
			n.asked = append(n.asked, q)
		} else if n.asked[i].state == '?' {
			n.asked[i] = q
		}
	}
	slices.SortFunc(n.asked, func(a, b asking) int { return a.n - b.n })
	for c, at := range k.clocks {
		if old, ok := n.clocks[c]; !ok || at.Before(old) {
			n.clocks[c] = at
		}
	}
	k.merged, k.clocks, k.roads = into, map[clockOf]time.Time{}, []*road{{track: bot.Unsorted, stage: bot.Shut}}
	return true
}

func (k *kase) adopt(r road) {
	own, u := k.road(r.track), k.road(bot.Unsorted)
	switch {
	case r.track == bot.Unsorted && own == nil:
	case own != nil && own.stage == bot.Shut && r.stage != bot.Shut && r.track != bot.Unsorted:
		*own = r
	case own != nil:
		if own.in(bot.Waiting, bot.Returned) && own.holder == "" && r.open() {
			own.holder, own.until = r.holder, r.until
		}
	case u != nil:
		if r.holder == "" && r.open() {
			r.holder, r.until = u.holder, u.until
		}
		*u = r
	default:
		k.roads = append(k.roads, &r)
	}
}

// split makes k, which the tip once opened, a case of its own again.
func (k *kase) split(from *kase, tip bot.TipID) {
	k.merged, k.roads = 0, []*road{{track: bot.Unsorted, stage: bot.Waiting}}
	for i, q := range k.asked {
		if j := slices.IndexFunc(from.asked, func(o asking) bool { return o.n == q.n }); j >= 0 {
			k.asked[i] = from.asked[j]
		}
		if k.asked[i].state == '?' {
			k.roads[0].track, k.roads[0].stage = bot.TrackViolation, bot.Referred
		}
	}
	for c, at := range from.clocks {
		if c.tip == tip {
			k.clocks[c] = at
			delete(from.clocks, c)
		}
	}
}
