package calendar

import "time"

// clock is a time of day as it was typed.
type clock struct {
	set          bool
	hour, minute int
	literal      bool // written the 24-hour way: "07.30", "19.30"
}

func zoneWord(w string) bool { return w == "wib" || w == "wita" || w == "wit" }

// timeOfDay reads "jam 7 malam", "pukul 19.00", "19.30 WIB", "7 malam", "setengah tujuh", "jam 7
// lewat 15" and "jam 7 kurang 10".
func (r *reader) timeOfDay(i int) int {
	at := i
	said := r.word(at) == "jam"
	if said {
		at++
	}
	half := r.word(at) == "setengah"
	if half {
		at++
	}
	c := clock{set: true}
	t := r.token(at)
	switch n, used := r.number(at); {
	case t.sep == ':' || t.pair("."):
		c.hour, c.minute = t.n(0), t.n(1)
		c.literal = len(t.digits[0]) == 2
		at++
	case said && t.pair("-"):
		c.hour, r.unsure = t.n(0), true
		at++
	case used > 0 && (said || half || dayPart(r.word(at+used)) != noPart || zoneWord(r.word(at+used))):
		c.hour = n
		c.literal = t.single() && (len(t.digits[0]) == 2 && t.digits[0][0] == '0' || n > 12)
		at += used
		at += c.minutes(r, at)
	default:
		return 0
	}
	if half && c.hour > 0 {
		c.hour, c.minute = c.hour-1, c.minute+30
		if c.hour == 0 {
			c.hour = 12
		}
	}
	return at - i + r.setClock(c, at)
}

// minutes reads "lewat 15" and "kurang 10" behind an hour. The spelling table has made "lalu" of
// "lewat".
func (c *clock) minutes(r *reader, i int) int {
	w := r.word(i)
	n, used := r.number(i + 1)
	if next := r.word(i + 1 + used); used == 0 || n > 59 || unit(next) && next != "menit" && next != "malam" {
		return 0
	}
	switch w {
	case "lalu":
		c.minute += n
	case "kurang":
		if n > 0 {
			c.hour, c.minute = (c.hour+23)%24, 60-n
		}
	default:
		return 0
	}
	if r.word(i+1+used) == "menit" {
		used++
	}
	return 1 + used
}

// setClock keeps the first time of day and reads the part of the day and the zone behind it.
func (r *reader) setClock(c clock, i int) int {
	if c.hour < 0 || c.hour > 24 || c.minute < 0 || c.minute > 59 || c.hour == 24 && c.minute > 0 {
		r.bad = true
		return 0
	}
	if !r.clock.set {
		r.clock = c
	}
	used := 0
	if p := dayPart(r.word(i)); p != noPart && r.word(i+1) != "ini" {
		if _, named := dayOfWeek(r.word(i + 1)); !named { // "jam 7 malam Jumat" is for byWeekday
			used++
		}
		if r.part == noPart {
			r.part = p
		}
	}
	if zoneWord(r.word(i + used)) {
		used++
	}
	return used
}

// readings lists what the typed time can be, from midnight. A named part of the day decides;
// otherwise an hour up to twelve that is not written the 24-hour way can be in either half.
func (c clock) readings(p part) []time.Duration {
	if !c.set {
		return nil
	}
	at := func(hour int) time.Duration {
		return time.Duration(hour%24)*time.Hour + time.Duration(c.minute)*time.Minute
	}
	h := c.hour
	switch {
	case h == 0 || h > 12:
	case p == dawn || p == morning || p == night && (h < 6 || h == 12):
		h %= 12
	case p == noon && h < 6, p == afternoon && h < 12, p == night:
		h += 12
	case p == noPart && !c.literal && h == 12:
		return []time.Duration{at(12), at(0)}
	case p == noPart && !c.literal:
		return []time.Duration{at(h), at(h + 12)}
	}
	return []time.Duration{at(h)}
}
