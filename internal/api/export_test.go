package api

import "tote/internal/staff"

// Route is a line of the table, for tests.
type Route struct {
	Method, Path string
	Roles        []staff.Role
}

// Operations is the table.
func Operations() (list []Route) {
	for _, o := range routes() {
		list = append(list, Route{o.Method, o.Path, o.Roles})
	}
	return list
}
