package labels

import (
	"fmt"
	"strconv"
	"time"
)

// sample is one kind of paper, filled in.
type sample struct {
	name   string
	papers []Paper
}

// samples are all kinds of paper, filled in with what they must bear: long
// names, accents, many pages, everything that may be missing.
func samples() []sample {
	return []sample{
		{"shipping-label", shippingSamples()},
		{"bin-label", []Paper{BinLabel{"A-07-3-B", "Zone A · small parts"}, BinLabel{"MEZZ-112-04-C", ""}, BinLabel{"DOCK-2", "Goods in"}}},
		{"tote-label", []Paper{ToteLabel{12, "60 × 40 × 32 cm"}, ToteLabel{4711, ""}}},
		{"station-label", []Paper{StationLabel{3, "Packing 3"}, StationLabel{12, "Receiving and quality control, hall 2"}}},
		{"badge-label", []Paper{BadgeLabel{"Zoë Ångström", "picker, packer", "7KQ2MWX4AB"}, BadgeLabel{"Παναγιώτης Παπαδόπουλος", "manager", "ZZ23456777"}}},
		{"item-label", itemSamples()},
		{"lot-label", lotSamples()},
		{"pallet-label", palletSamples()},
		{"calibration", []Paper{Calibration{}, Calibration{Station: "Packing 3"}}},
		{"rma-label", []Paper{RMALabel{17, 1001, customer, house}}},
		{"return-slip", []Paper{returnSample(A4), returnSample(Letter)}},
		{"command-sheet", []Paper{CommandSheet{}, CommandSheet{Sheet: Letter, Title: "Packing", Commands: []Command{
			{Name: CommandNew, Words: "The carton is full"}, {Name: CommandPrint, Words: "Print label and slip again"}, {Name: BoxCommand("S"), Words: "Small box", Key: "Alt 1"}, {Name: BoxCommand("EUROPALLET120X80"), Words: "Pallet box, 1.2 × 0.8 m", Key: "Alt 2"}}}}},
		{"packing-slip", []Paper{slipSample(A4, 20), slipSample(Letter, 3)}},
		{"invoice", []Paper{invoiceSample(A4, 24), invoiceSample(Letter, 1)}},
		{"credit-note", []Paper{creditSample()}},
		{"traveller", []Paper{travellerSample(A4), travellerSample(Letter)}},
		{"certificate", []Paper{certificateSample(A4), certificateSample(Letter)}},
		{"manifest", []Paper{manifestSample(A4, 34), manifestSample(Letter, 2)}},
		{"pick-list", []Paper{listSample(A4, 9), listSample(Letter, 3)}},
	}
}

var (
	house    = []string{"Tote Mugs & More", "Hafenstraße 12", "20457 Hamburg", "Germany"}
	customer = []string{"Žofie Dvořáková", "Atelier Světlo s.r.o.", "Na Příkopě 1047/17, 3. patro", "110 00 Praha 1", "Czech Republic"}
	proofDay = time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
)

func shippingSamples() []Paper {
	full := ShippingLabel{
		From: house, To: customer, Carrier: "Own fleet", Service: "Next day", Tracking: "TT1001000017", SSCC: "106141411234567897",
		TrackingURL: "https://tote.example/j/9f2c7d61b0a84e35", Order: "O-1001", Package: 1, Packages: 3, Weight: 1250, Expected: proofDay,
	}
	first := full
	first.Packages, first.Tracking, first.Carrier, first.Service = 0, "1Z999AA10123456784", "Carrier with a long name", "Express Saver Worldwide"
	bare := ShippingLabel{From: house[:2], To: customer[:3], Service: "Pickup", Order: "O-1002", SSCC: "106141411234567903", Package: 2}
	long := ShippingLabel{
		From: []string{"Tote Mugs & More, Department of Long Names and Longer Addresses"},
		To: []string{"Αλεξάνδρα Παπαδοπούλου-Κωνσταντινίδου", "Τμήμα Παραλαβών, Владимир Преображенский", "Building 14, Rear Entrance, Floor 3, Door 312",
			"1047 Very Long Avenue of the Republic and of All Its Provinces West", "Thessaloniki 546 21", "Greece"},
		Carrier: "Deutsche Post DHL", Service: "Paket International", Tracking: "00340434161094042557JJD0099", SSCC: "306141411234567891",
		Order: "O-999999999999", Package: 12, Packages: 144, Weight: 31500, Expected: proofDay,
		TrackingURL: "https://warehouse.some-long-company-name.example/journey/9f2c7d61b0a84e359f2c7d61b0a84e35",
	}
	return []Paper{full, first, bare, long}
}

