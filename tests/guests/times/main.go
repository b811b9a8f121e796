// Times formats, parses and computes with dates and durations; the clocks run.
package main

import (
	"fmt"
	"time"
)

func main() {
	moment := time.Date(2026, time.November, 22, 16, 10, 49, 123456789, time.UTC)
	for _, layout := range []string{
		time.ANSIC, time.RFC822Z, time.RFC850, time.RFC1123, time.RFC3339Nano, time.Kitchen, time.StampMicro,
		"Monday, 2 January 2006 at 15h04", "06/1/_2 .000 __2 Jan",
	} {
		fmt.Println(moment.Format(layout))
	}
	for _, entry := range [][2]string{
		{time.RFC3339, "2024-02-29T23:59:60Z"}, {time.RFC3339, "2024-02-29T23:59:59+05:30"}, {time.DateOnly, "2023-02-29"},
		{time.RFC1123Z, "Mon, 02 Jan 2006 15:04:05 -0700"}, {time.Kitchen, "25:00PM"},
	} {
		parsed, err := time.Parse(entry[0], entry[1])
		fmt.Println(parsed.UTC(), err)
	}
	year, week := moment.ISOWeek()
	fmt.Println(year, week, moment.YearDay(), moment.Weekday(), moment.Unix(), moment.UnixNano(), moment.AddDate(0, 3, 10).Format(time.DateOnly))
	fixed := time.FixedZone("UTC+3", 3*3600)
	fmt.Println(moment.In(fixed), moment.In(fixed).Equal(moment), moment.Truncate(time.Hour).Format(time.TimeOnly), moment.Round(time.Minute).Format(time.TimeOnly))
	for _, text := range []string{"1h15m30.918s", "-1.5us", "100ns", "3x", ""} {
		d, err := time.ParseDuration(text)
		fmt.Println(d, d.Seconds(), err)
	}
	fmt.Println(time.Unix(0, 0).UTC(), time.Unix(-1, 999).UTC(), time.Time{}.IsZero(), time.Duration(1<<63-1))

	start := time.Now()
	fmt.Println("plausible year:", start.Year() > 2020)
	time.Sleep(30 * time.Millisecond)
	slept := time.Since(start)
	fmt.Println("slept:", slept >= 30*time.Millisecond, slept < 20*time.Second)
	later := time.Now()
	fmt.Println("forward:", later.After(start), later.Round(0).After(start.Round(0).Add(-time.Second)))
	last := time.Now()
	for i := 0; i < 10_000; i++ {
		now := time.Now()
		if now.Before(last) {
			fmt.Println("the clock went back")
		}
		last = now
	}
	<-time.After(time.Nanosecond)
	time.Sleep(-1)
	fmt.Println("done")
}
