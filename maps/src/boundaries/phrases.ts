/** Coordinate systems, faults, people and moments in the reader's words. */
import type { ApiError } from '@/api/client';
import { usePhrases } from '@/composables';
import { formatMoment } from '@/domain/clock';
import { useWords } from '@/i18n';
import { useSession } from '@/stores/session';
import { describeCrs } from './crs';

export function useBoundaryPhrases() {
  const { t, word, locale } = useWords();
  const { errorText } = usePhrases();
  const session = useSession();

  function crsText(crs: string): string {
    const { key, values, swapped } = describeCrs(crs);
    const name = t(key, values);
    return swapped ? t('boundaries.swapped', { name }) : name;
  }

  /** With the EPSG code, by which GIS programs know it. */
  function crsFullText(crs: string): string {
    const code = /EPSG:\d+/.exec(crs)?.[0];
    const name = crsText(crs);
    return code && code !== name ? `${name} (${code})` : name;
  }

  function faultText(fault: ApiError): string {
    const worded = word('draftProblem', fault.code);
    if (worded === fault.code) return errorText(fault);
    const { detail } = fault.problem;
    // The server names the place in English; elsewhere its code is worded.
    return locale.value === 'en' && detail ? detail : worded;
  }

  /** On an open server everyone acts under one name, which the server gives in English. */
  const whoText = (name: string) =>
    session.session?.open && name === session.session.actor.name ? t('app.openActor') : name;

  const momentText = (iso: string) => formatMoment(iso, new Date());
  const numberText = (count: number) => count.toLocaleString(locale.value);
  /** Rounded down: what is not whole is never said to be 100%. */
  const shareText = (share: number, digits = 1) => {
    const steps = 10 ** (digits + 2);
    return (Math.floor(share * steps) / steps).toLocaleString(locale.value, {
      style: 'percent',
      maximumFractionDigits: digits,
    });
  };

  return { crsText, crsFullText, faultText, whoText, momentText, numberText, shareText };
}
