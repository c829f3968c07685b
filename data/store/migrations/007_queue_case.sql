-- What a row's rank was made of, so that a person's correction ranks it anew without looking at anything else.
ALTER TABLE queue ADD COLUMN told VARCHAR; -- JSON, see data.models.Case
