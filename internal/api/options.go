package api

import "tote/internal/orders"

// itemOption is a field that the order form has for an item beside its quantity.
type itemOption struct {
	Name     string         `json:"name" doc:"The name in the options of an order's line"`
	Kind     string         `json:"kind" enum:"choice,number,text,file" doc:"A file is sent on the pages, or asked for when the order is there"`
	Help     string         `json:"help,omitempty"`
	Required bool           `json:"required"`
	Sizes    bool           `json:"sizes,omitempty" doc:"The pages take a quantity for each value at once; here each is a line"`
	Choices  []optionChoice `json:"choices,omitempty"`
	Least    *int64         `json:"least,omitempty" doc:"Of a number"`
	Most     *int64         `json:"most,omitempty" doc:"Of a number; of a text its characters"`
	Unit     string         `json:"unit,omitempty"`
}

type optionChoice struct {
	Value     string `json:"value"`
	Surcharge money  `json:"surcharge" doc:"For each piece"`
}

func showOption(o orders.Option) itemOption {
	out := itemOption{Name: o.Name, Kind: string(o.Kind), Help: o.Help, Required: o.Required, Sizes: o.Run, Unit: o.Unit}
	for _, c := range o.Choices {
		out.Choices = append(out.Choices, optionChoice{c.Value, showMoney(c.Surcharge)})
	}
	switch o.Kind {
	case orders.OptionNumber:
		out.Least, out.Most = &o.Least, &o.Most
	case orders.OptionText:
		out.Most = &o.Most
	}
	return out
}

// chosen is what was chosen of an option for a line.
type chosen struct {
	Name      string `json:"name"`
	Kind      string `json:"kind" enum:"choice,number,text,file"`
	Value     string `json:"value" doc:"Of a file its name"`
	Unit      string `json:"unit,omitempty"`
	Surcharge money  `json:"surcharge" doc:"For each piece, within the line's price"`
}

func showChosen(c orders.Chosen) chosen {
	return chosen{c.Name, string(c.Kind), c.Value, c.Unit, showMoney(c.Surcharge)}
}
