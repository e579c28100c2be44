SELECT count(*) AS lines, max(average) AS largest
FROM (
    SELECT avg(l_extendedprice) OVER (
        PARTITION BY l_suppkey ORDER BY l_shipdate, l_orderkey ROWS BETWEEN 50 PRECEDING AND CURRENT ROW) AS average
    FROM lineitem
    WHERE l_shipdate >= date '1997-01-01') AS averages
