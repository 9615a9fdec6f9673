#!/bin/sh
# Create the role that airbook works as. PostgreSQL's image runs this when the database is new.
set -eu
psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set ON_ERROR_STOP=1 \
    --set password="$(cat /run/secrets/airbook_password)" <<'SQL'
CREATE ROLE airbook LOGIN PASSWORD :'password';
SQL
