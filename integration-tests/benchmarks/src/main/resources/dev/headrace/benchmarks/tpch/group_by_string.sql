SELECT count(*) AS groups, max(lines) AS largest
FROM (SELECT l_comment, count(*) AS lines FROM lineitem GROUP BY l_comment) AS comments
