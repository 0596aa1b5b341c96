package evidence

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
)

// pixels is the size an image claims, in pixels: the memory a decoder would set aside before it
// saw any of them. It is 0 for what is no image of the formats our decoders know (PNG, JPEG, GIF,
// WebP, BMP), and for a header that cannot be read, which no decoder gets beyond either.
func pixels(r io.Reader) int64 {
	b := bufio.NewReaderSize(r, 4096)
	head, _ := b.Peek(32) // short for a short file; the prefixes then do not match
	var c image.Config
	var err error
	switch {
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		c, err = png.DecodeConfig(b)
	case bytes.HasPrefix(head, []byte("\xff\xd8")):
		c, err = jpeg.DecodeConfig(b)
	case bytes.HasPrefix(head, []byte("GIF8")):
		c, err = gif.DecodeConfig(b)
	case len(head) >= 30 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP":
		c.Width, c.Height = webp(head)
	case len(head) >= 26 && string(head[:2]) == "BM":
		c.Width, c.Height = bmp(head)
	}
	if err != nil {
		return 0
	}
	return int64(c.Width) * int64(c.Height)
}

// webp reads the size from the first chunk (WebP Container Specification, developers.google.com/
// speed/webp/docs/riff_container; VP8L: .../webp_lossless_bitstream_specification; VP8: RFC 6386
// section 9.1). head has at least 30 bytes.
func webp(head []byte) (width, height int) {
	switch string(head[12:16]) {
	case "VP8X": // 24-bit width-1 and height-1
		le24 := func(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }
		return le24(head[24:]) + 1, le24(head[27:]) + 1
	case "VP8L": // 14-bit width-1 and height-1 after the signature byte 0x2f
		v := binary.LittleEndian.Uint32(head[21:])
		return int(v&0x3fff) + 1, int(v>>14&0x3fff) + 1
	case "VP8 ": // 14-bit sizes after the frame tag and start code, the upper bits are scaling
		return int(binary.LittleEndian.Uint16(head[26:]) & 0x3fff), int(binary.LittleEndian.Uint16(head[28:]) & 0x3fff)
	}
	return 0, 0
}

// bmp reads the size from a BITMAPINFOHEADER or later; a negative height means top-down rows.
func bmp(head []byte) (width, height int) {
	w := int32(binary.LittleEndian.Uint32(head[18:]))
	h := int32(binary.LittleEndian.Uint32(head[22:]))
	abs := func(v int32) int { return max(int(v), -int(v)) }
	return abs(w), abs(h)
}
