/** What of a reading was chosen, to be sent along with what is chosen next. */
import type { Reading, ReadingChoice } from './types';

export function choiceOf(reading: Reading, replace: boolean): ReadingChoice {
  const { layer, layers, crs, encoding, encodings, mapping, mapping_source } = reading;
  return {
    layer: layers.length > 0 ? (layer ?? undefined) : undefined,
    crs: crs ?? undefined,
    encoding: encodings.length > 1 ? encoding : undefined,
    // Columns that somebody chose are proposed for the next file too; what was found out is not.
    columns: mapping_source === 'chosen' ? mapping : undefined,
    replace,
  };
}

/** The declared system when another fits better: what people most need to see. */
export function contradictedCrs(reading: Reading): { declared: string; best: string } | null {
  const declared = reading.declared_crs;
  const best = reading.crs_candidates[0]?.crs;
  const isOther = declared && best && declared !== best;
  const known = reading.crs_candidates.some(({ crs }) => crs === declared);
  return isOther && known && reading.undecided.includes('crs') ? { declared, best } : null;
}
