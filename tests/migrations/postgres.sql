-- What a database of PostgreSQL holds, one fact a line.
WITH keys AS (
    SELECT t.relname AS of_table, i.indisprimary, i.indisunique,
        (SELECT string_agg(a.attname, ',' ORDER BY k.position)
         FROM unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (number, position)
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number) AS columns
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
    WHERE t.relnamespace = 'public'::regnamespace AND t.relname NOT LIKE '\_\_%'
)
SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type
    || CASE WHEN is_nullable = 'NO' THEN ' required' ELSE '' END AS line
FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\_\_%'
UNION ALL
SELECT 'default ' || table_name || '.' || column_name
FROM information_schema.columns
WHERE table_schema = 'public' AND table_name NOT LIKE '\_\_%' AND column_default IS NOT NULL
UNION ALL
SELECT CASE WHEN indisprimary THEN 'primary ' WHEN indisunique THEN 'unique ' ELSE 'index ' END
    || of_table || '(' || columns || ')'
FROM keys
UNION ALL
SELECT 'reference ' || c.conrelid::regclass || '.' || here.attname || ' to ' || c.confrelid::regclass
    || '.' || there.attname || ' on delete ' || CASE c.confdeltype
        WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null' ELSE 'other' END
FROM pg_constraint c
JOIN pg_attribute here ON here.attrelid = c.conrelid AND here.attnum = c.conkey[1]
JOIN pg_attribute there ON there.attrelid = c.confrelid AND there.attnum = c.confkey[1]
WHERE c.contype = 'f'
ORDER BY line
