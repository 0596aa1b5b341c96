package calendar

import "time"

// part is a part of the day, by the hour from which people speak of it as past or present.
type part int

const (
	noPart    part = 0
	dawn      part = 3
	morning   part = 5
	noon      part = 10
	afternoon part = 14
	night     part = 18
)

// dayPart reads the name of a part of the day. "Dalu" is Jambi Malay for late at night.
func dayPart(w string) part {
	switch w {
	case "subuh", "fajar", "dini":
		return dawn
	case "pagi":
		return morning
	case "siang":
		return noon
	case "sore", "petang", "patang":
		return afternoon
	case "malam", "dalu", "maghrib", "magrib", "isya":
		return night
	}
	return noPart
}

// usual gives abbreviations, chat spellings and Jambi Malay words their usual Indonesian form.
func usual(w string) string {
	switch w {
	case "kemaren", "kmrn", "kmren", "kmarin", "kmaren", "kemren", "kmr", "kemari":
		return "kemarin"
	case "td", "tdi", "tadik":
		return "tadi"
	case "mlm", "mlam", "malem":
		return "malam"
	case "smlm", "smalam", "semalem":
		return "semalam"
	case "pg", "pgi":
		return "pagi"
	case "hr", "hri", "ari":
		return "hari"
	case "mgg", "mggu", "pekan":
		return "minggu"
	case "sepekan":
		return "seminggu"
	case "bln":
		return "bulan"
	case "thn", "th":
		return "tahun"
	case "mnt", "mnit":
		return "menit"
	case "yg":
		return "yang"
	case "lalau", "lampau", "silam", "lewat", "kelewat", "liwat":
		return "lalu"
	case "tgl", "tggl", "tgal", "tangal":
		return "tanggal"
	case "pukul", "pkl", "pk", "jm":
		return "jam"
	case "skrg", "skarang", "skrng", "kini", "kinin":
		return "sekarang"
	case "bsk", "besuk", "isuk":
		return "besok"
	case "kagek", "agek", "ntar", "entar", "nnti":
		return "nanti"
	case "iko", "ko", "iki", "nih", "ni":
		return "ini"
	case "stgh", "stengah", "setgh":
		return "setengah"
	case "dahulu", "dulunya", "dl":
		return "dulu"
	case "hingga", "sd", "sampe", "dan", "atau", "ato":
		return "sampai"
	}
	return w
}

// numeral reads a number word up to eleven, in Indonesian or Jambi Malay; 0 for any other word.
func numeral(w string) int {
	switch w {
	case "satu", "sikok":
		return 1
	case "dua", "duo":
		return 2
	case "tiga", "tigo":
		return 3
	case "empat":
		return 4
	case "lima", "limo":
		return 5
	case "enam":
		return 6
	case "tujuh":
		return 7
	case "delapan", "lapan":
		return 8
	case "sembilan":
		return 9
	case "sepuluh":
		return 10
	case "sebelas":
		return 11
	}
	return 0
}

// month reads the name of a month or one of its usual abbreviations; 0 for any other word.
func month(w string) time.Month {
	switch w {
	case "januari", "jan", "january":
		return time.January
	case "februari", "feb", "peb", "pebruari", "febuari", "february":
		return time.February
	case "maret", "mar", "mrt", "march":
		return time.March
	case "april", "apr":
		return time.April
	case "mei", "may":
		return time.May
	case "juni", "jun", "june":
		return time.June
	case "juli", "jul", "july":
		return time.July
	case "agustus", "agu", "ags", "agt", "agust", "agus", "aug", "august":
		return time.August
	case "september", "sep", "sept":
		return time.September
	case "oktober", "okt", "oct", "october":
		return time.October
	case "november", "nov", "nop", "nopember":
		return time.November
	case "desember", "des", "dec", "december":
		return time.December
	}
	return 0
}

// dayOfWeek reads the name of a weekday.
func dayOfWeek(w string) (time.Weekday, bool) {
	switch w {
	case "minggu", "ahad", "akad":
		return time.Sunday, true
	case "senin", "senen", "snin":
		return time.Monday, true
	case "selasa", "slasa", "salasa":
		return time.Tuesday, true
	case "rabu", "rebo", "rabo":
		return time.Wednesday, true
	case "kamis", "kemis":
		return time.Thursday, true
	case "jumat", "jumaat", "jumt":
		return time.Friday, true
	case "sabtu", "saptu", "setu":
		return time.Saturday, true
	}
	return 0, false
}

// oneOf reads "sehari" and its like: one of a unit. Semalam is not among them, it means last night.
func oneOf(w string) string {
	switch w {
	case "sehari", "seminggu", "sebulan", "setahun", "sejam", "semenit":
		return w[2:]
	}
	return ""
}

// unit reports whether a word counts time.
func unit(w string) bool {
	switch w {
	case "hari", "malam", "minggu", "bulan", "tahun", "jam", "menit":
		return true
	}
	return false
}
