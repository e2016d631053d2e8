package files

import (
	"bytes"
	"encoding/binary"
)

// orientation is the Exif orientation of a JPEG, 1 to 8, or 0 when it says none. Only that one number is read:
// APP1 "Exif", then a TIFF header, then the first directory (Exif 2.3, sections 4.5 and 4.6).
func orientation(data []byte) int {
	for data = skip(data, 2); len(data) >= 4 && data[0] == 0xff && data[1] != 0xda; {
		size := int(binary.BigEndian.Uint16(data[2:])) + 2
		if size < 4 || size > len(data) {
			return 0
		}
		if body, ok := bytes.CutPrefix(data[4:size], []byte("Exif\x00\x00")); ok && data[1] == 0xe1 {
			return tiffOrientation(body)
		}
		data = data[size:]
	}
	return 0
}

const orientationTag = 0x0112

func tiffOrientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	}
	dir := skip(tiff, int(min(order.Uint32(tiff[4:]), 1<<20)))
	if len(dir) < 2 {
		return 0
	}
	count, entries := int(order.Uint16(dir)), dir[2:]
	for ; count > 0 && len(entries) >= 12; count, entries = count-1, entries[12:] {
		if v := int(order.Uint16(entries[8:])); order.Uint16(entries) == orientationTag && v <= 8 {
			return v
		}
	}
	return 0
}

func skip(data []byte, n int) []byte {
	if n > len(data) {
		return nil
	}
	return data[n:]
}
