package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
)

// longestLine is as much as one question may have; a list of a million picks fits.
const longestLine = 64 << 20

// errLongLine is the answer to a line that is longer.
var errLongLine = fmt.Errorf("the line is longer than %d MiB", longestLine>>20)

// refusal is the answer to a line that is wrong.
type refusal struct {
	ID    json.RawMessage `json:"id"`
	Line  int             `json:"line"`
	Error string          `json:"error"`
}

// answered is one line of output.
type answered struct {
	text  []byte
	wrong string // what stderr hears
}

// answerLines answers each line of in with one line of out, in their order, on all processors. What is wrong with a
// line is its answer, and is told to complain; the error at the end says how many lines were. An answer leaves as
// soon as it and those before it are known, so that a program may ask line by line.
func answerLines(ctx context.Context, in io.Reader, out, complain io.Writer, answer func(line []byte) (id json.RawMessage, a any, err error)) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	queue := make(chan chan answered, 4*runtime.GOMAXPROCS(0))
	var unread error
	go func() {
		defer close(queue)
		unread = ask(ctx, in, queue, answer)
	}()
	lines, wrong := 0, 0
	w := bufio.NewWriterSize(out, 1<<16)
	for next := range queue {
		a := <-next
		lines++
		if a.wrong != "" {
			wrong++
			fmt.Fprintln(complain, a.wrong)
		}
		w.Write(a.text)
		if len(queue) == 0 {
			if err := w.Flush(); err != nil {
				return fmt.Errorf("the answers cannot be written: %w", err)
			}
		}
	}
	err := w.Flush()
	switch {
	case err != nil:
		return fmt.Errorf("the answers cannot be written: %w", err)
	case unread != nil:
		return fmt.Errorf("the questions cannot be read: %w", unread)
	case wrong > 0:
		return fmt.Errorf("%d of %d lines could not be answered", wrong, lines)
	}
	return nil
}

// ask reads the lines and has them answered.
func ask(ctx context.Context, in io.Reader, queue chan<- chan answered, answer func([]byte) (json.RawMessage, any, error)) error {
	r := bufio.NewReaderSize(in, 1<<16)
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for number := 1; ; number++ {
		line, err := readLine(r)
		if err != nil && !errors.Is(err, errLongLine) {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		if number == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		next := make(chan answered, 1)
		select {
		case queue <- next:
		case <-ctx.Done():
			return ctx.Err()
		}
		free <- struct{}{}
		go func() {
			defer func() { <-free }()
			next <- answerLine(number, line, err, answer)
		}()
	}
}

// readLine reads a line without its end. Of one that is too long it keeps nothing.
func readLine(r *bufio.Reader) (line []byte, err error) {
	read, long := 0, false
	for {
		part, err := r.ReadSlice('\n')
		read += len(part)
		if long = long || read > longestLine; !long {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && read == 0 || err != nil && !errors.Is(err, io.EOF):
			return nil, err
		case long:
			return nil, errLongLine
		}
		return bytes.TrimRight(line, "\r\n"), nil
	}
}

func answerLine(number int, line []byte, unread error, answer func([]byte) (json.RawMessage, any, error)) (a answered) {
	var id json.RawMessage
	var said any
	err := unread
	if err == nil {
		id, said, err = answer(line)
	}
	if err != nil {
		if id == nil {
			id = json.RawMessage("null")
		}
		said = refusal{id, number, err.Error()}
		a.wrong = fmt.Sprintf("tote: line %d: %v", number, err)
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // an id comes back as it came
	if err := encoder.Encode(said); err != nil {
		panic(err) // nothing we write can fail
	}
	a.text = text.Bytes()
	return a
}
