package match_test

import (
	"syscall"
	"time"
	"unsafe"
)

// cpuTime is the processor time of this thread: what a query costs, however busy the machine is.
func cpuTime() time.Duration {
	const thread = 3 // CLOCK_THREAD_CPUTIME_ID
	var t syscall.Timespec
	if _, _, failed := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, thread, uintptr(unsafe.Pointer(&t)), 0); failed != 0 {
		return 0
	}
	return time.Duration(t.Nano())
}
