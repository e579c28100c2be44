SELECT bidder, count(*) AS bid_count, window.start AS starttime, window.end AS endtime
FROM (SELECT bidder, current_timestamp() AS proctime FROM bid)
GROUP BY bidder, window(proctime, '10 seconds')
