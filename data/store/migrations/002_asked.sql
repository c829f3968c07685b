-- Another token each time a mention is to be scored again: a score of what it said before does not settle that.
ALTER TABLE unscored ADD COLUMN asked VARCHAR;
