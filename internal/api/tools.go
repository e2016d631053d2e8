package api

import (
	"context"
	"database/sql"

	"tote/internal/orders"
	"tote/internal/production"
)

// ToolRow is a customer's own tool.
type ToolRow struct {
	Tool     string `json:"tool" doc:"TOOL-5"`
	Kind     string `json:"kind"`
	Customer string `json:"customer"`
	Order    string `json:"order" doc:"That asked for it"`
	Charged  money  `json:"charged" doc:"To that order, before tax"`
	State    string `json:"state" enum:"wanted,begun,made,lost,broken,retired,cancelled"`
	Place    string `json:"place,omitempty" doc:"Where it is kept"`
	SHA256   string `json:"sha256,omitempty" doc:"Of the approved file it is made from"`
	Waiting  int64  `json:"waiting" doc:"Work orders that are made with it"`
}

func (a *API) showTool(t production.Tool, currency string) ToolRow {
	return ToolRow{t.ID.String(), t.KindName, t.CustomerName, t.Document, money{t.Charged, currency}, string(t.State), t.Place, string(t.Hash), t.Waiting}
}

type toolList struct {
	Items []ToolRow `json:"items" nullable:"false"`
}

func (a *API) listTools(ctx context.Context, in *struct {
	Limit int `query:"limit" minimum:"1" maximum:"1000" default:"200" doc:"Those to be made first, then the newest"`
}) (out toolList, err error) {
	settings, err := orders.LoadSettings(ctx, a.DB)
	if err != nil {
		return out, err
	}
	list, err := production.Tools(ctx, a.DB, 0, in.Limit)
	out.Items = each(list, func(t production.Tool) ToolRow { return a.showTool(t, settings.Currency) })
	return out, err
}

// ToolPath names a tool.
type ToolPath struct {
	Tool string `path:"tool" doc:"Its number: TOOL-5"`
}

func (a *API) toolVerb(ctx context.Context, tx *sql.Tx, text string, do func(production.ToolID) error) (out ToolRow, err error) {
	id, err := production.ParseTool(segment(text))
	if err != nil {
		return out, err
	}
	if err := do(id); err != nil {
		return out, err
	}
	settings, err := orders.LoadSettings(ctx, tx)
	if err != nil {
		return out, err
	}
	t, err := production.GetTool(ctx, tx, id)
	return a.showTool(t, settings.Currency), err
}

func (a *API) beginTool(ctx context.Context, tx *sql.Tx, in *struct {
	ToolPath
	Press
}) (ToolRow, error) {
	return a.toolVerb(ctx, tx, in.Tool, func(id production.ToolID) error { return production.BeginTool(ctx, tx, id, who(ctx).ID, who(ctx).at) })
}

type placedAt struct {
	Place string `json:"place" doc:"Where it is kept"`
}

func (a *API) keepTool(ctx context.Context, tx *sql.Tx, in *struct {
	ToolPath
	Post[placedAt]
}) (ToolRow, error) {
	return a.toolVerb(ctx, tx, in.Tool, func(id production.ToolID) error {
		return production.KeepTool(ctx, tx, id, in.Body.Place, who(ctx).ID, who(ctx).at)
	})
}

type ending struct {
	How   string `json:"how" enum:"lost,broken,retired"`
	Again bool   `json:"again,omitempty" doc:"Make another one at no charge"`
}

func (a *API) endTool(ctx context.Context, tx *sql.Tx, in *struct {
	ToolPath
	Post[ending]
}) (ToolRow, error) {
	return a.toolVerb(ctx, tx, in.Tool, func(id production.ToolID) error {
		return production.EndTool(ctx, tx, id, production.ToolState(in.Body.How), in.Body.Again, who(ctx).ID, who(ctx).at)
	})
}

func toolRoutes() []operation {
	const tag = "production"
	return []operation{
		{"GET", "/tools", "list-tools", "Customers' own stamps and moulds", tag, productionSees, read((*API).listTools)},
		{"POST", "/tools/{tool}/begin", "begin-tool", "Somebody makes it: its charge stays from here on", tag, makers, write(200, (*API).beginTool)},
		{"POST", "/tools/{tool}/kept", "keep-tool", "It is made, and kept there", tag, makers, write(200, (*API).keepTool)},
		{"POST", "/tools/{tool}/ended", "end-tool", "It is lost, broken or retired", tag, makers, write(200, (*API).endTool)},
	}
}
