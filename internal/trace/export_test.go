package trace

// Statements are those of the manager's home.
var Statements = map[string]string{"Wait": waits, "Work": work}
