/** Two short sounds, made here: a new case rises softly, a call for help insists. */

const tunes = {
  case: [
    { at_s: 0, hertz: 660 },
    { at_s: 0.14, hertz: 880 },
  ],
  alarm: [0, 0.3, 0.6].flatMap((at_s) => [
    { at_s, hertz: 980 },
    { at_s: at_s + 0.14, hertz: 740 },
  ]),
} as const;

const note_s = 0.13;
const loudness = { case: 0.08, alarm: 0.25 } as const;
let context: AudioContext | null = null;

/** A browser that has not been touched yet stays silent, and so does this. */
export function chime(tune: keyof typeof tunes): void {
  try {
    context ??= new AudioContext();
    void context.resume();
    for (const { at_s, hertz } of tunes[tune]) {
      const start = context.currentTime + at_s;
      const tone = context.createOscillator();
      const volume = context.createGain();
      tone.frequency.value = hertz;
      volume.gain.setValueAtTime(loudness[tune], start);
      volume.gain.exponentialRampToValueAtTime(0.001, start + note_s);
      tone.connect(volume).connect(context.destination);
      tone.start(start);
      tone.stop(start + note_s);
    }
  } catch (error) {
    console.warn(error);
  }
}
