SELECT count(*) AS groups, max(quantity) AS largest
FROM (SELECT l_orderkey, sum(l_quantity) AS quantity FROM lineitem GROUP BY l_orderkey) AS orders_of_lines
