package api

import (
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"tote/internal/staff"
)

var (
	anyone          = staff.Roles
	office          = []staff.Role{staff.Clerk, staff.Manager}
	receivers       = []staff.Role{staff.Receiver, staff.Clerk, staff.Manager}
	pickers         = []staff.Role{staff.Picker, staff.Manager}
	counters        = []staff.Role{staff.Receiver, staff.Picker, staff.Clerk, staff.Manager}
	packers         = []staff.Role{staff.Packer, staff.Manager}
	shippers        = []staff.Role{staff.Shipper, staff.Manager}
	carriers        = []staff.Role{staff.Shipper, staff.Clerk, staff.Manager} // and the systems of carriers, acting as one of them
	desk            = []staff.Role{staff.Receiver, staff.Clerk, staff.Manager}
	managers        = []staff.Role{staff.Manager}
	sellers         = []staff.Role{staff.Sales, staff.Clerk, staff.Manager}
	studioSees      = []staff.Role{staff.ImageProcessor, staff.Artist, staff.ArtControl, staff.Production, staff.Fulfiller, staff.ClientSupport, staff.Sales, staff.Clerk, staff.Manager}
	artists         = []staff.Role{staff.Artist, staff.Manager}
	fileSenders     = []staff.Role{staff.Artist, staff.ClientSupport, staff.Clerk, staff.Manager}
	imageCheckers   = []staff.Role{staff.ImageProcessor, staff.Manager}
	controllers     = []staff.Role{staff.ArtControl, staff.Manager}
	supporters      = []staff.Role{staff.ClientSupport, staff.Clerk, staff.Manager}
	makers          = []staff.Role{staff.Production, staff.Manager}
	productionSees  = []staff.Role{staff.Production, staff.Fulfiller, staff.ClientSupport, staff.Clerk, staff.Manager}
	fulfillers      = []staff.Role{staff.Fulfiller, staff.Manager}
	fulfilmentSees  = []staff.Role{staff.Fulfiller, staff.ClientSupport, staff.Clerk, staff.Manager}
	everyHand       = []staff.Role{staff.Receiver, staff.Picker, staff.Packer, staff.Shipper, staff.Clerk, staff.Manager} // who prints
	stackers        = []staff.Role{staff.Packer, staff.Shipper, staff.Manager}
	drivers         = []staff.Role{staff.Driver, staff.Shipper, staff.Manager}
	troubleshooters = []staff.Role{staff.Shipper, staff.ClientSupport, staff.Clerk, staff.Manager}
	sorters         = []staff.Role{staff.Picker, staff.Packer, staff.Manager}
)

var tags = []*huma.Tag{
	{Name: "orders", Description: "What customers asked for, from the form to the journey's end."},
	{Name: "customers", Description: "Who orders, and who may pay later."},
	{Name: "money", Description: "What is invoiced, owed, paid together and paid back."},
	{Name: "artwork", Description: "What is drawn for customers, and what they decide."},
	{Name: "production", Description: "What is made in the workshop, one scan at a time."},
	{Name: "fulfilment", Description: "What partners print: handed over, answered, and sent to the customer or to us."},
	{Name: "stock", Description: "Items, where they lie, and every movement."},
	{Name: "inbound", Description: "What suppliers promised, what came, and putting it away."},
	{Name: "picking", Description: "Pick lists, one scan at a time."},
	{Name: "waves", Description: "Orders released together: templates, previews, progress, put-walls, how the floor is walked."},
	{Name: "packing", Description: "Cartons, proved by scanning."},
	{Name: "shipping", Description: "Parcels on their way: loading, carriers' numbers and events."},
	{Name: "printing", Description: "Papers on their way to the printers of stations."},
	{Name: "returns", Description: "Goods that come back."},
	{Name: "letters", Description: "What customers read, when it leaves, and what they said."},
}

// routes is the table of everything the API answers, with who may. Admin may everything. There is no operation
// outside of it.
func routes() []operation {
	return slices.Concat(orderRoutes(), moneyRoutes(), stockRoutes(), inboundRoutes(), pickingRoutes(), waveRoutes(), packingRoutes(), shippingRoutes(), carrierRoutes(), printingRoutes(), returnRoutes(), letterRoutes(), artworkRoutes(), fulfilmentRoutes(), toolRoutes())
}

