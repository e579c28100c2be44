SELECT count(*) AS lines, sum(l_quantity) AS quantity, max(l_comment) AS last FROM lineitem_csv
