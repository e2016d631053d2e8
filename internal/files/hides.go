package files

import (
	"bytes"
	"encoding/binary"
)

// hides reports that a picture is another file as well: something stands behind its end, or a program would read it as
// something else. What cameras put there (more pictures, zeros) does not count.
func hides(kind string, data []byte) bool {
	if looksActive(data) {
		return true
	}
	end := len(data)
	switch kind {
	case "image/png":
		end = pngEnd(data)
	case "image/jpeg":
		end = jpegEnd(data)
	case "image/webp":
		end = webpEnd(data)
	}
	rest := bytes.Trim(data[end:], "\x00\r\n\t ")
	return len(rest) > 0 && !(kind == "image/jpeg" && bytes.HasPrefix(rest, []byte{0xff, 0xd8}) && jpegEnd(rest) == len(rest))
}

// looksActive finds what makes other programs open a file: PDF readers look in its first kilobyte, archives are found
// from the end, browsers and servers run scripts wherever they stand.
func looksActive(data []byte) bool {
	head, tail := data[:min(len(data), 1024)], data[max(0, len(data)-65_557):]
	lower := bytes.ToLower(head)
	for _, sign := range []string{"%pdf-", "<script", "<html", "<svg", "<!doctype", "<?php"} {
		if bytes.Contains(lower, []byte(sign)) {
			return true
		}
	}
	return bytes.Contains(tail, []byte("PK\x05\x06"))
}

// pngEnd is where a PNG ends: after its chunk IEND (PNG specification, section 5.3).
func pngEnd(data []byte) int {
	for at := 8; at+12 <= len(data); {
		size := int(binary.BigEndian.Uint32(data[at:]))
		next := at + 12 + size
		if size > len(data) || next > len(data) {
			break
		}
		if string(data[at+4:at+8]) == "IEND" {
			return next
		}
		at = next
	}
	return len(data)
}

// webpEnd is where a WebP ends: after its RIFF chunk.
func webpEnd(data []byte) int {
	if len(data) < 8 {
		return len(data)
	}
	size := int64(binary.LittleEndian.Uint32(data[4:])) + 8
	return int(min(size+size%2, int64(len(data))))
}

// jpegEnd is where a JPEG ends: after the marker EOI (ITU T.81, annex B). Behind SOS stands coded data, in which FF is
// followed by 00 or a restart.
func jpegEnd(data []byte) int {
	for at := 2; at+1 < len(data); {
		if data[at] != 0xff {
			at++ // coded data
			continue
		}
		switch mark := data[at+1]; {
		case mark == 0xd9:
			return at + 2
		case mark == 0xff:
			at++
		case mark == 0x00, mark == 0x01, mark >= 0xd0 && mark <= 0xd8:
			at += 2
		case at+3 < len(data):
			at += 2 + int(binary.BigEndian.Uint16(data[at+2:]))
		default:
			return len(data)
		}
	}
	return len(data)
}
