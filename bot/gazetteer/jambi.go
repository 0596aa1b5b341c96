package gazetteer

import (
	"embed"
	"fmt"
	"io/fs"
)

// The tables are under the ODbL 1.0; the notice stands in jambi/README.md.
//
//go:embed jambi/*.csv
var jambi embed.FS

// Jambi loads the tables that come with the program. An error means that they were damaged in
// the source.
func Jambi() (*Gazetteer, error) {
	var files [3]fs.File
	for i, name := range []string{"wilayah", "alias", "tanya"} {
		f, err := jambi.Open("jambi/" + name + ".csv")
		if err != nil {
			return nil, fmt.Errorf("built-in table: %w", err)
		}
		defer f.Close()
		files[i] = f
	}
	return Load(files[0], files[1], files[2])
}
