DROP TABLE chatrooms;
