import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { schemaText } from '../../scripts/schema';

const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');

it('schema.d.ts is what `npm run generate` makes of docs/openapi.json', async () => {
  const fresh = await schemaText(await read('../../../docs/openapi.json'));
  expect(fresh === (await read('./schema.d.ts')), 'run `npm run generate`').toBe(true);
}, 60_000);