func itemSamples() []Paper {
	return []Paper{
		ItemLabel{Name: "Blue mug 330 ml", SKU: "SKU-0012", GTIN: "4006381333931"},
		ItemLabel{Name: "Carton of 24 blue mugs, dishwasher-proof, with the long name that catalogues like", SKU: "SKU-0012-24", GTIN: "14006381333938"},
		ItemLabel{Name: "Pencil, yellow", SKU: "SKU-7", GTIN: "96385074"},
		ItemLabel{Name: "Hand-made bowl", SKU: "BOWL-09"},
	}
}

// lotSamples are item labels that say which piece it is.
func lotSamples() []Paper {
	return []Paper{
		ItemLabel{Name: "Glaze, transparent, 1 l", SKU: "GLAZE-1", GTIN: "4006381333931", Lot: "L2026-11", Expires: proofDay.AddDate(1, 0, 0)},
		ItemLabel{Name: "Kiln, small, with the long name that catalogues like so very much", SKU: "KILN-1", GTIN: "4006381333931", Serial: "SN00017"},
		ItemLabel{Name: "Carton of 24 glazes", SKU: "GLAZE-24", GTIN: "14006381333938", Lot: "A", Expires: proofDay.AddDate(0, 1, 0), Serial: "7"},
		ItemLabel{Name: "Reagent, everything as long as GS1 allows", SKU: "REAGENT-0000000000001", GTIN: "96385074", Lot: "ABCDEFGHIJ-KLMNOPQ/R", Expires: proofDay, Serial: "abcdefghij_klmnopqrs"},
		ItemLabel{Name: "Our own clay, red", SKU: "CLAY-RED", Lot: "L2026-11", Expires: proofDay},
	}
}

func palletSamples() []Paper {
	return []Paper{
		PalletLabel{SSCC: "106141411234567897", From: house, Title: "Pallet", Name: "Glaze, transparent, 1 l", SKU: "GLAZE-1", GTIN: "4006381333931",
			Quantity: 144, Lot: "L2026-11", Expires: proofDay.AddDate(1, 0, 0), Note: "Top shelf, keep from frost"},
		PalletLabel{SSCC: "106141411234567903", Title: "Mixed pallet", Note: "12 cartons"},
		PalletLabel{SSCC: "306141411234567891", From: house[:1], Title: "LPN", Name: "Hand-made bowl", SKU: "BOWL-09", Quantity: 3},
	}
}

func returnSample(s Sheet) Paper {
	return ReturnSlip{Sheet: s, Return: 17, Order: 1001, From: customer, To: house, Until: proofDay, Lines: []ReturnLine{
		{"SKU-0012", "Blue mug 330 ml", 2, "arrived broken"}, {"SKU-0040", "Tea pot 1.2 l, cast iron", 1, "not as pictured"},
	}}
}

func slipSample(s Sheet, n int) Paper {
	slip := PackingSlip{Sheet: s, From: house, To: customer, Order: 1001, Package: 1, Of: 3, Shipped: proofDay,
		Note: "Thank you for your order. What is to follow comes by itself and costs no further shipping.",
		Link: "https://tote.example/j/9f2c7d61b0a84e35"}
	for i := range n {
		l := SlipLine{SKU: fmt.Sprintf("SKU-%04d", i*7+12), Name: "Mug 330 ml, colour " + fmt.Sprint(i+1), Ordered: int64(i%5 + 1), Packed: int64(i%5 + 1)}
		if i%7 == 2 {
			l.Packed, l.BackOrdered = 1, l.Ordered-1
		}
		if i%7 == 3 {
			l.Packed = 0 // in another package
		}
		slip.Lines = append(slip.Lines, l)
	}
	return slip
}

func listSample(s Sheet, n int) Paper {
	list := PickList{Sheet: s, List: 104, Words: "Main warehouse · cart 3", Printed: proofDay}
	for i := range n {
		gtin, _ := GTIN13(fmt.Sprintf("29%010d", i*31+7))
		list.Lines = append(list.Lines, PickLine{
			Location: fmt.Sprintf("A-%02d-%d-%c", i/2+1, i%4+1, 'A'+rune(i%3)), Name: "Mug 330 ml, colour " + fmt.Sprint(i+1),
			SKU: fmt.Sprintf("SKU-%04d", i*7+12), GTIN: gtin, Quantity: int64(i*i%13 + 1), Tote: int64(i%4 + 12), Order: int64(i%4 + 1001),
		})
	}
	list.Lines[n-1].GTIN, list.Lines[n-1].Lot = "", "L2026-11"
	return list
}

