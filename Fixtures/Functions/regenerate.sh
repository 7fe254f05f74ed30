#!/bin/bash
# Rewrites what stands after "=>" in the files of this folder by asking PostgreSQL 15.
#
#   regenerate.sh [file …]      with PGHOST, PGPORT, PGUSER pointing to a server that may be written to;
#                               lc_collate C, lc_ctype C.UTF-8, timezone UTC
set -euo pipefail
cd "$(dirname "$0")"
outcome='
SET timezone = '"'UTC'"';
SET intervalstyle = postgres;
CREATE FUNCTION pg_temp.outcome(expression text) RETURNS text LANGUAGE plpgsql AS $f$
DECLARE kind text; result text;
BEGIN
    EXECUTE $s$SELECT pg_typeof(x)::text, x::text FROM (SELECT $s$ || expression || $s$ AS x) q$s$ INTO kind, result;
    RETURN expression || $s$ => $s$ || kind || coalesce($s$: $s$ || result, $s$ NULL$s$);
EXCEPTION WHEN OTHERS THEN
    RETURN expression || $s$ => ERROR $s$ || SQLSTATE || $s$: $s$ || SQLERRM;
END $f$;'
for file in "${@:-*.txt}"; do
    for name in $file; do
        {
            echo "$outcome"
            while IFS= read -r line; do
                case "$line" in
                    "" | "#"*) printf 'SELECT $line$%s$line$;\n' "$line" ;;
                    *) printf 'SELECT pg_temp.outcome($line$%s$line$);\n' "${line%% => *}" ;;
                esac
            done < "$name"
        } | psql -XAtq > "$name.new"
        mv "$name.new" "$name"
    done
done
