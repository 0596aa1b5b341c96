package calendar

import "time"

// ago reads a distance from today: "2 hari lalu", "dua minggu yang lalu", "sebulan lalu", "3 jam
// lalu", "minggu lalu", "minggu depan". Without "lalu" a number of days or more is taken for one.
func (r *reader) ago(i int) int {
	n, at := r.number(i)
	u := r.word(i + at)
	switch {
	case at > 0:
	case oneOf(u) != "":
		n, u = 1, oneOf(u)
	case u == "setengah" && r.word(i+1) == "jam" && r.word(i+2) == "lalu":
		n, u, at = 30, "menit", 1
	default:
		return r.lastUnit(i)
	}
	if !unit(u) {
		return 0
	}
	at++
	if r.word(i+at) == "yang" {
		at++
	}
	short := u == "jam" || u == "menit" || u == "malam"
	_, named := dayOfWeek(r.word(i + at))
	switch w := r.word(i + at); {
	case w == "lalu", w == "kemarin" && !short:
		r.count(n, u, "")
		return at + 1
	case w == "lagi", w == "depan", w == "mendatang":
		r.ahead(n, u)
		return at + 1
	case short || named || len(r.token(i+at).digits) > 0:
		return 0
	}
	r.count(n, u, Unsure)
	return at
}

// lastUnit reads "minggu lalu", a week ago or last Sunday, and the units too long to name a day.
func (r *reader) lastUnit(i int) int {
	u := r.word(i)
	if u != "minggu" && u != "bulan" && u != "tahun" {
		return 0
	}
	at := 1
	if r.word(i+1) == "yang" {
		at = 2
	}
	switch r.word(i + at) {
	case "lalu", "kemarin":
		if u == "minggu" {
			sunday := r.back((int(r.today.Weekday())+6)%7 + 1)
			r.add(anchor{day: r.back(7), alts: []time.Time{sunday}, reason: Unsure, kind: counted})
		} else {
			r.vague = true
		}
	case "depan":
		r.ahead(1, u)
	case "ini":
		r.vague = true
	default:
		return 0
	}
	return at + 1
}

// span reads "2-3 hari lalu" and "dua atau tiga hari lalu".
func (r *reader) span(i int) int {
	var from, to, at int
	if t := r.token(i); t.pair("-/") {
		from, to, at = t.n(0), t.n(1), 1
	} else {
		var a, b int
		from, a = r.number(i)
		to, b = r.number(i + a + 1)
		if a == 0 || b == 0 || r.word(i+a) != "sampai" {
			return 0
		}
		at = a + 1 + b
	}
	u := r.word(i + at)
	at++
	if r.word(i+at) == "yang" {
		at++
	}
	if !unit(u) || r.word(i+at) != "lalu" {
		return 0
	}
	r.count(from, u, "")
	r.count(to, u, "")
	return at + 1
}

// count adds the day n units before now. Weeks and more are round numbers in people's mouths.
func (r *reader) count(n int, u string, why Reason) {
	a := anchor{kind: counted, reason: why}
	if why == "" && (u != "hari" && u != "malam" || n > 31) {
		a.reason = Unsure
	}
	if n < 0 || n > maxAgo {
		r.bad = true
		return
	}
	switch u {
	case "hari", "malam":
		a.day = r.back(n)
	case "minggu":
		a.day = r.back(7 * n)
	case "bulan":
		a.day = r.monthsBack(n)
	case "tahun":
		a.day = r.monthsBack(12 * n)
	case "jam":
		a = r.since(time.Duration(n) * time.Hour)
	case "menit":
		a = r.since(time.Duration(n) * time.Minute)
	}
	if a.day.Year() < 1900 {
		r.bad = true
		return
	}
	if u == "malam" && r.part == noPart {
		r.part = night
	}
	r.add(a)
}

// ahead adds a day that is yet to come.
func (r *reader) ahead(n int, u string) {
	days := n
	switch u {
	case "minggu":
		days *= 7
	case "bulan":
		days *= 30
	case "tahun":
		days *= 365
	case "jam", "menit":
		days = 0
	}
	r.add(anchor{day: r.back(-min(max(days, 0), maxAgo)), ahead: true, kind: counted, reason: Unsure})
}

