/**
 * Writes src/api/schema.d.ts from the server's OpenAPI document:
 * `npm run generate [path/to/openapi.json]`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { schemaText } from './schema';

const source =
  process.argv[2] ?? fileURLToPath(new URL('../../docs/openapi.json', import.meta.url));
const target = new URL('../src/api/schema.d.ts', import.meta.url);

await writeFile(target, await schemaText(await readFile(source, 'utf8')));
