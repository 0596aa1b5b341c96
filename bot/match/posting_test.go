package match

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// The guess must find what a plain search finds, in even and in lopsided lists.
func TestGuess(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for round := range 2000 {
		list := make([]uint32, r.IntN(300))
		for i := range list {
			switch round % 3 {
			case 0:
				list[i] = r.Uint32()
			case 1:
				list[i] = r.Uint32() >> (8 + r.IntN(20))
			default:
				list[i] = 0xfffff000 | r.Uint32()>>24
			}
		}
		slices.Sort(list)
		for _, x := range append([]uint32{0, 1, 1 << 31, 0xffffffff, r.Uint32()}, list...) {
			if got, want := guess(list, x), search(list, x); got != want {
				t.Fatalf("%d in %v: %d, want %d", x, list, got, want)
			}
		}
	}
}

// A feature is found until it is too frequent, and again once it is not.
func TestFrequentFeatures(t *testing.T) {
	const limit = 40
	p := newPostings(limit)
	const f, near = feature(77<<tagBits | 5), feature(77<<tagBits | 6)
	p.add(near, 9)
	for slot := uint32(1); slot <= uint32(p.keepTo+10); slot++ {
		p.add(f, slot)
		list, n := p.find(f)
		if n != int(slot) || (len(list) > 0) != (slot <= limit) {
			t.Fatalf("after %d: %d listed, %d counted", slot, len(list), n)
		}
	}
	var left []uint32
	for slot := uint32(p.keepTo + 10); slot > 0; slot-- {
		if slot <= limit {
			left = append(left, slot)
			continue
		}
		p.remove(f, slot)
		if list, n := p.find(f); n != int(slot)-1 || len(list) > 0 {
			t.Fatalf("without %d: %d listed, %d counted", slot, len(list), n)
		}
	}
	p.relist(f, left)
	if list, n := p.find(f); n != limit || len(list) != n {
		t.Errorf("%d listed, %d counted", len(list), n)
	}
	if list, _ := p.find(near); len(list) != 1 || list[0]&maxSlots != 9 {
		t.Errorf("neighbour lost: %v", list)
	}
}