func orderRoutes() []operation {
	const tag, people = "orders", "customers"
	return []operation{
		{"GET", "/orders", "list-orders", "Orders, newest first", tag, anyone, read((*API).listOrders)},
		{"POST", "/orders", "place-order", "Place an order; it is released by itself once it is paid or trusted", tag, office, write(201, (*API).placeOrder)},
		{"GET", "/orders/{order}", "get-order", "An order, how far it is, what happens next", tag, anyone, read((*API).getOrder)},
		{"GET", "/orders/{order}/form", "get-order-form", "The order as its form, to be changed and sent back", tag, office, read((*API).getOrderForm)},
		{"PUT", "/orders/{order}/form", "edit-order", "Change an order to what its form says now", tag, office, write(200, (*API).editOrder)},
		{"GET", "/orders/{order}/journey", "get-journey", "What the customer sees", tag, anyone, read((*API).getJourney)},
		{"GET", "/orders/{order}/timeline", "get-timeline", "Who did what, the oldest first", tag, anyone, read((*API).getTimeline)},
		{"POST", "/orders/{order}/cancel", "cancel-order", "End an order; what it held is free at once", tag, office, write(200, (*API).cancelOrder)},
		{"POST", "/orders/{order}/holds", "hold-order", "Stop an order until the hold is cleared", tag, office, write(201, (*API).holdOrder)},
		{"POST", "/orders/{order}/holds/{hold}/clear", "clear-hold", "Clear a hold", tag, office, write(200, (*API).clearHold)},
		{"GET", "/departments", "list-departments", "What waits in each department, and how much of it is late", tag, anyone, read((*API).listDepartments)},
		{"GET", "/departments/{department}/orders", "list-department-orders", "The orders that are with a department, the most urgent first", tag, anyone, read((*API).listTurns)},
		{"GET", "/quotes", "list-quotes", "Quotes, newest first", tag, sellers, read((*API).listQuotes)},
		{"POST", "/quotes", "make-quote", "Make a quote; its customer gets it by letter", tag, sellers, write(201, (*API).makeQuote)},
		{"GET", "/quotes/{quote}", "get-quote", "A quote, and what became of it", tag, sellers, read((*API).getQuote)},
		{"POST", "/quotes/{quote}/withdraw", "withdraw-quote", "Take a quote back that nobody has accepted", tag, sellers, write(200, (*API).withdrawQuote)},
		{"POST", "/quotes/{quote}/send", "send-quote", "Send the letter of an open quote once more", tag, sellers, write(200, (*API).sendQuote)},
		{"POST", "/payments", "pay", "Money that came in, for one or several orders", tag, office, write(201, (*API).pay)},
		{"POST", "/refunds", "pay-back", "Money that was given back", tag, office, write(201, (*API).payBack)},
		{"GET", "/customers", "list-customers", "Customers by code", people, office, read((*API).listCustomers)},
		{"POST", "/customers", "add-customer", "A new customer", people, office, write(201, (*API).addCustomer)},
		{"GET", "/customers/{customer}", "get-customer", "A customer with the debt", people, office, read((*API).getCustomer)},
		{"PUT", "/customers/{customer}", "edit-customer", "Change everything about a customer", people, office, write(200, (*API).editCustomer)},
		{"GET", "/customers/{customer}/packing", "get-customer-packing", "What a customer wants each parcel packed with", people, office, read((*API).getWishes)},
		{"PUT", "/customers/{customer}/packing", "set-customer-packing", "Say it anew; orders on the floor keep what they were given", people, office, write(200, (*API).setWishes)},
	}
}

