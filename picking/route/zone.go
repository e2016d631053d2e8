package route

import "fmt"

// Zone is a run of neighbouring aisles with a picker of its own, who begins at the hand-over point and brings
// everything there, or to End (pick and pass).
type Zone struct {
	First, Last int // aisles, both included
	HandOver    Depot
	End         *Depot // nil = at the hand-over point
}

// ZoneWalks are the walks over one list, zone by zone.
type ZoneWalks struct {
	Walks   []Walk // per zone; their Order are indexes of the whole list
	Sum     int64  // what all of them have together
	Slowest int64  // the longest one: when the list is complete if all begin at once
}

// Zones finds the shortest walk of each zone over its part of the stops. For fixed zones that makes the sum the least
// there is, and the slowest as fast as it can be. The layout's own depot does not matter. The error names zones that
// overlap, or a stop that is in none.
func (l Layout) Zones(zones []Zone, stops []Stop) (ZoneWalks, error) {
	zoneOf := make([]int, len(l.AisleX))
	for i, z := range zones {
		if z.First < 0 || z.Last < z.First || z.Last >= len(l.AisleX) {
			return ZoneWalks{}, fmt.Errorf("zone %d has the aisles %d to %d, and there are aisles 0 to %d", i, z.First, z.Last, len(l.AisleX)-1)
		}
		for a := z.First; a <= z.Last; a++ {
			if zoneOf[a] != 0 {
				return ZoneWalks{}, fmt.Errorf("aisle %d is in zone %d and in zone %d", a, zoneOf[a]-1, i)
			}
			zoneOf[a] = i + 1
		}
	}
	mine, parts := make([][]int, len(zones)), make([][]Stop, len(zones))
	for i, s := range stops {
		if s.Aisle < 0 || s.Aisle >= len(zoneOf) || zoneOf[s.Aisle] == 0 {
			return ZoneWalks{}, fmt.Errorf("aisle %d is in no zone", s.Aisle)
		}
		z := zoneOf[s.Aisle] - 1
		mine[z] = append(mine[z], i)
		parts[z] = append(parts[z], Stop{s.Aisle - zones[z].First, s.Y})
	}
	var all ZoneWalks
	for i, z := range zones {
		w, err := l.walkZone(z, parts[i])
		if err != nil {
			return ZoneWalks{}, fmt.Errorf("zone %d: %w", i, err)
		}
		for n, s := range w.Order {
			w.Order[n] = mine[i][s]
		}
		all.Walks = append(all.Walks, w)
		all.Sum += w.Length
		all.Slowest = max(all.Slowest, w.Length)
	}
	return all, nil
}

// walkZone is the walk over a zone's stops, whose aisles are counted from its first. Without stops nobody walks.
func (l Layout) walkZone(z Zone, stops []Stop) (Walk, error) {
	r, err := New(Layout{AisleX: l.AisleX[z.First : z.Last+1], CrossY: l.CrossY, Depot: z.HandOver, End: z.End})
	if err != nil || len(stops) == 0 {
		return Walk{}, err
	}
	return r.Walk(stops)
}
