-- What the judgement says beyond a label: how likely each sentiment is, how sure each cue, which language, and each brand.
ALTER TABLE score ADD COLUMN neg DOUBLE;
ALTER TABLE score ADD COLUMN pos DOUBLE;
ALTER TABLE score ADD COLUMN certainty VARCHAR; -- JSON: {"complaint": 0.74, ...}
ALTER TABLE score ADD COLUMN language VARCHAR; -- ISO 639-1; another than "en" is not judged
ALTER TABLE score ADD COLUMN by_brand VARCHAR; -- JSON: {"Northwind": {"label": "negative", ...}}, where brands fare differently
