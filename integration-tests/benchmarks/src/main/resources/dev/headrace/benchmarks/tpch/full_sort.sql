SELECT l_extendedprice, l_orderkey, l_linenumber, l_shipdate
FROM lineitem
ORDER BY l_extendedprice, l_orderkey, l_linenumber
LIMIT 10 OFFSET 3000000
