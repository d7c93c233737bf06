/** Runs the journeys against WANGGE_URL and closes with a line that says how many passed. */
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

const journeyTimeoutMs = 120_000;
const files = ['main', 'boards', 'boundaries', 'desk', 'people', 'rules'].map((name) =>
  fileURLToPath(new URL(`./${name}.test.ts`, import.meta.url)),
);
const count = { passed: 0, failed: 0 };

const stream = run({ files, concurrency: 1, timeout: journeyTimeoutMs * files.length * 6 });
const isJourney = (data: { nesting: number; name: string; file?: string }) =>
  data.nesting === 0 && !files.includes(data.name);
stream.on('test:pass', (data) => {
  if (isJourney(data)) count.passed += 1;
});
stream.on('test:fail', (data) => {
  if (isJourney(data)) count.failed += 1;
});
const report = stream.compose(new spec());
report.on('end', () => {
  process.stdout.write(`\njourneys: ${count.passed} passed, ${count.failed} failed\n`);
  process.exitCode = count.failed > 0 || count.passed === 0 ? 1 : 0;
});
report.pipe(process.stdout, { end: false });
