WITH counts AS (
    SELECT auction, window, count(*) AS num
    FROM bid
    GROUP BY auction, window(dateTime, '10 seconds', '2 seconds'))
SELECT c.auction, c.num, c.window.start AS starttime, c.window.end AS endtime
FROM counts c JOIN (SELECT window, max(num) AS maxn FROM counts GROUP BY window) m
    ON c.window = m.window AND c.num >= m.maxn
