package ui

// Icons are drawn on a grid of 24 with a line of 2, in the colour of the words beside them.
var icons = map[string]string{
	"scan":     "M4 8V5a1 1 0 0 1 1-1h3M16 4h3a1 1 0 0 1 1 1v3M20 16v3a1 1 0 0 1-1 1h-3M8 20H5a1 1 0 0 1-1-1v-3M8 8.5v7M12 8.5v7M16 8.5v7",
	"check":    "M5 12.5l4.5 4.5L19 7.5",
	"cross":    "M6.5 6.5l11 11M17.5 6.5l-11 11",
	"question": "M9 9.2a3 3 0 1 1 4.4 2.7c-.9.5-1.4 1.1-1.4 2.1M12 17.6v.1",
	"warning":  "M12 4.5 3.5 19h17L12 4.5zM12 10v4M12 16.6v.1",
	"busy":     "M12 4a8 8 0 1 1-8 8M12 8v4l2.5 2",
	"dot":      "M12 11.9v.2",
	"info":     "M12 11v5M12 7.7v.1M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18z",
	"plug":     "M12 20v-5M8 4v4M16 4v4M6 8h12v2a6 6 0 0 1-12 0V8z",
	"home":     "M4 11.5 12 4l8 7.5M6 10v9h12v-9M10 19v-5h4v5",
	"menu":     "M4 7h16M4 12h16M4 17h16",
	"back":     "M14.5 5.5 8 12l6.5 6.5",
	"next":     "M9.5 5.5 16 12l-6.5 6.5",
	"up":       "M6 14.5 12 8.5l6 6",
	"down":     "M6 9.5l6 6 6-6",
	"search":   "M11 18a7 7 0 1 1 0-14 7 7 0 0 1 0 14zM16 16l4.5 4.5",
	"plus":     "M12 5v14M5 12h14",
	"undo":     "M8 5 4 9l4 4M4.5 9H14a5.5 5.5 0 0 1 0 11H9",
	"skip":     "M5 6l7 6-7 6V6zM13 6l7 6-7 6V6z",
	"keyboard": "M3 7h18v10H3V7zM7 10.5v.1M10.3 10.5v.1M13.6 10.5v.1M17 10.5v.1M8 14h8",
	"camera":   "M4 8h3.5L9 5.5h6L16.5 8H20v11H4V8zM12 16.5a3.3 3.3 0 1 1 0-6.6 3.3 3.3 0 0 1 0 6.6z",
	"send":     "M4 12h15M13 6l6 6-6 6",
	"badge":    "M6 5h12v15H6V5zM10 5V3h4v2M12 13a2.2 2.2 0 1 1 0-4.4 2.2 2.2 0 0 1 0 4.4zM8.7 17a3.6 3.6 0 0 1 6.6 0",
	"pin":      "M6 11h12v9H6v-9zM8.5 11V8a3.5 3.5 0 0 1 7 0v3M12 14.5v2",
	"station":  "M4 10h16M6 10v10M18 10v10M9 10V5h6v5M6 15h12",
	"leave":    "M10 4H5v16h5M14 8l4 4-4 4M18 12H9",
	"receive":  "M12 3v9M8.5 8.5 12 12l3.5-3.5M4 13v6.5h16V13",
	"putaway":  "M4 20V4M20 20V4M4 9h16M4 15.5h16M9 6.5v2M14 13v2",
	"wave":     "M4 18V6h5v12h6V6h5v12M7 12v.1M17.500 12v.1",
	"sort":     "M4 4h16v16H4V4zM4 9.500h16M4 15h16M9.500 4v16M15 4v16",
	"pick":     "M5 9h14l-1.4 11H6.4L5 9zM9 9V7a3 3 0 0 1 6 0v2M10 13v4M14 13v4",
	"pack":     "M4 8l8-4 8 4v9l-8 4-8-4V8zM4 8l8 4 8-4M12 12v9",
	"ship":     "M3 7h11v9H3V7zM14 10h4l3 3.2V16h-7v-6zM7.5 19a1.8 1.8 0 1 1 0-3.6 1.8 1.8 0 0 1 0 3.6zM17 19a1.8 1.8 0 1 1 0-3.6 1.8 1.8 0 0 1 0 3.6z",
	"load":     "M3 18h18M5 18V8h9v10M14 12h5v6M8 11h3",
	"return":   "M9 5 4.5 9.5 9 14M4.5 9.5H15a5 5 0 0 1 5 5V19",
	"order":    "M6 3.5h9l4 4V20.5H6v-17zM15 3.5v4h4M9 12h6M9 16h6",
	"stock":    "M4 4h7v7H4V4zM13 13h7v7h-7v-7zM13 4h7v7h-7V4zM4 13h7v7H4v-7z",
	"refill":   "M4 4h16v5H4V4zM4 20h16M12 12v5.500M8.500 14.500 12 18l3.500-3.500",
	"count":    "M9 5h11M9 12h11M9 19h11M4 5l1 1 2-2M4 12l1 1 2-2M4 19l1 1 2-2",
	"letter":   "M3.5 6h17v12h-17V6zM4 7l8 6 8-6",
	"people":   "M9 11a3.2 3.2 0 1 1 0-6.4A3.2 3.2 0 0 1 9 11zM3 19.5a6 6 0 0 1 12 0M16 4.9a3.2 3.2 0 0 1 0 5.9M17.5 14a6 6 0 0 1 3.5 5.5",
	"setup":    "M12 15a3 3 0 1 1 0-6 3 3 0 0 1 0 6zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.2 2.2M16.2 16.2l2.2 2.2M18.4 5.6l-2.2 2.2M7.8 16.2l-2.2 2.2",
	"print":    "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7v-6z",
	"money":    "M3 6.5h18v11H3v-11zM12 15a3 3 0 1 1 0-6 3 3 0 0 1 0 6zM6.5 12v.1M17.5 12v.1",
	"phone":    "M8 3h8v18H8V3zM11 18h2",
	"place":    "M12 21s-6.5-6.2-6.5-11a6.5 6.5 0 0 1 13 0c0 4.800-6.500 11-6.500 11zM12 12.300a2.300 2.300 0 1 1 0-4.600 2.300 2.300 0 0 1 0 4.600z",
	"floor":    "M4 20h16M4 20V9l8-5 8 5v11M8 20v-7h8v7M8 16.500h8",
	"chart":    "M5 20v-7M12 20V5M19 20v-10",
	"file":     "M6 3.500h9l4 4V20.500H6v-17zM15 3.500v4h4",
	"picture":  "M4 5h16v14H4V5zM4 16l5-5 4 4 2-2 5 5M15.5 9.5v.1",
	"star":     "M12 4l2.500 5.200 5.700.8-4.100 4 1 5.600L12 17l-5.100 2.600 1-5.600-4.100-4 5.700-.8L12 4z",
}

func path(name string) string {
	if d, ok := icons[name]; ok {
		return d
	}
	return icons["dot"]
}
