package picking

// Refs are the orders of a sketch.
func Refs(s Sketch) []string { return s.refs() }
