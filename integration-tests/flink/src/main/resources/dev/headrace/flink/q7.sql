SELECT b.auction, b.price, b.bidder, b.`dateTime`, b.extra
FROM bid b JOIN (
    SELECT MAX(price) AS maxprice, window_end AS windowEnd
    FROM TABLE(TUMBLE(TABLE bid, DESCRIPTOR(`dateTime`), INTERVAL '10' SECOND))
    GROUP BY window_start, window_end) m
    ON b.price = m.maxprice AND b.`dateTime` BETWEEN m.windowEnd - INTERVAL '10' SECOND AND m.windowEnd
