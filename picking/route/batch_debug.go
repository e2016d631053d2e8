package route

var debug = false
