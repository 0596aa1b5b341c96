package fakeapi

import (
	"math"
	"net/http"
	"time"
)

// rates remembers when messages went out.
type rates struct {
	all  []time.Time
	chat map[int64][]time.Time
}

func newRates() rates { return rates{chat: map[int64][]time.Time{}} }

// spend refuses a message over the limits, if Options.Limits is set. The lock is held. A refused
// message costs nothing here; Telegram's own reckoning is unpublished.
func (s *Server) spend(chat int64) error {
	if !s.limits {
		return nil
	}
	now := s.now()
	limit, window := 1, time.Second
	if chat < 0 {
		limit, window = 20, time.Minute
	}
	all := recent(s.rates.all, now, time.Second)
	mine := recent(s.rates.chat[chat], now, window)
	wait := max(over(all, 30, now, time.Second), over(mine, limit, now, window))
	if wait > 0 {
		seconds := int(math.Ceil(wait.Seconds()))
		return apiError{Code: http.StatusTooManyRequests, RetryAfter: seconds,
			Text: "Too Many Requests: retry after " + string(number(int64(seconds)))}
	}
	s.rates.all = append(all, now)
	s.rates.chat[chat] = append(mine, now)
	return nil
}

// recent drops what lies outside a window that ends now.
func recent(times []time.Time, now time.Time, window time.Duration) []time.Time {
	for len(times) > 0 && now.Sub(times[0]) >= window {
		times = times[1:]
	}
	return times
}

// over tells how long to wait until there is room, zero if there is.
func over(times []time.Time, limit int, now time.Time, window time.Duration) time.Duration {
	if len(times) < limit {
		return 0
	}
	return times[len(times)-limit].Add(window).Sub(now)
}
