package calendar

import "time"

// The productions in this file and the next look at the tokens from i on, note what they find, and
// return how many tokens they used; 0 if they do not apply.

// compact reads an answer that is one number: 01102024, 20241001, 011024, or a day of the month.
func (r *reader) compact(i int) int {
	t := r.token(i)
	if len(r.tok) != 1 || !t.single() {
		return 0
	}
	s := t.digits[0]
	switch len(s) {
	case 8:
		if !r.try(s[:2], s[2:4], s[4:]) && !r.try(s[6:], s[4:6], s[:4]) {
			r.bad = true
		}
	case 6:
		if !r.try(s[:2], s[2:4], s[4:]) {
			r.bad = true
		}
	case 1, 2:
		r.dayOfMonth(t.n(0))
	default:
		return 0
	}
	return 1
}

// try adds the date if it exists.
func (r *reader) try(d, m, y string) bool {
	t := token{digits: []string{d, m, y}}
	day, ok := r.date(r.year(t.n(2), len(y)), t.n(1), t.n(0))
	if ok {
		r.add(anchor{day: day})
	}
	return ok
}

// date makes a day, if the calendar has it.
func (r *reader) date(y, m, d int) (time.Time, bool) {
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, r.today.Location())
	ok := y > 0 && m >= 1 && m <= 12 && d >= 1 && t.Day() == d && t.Month() == time.Month(m)
	return t, ok
}

// year completes a typed year: two digits are this century unless that is more than a year ahead.
// It returns 0 for what is no year.
func (r *reader) year(n, digits int) int {
	switch {
	case digits == 4 && n >= 1900 && n < 2200:
		return n
	case digits == 2 && n >= 0:
		if century := r.today.Year() / 100 * 100; century+n <= r.today.Year()+1 {
			return century + n
		}
		return r.today.Year()/100*100 - 100 + n
	}
	return 0
}

// dated adds a date with its year, or notes that there is none such.
func (r *reader) dated(y, m, d int) {
	if day, ok := r.date(y, m, d); ok {
		r.add(anchor{day: day})
		return
	}
	r.bad = true
}

// undated adds the latest such day that is not in the future. Eight years back there has been a
// 29 February, except around 1900 and 2100.
func (r *reader) undated(m, d int) {
	for y := r.today.Year(); y >= r.today.Year()-8; y-- {
		if day, ok := r.date(y, m, d); ok && !day.After(r.today) {
			r.add(anchor{day: day, reason: NoYear})
			return
		}
	}
	r.bad = true
}

// dayOfMonth adds the latest day of that number.
func (r *reader) dayOfMonth(d int) {
	y, m := r.today.Year(), int(r.today.Month())
	for back := range 12 {
		first := time.Date(y, time.Month(m-back), 1, 0, 0, 0, 0, time.UTC)
		if day, ok := r.date(first.Year(), int(first.Month()), d); ok && !day.After(r.today) {
			r.add(anchor{day: day, reason: NoYear})
			return
		}
	}
	r.bad = true
}

// numericDate reads 1/10/2024, 1-10-24, 1.10.2024, 2024-10-01, 1/10 and, where it is not more
// likely a time of day, 1.10.
func (r *reader) numericDate(i int) int {
	t := r.token(i)
	switch {
	case len(t.digits) == 3 && t.sep != ':':
		if len(t.digits[0]) == 4 {
			r.dated(r.year(t.n(0), 4), t.n(1), t.n(2))
		} else {
			r.dated(r.year(t.n(2), len(t.digits[2])), t.n(1), t.n(0))
		}
		return 1
	case t.pair("/-") && len(t.digits[0]) == 4:
		r.vague = true // 2024-10: a month
		return 1
	case t.pair("/-") && month(r.word(i+1)) == 0:
		if y, used := r.yearAt(i + 1); used > 0 {
			r.dated(y, t.n(1), t.n(0))
			return 1 + used
		}
		r.undated(t.n(1), t.n(0))
		return 1
	case t.pair(".") && len(r.days) == 0 && !zoneWord(r.word(i+1)) && dayPart(r.word(i+1)) == noPart:
		if _, ok := r.date(2000, t.n(1), t.n(0)); ok { // 2000 was a leap year
			r.undated(t.n(1), t.n(0))
			return 1
		}
	}
	return 0
}

