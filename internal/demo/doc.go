// Package demo is a warehouse at work, laid out from real orders through the product's own intake.
package demo