func stockRoutes() []operation {
	const tag = "stock"
	return []operation{
		{"GET", "/items", "list-items", "Items by SKU", tag, anyone, read((*API).listItems)},
		{"POST", "/items", "add-item", "A new item", tag, managers, write(201, (*API).addItem)},
		{"GET", "/items/{sku}", "get-item", "An item with its barcodes", tag, anyone, read((*API).getItem)},
		{"PUT", "/items/{sku}", "edit-item", "Change everything about an item but its SKU", tag, managers, write(200, (*API).editItem)},
		{"GET", "/items/{sku}/materials", "get-materials", "What an item is packed with", tag, anyone, read((*API).getMaterials)},
		{"PUT", "/items/{sku}/materials", "set-materials", "Say anew what an item is packed with", tag, managers, write(200, (*API).setMaterials)},
		{"POST", "/items/{sku}/barcodes", "add-barcode", "One more code that means the item", tag, managers, write(201, (*API).addBarcode)},
		{"DELETE", "/items/{sku}/barcodes/{code}", "drop-barcode", "The code no longer means the item", tag, managers, write(200, (*API).dropBarcode)},
		{"GET", "/items/{sku}/stock", "get-stock", "What there is of an item, where it lies and who holds it", tag, anyone, read((*API).getStock)},
		{"GET", "/locations", "list-locations", "Locations by code", tag, anyone, read((*API).listLocations)},
		{"GET", "/locations/{code}", "get-location", "A location with what is in it", tag, anyone, read((*API).getLocation)},
		{"GET", "/movements", "list-movements", "The ledger, newest first", tag, anyone, read((*API).listMovements)},
		{"POST", "/adjustments", "adjust", "Correct what a place holds, with a reason", tag, managers, write(201, (*API).adjust)},
		{"GET", "/counts", "list-counts", "Counts that were asked for, newest first, with what came of them", tag, counters, read((*API).listCounts)},
		{"POST", "/counts", "ask-count", "Ask that a bin is counted, or one item in it; joins the count that is open", tag, counters, write(201, (*API).askCount)},
		{"POST", "/counts/rounds", "ask-counts", "Ask for the counts of all bins in a place, of those with an item, or of those of a class", tag, managers, write(201, (*API).askRound)},
		{"GET", "/counts/plan", "get-count-plan", "How far the bins of each class are counted, and how right the books were where they were", tag, managers, read((*API).countPlan)},
		{"GET", "/counting", "get-counting", "The step of whoever counts", tag, counters, read((*API).getCounting)},
		{"POST", "/counting/scans", "count", "A scan of somebody who counts a bin", tag, counters, write(200, (*API).count)},
		{"GET", "/replenishments", "list-replenishments", "What is brought to pick faces, newest first", tag, counters, read((*API).listReplenishments)},
		{"GET", "/replenishing", "get-replenishing", "The step of whoever brings stock to pick faces", tag, counters, read((*API).getReplenishing)},
		{"POST", "/replenishing/scans", "replenish", "A scan of somebody who brings stock to a pick face", tag, counters, write(200, (*API).bringStock)},
	}
}

func inboundRoutes() []operation {
	const tag = "inbound"
	return []operation{
		{"GET", "/expected-receipts", "list-expected", "What suppliers promised, newest first", tag, receivers, read((*API).listExpected)},
		{"POST", "/expected-receipts", "expect", "A purchase order or an advance shipping notice", tag, office, write(201, (*API).expect)},
		{"GET", "/expected-receipts/{number}", "get-expected", "What was promised and what came of it", tag, receivers, read((*API).getExpected)},
		{"POST", "/expected-receipts/{number}/close", "close-expected", "Nothing more will come", tag, office, write(200, (*API).closeExpected)},
		{"GET", "/receipts", "list-receipts", "Receipts, newest first", tag, receivers, read((*API).listReceipts)},
		{"POST", "/receipts/scans", "start-receiving", "A scan before a receipt is chosen: a dock opens one", tag, receivers, write(200, (*API).startReceiving)},
		{"GET", "/receipts/{receipt}", "get-receipt", "A receipt with its lines and the step of whoever receives", tag, receivers, read((*API).getReceipt)},
		{"POST", "/receipts/{receipt}/scans", "receive", "A scan at a receipt", tag, receivers, write(200, (*API).receive)},
		{"GET", "/transfers", "list-transfers", "Stock between this warehouse and others, newest first", tag, counters, read((*API).listTransfers)},
		{"POST", "/transfers", "ask-transfer", "Stock that shall go to another warehouse", tag, office, write(201, (*API).askTransfer)},
		{"GET", "/transfers/{transfer}", "get-transfer", "A transfer with what was taken and what arrived", tag, counters, read((*API).getTransfer)},
		{"POST", "/transfers/{transfer}/takes", "take-for-transfer", "Take pieces out of a bin for it", tag, counters, write(200, (*API).takeForTransfer)},
		{"DELETE", "/transfers/{transfer}/takes/{take}", "put-back-from-transfer", "Put back what was taken", tag, counters, write(200, (*API).putBackFromTransfer)},
		{"POST", "/transfers/{transfer}/send", "send-transfer", "It is on its way: the other warehouse expects it", tag, office, write(200, (*API).sendTransfer)},
		{"POST", "/transfers/{transfer}/cancel", "cancel-transfer", "Give it up; everything goes back into its bins", tag, office, write(200, (*API).cancelTransfer)},
		{"GET", "/putaway", "get-putaway", "What waits to be put away, and the step of whoever asks", tag, receivers, read((*API).getPutaway)},
		{"POST", "/putaway/scans", "put-away", "A scan of somebody who puts goods away", tag, receivers, write(200, (*API).putAway)},
	}
}