func invoiceSample(s Sheet, n int) Paper {
	i := Invoice{Sheet: s, Title: "Invoice INV-1042", Issued: proofDay, Order: 1001, To: customer,
		From:  append(house[:4:4], "Managing director: Zoë Ångström", "Registered in Hamburg, HRB 12345", "Tax number DE123456789"),
		Facts: []Fact{{"YOUR REFERENCE", "PO 4711/2026"}, {"ORDERED", "20 Nov 2026"}, {"DELIVERED", "24 Nov 2026"}, {"DUE", "24 Dec 2026"}},
		Sums:  []Sum{{"Goods", "12,003.40 EUR"}, {"Shipping", "24.90 EUR"}, {"Tax 19 % on 12,028.30 EUR", "2,285.38 EUR"}, {"Total", "14,313.68 EUR"}},
		Close: []string{"Please pay 14,313.68 EUR by 24 December 2026 to IBAN DE02 1203 0000 0000 2020 51, BIC BYLADEM1001, with the words “INV-1042”.", "Thank you."}}
	for k := range n {
		i.Lines = append(i.Lines, InvoiceLine{SKU: "SKU-" + strconv.Itoa(k*7+12), Name: "Mug 330 ml, colour " + strconv.Itoa(k+1), Quantity: int64(k*k + 1), Price: "12.50", Sum: "1,250.00"})
	}
	return i
}

func creditSample() Paper {
	return Invoice{Title: "Credit note CN-1001", Issued: proofDay, Order: 1001, From: house, To: customer[:3], Facts: []Fact{{"CORRECTS", "INV-1042, INV-1043"}},
		Why: "Two mugs arrived broken and a tea pot was not as pictured.", Lines: []InvoiceLine{{SKU: "SKU-0012", Name: "Blue mug 330 ml", Quantity: 2, Price: "5.00", Sum: "10.00"}},
		Sums: []Sum{{"Goods", "10.00 EUR"}, {"Tax 19 % on 10.00 EUR", "1.90 EUR"}, {"Given back", "11.90 EUR"}}}
}

func certificateSample(s Sheet) Paper {
	return Certificate{Sheet: s, From: house, Order: 1023, Line: "O-1023.2", Product: "Yellow Portrait", Pieces: 12, Approved: "Žofie Dvořáková, by phone, recorded by Carl Clerk",
		At: proofDay, Ticks: []string{"The spelling is right", "The size is right", "The colours are right", "Everything is where it belongs"},
		Files: []CertifiedFile{
			{"A, 1023 - Yellow Portrait - 2, Kitchen,Half - Uploaded Images.png", "2400 × 3600", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
			{"B, back.tif", "3600 × 2400", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		}}
}

func travellerSample(s Sheet) Paper {
	return Traveller{Sheet: s, WorkOrder: 17, Line: "O-1023.2", Product: "Yellow Portrait on the long canvas with its long name", SKU: "ART-PORTRAIT", Pieces: 144, Due: proofDay,
		Instructions: "Print on the rough side. Let it dry for two hours before it is stretched; the fold is 40 mm.",
		Notes:        "Colour: Gold\nVolume: 330 ml\nWords: To Žofie,\nwith love from all of us at the workshop in the long lane", Blank: "Canvas, white", BlankSKU: "CANVAS-30",
		Files: certificateSample(s).(Certificate).Files}
}

func manifestSample(s Sheet, n int) Paper {
	m := Manifest{Sheet: s, Number: "M-5", From: house, Carrier: "Own fleet", Door: "D-1", Left: time.Date(2026, 11, 24, 15, 30, 0, 0, time.UTC), By: "Sven Shipper"}
	for i := range n {
		m.Parcels = append(m.Parcels, ManifestLine{Number: fmt.Sprintf("TT000000%05d", 17+i), SSCC: fmt.Sprintf("10614141123456%04d", i), Order: fmt.Sprintf("O-%d", 1001+i/2), To: "Žofie Dvořáková, 110 00 Praha 1", Grams: int64(400 + 35*i)})
	}
	return m
}
