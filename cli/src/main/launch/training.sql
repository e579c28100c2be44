-- What a start is prepared for: ./headrace runs this once, in a directory that it removes.
SELECT 1 AS one;
SELECT count(*) FROM range(10) WHERE id > 3;
CREATE TABLE orders USING parquet LOCATION 'orders' AS
    SELECT id, id % 7 AS customer, concat('item ', id % 3) AS item, id * 1.5D AS price, DATE'2026-01-01' AS day
    FROM range(1000);
SELECT count(*), sum(id), max(id), avg(id) FROM orders;
SELECT item, count(*) AS orders, round(sum(price), 2) AS total, avg(price) AS mean, min(day) AS first
FROM orders WHERE customer > 1 AND item LIKE 'item%' GROUP BY item ORDER BY total DESC LIMIT 2;
SELECT o.item, c.name FROM orders o JOIN (VALUES (1, 'Ann'), (2, 'Bob')) AS c(id, name) ON o.customer = c.id
WHERE o.price < 20.5 ORDER BY o.item, c.name;
SELECT item, row_number() OVER (PARTITION BY item ORDER BY price DESC) AS place FROM orders ORDER BY place, item LIMIT 3;
DESCRIBE orders;