func pickingRoutes() []operation {
	const tag = "picking"
	return []operation{
		{"GET", "/pick-lists", "list-pick-lists", "Pick lists in the states asked for, the most urgent first", tag, anyone, read((*API).listPickLists)},
		{"POST", "/pick-lists/next", "next-work", "Give me work: the most urgent list nobody has", tag, pickers, write(200, (*API).nextWork)},
		{"GET", "/pick-lists/{list}", "show-pick-list", "The present step of a list", tag, pickers, read((*API).showList)},
		{"POST", "/pick-lists/{list}/take-back", "take-back-pick-list", "Take back a list that nobody has begun; its orders wait for another one", tag, managers, write(200, (*API).takeBackList)},
		{"POST", "/pick-lists/{list}/scans", "pick", "A scan at a list", tag, pickers, write(200, (*API).pick)},
	}
}

func waveRoutes() []operation {
	const tag = "waves"
	return []operation{
		{"GET", "/wave-templates", "list-templates", "Wave templates, the oldest first", tag, managers, read((*API).listTemplates)},
		{"POST", "/wave-templates", "add-template", "A new wave template", tag, managers, write(201, (*API).addTemplate)},
		{"GET", "/wave-templates/{template}", "get-template", "A wave template", tag, managers, read((*API).getTemplate)},
		{"PUT", "/wave-templates/{template}", "edit-template", "Change everything about a template that nobody has changed since it was read", tag, managers, write(200, (*API).editTemplate)},
		{"POST", "/wave-templates/{template}/sleep", "sleep-template", "Keep a template from releasing anything by itself until a time, or wake it", tag, managers, write(200, (*API).sleepTemplate)},
		{"GET", "/holidays", "list-holidays", "The days to come on which timetables rest", tag, managers, read((*API).getHolidays)},
		{"PUT", "/holidays", "save-holidays", "Replace the days to come on which timetables rest", tag, managers, write(200, (*API).saveHolidays)},
		{"GET", "/waves", "list-waves", "Waves, newest first, with how far they are", tag, managers, read((*API).listWaves)},
		{"POST", "/waves/preview", "preview-wave", "What a wave would be now; nothing is changed", tag, managers, write(200, (*API).previewWave)},
		{"POST", "/waves", "release-wave", "Put a wave on the floor", tag, managers, write(201, (*API).releaseWave)},
		{"GET", "/waves/{wave}", "get-wave", "A wave with its lists and what was left out", tag, managers, read((*API).getWave)},
		{"POST", "/waves/{wave}/shrink", "shrink-wave", "Take back what nobody has begun", tag, managers, write(200, (*API).shrinkWave)},
		{"POST", "/pick-lists/join", "join-list", "Work an order into a list that is on its way", tag, managers, write(200, (*API).joinList)},
		{"GET", "/paces", "get-paces", "Metres and lines of each method", tag, managers, read((*API).getPaces)},
		{"GET", "/sorting", "get-sorting", "The put-walls, what waits for them, and the step of whoever asks", tag, sorters, read((*API).getSorting)},
		{"POST", "/sorting/scans", "sort", "A scan at a put-wall", tag, sorters, write(200, (*API).sort)},
		{"GET", "/picking-rules", "get-picking-rules", "How the warehouse is walked and picked", tag, managers, read((*API).getRules)},
		{"PUT", "/picking-rules", "save-picking-rules", "Change how the warehouse is walked and picked, from the next list on", tag, managers, write(200, (*API).saveRules)},
		{"GET", "/zones", "list-zones", "The zones, how their picks are proved and where their walks begin and end", tag, managers, read((*API).listZones)},
		{"PUT", "/zones/{zone}", "save-zone", "Change how a zone is picked, from the next list on", tag, managers, write(200, (*API).saveZone)},
	}
}

