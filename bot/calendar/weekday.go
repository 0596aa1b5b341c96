package calendar

import "time"

// byWeekday reads "Senin", "hari Senin lalu", "Kamis malam Jumat" and "malam Jumat", which is the
// evening before Friday.
func (r *reader) byWeekday(i int) int {
	at, eve := i, false
	if dayPart(r.word(at)) == night {
		eve = true
		at++
	}
	if r.word(at) == "hari" {
		eve = false
		at++
	}
	day, ok := dayOfWeek(r.word(at))
	if !ok {
		return 0
	}
	at++
	if i < at-1 && dayPart(r.word(i)) == night && r.part == noPart {
		r.part = night
	}
	if following, ok := dayOfWeek(r.word(at + 1)); ok && r.word(at) == "malam" && following == (day+1)%7 {
		at += 2
		if r.part == noPart {
			r.part = night
		}
	}
	if r.word(at) == "yang" {
		at++
	}
	kind := weekday
	if eve {
		day, kind = (day+6)%7, lastEve
	}
	return at - i + r.whichWeek(at, day, kind)
}

// whichWeek adds the weekday in the week that the words at i name, and tells how many they are.
func (r *reader) whichWeek(i int, day time.Weekday, kind anchorKind) int {
	back := (int(r.today.Weekday()) - int(day) + 7) % 7
	before := back // the same, today not counting
	if back == 0 {
		before = 7
	}
	monday := (int(r.today.Weekday()) + 6) % 7 // days since
	offset := monday - (int(day)+6)%7          // back to that weekday of this week; may be negative
	add := func(back int, why Reason, others ...int) {
		a := anchor{day: r.back(back), kind: kind, reason: why}
		for _, o := range others {
			a.alts = append(a.alts, r.back(o))
		}
		r.add(a)
	}
	switch w, next := r.word(i), r.word(i+1); {
	case w == "minggu" && (next == "lalu" || next == "kemarin"):
		add(offset+7, OnDay)
		return 2
	case w == "minggu" && next == "depan":
		add(offset-7, OnDay)
		return 2
	case w == "depan", w == "besok", w == "nanti":
		add(before-7, OnDay)
		return 1
	case w == "ini":
		add(offset, "")
		return 1
	case w == "lalu":
		add(before, OnDay, before+7)
		return 1
	case w == "kemarin":
		add(before, "")
		return 1
	case back > 0:
		add(back, "")
	case kind == lastEve && r.now.Hour() < int(night):
		add(7, OnDay) // this evening is still to come
	default:
		add(0, OnDay, 7)
	}
	return 0
}