// since adds the time of day that was d ago, and returns its day.
func (r *reader) since(d time.Duration) anchor {
	t := r.now.Add(-d)
	if !r.clock.set {
		r.clock = clock{set: true, hour: t.Hour(), minute: t.Minute(), literal: true}
	}
	return anchor{day: time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())}
}

// monthsBack is this day n months ago, or the last day of that month if it is shorter.
func (r *reader) monthsBack(n int) time.Time {
	first := time.Date(r.today.Year(), r.today.Month()-time.Month(n), 1, 0, 0, 0, 0, r.today.Location())
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(r.today.Day(), last)-1)
}

// relative reads today, yesterday and their like, and parts of the day with or without them.
func (r *reader) relative(i int) int {
	next := r.word(i + 1)
	switch w := r.word(i); {
	case w == "hari" && next == "ini", w == "saat" && next == "ini":
		r.add(anchor{day: r.today, kind: counted})
		return 2
	case w == "sekarang", w == "barusan", w == "baru" && (next == "saja" || next == "aja" || next == "bae" || next == "be"):
		r.add(anchor{day: r.today, kind: counted})
	case w == "tadi":
		r.add(anchor{day: r.today, kind: justNow})
	case w == "semalam":
		// Last night, but plain "yesterday" to many in Sumatra: the same day, differently sure.
		r.add(anchor{day: r.back(1), kind: counted, reason: Unsure})
	case w == "kemarin":
		return r.yesterday(i)
	case w == "lusa" && next == "kemarin":
		r.add(anchor{day: r.back(2), kind: counted})
		return 2
	case w == "lusa":
		r.add(anchor{day: r.back(-2), kind: counted, ahead: true})
	case w == "besok":
		r.add(anchor{day: r.back(-1), kind: counted, ahead: true})
	case w == "nanti":
		r.add(anchor{day: r.today, kind: counted, ahead: true})
	default:
		return r.partOfDay(i)
	}
	return 1
}

// yesterday reads "kemarin", "kemarin lusa" and "kemarin dulu" (the day before yesterday, or just
// some days ago), and "kemarin-kemarin", which is no day.
func (r *reader) yesterday(i int) int {
	switch next := r.token(i + 1); {
	case next.word == "lusa":
		r.add(anchor{day: r.back(2), kind: counted})
		return 2
	case next.word == "dulu":
		r.add(anchor{day: r.back(2), alts: []time.Time{r.back(1), r.back(3)}, kind: counted, reason: Unsure})
		return 2
	case next.word == "kemarin", next.single() && next.n(0) == 2:
		r.vague = true
		return 2
	}
	r.add(anchor{day: r.back(1), kind: counted})
	return 1
}

// partOfDay reads "malam", "pagi hari", "dini hari" and "sore ini".
func (r *reader) partOfDay(i int) int {
	p := dayPart(r.word(i))
	if p == noPart {
		return 0
	}
	if r.part == noPart {
		r.part = p
	}
	if next := r.word(i + 1); next == "ini" {
		hour := r.now.Hour()
		r.add(anchor{day: r.today, kind: counted, ahead: int(p) > hour && hour >= nightEnds})
		return 2
	} else if next == "hari" && r.word(i+2) != "ini" {
		return 2
	}
	return 1
}

// hedge notes words that make the rest uncertain or too vague.
func (r *reader) hedge(i int) int {
	switch r.word(i) {
	case "mungkin", "kira", "sekitar", "kayaknya", "kayaknyo", "sepertinya", "kalau", "klo", "kalo", "agak", "antara",
		"sebelum", "sesudah", "setelah", "bukan", "lupa":
		r.unsure = true
		return 1
	case "tempo", "dulu", "lama", "belakangan", "awal", "akhir", "pertengahan", "sering":
		r.vague = true
		return 1
	case "beberapa":
		r.vague = true
		if unit(r.word(i + 1)) {
			return 2
		}
		return 1
	}
	return 0
}
