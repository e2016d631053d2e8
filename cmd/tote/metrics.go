package main

import (
	"context"
	"database/sql"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"tote/internal/outbox"
)

// metrics answers with the state of the process, the pool and the outbox.
func metrics(db *sql.DB) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		collectors.NewDBStatsCollector(db, "tote"),
		backlog{db},
	)
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError, Timeout: 10 * time.Second})
}

// backlog reads the outbox when it is asked.
type backlog struct{ db *sql.DB }

var (
	outboxJobs = prometheus.NewDesc("tote_outbox_jobs", "Facts and deliveries that have not left, by state.", []string{"state"}, nil)
	outboxAge  = prometheus.NewDesc("tote_outbox_oldest_seconds", "Age of the oldest delivery that is due.", nil, nil)
)

func (b backlog) Describe(out chan<- *prometheus.Desc) {
	out <- outboxJobs
	out <- outboxAge
}

func (b backlog) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	depth, err := outbox.Depth(ctx, b.db)
	if err != nil {
		out <- prometheus.NewInvalidMetric(outboxJobs, err)
		return
	}
	for state, n := range map[string]int{"waiting": depth.Waiting, "retrying": depth.Retrying, "given_up": depth.GivenUp} {
		out <- prometheus.MustNewConstMetric(outboxJobs, prometheus.GaugeValue, float64(n), state)
	}
	out <- prometheus.MustNewConstMetric(outboxAge, prometheus.GaugeValue, depth.Oldest.Seconds())
}
