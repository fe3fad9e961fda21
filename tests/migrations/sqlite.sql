-- What a database of SQLite holds, one fact a line.
WITH tables (name) AS (
    SELECT name FROM sqlite_schema
    WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND name NOT LIKE '\_\_%' ESCAPE '\'
),
keys (of_table, is_unique, columns) AS (
    SELECT t.name, i."unique",
        (SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno))
    FROM tables t, pragma_index_list(t.name) i WHERE i.origin <> 'pk'
)
SELECT 'column ' || t.name || '.' || c.name || ' ' || lower(c.type)
    || CASE WHEN c."notnull" THEN ' required' ELSE '' END AS line
FROM tables t, pragma_table_info(t.name) c
UNION ALL
SELECT 'default ' || t.name || '.' || c.name
FROM tables t, pragma_table_info(t.name) c WHERE c.dflt_value IS NOT NULL
UNION ALL
SELECT 'primary ' || t.name || '('
    || (SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_table_info(t.name) WHERE pk > 0 ORDER BY pk))
    || ')'
FROM tables t
UNION ALL
SELECT CASE WHEN is_unique THEN 'unique ' ELSE 'index ' END || of_table || '(' || columns || ')' FROM keys
UNION ALL
SELECT 'reference ' || t.name || '.' || f."from" || ' to ' || f."table" || '.' || f."to"
    || ' on delete ' || lower(f.on_delete)
FROM tables t, pragma_foreign_key_list(t.name) f
ORDER BY line
