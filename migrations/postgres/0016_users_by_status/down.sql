DROP INDEX users_status;
