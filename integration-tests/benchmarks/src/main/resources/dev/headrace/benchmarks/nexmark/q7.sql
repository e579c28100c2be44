SELECT b.auction, b.price, b.bidder, b.dateTime, b.extra
FROM bid b JOIN (
    SELECT max(price) AS maxprice, window.end AS windowEnd
    FROM bid
    GROUP BY window(dateTime, '10 seconds')) m
    ON b.price = m.maxprice
        AND b.dateTime BETWEEN m.windowEnd - INTERVAL 10 SECONDS AND m.windowEnd
