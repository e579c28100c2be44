SELECT seller, avg(price) OVER (PARTITION BY seller ORDER BY dateTime, id ROWS BETWEEN 10 PRECEDING AND CURRENT ROW) AS avg_price
FROM (
    SELECT a.id, a.seller, b.price, b.dateTime,
        row_number() OVER (PARTITION BY a.id, a.seller ORDER BY b.price DESC, b.dateTime, b.bidder) AS rownum
    FROM auction a JOIN bid b ON a.id = b.auction AND b.dateTime BETWEEN a.dateTime AND a.expires)
WHERE rownum <= 1
