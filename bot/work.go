package bot

import "time"

// Track is a road a case can be on; a case may be on both.
type Track string

// Tracks. The hoax track ends in a verdict, the violation track in a hand-over: what breaks election
// rules goes to Bawaslu, everything else to other bodies, police included (Jambi agreement of October
// 2024). Unsorted is where every case begins; it becomes the first track the case is put on.
const (
	Unsorted       Track = "unsorted"
	TrackHoax      Track = "hoax"
	TrackViolation Track = "violation"
)

// Tracks lists every track.
func Tracks() []Track { return []Track{Unsorted, TrackHoax, TrackViolation} }

// Stage is how far a case is on one track.
type Stage string

// Stages. Proposed and Published are of the hoax track, Referred, Received and Returned of the
// violation track. Published, Received and Shut end a track.
const (
	Waiting   Stage = "waiting"   // there is work to do
	Proposed  Stage = "proposed"  // a verdict waits for a second person
	Published Stage = "published" // the verdict was told to everybody who asked
	Referred  Stage = "referred"  // handed to another body, which has not answered
	Received  Stage = "received"  // that body took it
	Returned  Stage = "returned"  // that body gave it back: there is work to do
	Shut      Stage = "shut"      // ended without an outcome
)

// Stages lists every stage.
func Stages() []Stage {
	return []Stage{Waiting, Proposed, Published, Referred, Received, Returned, Shut}
}

// Work is how far one track of a case is, and who holds it.
type Work struct {
	Track Track
	Stage Stage
	Since time.Time // when it came to this stage
	Lease *Lease    `json:",omitempty"`
	// Before is the stage a proposal was made from, where its rejection leads back.
	Before Stage `json:",omitempty"`
}

// Lease is a coordinator's hold on a track. It ends by itself, so that nobody's sleep blocks a case.
type Lease struct {
	Holder PersonID
	Name   string
	Until  time.Time
}

// Open reports whether the track is not ended.
func (w Work) Open() bool {
	return w.Stage != Published && w.Stage != Received && w.Stage != Shut
}

// free reports whether the track waits for somebody of the desk.
func (w Work) free() bool {
	return w.Lease == nil && (w.Stage == Waiting || w.Stage == Returned)
}

func (w *Work) move(to Stage, now time.Time) {
	if w.Stage != to {
		w.Stage, w.Since = to, now
	}
}
