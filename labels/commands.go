package labels

// CommandSheet hangs at a bench: buttons on paper, to be scanned.
type CommandSheet struct {
	Sheet    Sheet
	Title    string
	Commands []Command // empty: all that every screen knows
}

// Command is one such button.
type Command struct {
	Name  string // UNDO, printed as X-UNDO
	Words string // what it does
	Key   string // what does the same on a keyboard, as it is written on its button: "Alt P"
}

// Commands are those that every scanning screen knows.
func Commands() []Command {
	return []Command{
		{Name: CommandOK, Words: "Yes, go on"},
		{Name: CommandUndo, Words: "Take the last scan back"},
		{Name: CommandSkip, Words: "Leave this for later"},
		{Name: CommandShort, Words: "There is not enough here"},
		{Name: CommandNew, Words: "Begin a new carton or tote"},
	}
}

func (c CommandSheet) pages(dpi int) ([]*page, error) {
	title, list := c.Title, c.Commands
	if title == "" {
		title = "Commands"
	}
	if len(list) == 0 {
		list = Commands()
	}
	f := newFlow(dpi, c.Sheet, func(p *page) float64 {
		return p.heading(title, "Scan one instead of touching the screen.", Code{})
	})
	for i, cmd := range list {
		if i%2 == 0 {
			if i > 0 {
				f.y += 72
			}
			f.need(72)
		}
		if err := cmd.draw(f.p, sheetMargin+float64(i%2)*(f.width()/2+2), f.y+8, f.width()/2-2); err != nil {
			return nil, err
		}
	}
	return f.done("")
}

// draw prints one button. They stand far apart: a scanner held at one does not
// see its neighbour.
func (c Command) draw(p *page, x, y, w float64) error {
	code := CommandCode(c.Name)
	if back, err := Parse(code.String()); err != nil || back.Kind != KindCommand {
		return misprint(code)
	}
	s, err := newCode128(code.String())
	p.frame(x, y, w, 60, 0.4)
	p.line(x+4, y+14, w-8, c.Name, style{size: 28, floor: 12, face: bold, align: centre})
	p.line(x+4, y+22, w-8, c.Words, style{size: 12, floor: 8, align: centre})
	p.linear(x+1, y+28, w-2, 20, centre, s, err)
	p.line(x+4, y+55, w-8, code.String(), human)
	if c.Key != "" {
		p.line(x+4, y+55, w-8, c.Key, style{size: 12, floor: 8, face: bold, align: right})
	}
	return nil
}
