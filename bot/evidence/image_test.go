package evidence

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"awassiber/bot"
)

func pngHeader(w, h uint32) []byte {
	chunk := append([]byte("IHDR"), make([]byte, 13)...)
	binary.BigEndian.PutUint32(chunk[4:], w)
	binary.BigEndian.PutUint32(chunk[8:], h)
	chunk[12], chunk[13] = 8, 2 // 8 bits, RGB
	b := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), chunk...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(chunk))
}

func gifHeader(w, h uint16) []byte {
	b := binary.LittleEndian.AppendUint16([]byte("GIF89a"), w)
	b = binary.LittleEndian.AppendUint16(b, h)
	return append(b, 0, 0, 0, 0x3b)
}

// jpegHeader puts metadata bytes of comments before the frame header, and begins a scan after it.
func jpegHeader(w, h uint16, metadata int) []byte {
	b := []byte("\xff\xd8")
	for metadata > 0 {
		n := min(metadata, 65533)
		b = append(b, 0xff, 0xfe)
		b = binary.BigEndian.AppendUint16(b, uint16(n+2))
		b = append(b, make([]byte, n)...)
		metadata -= n
	}
	b = append(b, 0xff, 0xc0, 0, 11, 8)
	b = binary.BigEndian.AppendUint16(b, h)
	b = binary.BigEndian.AppendUint16(b, w)
	b = append(b, 1, 1, 0x11, 0) // one component
	return append(b, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0)
}

func riff(chunk string, body ...byte) []byte {
	b := append([]byte("RIFF\x40\x00\x00\x00WEBP"), chunk...)
	b = append(b, 0x20, 0, 0, 0)
	return append(append(b, body...), make([]byte, 32)...)
}

func bmpHeader(w, h int32) []byte {
	b := append([]byte("BM"), make([]byte, 52)...)
	b[14] = 40
	binary.LittleEndian.PutUint32(b[18:], uint32(w))
	binary.LittleEndian.PutUint32(b[22:], uint32(h))
	return b
}

func TestBombs(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		want int64
	}{
		"png":                    {pngHeader(30_000, 30_000), 900_000_000},
		"png of one long row":    {pngHeader(1<<31-1, 1), 1<<31 - 1},
		"gif":                    {gifHeader(65_535, 65_535), 65_535 * 65_535},
		"jpeg":                   {jpegHeader(65_000, 65_000, 0), 65_000 * 65_000},
		"jpeg behind 3 MB":       {jpegHeader(65_000, 65_000, 3<<20), 65_000 * 65_000},
		"webp extended":          {riff("VP8X", 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), 1 << 48},
		"webp lossless":          {riff("VP8L", 0x2f, 0xff, 0xff, 0xff, 0x0f), 1 << 28},
		"webp lossy":             {riff("VP8 ", 0, 0, 0, 0x9d, 1, 0x2a, 0xff, 0x3f, 0xff, 0xff), 16_383 * 16_383},
		"bmp":                    {bmpHeader(40_000, 40_000), 1_600_000_000},
		"bmp from the top":       {bmpHeader(40_000, -40_000), 1_600_000_000},
		"bmp of the lowest size": {bmpHeader(-1<<31, -1<<31), 1 << 62},
	} {
		t.Run(name, func(t *testing.T) {
			if got := pixels(bytes.NewReader(c.data)); got != c.want {
				t.Errorf("pixels = %d, want %d", got, c.want)
			}
			s, dir := openStore(t, Options{})
			if _, err := s.Put(t.Context(), bytes.NewReader(c.data)); !errors.Is(err, bot.ErrRefused) {
				t.Errorf("Put = %v, want bot.ErrRefused", err)
			}
			if names := under(t, dir); len(names) != 0 {
				t.Errorf("left behind: %v", names)
			}
		})
	}
}

func TestPixelsAtTheLimit(t *testing.T) {
	s, _ := openStore(t, Options{MaxPixels: 600})
	put(t, s, pngHeader(30, 20))
	if _, err := s.Put(t.Context(), bytes.NewReader(pngHeader(601, 1))); !errors.Is(err, bot.ErrRefused) {
		t.Errorf("Put = %v, want bot.ErrRefused", err)
	}
}

func TestRealImagesPass(t *testing.T) {
	img := image.NewPaletted(image.Rect(0, 0, 40, 30), color.Palette{color.Black, color.White})
	var p, j, g bytes.Buffer
	if err := errors.Join(png.Encode(&p, img), jpeg.Encode(&j, img, nil), gif.Encode(&g, img, nil)); err != nil {
		t.Fatal(err)
	}
	s, _ := openStore(t, Options{})
	for mime, b := range map[string]*bytes.Buffer{"image/png": &p, "image/jpeg": &j, "image/gif": &g} {
		if n := pixels(bytes.NewReader(b.Bytes())); n != 1200 {
			t.Errorf("%s: pixels = %d, want 1200", mime, n)
		}
		if got := put(t, s, b.Bytes()); got.MIME != mime {
			t.Errorf("MIME = %q, want %q", got.MIME, mime)
		}
	}
}

// FuzzPixels: no header makes the reader panic, and none makes a size negative and so small.
func FuzzPixels(f *testing.F) {
	for _, b := range [][]byte{
		nil, pngHeader(2, 3), gifHeader(2, 3), jpegHeader(2, 3, 70_000), riff("VP8X"), riff("VP8L"), riff("VP8 "), bmpHeader(2, -3),
	} {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if n := pixels(bytes.NewReader(b)); n < 0 {
			t.Errorf("pixels = %d", n)
		}
	})
}
