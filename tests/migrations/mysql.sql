-- What a database of MySQL or MariaDB holds, one fact a line.
SELECT CONCAT('column ', table_name, '.', column_name, ' ', data_type,
    IF(datetime_precision IS NULL, '', CONCAT('(', datetime_precision, ')')),
    IF(is_nullable = 'NO', ' required', '')) AS line
FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name NOT LIKE '\_\_%'
UNION ALL
SELECT CONCAT('default ', table_name, '.', column_name)
FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name NOT LIKE '\_\_%'
    AND COALESCE(column_default, 'NULL') <> 'NULL'
UNION ALL
SELECT CONCAT(IF(index_name = 'PRIMARY', 'primary ', IF(non_unique, 'index ', 'unique ')), table_name,
    '(', GROUP_CONCAT(column_name ORDER BY seq_in_index), ')')
FROM information_schema.statistics
WHERE table_schema = DATABASE() AND table_name NOT LIKE '\_\_%'
GROUP BY table_name, index_name, non_unique
UNION ALL
SELECT CONCAT('reference ', k.table_name, '.', k.column_name, ' to ', k.referenced_table_name, '.',
    k.referenced_column_name, ' on delete ', LOWER(r.delete_rule))
FROM information_schema.key_column_usage k
JOIN information_schema.referential_constraints r
    ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name
WHERE k.table_schema = DATABASE() AND k.referenced_table_name IS NOT NULL
ORDER BY line
