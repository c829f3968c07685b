-- The suppression list under the trade's word: what was erased and may not come in again.
ALTER TABLE barred RENAME TO suppressed;
