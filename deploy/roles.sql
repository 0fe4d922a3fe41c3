-- Makes the two roles and the database; run once, by the server's administrator:
--   psql -v owner_password=... -v app_password=... -f roles.sql
-- Then: portevoix migrate, which grants portevoix_app what it needs.
CREATE ROLE portevoix_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE portevoix_app LOGIN PASSWORD :'app_password';
CREATE DATABASE portevoix OWNER portevoix_owner;
REVOKE ALL ON DATABASE portevoix FROM PUBLIC;
