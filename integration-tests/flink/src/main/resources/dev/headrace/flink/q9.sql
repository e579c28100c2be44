SELECT id, itemName, initialBid, reserve, auctionTime, expires, seller, category, auction, bidder, price, bidTime, bidExtra
FROM (
    SELECT a.id, a.itemName, a.initialBid, a.reserve, a.`dateTime` AS auctionTime, a.expires, a.seller, a.category,
        b.auction, b.bidder, b.price, b.`dateTime` AS bidTime, b.extra AS bidExtra,
        ROW_NUMBER() OVER (PARTITION BY a.id ORDER BY b.price DESC, b.`dateTime`, b.bidder) AS rownum
    FROM auction a JOIN bid b ON a.id = b.auction AND b.`dateTime` BETWEEN a.`dateTime` AND a.expires)
WHERE rownum <= 1
