SELECT b.bidder, b.price, b.channel, b.url, b.extra AS bidExtra,
    p.id AS personId, p.name, p.emailAddress, p.creditCard, p.city, p.state, p.extra AS personExtra,
    a.itemName, a.description, a.initialBid, a.reserve, a.`dateTime` AS auctionTime, a.expires, a.seller, a.category,
    a.extra AS auctionExtra
FROM bid b JOIN person p ON p.id = b.bidder JOIN auction a ON a.seller = b.bidder
