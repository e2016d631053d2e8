// Package ipp speaks the Internet Printing Protocol to one printer: what it is and how it is, print this, what became of
// it (RFC 8010 and 8011, over net/http).
package ipp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// op is what a printer is asked to do.
type op uint16

const (
	opPrintJob             op = 0x0002
	opCancelJob            op = 0x0008
	opGetJobAttributes     op = 0x0009
	opGetPrinterAttributes op = 0x000b
)

// Tags of groups and values.
const (
	tagOperation = 0x01
	tagEnd       = 0x03
	firstValue   = 0x10 // below it are groups

	tagInteger   = 0x21
	tagEnum      = 0x23
	tagBegin     = 0x34 // of a collection
	tagCollEnd   = 0x37
	tagName      = 0x42
	tagKeyword   = 0x44
	tagURI       = 0x45
	tagCharset   = 0x47
	tagLanguage  = 0x48
	tagMediaType = 0x49
)

// attribute is one of a request.
type attribute struct {
	tag   byte
	name  string
	value any // string or int32
}

// request writes a message: the version, what is asked, and the attributes of the operation, in the order in which
// printers insist on them.
func request(what op, id uint32, all ...attribute) []byte {
	b := []byte{2, 0}
	b = binary.BigEndian.AppendUint16(b, uint16(what))
	b = binary.BigEndian.AppendUint32(b, id)
	b = append(b, tagOperation)
	all = append([]attribute{{tagCharset, "attributes-charset", "utf-8"}, {tagLanguage, "attributes-natural-language", "en"}}, all...)
	for _, a := range all {
		b = append(b, a.tag)
		b = sized(b, a.name)
		switch v := a.value.(type) {
		case string:
			b = sized(b, v)
		case int32:
			b = binary.BigEndian.AppendUint16(b, 4)
			b = binary.BigEndian.AppendUint32(b, uint32(v))
		}
	}
	return append(b, tagEnd)
}

func sized(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint16(b, uint16(len(s))), s...)
}

// reply is what a printer answered: its status and the values of each attribute, in whatever group.
type reply struct {
	status uint16
	texts  map[string][]string
	ints   map[string][]int
}

var errShort = errors.New("the printer's answer is cut off")

// mostReply bounds how much of an answer is read; a printer describes itself in some ten thousand bytes.
const mostReply = 1 << 20

// read reads an answer. What is in collections is skipped.
func read(r io.Reader) (*reply, error) {
	data, err := io.ReadAll(io.LimitReader(r, mostReply))
	if err != nil {
		return nil, err
	}
	if len(data) < 9 {
		return nil, errShort
	}
	if data[0] < 1 || data[0] > 2 {
		return nil, fmt.Errorf("the printer answers with version %d.%d of the protocol", data[0], data[1])
	}
	m := &reply{status: binary.BigEndian.Uint16(data[2:]), texts: map[string][]string{}, ints: map[string][]int{}}
	return m, m.attributes(data[8:])
}

func (m *reply) attributes(data []byte) error {
	name, depth := "", 0
	for len(data) > 0 {
		tag := data[0]
		data = data[1:]
		if tag == tagEnd {
			return nil
		}
		if tag < firstValue {
			continue
		}
		var own, value []byte
		var ok bool
		if own, data, ok = take(data); !ok {
			return errShort
		}
		if value, data, ok = take(data); !ok {
			return errShort
		}
		switch {
		case tag == tagBegin:
			depth++
		case tag == tagCollEnd:
			depth--
		case depth > 0:
		default:
			if len(own) > 0 {
				name = string(own)
			}
			m.keep(tag, name, value)
		}
	}
	return errShort
}

func (m *reply) keep(tag byte, name string, value []byte) {
	switch tag {
	case tagInteger, tagEnum:
		if len(value) == 4 {
			m.ints[name] = append(m.ints[name], int(int32(binary.BigEndian.Uint32(value))))
		}
	default:
		m.texts[name] = append(m.texts[name], string(value))
	}
}

// take cuts a sized piece off the front.
func take(data []byte) (piece, rest []byte, ok bool) {
	if len(data) < 2 {
		return nil, nil, false
	}
	n := int(binary.BigEndian.Uint16(data))
	if len(data) < 2+n {
		return nil, nil, false
	}
	return data[2 : 2+n], data[2+n:], true
}

func (m *reply) number(name string) int {
	if v := m.ints[name]; len(v) > 0 {
		return v[0]
	}
	return 0
}