func packingRoutes() []operation {
	const tag = "packing"
	return []operation{
		{"GET", "/packing", "list-packing", "What lies in totes ready to be packed, the most urgent first", tag, anyone, read((*API).listPacking)},
		{"POST", "/packing/scans", "bring", "A tote, order, list or carton comes to the bench", tag, packers, write(200, (*API).bring)},
		{"GET", "/packing/{order}", "show-packing", "The present step at an order's bench, and its cartons", tag, packers, read((*API).showPacking)},
		{"GET", "/packing/{order}/suggestion", "suggest-cartons", "Which cartons an order may go into, and where each unit lies in them", tag, anyone, read((*API).suggestCartons)},
		{"POST", "/packing/{order}/scans", "pack", "A scan at an order's bench: a unit, a weight, a command", tag, packers, write(200, (*API).pack)},
		{"POST", "/cartons/{carton}/photos", "add-photo", "A photo of an open carton: JPEG, PNG or WebP", tag, packers, takeFile(201, (*API).keepPhoto, (*API).addPhoto)},
		{"POST", "/packing/{order}/weight", "weigh", "What the scale says: closes the carton", tag, packers, write(200, (*API).weigh)},
	}
}

func shippingRoutes() []operation {
	const tag = "shipping"
	return []operation{
		{"GET", "/shipments", "list-shipments", "Shipments, newest first", tag, anyone, read((*API).listShipments)},
		{"GET", "/shipments/{shipment}", "get-shipment", "A shipment with its parcels and what happened to it", tag, anyone, read((*API).getShipment)},
		{"PUT", "/shipments/{shipment}/number", "enter-number", "The carrier's own number of a shipment that has not left", tag, carriers, write(200, (*API).enterNumber)},
		{"POST", "/shipments/{shipment}/dispatch", "dispatch", "Hand over a shipment that is loaded completely", tag, shippers, write(200, (*API).dispatch)},
		{"POST", "/tracking-events", "track", "Something happened to a shipment on its way", tag, carriers, write(200, (*API).track)},
		{"GET", "/doors", "list-doors", "The docks, with what is loaded there", tag, anyone, read((*API).listDoors)},
		{"GET", "/doors/{door}", "show-loading", "The present step at a door", tag, shippers, read((*API).showLoading)},
		{"POST", "/doors/{door}/scans", "load", "A scan at a door: a parcel goes on the truck, OK lets it go", tag, shippers, write(200, (*API).load)},
		{"POST", "/deliveries/scans", "deliver", "A parcel's label was scanned at the customer's door", tag, shippers, write(200, (*API).deliverScan)},
	}
}

func returnRoutes() []operation {
	const tag = "returns"
	return []operation{
		{"GET", "/returns", "list-returns", "Returns, newest first", tag, anyone, read((*API).listReturns)},
		{"POST", "/returns", "authorise", "Announce goods that come back: makes the RMA", tag, office, write(201, (*API).authorise)},
		{"GET", "/returns/{return}", "get-return", "A return with its lines and what became of them", tag, anyone, read((*API).getReturn)},
		{"POST", "/returns/scans", "start-return", "A parcel came back: scan its return, order or tracking number; or answer that nobody took it", tag, desk, write(200, (*API).startReturn)},
		{"POST", "/returns/{return}/scans", "receive-return", "A scan of somebody who counts what is in it", tag, desk, write(200, (*API).receiveReturn)},
		{"POST", "/returns/{return}/inspection/scans", "inspect", "An item is taken up to be inspected", tag, desk, write(200, (*API).inspect)},
		{"POST", "/returns/{return}/inspection/verdicts", "judge", "What becomes of the goods in hand", tag, desk, write(200, (*API).judge)},
		{"POST", "/returns/{return}/settlements", "settle-return", "What the customer gets for goods that were inspected", tag, office, write(201, (*API).settleReturn)},
	}
}
