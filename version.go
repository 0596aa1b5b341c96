package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is the release; it changes together with CHANGELOG.md.
const version = "0.1.0"

func runVersion(_ context.Context, c *call) error {
	fmt.Fprintf(c.out, "awassiber %s%s %s %s/%s\n", version, revision(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}

// revision is the commit the binary was built from, with a leading plus, if the build knew it.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "+" + s.Value[:12]
		}
	}
	return ""
}
