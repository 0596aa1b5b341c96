package sim_test

import (
	"testing"
	"time"

	"awassiber/bot/sim"
)

func TestTheClockNeverGoesBack(t *testing.T) {
	base := noon()
	c := sim.NewClock(func() time.Time { return base })
	var kicks int
	stop := c.OnChange(func() { kicks++ })
	c.Advance(time.Hour)
	if got := c.Now(); !got.Equal(noon().Add(time.Hour)) {
		t.Errorf("after an hour it is %v", got)
	}
	base = noon().Add(-24 * time.Hour) // somebody sets the machine's clock back
	if got := c.Now(); !got.Equal(noon().Add(time.Hour)) {
		t.Errorf("the base went back, and so did the clock: %v", got)
	}
	base = base.Add(time.Minute)
	if got := c.Now(); !got.Equal(noon().Add(time.Hour + time.Minute)) {
		t.Errorf("it does not go on after that: %v", got)
	}
	c.Advance(-time.Hour)
	c.Advance(0)
	c.Set(noon())
	if got := c.Now(); !got.Equal(noon().Add(time.Hour + time.Minute)) {
		t.Errorf("it was set back: %v", got)
	}
	c.Set(noon().Add(2 * time.Hour))
	if got := c.Now(); !got.Equal(noon().Add(2 * time.Hour)) {
		t.Errorf("Set did not move it: %v", got)
	}
	if kicks != 2 {
		t.Errorf("watchers were told %d times, want 2", kicks)
	}
	stop()
	c.Advance(time.Second)
	if kicks != 2 {
		t.Error("a watcher was told after it stopped")
	}
	if zone := c.Now().Location(); zone != time.UTC {
		t.Errorf("zone %v", zone)
	}
}

func TestTheZeroClockIsTheMachines(t *testing.T) {
	before := time.Now().Add(-time.Second)
	if now := sim.NewClock(nil).Now(); now.Before(before) {
		t.Errorf("it shows %v", now)
	}
}