// yearAt reads a year behind day and month. Two digits are one only at the end of the text or
// before a word that makes no time of day of them.
func (r *reader) yearAt(i int) (y, used int) {
	said := 0
	if r.word(i) == "tahun" {
		said, i = 1, i+1
	}
	t := r.token(i)
	if !t.single() || len(t.digits[0]) != 4 && len(t.digits[0]) != 2 {
		return 0, 0
	}
	next := r.word(i + 1)
	if len(t.digits[0]) == 2 && (unit(next) || dayPart(next) != noPart || zoneWord(next) || month(next) != 0) {
		return 0, 0
	}
	return r.year(t.n(0), len(t.digits[0])), said + 1
}

// namedDate reads "1 Oktober 2024", "1 okt", "5 bulan 10" and the first and last of "1-3 Oktober".
func (r *reader) namedDate(i int) int {
	d, at := r.number(i)
	last := 0
	if t := r.token(i); t.pair("-/") {
		d, last, at = t.n(0), t.n(1), 1
	} else if at > 0 && r.word(i+at) == "sampai" {
		var used int
		if last, used = r.number(i + at + 1); used > 0 {
			at += 1 + used
		}
	}
	if at == 0 {
		return 0
	}
	m, used := r.monthAt(i + at)
	if used == 0 {
		return 0
	}
	at += used
	y, used := r.yearAt(i + at)
	for _, n := range []int{d, last} {
		switch {
		case n == 0 && d != 0:
		case used > 0:
			r.dated(y, m, n)
		default:
			r.undated(m, n)
		}
	}
	return at + used
}

// monthAt reads a month by name or as "bulan 10".
func (r *reader) monthAt(i int) (m, used int) {
	if m := month(r.word(i)); m != 0 {
		return int(m), 1
	}
	if r.word(i) != "bulan" {
		return 0, 0
	}
	if m := month(r.word(i + 1)); m != 0 {
		return int(m), 2
	}
	if m, used := r.number(i + 1); used > 0 && !unit(r.word(i+1+used)) {
		return m, 1 + used
	}
	return 0, 0
}

// monthFirst reads "Oktober 1, 2024"; a month without a day is too vague.
func (r *reader) monthFirst(i int) int {
	m := month(r.word(i))
	if m == 0 {
		return 0
	}
	t := r.token(i + 1)
	if !t.single() || len(t.digits[0]) > 2 {
		r.vague = true
		_, used := r.yearAt(i + 1)
		return 1 + used
	}
	if y, used := r.yearAt(i + 2); used > 0 {
		r.dated(y, int(m), t.n(0))
		return 2 + used
	}
	r.undated(int(m), t.n(0))
	return 2
}

// tanggal reads what only the word "tanggal" makes a date: "tanggal 5", "tgl 5 bulan lalu".
// Everything else behind it is a date of its own.
func (r *reader) tanggal(i int) int {
	if r.word(i) != "tanggal" {
		return 0
	}
	for _, date := range []func(int) int{r.numericDate, r.namedDate} {
		if n := date(i + 1); n > 0 {
			return 1 + n
		}
	}
	d, used := r.number(i + 1)
	if used == 0 {
		return 1
	}
	end := i + 1 + used
	if r.word(end) == "bulan" {
		first := r.today.AddDate(0, 0, 1-r.today.Day())
		switch r.word(end + 1) {
		case "lalu", "kemarin":
			first = first.AddDate(0, -1, 0)
			fallthrough
		case "ini":
			r.dated(first.Year(), int(first.Month()), d)
			return 3 + used
		}
	}
	r.dayOfMonth(d)
	return 1 + used
}
