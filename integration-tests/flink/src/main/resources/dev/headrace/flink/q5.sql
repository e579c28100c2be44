WITH counts AS (
    SELECT auction, COUNT(*) AS num, window_start, window_end
    FROM TABLE(HOP(TABLE bid, DESCRIPTOR(`dateTime`), INTERVAL '2' SECOND, INTERVAL '10' SECOND))
    GROUP BY auction, window_start, window_end)
SELECT c.auction, c.num, c.window_start AS starttime, c.window_end AS endtime
FROM counts c
JOIN (SELECT MAX(num) AS maxn, window_start, window_end FROM counts GROUP BY window_start, window_end) m
    ON c.window_start = m.window_start AND c.window_end = m.window_end AND c.num >= m.maxn
