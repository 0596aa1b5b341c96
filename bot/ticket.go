package bot

import (
	"fmt"
	"strconv"
	"strings"
)

// Ticket is the number a citizen keeps: JBI-26-00173-K. Prefix comes from configuration, the year
// is that of receipt, the sequence never starts again, and the last character checks the others.
type Ticket struct {
	Prefix string
	Year   int // 2026, shown as 26
	Seq    TipID
}

// String writes the ticket with its check character, in capitals.
func (t Ticket) String() string {
	body := fmt.Sprintf("%s-%02d-%05d", strings.ToUpper(t.Prefix), t.Year%100, t.Seq)
	return body + "-" + string(checkChar(body))
}

// TicketError says why text is not a ticket number.
type TicketError string

// Reasons ParseTicket gives.
const (
	TicketFormat TicketError = "format" // not a number of ours at all
	TicketCheck  TicketError = "check"  // looks right, but the check character does not fit
)

// Error returns the reason.
func (e TicketError) Error() string { return "ticket: " + string(e) }

// ParseTicket reads a whole ticket number, in any case and with spaces for dashes, or a bare
// sequence number ("173", "#173", "00173"). A whole number with a slip in it gives TicketCheck.
func ParseTicket(prefix, s string) (TipID, error) {
	s = strings.ToUpper(strings.TrimSpace(s))
	s = strings.TrimPrefix(s, "#")
	if n, err := strconv.ParseUint(s, 10, 63); err == nil && n > 0 {
		return TipID(n), nil
	}
	f := strings.FieldsFunc(s, func(r rune) bool { return r == '-' || r == ' ' || r == '–' })
	if len(f) != 4 || len(f[3]) != 1 {
		return 0, TicketFormat
	}
	body := strings.Join(f[:3], "-")
	for _, r := range body + f[3] {
		if r != '-' && symbol(r) < 0 {
			return 0, TicketFormat
		}
	}
	if checkChar(body) != f[3][0] {
		return 0, TicketCheck
	}
	n, err := strconv.ParseUint(f[2], 10, 63)
	if err != nil || n == 0 || f[0] != strings.ToUpper(prefix) {
		return 0, TicketFormat
	}
	return TipID(n), nil
}

const symbols = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

func symbol(r rune) int { return strings.IndexRune(symbols, r) }

// checkChar computes the last character. The 36 symbols are the elements of the ring GF(4)×GF(9);
// the check is the weighted sum with weights w, w², w³ … from the right. Both w and 1−w are units
// of the ring, so every change of one symbol and every swap of two neighbours changes the sum,
// the check character itself included. (Order 36 has no such code over the integers.)
func checkChar(body string) byte {
	sum4, sum9 := 0, 0
	for _, r := range body {
		v := symbol(r)
		if v < 0 {
			continue
		}
		sum4 = times4(sum4 ^ v%4)
		sum9 = times9(add9(sum9, v/4))
	}
	// The check character has weight 1 and brings the sum to zero: it is minus the sum.
	return symbols[sum4+4*neg9(sum9)]
}

// times4 multiplies by ω in GF(4), elements 0, 1, ω=2, ω²=3; addition there is xor.
func times4(a int) int { return [4]int{0, 2, 3, 1}[a] }

// GF(9) is GF(3)[i] with i²=−1; a+bi is stored as a+3b.
func add9(x, y int) int { return (x%3+y%3)%3 + 3*((x/3+y/3)%3) }
func neg9(x int) int    { return (3-x%3)%3 + 3*((3-x/3)%3) }

// times9 multiplies by 1+i, a generator: (a+bi)(1+i) = (a−b) + (a+b)i.
func times9(x int) int {
	a, b := x%3, x/3
	return (a-b+3)%3 + 3*((a+b)%3)
}
