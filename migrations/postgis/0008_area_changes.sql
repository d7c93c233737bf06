-- What changed from one edition to another is found without reading the rest.

CREATE INDEX area_versions_by_from ON area_versions (from_edition);
CREATE INDEX area_versions_by_until ON area_versions (until_edition)
    WHERE until_edition IS NOT NULL;
