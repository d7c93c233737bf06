import { describe, expect, it } from 'vitest';
import type { IncidentEvent, Media } from '@/api/types';
import { timelineOf } from './timeline';

const step = (seq: number, at: string, media?: string[]) =>
  ({
    seq,
    at,
    actor: { name: '王芳', role: 'worker' },
    action: 'feed_back',
    to: 'verifying',
    detail: media ? { media } : null,
  }) as unknown as IncidentEvent;
const file = (id: string, at: string, name = '王芳') =>
  ({ id, at, actor: { name, role: 'worker' } }) as unknown as Media;

describe('the timeline', () => {
  it('shows a file with the step that names it, and nowhere else', () => {
    const [entry, ...rest] = timelineOf(
      [step(1, '2026-11-22T08:00:00Z', ['a', 'gone'])],
      [file('a', '2026-11-22T07:59:00Z')],
    );
    expect(entry?.media.map(({ id }) => id)).toEqual(['a']);
    expect(rest).toEqual([]);
  });

  it('takes together what one person adds within minutes, the newest first', () => {
    const entries = timelineOf(
      [step(1, '2026-11-22T08:05:30Z')],
      [
        file('a', '2026-11-22T08:00:00Z'),
        file('b', '2026-11-22T08:05:00Z'),
        file('c', '2026-11-22T08:06:00Z', '李雷'),
        file('d', '2026-11-22T09:00:00Z', '李雷'),
      ],
    );
    expect(entries.map(({ media }) => media.map(({ id }) => id).join(''))).toEqual([
      'd',
      'c',
      '',
      'ab',
    ]);
  });
});
