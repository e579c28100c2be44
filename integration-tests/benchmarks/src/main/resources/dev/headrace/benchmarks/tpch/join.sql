SELECT count(*) AS lines, sum(o_totalprice) AS price, max(l_shipdate) AS last
FROM lineitem JOIN orders ON l_orderkey = o_orderkey
